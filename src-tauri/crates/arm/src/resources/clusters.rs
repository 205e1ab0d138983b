//! AKS clusters and their kubeconfigs (containerservice aks, managedClusters.json).

mod untold;

use super::{flag, items, number, optional, pairs, text, texts};
use crate::error::BadJson;
use crate::{Arm, ArmError};
use base64::Engine as _;
use berth_domain::facts::{ClusterFacts, NodesOfSize, PoolFacts, UpgradeTarget};
use berth_domain::resource_id::ResourceId;
use secrecy::SecretString;
use serde_json::{Value, json};

/// Token scope for clusters with Entra ID: the AKS server application, the same in every cloud
/// (learn.microsoft.com/azure/aks/kubelogin-authentication).
pub(super) const CLUSTER_APP: &str = "6dae42f8-4368-4678-94ff-3960e28e3630/.default";

/// Lists the clusters of a subscription.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_clusters(arm: &Arm, subscription: &str) -> Result<Vec<ClusterFacts>, ArmError> {
    let all: Vec<Value> = arm.list(&all_of(arm, subscription)).await?;
    Ok(all.iter().map(cluster).collect())
}

/// Path and query of the list of clusters of a subscription.
pub(super) fn all_of(arm: &Arm, subscription: &str) -> String {
    arm.path(&format!(
        "/subscriptions/{subscription}/providers/Microsoft.ContainerService/managedClusters"
    ))
}

/// Reads a cluster; `None` if it does not exist.
///
/// # Errors
/// See [`ArmError`].
pub async fn get_cluster(arm: &Arm, id: &str) -> Result<Option<ClusterFacts>, ArmError> {
    let found = get_cluster_whole(arm, id).await?;
    Ok(found.map(|(facts, _)| facts))
}

/// Reads a cluster, parsed and in Azure's JSON; `None` if it does not exist. Refuses an answer without the node pools or their
/// numbers of nodes, which would pass for none.
///
/// # Errors
/// See [`ArmError`].
pub async fn get_cluster_whole(arm: &Arm, id: &str) -> Result<Option<(ClusterFacts, Value)>, ArmError> {
    let found: Option<Value> = arm.resource(&arm.path(id)).await?;
    match found {
        Some(value) if !untold::tells_nodes(&value) => Err(ArmError::BadAnswer {
            method: "GET".to_owned(),
            path: id.to_owned(),
            source: BadJson::lacks("it does not say how many nodes the cluster has"),
        }),
        found => Ok(found.map(|value| (cluster(&value), value))),
    }
}

/// Host names of a cluster's API server; empty if the cluster does not exist.
///
/// # Errors
/// See [`ArmError`].
pub(crate) async fn server_names(arm: &Arm, id: &str) -> Result<Vec<String>, ArmError> {
    let found: Option<Value> = arm.resource(&arm.path(id)).await?;
    let members = [
        "/properties/fqdn",
        "/properties/privateFQDN",
        "/properties/azurePortalFQDN",
    ];
    let name = |at: &&str| optional(found.as_ref()?, at);
    Ok(members.iter().filter_map(name).collect())
}

/// Lists the versions that a cluster can be upgraded to in one step (`upgradeProfiles/default`).
///
/// # Errors
/// See [`ArmError`].
pub async fn list_upgrades(arm: &Arm, id: &str) -> Result<Vec<UpgradeTarget>, ArmError> {
    let profile: Value = arm
        .get(&arm.path(&format!("{id}/upgradeProfiles/default")))
        .await?;
    Ok(items(&profile, "/properties/controlPlaneProfile/upgrades")
        .map(|target| UpgradeTarget {
            version: text(target, "/kubernetesVersion"),
            is_preview: flag(target, "/isPreview"),
        })
        .collect())
}

/// Fetches the administrator's kubeconfig. `None` if Azure issues none, for example because local accounts are
/// disabled.
///
/// # Errors
/// See [`ArmError`].
pub async fn admin_kubeconfig(arm: &Arm, cluster_id: &str) -> Result<Option<SecretString>, ArmError> {
    kubeconfig(
        arm,
        &arm.path(&format!("{cluster_id}/listClusterAdminCredential")),
    )
    .await
}

/// Fetches the user's kubeconfig. For a cluster with Entra ID, that kubeconfig runs a program to sign in
/// (managedClusters.json, `format=exec`; learn.microsoft.com/azure/aks/kubelogin-authentication).
///
/// # Errors
/// See [`ArmError`].
pub async fn user_kubeconfig(arm: &Arm, cluster_id: &str) -> Result<Option<SecretString>, ArmError> {
    let path = arm.path(&format!("{cluster_id}/listClusterUserCredential"));
    kubeconfig(arm, &format!("{path}&format=exec")).await
}

/// Gets the account's token for clusters with Entra ID. Send it only to an address for which [`Arm::is_server_of`]
/// returns true.
///
/// # Errors
/// [`ArmError::NoToken`].
pub async fn cluster_token(arm: &Arm) -> Result<SecretString, ArmError> {
    let token = arm.token_for(CLUSTER_APP).await;
    token.map(SecretString::from).map_err(|source| ArmError::NoToken {
        host: arm.host(),
        source: source.into(),
    })
}

async fn kubeconfig(arm: &Arm, path: &str) -> Result<Option<SecretString>, ArmError> {
    let answer: Value = arm.post(path, &json!({})).await?;
    let encoded = items(&answer, "/kubeconfigs").find_map(|config| optional(config, "/value"));
    let decoded = encoded.and_then(|text| base64::engine::general_purpose::STANDARD.decode(text).ok());
    Ok(decoded
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .map(SecretString::from))
}

fn cluster(value: &Value) -> ClusterFacts {
    let id = text(value, "/id");
    let parsed = ResourceId::parse(&id);
    let group = parsed
        .as_ref()
        .and_then(|id| id.resource_group)
        .unwrap_or_default()
        .to_owned();
    let subscription = parsed.map_or("", |id| id.subscription).to_owned();
    let running = optional(value, "/properties/currentKubernetesVersion");
    ClusterFacts {
        name: text(value, "/name"),
        resource_group: group,
        subscription_id: subscription,
        location: text(value, "/location"),
        kubernetes_version: running.unwrap_or_else(|| text(value, "/properties/kubernetesVersion")),
        provisioning_state: text(value, "/properties/provisioningState").into(),
        power_state: optional(value, "/properties/powerState/code").unwrap_or_else(|| "Running".to_owned()),
        identity_type: optional(value, "/identity/type").filter(|kind| kind != "None"),
        principal_id: control_plane(value),
        pools: items(value, "/properties/agentPoolProfiles").map(pool).collect(),
        load_balancer_sku: text(value, "/properties/networkProfile/loadBalancerSku"),
        network_plugin: text(value, "/properties/networkProfile/networkPlugin"),
        private_cluster: flag(value, "/properties/apiServerAccessProfile/enablePrivateCluster"),
        private_public_fqdn: flag(
            value,
            "/properties/apiServerAccessProfile/enablePrivateClusterPublicFQDN",
        ),
        run_command: !flag(value, "/properties/apiServerAccessProfile/disableRunCommand"),
        sku_name: optional(value, "/sku/name"),
        node_provisioning: optional(value, "/properties/nodeProvisioningProfile/mode"),
        network_plugin_mode: optional(value, "/properties/networkProfile/networkPluginMode"),
        pod_cidrs: pod_cidrs(value),
        tier: text(value, "/sku/tier"),
        support_plan: optional(value, "/properties/supportPlan")
            .unwrap_or_else(|| "KubernetesOfficial".to_owned()),
        authorized_ranges: texts(value, "/properties/apiServerAccessProfile/authorizedIPRanges"),
        local_accounts_disabled: flag(value, "/properties/disableLocalAccounts"),
        node_resource_group: text(value, "/properties/nodeResourceGroup"),
        tags: pairs(value, "/tags"),
        untold: untold::members(value),
        id,
    }
}

/// Principal id of the control plane's identity. A cluster has either a system-assigned one or exactly one user-assigned
/// one (managedClusters.json, `userAssignedIdentities`); of several, none is known to be the one.
fn control_plane(value: &Value) -> Option<String> {
    let kind = text(value, "/identity/type");
    if !kind.eq_ignore_ascii_case("UserAssigned") {
        return optional(value, "/identity/principalId");
    }
    let assigned = value
        .pointer("/identity/userAssignedIdentities")
        .and_then(Value::as_object)?;
    let mut assigned = assigned.values();
    match (assigned.next(), assigned.next()) {
        (Some(only), None) => optional(only, "/principalId"),
        _ => None,
    }
}

/// The ranges of the pods. `podCidrs` has one per IP family, `podCidr` the first of them.
fn pod_cidrs(value: &Value) -> Vec<String> {
    let all = texts(value, "/properties/networkProfile/podCidrs");
    if all.is_empty() {
        optional(value, "/properties/networkProfile/podCidr")
            .into_iter()
            .collect()
    } else {
        all
    }
}

/// The nodes of a pool by size. A pool of the type `VirtualMachines` has no size and number of its own
/// (learn.microsoft.com/azure/aks/virtual-machines-node-pools).
fn nodes(value: &Value) -> Vec<NodesOfSize> {
    let of = |path, size| {
        let one = |nodes: &Value| NodesOfSize {
            vm_size: text(nodes, size),
            count: number(nodes, "/count").unwrap_or_default(),
        };
        items(value, path).map(one).collect::<Vec<_>>()
    };
    let seen = of("/virtualMachineNodesStatus", "/size");
    let wanted = of("/virtualMachinesProfile/scale/manual", "/size");
    match (seen.is_empty(), wanted.is_empty()) {
        (false, _) => seen,
        (true, false) => wanted,
        (true, true) => vec![NodesOfSize {
            vm_size: text(value, "/vmSize"),
            count: number(value, "/count").unwrap_or_default(),
        }],
    }
}

/// The size that all nodes have.
fn only_size(nodes: &[NodesOfSize]) -> String {
    match nodes {
        [one] => one.vm_size.clone(),
        _ => String::new(),
    }
}

fn pool(value: &Value) -> PoolFacts {
    let scales = flag(value, "/enableAutoScaling");
    let nodes = nodes(value);
    PoolFacts {
        name: text(value, "/name"),
        kind: text(value, "/type"),
        vm_size: only_size(&nodes),
        count: nodes.iter().fold(0, |all, nodes| all.saturating_add(nodes.count)),
        os_sku: optional(value, "/osSKU"),
        priority: optional(value, "/scaleSetPriority"),
        max_pods: number(value, "/maxPods"),
        pod_subnet_id: optional(value, "/podSubnetID"),
        max_unavailable: optional(value, "/upgradeSettings/maxUnavailable"),
        mode: text(value, "/mode"),
        os_type: optional(value, "/osType").unwrap_or_else(|| "Linux".to_owned()),
        version: optional(value, "/currentOrchestratorVersion")
            .unwrap_or_else(|| text(value, "/orchestratorVersion")),
        max_surge: optional(value, "/upgradeSettings/maxSurge"),
        power_state: optional(value, "/powerState/code").unwrap_or_else(|| "Running".to_owned()),
        taints: texts(value, "/nodeTaints"),
        provisioning_state: text(value, "/provisioningState").into(),
        min_count: number(value, "/minCount").filter(|_| scales),
        max_count: number(value, "/maxCount").filter(|_| scales),
        subnet_id: optional(value, "/vnetSubnetID"),
        mixed: if nodes.len() > 1 { nodes } else { Vec::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_identity_of_the_control_plane_is_the_only_one_of_its_type() {
        let one = json!({ "/u": { "principalId": "p-user" } });
        let two = json!({ "/u": { "principalId": "p-user" }, "/v": { "principalId": "p-other" } });
        let unread = json!({ "/u": null });
        for (identity, principal) in [
            (json!({ "type": "SystemAssigned", "principalId": "p" }), Some("p")),
            (
                json!({ "type": "UserAssigned", "userAssignedIdentities": one }),
                Some("p-user"),
            ),
            (
                json!({ "type": "userassigned", "principalId": "", "userAssignedIdentities": one }),
                Some("p-user"),
            ),
            (
                json!({ "type": "UserAssigned", "userAssignedIdentities": two }),
                None,
            ),
            (
                json!({ "type": "UserAssigned", "userAssignedIdentities": unread }),
                None,
            ),
            (
                json!({ "type": "SystemAssigned", "principalId": "p", "userAssignedIdentities": one }),
                Some("p"),
            ),
            (json!({ "type": "None" }), None),
            (Value::Null, None),
        ] {
            let found = cluster(&json!({ "identity": identity }));
            assert_eq!(found.principal_id.as_deref(), principal, "{identity}");
        }
    }
}
