//! Validates networks: ranges must be valid, subnets within the network and disjoint, and a subnet in use
//! cannot be removed.

use super::{prefixes, subnets};
use crate::answer::Refusal;
use crate::resource_id::name_of;
use crate::world::World;
use ipnet::Ipv4Net;
use serde_json::Value;

fn invalid_prefix(text: &str) -> Refusal {
    Refusal::bad_request(
        "InvalidAddressPrefixFormat",
        format!("Address prefix {text} has an invalid format."),
    )
}

/// The address ranges of a network.
///
/// # Errors
/// 400 if there is none or one is invalid.
pub(super) fn checked_space(properties: &Value) -> Result<Vec<Ipv4Net>, Refusal> {
    let given = properties["addressSpace"]["addressPrefixes"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    if given.is_empty() {
        let message = "The address space of the virtual network must have at least one address prefix.";
        return Err(Refusal::bad_request("MissingAddressPrefix", message));
    }
    let parse = |prefix: &Value| {
        let text = prefix.as_str().unwrap_or_default();
        text.parse::<Ipv4Net>()
            .ok()
            .filter(|net| net.network() == net.addr())
            .ok_or_else(|| invalid_prefix(text))
    };
    given.iter().map(parse).collect()
}

/// Checks the ranges of subnets.
///
/// # Errors
/// 400 for a range that is invalid, outside the network or overlaps another.
pub(super) fn check_subnets(space: &[Ipv4Net], given: &[Value], vnet: &str) -> Result<(), Refusal> {
    let mut seen: Vec<Ipv4Net> = Vec::new();
    for subnet in given {
        let name = subnet["name"].as_str().unwrap_or_default();
        let ranges = prefixes::of_subnet(&subnet["properties"]);
        let text = subnet["properties"]["addressPrefix"].as_str().unwrap_or_default();
        if ranges.is_empty() || ranges.iter().any(|range| range.network() != range.addr()) {
            return Err(invalid_prefix(text));
        }
        for range in &ranges {
            if !space.iter().any(|space| space.contains(range)) {
                let message = format!(
                    "Subnet '{name}' is not valid because its IP address range is outside the IP address range of virtual network '{vnet}'."
                );
                return Err(Refusal::bad_request("NetcfgSubnetRangeOutsideVnet", message));
            }
            if seen.iter().any(|other| prefixes::overlap(other, range)) {
                let message = format!(
                    "Subnet '{name}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '{vnet}'."
                );
                return Err(Refusal::bad_request("NetcfgSubnetRangesOverlap", message));
            }
        }
        seen.extend(ranges);
    }
    Ok(())
}

/// Checks that a subnet can be deleted.
///
/// # Errors
/// 400 `InUseSubnetCannotBeDeleted` if it is in use.
pub(super) fn check_unused(world: &World, subnet: &str) -> Result<(), Refusal> {
    match subnets::used_by(world, subnet) {
        Some(user) => {
            let message = format!(
                "Subnet {} is in use by {user} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.",
                name_of(subnet)
            );
            Err(Refusal::bad_request("InUseSubnetCannotBeDeleted", message))
        }
        None => Ok(()),
    }
}
