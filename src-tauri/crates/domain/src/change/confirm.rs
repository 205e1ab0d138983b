//! The name a person types before something is deleted that cannot be brought back.

use super::Change;
use super::serving::Serving;
use crate::facts::Facts;
use crate::resource_id::{ResourceGroupId, ResourceId};

/// Which name has to be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToConfirm {
    /// None: no cluster and no resource group is deleted.
    Nothing,
    /// This one.
    Name(String),
    /// The one of a cluster that could not be read.
    Unknown,
}

/// Which name a change asks for: that of the largest thing it deletes, the resource group or else the cluster.
pub fn to_confirm(change: &Change, facts: &Facts) -> ToConfirm {
    match change {
        Change::DeleteCluster { cluster_id, .. } => cluster_of(cluster_id, facts),
        Change::DeleteWithCluster { .. } => match Serving::of(facts) {
            Some(serving) => cluster_of(&serving.cluster_id, facts),
            None => ToConfirm::Unknown,
        },
        Change::ClearUp { resources, .. } => largest(resources),
        _ => ToConfirm::Nothing,
    }
}

/// Whether the name was typed, but for spaces around it, where one has to be.
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
        | Change::ClearUp { confirm, .. } => Some(confirm),
        _ => None,
    }
}

/// The name as Azure writes it, where it was read: an id may come in other letters.
fn cluster_of(id: &str, facts: &Facts) -> ToConfirm {
    let Some(name) = cluster_name(id) else {
        return ToConfirm::Unknown;
    };
    let read = facts.cluster.known().and_then(Option::as_ref);
    let own = read.map(|cluster| cluster.name.as_str());
    let own = own.filter(|own| own.eq_ignore_ascii_case(name));
    ToConfirm::Name(own.unwrap_or(name).to_owned())
}

fn largest(resources: &[String]) -> ToConfirm {
    let ids = || resources.iter().map(|id| id.trim_end_matches('/'));
    let group = ids().find_map(|id| ResourceGroupId::parse(id).map(|group| group.name));
    match group.or_else(|| ids().find_map(cluster_name)) {
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
    fn the_largest_thing_that_goes_is_named() {
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
    fn it_is_compared_exactly() {
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
    fn the_name_is_the_one_azure_writes() {
        let resource = serde_json::json!({ "state": "known", "value": {
            "id": CLUSTER, "name": "aks", "resourceGroup": "rg", "subscriptionId": "s", "location": "x", "kubernetesVersion": "",
            "provisioningState": "", "powerState": "", "identityType": null, "principalId": null, "pools": [],
            "loadBalancerSku": "", "networkPlugin": "", "privateCluster": false, "privatePublicFqdn": false,
            "runCommand": true, "tier": "", "supportPlan": "", "authorizedRanges": [], "localAccountsDisabled": false,
            "nodeResourceGroup": "", "tags": {},
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
