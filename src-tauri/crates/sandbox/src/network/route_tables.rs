//! Route tables (2024-01-01), and what AKS asks of the network that a cluster is put in.

use super::{ROUTE_TABLE, prefixes, read_only, subnets};
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::world::{Resource, World};
use ipnet::Ipv4Net;
use serde_json::{Value, json};

/// Next hops that AKS accepts for `0.0.0.0/0` (learn.microsoft.com/azure/aks/egress-udr).
const NEXT_HOPS: [&str; 2] = ["VirtualAppliance", "VirtualNetworkGateway"];

pub(super) fn handle(world: &mut World, call: &Call) -> Handled {
    if (call.method.as_str(), call.arm.rest.len()) != ("PUT", 2) {
        return read_only(world, call, ROUTE_TABLE);
    }
    let id = format!("{}/providers/{ROUTE_TABLE}/{}", call.arm.scope, call.name(0));
    let mut body = call.body.clone();
    body["id"] = json!(id);
    body["name"] = json!(call.name(0));
    body["type"] = json!(ROUTE_TABLE);
    body["properties"]["provisioningState"] = json!("Succeeded");
    let known = world.resource(&id).is_some();
    world.put(Resource::new(&id, ROUTE_TABLE, body.clone()));
    Ok(Answer::ok_or_created(known, body))
}

/// Checks the subnet of a new cluster's nodes.
///
/// # Errors
/// 400 for a service range in use by a subnet, for user-defined routing without a suitable route table, and for kubenet beside
/// one (Azure/AKS issues 1117, 1842, 1875 and 2333).
pub(crate) fn check_cluster(world: &World, body: &Value, subnet_id: &str) -> Result<(), Refusal> {
    let profile = &body["properties"]["networkProfile"];
    check_services(world, profile, subnet_id)?;
    let subnet = subnets::find(world, subnet_id).unwrap_or_default();
    let table = subnet["properties"]["routeTable"]["id"].as_str();
    let of_system = body["identity"]["type"] == "SystemAssigned";
    if profile["networkPlugin"] == "kubenet" && of_system && table.is_some() {
        return Err(Refusal::bad_request(
            "CustomRouteTableWithUnsupportedMSIType",
            "Clusters managed identity type SystemAssigned is not supported for BYO route table.",
        ));
    }
    if profile["outboundType"] != "userDefinedRouting" {
        return Ok(());
    }
    let Some(table) = table else {
        return Err(Refusal::bad_request(
            "ExistingRouteTableNotAssociatedWithSubnet",
            format!(
                "An existing route table has not been associated with subnet {subnet_id}. Please update the route table association."
            ),
        ));
    };
    let routes = world
        .resource(table)
        .and_then(|found| found.body["properties"]["routes"].as_array());
    let leads_out = |route: &Value| {
        let hop = route["properties"]["nextHopType"].as_str().unwrap_or_default();
        route["properties"]["addressPrefix"] == "0.0.0.0/0" && NEXT_HOPS.contains(&hop)
    };
    if routes.into_iter().flatten().any(leads_out) {
        return Ok(());
    }
    Err(Refusal::bad_request(
        "RouteTableInvalidNextHop",
        format!(
            "Route table {table} has no default route 0.0.0.0/0 with next hop type VirtualAppliance or VirtualNetworkGateway."
        ),
    ))
}

fn check_services(world: &World, profile: &Value, subnet_id: &str) -> Result<(), Refusal> {
    let services = profile["serviceCidr"].as_str().unwrap_or_default();
    let (Ok(range), Some(vnet)) = (
        services.parse::<Ipv4Net>(),
        world.resource(subnets::vnet_of(subnet_id)),
    ) else {
        return Ok(());
    };
    let subnets = vnet.body["properties"]["subnets"].as_array();
    let used = subnets
        .into_iter()
        .flatten()
        .flat_map(|subnet| prefixes::of_subnet(&subnet["properties"]))
        .find(|used| prefixes::overlap(used, &range));
    match used {
        None => Ok(()),
        Some(used) => Err(Refusal::bad_request(
            "ServiceCidrOverlapExistingSubnetsCidr",
            format!(
                "The specified service CIDR {services} is conflicted with an existing subnet CIDR {used}."
            ),
        )),
    }
}
