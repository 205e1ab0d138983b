//! Whether more nodes find addresses: in the subnets of their pools, and in the pod range of the cluster.

use super::super::network::net;
use super::super::subnets::{OVERLAY_NODE_PREFIX, PODS_PER_NODE};
use super::super::verdict::{block, unknown, unread, warn};
use super::super::{Case, Rule, Verdict};
use super::cluster;
use super::versions::surge_nodes;
use crate::change::Change;
use crate::facts::{ClusterFacts, PoolFacts, SubnetFacts};
use crate::finding::WizardStep::Review;
use crate::plan::same_version;
use crate::resource_id::same_resource;

const PLANNING: &str = "learn.microsoft.com/azure/aks/concepts-network-ip-address-planning; \
                        Azure/AKS issue 3653 (InsufficientSubnetSize)";
const OVERLAY: &str = "learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay";
/// Addresses that a node takes from a subnet of pods at a time
/// (learn.microsoft.com/azure/aks/concepts-network-azure-cni-pod-subnet).
const BATCH: u32 = 16;

pub(super) const RULES: &[Rule] = &[
    Rule::azure("NET-23", Review, PLANNING, subnets_full).says(&[
        "NET-23",
        "NET-23.upgrade",
        "NET-23.untold",
    ]),
    Rule::azure("NET-24", Review, OVERLAY, range_full).says(&["NET-24", "NET-24.upgrade"]),
];

/// A pool that gets more nodes.
#[derive(Clone, Copy)]
struct Growth<'a> {
    pool: &'a PoolFacts,
    /// How many more.
    nodes: u32,
    /// How many it could get on top of them during an upgrade.
    surge: u32,
}

/// The pools that grow, in groups that grow at the same time.
fn growing<'a>(case: &Case<'a>) -> Vec<Vec<Growth<'a>>> {
    let (Some(change), Some(cluster)) = (case.change, cluster(case)) else {
        return Vec::new();
    };
    let to = |name: &str, nodes: u32| {
        let pool = cluster.pool(name)?;
        let grown = PoolFacts {
            count: nodes,
            ..pool.clone()
        };
        Some(Growth {
            pool,
            nodes: nodes.saturating_sub(pool.count),
            surge: surge_nodes(&grown),
        })
    };
    let mut groups: Vec<Vec<Growth<'a>>> = match change {
        Change::Scale { pool, nodes, .. } => vec![to(pool, *nodes).into_iter().collect()],
        Change::Autoscale {
            pool,
            bounds: Some(bounds),
            ..
        } => vec![to(pool, bounds.max).into_iter().collect()],
        Change::Upgrade {
            version, nodes: true, ..
        } => {
            let old = cluster
                .pools
                .iter()
                .filter(|pool| !same_version(&pool.version, version));
            let surge = |pool| Growth {
                pool,
                nodes: surge_nodes(pool),
                surge: 0,
            };
            old.map(|pool| vec![surge(pool)]).collect()
        }
        Change::Power { running: true, .. } if cluster.is_stopped() => {
            let all = cluster.pools.iter().map(|pool| Growth {
                pool,
                nodes: pool.count,
                surge: 0,
            });
            vec![all.collect()]
        }
        _ => Vec::new(),
    };
    for group in &mut groups {
        group.retain(|growth| growth.nodes > 0);
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// Whether pods have addresses of their node's subnet.
fn is_flat(cluster: &ClusterFacts) -> bool {
    let overlay = cluster
        .network_plugin_mode
        .as_deref()
        .is_some_and(|mode| mode.eq_ignore_ascii_case("overlay"));
    cluster.network_plugin.eq_ignore_ascii_case("azure") && !overlay
}

/// The subnets that a node of a pool takes addresses from, with the number of addresses.
fn per_node<'a>(cluster: &ClusterFacts, pool: &'a PoolFacts) -> Vec<(&'a str, u32)> {
    let pods = if is_flat(cluster) && pool.pod_subnet_id.is_none() {
        pool.max_pods.unwrap_or(PODS_PER_NODE)
    } else {
        0
    };
    let of_node = pool
        .subnet_id
        .as_deref()
        .map(|subnet| (subnet, pods.saturating_add(1)));
    let of_pods = pool.pod_subnet_id.as_deref().map(|subnet| (subnet, BATCH));
    of_node.into_iter().chain(of_pods).collect()
}

/// What a group takes from one subnet: for its nodes, and with those of an upgrade.
struct Need<'a> {
    subnet_id: &'a str,
    nodes: u32,
    now: u32,
    with_surge: u32,
}

fn needs<'a>(cluster: &ClusterFacts, group: &[Growth<'a>]) -> Vec<Need<'a>> {
    let mut needs: Vec<Need<'a>> = Vec::new();
    for growth in group {
        for (subnet_id, addresses) in per_node(cluster, growth.pool) {
            let now = growth.nodes.saturating_mul(addresses);
            let surge = growth.surge.saturating_mul(addresses);
            let with_surge = now.saturating_add(surge);
            match needs
                .iter_mut()
                .find(|need| same_resource(need.subnet_id, subnet_id))
            {
                Some(need) => {
                    need.nodes = need.nodes.saturating_add(growth.nodes);
                    need.now = need.now.saturating_add(now);
                    need.with_surge = need.with_surge.saturating_add(with_surge);
                }
                None => needs.push(Need {
                    subnet_id,
                    nodes: growth.nodes,
                    now,
                    with_surge,
                }),
            }
        }
    }
    needs
}

fn subnets_full(case: &Case<'_>) -> Vec<Verdict> {
    let Some(cluster) = cluster(case) else {
        return Vec::new();
    };
    let needs: Vec<Need<'_>> = growing(case)
        .iter()
        .flat_map(|group| needs(cluster, group))
        .collect();
    if needs.is_empty() {
        return Vec::new();
    }
    let Some(networks) = case.facts.change.networks.known() else {
        return unread("vnet", &case.facts.change.networks);
    };
    let subnet = |id: &str| {
        let mut all = networks.iter().flat_map(|vnet| &vnet.subnets);
        all.find(|subnet| same_resource(&subnet.id, id))
    };
    needs
        .iter()
        .filter_map(|need| lacking(need, subnet(need.subnet_id)))
        .collect()
}

fn lacking(need: &Need<'_>, subnet: Option<&SubnetFacts>) -> Option<Verdict> {
    let name = crate::resource_id::last_segment(need.subnet_id);
    let about = |verdict: Verdict, addresses: u32| {
        verdict
            .with("subnet", name)
            .with("nodes", need.nodes)
            .with("need", addresses)
    };
    let Some(free) = subnet.and_then(|subnet| subnet.free_addresses) else {
        let verdict = unknown("", "usages of the network").variant("untold");
        return Some(about(verdict, need.now));
    };
    if free < need.now {
        Some(about(block(""), need.now).with("free", free))
    } else if free < need.with_surge {
        Some(about(warn("").variant("upgrade"), need.with_surge).with("free", free))
    } else {
        None
    }
}

/// Each node has a /24 of the pod range, except where pods have addresses of a subnet.
fn range_full(case: &Case<'_>) -> Vec<Verdict> {
    let Some(cluster) = cluster(case).filter(|found| !is_flat(found)) else {
        return Vec::new();
    };
    let Some(range) = cluster
        .pod_cidrs
        .iter()
        .find_map(|range| Some((range, net(range)?)))
    else {
        return Vec::new();
    };
    let (text, range) = range;
    let bits = OVERLAY_NODE_PREFIX.saturating_sub(range.prefix_len());
    let fits = 1_u64.checked_shl(u32::from(bits)).unwrap_or(u64::MAX);
    let stopped = cluster.is_stopped();
    let running = cluster
        .pools
        .iter()
        .map(|pool| u64::from(pool.count))
        .sum::<u64>();
    let verdict = |group: &Vec<Growth<'_>>| {
        let more: u64 = group.iter().map(|growth| u64::from(growth.nodes)).sum();
        let surge: u64 = group.iter().map(|growth| u64::from(growth.surge)).sum();
        let nodes = more.saturating_add(if stopped { 0 } else { running });
        let (verdict, nodes) = if nodes > fits {
            (block(""), nodes)
        } else if nodes.saturating_add(surge) > fits {
            (warn("").variant("upgrade"), nodes.saturating_add(surge))
        } else {
            return None;
        };
        Some(
            verdict
                .with("range", text)
                .with("fits", fits)
                .with("nodes", nodes),
        )
    };
    growing(case).iter().find_map(verdict).into_iter().collect()
}
