//! Virtual networks and load balancer front ends (network).

use super::{items, optional, text, texts};
use crate::{Arm, ArmError};
use berth_domain::facts::{RouteTableFacts, SubnetFacts, VnetFacts};
use berth_domain::resource_id::{ResourceId, same_resource};
use serde_json::Value;

/// Lists the virtual networks of a subscription in a location, with their subnets. Does not read free addresses.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_vnets(arm: &Arm, subscription: &str, location: &str) -> Result<Vec<VnetFacts>, ArmError> {
    let path = arm.path(&format!(
        "/subscriptions/{subscription}/providers/Microsoft.Network/virtualNetworks"
    ));
    let all: Vec<Value> = arm.list(&path).await?;
    Ok(all
        .iter()
        .map(vnet)
        .filter(|vnet| vnet.location.eq_ignore_ascii_case(location))
        .collect())
}

/// Reads a virtual network with the free addresses of its subnets; `None` if it does not exist.
///
/// # Errors
/// See [`ArmError`].
pub async fn get_vnet(arm: &Arm, id: &str) -> Result<Option<VnetFacts>, ArmError> {
    let (path, usages) = (arm.path(id), arm.path(&format!("{id}/usages")));
    let (found, usages) = tokio::join!(arm.resource(&path), arm.list::<Value>(&usages));
    let Some(found) = found? else { return Ok(None) };
    let mut vnet = vnet(&found);
    // Free addresses are optional: without them the network is still usable.
    fill_free(&mut vnet, &usages.unwrap_or_default());
    Ok(Some(vnet))
}

/// Reads the number of free addresses of each subnet into `vnet`.
///
/// # Errors
/// See [`ArmError`].
pub async fn read_free_addresses(arm: &Arm, vnet: &mut VnetFacts) -> Result<(), ArmError> {
    let usages = arm
        .list::<Value>(&arm.path(&format!("{}/usages", vnet.id)))
        .await?;
    fill_free(vnet, &usages);
    Ok(())
}

/// Reads a route table; `None` if it does not exist.
///
/// # Errors
/// See [`ArmError`].
pub async fn get_route_table(arm: &Arm, id: &str) -> Result<Option<RouteTableFacts>, ArmError> {
    let found = arm.resource(&arm.path(id)).await?;
    Ok(found.as_ref().map(route_table))
}

fn route_table(value: &Value) -> RouteTableFacts {
    let default = items(value, "/properties/routes")
        .find(|route| text(route, "/properties/addressPrefix") == "0.0.0.0/0");
    RouteTableFacts {
        name: text(value, "/name"),
        default_next_hop: default.map(|route| text(route, "/properties/nextHopType")),
    }
}

fn fill_free(vnet: &mut VnetFacts, usages: &[Value]) {
    for subnet in &mut vnet.subnets {
        let usage = usages
            .iter()
            .find(|usage| same_resource(&text(usage, "/id"), &subnet.id));
        let figure = |usage: &Value, name: &str| usage.get(name).and_then(Value::as_f64);
        let free = usage.and_then(|usage| Some(figure(usage, "limit")? - figure(usage, "currentValue")?));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to the range of u32"
        )]
        let free = free.map(|free| free.clamp(0.0, f64::from(u32::MAX)) as u32);
        subnet.free_addresses = free;
    }
}

/// A front-end IP address of a load balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontEndAddress {
    /// The IP address.
    pub address: String,
    /// Whether it is public rather than inside a virtual network.
    pub public: bool,
    /// Name of the public IP resource, or of the front-end configuration of a private address.
    pub name: String,
    /// Name of the subnet; `None` for a public address.
    pub subnet: Option<String>,
}

/// Lists the front-end addresses of the load balancers in a resource group, with public IP resources resolved.
///
/// # Errors
/// See [`ArmError`].
pub async fn front_end_addresses(
    arm: &Arm,
    subscription: &str,
    group: &str,
) -> Result<Vec<FrontEndAddress>, ArmError> {
    let base = format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network");
    let (balancers, addresses) = (
        arm.path(&format!("{base}/loadBalancers")),
        arm.path(&format!("{base}/publicIPAddresses")),
    );
    let (balancers, addresses) = tokio::join!(arm.list::<Value>(&balancers), arm.list::<Value>(&addresses));
    let (balancers, addresses) = (balancers?, addresses?);
    let front_ends = balancers
        .iter()
        .flat_map(|balancer| items(balancer, "/properties/frontendIPConfigurations"));
    Ok(front_ends
        .filter_map(|front_end| front_end_address(front_end, &addresses))
        .collect())
}

fn front_end_address(front_end: &Value, addresses: &[Value]) -> Option<FrontEndAddress> {
    if let Some(id) = optional(front_end, "/properties/publicIPAddress/id") {
        let found = addresses
            .iter()
            .find(|address| same_resource(&text(address, "/id"), &id))?;
        let address = optional(found, "/properties/ipAddress")?;
        return Some(FrontEndAddress {
            address,
            public: true,
            name: text(found, "/name"),
            subnet: None,
        });
    }
    let address = optional(front_end, "/properties/privateIPAddress")?;
    let subnet = optional(front_end, "/properties/subnet/id");
    let subnet = subnet.and_then(|id| ResourceId::parse(&id).map(|id| id.name().to_owned()));
    Some(FrontEndAddress {
        address,
        public: false,
        name: text(front_end, "/name"),
        subnet,
    })
}

fn vnet(value: &Value) -> VnetFacts {
    let id = text(value, "/id");
    let resource_group = ResourceId::parse(&id)
        .and_then(|id| id.resource_group)
        .unwrap_or_default()
        .to_owned();
    VnetFacts {
        name: text(value, "/name"),
        resource_group,
        location: text(value, "/location"),
        address_space: texts(value, "/properties/addressSpace/addressPrefixes"),
        subnets: items(value, "/properties/subnets").map(subnet).collect(),
        id,
    }
}

fn subnet(value: &Value) -> SubnetFacts {
    let mut prefixes = texts(value, "/properties/addressPrefixes");
    if prefixes.is_empty() {
        prefixes.extend(optional(value, "/properties/addressPrefix"));
    }
    SubnetFacts {
        id: text(value, "/id"),
        name: text(value, "/name"),
        prefixes,
        delegations: items(value, "/properties/delegations")
            .map(|delegation| text(delegation, "/properties/serviceName"))
            .collect(),
        free_addresses: None,
        route_table_id: optional(value, "/properties/routeTable/id"),
        has_nat_gateway: optional(value, "/properties/natGateway/id").is_some(),
        has_security_group: optional(value, "/properties/networkSecurityGroup/id").is_some(),
        default_outbound_access: value
            .pointer("/properties/defaultOutboundAccess")
            .and_then(Value::as_bool),
    }
}
