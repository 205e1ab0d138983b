//! Whether network and subnets are there, fit, and have room.

use super::network::net;
use super::read::VNET as NETWORK;
use super::verdict::{block, info, on, unknown, unread, warn, when};
use super::{Case, Rule, Verdict};
use crate::facts::SubnetFacts;
use crate::finding::WizardStep::Network;
use crate::spec::{NetworkPlugin, Outbound};

const CNI: &str = "learn.microsoft.com/azure/aks/concepts-network-cni-overview";
const PLANNING: &str = "learn.microsoft.com/azure/aks/concepts-network-ip-address-planning";
const OVERLAY: &str = "learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay";
const OUTBOUND: &str = "learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access";
const VNET: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-secure-inferencing-vnet";
/// Pods a node of Azure CNI takes addresses for when nothing else is said
/// (learn.microsoft.com/azure/aks/concepts-network-ip-address-planning).
const PODS_PER_NODE: u32 = 30;
/// Prefix of the range each node of overlay gets.
const OVERLAY_NODE_PREFIX: u8 = 24;

pub(super) const RULES: &[Rule] = &[
    Rule::local("NET-07", Network, OVERLAY, pod_range),
    Rule::azure("NET-09", Network, PLANNING, |case| {
        if takes_pod_addresses(case) {
            room(case, 1 + PODS_PER_NODE)
        } else {
            Vec::new()
        }
    })
    .reading(&[NETWORK], |case| {
        case.own_network().is_some() && takes_pod_addresses(case)
    })
    .says(&["NET-09", "NET-09.untold"]),
    Rule::azure("NET-10", Network, OVERLAY, |case| {
        if takes_pod_addresses(case) {
            Vec::new()
        } else {
            room(case, 1)
        }
    })
    .reading(&[NETWORK], |case| {
        case.own_network().is_some() && !takes_pod_addresses(case)
    })
    .says(&["NET-10", "NET-10.untold"]),
    Rule::azure("NET-11", Network, CNI, own_network).says(&[
        "NET-11",
        "NET-11.absent",
        "NET-11.no_subnet",
        "NET-11.delegated",
        "NET-11.role",
    ]),
    Rule::azure("NET-12", Network, OUTBOUND, no_way_out)
        .reading(&[NETWORK], |case| case.own_network().is_some()),
    Rule::azure("NET-19", Network, VNET, |case| {
        let guarded = subnet(case).filter(|subnet| subnet.has_security_group && case.public());
        on(guarded, |subnet| {
            info("network.vnet.subnet").with("subnet", &subnet.name)
        })
    })
    .reading(&[NETWORK], |case| case.own_network().is_some()),
];

/// Pods take addresses of the subnet.
fn takes_pod_addresses(case: &Case<'_>) -> bool {
    case.creates() && case.spec.network.plugin == NetworkPlugin::Azure
}

/// The chosen subnet of the nodes, once read.
fn subnet<'a>(case: &Case<'a>) -> Option<&'a SubnetFacts> {
    let choice = case.own_network()?;
    case.vnet()?
        .subnets
        .iter()
        .find(|subnet| subnet.name.eq_ignore_ascii_case(&choice.subnet))
}

/// Nodes that come on top during an upgrade: a tenth, one at least
/// (learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling, default of maxSurge).
fn surge(nodes: u32) -> u32 {
    nodes.div_ceil(10).max(1)
}

/// Overlay gives each node a /24 of the pod range.
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
    let most = case.most_nodes();
    let need = u64::from(most) + u64::from(surge(most));
    when(need > fits, || {
        let verdict = block("network.podCidr").with("range", &case.spec.network.pod_cidr);
        verdict.with("nodes", need).with("fits", fits)
    })
}

/// Addresses the subnet must have: so many for each node, nodes of an upgrade included, and one for an internal
/// load balancer.
fn room(case: &Case<'_>, per_node: u32) -> Vec<Verdict> {
    let Some(subnet) = subnet(case) else {
        return Vec::new();
    };
    let most = case.most_nodes();
    let nodes = most.saturating_add(surge(most));
    let need = nodes
        .saturating_mul(per_node)
        .saturating_add(u32::from(case.internal()));
    let about = |verdict: Verdict| {
        verdict
            .with("subnet", &subnet.name)
            .with("need", need)
            .with("nodes", most)
            .with("perNode", per_node)
    };
    match subnet.free_addresses {
        None => vec![about(
            unknown("network.vnet.subnet", "usages of the network").variant("untold"),
        )],
        Some(free) => when(free < need, || {
            about(block("network.vnet.subnet")).with("free", free)
        }),
    }
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
    let mut found = when(
        !vnet.location.eq_ignore_ascii_case(&case.spec.place.location),
        || {
            let verdict = block("network.vnet.name")
                .with("vnet", &vnet.name)
                .with("location", &vnet.location);
            verdict.with("clusterLocation", &case.spec.place.location)
        },
    );
    let Some(subnet) = subnet(case) else {
        found.extend(when(!choice.subnet.is_empty(), || {
            let verdict = block("network.vnet.subnet").variant("no_subnet");
            verdict.with("vnet", &vnet.name).with("subnet", &choice.subnet)
        }));
        return found;
    };
    if let Some(service) = subnet.delegations.first() {
        let verdict = block("network.vnet.subnet").variant("delegated");
        found.push(verdict.with("subnet", &subnet.name).with("service", service));
    } else if !case.internal() {
        // The identity of a cluster that is not made yet cannot have the role beforehand. For an internal address
        // LBR-08 says it, with what comes of it.
        found.push(
            warn("network.vnet.subnet")
                .variant("role")
                .with("vnet", &vnet.name),
        );
    }
    found
}

fn no_way_out(case: &Case<'_>) -> Vec<Verdict> {
    let routed = case.spec.network.outbound == Outbound::UserDefinedRouting && case.creates();
    let closed = subnet(case).filter(|subnet| routed && !subnet.has_route_table && !subnet.has_nat_gateway);
    on(closed, |subnet| {
        warn("network.vnet.subnet").with("subnet", &subnet.name)
    })
}
