//! Pod disruption budgets, which keep nodes from being drained.

use super::users::{Fleet, blocking, named};
use super::*;
use crate::harness::begin_agreed;
use berth_domain::finding::Severity;
use serde_json::json;

/// The cluster with a budget that lets none of the pods of its front end go.
fn held(fleet: &Fleet) -> String {
    fleet.cluster("westeurope", "aks-pricing-prod")
}

fn upgrade(cluster_id: String) -> Change {
    Change::Upgrade {
        cluster_id,
        version: "1.36.2".to_owned(),
        nodes: true,
        support: None,
    }
}

fn scale(cluster_id: String, nodes: u32) -> Change {
    Change::Scale {
        cluster_id,
        pool: "system".to_owned(),
        nodes,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_that_forbids_draining_is_found_before_azure_refuses() {
    let fleet = Fleet::new("budgets").await;
    let findings = fleet.findings(&upgrade(held(&fleet)), &[]).await;
    assert_eq!(blocking(&findings), ["UPG-06"], "{findings:#?}");
    let found = named(&findings, "UPG-06");
    assert_eq!(
        found[0].params["budgets"],
        "azureml/azureml-fe-pdb (3 × azuremlappname=azureml-fe)"
    );
    let fewer = fleet.findings(&scale(held(&fleet), 3), &[]).await;
    assert_eq!(named(&fewer, "SCL-11").len(), 1, "{fewer:#?}");
    let more = fleet.findings(&scale(held(&fleet), 5), &[]).await;
    assert!(named(&more, "SCL-11").is_empty(), "{more:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn azure_refuses_what_the_budget_forbids() {
    let fleet = Fleet::new("budgets-refused").await;
    let goal = fleet.goal(&upgrade(held(&fleet)), &["UPG-06".to_owned()]);
    let run = begin_agreed(&fleet.0.berth, &goal, &[]).await.unwrap();
    let run = fleet.0.berth.wait_for_run(&run.id).await.unwrap();
    assert_eq!(run.summary.state, RunState::Failed, "{run:#?}");
    let text = format!("{run:?}");
    assert!(
        text.contains("UnsatisfiablePDB") && text.contains("azureml/azureml-fe-pdb"),
        "{text}"
    );
    let end = fleet.0.change(scale(held(&fleet), 1)).await.unwrap();
    assert_eq!(end.summary.state, RunState::Failed, "{end:#?}");
    assert!(format!("{end:?}").contains("PodDrainFailure"), "{end:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn budgets_of_a_private_cluster_are_read_by_a_command() {
    let fleet = Fleet::new("budgets-private").await;
    let private = fleet.cluster("germanywestcentral", "aks-health-prod");
    let findings = fleet.findings(&upgrade(private.clone()), &[]).await;
    assert!(
        findings.iter().all(|finding| finding.code != "unread.budgets"),
        "{findings:#?}"
    );
    assert_eq!(fleet.0.exchanges("POST", "/aks-health-prod/runCommand").len(), 1);
    let act = json!({ "status": 403, "code": "AuthorizationFailed", "message": "No." });
    for path in ["*aks-health-prod/runCommand*", "*aks-health-prod/listCluster*"] {
        fleet
            .0
            .fault(json!({ "match": { "method": "POST", "path": path }, "do": act, "times": 99 }))
            .await;
    }
    let findings = fleet.findings(&upgrade(private), &[]).await;
    let unread = findings.iter().find(|finding| finding.code == "unread.budgets");
    let unread = unread.unwrap_or_else(|| panic!("{findings:#?}"));
    assert_eq!(unread.severity, Severity::Blocking, "{unread:#?}");
    assert!(
        unread.waivable && unread.params["why"].contains("AuthorizationFailed"),
        "{unread:#?}"
    );
}
