//! The name a person must type to confirm an irreversible deletion.

use super::Change;
use super::serving::Serving;
use crate::facts::Facts;
use crate::resource_id::{ResourceGroupId, ResourceId, same_resource};

/// The name that must be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToConfirm {
    /// No confirmation needed: no cluster, resource group or endpoint is deleted.
    Nothing,
    /// The person must type this name.
    Name(String),
    /// The name of the cluster could not be read, so the change cannot be confirmed.
    Unknown,
}

/// The name a change must be confirmed with: the resource group it deletes, otherwise the cluster or the endpoint.
pub fn to_confirm(change: &Change, facts: &Facts) -> ToConfirm {
    match change {
        Change::DeleteCluster { cluster_id, .. } => cluster_of(as_read(cluster_id, facts)),
        Change::DeleteWithCluster { .. } => match Serving::of(facts) {
            Some(serving) => cluster_of(as_read(&serving.cluster_id, facts)),
            None => ToConfirm::Unknown,
        },
        Change::DeleteEndpoint { endpoint_id, .. } => endpoint_name(endpoint_id, facts),
        Change::ClearUp { resources, .. } => largest(resources.iter().map(|id| as_made(id, facts))),
        _ => ToConfirm::Nothing,
    }
}

/// Whether the required name, if any, was typed. Ignores surrounding whitespace.
pub fn confirmed(change: &Change, facts: &Facts) -> bool {
    match (to_confirm(change, facts), typed(change)) {
        (ToConfirm::Nothing, _) => true,
        (ToConfirm::Name(name), Some(typed)) => typed.trim() == name,
        (ToConfirm::Name(_) | ToConfirm::Unknown, _) => false,
    }
}

pub(super) fn typed(change: &Change) -> Option<&str> {
    match change {
        Change::DeleteCluster { confirm, .. }
        | Change::DeleteWithCluster { confirm, .. }
        | Change::DeleteEndpoint { confirm, .. }
        | Change::ClearUp { confirm, .. } => Some(confirm),
        _ => None,
    }
}

fn cluster_of(id: &str) -> ToConfirm {
    match cluster_name(id) {
        Some(name) => ToConfirm::Name(name.to_owned()),
        None => ToConfirm::Unknown,
    }
}

/// The name of an endpoint as Azure writes it, if it was read.
fn endpoint_name(id: &str, facts: &Facts) -> ToConfirm {
    let read = facts.change.endpoint.known().and_then(Option::as_ref);
    let name = read.and_then(|endpoint| endpoint["name"].as_str());
    let given = ResourceId::parse(id).filter(ResourceId::is_endpoint);
    match name.or(given.as_ref().map(ResourceId::name)) {
        Some(name) => ToConfirm::Name(name.to_owned()),
        None => ToConfirm::Unknown,
    }
}

/// The id of a cluster as Azure writes it, if it was read; people type ids in any case.
fn as_read<'a>(id: &'a str, facts: &'a Facts) -> &'a str {
    let read = facts.cluster.known().and_then(Option::as_ref);
    let same = read.filter(|read| same_resource(&read.id, id));
    same.map_or(id, |read| &read.id)
}

/// The id of a resource as written by the run that created it.
fn as_made<'a>(id: &'a str, facts: &'a Facts) -> &'a str {
    let run = facts.change.run.known().and_then(Option::as_ref);
    run.and_then(|run| run.made(id))
        .map_or(id, |made| &made.resource_id)
}

fn largest<'a>(resources: impl Iterator<Item = &'a str> + Clone) -> ToConfirm {
    let mut ids = resources.map(|id| id.trim_end_matches('/'));
    let group = ids
        .clone()
        .find_map(|id| ResourceGroupId::parse(id).map(|group| group.name));
    match group.or_else(|| ids.find_map(cluster_name)) {
        Some(name) => ToConfirm::Name(name.to_owned()),
        None => ToConfirm::Nothing,
    }
}

fn cluster_name(id: &str) -> Option<&str> {
    let parsed = ResourceId::parse(id.trim_end_matches('/'))?;
    parsed.is_cluster().then(|| parsed.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP: &str = "/subscriptions/s/resourceGroups/rg";
    const CLUSTER: &str =
        "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks";

    fn clear_up(resources: &[&str], confirm: &str) -> Change {
        Change::ClearUp {
            run: "r".to_owned(),
            resources: resources.iter().map(|id| (*id).to_owned()).collect(),
            confirm: confirm.to_owned(),
        }
    }

    #[test]
    fn the_largest_deleted_resource_must_be_typed() {
        let facts = Facts::default();
        let extension = format!("{CLUSTER}/providers/Microsoft.KubernetesConfiguration/extensions/azureml");
        for (resources, wanted) in [
            (&[CLUSTER, GROUP, &extension] as &[&str], Some("rg")),
            (&[&extension, CLUSTER], Some("aks")),
            (&[&format!("{CLUSTER}/")], Some("aks")),
            (&[&GROUP.to_lowercase()], Some("rg")),
            (&[&extension], None),
            (&[], None),
        ] {
            let wanted = wanted.map_or(ToConfirm::Nothing, |name| ToConfirm::Name(name.to_owned()));
            assert_eq!(
                to_confirm(&clear_up(resources, ""), &facts),
                wanted,
                "{resources:?}"
            );
        }
    }

    #[test]
    fn the_name_has_the_case_recorded_by_the_run() {
        use crate::facts::{Fact, MadeFacts, RunFacts};
        let mut facts = Facts::default();
        let made = |id: &str| MadeFacts {
            resource_id: id.to_owned(),
            ..MadeFacts::default()
        };
        facts.change.run = Fact::Known(Some(RunFacts {
            made: vec![made(GROUP), made(CLUSTER)],
            ..RunFacts::default()
        }));
        let change = clear_up(&[&CLUSTER.to_uppercase()], "aks");
        assert_eq!(to_confirm(&change, &facts), ToConfirm::Name("aks".to_owned()));
        assert!(confirmed(&change, &facts));
    }

    #[test]
    fn the_typed_name_is_compared_exactly() {
        let facts = Facts::default();
        for (typed, passes) in [
            ("rg", true),
            (" rg\n", true),
            ("", false),
            ("RG", false),
            ("aks", false),
        ] {
            assert_eq!(
                confirmed(&clear_up(&[GROUP, CLUSTER], typed), &facts),
                passes,
                "{typed:?}"
            );
        }
    }

    #[test]
    fn the_name_has_the_case_that_azure_returns() {
        let resource = serde_json::json!({ "state": "known", "value": {
            "id": CLUSTER, "name": "aks", "resourceGroup": "rg", "subscriptionId": "s", "location": "x", "kubernetesVersion": "",
            "provisioningState": "", "powerState": "", "identityType": null, "principalId": null, "pools": [],
            "loadBalancerSku": "", "networkPlugin": "", "privateCluster": false, "privatePublicFqdn": false,
            "runCommand": true, "tier": "", "supportPlan": "", "authorizedRanges": [], "localAccountsDisabled": false,
            "nodeResourceGroup": "", "tags": {}, "podCidrs": [],
        } });
        let facts = Facts {
            cluster: serde_json::from_value(resource).unwrap(),
            ..Facts::default()
        };
        let delete = Change::DeleteCluster {
            cluster_id: CLUSTER.to_uppercase(),
            confirm: String::new(),
        };
        assert_eq!(to_confirm(&delete, &facts), ToConfirm::Name("aks".to_owned()));
    }

    #[test]
    fn a_name_that_could_not_be_read_is_never_confirmed() {
        let facts = Facts::default();
        for confirm in ["", "aks", "x"] {
            let confirm = confirm.to_owned();
            let with = Change::DeleteWithCluster {
                compute_id: "/c".to_owned(),
                confirm: confirm.clone(),
            };
            let odd = Change::DeleteCluster {
                cluster_id: "x".to_owned(),
                confirm,
            };
            assert!(!confirmed(&with, &facts) && !confirmed(&odd, &facts));
        }
    }
}
