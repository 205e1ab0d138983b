//! Plans of set-ups: their steps, order and requests.

use crate::good::{self, Good};
use berth_domain::facts::Fact;
use berth_domain::plan::describe::masked;
use berth_domain::plan::{Plan, PlanError, PlanStep, StepKind, ToShow, plan};
use berth_domain::secrets::SecretPart;
use berth_domain::spec::*;
use std::collections::BTreeSet;

mod change;
mod extension;

const ENGLISH: &str = include_str!("../../../../../ui/src/locales/en/plan.json");

fn planned(good: &Good) -> Plan {
    plan(&good.goal(), &good.facts, "p-1").expect("a plan")
}

fn ids(good: &Good) -> Vec<String> {
    planned(good).steps.into_iter().map(|step| step.id).collect()
}

fn step(good: &Good, id: &str) -> PlanStep {
    planned(good)
        .steps
        .into_iter()
        .find(|step| step.id == id)
        .unwrap_or_else(|| panic!("step {id}"))
}

fn path(good: &Good, id: &str) -> String {
    let request = step(good, id).request.expect("a request");
    format!("{} {}", request.method, request.path)
}

#[test]
fn the_extension_route_creates_everything_in_order() {
    let good = good::extension().with(|spec, facts| {
        spec.place.resource_group = "rg-new".into();
        spec.place.new_resource_group = true;
        spec.place.namespace = "models".into();
        spec.tls = Some(good::generated());
        facts.resource_group = Fact::Known(None);
        let providers = ["Microsoft.ContainerService", "Microsoft.KubernetesConfiguration"];
        let providers = providers.map(|namespace| good::provider(namespace, "NotRegistered"));
        facts.providers = Fact::Known(providers.to_vec());
    });
    assert_eq!(
        ids(&good),
        [
            "make_certificate",
            "register_containerservice",
            "register_kubernetesconfiguration",
            "ensure_resource_group",
            "create_cluster",
            "ensure_namespace",
            "install_extension",
            "attach_compute",
            "prove",
        ]
    );
    let root = format!("/subscriptions/{}", good::SUBSCRIPTION);
    let cluster =
        format!("{root}/resourceGroups/rg-new/providers/Microsoft.ContainerService/managedClusters/aks-prod");
    for (id, wanted) in [
        (
            "register_containerservice",
            format!("POST {root}/providers/Microsoft.ContainerService/register?api-version=2024-03-01"),
        ),
        (
            "ensure_resource_group",
            format!("PUT {root}/resourceGroups/rg-new?api-version=2024-03-01"),
        ),
        ("create_cluster", format!("PUT {cluster}?api-version=2026-05-01")),
        ("ensure_namespace", "POST /api/v1/namespaces".to_owned()),
        (
            "install_extension",
            format!(
                "PUT {cluster}/providers/Microsoft.KubernetesConfiguration/extensions/azureml?api-version=2025-03-01"
            ),
        ),
        (
            "attach_compute",
            format!(
                "PUT {root}/resourceGroups/rg-ml/providers/Microsoft.MachineLearningServices/workspaces/ws-prod/computes/prod-01?api-version=2025-12-01"
            ),
        ),
    ] {
        assert_eq!(path(&good, id), wanted);
    }
    for made in ["ensure_resource_group", "create_cluster", "attach_compute"] {
        let body = step(&good, made)
            .request
            .and_then(|request| request.body)
            .expect("a body");
        assert_eq!(
            body["tags"]["berth-plan"], "p-1",
            "{made} can be recognised as ours"
        );
    }
}

#[test]
fn existing_resources_are_not_created_again() {
    assert_eq!(
        ids(&good::extension()),
        ["create_cluster", "install_extension", "attach_compute", "prove"]
    );
    assert_eq!(
        ids(&good::classic()),
        ["create_cluster", "attach_compute", "prove"]
    );
    assert_eq!(ids(&good::existing(Route::Classic)), ["attach_compute", "prove"]);
    assert_eq!(
        ids(&good::existing(Route::Extension)),
        ["install_extension", "attach_compute", "prove"]
    );
    assert_eq!(ids(&good::through_aml()), ["create_through_aml", "prove"]);
    let namespace = good::existing(Route::Extension).with(|spec, facts| {
        spec.place.namespace = "models".into();
        facts.namespaces = Fact::Known(vec!["models".into()]);
    });
    assert!(!ids(&namespace).contains(&"ensure_namespace".to_owned()));
    // Without the list, nobody may be told to delete it.
    for (namespaces, undo) in [
        (Fact::Known(vec!["default".into()]), "undo.namespace"),
        (Fact::Unknown("403".into()), "undo.namespace_unread"),
        (Fact::NotAsked, "undo.namespace_unread"),
    ] {
        let missing = namespace.clone().with(|_, facts| facts.namespaces = namespaces);
        assert_eq!(step(&missing, "ensure_namespace").undo.code, undo);
    }
    let group = good::extension().with(|spec, _| spec.place.new_resource_group = true);
    assert!(
        !ids(&group).contains(&"ensure_resource_group".to_owned()),
        "the group exists"
    );
}

#[test]
fn an_extension_with_equivalent_settings_is_not_changed() {
    let without_certificate = |name: &str, key: &str, value: Option<&str>| {
        good::existing(Route::Extension).with(|spec, facts| {
            spec.tls = Some(Tls::None);
            let mut found = good::installed(name);
            found.settings.remove("sslCname");
            found
                .settings
                .insert("allowInsecureConnections".into(), "true".into());
            match value {
                Some(value) => found.settings.insert(key.into(), value.into()),
                None => found.settings.remove(key),
            };
            facts.extensions = Fact::Known(vec![found]);
        })
    };
    let same = without_certificate("azureml", "inferenceRouterHA", Some("false"));
    assert_eq!(
        ids(&same),
        ["attach_compute", "prove"],
        "the number of routers does not matter"
    );
    let other_name = without_certificate("aml-ext", "unused", None);
    assert_eq!(ids(&other_name), ["attach_compute", "prove"]);
    for (key, value) in [
        ("internalLoadBalancerProvider", None),
        ("sslCname", Some("old.contoso.com")),
        ("inferenceRouterServiceType", Some("NodePort")),
        ("enableInference", Some("False")),
    ] {
        let good = without_certificate("azureml", key, value);
        let change = step(&good, "change_resource_extension");
        assert_eq!(
            change.interrupts.len(),
            1,
            "{key}: live endpoints are interrupted"
        );
    }
}

#[test]
fn the_proof_step_has_the_chosen_values() {
    let kind = step(&good::existing(Route::Classic), "prove").kind;
    let wanted = StepKind::Prove {
        cluster_id: Some(good::cluster().id),
        compute_id: format!("{}/computes/prod-01", good::workspace().id),
        namespace: "default".into(),
        load_balancer: LoadBalancer::Internal { subnet: None },
        cname: Some("ml.contoso.com".into()),
        tls: true,
        shows: ToShow::Applied,
    };
    assert_eq!(kind, wanted);
    let StepKind::Prove {
        cluster_id,
        cname,
        namespace,
        ..
    } = step(&good::through_aml(), "prove").kind
    else {
        panic!("a proof");
    };
    assert_eq!((cluster_id, cname, namespace.as_str()), (None, None, "default"));
}

#[test]
fn an_incomplete_spec_makes_no_plan() {
    type Spoil = fn(&mut Spec);
    let cases: [(Spoil, PlanError); 9] = [
        (
            |spec| spec.place.compute_name.clear(),
            PlanError::Missing("place.computeName"),
        ),
        (
            |spec| spec.network.load_balancer = None,
            PlanError::Missing("network.loadBalancer"),
        ),
        (|spec| spec.tls = None, PlanError::Missing("tls")),
        (
            |spec| {
                spec.tls = Some(Tls::Own {
                    cname: "a.b".into(),
                    pair: None,
                })
            },
            PlanError::Missing("tls.pair"),
        ),
        (
            |spec| spec.size.vm_size.clear(),
            PlanError::Missing("size.vmSize"),
        ),
        (
            |spec| spec.version.kubernetes.clear(),
            PlanError::Missing("version.kubernetes"),
        ),
        (
            |spec| spec.place.cluster_name.clear(),
            PlanError::Missing("place.clusterName"),
        ),
        (
            |spec| {
                spec.tls = Some(Tls::Microsoft {
                    leaf_domain_label: "a".into(),
                    overwrite_existing_domain: false,
                });
            },
            PlanError::Contradiction("tls", "route"),
        ),
        (
            |spec| spec.cluster = ClusterChoice::CreateThroughAml,
            PlanError::Contradiction("cluster", "route"),
        ),
    ];
    for (spoil, wanted) in cases {
        let good = good::extension().with(|spec, _| spoil(spec));
        assert_eq!(plan(&good.goal(), &good.facts, "p-1"), Err(wanted));
    }
}

#[test]
fn secrets_are_placeholders_in_bodies_and_masked_for_display() {
    for good in [good::extension(), good::existing(Route::Classic)] {
        for step in planned(&good).steps {
            let Some(body) = step.request.and_then(|request| request.body) else {
                continue;
            };
            let shown = masked(&body).to_string();
            assert!(
                SecretPart::ALL.iter().all(|part| !shown.contains(part.marker())),
                "{shown}"
            );
            if body.to_string().contains("{{secret:") {
                assert!(shown.contains("•••"));
            }
        }
    }
}

#[test]
fn every_title_and_note_has_a_message_with_all_its_values() {
    let words: serde_json::Value = serde_json::from_str(ENGLISH).expect("JSON");
    let look = |key: &str| {
        let found = key.split('.').try_fold(&words, |node, part| node.get(part));
        found
            .and_then(|text| text.as_str())
            .unwrap_or_else(|| panic!("no message for {key}"))
            .to_owned()
    };
    let mut seen = BTreeSet::new();
    let plans = many().into_iter().chain(change::many());
    let plans = plans.map(|good| planned(&good));
    for plan in plans.chain(crate::deploy::planned::plans()) {
        for step in plan.steps.iter().chain(&plan.back) {
            let key = step.kind.title();
            holds_its_values(&look(&key), step.kind.params().keys());
            seen.insert(key);
            let stages = step.stages.iter().map(|stage| &stage.note);
            let notes = step.costs.iter().chain(&step.interrupts).chain([&step.undo]);
            for note in notes.chain(stages) {
                holds_its_values(&look(&note.code), note.params.keys());
                seen.insert(note.code.clone());
            }
        }
    }
    let unused: Vec<String> = keys(&words, "")
        .into_iter()
        .filter(|key| !seen.contains(key))
        .collect();
    assert!(unused.is_empty(), "messages that no plan uses: {unused:?}");
}

/// Cases whose plans together contain every kind of step and every note.
fn many() -> Vec<Good> {
    vec![
        good::extension(),
        good::classic(),
        good::existing(Route::Extension),
        good::existing(Route::Classic),
        good::through_aml(),
        good::existing(Route::Extension).with(|spec, facts| {
            spec.place.namespace = "models".into();
            facts.namespaces = Fact::Unknown("403".into());
            facts.extensions = Fact::Known(vec![good::installed("azureml")]);
        }),
        good::extension().with(|spec, facts| {
            spec.place.new_resource_group = true;
            spec.place.namespace = "models".into();
            spec.size.autoscale = Some(Autoscale { min: 3, max: 5 });
            spec.tls = Some(good::generated());
            facts.resource_group = Fact::Known(None);
            facts.providers = Fact::Known(vec![good::provider("Microsoft.Network", "NotRegistered")]);
        }),
        good::classic().with(|spec, _| {
            spec.tls = Some(Tls::Microsoft {
                leaf_domain_label: "contoso".into(),
                overwrite_existing_domain: true,
            });
        }),
    ]
}

fn holds_its_values<'a>(text: &str, values: impl Iterator<Item = &'a String>) {
    let values: BTreeSet<&str> = values.map(String::as_str).collect();
    for name in text.split("{{").skip(1).filter_map(|tail| tail.split_once("}}")) {
        assert!(values.contains(name.0), "{text}: no value for {}", name.0);
    }
}

fn keys(words: &serde_json::Value, path: &str) -> Vec<String> {
    let Some(members) = words.as_object() else {
        return vec![path.to_owned()];
    };
    let join = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    members
        .iter()
        .flat_map(|(name, below)| keys(below, &join(name)))
        .collect()
}
