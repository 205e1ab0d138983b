//! Odd responses: nothing in them is taken for zero, empty or healthy.

use super::*;
use crate::changes::users::{LAB, MACHINE_LEARNING};

/// Lists `body` instead of what is there.
async fn listing(serving: &Serving, path: &str, body: Value) -> EndpointList {
    serving.fleet.refuse(path, json!({ "body": body })).await;
    let list = serving.read().await;
    serving.world().clear_faults().await;
    list
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_another_form_is_unread() {
    let serving = Serving::new("endpoints-form").await;
    for path in [
        "*workspaces/ml-germanywestcentral/onlineEndpoints?*",
        "*workspaces/ml-westeurope/services?*",
    ] {
        for odd in [
            json!({}),
            json!({ "value": {} }),
            json!({ "value": null }),
            json!([]),
            json!("none"),
            json!(0),
        ] {
            let list = listing(&serving, path, odd.clone()).await;
            assert_eq!(list.unread.len(), 1, "{path} {odd}: {list:#?}");
        }
        for nameless in [
            json!(null),
            json!({}),
            json!({ "name": "../x" }),
            json!({ "name": "" }),
            json!({ "name": 7 }),
        ] {
            let list = listing(&serving, path, json!({ "value": [nameless] })).await;
            assert_eq!(list.unread.len(), 1, "{path} {nameless}: {list:#?}");
            assert!(
                list.unread[0].why.ends_with("an endpoint has no usable name"),
                "{list:#?}"
            );
        }
    }
    let deployments = "*/scores/deployments?*";
    for odd in [
        json!({}),
        json!({ "value": [null] }),
        json!({ "value": [{ "name": "a/b" }] }),
    ] {
        let list = listing(&serving, deployments, odd.clone()).await;
        let scores = named(&list, "scores");
        assert!(
            scores.versions.is_empty() && scores.versions_unread.is_some(),
            "{odd}: {scores:#?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn members_that_are_missing_or_of_another_kind_are_unknown() {
    let serving = Serving::new("endpoints-members").await;
    let online = "*workspaces/ml-germanywestcentral/onlineEndpoints?*";
    for properties in [
        Value::Null,
        json!({}),
        json!({ "compute": 7, "authMode": null, "traffic": [], "provisioningState": {}, "scoringUri": false }),
    ] {
        let body = json!({ "value": [{ "id": "/x", "name": "scores", "properties": properties }] });
        let list = listing(&serving, online, body).await;
        let scores = named(&list, "scores");
        assert_eq!(scores.id, serving.online("scores"));
        assert_eq!(
            (scores.auth, scores.state.as_str(), &scores.url),
            (EndpointAuth::Unknown, "", &None),
            "{scores:#?}"
        );
        assert_eq!(
            (&scores.compute_id, &scores.cluster_id),
            (&None, &None),
            "{scores:#?}"
        );
        assert_eq!(traffic(scores), [("blue", None), ("green", None)]);
    }
    // Azure omits zeros, and clients change the case of names.
    let compute = serving.fleet.compute(ONLINE.0, ONLINE.1).to_uppercase();
    let body = json!({ "value": [{ "name": "scores", "properties": { "compute": compute, "traffic": { "BLUE": 100 } } }] });
    let list = listing(&serving, online, body).await;
    let scores = named(&list, "scores");
    assert_eq!(traffic(scores), [("blue", Some(100)), ("green", Some(0))]);
    assert!(scores.cluster_id.is_some(), "{scores:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn services_of_other_kinds_are_left_out_and_unknown_ones_are_listed() {
    let serving = Serving::new("endpoints-kinds").await;
    let services = "*workspaces/ml-westeurope/services?*";
    let of = |name: &str, kind: Value, compute: Value| json!({ "name": name, "computeType": kind, "computeName": compute });
    let body = json!({ "value": [
        of("container", json!("ACI"), Value::Null),
        of("no-kind", Value::Null, json!(CLASSIC.1)),
        of("no-compute", json!("AKS"), Value::Null),
        of("no-versions", json!("AKSENDPOINT"), json!(CLASSIC.1)),
        of("compute-gone", json!("AKS"), json!("long-gone")),
    ] });
    let list = listing(&serving, services, body).await;
    assert_eq!(
        names(&list),
        ["compute-gone", "no-compute", "no-kind", "no-versions", "scores"]
    );
    for name in ["no-kind", "no-versions"] {
        let found = named(&list, name);
        assert!(
            found.versions.is_empty() && found.versions_unread.is_some(),
            "{found:#?}"
        );
        assert!(found.cluster_id.is_some(), "{found:#?}");
    }
    let gone = named(&list, "compute-gone");
    assert_eq!(
        (gone.compute_name.as_deref(), &gone.cluster_id),
        (Some("long-gone"), &None)
    );
    assert_eq!(named(&list, "no-compute").compute_id, None);
    assert_eq!(named(&list, "no-compute").auth, EndpointAuth::Unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn services_without_an_announced_api_are_unread_only_where_there_may_be_some() {
    let serving = Serving::new("endpoints-unannounced").await;
    let workspace =
        |id: &str| json!({ "id": id, "location": "x", "properties": { "provisioningState": "Succeeded" } });
    let (online, classic) = (
        serving.fleet.workspace(ONLINE.0),
        serving.fleet.workspace(CLASSIC.0),
    );
    // Nothing is attached to the workspace of the laboratory.
    let lab = format!("/subscriptions/{LAB}/resourceGroups/rg-ml-lab/{MACHINE_LEARNING}/ml-lab");
    let prod = serving.world().ready.subscription_ids[0].as_str();
    for (subscription, workspaces) in [(prod, vec![&online, &classic]), (LAB, vec![&lab])] {
        let all: Vec<Value> = workspaces.into_iter().map(|id| workspace(id)).collect();
        let path = format!("*{subscription}/providers/*/workspaces?*");
        serving
            .fleet
            .refuse(&path, json!({ "body": { "value": all } }))
            .await;
    }
    // A workspace itself announces the API.
    let list = serving.read().await;
    assert_eq!((names(&list).len(), list.unread.len()), (3, 0), "{list:#?}");
    for id in [&online, &classic, &lab] {
        let body = json!({ "body": workspace(id) });
        serving.fleet.refuse(&format!("*{id}?*"), body).await;
    }
    let list = serving.read().await;
    assert_eq!(names(&list), ["scores"]);
    let places: BTreeSet<&str> = list
        .unread
        .iter()
        .map(|place| place.resource_id.as_str())
        .collect();
    assert_eq!(places, [online.as_str(), &classic].into(), "{:#?}", list.unread);
}
