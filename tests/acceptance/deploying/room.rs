//! Whether the replicas have room is said before anything is sent.

use super::Deploying;
use crate::command_line::berth;
use berth_contract::run::{RunState, StepState};
use berth_domain::deployment_spec::DeploySpec;
use berth_domain::finding::Finding;
use serde_json::json;

fn large(deploying: &Deploying) -> DeploySpec {
    let mut spec = deploying.blue();
    spec.resources.cpu = "64".to_owned();
    spec.resources.memory = "256Gi".to_owned();
    spec
}

/// The findings on room.
async fn room(deploying: &Deploying, spec: &DeploySpec) -> Vec<Finding> {
    let mut findings = deploying.review(spec).await.findings;
    findings.retain(|finding| ["DEP-21", "DEP-22", "DEP-23"].contains(&finding.rule.as_str()));
    findings
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_has_no_room_is_refused_and_ends_with_the_reason_if_it_is_tried() {
    let deploying = Deploying::new("deploy-room").await;
    let fits = room(&deploying, &deploying.blue()).await;
    assert_eq!(codes(&fits), ["DEP-21.fits"], "{fits:#?}");
    assert!(fits[0].params["on"] != "0", "{fits:#?}");
    let mut spec = large(&deploying);
    let found = room(&deploying, &spec).await;
    assert_eq!(
        codes(&found),
        ["DEP-22", "DEP-23.cpu", "DEP-23.memory"],
        "{found:#?}"
    );
    assert_eq!(found[0].params["room"], "0");
    assert_eq!(found[1].params["needed"], "64.01");

    deploying.write("large.json", &serde_json::to_string(&spec).unwrap());
    let folder = deploying.world.folder.path();
    let ready = folder.join("ready.json").display().to_string();
    let file = deploying.path("large.json");
    let refused = berth(&folder.join("cli"), &["deploy", &file, "--sandbox", &ready]);
    let shown = format!(
        "{}{}",
        String::from_utf8_lossy(&refused.stdout),
        String::from_utf8_lossy(&refused.stderr)
    );
    assert_eq!(refused.status.code(), Some(3), "{shown}");
    assert!(
        shown.contains("No node has 64.01 vCPU free for a replica"),
        "{shown}"
    );

    spec.waived = vec!["DEP-22".to_owned()];
    let run = deploying.deploy(&spec).await;
    assert_eq!(run.summary.state, RunState::Failed, "{run:#?}");
    let failed = run.steps.iter().find(|step| step.state == StepState::Failed);
    assert_eq!(failed.unwrap().id, "create_version");
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_cannot_be_read_are_unknown_and_never_fit() {
    let deploying = Deploying::new("deploy-unread").await;
    let path = "*/listClusterAdminCredential*";
    deploying
        .world
        .fault(json!({ "match": { "path": path }, "do": { "status": 403, "code": "AuthorizationFailed" }, "times": 99999 }))
        .await;
    let found = room(&deploying, &deploying.blue()).await;
    assert_eq!(codes(&found), ["DEP-21.unread"], "{found:#?}");
    assert!(!found[0].params["why"].is_empty());
}
