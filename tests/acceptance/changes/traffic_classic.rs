//! The traffic of classic endpoints: one patch with default and types, never over somebody else's change.

use super::users::{Fleet, blocking};
use super::*;
use crate::harness::{begin, outgoing};
use berth_app::accounts::RUNNING_SANDBOX;
use berth_arm::Arm;
use berth_contract::failure::FailureCode;
use berth_contract::review::{StartRun, Started};
use berth_domain::traffic::Traffic;
use reqwest::Method;
use serde_json::{Value, json};

/// The classic endpoint `trial`: version one is the default with 60 %, two has 20 %, three none.
struct Trial {
    fleet: Fleet,
    arm: Arm,
    id: String,
}

impl Trial {
    async fn new(name: &str) -> Self {
        let fleet = Fleet::new(name).await;
        let arm = fleet.0.berth.session(RUNNING_SANDBOX).await.unwrap().arm;
        let id = format!("{}/services/trial", fleet.workspace("westeurope"));
        let trial = Self { fleet, arm, id };
        let version = |traffic: u32, default: bool| json!({ "numReplicas": 1, "modelIds": ["churn:3"], "trafficPercentile": traffic, "isDefault": default });
        let body = json!({ "name": "trial", "computeType": "AKSENDPOINT", "computeName": "churn-prod", "authEnabled": true,
            "aadAuthEnabled": false, "versions": { "one": version(60, true), "two": version(20, false), "three": version(0, false) } });
        let list = trial.path().trim_end_matches("/trial").to_owned();
        trial.send(Method::POST, list, body).await;
        trial
    }

    fn path(&self) -> String {
        format!("/modelmanagement/v1.0{}", self.id)
    }

    async fn send(&self, method: Method, path: String, body: Value) {
        self.arm.send(&outgoing(method, path, Some(body))).await.unwrap();
        while self.read().await["state"] != "Healthy" {}
    }

    async fn read(&self) -> Value {
        self.arm.get(&self.path()).await.unwrap()
    }

    /// Own share, default and type of each version.
    async fn versions(&self) -> Vec<(String, Option<f64>, Option<bool>, Option<String>)> {
        let read = self.read().await;
        let all = read["versions"].as_object().unwrap().iter();
        all.map(|(name, one)| {
            let role = one["type"].as_str().map(str::to_owned);
            (
                name.clone(),
                one["trafficPercentile"].as_f64(),
                one["isDefault"].as_bool(),
                role,
            )
        })
        .collect()
    }

    fn split(&self, traffic: Value, default: Option<&str>, control: Option<&str>) -> Change {
        Change::Traffic {
            endpoint_id: self.id.clone(),
            traffic: Traffic::read(&traffic).unwrap(),
            none: false,
            default_version: default.map(str::to_owned),
            control_version: control.map(str::to_owned),
        }
    }

    fn without(&self, version: &str) -> Change {
        Change::DeleteVersion {
            endpoint_id: self.id.clone(),
            version: version.to_owned(),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn shares_default_and_types_change_in_one_patch() {
    let trial = Trial::new("classic-traffic").await;
    let change = trial.split(json!({ "One": 70, "two": 30 }), Some("two"), Some("one"));
    let review = trial.fleet.review(&change, &[]).await;
    assert_eq!(blocking(&review.findings), [""; 0], "{:#?}", review.findings);
    let step = &review.plan.unwrap().steps[0];
    assert_eq!(step.undo.params["traffic"], "one 80 % · two 20 %");
    let request = step.request.as_ref().unwrap();
    assert_eq!((request.method.as_str(), &request.path), ("PATCH", &trial.path()));
    let end = trial.fleet.0.change(change).await.unwrap();
    assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
    let mut versions = trial.versions().await;
    versions.sort_by(|one, other| one.0.cmp(&other.0));
    let expected = [
        ("one", 70.0, false, "Control"),
        ("three", 0.0, false, "Treatment"),
        ("two", 30.0, true, "Treatment"),
    ];
    let expected = expected.map(|(name, share, default, role)| {
        (name.to_owned(), Some(share), Some(default), Some(role.to_owned()))
    });
    assert_eq!(versions, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_lose_calls_is_refused() {
    let trial = Trial::new("classic-traffic-refused").await;
    for (change, code) in [
        (trial.split(json!({ "one": 90 }), None, None), "EPT-03.sum"),
        (
            trial.split(json!({ "red": 100 }), None, None),
            "EPT-03.unknown_version",
        ),
        (
            trial.split(json!({ "one": 100 }), Some("red"), None),
            "EPT-03.unknown_version",
        ),
        (trial.without("two"), "EPT-13.has_traffic"),
        (trial.without("red"), "EPT-13.unknown_version"),
    ] {
        let found = trial.fleet.findings(&change, &[]).await;
        assert_eq!(blocking(&found), [code], "{change:?}");
    }
    trial
        .fleet
        .refuse("*/services/trial?*", json!({ "status": 403 }))
        .await;
    let unread = trial
        .fleet
        .findings(&trial.split(json!({ "one": 100 }), None, None), &[])
        .await;
    assert_eq!(blocking(&unread), ["unread.endpoint"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn traffic_that_somebody_else_changed_is_left_alone() {
    let trial = Trial::new("classic-traffic-overtaken").await;
    let change = trial.split(json!({ "one": 50, "two": 50 }), None, None);
    let review = trial.fleet.review(&change, &[]).await;
    let other = json!([{ "op": "replace", "path": "/versions/two/trafficPercentile", "value": 25 }]);
    trial.send(Method::PATCH, trial.path(), other).await;
    let start = StartRun {
        review: review.id,
        consents: Vec::new(),
        typed: None,
    };
    let started = trial.fleet.0.berth.start(&start).await.unwrap();
    let Started::Changed { differences, .. } = &started else {
        panic!("{started:#?}");
    };
    let params = &differences[0].params;
    assert_eq!(
        (params["before"].as_str(), params["now"].as_str()),
        ("one 80 % · two 20 %", "one 75 % · two 25 %"),
        "{differences:#?}"
    );
    // Between the start and the request, too.
    let refusal = json!({ "match": { "method": "PATCH", "path": "*/services/trial*" },
        "do": { "status": 403, "code": "AuthorizationFailed", "message": "not now" }, "times": 1 });
    trial.fleet.0.fault(refusal).await;
    let run = begin(&trial.fleet.0.berth, &trial.fleet.goal(&change, &[]))
        .await
        .unwrap()
        .id;
    let end = trial.fleet.0.berth.wait_for_run(&run).await.unwrap();
    assert_eq!(end.summary.state, RunState::Failed, "{end:#?}");
    let other = json!([{ "op": "replace", "path": "/versions/two/trafficPercentile", "value": 30 }]);
    trial.send(Method::PATCH, trial.path(), other).await;
    trial
        .fleet
        .0
        .berth
        .resume_run(&crate::harness::resuming(&run))
        .await
        .unwrap();
    let end = trial.fleet.0.berth.wait_for_run(&run).await.unwrap();
    let failures: Vec<FailureCode> = end
        .steps
        .iter()
        .filter_map(|step| step.failure.as_ref())
        .map(|failure| failure.code)
        .collect();
    assert_eq!(failures, [FailureCode::NotTheSame], "{end:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_and_services_are_deleted() {
    let trial = Trial::new("classic-deleted").await;
    let end = trial.fleet.0.change(trial.without("Three")).await.unwrap();
    assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
    let names: Vec<String> = trial
        .versions()
        .await
        .into_iter()
        .map(|(name, ..)| name)
        .collect();
    assert_eq!(names, ["one", "two"]);
    let delete = |confirm: &str| Change::DeleteEndpoint {
        endpoint_id: trial.id.clone(),
        confirm: confirm.to_owned(),
    };
    let end = trial.fleet.0.change(delete("trial")).await.unwrap();
    assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
    assert!(trial.arm.get::<Value>(&trial.path()).await.is_err());
    assert_eq!(
        blocking(&trial.fleet.findings(&delete("trial"), &[]).await),
        ["CHG-01.endpoint"]
    );
}
