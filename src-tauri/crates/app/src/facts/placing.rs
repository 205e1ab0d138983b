//! Which cluster a compute is on, and records of what could not be read.

use berth_arm::resources::computes;
use berth_domain::facts::{UnreadKind, UnreadUsers};
use berth_domain::resource_id::{ResourceId, check_part, same_resource};
use serde_json::Value;

/// Where a compute is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// On one of the given clusters.
    Here,
    /// On another cluster, or on none.
    Elsewhere,
    /// Unknown: it may be on a cluster, but Azure does not say which.
    Unknown,
}

/// Compute types that never run on a customer's cluster (`ComputeType` of Microsoft.MachineLearningServices).
const WITHOUT_CLUSTER: [&str; 8] = [
    "AmlCompute",
    "ComputeInstance",
    "DataFactory",
    "Databricks",
    "DataLakeAnalytics",
    "HDInsight",
    "SynapseSpark",
    "VirtualMachine",
];

pub(super) fn place_of(value: &Value, cluster_ids: &[String]) -> Place {
    let compute = computes::compute(value);
    let kind = compute.compute_type.as_str();
    match &compute.cluster_id {
        Some(id) if cluster_ids.iter().any(|cluster| same_resource(cluster, id)) => Place::Here,
        _ if WITHOUT_CLUSTER
            .iter()
            .any(|known| kind.eq_ignore_ascii_case(known)) =>
        {
            Place::Elsewhere
        }
        Some(id) if ResourceId::parse(id).is_some() => Place::Elsewhere,
        // Azure ML has not created its cluster yet, or failed to.
        None if compute.is_classic() && compute.is_attached == Some(false) => Place::Elsewhere,
        _ => Place::Unknown,
    }
}

/// Whether a compute has an id in this workspace.
pub(super) fn is_of(value: &Value, workspace_id: &str) -> bool {
    let below = format!("{}/computes/", workspace_id.to_lowercase());
    let id = value["id"].as_str().unwrap_or_default();
    ResourceId::parse(id).is_some() && id.to_lowercase().starts_with(&below)
}

/// Records a compute whose cluster is unknown, or its workspace if the compute has no usable name.
pub(super) fn unplaced(workspace: &UnreadUsers, value: &Value) -> UnreadUsers {
    let why = if is_of(value, &workspace.resource_id) {
        "Azure does not say which cluster it is on"
    } else {
        "Azure returned no usable id"
    };
    let name = value["name"].as_str().unwrap_or_default();
    if check_part(name).is_err() {
        return workspace.clone().because(format!("one of its computes: {why}"));
    }
    let id = format!("{}/computes/{name}", workspace.resource_id);
    place(&id, UnreadKind::Compute).because(why.to_owned())
}

pub(crate) fn place(id: &str, what: UnreadKind) -> UnreadUsers {
    let name = ResourceId::parse(id).map_or(id, |id| id.name());
    UnreadUsers {
        resource_id: id.to_owned(),
        name: name.to_owned(),
        what,
        why: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const WORKSPACE: &str =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/ml";
    const CLUSTER: &str =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks";

    #[test]
    fn a_compute_without_a_cluster_id_may_be_on_the_cluster() {
        let on = |kind: &str, at: Value| json!({ "name": "c", "properties": { "computeType": kind, "resourceId": at } });
        for (compute, here) in [
            (on("AKS", json!(CLUSTER)), Place::Here),
            (on("Kubernetes", json!(CLUSTER.to_uppercase())), Place::Here),
            (
                on("AKS", json!(CLUSTER.replace("/aks", "/other"))),
                Place::Elsewhere,
            ),
            (on("AmlCompute", Value::Null), Place::Elsewhere),
            (
                json!({ "name": "c", "properties": { "computeType": "AKS", "isAttachedCompute": false } }),
                Place::Elsewhere,
            ),
            (on("AKS", Value::Null), Place::Unknown),
            (on("AKS", json!("aks")), Place::Unknown),
            (on("AKS", json!(7)), Place::Unknown),
            (on("BrandNew", Value::Null), Place::Unknown),
            (json!({ "name": "odd" }), Place::Unknown),
            (json!({ "name": "odd", "properties": null }), Place::Unknown),
            (json!(null), Place::Unknown),
        ] {
            assert!(place_of(&compute, &[CLUSTER.to_owned()]) == here, "{compute}");
        }
    }

    #[test]
    fn an_unplaced_compute_is_recorded_with_an_id_usable_in_a_consent() {
        let workspace = place(WORKSPACE, UnreadKind::Workspace);
        let odd = unplaced(&workspace, &json!({ "name": "odd" }));
        assert_eq!((odd.name.as_str(), odd.what), ("odd", UnreadKind::Compute));
        assert_eq!(odd.resource_id, format!("{WORKSPACE}/computes/odd"));
        for nameless in [json!({}), json!(null), json!({ "name": "../x" })] {
            let unread = unplaced(&workspace, &nameless);
            assert_eq!(
                (unread.what, unread.resource_id.as_str()),
                (UnreadKind::Workspace, WORKSPACE)
            );
        }
    }
}
