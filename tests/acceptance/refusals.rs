//! Azure's refusals, and accepted changes that do not appear: nothing is resent too early, and the user sees Azure's
//! own message.

use crate::command_line::program;
use crate::harness::{World, begin};
use berth_contract::failure::{FailureCode, Remedy};
use berth_contract::run::{RunSnapshot, RunState, WaitingBecause};
use berth_domain::change::Change;
use berth_domain::spec::Route;
use berth_sandbox::Fault;
use serde_json::{Value, json};
use std::process::{Command, Output};

/// The seed's cluster.
pub fn cluster(world: &World) -> String {
    world.attach_existing(Route::Classic).cluster_id().unwrap()
}

pub fn scale(world: &World) -> Change {
    scale_to(world, 5)
}

pub fn scale_to(world: &World, nodes: u32) -> Change {
    Change::Scale {
        cluster_id: cluster(world),
        pool: "system".to_owned(),
        nodes,
    }
}

pub fn tags(world: &World) -> Change {
    Change::Tags {
        resource_id: cluster(world),
        tags: [("owner".to_owned(), "ml".to_owned())].into(),
    }
}

/// Counts the writes to a resource, whatever the response.
pub struct Wire(tokio::sync::mpsc::UnboundedReceiver<berth_sandbox::LoggedRequest>);

impl Wire {
    pub fn of(world: &World) -> Self {
        Self(world.sandbox.as_ref().unwrap().requests())
    }

    pub fn writes(&mut self) -> usize {
        let mut writes = 0;
        while let Ok(line) = self.0.try_recv() {
            writes += usize::from(["PUT", "PATCH", "DELETE"].contains(&line.method.as_str()));
        }
        writes
    }
}

pub fn add_fault(world: &World, fault: Value) {
    let fault: Fault = serde_json::from_value(fault).unwrap();
    world.sandbox.as_ref().unwrap().add_faults(vec![fault]);
}

pub fn clear_faults(world: &World) {
    world.sandbox.as_ref().unwrap().clear_faults();
}

#[track_caller]
pub fn failed(run: &RunSnapshot) -> &berth_contract::failure::Failure {
    assert_eq!(run.summary.state, RunState::Failed, "{:#?}", run.steps);
    run.steps.iter().find_map(|step| step.failure.as_ref()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_change_that_does_not_appear_is_waited_for_and_not_resent() {
    for (method, path, change) in [
        ("PATCH", "*/managedClusters/*", tags as fn(&World) -> Change),
        ("PUT", "*/agentPools/system*", scale),
    ] {
        let world = World::stepped().await;
        // Accepted, but never carried out.
        add_fault(
            &world,
            json!({ "match": { "method": method, "path": path }, "do": { "status": 200 }, "times": 99 }),
        );
        let mut wire = Wire::of(&world);
        let run = world.change(change(&world)).await.unwrap();
        let failure = failed(&run);
        assert_eq!(
            (failure.code, failure.remedy),
            (FailureCode::NotVisibleYet, Remedy::ResumeLater)
        );
        assert!(
            failure.params["resource"].contains("/managedClusters/"),
            "{failure:?}"
        );
        assert_eq!(wire.writes(), 1);
        // Resuming checks again; an accepted change is not resent.
        let id = run.summary.id;
        world
            .berth
            .resume_run(&crate::harness::resuming(&id))
            .await
            .unwrap();
        let again = world.berth.wait_for_run(&id).await.unwrap();
        assert_eq!(failed(&again).code, FailureCode::NotVisibleYet);
        assert_eq!(wire.writes(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_read_is_waited_out() {
    let world = World::stepped().await;
    let mut wire = Wire::of(&world);
    let group = json!({ "match": { "method": "GET", "path": "*/agentPools/system?*" }, "do": { "status": 404, "code": "ResourceNotFound" }, "times": 3, "skip": 1 });
    add_fault(&world, group);
    let run = world.change(scale(&world)).await.unwrap();
    assert_eq!(run.summary.state, RunState::Succeeded, "{:#?}", run.steps);
    assert_eq!(wire.writes(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permanent_refusal_fails_the_step_at_once() {
    for (code, message) in [
        (
            "OperationNotAllowed",
            "Operation is not allowed while cluster is being upgrading or failed in upgrade",
        ),
        ("Conflict", "Managed cluster is in a failed state."),
    ] {
        let world = World::stepped().await;
        let mut wire = Wire::of(&world);
        let refusal = json!({ "status": 409, "code": code, "message": message });
        add_fault(
            &world,
            json!({ "match": { "method": "PUT", "path": "*/agentPools/*" }, "do": refusal, "times": 99 }),
        );
        let run = world.change(scale(&world)).await.unwrap();
        let failure = failed(&run);
        assert_eq!(failure.code, FailureCode::WrongState);
        assert_eq!(failure.azure.as_ref().unwrap().message, message);
        assert_eq!(wire.writes(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_concurrent_operation_is_waited_for_with_pauses_up_to_the_limit() {
    const SAID: &str = "Operation is not allowed: Another operation (Upgrading) is in progress, please wait for it to finish.";
    let world = World::stepped().await;
    let refusal = json!({ "status": 409, "code": "OperationNotAllowed", "message": SAID });
    let busy = |times: u32| json!({ "match": { "method": "PUT", "path": "*/agentPools/*" }, "do": refusal, "times": times });
    add_fault(&world, busy(3));
    let mut wire = Wire::of(&world);
    let run = world.change(scale(&world)).await.unwrap();
    assert_eq!(run.summary.state, RunState::Succeeded, "{:#?}", run.steps);
    assert_eq!(wire.writes(), 4);

    add_fault(&world, busy(9999));
    let back = scale_to(&world, 4);
    let started = begin(&world.berth, &world.changing(back)).await.unwrap();
    let mut changes = world.berth.watch_runs();
    let mut said = None;
    let run = loop {
        let run = world.berth.run(&started.id).await.unwrap();
        said = said.or_else(|| run.steps.iter().find_map(|step| step.waiting_because.clone()));
        if run.summary.state != RunState::Running {
            break world.berth.wait_for_run(&started.id).await.unwrap();
        }
        changes.recv().await.ok();
    };
    let Some(WaitingBecause::OtherOperation { said }) = said else {
        panic!("no reason for waiting: {said:?}");
    };
    assert!(said.contains(SAID), "{said}");
    let failure = failed(&run);
    assert_eq!(
        (failure.code, failure.azure.as_ref().unwrap().message.as_str()),
        (FailureCode::Busy, SAID)
    );
    let writes = wire.writes();
    assert!((5..60).contains(&writes), "{writes} writes");
    clear_faults(&world);
}

/// Runs `apply` on a change with plain-text output.
fn apply(world: &World, change: &Change, home: &str) -> (Output, String) {
    let file = world.folder.path().join("change.json");
    std::fs::write(&file, json!({ "schema": 1, "change": change }).to_string()).unwrap();
    let output = berth(world, home, &["apply", &file.display().to_string()]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (output, said)
}

fn berth(world: &World, home: &str, arguments: &[&str]) -> Output {
    Command::new(program())
        .args(arguments)
        .arg("--sandbox")
        .arg(world.folder.path().join("ready.json"))
        .env("BERTH_HOME", world.folder.path().join(home))
        .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        .output()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_prints_the_message_from_azure() {
    let world = World::new("azure-words").await;
    let quota = "Insufficient regional quota. Current Limit: 4, Current Usage: 1, Additional Required: 40.";
    let drain =
        "Drain node aks-system-1 failed: Cannot evict pod as it would violate the pod's disruption budget.";
    let inner = json!({ "error": { "code": "Middle", "message": "middle msg", "details": [
        { "code": "Inner", "message": "inner msg", "target": "ti" },
        { "code": "Other", "message": "other\u{1b}[2J msg" },
    ] } });
    let nested = format!("outer msg {inner}");
    let answers = [
        (
            json!({ "status": 400, "code": "QuotaExceeded", "message": quota }),
            quota,
            "Quota exceeded.",
        ),
        (
            json!({ "status": 403, "code": "RequestDisallowedByAzure", "message": "Resource was disallowed by Azure: try another region." }),
            "try another region",
            "The location is not available to the subscription.",
        ),
        (
            json!({ "status": 403, "code": "RequestDisallowedByPolicy", "message": "was disallowed. Policy identifiers: '[{\"policyAssignment\":{\"name\":\"No big pools\"}}]'" }),
            "Policy identifiers",
            "because of “No big pools”",
        ),
        (
            json!({ "status": 400, "code": "UnsatisfiablePDB", "message": "PDB azureml/azureml-fe-pdb has minAvailable(3) >= expectedPods(3)" }),
            "minAvailable(3) >= expectedPods(3)",
            "A node cannot be drained.",
        ),
        (
            json!({ "status": 400, "code": "OuterCode", "message": nested }),
            "root cause: Inner: inner msg (target: ti)",
            "Berth does not recognize the reason. ",
        ),
        (
            json!({ "status": 400, "code": "OuterCode", "message": nested }),
            "detail: Other: other\\u001b[2J msg",
            "Azure's message: OuterCode: outer msg",
        ),
        (
            json!({ "fail_operation": { "code": "PodDrainFailure", "message": drain } }),
            drain,
            "A node cannot be drained.",
        ),
        (
            json!({ "fail_operation": { "code": "VMExtensionProvisioningError", "message": "vmssCSE: exit status=50\u{1b}[2J" } }),
            "VMExtensionProvisioningError: vmssCSE: exit status=50\\u001b[2J",
            "The operation failed.",
        ),
    ];
    for (nodes, (act, words, sentence)) in (5..).zip(answers) {
        world
            .fault(json!({ "match": { "method": "PUT", "path": "*/agentPools/*" }, "do": act, "times": 1 }))
            .await;
        let home = format!("home-{nodes}");
        let (output, said) = apply(&world, &scale_to(&world, nodes), &home);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(
            said.contains(words) && said.contains("Azure's message: "),
            "{words}: {said}"
        );
        assert!(said.contains(sentence), "{sentence}: {said}");
        let id = said
            .split_whitespace()
            .nth(1)
            .unwrap()
            .trim_end_matches(':')
            .to_owned();
        let shown = berth(&world, &home, &["runs", "show", &id]);
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        assert!(
            shown.contains(words) && shown.contains(sentence),
            "{words}: {shown}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_prints_what_a_run_waits_for() {
    let world = World::new("azure-busy").await;
    let said = "Another operation (Upgrading) is in progress.";
    world
        .fault(json!({ "match": { "method": "PUT", "path": "*/agentPools/*" }, "do": { "status": 409, "code": "OperationNotAllowed", "message": said }, "times": 1 }))
        .await;
    let (output, _) = apply(&world, &scale(&world), "busy");
    let heard = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{heard}");
    assert!(
        heard.contains("Another operation is in progress.") && heard.contains(said),
        "{heard}"
    );
}
