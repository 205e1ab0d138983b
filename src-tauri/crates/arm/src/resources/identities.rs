//! Managed identities of workspaces and clusters, and the scopes they need access to (machinelearningservices,
//! containerservice aks, kubernetesconfiguration).

use super::{clusters, extensions, items, optional, text, workspaces};
use crate::{Arm, ArmError};
use berth_domain::facts::{IdentityFacts, IdentityKind, OwnerFacts};
use berth_domain::resource_id::ResourceId;
use serde_json::Value;

/// Lists the workspaces of a subscription with their identities.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_workspaces(arm: &Arm, subscription: &str) -> Result<Vec<OwnerFacts>, ArmError> {
    let path = workspaces::all_of(arm, subscription);
    let all: Vec<Value> = arm.list(&path).await?;
    Ok(all.iter().map(workspace).collect())
}

/// Lists the clusters of a subscription with their identities, those of extensions excluded.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_clusters(arm: &Arm, subscription: &str) -> Result<Vec<OwnerFacts>, ArmError> {
    let path = clusters::all_of(arm, subscription);
    let all: Vec<Value> = arm.list(&path).await?;
    Ok(all.iter().map(cluster).collect())
}

/// Reads a workspace or cluster, identities of extensions excluded; `None` if it does not exist or has another type.
///
/// # Errors
/// See [`ArmError`].
pub async fn get_owner(arm: &Arm, id: &str) -> Result<Option<OwnerFacts>, ArmError> {
    let Some(parsed) = ResourceId::parse(id) else {
        return Ok(None);
    };
    if parsed.is_workspace() {
        let found: Option<Value> = arm.resource(&arm.path(id)).await?;
        return Ok(found.as_ref().map(workspace));
    }
    if !parsed.is_cluster() {
        return Ok(None);
    }
    let found: Option<Value> = arm.resource(&arm.path(id)).await?;
    Ok(found.as_ref().map(cluster))
}

/// Lists the identities of the extensions on a cluster.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_of_extensions(arm: &Arm, cluster_id: &str) -> Result<Vec<IdentityFacts>, ArmError> {
    let all = extensions::list(arm, cluster_id).await?;
    let at = [
        "/identity/principalId",
        "/properties/aksAssignedIdentity/principalId",
    ];
    let principals = all
        .iter()
        .flat_map(|found| at.map(|pointer| optional(found, pointer)));
    Ok(principals
        .flatten()
        .map(|id| identity(id, IdentityKind::Extension))
        .collect())
}

fn workspace(value: &Value) -> OwnerFacts {
    let id = text(value, "/id");
    let used = ["/properties/storageAccount", "/properties/containerRegistry"];
    let used = used.into_iter().filter_map(|at| optional(value, at));
    OwnerFacts {
        identities: own_identities(value),
        scopes: group_of(&id)
            .into_iter()
            .chain(used)
            .chain([id.clone()])
            .collect(),
        id,
    }
}

fn cluster(value: &Value) -> OwnerFacts {
    let id = text(value, "/id");
    let kubelet = optional(value, "/properties/identityProfile/kubeletidentity/objectId");
    let mut identities = own_identities(value);
    identities.extend(kubelet.map(|id| identity(id, IdentityKind::Kubelet)));
    let nodes = optional(value, "/properties/nodeResourceGroup");
    let nodes = nodes
        .zip(ResourceId::parse(&id))
        .map(|(group, id)| format!("/subscriptions/{}/resourceGroups/{group}", id.subscription));
    let subnets: Vec<String> = items(value, "/properties/agentPoolProfiles")
        .flat_map(|pool| ["/vnetSubnetID", "/podSubnetID"].map(|at| optional(pool, at)))
        .flatten()
        .collect();
    let networks = subnets
        .iter()
        .filter_map(|subnet| subnet.rsplit_once("/subnets/"));
    let networks: Vec<String> = networks.map(|(network, _)| network.to_owned()).collect();
    OwnerFacts {
        identities,
        scopes: group_of(&id)
            .into_iter()
            .chain(nodes)
            .chain(subnets)
            .chain(networks)
            .chain([id.clone()])
            .collect(),
        id,
    }
}

fn own_identities(value: &Value) -> Vec<IdentityFacts> {
    let system = optional(value, "/identity/principalId");
    let assigned = value
        .pointer("/identity/userAssignedIdentities")
        .and_then(Value::as_object);
    let assigned = assigned.into_iter().flat_map(|all| all.values());
    let assigned = assigned.filter_map(|one| optional(one, "/principalId"));
    system
        .map(|id| identity(id, IdentityKind::SystemAssigned))
        .into_iter()
        .chain(assigned.map(|id| identity(id, IdentityKind::UserAssigned)))
        .collect()
}

fn identity(principal_id: String, kind: IdentityKind) -> IdentityFacts {
    IdentityFacts { principal_id, kind }
}

/// Resource id of the resource group that a resource is in.
fn group_of(id: &str) -> Option<String> {
    let parsed = ResourceId::parse(id)?;
    let group = parsed.resource_group?;
    Some(format!(
        "/subscriptions/{}/resourceGroups/{group}",
        parsed.subscription
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const GROUP: &str = "/subscriptions/s/resourceGroups/g";

    #[test]
    fn a_cluster_has_identities_for_control_plane_and_nodes() {
        let network = format!("{GROUP}/providers/Microsoft.Network/virtualNetworks/v");
        let (subnet, pods) = (format!("{network}/subnets/n"), format!("{network}/subnets/p"));
        let id = format!("{GROUP}/providers/Microsoft.ContainerService/managedClusters/k");
        let owner = cluster(&json!({
            "id": id,
            "identity": {
                "type": "UserAssigned",
                "userAssignedIdentities": { "/u": { "principalId": "p-user", "clientId": "c" } },
            },
            "properties": {
                "nodeResourceGroup": "MC_g",
                "identityProfile": { "kubeletidentity": { "objectId": "p-nodes" } },
                "agentPoolProfiles": [{ "vnetSubnetID": subnet, "podSubnetID": pods }, {}],
                "servicePrincipalProfile": { "clientId": "msi" },
            },
        }));
        assert_eq!(
            owner.identities,
            [
                identity("p-user".to_owned(), IdentityKind::UserAssigned),
                identity("p-nodes".to_owned(), IdentityKind::Kubelet)
            ]
        );
        let nodes = "/subscriptions/s/resourceGroups/MC_g".to_owned();
        let networks = [network.clone(), network];
        let all: Vec<String> = [GROUP.to_owned(), nodes, subnet, pods]
            .into_iter()
            .chain(networks)
            .chain([id])
            .collect();
        assert_eq!(owner.scopes, all);
    }

    #[test]
    fn the_scopes_of_a_workspace_include_its_storage_and_registry() {
        let id = format!("{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/w");
        let owner = workspace(&json!({
            "id": id,
            "identity": { "type": "SystemAssigned", "principalId": "p-w" },
            "properties": { "storageAccount": "/st", "containerRegistry": null, "keyVault": "/kv" },
        }));
        assert_eq!(
            owner.identities,
            [identity("p-w".to_owned(), IdentityKind::SystemAssigned)]
        );
        assert_eq!(owner.scopes, [GROUP, "/st", &id]);
    }
}
