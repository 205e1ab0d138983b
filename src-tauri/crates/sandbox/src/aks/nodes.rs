//! The contents of a cluster's node resource group, and what other providers need to know about its nodes.

use crate::compute::sizes;
use crate::kubernetes::uid_of;
use crate::network::{VNET, subnets};
use crate::resource_id::{ArmPath, resource_group_id};
use crate::scoring::balancers;
use crate::world::{Resource, World};
use serde_json::{Value, json};

/// Subnet name in the networks that AKS creates.
pub(crate) const OWN_SUBNET: &str = "aks-subnet";

/// Creates a ready cluster's Kubernetes objects, network and load balancer.
pub(super) fn create_node_resources(world: &mut World, cluster: &str) {
    let Some(found) = world.resource(cluster) else {
        return;
    };
    let found = found.clone();
    world.objects_mut(cluster);
    if subnet_of_pools(&found).is_none() {
        own_network(world, &found);
    }
    balancers::reconcile(world, cluster);
}

pub(crate) fn pools(cluster: &Resource) -> impl Iterator<Item = &Value> {
    cluster.body["properties"]["agentPoolProfiles"]
        .as_array()
        .into_iter()
        .flatten()
}

/// Id of the resource group that holds a cluster's infrastructure.
pub(crate) fn node_group(cluster: &Resource) -> String {
    let subscription = ArmPath::parse(&cluster.id).subscription.unwrap_or_default();
    let name = cluster.body["properties"]["nodeResourceGroup"]
        .as_str()
        .unwrap_or_default();
    resource_group_id(&subscription, name)
}

/// The eight digits by which AKS distinguishes the resources of clusters.
pub(crate) fn digits(cluster: &Resource) -> String {
    let uid = uid_of(cluster).bytes().take(8);
    uid.map(|byte| char::from(b'0' + byte % 10)).collect()
}

/// Nodes and vCPU of the running Linux pools on which the scheduler places pods without tolerations.
pub(crate) fn untainted_capacity(cluster: &Resource) -> (u64, u64) {
    let repels = |taint: &Value| {
        let effect = taint.as_str().and_then(|taint| taint.rsplit(':').next());
        matches!(effect, Some("NoSchedule" | "NoExecute"))
    };
    let open = pools(cluster).filter(|pool| {
        let repelled = pool["nodeTaints"].as_array().into_iter().flatten().any(repels);
        !repelled && pool["osType"] != "Windows" && pool["powerState"]["code"] != "Stopped"
    });
    open.fold((0, 0), |(machines, vcpus), pool| {
        let count = pool["count"].as_u64().unwrap_or(1);
        let size = sizes::find(pool["vmSize"].as_str().unwrap_or_default());
        (
            machines + count,
            vcpus + count * size.map_or(0, |size| size.vcpus),
        )
    })
}

pub(crate) fn subnet(cluster: &Resource) -> String {
    subnet_of_pools(cluster).unwrap_or_else(|| format!("{}/subnets/{OWN_SUBNET}", own_vnet(cluster)))
}

/// Id of a subnet, by name, in the network of a cluster's nodes.
pub(crate) fn sibling_subnet(world: &World, cluster: &Resource, name: &str) -> Option<String> {
    let vnet = subnets::vnet_of(&subnet(cluster)).to_string();
    let found = subnets::find_in_vnet(world.resource(&vnet)?, name)?;
    found["id"].as_str().map(str::to_string)
}

fn subnet_of_pools(cluster: &Resource) -> Option<String> {
    let ids = pools(cluster).filter_map(|pool| pool["vnetSubnetID"].as_str());
    ids.filter(|id| !id.is_empty()).map(str::to_string).next()
}

fn own_vnet(cluster: &Resource) -> String {
    format!(
        "{}/providers/{VNET}/aks-vnet-{}",
        node_group(cluster),
        digits(cluster)
    )
}

/// Creates the network that AKS makes when the request names no subnet.
fn own_network(world: &mut World, cluster: &Resource) {
    let id = own_vnet(cluster);
    if world.resource(&id).is_some() {
        return;
    }
    let given = json!({ "properties": { "addressPrefix": "10.224.0.0/16" } });
    let subnet: Value = subnets::body(&id, OWN_SUBNET, &given, None, "Succeeded");
    let body = json!({
        "id": id, "name": crate::resource_id::name_of(&id), "type": VNET, "location": cluster.location(),
        "properties": { "provisioningState": "Succeeded", "addressSpace": { "addressPrefixes": ["10.224.0.0/12"] }, "subnets": [subnet] },
    });
    world.put(Resource::new(&id, VNET, body));
}
