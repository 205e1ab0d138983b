//! Stepped canaries: all traffic to a good version, back from a bad one, and never over somebody else's traffic.

use crate::harness::{World, begin, everything_in, outgoing};
use crate::kubeconfig::cluster_id;
use crate::matrix::serving::{SAMPLE, canary, endpoint, endpoint_of, with_script};
use berth_app::accounts::RUNNING_SANDBOX;
use berth_app::words;
use berth_arm::Arm;
use berth_contract::failure::{FailureCode, Remedy};
use berth_contract::model::EndpointCall;
use berth_contract::review::{CanaryDecision, Resumed};
use berth_contract::run::{CanaryChoice, CanaryProgress, PodsSeen, RunSnapshot, RunState, StepState};
use berth_domain::bodies::written_back::written_back;
use berth_domain::canary::{CanarySteps, Pause, Stage, TAG};
use berth_domain::change::{Change, Edit};
use berth_domain::traffic::Traffic;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn arm(world: &World) -> Arm {
    world.berth.session(RUNNING_SANDBOX).await.unwrap().arm
}

async fn live(world: &World, id: &str) -> Value {
    let path = format!("{id}?api-version=2025-12-01");
    arm(world).await.resource(&path).await.unwrap().unwrap()
}

/// The traffic and the canary's tag.
async fn state(world: &World, id: &str) -> (Traffic, Value) {
    let found = live(world, id).await;
    (Traffic::of_endpoint(&found).unwrap(), found["tags"][TAG].clone())
}

fn all_on(version: &str) -> Traffic {
    Traffic::of([(version.to_owned(), 100)]).unwrap()
}

/// Sets the traffic as another user.
async fn set(world: &World, id: &str, traffic: Value) {
    let seen = live(world, id).await;
    let body = written_back(id, &seen, &[Edit::replace("/properties/traffic", traffic)]);
    let request = outgoing(Method::PUT, format!("{id}?api-version=2025-12-01"), Some(body));
    arm(world).await.send(&request).await.unwrap();
    world.pass(60).await;
}

#[track_caller]
fn progress(run: &RunSnapshot) -> &CanaryProgress {
    run.steps[0].canary.as_ref().expect("a canary")
}

async fn decide(world: &World, run: &str, choice: CanaryChoice) {
    let decision = CanaryDecision {
        run: run.to_owned(),
        choice,
    };
    let resumed = world.berth.decide_canary(&decision).await.unwrap();
    assert_eq!(resumed, Resumed::Running {});
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_version_gets_all_traffic_and_nothing_secret_is_kept() {
    let world = World::stepped().await;
    let id = endpoint(&world).await;
    let end = world
        .change(canary(&world, id.clone(), &[50, 100]))
        .await
        .unwrap();
    assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
    assert_eq!(progress(&end).stage, Stage::Settled);
    let pods = progress(&end).pods.as_ref();
    assert!(
        matches!(pods, Some(PodsSeen::Counted(count)) if count.ready > 0 && count.ready == count.all),
        "{pods:?}"
    );
    assert_eq!(state(&world, &id).await, (all_on("green"), Value::Null));
    let request = outgoing(
        Method::POST,
        format!("{id}/listKeys?api-version=2025-12-01"),
        Some(json!({})),
    );
    let keys = arm(&world).await.send(&request).await.unwrap().body.unwrap();
    let kept = everything_in(&world.folder.path().join("berth"));
    for secret in [keys["primaryKey"].as_str().unwrap(), "sample-of-a-caller"] {
        assert!(
            SAMPLE.contains("sample-of-a-caller") && !kept.contains(secret),
            "{secret} was kept"
        );
    }
    assert!(kept.contains("canary: settled, green 100 %"), "{kept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_fails_gets_no_traffic() {
    let world = World::stepped().await;
    let id = endpoint_of(&world, ["scores", "linear"]).await;
    let end = world
        .change(canary(&world, id.clone(), &[50, 100]))
        .await
        .unwrap();
    assert_eq!(end.summary.state, RunState::TakenBack, "{end:#?}");
    let failure = end.steps[0].failure.as_ref().expect("a failure");
    assert_eq!(
        (
            failure.code,
            failure.params["reason"].as_str(),
            failure.params["errors"].as_str()
        ),
        (FailureCode::CanaryBack, "canary_errors_last", "3"),
        "{failure:#?}"
    );
    assert!(failure.params["last"].starts_with("HTTP 400: "), "{failure:#?}");
    assert_eq!(failure.remedy, Remedy::CorrectVersion);
    let (_, explanation) = words::failure(failure);
    assert!(
        explanation.contains("3 of 3 calls to it failed, the last one with HTTP 400: "),
        "{explanation}"
    );
    assert_eq!(state(&world, &id).await, (all_on("blue"), Value::Null));
}

/// Raises for each call after the first 100. Green needs 73 of them until it gets traffic.
const WEARS_OUT: &str = "calls = 0\n\ndef init():\n    pass\n\ndef run(raw):\n    global calls\n    calls += 1\n    if calls > 100:\n        raise MemoryError('no memory left')\n    return raw\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_begins_to_fail_loses_its_live_traffic() {
    let world = World::stepped().await;
    let id = with_script(&world, WEARS_OUT).await;
    let canary = Change::Canary {
        endpoint_id: id.clone(),
        canary: CanarySteps {
            version: "green".to_owned(),
            steps: vec![50, 100],
            minutes: 1,
        },
        sample: world
            .folder
            .path()
            .join("deploy/sample.json")
            .display()
            .to_string(),
    };
    let run = begin(&world.berth, &world.changing(canary)).await.unwrap().id;
    let (end, answers) = tokio::join!(world.berth.wait_for_run(&run), callers(&world, &id, &run));
    let end = end.unwrap();
    assert_eq!(end.summary.state, RunState::TakenBack, "{end:#?}");
    let failure = end.steps[0].failure.as_ref().expect("a failure");
    assert_eq!(
        (failure.code, failure.params["reason"].as_str()),
        (FailureCode::CanaryBack, "canary_errors_last"),
        "{failure:#?}"
    );
    for seen in [("green", 200), ("green", 502)] {
        assert!(answers.contains(&(seen.0.to_owned(), seen.1)), "{seen:?}");
    }
    assert_eq!(state(&world, &id).await, (all_on("blue"), Value::Null));
    let (_, explanation) = words::failure(failure);
    assert!(explanation.contains("calls to it failed"), "{explanation}");
}

/// Calls an endpoint until a run is over. Returns the versions that answered, with the statuses.
async fn callers(world: &World, id: &str, run: &str) -> BTreeSet<(String, u16)> {
    let mut seen = BTreeSet::new();
    while world.berth.run(run).await.unwrap().summary.state == RunState::Running {
        let call = EndpointCall {
            account: RUNNING_SANDBOX.to_owned(),
            endpoint_id: id.to_owned(),
            version: None,
            trusted_host: None,
        };
        let request = r#"{"data": [[1, 2]]}"#;
        let called = world.berth.call_endpoint(&call, request.into(), 1 << 20).await;
        if let Some(answer) = called.unwrap().answer {
            seen.insert((answer.version.unwrap_or_default(), answer.status));
        }
    }
    seen
}

/// A pod of a version, as the cluster lists it.
fn pod(version: &str, crashes: bool) -> Value {
    let state = if crashes {
        json!({ "waiting": { "reason": "CrashLoopBackOff" } })
    } else {
        json!({ "running": {} })
    };
    let container = json!({ "name": "inference-server", "image": "", "imageID": "", "ready": !crashes,
        "restartCount": if crashes { 7 } else { 0 }, "state": state });
    let name = format!("{version}-5d9c7b8f6d-abcde");
    json!({ "metadata": { "name": name, "namespace": "default" }, "spec": { "containers": [] },
        "status": { "phase": "Running", "containerStatuses": [container] } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_whose_pods_begin_to_crash_is_stopped() {
    let world = World::stepped().await;
    let id = endpoint(&world).await;
    let list = json!({ "kind": "PodList", "apiVersion": "v1", "metadata": {},
        "items": [pod("blue", false), pod("green", true)] });
    // The first readings show pods without problems.
    let fault = json!({ "match": { "method": "GET", "path": "*/pods?*" }, "do": { "status": 200, "body": list },
        "skip": 3, "times": 99 });
    world.fault(fault).await;
    let end = world
        .change(canary(&world, id.clone(), &[50, 100]))
        .await
        .unwrap();
    assert_eq!(end.summary.state, RunState::TakenBack, "{end:#?}");
    let failure = end.steps[0].failure.as_ref().expect("a failure");
    let values = ["reason", "crashing", "all", "restarts"].map(|name| failure.params[name].as_str());
    assert_eq!(
        (failure.code, values),
        (FailureCode::CanaryBack, ["canary_pods_crash", "1", "1", "7"]),
        "{failure:#?}"
    );
    let (_, explanation) = words::failure(failure);
    assert!(
        explanation.contains("1 of its 1 pods crash (restarts: 7)"),
        "{explanation}"
    );
    assert_eq!(state(&world, &id).await, (all_on("blue"), Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn pods_that_cannot_be_read_are_unknown_and_do_not_stop_it() {
    let world = World::stepped().await;
    let id = endpoint(&world).await;
    let fault =
        json!({ "match": { "method": "GET", "path": "*/pods?*" }, "do": { "status": 403 }, "times": 99 });
    world.fault(fault).await;
    let end = world.change(canary(&world, id.clone(), &[100])).await.unwrap();
    assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
    let said = words::canary(progress(&end));
    assert!(
        said.iter()
            .any(|line| line.starts_with("The pods of the new version are unknown:")),
        "{said:#?}"
    );
}

/// Makes the API server of the seed's cluster reachable only from within its network.
fn make_private(world: &World, run_command: bool) {
    let sandbox = world.sandbox.as_ref().unwrap();
    let private = json!({ "enablePrivateCluster": true, "disableRunCommand": !run_command });
    let edited = sandbox.edit_resource(&cluster_id(world), |body| {
        body["properties"]["apiServerAccessProfile"] = private;
    });
    assert!(edited.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pods_of_a_private_cluster_are_read_with_a_command() {
    let world = World::stepped().await;
    let id = endpoint(&world).await;
    make_private(&world, true);
    let end = world
        .change(canary(&world, id.clone(), &[50, 100]))
        .await
        .unwrap();
    assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
    let pods = progress(&end).pods.as_ref();
    assert!(
        matches!(pods, Some(PodsSeen::Counted(count)) if count.ready > 0 && count.ready == count.all),
        "{pods:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pods_of_a_private_cluster_without_commands_are_unknown() {
    let world = World::stepped().await;
    let id = endpoint(&world).await;
    make_private(&world, false);
    let end = world.change(canary(&world, id.clone(), &[100])).await.unwrap();
    let said = words::canary(progress(&end));
    let why = "it is private, and commands through Azure are off";
    assert!(said.iter().any(|line| line.contains(why)), "{said:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_canary_continues_and_leaves_other_traffic_alone() {
    let world = World::stepped().await;
    let id = endpoint(&world).await;
    let goal = world.changing(canary(&world, id.clone(), &[50, 100]));
    let run = begin(&world.berth, &goal).await.unwrap().id;
    decide(&world, &run, CanaryChoice::Pause).await;
    let paused = world.berth.wait_for_run(&run).await.unwrap();
    assert_eq!(paused.summary.state, RunState::Paused, "{paused:#?}");
    assert_eq!(progress(&paused).stage, Stage::Paused { why: Pause::Asked });
    let foreign = Traffic::read(&json!({ "blue": 40, "green": 60 })).unwrap();
    set(&world, &id, foreign.to_body()).await;
    decide(&world, &run, CanaryChoice::Continue).await;
    let left = world.berth.wait_for_run(&run).await.unwrap();
    assert_eq!(left.summary.state, RunState::Paused, "{left:#?}");
    assert_eq!(
        progress(&left).stage,
        Stage::Foreign {
            found: foreign.clone()
        }
    );
    assert_eq!(state(&world, &id).await, (foreign, Value::Null));
    decide(&world, &run, CanaryChoice::Back).await;
    let back = world.berth.wait_for_run(&run).await.unwrap();
    assert_eq!(back.summary.state, RunState::TakenBack, "{back:#?}");
    let step = &back.steps[0];
    let failure = step.failure.as_ref().expect("who asked");
    assert_eq!(
        (step.state, failure.code, failure.remedy),
        (StepState::Cancelled, FailureCode::CanaryStopped, Remedy::Nothing),
        "{failure:#?}"
    );
    assert_eq!(state(&world, &id).await, (all_on("blue"), Value::Null));
    let again = CanaryDecision {
        run,
        choice: CanaryChoice::Continue,
    };
    let refused = world.berth.decide_canary(&again).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.params["why"].as_str()),
        (FailureCode::BadInput, "canary_over")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canary_whose_endpoint_is_deleted_ends_and_says_so() {
    let world = World::stepped().await;
    let id = endpoint(&world).await;
    let goal = world.changing(canary(&world, id.clone(), &[50, 100]));
    let run = begin(&world.berth, &goal).await.unwrap().id;
    decide(&world, &run, CanaryChoice::Pause).await;
    let paused = world.berth.wait_for_run(&run).await.unwrap();
    assert_eq!(paused.summary.state, RunState::Paused, "{paused:#?}");
    let delete = outgoing(Method::DELETE, format!("{id}?api-version=2025-12-01"), None);
    arm(&world).await.send(&delete).await.unwrap();
    world.pass(600).await;
    decide(&world, &run, CanaryChoice::Continue).await;
    let over = world.berth.wait_for_run(&run).await.unwrap();
    assert_eq!(over.summary.state, RunState::Failed, "{over:#?}");
    let failure = over.steps[0].failure.as_ref().expect("a failure");
    assert_eq!(failure.code, FailureCode::CanaryEndpointGone, "{failure:#?}");
    let said = words::failure_sentence(failure);
    assert!(said.contains(&id), "{said}");
}
