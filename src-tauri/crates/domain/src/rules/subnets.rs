//! Whether the virtual network and its subnets exist, suit the cluster, and have enough free addresses.

use super::network::net;
use super::read::VNET as NETWORK;
use super::verdict::{block, info, on, unknown, unread, warn, when};
use super::{Case, Rule, Verdict};
use crate::facts::SubnetFacts;
use crate::finding::WizardStep::Network;
use crate::spec::{NetworkPlugin, Outbound};

const CNI: &str = "learn.microsoft.com/azure/aks/concepts-network-cni-overview; \
                   learn.microsoft.com/azure/aks/concepts-network-legacy-cni; \
                   learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/subnetisdelegated-error";
const PLANNING: &str = "learn.microsoft.com/azure/aks/concepts-network-ip-address-planning; \
                        learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/subnetisfull-error";
const OVERLAY: &str = "learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay";
const EGRESS: &str = "learn.microsoft.com/azure/aks/egress-udr; Azure/AKS issues 1842 and 1875";
const VNET: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-secure-inferencing-vnet";
/// One page says that a subnet for nodes cannot be delegated, another that it can be delegated to this service.
const AKS_DELEGATION: &str = "Microsoft.ContainerService/managedClusters";
/// Next hops for `0.0.0.0/0` that AKS accepts (learn.microsoft.com/azure/aks/egress-udr).
const NEXT_HOPS: [&str; 2] = ["VirtualAppliance", "VirtualNetworkGateway"];
/// Default number of pods per node with Azure CNI, each of which takes an address
/// (learn.microsoft.com/azure/aks/concepts-network-ip-address-planning).
pub(super) const PODS_PER_NODE: u32 = 30;
/// Prefix length of the range that Azure CNI Overlay assigns to each node.
pub(super) const OVERLAY_NODE_PREFIX: u8 = 24;

pub(super) const RULES: &[Rule] = &[
    Rule::local("NET-07", Network, OVERLAY, pod_range).says(&["NET-07", "NET-07.upgrade"]),
    Rule::azure("NET-09", Network, PLANNING, |case| {
        if pods_use_subnet(case) {
            free_addresses(case, 1 + PODS_PER_NODE)
        } else {
            Vec::new()
        }
    })
    .reading(&[NETWORK], |case| {
        case.own_network().is_some() && pods_use_subnet(case)
    })
    .says(&["NET-09", "NET-09.upgrade", "NET-09.untold"]),
    Rule::azure("NET-10", Network, OVERLAY, |case| {
        if pods_use_subnet(case) {
            Vec::new()
        } else {
            free_addresses(case, 1)
        }
    })
    .reading(&[NETWORK], |case| {
        case.own_network().is_some() && !pods_use_subnet(case)
    })
    .says(&["NET-10", "NET-10.upgrade", "NET-10.untold"]),
    Rule::azure("NET-11", Network, CNI, own_network).says(&[
        "NET-11",
        "NET-11.absent",
        "NET-11.no_subnet",
        "NET-11.delegated",
        "NET-11.delegated_to_aks",
        "NET-11.role",
    ]),
    Rule::azure("NET-12", Network, EGRESS, no_outbound_route)
        .reading(&[NETWORK], |case| case.own_network().is_some())
        .says(&["NET-12", "NET-12.nat", "NET-12.next_hop"]),
    Rule::azure("NET-19", Network, VNET, |case| {
        let filtered = subnet(case).filter(|subnet| subnet.has_security_group && case.public());
        on(filtered, |subnet| {
            info("network.vnet.subnet").with("subnet", &subnet.name)
        })
    })
    .reading(&[NETWORK], |case| case.own_network().is_some()),
];

/// Whether pods get addresses from the subnet.
fn pods_use_subnet(case: &Case<'_>) -> bool {
    case.creates() && case.spec.network.plugin == NetworkPlugin::Azure
}

/// The chosen subnet of the nodes, if it was read.
fn subnet<'a>(case: &Case<'a>) -> Option<&'a SubnetFacts> {
    case.vnet()?.subnet(&case.own_network()?.subnet)
}

/// Extra nodes during an upgrade. AKS adds 10 %, at least one (Azure/AKS CHANGELOG, release of 2025-03-16, default of maxSurge).
fn surge(nodes: u32) -> u32 {
    nodes.div_ceil(10).max(1)
}

/// Whether there is room for all nodes during an upgrade.
#[derive(PartialEq)]
enum Room {
    Enough,
    /// For one extra node, but not for all that AKS adds by default. Which of them AKS asks for when it makes a cluster is not
    /// settled (Azure/AKS issue 4467).
    ForOneExtra,
    TooLittle,
}

/// Compares what `nodes` nodes need with what is free.
fn room(nodes: u32, fits: impl Fn(u32) -> bool) -> Room {
    if fits(nodes.saturating_add(surge(nodes))) {
        Room::Enough
    } else if fits(nodes.saturating_add(1)) {
        Room::ForOneExtra
    } else {
        Room::TooLittle
    }
}

/// The verdict for a lack of room: a warning if only an upgrade would lack it.
fn lacking(room: &Room, field: &'static str) -> Option<Verdict> {
    match room {
        Room::Enough => None,
        Room::ForOneExtra => Some(warn(field).variant("upgrade")),
        Room::TooLittle => Some(block(field)),
    }
}

/// Azure CNI Overlay assigns each node a /24 of the pod range.
fn pod_range(case: &Case<'_>) -> Vec<Verdict> {
    if !case.creates() || case.spec.network.plugin != NetworkPlugin::AzureOverlay {
        return Vec::new();
    }
    let Some(range) = net(&case.spec.network.pod_cidr) else {
        return Vec::new();
    };
    let fits = OVERLAY_NODE_PREFIX
        .checked_sub(range.prefix_len())
        .map_or(0, |bits| 1_u64 << bits);
    let max_nodes = case.max_nodes();
    let room = room(max_nodes, |nodes| u64::from(nodes) <= fits);
    on(lacking(&room, "network.podCidr"), |verdict| {
        let need = u64::from(max_nodes) + u64::from(surge(max_nodes));
        let verdict = verdict.with("range", &case.spec.network.pod_cidr);
        verdict.with("nodes", need).with("fits", fits)
    })
}

/// Checks that the subnet has enough free addresses: `per_node` for each node, including the extra nodes of an upgrade,
/// and one for an internal load balancer.
fn free_addresses(case: &Case<'_>, per_node: u32) -> Vec<Verdict> {
    let Some(subnet) = subnet(case) else {
        return Vec::new();
    };
    let max_nodes = case.max_nodes();
    let needed = |nodes: u32| {
        let addresses = nodes.saturating_mul(per_node);
        addresses.saturating_add(u32::from(case.internal()))
    };
    let about = |verdict: Verdict| {
        verdict
            .with("subnet", &subnet.name)
            .with("need", needed(max_nodes.saturating_add(surge(max_nodes))))
            .with("nodes", max_nodes)
            .with("perNode", per_node)
    };
    let Some(free) = subnet.free_addresses else {
        return vec![about(
            unknown("network.vnet.subnet", "usages of the network").variant("untold"),
        )];
    };
    let room = room(max_nodes, |nodes| needed(nodes) <= free);
    on(lacking(&room, "network.vnet.subnet"), |verdict| {
        about(verdict).with("free", free)
    })
}

fn own_network(case: &Case<'_>) -> Vec<Verdict> {
    let Some(choice) = case.own_network().filter(|choice| !choice.name.is_empty()) else {
        return Vec::new();
    };
    let vnet = match case.facts.vnet.known() {
        None => return unread("vnet", &case.facts.vnet),
        Some(None) => {
            return vec![
                block("network.vnet.name")
                    .variant("absent")
                    .with("vnet", &choice.name),
            ];
        }
        Some(Some(vnet)) => vnet,
    };
    let mut found = when(!case.is_located_in(&vnet.location), || {
        let verdict = block("network.vnet.name")
            .with("vnet", &vnet.name)
            .with("location", &vnet.location);
        verdict.with("clusterLocation", case.location())
    });
    let Some(subnet) = subnet(case) else {
        found.extend(when(!choice.subnet.is_empty(), || {
            let verdict = block("network.vnet.subnet").variant("no_subnet");
            verdict.with("vnet", &vnet.name).with("subnet", &choice.subnet)
        }));
        return found;
    };
    if let Some(service) = subnet.delegations.first() {
        let verdict = if service.eq_ignore_ascii_case(AKS_DELEGATION) {
            warn("network.vnet.subnet").variant("delegated_to_aks")
        } else {
            block("network.vnet.subnet").variant("delegated")
        };
        found.push(verdict.with("subnet", &subnet.name).with("service", service));
    } else if !case.internal() {
        // The identity of a cluster that does not exist yet cannot have the role. For an internal address LBR-08 reports
        // this together with the consequence.
        found.push(
            warn("network.vnet.subnet")
                .variant("role")
                .with("vnet", &vnet.name),
        );
    }
    found
}

/// AKS refuses user-defined routing without a route table on the subnet (`ExistingRouteTableNotAssociatedWithSubnet`), also
/// beside a NAT gateway, and with one that sends `0.0.0.0/0` elsewhere (`RouteTableInvalidNextHop`).
fn no_outbound_route(case: &Case<'_>) -> Vec<Verdict> {
    let uses_route_table = case.spec.network.outbound == Outbound::UserDefinedRouting && case.creates();
    let Some(subnet) = subnet(case).filter(|_| uses_route_table) else {
        return Vec::new();
    };
    let without = || block("network.vnet.subnet").with("subnet", &subnet.name);
    if subnet.route_table_id.is_none() {
        return vec![if subnet.has_nat_gateway {
            without().variant("nat")
        } else {
            without()
        }];
    }
    let table = match case.facts.route_table.known() {
        None => return unread("route_table", &case.facts.route_table),
        Some(None) => return vec![without()],
        Some(Some(table)) => table,
    };
    let hop = table.default_next_hop.as_deref();
    let suits = |hop: &str| NEXT_HOPS.iter().any(|good| good.eq_ignore_ascii_case(hop));
    when(!hop.is_some_and(suits), || {
        without()
            .variant("next_hop")
            .with("table", &table.name)
            .with("hop", hop.unwrap_or("–"))
    })
}
