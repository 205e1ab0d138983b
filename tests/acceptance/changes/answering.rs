//! Endpoints and deployments on a cluster: diagnosed, listed before they are interrupted, and never assumed absent when
//! they cannot be read.

use super::stranger::Stranger;
use super::users::{Estate, blocking, clean_up, named};
use super::*;
use crate::command_line::berth;
use berth_app::accounts::RUNNING_SANDBOX;
use berth_contract::diagnosis::{DiagnoseQuestion, DiagnosisReport};
use berth_domain::diagnosis::Verdict;
use berth_domain::finding::Severity;
use serde_json::json;

const ENDPOINTS: &str = "2024-04-01";

/// Creates an endpoint `scores` on the compute hub-prod and returns its id.
async fn endpoint(estate: &Estate, stranger: &Stranger) -> String {
    let id = format!(
        "{}/onlineEndpoints/scores",
        estate.workspace("germanywestcentral")
    );
    let body = json!({ "location": "germanywestcentral", "identity": { "type": "SystemAssigned" },
        "properties": { "authMode": "Key", "compute": estate.compute("germanywestcentral", "hub-prod") } });
    stranger.make(&id, ENDPOINTS, body).await;
    id
}

async fn deploy(stranger: &Stranger, endpoint: &str, name: &str) {
    let body = json!({ "location": "germanywestcentral",
        "properties": { "endpointComputeType": "Kubernetes", "model": "azureml:scores:1" } });
    let id = format!("{endpoint}/deployments/{name}");
    stranger.make(&id, ENDPOINTS, body).await;
}

fn hub(estate: &Estate) -> String {
    estate.cluster("germanywestcentral", "aks-hub-prod")
}

fn stop(estate: &Estate) -> Change {
    Change::Power {
        cluster_id: hub(estate),
        running: false,
    }
}

async fn diagnose(estate: &Estate, resource_id: &str) -> DiagnosisReport {
    let question = DiagnoseQuestion {
        account: RUNNING_SANDBOX.to_owned(),
        resource_id: resource_id.to_owned(),
    };
    estate.0.berth.diagnose(&question).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_deployment_is_found_from_its_endpoint_its_compute_and_its_cluster() {
    let estate = Estate::new("answering-failed").await;
    let stranger = Stranger::of(&estate.0).await;
    let endpoint = endpoint(&estate, &stranger).await;
    let fails = json!({ "match": { "method": "PUT", "path": "*/deployments/blue*" },
        "do": { "fail_operation": { "code": "ResourceNotReady", "message": "the container crashed" } } });
    estate.0.fault(fails).await;
    deploy(&stranger, &endpoint, "blue").await;
    let compute = estate.compute("germanywestcentral", "hub-prod");
    for id in [&endpoint, &compute, &hub(&estate)] {
        let report = diagnose(&estate, id).await;
        assert_eq!((report.verdict, report.healthy), (Verdict::Wrong, false), "{id}");
        let failed = report
            .causes
            .iter()
            .find(|cause| cause.code == "answering_failed");
        let failed = failed.unwrap_or_else(|| panic!("{id}: {report:#?}"));
        assert_eq!(failed.params["name"], "scores/blue");
        let words = "ResourceNotReady: the container crashed";
        assert!(
            failed.evidence.iter().any(|line| line.contains(words)),
            "{failed:#?}"
        );
    }
    // A compute with unreadable endpoints or deployments is not healthy.
    stranger
        .delete(&format!("{endpoint}/deployments/blue"), ENDPOINTS)
        .await;
    for path in ["*/onlineEndpoints/scores/deployments?*", "*/onlineEndpoints?*"] {
        estate.refuses(path, json!({ "status": 403 })).await;
        let report = diagnose(&estate, &compute).await;
        assert!(!report.healthy, "{path}: {report:#?}");
        let unread: Vec<&str> = report.unread.iter().map(|one| one.what.as_str()).collect();
        assert!(unread.contains(&"answering"), "{path}: {unread:?}");
        estate.0.clear_faults().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deployments_are_named_before_they_stop_and_unread_ones_block() {
    let estate = Estate::new("answering-deployments").await;
    let stranger = Stranger::of(&estate.0).await;
    let endpoint = endpoint(&estate, &stranger).await;
    deploy(&stranger, &endpoint, "blue").await;
    let found = estate.findings(&stop(&estate), &[]).await;
    assert_eq!(named(&found, "CHG-03")[0].params["names"], "scores (blue)");
    estate
        .refuses("*/onlineEndpoints/scores/deployments?*", json!({ "status": 403 }))
        .await;
    let found = estate.findings(&stop(&estate), &[]).await;
    let unread = named(&found, "USE-01");
    assert_eq!(blocking(&found), ["USE-01.deployments"], "{found:#?}");
    assert_eq!(unread[0].waiver(), format!("USE-01:{endpoint}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_read_of_the_cluster_is_named_and_nobody_is_said_to_be_spared() {
    let estate = Estate::new("answering-unread").await;
    let closed = |method: &str, path: &str| json!({ "match": { "method": method, "path": path }, "do": { "status": 403 }, "times": 999 });
    let extensions = closed("GET", "*/extensions?*");
    let inside = closed("POST", "*listClusterAdmin*");
    let remains = clean_up(estate.cluster("uksouth", "aks-docs-prod"));
    for (change, fault, code, rule) in [
        (stop(&estate), &extensions, "unread.extensions", "USE-02"),
        (stop(&estate), &inside, "unread.leftovers", "USE-03"),
        (remains, &extensions, "unread.extensions", "USE-02"),
    ] {
        estate.0.fault(fault.clone()).await;
        let found = estate.findings(&change, &[]).await;
        let said: Vec<_> = found.iter().filter(|one| one.code == code).collect();
        assert_eq!(said.len(), 1, "{change:?}: {found:#?}");
        assert_eq!(
            (said[0].rule.as_str(), said[0].severity),
            (rule, Severity::Blocking)
        );
        assert!(found.iter().all(|one| one.code != "CHG-03.none"), "{found:#?}");
        let agreed = estate.findings(&change, &[said[0].waiver()]).await;
        assert!(blocking(&agreed).is_empty(), "{agreed:#?}");
        estate.0.clear_faults().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_asks_for_the_subscriptions_once() {
    let estate = Estate::new("answering-once").await;
    let world = &estate.0;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    let file = world.folder.path().join("power.json");
    std::fs::write(&file, json!({ "schema": 1, "change": stop(&estate) }).to_string()).unwrap();
    let file = file.display().to_string();
    let asked = || world.exchanges("GET", "/subscriptions?api-version=").len();
    for command in [["preflight", &file], ["diagnose", &hub(&estate)]] {
        let before = asked();
        let said = berth(&home, &[command[0], command[1], "--sandbox", &ready]);
        assert_eq!(
            asked() - before,
            1,
            "{command:?}: {}",
            String::from_utf8_lossy(&said.stderr)
        );
    }
}
