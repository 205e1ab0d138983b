//! Single addresses of a subnet: which are taken, which are free.

use super::{LOAD_BALANCER, prefixes, subnets};
use crate::resource_id::key;
use crate::world::{Resource, World};
use serde_json::Value;
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

/// Azure reserves the first four addresses of a range.
const FIRST: u32 = 4;

/// A load balancer's private addresses in a subnet.
pub(crate) fn private_addresses<'a>(
    balancer: &'a Resource,
    subnet: &str,
) -> impl Iterator<Item = Ipv4Addr> + use<'a> {
    let wanted = key(subnet);
    let front_ends = balancer.body["properties"]["frontendIPConfigurations"]
        .as_array()
        .into_iter()
        .flatten();
    let here = move |front_end: &&Value| {
        front_end["properties"]["subnet"]["id"]
            .as_str()
            .is_some_and(|subnet| key(subnet) == wanted)
    };
    front_ends
        .filter(here)
        .filter_map(|front_end| front_end["properties"]["privateIPAddress"].as_str()?.parse().ok())
}

/// Private addresses of all load balancers in a subnet.
pub(crate) fn of_balancers(world: &World, subnet: &str) -> BTreeSet<Ipv4Addr> {
    world
        .list("", LOAD_BALANCER)
        .flat_map(|balancer| private_addresses(balancer, subnet))
        .collect()
}

/// Whether an address of a subnet is free.
pub(crate) fn is_free(world: &World, subnet: &str, address: Ipv4Addr) -> bool {
    free(world, subnet).any(|free| free == address)
}

/// Free addresses of a subnet, lowest first.
pub(crate) fn free(world: &World, subnet: &str) -> impl Iterator<Item = Ipv4Addr> + use<> {
    let prefixes = subnets::find(world, subnet)
        .map(|body| prefixes::of_subnet(&body["properties"]))
        .unwrap_or_default();
    let balancers = of_balancers(world, subnet);
    let skipped = subnets::unlisted_used(world, subnet) as usize;
    let hosts = prefixes.into_iter().flat_map(|prefix| {
        let first = u32::from(prefix.network()).saturating_add(FIRST);
        (first..u32::from(prefix.broadcast())).map(Ipv4Addr::from)
    });
    hosts
        .skip(skipped)
        .filter(move |address| !balancers.contains(address))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_next_free_address_skips_used_ones() {
        let vnet = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v";
        let subnet = format!("{vnet}/subnets/a");
        let mut world = World::default();
        world.put(Resource::new(
            vnet,
            super::super::VNET,
            json!({"properties": {"subnets": [{"name": "a", "properties": {
                "addressPrefix": "10.0.0.0/28", "ipConfigurations": [{"id": "x"}, {"id": "y"}]}}]}}),
        ));
        assert_eq!(subnets::used(&world, &subnet), 2);
        assert_eq!(free(&world, &subnet).next(), Some(Ipv4Addr::new(10, 0, 0, 6)));
        world.put(Resource::new(
            "/subscriptions/s/resourceGroups/mc/providers/Microsoft.Network/loadBalancers/kubernetes-internal",
            LOAD_BALANCER,
            json!({"properties": {"frontendIPConfigurations": [
                {"properties": {"privateIPAddress": "10.0.0.6", "subnet": {"id": subnet}}}]}}),
        ));
        assert_eq!(free(&world, &subnet).next(), Some(Ipv4Addr::new(10, 0, 0, 7)));
        assert_eq!(subnets::used(&world, &subnet), 3);
        assert!(!is_free(&world, &subnet, Ipv4Addr::new(10, 0, 0, 6)));
    }
}
