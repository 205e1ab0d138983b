//! Renewal of Microsoft's certificate for a classic compute, under the same name. Time is stepped: five hours pass
//! while Berth waits.

use crate::changes::codes;
use crate::harness::{World, everything_in};
use crate::matrix::labelled;
use berth_contract::failure::FailureCode;
use berth_contract::run::RunState;
use berth_domain::change::Change;
use serde_json::{Value, json};

/// A compute with a DNS label, whose certificate has this many days left.
async fn ageing(days_left: i64) -> (World, Change) {
    let world = World::stepped().await;
    let spec = labelled(&world);
    let compute_id = spec.place.compute_id().unwrap();
    world.run(spec).await.unwrap();
    world.front_ends(json!({ "days_left": days_left })).await;
    (world, Change::RenewLabel { compute_id })
}

/// The certificate of the only front end in a sandbox's state; `None` if it serves plain HTTP.
pub fn front_end_certificate(state: &Value) -> Option<String> {
    let front_ends = state["front_ends"].as_object().unwrap();
    let front_end = front_ends.values().next().expect("a front end");
    front_end["tls"]["cert"].as_str().map(str::to_owned)
}

/// The certificate that the front end serves, and its host name in Azure.
fn served(world: &World) -> (String, Value) {
    let state = world.sandbox.as_ref().unwrap().state().unwrap();
    let mut resources = state["resources"].as_object().unwrap().iter();
    let (_, compute) = resources
        .find(|(id, _)| id.contains("/computes/"))
        .expect("a compute");
    let name = compute["body"]["properties"]["properties"]["clusterFqdn"].clone();
    (front_end_certificate(&state).expect("TLS"), name)
}

async fn finding_codes(world: &World, change: &Change) -> Vec<String> {
    let report = world.berth.review(&world.changing(change.clone())).await.unwrap();
    report
        .findings
        .iter()
        .map(|finding| finding.code.clone())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_certificate_of_a_label_is_renewed_hours_later_under_the_same_name() {
    let (world, change) = ageing(20).await;
    let (certificate, name) = served(&world);
    assert!(
        finding_codes(&world, &change)
            .await
            .contains(&"TLS-09.due".to_owned())
    );
    let end = world.change(change).await.unwrap();
    assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
    assert!(codes(&end).contains(&"tls.renewed"), "{:?}", codes(&end));
    let (renewed, still) = served(&world);
    assert_ne!(renewed, certificate);
    assert_eq!(still, name);
    let left = everything_in(&world.folder.path().join("berth"));
    assert_eq!(left.matches("waiting: still").count(), 1, "reported once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_is_not_due_is_reported_and_succeeds() {
    let (world, change) = ageing(200).await;
    let (certificate, _) = served(&world);
    assert!(
        finding_codes(&world, &change)
            .await
            .contains(&"TLS-09.not_due".to_owned())
    );
    let end = world.change(change).await.unwrap();
    assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
    assert!(codes(&end).contains(&"tls.not_due"), "{:?}", codes(&end));
    assert_eq!(served(&world).0, certificate);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_never_appears_times_out() {
    let (world, change) = ageing(20).await;
    // Neither the requested certificate nor its renewal appears.
    world.front_ends(json!({ "sticks": 2 })).await;
    let end = world.change(change).await.unwrap();
    assert_eq!(end.summary.state, RunState::Failed, "{end:#?}");
    let failure = end.steps[1].failure.as_ref().expect("a failure");
    assert_eq!(failure.code, FailureCode::ProofFailed);
    assert_eq!(failure.params["code"], "tls.not_renewed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_renewal_is_explained() {
    let (world, change) = ageing(20).await;
    let fails = json!({ "match": { "method": "PUT", "path": "/computes/" }, "do": { "status": 400 } });
    world.fault(fails).await;
    let end = world.change(change).await.unwrap();
    assert_eq!(end.summary.state, RunState::Failed);
    let failure = end.steps[0].failure.as_ref().expect("a failure");
    assert_eq!(failure.code, FailureCode::RenewalRefused);
}
