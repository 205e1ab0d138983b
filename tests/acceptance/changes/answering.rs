//! Endpoints and deployments on a cluster: diagnosed, listed before they are interrupted, and never assumed absent when
//! they cannot be read.

use super::other_user::OtherUser;
use super::users::{Fleet, blocking, clean_up, named};
use super::*;
use crate::command_line::berth;
use berth_app::accounts::RUNNING_SANDBOX;
use berth_contract::diagnosis::{DiagnoseQuestion, DiagnosisReport};
use berth_domain::diagnosis::Verdict;
use berth_domain::finding::Severity;
use serde_json::json;

const ENDPOINTS: &str = "2024-04-01";

/// Creates an endpoint `scores` on the compute hub-prod and returns its id.
async fn endpoint(fleet: &Fleet, other_user: &OtherUser) -> String {
    let id = format!("{}/onlineEndpoints/scores", fleet.workspace("germanywestcentral"));
    let body = json!({ "location": "germanywestcentral", "identity": { "type": "SystemAssigned" },
        "properties": { "authMode": "Key", "compute": fleet.compute("germanywestcentral", "hub-prod") } });
    other_user.make(&id, ENDPOINTS, body).await;
    id
}

async fn deploy(other_user: &OtherUser, endpoint: &str, name: &str) {
    let body = json!({ "location": "germanywestcentral",
        "properties": { "endpointComputeType": "Kubernetes", "model": "azureml:scores:1" } });
    let id = format!("{endpoint}/deployments/{name}");
    other_user.make(&id, ENDPOINTS, body).await;
}

fn hub(fleet: &Fleet) -> String {
    fleet.cluster("germanywestcentral", "aks-hub-prod")
}

fn stop(fleet: &Fleet) -> Change {
    Change::Power {
        cluster_id: hub(fleet),
        running: false,
    }
}

async fn diagnose(fleet: &Fleet, resource_id: &str) -> DiagnosisReport {
    let question = DiagnoseQuestion {
        account: RUNNING_SANDBOX.to_owned(),
        resource_id: resource_id.to_owned(),
    };
    fleet.0.berth.diagnose(&question).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_deployment_is_found_from_its_endpoint_its_compute_and_its_cluster() {
    let fleet = Fleet::new("answering-failed").await;
    let other_user = OtherUser::of(&fleet.0).await;
    let endpoint = endpoint(&fleet, &other_user).await;
    let fails = json!({ "match": { "method": "PUT", "path": "*/deployments/blue*" },
        "do": { "fail_operation": { "code": "ResourceNotReady", "message": "the container crashed" } } });
    fleet.0.fault(fails).await;
    deploy(&other_user, &endpoint, "blue").await;
    let compute = fleet.compute("germanywestcentral", "hub-prod");
    for id in [&endpoint, &compute, &hub(&fleet)] {
        let report = diagnose(&fleet, id).await;
        assert_eq!((report.verdict, report.healthy), (Verdict::Wrong, false), "{id}");
        let failed = report
            .causes
            .iter()
            .find(|cause| cause.code == "version_not_ready");
        let failed = failed.unwrap_or_else(|| panic!("{id}: {report:#?}"));
        assert_eq!(failed.params["name"], "scores/blue");
        let words = "ResourceNotReady: the container crashed";
        assert!(
            failed.evidence.iter().any(|line| line.contains(words)),
            "{failed:#?}"
        );
    }
    // A compute with unreadable endpoints or deployments is not healthy.
    other_user
        .delete(&format!("{endpoint}/deployments/blue"), ENDPOINTS)
        .await;
    for path in ["*/onlineEndpoints/scores/deployments?*", "*/onlineEndpoints?*"] {
        fleet.refuse(path, json!({ "status": 403 })).await;
        let report = diagnose(&fleet, &compute).await;
        assert!(!report.healthy, "{path}: {report:#?}");
        let unread: Vec<&str> = report.unread.iter().map(|one| one.what.as_str()).collect();
        assert!(unread.contains(&"answering"), "{path}: {unread:?}");
        fleet.0.clear_faults().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deployments_are_listed_before_they_stop_and_unreadable_ones_block() {
    let fleet = Fleet::new("answering-deployments").await;
    let other_user = OtherUser::of(&fleet.0).await;
    let endpoint = endpoint(&fleet, &other_user).await;
    deploy(&other_user, &endpoint, "blue").await;
    let found = fleet.findings(&stop(&fleet), &[]).await;
    assert_eq!(named(&found, "CHG-03")[0].params["names"], "scores (blue)");
    fleet
        .refuse("*/onlineEndpoints/scores/deployments?*", json!({ "status": 403 }))
        .await;
    let found = fleet.findings(&stop(&fleet), &[]).await;
    let unread = named(&found, "USE-01");
    assert_eq!(blocking(&found), ["USE-01.deployments"], "{found:#?}");
    assert_eq!(unread[0].waiver(), format!("USE-01:{endpoint}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_part_of_a_cluster_is_named_and_no_change_is_reported_as_harmless() {
    let fleet = Fleet::new("answering-unread").await;
    let closed = |method: &str, path: &str| json!({ "match": { "method": method, "path": path }, "do": { "status": 403 }, "times": 999 });
    let extensions = closed("GET", "*/extensions?*");
    let inside = closed("POST", "*listClusterAdmin*");
    let clean_up_front_end = clean_up(fleet.cluster("uksouth", "aks-docs-prod"));
    for (change, fault, code, rule) in [
        (stop(&fleet), &extensions, "unread.extensions", "USE-02"),
        (stop(&fleet), &inside, "unread.leftovers", "USE-03"),
        (clean_up_front_end, &extensions, "unread.extensions", "USE-02"),
    ] {
        fleet.0.fault(fault.clone()).await;
        let found = fleet.findings(&change, &[]).await;
        let said: Vec<_> = found.iter().filter(|one| one.code == code).collect();
        assert_eq!(said.len(), 1, "{change:?}: {found:#?}");
        assert_eq!(
            (said[0].rule.as_str(), said[0].severity),
            (rule, Severity::Blocking)
        );
        assert!(found.iter().all(|one| one.code != "CHG-03.none"), "{found:#?}");
        let agreed = fleet.findings(&change, &[said[0].waiver()]).await;
        assert!(blocking(&agreed).is_empty(), "{agreed:#?}");
        fleet.0.clear_faults().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_does_not_say_what_it_is_about_is_unread() {
    let fleet = Fleet::new("answering-anonymous").await;
    let cluster = "*managedClusters/aks-hub-prod?*";
    let extensions = "*managedClusters/aks-hub-prod/*/extensions?*";
    let other = fleet.cluster("westeurope", "aks-spare-weu");
    for (path, body, code) in [
        (
            "/subscriptions?*",
            json!({ "value": [{}] }),
            "USE-01.subscriptions",
        ),
        (
            "/subscriptions?*",
            json!({ "value": [{ "displayName": "x", "state": "Deleted" }] }),
            "USE-01.subscriptions",
        ),
        (cluster, json!({}), "unread.cluster"),
        (
            cluster,
            json!({ "id": other, "name": "aks-spare-weu" }),
            "unread.cluster",
        ),
        (extensions, json!({ "value": [{}] }), "unread.extensions"),
        (
            extensions,
            json!({ "value": [{ "id": format!("{}/providers/Microsoft.KubernetesConfiguration/extensions/x", hub(&fleet)) }] }),
            "unread.extensions",
        ),
    ] {
        fleet.refuse(path, json!({ "body": body })).await;
        let review = fleet.review(&stop(&fleet), &[]).await;
        let found = &review.findings;
        assert!(blocking(found).contains(&code), "{path} {body}: {found:#?}");
        assert!(found.iter().all(|one| one.code != "CHG-03.none"), "{found:#?}");
        fleet.0.clear_faults().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_lists_the_subscriptions_once() {
    let fleet = Fleet::new("answering-once").await;
    let world = &fleet.0;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    let file = world.folder.path().join("power.json");
    std::fs::write(&file, json!({ "schema": 1, "change": stop(&fleet) }).to_string()).unwrap();
    let file = file.display().to_string();
    let list_requests = || world.exchanges("GET", "/subscriptions?api-version=").len();
    for command in [["preflight", &file], ["diagnose", &hub(&fleet)]] {
        let before = list_requests();
        let said = berth(&home, &[command[0], command[1], "--sandbox", &ready]);
        assert_eq!(
            list_requests() - before,
            1,
            "{command:?}: {}",
            String::from_utf8_lossy(&said.stderr)
        );
    }
}
