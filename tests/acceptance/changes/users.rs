//! The users of a cluster: workspaces of all subscriptions count, and an unreadable one does not hide the others.

use super::other_user::OtherUser;
use super::*;
use crate::harness::begin_agreed;
use berth_app::accounts;
use berth_contract::diagnosis::DiagnoseQuestion;
use berth_contract::failure::FailureCode;
use berth_contract::model::GoalOn;
use berth_contract::review::Review;
use berth_domain::change::Goal;
use berth_domain::finding::{Finding, Severity};
use berth_domain::spec::{ClusterChoice, WorkspaceRef};
use berth_sandbox::Seed;
use serde_json::json;

pub const ML: &str = "2025-12-01";
pub const LAB: &str = "c27e94d8-1a0b-4f3c-b6e5-8d90a1c3f752";
pub const MACHINE_LEARNING: &str = "providers/Microsoft.MachineLearningServices/workspaces";

/// The seeded fleet, which has grown for years.
pub struct Fleet(pub World);

impl Fleet {
    pub async fn new(name: &str) -> Self {
        Self(World::seeded(name, 1200.0, Seed::Fleet).await)
    }

    pub fn group(&self, location: &str) -> String {
        let subscription = &self.0.ready.subscription_ids[0];
        format!("/subscriptions/{subscription}/resourceGroups/rg-serving-{location}")
    }

    pub fn cluster(&self, location: &str, name: &str) -> String {
        let group = self.group(location);
        format!("{group}/providers/Microsoft.ContainerService/managedClusters/{name}")
    }

    pub fn workspace(&self, location: &str) -> String {
        format!("{}/{MACHINE_LEARNING}/ml-{location}", self.group(location))
    }

    pub fn compute(&self, location: &str, name: &str) -> String {
        format!("{}/computes/{name}", self.workspace(location))
    }

    pub fn goal(&self, change: &Change, waived: &[String]) -> GoalOn {
        GoalOn {
            account: accounts::RUNNING_SANDBOX.to_owned(),
            goal: Goal::Change {
                change: Box::new(change.clone()),
                waived: waived.to_vec(),
            },
        }
    }

    pub async fn review(&self, change: &Change, waived: &[String]) -> Review {
        self.0.berth.review(&self.goal(change, waived)).await.unwrap()
    }

    pub async fn findings(&self, change: &Change, waived: &[String]) -> Vec<Finding> {
        self.review(change, waived).await.findings
    }

    pub async fn refuse(&self, path: &str, act: Value) {
        let fault = json!({ "match": { "method": "GET", "path": path }, "do": act, "times": 99999 });
        self.0.fault(fault).await;
    }

    /// Counts the objects that a front end without a compute has left in a cluster.
    pub async fn leftover_count(&self, cluster: &str) -> usize {
        self.0.look(cluster).await.leftovers.len()
    }
}

pub fn named<'a>(found: &'a [Finding], rule: &str) -> Vec<&'a Finding> {
    found.iter().filter(|finding| finding.rule == rule).collect()
}

pub fn blocking(found: &[Finding]) -> Vec<&str> {
    let all = found
        .iter()
        .filter(|finding| finding.severity == Severity::Blocking);
    all.map(|finding| finding.code.as_str()).collect()
}

pub fn clean_up(cluster_id: String) -> Change {
    Change::CleanUp { cluster_id }
}

#[tokio::test(flavor = "multi_thread")]
async fn workspaces_in_other_subscriptions_count() {
    let fleet = Fleet::new("users-other-subscription").await;
    let world = &fleet.0;
    let cluster = fleet.cluster("uksouth", "aks-docs-prod");
    let attach = |subscription: &str, group: &str, workspace: &str| Spec {
        cluster: ClusterChoice::Existing {
            resource_id: cluster.clone(),
        },
        place: berth_domain::spec::Place {
            subscription_id: world.ready.subscription_ids[0].clone(),
            resource_group: "rg-serving-uksouth".to_owned(),
            location: "uksouth".to_owned(),
            workspace: WorkspaceRef {
                subscription_id: subscription.to_owned(),
                resource_group: group.to_owned(),
                name: workspace.to_owned(),
            },
            cluster_name: "aks-docs-prod".to_owned(),
            compute_name: "docs-lab".to_owned(),
            ..world.attach_existing(Route::Classic).place
        },
        ..world.attach_existing(Route::Classic)
    };
    let end = world.run(attach(LAB, "rg-ml-lab", "ml-lab")).await.unwrap();
    assert_succeeded(&end);
    // It is not reported as a leftover either.
    let question = DiagnoseQuestion {
        account: accounts::RUNNING_SANDBOX.to_owned(),
        resource_id: cluster.clone(),
    };
    let report = world.berth.diagnose(&question).await.unwrap();
    let leftovers = report.causes.iter().any(|cause| cause.code == "leftovers");
    assert!(!leftovers, "{report:#?}");
    let found = fleet.findings(&clean_up(cluster.clone()), &[]).await;
    let in_use = named(&found, "CLN-01");
    assert_eq!(in_use[0].params["computes"], "docs-lab (ml-lab)", "{found:#?}");
    assert_eq!(blocking(&found), ["CLN-01"]);
    let delete = Change::DeleteCluster {
        cluster_id: cluster.to_uppercase(),
        confirm: "aks-docs-prod".to_owned(),
    };
    let found = fleet.findings(&delete, &[]).await;
    assert_eq!(named(&found, "ATT-21")[0].params["computes"], "docs-lab (ml-lab)");
    let prod = &world.ready.subscription_ids[0];
    let again = attach(prod, "rg-serving-uksouth", "ml-uksouth");
    let report = world.berth.review(&world.on(again)).await.unwrap();
    assert!(blocking(&report.findings).contains(&"ATT-04"), "{report:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_workspace_does_not_hide_the_others() {
    let fleet = Fleet::new("users-one-unread").await;
    let other_user = OtherUser::of(&fleet.0).await;
    let old = format!("{}/{MACHINE_LEARNING}/ml-trial-old", fleet.group("westeurope"));
    other_user
        .make(&old, ML, json!({ "location": "westeurope", "properties": {} }))
        .await;
    let cleans = clean_up(fleet.cluster("westeurope", "aks-churn-prod"));
    // A workspace that is gone has no computes.
    for path in [
        "*workspaces/ml-trial-old/computes?*",
        "*workspaces/ml-trial-old?*",
    ] {
        let gone = json!({ "status": 404, "code": "ResourceNotFound" });
        fleet.refuse(path, gone).await;
    }
    let found = fleet.findings(&cleans, &[]).await;
    assert_eq!(blocking(&found), ["CLN-01"], "{found:#?}");
    assert!(named(&found, "USE-01").is_empty());
    // A workspace that denies access is named, beside what the others report.
    fleet
        .refuse(
            "*workspaces/ml-francecentral/computes?*",
            json!({ "status": 403 }),
        )
        .await;
    let found = fleet.findings(&cleans, &[]).await;
    assert_eq!(blocking(&found), ["CLN-01", "USE-01.workspace"], "{found:#?}");
    let unread = named(&found, "USE-01")[0];
    assert_eq!(unread.params["name"], "ml-francecentral");
    // Consent to an unknown user does not cover a known one.
    let consents = [unread.waiver()];
    let refused = begin_agreed(&fleet.0.berth, &fleet.goal(&cleans, &[]), &consents).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, FailureCode::BlockedByPreflight);
    assert_eq!(refused.params["rules"], "CLN-01");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_computes_are_detached_before_a_cluster_is_deleted_with_its_own() {
    let fleet = Fleet::new("users-made-by-aml").await;
    let other_user = OtherUser::of(&fleet.0).await;
    let cluster = fleet.cluster("northeurope", "aks-legacy-7f3a");
    let other = fleet.compute("westeurope", "legacy-too");
    let body = json!({ "location": "westeurope", "properties": {
        "computeType": "AKS", "resourceId": cluster.to_lowercase(),
        "properties": { "clusterPurpose": "FastProd", "loadBalancerType": "PublicIp" },
    } });
    other_user.make(&other, ML, body).await;
    let delete = Change::DeleteWithCluster {
        compute_id: fleet.compute("northeurope", "legacy-7f3a"),
        confirm: "aks-legacy-7f3a".to_owned(),
    };
    let found = fleet.findings(&delete, &[]).await;
    let names = &named(&found, "ATT-21")[0].params["computes"];
    assert_eq!(names, "legacy-too (ml-westeurope)");
    let end = fleet.0.change(delete).await.unwrap();
    assert_succeeded(&end);
    assert_eq!(steps(&end), ["detach_1", "delete_with_cluster", "confirm"]);
    assert_eq!(other_user.find(&other, ML).await, None);
}

/// Creates a compute of another workspace on the cluster of fraud-prod, with an endpoint.
async fn share_fraud(fleet: &Fleet) -> String {
    let other_user = OtherUser::of(&fleet.0).await;
    let shared = fleet.compute("uksouth", "fraud-two");
    let body = json!({ "location": "uksouth", "identity": { "type": "SystemAssigned" }, "properties": {
        "computeType": "Kubernetes", "resourceId": fleet.cluster("westeurope", "aks-fraud-prod"),
        "properties": { "namespace": "default" },
    } });
    other_user.make(&shared, ML, body).await;
    let endpoint = format!("{}/onlineEndpoints/scores-uk", fleet.workspace("uksouth"));
    let body = json!({ "location": "uksouth", "identity": { "type": "SystemAssigned" },
        "properties": { "authMode": "Key", "compute": shared } });
    other_user.make(&endpoint, "2024-04-01", body).await;
    shared
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_to_a_shared_front_end_names_all_its_users() {
    let fleet = Fleet::new("users-shared-front-end").await;
    let shared = share_fraud(&fleet).await;
    let compute_id = fleet.compute("westeurope", "fraud-prod");
    let interrupting = [
        Change::Tls {
            compute_id: compute_id.clone(),
            tls: Tls::None,
        },
        Change::LoadBalancer {
            compute_id: compute_id.clone(),
            load_balancer: LoadBalancer::Internal { subnet: None },
        },
        Change::Power {
            cluster_id: fleet.cluster("westeurope", "aks-fraud-prod"),
            running: false,
        },
    ];
    for change in &interrupting {
        let found = fleet.findings(change, &[]).await;
        let names = &named(&found, "CHG-03")[0].params["names"];
        assert_eq!(names, "scores-uk", "{change:?}");
    }
    // If the endpoints cannot be read, nobody is reported as unaffected.
    fleet
        .refuse(
            "*workspaces/ml-uksouth/onlineEndpoints?*",
            json!({ "status": 403 }),
        )
        .await;
    for change in &interrupting {
        let found = fleet.findings(change, &[]).await;
        assert!(named(&found, "CHG-03").is_empty(), "{found:#?}");
        let unread = named(&found, "USE-01");
        assert_eq!(unread.len(), 1);
        assert_eq!(
            (unread[0].code.as_str(), unread[0].severity),
            ("USE-01.services", Severity::Blocking)
        );
        assert!(
            unread[0]
                .resource
                .as_deref()
                .is_some_and(|id| id.eq_ignore_ascii_case(&shared))
        );
    }
}
