//! Plans for moving from the classic route to the extension route, and cleaning up.

use super::*;

const UPGRADE: &str = "/properties/configurationSettings/scoringFe.enableUpgrade";
const PROTECTED: &str = "/properties/configurationProtectedSettings";

fn detaches(compute_id: &str) -> String {
    format!("DELETE {compute_id}{COMPUTE_API}&underlyingResourceAction=Detach")
}

fn marked(upgrade: bool) -> StepKind {
    StepKind::MarkFrontEnd {
        cluster_id: good::cluster().id,
        upgrade,
    }
}

#[test]
fn a_move_marks_before_it_installs_and_compares_before_it_proves() {
    let good = classic(begin());
    assert_eq!(
        ids(&good),
        [
            "keep_certificate",
            "mark_front_end",
            "install_extension",
            "attach_compute",
            "compare_answers",
            "prove",
        ]
    );
    assert_eq!(step(&good, "mark_front_end").kind, marked(true));
    assert_eq!(
        path(&good, "install_extension"),
        format!("PUT {}{EXTENSION_API}", beside(true).id)
    );
    let installed = body(&good, "install_extension");
    assert_eq!(installed.pointer(UPGRADE), Some(&json!("true")));
    assert_eq!(installed.pointer(PROTECTED), Some(&serving::both()));
    let settings = &installed["properties"]["configurationSettings"];
    assert_eq!(settings["sslCname"], "ml.contoso.com");
    let balancer = settings.get("internalLoadBalancerProvider");
    assert_eq!(balancer, None, "public, as it was");
    assert_eq!(
        path(&good, "attach_compute"),
        format!("PUT {}{COMPUTE_API}", new_id())
    );
    let attached = body(&good, "attach_compute");
    assert_eq!(attached["location"], "westeurope");
    assert_eq!(attached["properties"]["computeType"], "Kubernetes");
    assert_eq!(attached["properties"]["properties"]["namespace"], "models");
    assert_eq!(planned(&good).pair, Some(PairRef::Vault { id: "run-p-1".into() }));
}

#[test]
fn a_move_creates_the_namespace_and_compares_the_services() {
    let good = serving(&facing(&classic(begin()), |facts| {
        facts.namespaces = Fact::Known(vec!["default".into()])
    }));
    let all = ids(&good);
    let at = |id: &str| all.iter().position(|found| found == id).expect("a step");
    assert!(at("mark_front_end") < at("ensure_namespace"));
    assert!(at("ensure_namespace") < at("install_extension"));
    let StepKind::CompareAnswers { urls, .. } = step(&good, "compare_answers").kind else {
        panic!("expected a comparison");
    };
    assert_eq!(urls, ["https://ml.contoso.com/api/v1/service/fraud/score"]);
    let own = |at: &str, value: Value| with_compute(&classic(begin()), at, value);
    let plain = own("/properties/properties/sslConfiguration", Value::Null);
    assert_eq!(ids(&plain)[0], "mark_front_end");
    let inside = own(
        "/properties/properties/loadBalancerType",
        "InternalLoadBalancer".into(),
    );
    let settings = &body(&inside, "install_extension")["properties"]["configurationSettings"];
    assert_eq!(settings["internalLoadBalancerProvider"], "azure");
    let without_workspace = facing(&good, |facts| facts.workspace = Fact::Unknown("403".into()));
    assert_eq!(
        body(&without_workspace, "attach_compute")["location"],
        "westeurope"
    );
    let label = labelled(&classic(begin()));
    assert_eq!(refused(&label), PlanError::Contradiction("tls", "route"));
}

#[test]
fn moving_back_keeps_the_classic_compute() {
    let good = moving(back());
    assert_eq!(
        ids(&good),
        [
            "detach_1",
            "remove_extension",
            "unmark_front_end",
            "confirm",
            "prove"
        ]
    );
    assert_eq!(path(&good, "detach_1"), detaches(&new_id()));
    let extension = beside(true).id;
    assert_eq!(
        path(&good, "remove_extension"),
        format!("DELETE {extension}{EXTENSION_API}")
    );
    assert_eq!(step(&good, "unmark_front_end").kind, marked(false));
    let released = Check::Released {
        cluster_id: good::cluster().id,
    };
    assert_eq!(
        checks(&good),
        [gone(new_id()), gone(extension), released, there(classic_id())]
    );
    let others = facing(&good, |facts| {
        let elsewhere = ComputeFacts {
            id: moved().id.replace("ws-prod", "ws-lab"),
            ..moved()
        };
        good::attach(facts, vec![good::compute("x", "Kubernetes"), elsewhere]);
        facts.extensions = Fact::Known(vec![beside(false)]);
    });
    assert_eq!(
        ids(&others),
        ["unmark_front_end", "confirm", "prove"],
        "computes that the move did not make stay"
    );
}

#[test]
fn finishing_a_move_detaches_cleans_up_and_updates_the_extension() {
    let good = moving(finish());
    assert_eq!(
        ids(&good),
        [
            "keep_certificate",
            "detach",
            "remove_leftovers",
            "change_resource_stand_alone",
            "confirm",
            "prove",
        ]
    );
    assert_eq!(path(&good, "detach"), detaches(&classic_id()));
    let StepKind::RemoveLeftovers { objects, .. } = step(&good, "remove_leftovers").kind else {
        panic!("expected leftovers");
    };
    assert_eq!(
        objects,
        ["deployment default/azureml-fe".parse().unwrap()],
        "the leftovers that were read"
    );
    assert_eq!(
        path(&good, "change_resource_stand_alone"),
        format!("PATCH {}{EXTENSION_API}", beside(true).id)
    );
    let sent = body(&good, "change_resource_stand_alone");
    assert_eq!(sent.pointer(UPGRADE), Some(&json!("false")));
    assert_eq!(sent.pointer(PROTECTED), Some(&serving::both()));
    let cluster = good::cluster().id;
    let clean = Check::Clean {
        cluster_id: cluster.clone(),
    };
    assert_eq!(
        checks(&good),
        [gone(classic_id()), there(cluster), clean, there(new_id())]
    );
    let StepKind::Prove {
        compute_id,
        namespace,
        ..
    } = step(&good, "prove").kind
    else {
        panic!("expected a proof");
    };
    assert_eq!((compute_id, namespace.as_str()), (new_id(), "azureml"));
    for (name, value) in [
        ("scoringFe.sslSecret", "ml-tls"),
        ("allowInsecureConnections", "True"),
    ] {
        let other = facing(&good, |facts| {
            let mut found = beside(true);
            found.settings.insert(name.into(), value.into());
            facts.extensions = Fact::Known(vec![found]);
        });
        let sent = body(&other, "change_resource_stand_alone");
        assert_eq!(sent.pointer(PROTECTED), None, "{name}");
    }
}

#[test]
fn only_a_classic_compute_can_be_moved() {
    for change in [begin(), back(), finish()] {
        let good = facing(&moving(change), |facts| {
            facts.change.compute = Fact::Known(Some(raw_new()))
        });
        assert_eq!(refused(&good), PlanError::Contradiction("compute", "route"));
    }
}

#[test]
fn leftovers_are_removed_after_their_certificate_is_backed_up() {
    let left = |objects: &[&str]| {
        facing(&classic(clean_up()), |facts| {
            facts.leftovers = Fact::Known(objects.iter().map(|object| object.parse().unwrap()).collect())
        })
    };
    let with = left(&["service default/azureml-fe", "secret default/azuremlfessl"]);
    assert_eq!(ids(&with), ["keep_certificate", "remove_leftovers", "confirm"]);
    let clean = Check::Clean {
        cluster_id: good::cluster().id,
    };
    assert_eq!(checks(&with), [clean]);
    assert_eq!(planned(&with).pair, Some(PairRef::Vault { id: "run-p-1".into() }));
    let without = left(&["service default/azureml-fe"]);
    assert_eq!(ids(&without), ["remove_leftovers", "confirm"]);
    let unread = facing(&classic(clean_up()), |facts| {
        facts.leftovers = Fact::Unknown("no way".into())
    });
    assert_eq!(ids(&unread)[0], "keep_certificate");
}
