//! Subnets, stored in the body of their network. Their free addresses are counted from what uses them: other
//! teams' network interfaces (`ipConfigurations`), nodes and pods of clusters, and internal load balancers.

use super::{LOAD_BALANCER, addresses, prefixes};
use crate::answer::Refusal;
use crate::resource_id::{key, name_of};
use crate::world::{Resource, World};
use serde_json::{Value, json};

/// Default pods per node with Azure CNI on the node subnet
/// (learn.microsoft.com/azure/aks/quotas-skus-regions).
const DEFAULT_MAX_PODS: u64 = 30;

/// The network id in a subnet id.
pub(crate) fn vnet_of(subnet: &str) -> &str {
    let cut = key(subnet).rfind("/subnets/");
    cut.map_or(subnet, |cut| &subnet[..cut])
}

/// Returns a subnet's body by its id.
pub(crate) fn find(world: &World, id: &str) -> Option<Value> {
    let vnet = world.resource(vnet_of(id))?;
    find_in_vnet(vnet, name_of(id)).cloned()
}

/// Returns a subnet's body by its name in a network.
pub(crate) fn find_in_vnet<'a>(vnet: &'a Resource, name: &str) -> Option<&'a Value> {
    let subnets = vnet.body["properties"]["subnets"].as_array()?;
    subnets.iter().find(|subnet| {
        subnet["name"]
            .as_str()
            .is_some_and(|found| found.eq_ignore_ascii_case(name))
    })
}

/// Usable addresses of a subnet.
pub(crate) fn size(subnet: &Value) -> u64 {
    prefixes::of_subnet(&subnet["properties"])
        .iter()
        .map(prefixes::usable)
        .sum()
}

/// Used addresses of a subnet.
pub(crate) fn used(world: &World, id: &str) -> u64 {
    unlisted_used(world, id) + addresses::of_balancers(world, id).len() as u64
}

/// Used addresses that the state does not list one by one: other teams' network interfaces, nodes and pods.
/// They are taken from the start of the range.
pub(crate) fn unlisted_used(world: &World, id: &str) -> u64 {
    let others =
        find(world, id).and_then(|subnet| subnet["properties"]["ipConfigurations"].as_array().map(Vec::len));
    others.unwrap_or_default() as u64 + nodes_and_pods(world, id)
}

fn nodes_and_pods(world: &World, id: &str) -> u64 {
    let id = key(id);
    let clusters = world.list("", "Microsoft.ContainerService/managedClusters");
    let pools = clusters.flat_map(|cluster| {
        let flat = pods_have_subnet_addresses(&cluster.body["properties"]["networkProfile"]);
        let pools = cluster.body["properties"]["agentPoolProfiles"]
            .as_array()
            .into_iter()
            .flatten();
        pools.map(move |pool| (pool, flat))
    });
    let here = |pool: &Value| {
        pool["vnetSubnetID"]
            .as_str()
            .is_some_and(|subnet| key(subnet) == id)
    };
    pools
        .filter(|(pool, _)| here(pool))
        .map(|(pool, flat)| {
            let nodes = pool["count"].as_u64().unwrap_or_default();
            let pods = pool["maxPods"].as_u64().unwrap_or(DEFAULT_MAX_PODS);
            if flat { nodes * (1 + pods) } else { nodes }
        })
        .sum()
}

/// Checks that the subnet of a pool has addresses for the nodes that it gets.
///
/// # Errors
/// 400 `InsufficientSubnetSize` (Azure/AKS issue 3653).
pub(crate) fn check_growth(
    world: &World,
    profile: &Value,
    old: Option<&Value>,
    pool: &Value,
) -> Result<(), Refusal> {
    let id = pool["vnetSubnetID"].as_str().unwrap_or_default();
    let Some(subnet) = find(world, id) else {
        return Ok(());
    };
    let count = |pool: &Value| pool["count"].as_u64().unwrap_or_default();
    let scales = pool["enableAutoScaling"] == true;
    let most = pool["maxCount"].as_u64().filter(|_| scales);
    let pods = pool["maxPods"].as_u64().unwrap_or(DEFAULT_MAX_PODS);
    let per_node = if pods_have_subnet_addresses(profile) {
        1 + pods
    } else {
        1
    };
    let more = most.unwrap_or(count(pool)).saturating_sub(old.map_or(0, count));
    let (needed, free) = (more * per_node, size(&subnet).saturating_sub(used(world, id)));
    if needed <= free {
        return Ok(());
    }
    let message = format!(
        "Pre-allocated IPs {needed} exceeds IPs available {free} in Subnet Cidr {}, Subnet Name {}. If Autoscaler is enabled, the max-count from each nodepool is counted towards this total.",
        subnet["properties"]["addressPrefix"],
        name_of(id)
    );
    Err(Refusal::bad_request("InsufficientSubnetSize", message))
}

/// Azure CNI without overlay gives each pod an address of the subnet.
fn pods_have_subnet_addresses(network: &Value) -> bool {
    network["networkPlugin"] == "azure" && network["networkPluginMode"] != "overlay"
}

/// What uses a subnet, in words, for the refusal to delete it.
pub(crate) fn used_by(world: &World, id: &str) -> Option<String> {
    let configurations = find(world, id)?["properties"]["ipConfigurations"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let other = configurations
        .first()
        .and_then(|first| first["id"].as_str())
        .map(str::to_string);
    let wanted = key(id);
    let node = || {
        let clusters = world.list("", "Microsoft.ContainerService/managedClusters");
        let here = |cluster: &&Resource| {
            let pools = cluster.body["properties"]["agentPoolProfiles"]
                .as_array()
                .into_iter()
                .flatten();
            pools
                .filter_map(|pool| pool["vnetSubnetID"].as_str())
                .any(|subnet| key(subnet) == wanted)
        };
        clusters.filter(here).map(|cluster| cluster.id.clone()).next()
    };
    let balancer = || {
        let balancers = world.list("", LOAD_BALANCER);
        balancers
            .filter(|balancer| addresses::private_addresses(balancer, id).next().is_some())
            .map(|found| found.id.clone())
            .next()
    };
    other.or_else(node).or_else(balancer)
}

/// The body of a new or changed subnet, from the request.
pub(crate) fn body(vnet: &str, name: &str, given: &Value, old: Option<&Value>, state: &str) -> Value {
    let mut properties = given["properties"].as_object().cloned().unwrap_or_default();
    let id = format!("{vnet}/subnets/{name}");
    properties.insert("provisioningState".to_string(), json!(state));
    properties
        .entry("privateEndpointNetworkPolicies")
        .or_insert(json!("Disabled"));
    properties
        .entry("privateLinkServiceNetworkPolicies")
        .or_insert(json!("Enabled"));
    let delegations = properties.entry("delegations").or_insert(json!([]));
    for delegation in delegations.as_array_mut().into_iter().flatten() {
        let name = delegation["name"].as_str().unwrap_or("delegation").to_string();
        delegation["id"] = json!(format!("{id}/delegations/{name}"));
        delegation["type"] = json!("Microsoft.Network/virtualNetworks/subnets/delegations");
        delegation["properties"]["provisioningState"] = json!("Succeeded");
    }
    properties.remove("ipConfigurations");
    if let Some(kept) = old.and_then(|old| old["properties"].get("ipConfigurations")) {
        properties.insert("ipConfigurations".to_string(), kept.clone());
    }
    json!({
        "id": id,
        "name": name,
        "etag": format!("W/{}", crate::world::new_etag()),
        "properties": properties,
        "type": "Microsoft.Network/virtualNetworks/subnets",
    })
}
