//! The traffic of online endpoints: moved whole, never lost by accident, and never over somebody else's change.

use super::other_user::OtherUser;
use super::users::{Fleet, ML, blocking};
use super::*;
use crate::harness::begin;
use berth_contract::failure::FailureCode;
use berth_contract::review::{StartRun, Started};
use berth_domain::traffic::Traffic;
use serde_json::{Value, json};

/// Creates endpoint `scores` with the versions blue, which has all traffic, and green.
async fn endpoint(fleet: &Fleet, other_user: &OtherUser) -> String {
    let id = format!("{}/onlineEndpoints/scores", fleet.workspace("germanywestcentral"));
    let body = json!({ "location": "germanywestcentral", "identity": { "type": "SystemAssigned" }, "tags": { "team": "a" },
        "properties": { "authMode": "Key", "description": "Scores", "compute": fleet.compute("germanywestcentral", "hub-prod") } });
    other_user.make(&id, ML, body).await;
    for version in ["blue", "green"] {
        let body = json!({ "location": "germanywestcentral",
            "properties": { "endpointComputeType": "Kubernetes", "model": "azureml:scores:1" } });
        other_user
            .make(&format!("{id}/deployments/{version}"), ML, body)
            .await;
    }
    set(other_user, &id, json!({ "blue": 100 })).await;
    id
}

/// Sets the traffic as another user.
async fn set(other_user: &OtherUser, id: &str, traffic: Value) {
    let seen = other_user.find(id, ML).await.unwrap();
    let edit = berth_domain::change::Edit::replace("/properties/traffic", traffic.clone());
    let body = berth_domain::bodies::written_back::written_back(id, &seen, &[edit]);
    other_user.make(id, ML, body).await;
    while live(other_user, id).await != traffic {}
}

async fn live(other_user: &OtherUser, id: &str) -> Value {
    other_user.find(id, ML).await.unwrap()["properties"]["traffic"].clone()
}

fn split(endpoint_id: &str, traffic: Value) -> Change {
    Change::Traffic {
        endpoint_id: endpoint_id.to_owned(),
        traffic: Traffic::read(&traffic).unwrap(),
        none: false,
        default_version: None,
        control_version: None,
    }
}

fn without_version(endpoint_id: &str, version: &str) -> Change {
    Change::DeleteVersion {
        endpoint_id: endpoint_id.to_owned(),
        version: version.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn traffic_moves_with_the_whole_endpoint_and_back() {
    let fleet = Fleet::new("traffic-moves").await;
    let other_user = OtherUser::of(&fleet.0).await;
    let id = endpoint(&fleet, &other_user).await;
    let moved = split(&id, json!({ "blue": 90, "Green": 10 }));
    let review = fleet.review(&moved, &[]).await;
    assert_eq!(blocking(&review.findings), [""; 0], "{:#?}", review.findings);
    let plan = review.plan.unwrap();
    let body = plan.steps[0].request.as_ref().unwrap().body.as_ref().unwrap();
    // Azure gets the name as the version has it.
    assert_eq!(body["properties"]["traffic"], json!({ "blue": 90, "green": 10 }));
    assert_eq!(
        (&body["tags"]["team"], &body["properties"]["description"]),
        (&json!("a"), &json!("Scores"))
    );
    assert_eq!(plan.steps[0].undo.params["traffic"], "blue 100 %");
    for traffic in [json!({ "blue": 90, "green": 10 }), json!({ "blue": 100 })] {
        let end = fleet.0.change(split(&id, traffic.clone())).await.unwrap();
        assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
        let now = other_user.find(&id, ML).await.unwrap();
        let read = Traffic::of_endpoint(&now).unwrap();
        assert_eq!(read, Traffic::read(&traffic).unwrap());
        assert_eq!(now["tags"]["team"], "a");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn traffic_is_never_lost_by_accident() {
    let fleet = Fleet::new("traffic-lost").await;
    let other_user = OtherUser::of(&fleet.0).await;
    let id = endpoint(&fleet, &other_user).await;
    for (traffic, code) in [
        (json!({ "blue": 90, "green": 9 }), "EPT-03.sum"),
        (json!({}), "EPT-03.leaves_none"),
        (json!({ "red": 100 }), "EPT-03.unknown_version"),
        (json!({ "blue": 100 }), "CHG-02"),
    ] {
        let found = fleet.findings(&split(&id, traffic.clone()), &[]).await;
        assert_eq!(blocking(&found), [code], "{traffic}");
    }
    let found = fleet.findings(&without_version(&id, "blue"), &[]).await;
    assert_eq!(blocking(&found), ["EPT-13.has_traffic"]);
    let gone = Change::Traffic {
        endpoint_id: format!("{id}-gone"),
        traffic: Traffic::default(),
        none: true,
        default_version: None,
        control_version: None,
    };
    assert_eq!(blocking(&fleet.findings(&gone, &[]).await), ["CHG-01.endpoint"]);
    let none = Change::Traffic {
        endpoint_id: id.clone(),
        traffic: Traffic::default(),
        none: true,
        default_version: None,
        control_version: None,
    };
    let end = fleet.0.change(none).await.unwrap();
    assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
    assert_eq!(live(&other_user, &id).await, json!({}));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_blocks() {
    let fleet = Fleet::new("traffic-unread").await;
    let other_user = OtherUser::of(&fleet.0).await;
    let id = endpoint(&fleet, &other_user).await;
    for (path, act, code) in [
        (
            "*/onlineEndpoints/scores/deployments?*",
            json!({ "status": 403 }),
            "unread.endpoint_versions",
        ),
        (
            "*/onlineEndpoints/scores?*",
            json!({ "status": 403 }),
            "unread.endpoint",
        ),
    ] {
        fleet.refuse(path, act).await;
        for change in [
            split(&id, json!({ "blue": 50, "green": 50 })),
            without_version(&id, "green"),
        ] {
            let found = fleet.findings(&change, &[]).await;
            assert!(blocking(&found).contains(&code), "{path}: {found:#?}");
        }
        fleet.0.clear_faults().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_change_is_not_overwritten() {
    let fleet = Fleet::new("traffic-foreign").await;
    let other_user = OtherUser::of(&fleet.0).await;
    let id = endpoint(&fleet, &other_user).await;
    let change = split(&id, json!({ "blue": 90, "green": 10 }));
    let review = fleet.review(&change, &[]).await;
    set(&other_user, &id, json!({ "blue": 40, "green": 60 })).await;
    let start = StartRun {
        review: review.id,
        consents: Vec::new(),
        typed: None,
    };
    let started = fleet.0.berth.start(&start).await.unwrap();
    let Started::Changed { differences, .. } = &started else {
        panic!("{started:#?}");
    };
    let traffic = &differences[0];
    assert_eq!(
        (differences.len(), traffic.code.as_str()),
        (1, "traffic"),
        "{differences:#?}"
    );
    assert_eq!(
        (traffic.params["before"].as_str(), traffic.params["now"].as_str()),
        ("blue 100 %", "blue 40 % · green 60 %")
    );
    assert_eq!(live(&other_user, &id).await, json!({ "blue": 40, "green": 60 }));
    // Between the start and the request, too: the first attempt is refused, and then somebody else changes the traffic.
    let refusal = json!({ "match": { "method": "PUT", "path": "*/onlineEndpoints/scores?*" },
        "do": { "status": 403, "code": "AuthorizationFailed", "message": "not now" }, "times": 1 });
    fleet.0.fault(refusal).await;
    let run = begin(&fleet.0.berth, &fleet.goal(&change, &[])).await.unwrap().id;
    let end = fleet.0.berth.wait_for_run(&run).await.unwrap();
    assert_eq!(end.summary.state, RunState::Failed, "{end:#?}");
    set(&other_user, &id, json!({ "green": 100 })).await;
    fleet
        .0
        .berth
        .resume_run(&crate::harness::resuming(&run))
        .await
        .unwrap();
    let end = fleet.0.berth.wait_for_run(&run).await.unwrap();
    let failures: Vec<(FailureCode, Option<&str>)> = end
        .steps
        .iter()
        .filter_map(|step| step.failure.as_ref())
        .map(|failure| (failure.code, failure.params.get("reason").map(String::as_str)))
        .collect();
    assert_eq!(failures, [(FailureCode::NotTheSame, Some("traffic"))], "{end:#?}");
    assert_eq!(live(&other_user, &id).await, json!({ "green": 100 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_and_endpoints_are_deleted_after_their_traffic() {
    let fleet = Fleet::new("traffic-deleted").await;
    let other_user = OtherUser::of(&fleet.0).await;
    let id = endpoint(&fleet, &other_user).await;
    let end = fleet.0.change(without_version(&id, "green")).await.unwrap();
    assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
    assert!(
        other_user
            .find(&format!("{id}/deployments/green"), ML)
            .await
            .is_none()
    );
    assert_eq!(live(&other_user, &id).await, json!({ "blue": 100 }));
    let whole = |confirm: &str| Change::DeleteEndpoint {
        endpoint_id: id.clone(),
        confirm: confirm.to_owned(),
    };
    assert_eq!(blocking(&fleet.findings(&whole("score"), &[]).await), ["ATT-20"]);
    let end = fleet.0.change(whole("scores")).await.unwrap();
    assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
    assert!(other_user.find(&id, ML).await.is_none());
}
