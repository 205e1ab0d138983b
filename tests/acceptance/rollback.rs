//! A TLS change that does not appear is rolled back automatically, on both routes. Time is stepped.

use crate::changes::{codes, own};
use crate::harness::World;
use crate::matrix::attached;
use berth_contract::failure::FailureCode;
use berth_contract::run::{RunSnapshot, RunState, StepState};
use berth_domain::change::Change;
use berth_domain::spec::{Route, Spec, Tls};
use serde_json::json;

const ROUTES: [Route; 2] = [Route::Classic, Route::Extension];

fn secure(compute_id: &str, tls: Tls) -> Change {
    Change::Tls {
        compute_id: compute_id.to_owned(),
        tls,
    }
}

/// The certificate of the only front end.
fn served_certificate(world: &World) -> Option<String> {
    let state = world.sandbox.as_ref().unwrap().state().unwrap();
    crate::renewal::front_end_certificate(&state)
}

#[track_caller]
fn assert_rolled_back(end: &RunSnapshot) {
    assert_eq!(end.summary.state, RunState::TakenBack, "{end:#?}");
    assert!(end.goes_back);
    let states: Vec<StepState> = end.back.iter().map(|step| step.state).collect();
    assert_eq!(states, [StepState::Done, StepState::Done]);
}

fn first_failure(end: &RunSnapshot) -> (FailureCode, String) {
    let mut failures = end.steps.iter().filter_map(|step| step.failure.as_ref());
    let failure = failures.next().expect("a failure");
    (failure.code, failure.params["reason"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_appears_is_kept() {
    for route in ROUTES {
        let world = World::stepped().await;
        let (_, compute_id) = attached(&world, route).await;
        let before = served_certificate(&world);
        let tls = own(&world, "other.contoso.com");
        let end = world.change(secure(&compute_id, tls)).await.unwrap();
        assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
        assert!(!end.goes_back && end.back.iter().all(|step| step.state == StepState::Waiting));
        assert_eq!(end.steps[0].id, "keep_certificate");
        assert!(codes(&end).contains(&"tls.same"));
        assert_ne!(served_certificate(&world), before);
        // A later change does not roll back a change that was verified.
        let next = world
            .change(secure(&compute_id, own(&world, "third.contoso.com")))
            .await
            .unwrap();
        assert_eq!(next.summary.state, RunState::Succeeded);
        world.berth.prove_again(&end.summary.id).await.unwrap();
        let again = world.berth.wait_for_run(&end.summary.id).await.unwrap();
        assert_eq!((again.summary.state, again.goes_back), (RunState::Failed, false));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_front_end_stuck_on_the_old_certificate_is_rolled_back() {
    for route in ROUTES {
        let world = World::stepped().await;
        let (_, compute_id) = attached(&world, route).await;
        let before = served_certificate(&world);
        world.front_ends(json!({ "sticks": 1 })).await;
        let tls = own(&world, "other.contoso.com");
        let end = world.change(secure(&compute_id, tls)).await.unwrap();
        assert_rolled_back(&end);
        assert_eq!(
            first_failure(&end),
            (FailureCode::TakenBack, "other_certificate".to_owned())
        );
        // The front end serves the old certificate again, and the compute shows what is in use.
        assert!(codes(&end).contains(&"tls.former_again"), "{:?}", codes(&end));
        assert_eq!(served_certificate(&world), before);
        let name = world.presented_name().await;
        assert_eq!(name.as_deref(), Some("ml.contoso.com"));
        // The run is over: resuming it changes nothing, and checking again checks what is in use.
        world
            .berth
            .resume_run(&crate::harness::resuming(&end.summary.id))
            .await
            .unwrap();
        let again = world.berth.wait_for_run(&end.summary.id).await.unwrap();
        assert_rolled_back(&again);
        world.berth.prove_again(&end.summary.id).await.unwrap();
        let again = world.berth.wait_for_run(&end.summary.id).await.unwrap();
        assert_rolled_back(&again);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_that_need_no_backup_are_rolled_back_too() {
    let label = Tls::Microsoft {
        leaf_domain_label: "contoso".to_owned(),
        overwrite_existing_domain: false,
    };
    for former in [label, Tls::None] {
        let world = World::stepped().await;
        let spec = Spec {
            tls: Some(former.clone()),
            ..world.attach_existing(Route::Classic)
        };
        let compute_id = spec.place.compute_id().unwrap();
        world.run(spec).await.unwrap();
        let before = served_certificate(&world);
        let name = world.presented_name().await;
        world.front_ends(json!({ "sticks": 1 })).await;
        let tls = own(&world, "other.contoso.com");
        let end = world.change(secure(&compute_id, tls)).await.unwrap();
        assert_rolled_back(&end);
        assert_eq!(end.steps[0].id, "change_resource_tls");
        assert_eq!(served_certificate(&world), before, "{former:?}");
        assert_eq!(world.presented_name().await, name, "{former:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_fails_in_azure_is_rolled_back() {
    for (route, path) in [(Route::Classic, "/computes/"), (Route::Extension, "/extensions/")] {
        let world = World::stepped().await;
        let (_, compute_id) = attached(&world, route).await;
        let before = served_certificate(&world);
        let fails = json!({ "match": { "path": path }, "do": { "fail_operation": true } });
        world.fault(fails).await;
        let tls = own(&world, "other.contoso.com");
        let end = world.change(secure(&compute_id, tls)).await.unwrap();
        assert_rolled_back(&end);
        assert_eq!(
            first_failure(&end),
            (FailureCode::TakenBack, "gave_up".to_owned())
        );
        assert_eq!(served_certificate(&world), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_change_is_not_rolled_back() {
    let world = World::stepped().await;
    let (_, compute_id) = attached(&world, Route::Classic).await;
    let refused = json!({ "match": { "method": "PUT", "path": "/computes/" }, "do": { "status": 400 } });
    world.fault(refused).await;
    let tls = own(&world, "other.contoso.com");
    let end = world.change(secure(&compute_id, tls)).await.unwrap();
    assert_eq!(end.summary.state, RunState::Failed);
    assert!(!end.goes_back);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_rollback_reports_both_errors_and_can_be_retried() {
    let world = World::stepped().await;
    let (_, compute_id) = attached(&world, Route::Classic).await;
    let before = served_certificate(&world);
    world.front_ends(json!({ "sticks": 1 })).await;
    let refused =
        json!({ "match": { "method": "PUT", "path": "/computes/" }, "do": { "status": 400 }, "skip": 1 });
    world.fault(refused).await;
    let tls = own(&world, "other.contoso.com");
    let end = world.change(secure(&compute_id, tls)).await.unwrap();
    assert_eq!(end.summary.state, RunState::Failed, "{end:#?}");
    assert_eq!(first_failure(&end).0, FailureCode::NotTakenBack);
    assert!(end.goes_back && end.back[0].failure.is_some());
    world
        .berth
        .resume_run(&crate::harness::resuming(&end.summary.id))
        .await
        .unwrap();
    let end = world.berth.wait_for_run(&end.summary.id).await.unwrap();
    assert_rolled_back(&end);
    assert_eq!(served_certificate(&world), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_certificate_backup_does_not_block_the_change() {
    let world = World::stepped().await;
    let (_, compute_id) = attached(&world, Route::Classic).await;
    // Readable at the review and at the start, closed when the run gets there.
    let closed = json!({
        "match": { "method": "GET", "path": "/secrets/azuremlfessl" },
        "do": { "status": 403 }, "times": 9, "skip": 4,
    });
    world.fault(closed).await;
    let tls = own(&world, "other.contoso.com");
    let end = world.change(secure(&compute_id, tls)).await.unwrap();
    assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
    assert_eq!(end.steps[0].state, StepState::PassedOver);
    assert!(end.steps[0].failure.is_some());
}

/// No key appears in a run's files or in its snapshot.
#[tokio::test(flavor = "multi_thread")]
async fn no_key_is_written_during_a_rollback() {
    let world = World::stepped().await;
    let (_, compute_id) = attached(&world, Route::Classic).await;
    world.front_ends(json!({ "sticks": 1 })).await;
    let tls = own(&world, "other.contoso.com");
    let end = world.change(secure(&compute_id, tls)).await.unwrap();
    assert_rolled_back(&end);
    let left = crate::harness::everything_in(&world.folder.path().join("berth"));
    for name in ["ml.contoso.com", "other.contoso.com"] {
        let key = std::fs::read_to_string(world.folder.path().join(format!("{name}.key"))).unwrap();
        let line = key.lines().nth(1).unwrap();
        assert!(!left.contains(line), "{name}");
    }
}
