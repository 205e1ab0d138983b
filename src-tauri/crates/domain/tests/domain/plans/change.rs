//! Plans of changes: the exact steps of each kind, and the important parts of their requests.

use super::{ids, path, planned, step};
use crate::good::change::*;
use crate::good::{self, Good};
use berth_domain::change::{Change, Goal};
use berth_domain::deployment_spec::Auth;
use berth_domain::endpoint::EndpointKey;
use berth_domain::facts::*;
use berth_domain::plan::{Check, PlanError, StepKind, ToShow, plan};
use berth_domain::secrets::SecretPart;
use berth_domain::spec::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

mod back;
mod bound;
mod canary;
mod leaving;
mod moving;
mod serving;
mod upgrading;

const CLUSTER_API: &str = "?api-version=2026-05-01";
const COMPUTE_API: &str = "?api-version=2025-12-01";
const EXTENSION_API: &str = "?api-version=2025-03-01";

fn body(good: &Good, id: &str) -> Value {
    let request = step(good, id).request.expect("a request");
    request.body.expect("a body")
}

fn checks(good: &Good) -> Vec<Check> {
    let StepKind::Confirm { checks } = step(good, "confirm").kind else {
        panic!("checks");
    };
    checks
}

fn refused(good: &Good) -> PlanError {
    plan(&good.goal(), &good.facts, "p-1").expect_err("no plan")
}

fn pool() -> String {
    format!("{}/agentPools/system", good::cluster().id)
}

fn gone(id: String) -> Check {
    Check::Gone { resource_id: id }
}

fn there(id: String) -> Check {
    Check::There { resource_id: id }
}

fn ready(at_least: u32, at_most: u32, version: Option<&str>) -> Check {
    Check::Nodes {
        cluster_id: good::cluster().id,
        pool: "system".into(),
        at_least,
        at_most,
        version: version.map(str::to_owned),
    }
}

/// Changes whose plans together contain every kind of step and every note.
pub(crate) fn many() -> Vec<Good> {
    let scaling = on(&classic(autoscale_off()), |found| {
        found.pools[0].min_count = Some(3);
        found.pools[0].max_count = Some(9);
    });
    let unknown = facing(&classic(detach()), good::unread);
    vec![
        classic(scale(5)),
        classic(scale(1)),
        classic(autoscale(3, 5)),
        scaling,
        classic(upgrade("1.36", true)),
        on(&classic(upgrade("1.34", true)), |found| {
            found.kubernetes_version = "1.31.4".into();
        }),
        classic(power(true)),
        classic(power(false)),
        classic(tags(classic_id(), &[("a", "b")])),
        classic(tags(good::cluster().id, &[("a", "b")])),
        classic(balance(classic_id(), internal(None))),
        extension(balance(new_id(), LoadBalancer::Public)),
        classic(secure(classic_id(), good::generated())),
        classic(secure(classic_id(), Tls::None)),
        extension(secure(new_id(), good::own())),
        labelled(&classic(renew())),
        serving(&classic(refresh())),
        labelled(&classic(refresh())),
        classic(begin()),
        moving(back()),
        moving(finish()),
        classic(clean_up()),
        unknown,
        classic(delete("aks-there")),
        deletable(),
        classic(grant("o-1")),
        classic(clear_up()),
        serving_endpoint(split(json!({ "green": 100 }))),
        serving_endpoint(split(json!({ "blue": 90, "green": 10 }))),
        serving_endpoint(without_traffic(json!({}))),
        serving_endpoint(regenerate_key(EndpointKey::Primary)),
        serving_endpoint(regenerate_key(EndpointKey::Secondary)),
        serving_classic(regenerate_classic(EndpointKey::Primary)),
        serving_endpoint(authenticate(Auth::Token)),
        serving_classic(authenticate_classic(Auth::None)),
        serving_endpoint(canary("green")),
        serving_endpoint(delete_version("green")),
        serving_endpoint(delete_endpoint(ENDPOINT)),
        serving_classic(split_classic(json!({ "v1": 50, "v2": 50 }), Some("v2"))),
        serving_classic(Change::DeleteVersion {
            endpoint_id: service_id(),
            version: "v2".to_owned(),
        }),
        with_traffic(&serving_endpoint(delete_endpoint(ENDPOINT)), json!({})),
    ]
}

/// A compute whose cluster Azure ML created.
fn deletable() -> Good {
    let good = classic(delete_both("aks-there"));
    with_compute(&good, "/properties/isAttachedCompute", false.into())
}

#[test]
fn every_plan_of_a_change_has_its_change_a_title_and_unique_ids() {
    for good in many() {
        let plan = planned(&good);
        let ids: BTreeSet<&str> = plan.steps.iter().map(|step| step.id.as_str()).collect();
        assert_eq!(
            ids.len(),
            plan.steps.len(),
            "ids are unique: {:?}",
            plan.steps.iter().map(|step| &step.id).collect::<Vec<_>>()
        );
        let Goal::Change { change, .. } = &plan.goal else {
            panic!("a change");
        };
        assert_eq!(Some(&**change), good.change.as_ref());
        assert!(
            !plan.title.is_empty() && !plan.title.contains('/'),
            "{}",
            plan.title
        );
    }
}

#[test]
fn scaling_a_pool_keeps_its_other_settings() {
    let more = classic(scale(5));
    assert_eq!(ids(&more), ["change_resource_nodes", "confirm"]);
    let request = path(&more, "change_resource_nodes");
    assert_eq!(request, format!("PUT {}{CLUSTER_API}", pool()));
    let wanted = json!({ "properties": {
        "count": 5, "vmSize": "Standard_D4s_v5", "mode": "System", "osType": "Linux", "orchestratorVersion": "1.35.4",
        "powerState": { "code": "Running" },
    } });
    assert_eq!(body(&more, "change_resource_nodes"), wanted);
    assert_eq!(checks(&more), [ready(5, 5, None)]);
    let notes = |good: &Good| {
        let made = step(good, "change_resource_nodes");
        let of = |notes: &[berth_domain::plan::Note]| notes.first().map(|note| note.params["nodes"].clone());
        (
            of(&made.costs),
            of(&made.interrupts),
            made.undo.params["nodes"].clone(),
        )
    };
    assert_eq!(notes(&more), (Some("2".into()), None, "3".into()));
    assert_eq!(notes(&classic(scale(1))), (None, Some("2".into()), "3".into()));
}

#[test]
fn enabling_the_autoscaler_moves_the_count_into_the_bounds() {
    let sent = |min, max| {
        let good = classic(autoscale(min, max));
        assert_eq!(ids(&good), ["change_resource_autoscaler", "confirm"]);
        assert_eq!(checks(&good), [ready(min, max, None)]);
        let request = path(&good, "change_resource_autoscaler");
        assert_eq!(request, format!("PUT {}{CLUSTER_API}", pool()));
        body(&good, "change_resource_autoscaler")["properties"].clone()
    };
    for (min, max, count) in [(2, 5, 3), (4, 8, 4), (1, 2, 2)] {
        let properties = sent(min, max);
        assert_eq!(properties["enableAutoScaling"], true);
        assert_eq!(properties["minCount"], min);
        assert_eq!(properties["maxCount"], max);
        assert_eq!(properties["count"], count, "{min} to {max}");
    }
}

#[test]
fn disabling_the_autoscaler_keeps_the_count() {
    let good = facing(&classic(autoscale_off()), |facts| {
        let mut raw = raw_cluster();
        let pool = &mut raw["properties"]["agentPoolProfiles"][0];
        pool["enableAutoScaling"] = true.into();
        pool["minCount"] = 3.into();
        pool["maxCount"] = 9.into();
        facts.change.cluster = Fact::Known(Some(raw));
    });
    let properties = &body(&good, "change_resource_autoscaler")["properties"];
    assert_eq!(properties["enableAutoScaling"], false);
    assert_eq!(properties["count"], 3);
    assert!(properties.get("minCount").is_none() && properties.get("maxCount").is_none());
    assert_eq!(checks(&good), [ready(3, 3, None)]);
}

#[test]
fn a_cluster_is_started_and_stopped() {
    for (running, action) in [(true, "start"), (false, "stop")] {
        let good = on(&classic(power(running)), |found| {
            found.pools.push(PoolFacts {
                name: "large".into(),
                vm_size: "Standard_D8s_v5".into(),
                ..good::pool(2)
            });
        });
        assert_eq!(ids(&good), [action, "confirm"]);
        let cluster = good::cluster().id;
        assert_eq!(
            path(&good, action),
            format!("POST {cluster}/{action}{CLUSTER_API}")
        );
        assert_eq!(step(&good, action).request.and_then(|request| request.body), None);
        assert_eq!(
            checks(&good),
            [Check::Power {
                cluster_id: cluster,
                running
            }]
        );
        let costs: Vec<(String, String)> = step(&good, action)
            .costs
            .iter()
            .map(|note| (note.params["nodes"].clone(), note.params["vmSize"].clone()))
            .collect();
        let wanted = [("3", "Standard_D4s_v5"), ("2", "Standard_D8s_v5")];
        let wanted = wanted.map(|(nodes, size)| (nodes.to_owned(), size.to_owned()));
        assert_eq!(costs, if running { wanted.to_vec() } else { vec![] });
    }
}

#[test]
fn tags_are_patched_on_clusters_and_put_on_computes() {
    let cluster = good::cluster().id;
    let good = classic(tags(cluster.clone(), &[("a", "b")]));
    assert_eq!(ids(&good), ["change_resource_tags", "confirm"]);
    assert_eq!(
        path(&good, "change_resource_tags"),
        format!("PATCH {cluster}{CLUSTER_API}")
    );
    assert_eq!(
        body(&good, "change_resource_tags"),
        json!({ "tags": { "a": "b" } })
    );
    assert_eq!(checks(&good), [there(cluster)]);
    let compute = classic(tags(classic_id(), &[("a", "b")]));
    assert_eq!(
        path(&compute, "change_resource_tags"),
        format!("PUT {}{COMPUTE_API}", classic_id())
    );
    let sent = body(&compute, "change_resource_tags");
    assert_eq!(sent["tags"], json!({ "a": "b" }), "the complete set of tags");
    assert_eq!(
        sent["properties"]["properties"],
        json!({ "clusterPurpose": "FastProd" }),
        "TLS and load balancer are omitted"
    );
}

#[test]
fn a_change_of_something_unread_makes_no_plan() {
    let nothing = |change| {
        facing(&classic(change), |facts| {
            facts.cluster = Fact::Known(None);
            facts.change = ChangeFacts::default();
        })
    };
    let cases = [
        (scale(5), "cluster"),
        (upgrade("1.36", true), "cluster"),
        (power(true), "cluster"),
        (clean_up(), "cluster"),
        (delete("aks-there"), "cluster"),
        (tags(classic_id(), &[]), "compute"),
        (refresh(), "compute"),
        (begin(), "compute"),
        (finish(), "compute"),
        (detach(), "compute"),
        (delete_both("aks-there"), "compute"),
        (secure(classic_id(), good::own()), "compute"),
        (balance(classic_id(), LoadBalancer::Public), "compute"),
    ];
    for (change, missing) in cases {
        assert_eq!(refused(&nothing(change)), PlanError::Missing(missing));
    }
    let other = Change::Scale {
        cluster_id: good::cluster().id,
        pool: "gpu".into(),
        nodes: 2,
    };
    assert_eq!(refused(&classic(other)), PlanError::Missing("pool"));
}

#[test]
fn a_classic_endpoint_is_changed_by_one_patch_of_its_api() {
    let path = format!("/modelmanagement/v1.0{}", service_id());
    let split = split_classic(json!({ "v1": 50, "v2": 50 }), Some("v2"));
    let step = planned(&serving_classic(split)).steps.remove(0);
    let request = step.request.expect("a request");
    assert_eq!((request.method.as_str(), &request.path), ("PATCH", &path));
    let operations = request.body.expect("a body").as_array().map(Vec::len);
    assert_eq!(operations, Some(4), "the default and the shares of both versions");
    assert_eq!(step.undo.params["traffic"], "v1 80 % · v2 20 %");
    let remove = serving_classic(Change::DeleteVersion {
        endpoint_id: service_id(),
        version: "V2".to_owned(),
    });
    let request = planned(&remove).steps.remove(0).request.expect("a request");
    assert_eq!(
        request.body,
        Some(json!([{ "op": "remove", "path": "/versions/v2" }]))
    );
    let delete = serving_classic(Change::DeleteEndpoint {
        endpoint_id: service_id(),
        confirm: ENDPOINT.to_owned(),
    });
    let request = planned(&delete).steps.remove(0).request.expect("a request");
    assert_eq!(
        (request.method.as_str(), &request.path, request.body),
        ("DELETE", &path, None)
    );
}
