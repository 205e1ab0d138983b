//! Which requests are resent: a write that may have arrived is checked instead, and one that Azure defers waits as long
//! as Azure asks.

use crate::harness::World;
use crate::refusals::{Wire, add_fault, clear_faults, cluster, failed, scale, scale_to};
use berth_contract::failure::{FailureCode, Remedy};
use berth_contract::run::RunState;
use berth_domain::change::Change;
use serde_json::{Value, json};

const PUT_POOL: &str = "*/agentPools/system?*";
const BUSY: &str = "Operation is not allowed: Another operation is in progress.";

fn fault(act: &Value, times: u32) -> Value {
    json!({ "match": { "method": "PUT", "path": PUT_POOL }, "do": act, "times": times })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_with_a_server_error_is_checked_and_not_resent() {
    for (act, code) in [
        (json!({ "status": 500 }), FailureCode::ServiceFailed),
        (json!({ "status": 502 }), FailureCode::ServiceFailed),
        (
            json!({ "status": 503, "retry_after": 0 }),
            FailureCode::ServiceFailed,
        ),
        (
            json!({ "status": 504, "code": "BrandNew" }),
            FailureCode::ServiceFailed,
        ),
        (json!({ "reset": true }), FailureCode::Unreachable),
    ] {
        let world = World::stepped().await;
        add_fault(&world, fault(&act, 99));
        let mut wire = Wire::of(&world);
        let run = world.change(scale(&world)).await.unwrap();
        let failure = failed(&run);
        assert_eq!((failure.code, failure.remedy), (code, Remedy::TryAgain), "{act}");
        let said = failure.azure.as_ref().and_then(|azure| azure.status);
        assert_eq!(said.map(u64::from), act["status"].as_u64(), "{act}");
        assert!(wire.writes() <= 1, "{act}");
        // The user decides whether to send it again.
        clear_faults(&world);
        world
            .berth
            .resume_run(&crate::harness::resuming(&run.summary.id))
            .await
            .unwrap();
        let run = world.berth.wait_for_run(&run.summary.id).await.unwrap();
        assert_eq!(run.summary.state, RunState::Succeeded, "{act}: {:#?}", run.steps);
        assert_eq!(wire.writes(), 1, "{act}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_with_a_server_error_is_sent_once() {
    let world = World::stepped().await;
    let cluster_id = cluster(&world);
    let busy = json!({ "match": { "method": "DELETE", "path": "*/managedClusters/*" }, "do": { "status": 503 }, "times": 99 });
    add_fault(&world, busy);
    let mut wire = Wire::of(&world);
    let confirm = cluster_id.rsplit('/').next().unwrap_or_default().to_owned();
    let run = world
        .change(Change::DeleteCluster { cluster_id, confirm })
        .await
        .unwrap();
    assert_eq!(failed(&run).azure.as_ref().unwrap().code, "ServerBusy");
    assert_eq!(wire.writes(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_with_a_lost_response_continues_once_the_resource_shows_it() {
    let world = World::stepped().await;
    add_fault(&world, fault(&json!({ "lose_answer": true }), 1));
    let mut wire = Wire::of(&world);
    let run = world.change(scale(&world)).await.unwrap();
    assert_eq!(run.summary.state, RunState::Succeeded, "{:#?}", run.steps);
    assert_eq!(wire.writes(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_write_honours_retry_after_up_to_a_limit() {
    let world = World::stepped().await;
    let slow = json!({ "status": 429, "retry_after": 40 });
    add_fault(&world, fault(&slow, 2));
    let mut wire = Wire::of(&world);
    let run = world.change(scale(&world)).await.unwrap();
    assert_eq!(run.summary.state, RunState::Succeeded, "{:#?}", run.steps);
    assert_eq!(wire.writes(), 3);
    let step = &run.steps[0];
    let at = |time: &Option<String>| time.as_ref().unwrap().parse::<jiff::Timestamp>().unwrap();
    let took = at(&step.ended_at).as_second() - at(&step.started_at).as_second();
    assert!(took >= 80, "{took} s");

    add_fault(&world, fault(&slow, 99));
    let run = world.change(scale_to(&world, 4)).await.unwrap();
    let failure = failed(&run);
    assert_eq!(
        (failure.code, failure.remedy),
        (FailureCode::Throttled, Remedy::Wait)
    );
    assert_eq!(wire.writes(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_refused_writes_are_sent_once() {
    for act in [
        json!({ "status": 412, "code": "EtagMismatch" }),
        json!({ "status": 409 }),
        json!({ "status": 400, "code": "BrandNew" }),
        json!({ "status": 403 }),
    ] {
        let world = World::stepped().await;
        add_fault(&world, fault(&act, 99));
        let mut wire = Wire::of(&world);
        let run = world.change(scale(&world)).await.unwrap();
        assert!(failed(&run).azure.is_some(), "{act}");
        assert_eq!(wire.writes(), 1, "{act}");
    }
}

/// A pool whose last change failed and that someone else is changing now.
#[tokio::test(flavor = "multi_thread")]
async fn a_busy_refusal_after_an_earlier_failure_is_waited_out() {
    let world = World::stepped().await;
    add_fault(&world, fault(&json!({ "fail_operation": true }), 1));
    let run = world.change(scale(&world)).await.unwrap();
    failed(&run);
    let busy = json!({ "status": 409, "code": "OperationNotAllowed", "message": BUSY });
    add_fault(&world, fault(&busy, 2));
    let mut wire = Wire::of(&world);
    let run = world.change(scale_to(&world, 6)).await.unwrap();
    assert_eq!(run.summary.state, RunState::Succeeded, "{:#?}", run.steps);
    assert_eq!(wire.writes(), 3);
}

/// Like the test above, for a run that resumes after its own failure.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_after_a_failure_of_the_same_run_is_waited_out() {
    let world = World::stepped().await;
    add_fault(&world, fault(&json!({ "fail_operation": true }), 1));
    let run = world.change(scale(&world)).await.unwrap();
    failed(&run);
    let busy = json!({ "status": 409, "code": "OperationNotAllowed", "message": BUSY });
    add_fault(&world, fault(&busy, 9999));
    let mut wire = Wire::of(&world);
    world
        .berth
        .resume_run(&crate::harness::resuming(&run.summary.id))
        .await
        .unwrap();
    let stuck = world.berth.wait_for_run(&run.summary.id).await.unwrap();
    let failure = failed(&stuck);
    assert_eq!(failure.code, FailureCode::Busy, "{failure:?}");
    assert_eq!(failure.azure.as_ref().unwrap().message, BUSY);
    assert!(wire.writes() > 2);
    clear_faults(&world);
    world
        .berth
        .resume_run(&crate::harness::resuming(&run.summary.id))
        .await
        .unwrap();
    let run = world.berth.wait_for_run(&run.summary.id).await.unwrap();
    assert_eq!(run.summary.state, RunState::Succeeded, "{:#?}", run.steps);
    assert_eq!(wire.writes(), 1);
}
