//! Moving a compute from the classic route to the extension.

use super::*;
use serde_json::{Value, json};

pub(super) fn rows() -> Vec<Row> {
    let (begins, takes_back, finishes) = (classic(begin()), moving(back()), moving(finish()));
    let of_other_route =
        |good: &Good| facing(good, |facts| facts.change.compute = Fact::Known(Some(raw_new())));
    let made = with_compute(&begins, "/properties/isAttachedCompute", false.into());
    let unsaid = with_compute(&begins, "/properties/isAttachedCompute", Value::Null);
    let same_namespace = classic(Change::Move {
        compute_id: classic_id(),
        new_compute: NEW.into(),
        namespace: "azureml-ws-prod".into(),
    });
    let installed = facing(&begins, |facts| {
        facts.extensions = Fact::Known(vec![good::installed("azureml")])
    });
    let attached = |good: &Good, all: Vec<ComputeFacts>| facing(good, |facts| good::attach(facts, all));
    let alone = |good: &Good| attached(good, vec![good::compute(CLASSIC, "AKS")]);
    let stranger = good::compute("somebody", "Kubernetes");
    let elsewhere = ComputeFacts {
        id: moved().id.replace("ws-prod", "ws-lab"),
        workspace: "ws-lab".into(),
        ..moved()
    };
    let waiting = ComputeFacts {
        provisioning_state: "Creating".into(),
        ..moved()
    };
    let live = facing(&takes_back, |facts| {
        good::answering(facts, vec![dependent("new", NEW)])
    });
    vec![
        told("MOV-01", Blocking, begins.clone(), of_other_route(&begins)),
        told(
            "MOV-01",
            Blocking,
            takes_back.clone(),
            of_other_route(&takes_back),
        ),
        told("MOV-01", Blocking, finishes.clone(), of_other_route(&finishes)),
        told("MOV-02", Warning, begins.clone(), made),
        told("MOV-02", Warning, begins.clone(), unsaid),
        told("MOV-03", Blocking, begins.clone(), labelled(&begins)),
        told("MOV-04", Blocking, begins.clone(), same_namespace),
        told("MOV-05", Information, takes_back.clone(), begins.clone()),
        told("MOV-06", Information, begins.clone(), serving(&begins)),
        told("MOV-06", Warning, finishes.clone(), serving(&finishes)),
        told("MOV-07", Blocking, begins, installed),
        told("MOV-08", Blocking, finishes.clone(), alone(&finishes)),
        told(
            "MOV-08",
            Blocking,
            takes_back.clone(),
            facing(&alone(&takes_back), |facts| {
                facts.extensions = Fact::Known(vec![beside(false)])
            }),
        ),
        told(
            "MOV-09",
            Blocking,
            takes_back.clone(),
            attached(&takes_back, vec![moved(), stranger]),
        ),
        told(
            "MOV-09",
            Blocking,
            takes_back.clone(),
            attached(&takes_back, vec![moved(), elsewhere]),
        ),
        told(
            "MOV-10",
            Blocking,
            finishes.clone(),
            attached(&finishes, vec![waiting]),
        ),
        told("MOV-11", Warning, takes_back, live),
    ]
    .into_iter()
    .chain(carried_over())
    .collect()
}

/// A service of the classic compute that can be carried over.
fn service() -> Value {
    json!({
        "id": "/services/churn", "name": "churn", "computeType": "AKS", "computeName": CLASSIC,
        "authEnabled": true, "aadAuthEnabled": false, "numReplicas": 1,
        "environmentImageRequest": {
            "driverProgram": "main.py", "modelIds": ["churn:3"],
            "assets": [{ "id": "score.py", "url": "aml://artifact/LocalUpload/c1/score.py" }],
            "environment": { "name": "env", "version": "1",
                "environmentVariables": { "AZUREML_ENTRY_SCRIPT": "score.py" } },
        },
    })
}

fn carried_over() -> Vec<Row> {
    let begins = || classic(begin());
    let with = |service: Value| {
        facing(&begins(), |facts| {
            facts.change.services = Fact::Known(vec![service])
        })
    };
    let changed = |at: &str, value: Value| {
        let mut service = service();
        let (above, name) = at.rsplit_once('/').expect("a pointer");
        service.pointer_mut(above).expect("a member")[name] = value;
        service
    };
    let unread = facing(&begins(), |facts| {
        facts.change.services = Fact::Unknown("403 Forbidden".into())
    });
    let versions = json!({ "name": "churn", "id": "/services/churn", "computeType": "AKSENDPOINT" });
    let control = {
        let version = changed("/type", json!("Control"));
        json!({ "id": "/services/churn", "name": "churn", "computeType": "AKSENDPOINT", "authEnabled": true,
            "aadAuthEnabled": false, "versions": { "v1": version } })
    };
    let odd = {
        let mut odd = control.clone();
        odd["versions"]["v1"]["trafficPercentile"] = json!("all");
        odd
    };
    let request = "/environmentImageRequest";
    let at = |rest: &str| format!("{request}/{rest}");
    let image = {
        let mut built = changed("/imageId", json!("churn:7"));
        built["environmentImageRequest"] = Value::Null;
        built
    };
    let cases = [
        ("MOV-12.versions", versions),
        ("MOV-12.models", changed(&at("modelIds"), json!([]))),
        ("MOV-12.image", image),
        ("MOV-12.no_code", changed(&at("driverProgram"), Value::Null)),
        (
            "MOV-12.environment",
            changed(&at("environment/name"), Value::Null),
        ),
        (
            "MOV-12.script",
            changed(&at("environment/environmentVariables"), json!({})),
        ),
        ("MOV-12.code", changed(&at("assets"), json!([]))),
        ("MOV-12.open", changed("/authEnabled", json!(false))),
        ("MOV-12.two_ways", changed("/aadAuthEnabled", json!(true))),
        ("MOV-12.auth_unknown", changed("/authEnabled", Value::Null)),
        ("MOV-12.role", control),
        ("MOV-12.traffic", odd),
        ("MOV-12.scale", changed("/numReplicas", Value::Null)),
        ("MOV-12.timeout", changed("/scoringTimeoutMs", json!(600_000))),
        (
            "MOV-12.collection",
            changed("/dataCollection", json!({ "storageEnabled": true })),
        ),
    ];
    let told_of = |(code, service)| told(code, Warning, begins(), with(service));
    let carried = told("MOV-12.carried", Information, begins(), with(service()));
    let unread = told("MOV-12.unread", Unknown, begins(), unread);
    cases.into_iter().map(told_of).chain([carried, unread]).collect()
}

#[test]
fn services_of_other_computes_are_left_out() {
    let mut other = service();
    other["computeName"] = json!("somebody");
    let found = facing(&classic(begin()), |facts| {
        facts.change.services = Fact::Known(vec![other])
    });
    assert!(!codes(&found).iter().any(|code| code.starts_with("MOV-12")));
}

#[test]
fn an_interrupted_move_can_be_reverted() {
    let half = facing(&moving(back()), |facts| {
        good::attach(facts, vec![good::compute(CLASSIC, "AKS")])
    });
    assert!(!codes(&half).contains("MOV-08"));
}

#[test]
fn endpoints_on_the_new_compute_need_no_move() {
    let both = facing(&moving(finish()), |facts| {
        good::answering(facts, vec![dependent("old", CLASSIC), dependent("new", NEW)]);
    });
    let found = findings(&both);
    let by_hand = found.iter().find(|finding| finding.code == "MOV-06");
    assert_eq!(by_hand.expect("MOV-06").params["names"], "old");
}

#[test]
fn rules_for_attaching_apply_to_a_move() {
    let taken = facing(&classic(begin()), |facts| {
        facts.computes = Fact::Known(vec![good::compute(NEW, "Kubernetes")])
    });
    assert!(codes(&taken).contains("NAM-05"));
    let principal = on(&classic(begin()), |found| {
        found.identity_type = None;
    });
    assert!(codes(&principal).contains("ATT-11"));
}
