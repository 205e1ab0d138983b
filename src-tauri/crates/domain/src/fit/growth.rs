//! Nodes that a cluster can get: what the autoscaler may add, and what a new node offers.

use super::amounts::Amounts;
use super::node::{Taint, repelled};
use super::workload::Workload;
use crate::facts::{Fact, VmSize};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use ts_rs::TS;

/// A node pool.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Pool {
    pub name: String,
    pub nodes: u32,
    /// The most nodes that the autoscaler may make of it; `None` if it is off.
    pub most: Option<u32>,
    /// Labels of its nodes, with `kubernetes.io/os`.
    pub labels: BTreeMap<String, String>,
    pub taints: Vec<Taint>,
    /// What a new node has free; see [`new_node`].
    pub new_node: Fact<Amounts>,
    /// vCPU of one node.
    pub vcpus: u32,
    /// vCPU left in the quota of its VM family or of the location, whichever is less.
    pub quota: Fact<u32>,
}

/// Nodes to add to a pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AddedNodes {
    pub pool: String,
    pub nodes: u32,
}

/// Whether the autoscaler can make room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Growth {
    Enough(Vec<AddedNodes>),
    TooLittle,
    Unknown(String),
}

impl Pool {
    /// Nodes that the autoscaler may still add.
    fn more(&self) -> u32 {
        self.most.unwrap_or(0).saturating_sub(self.nodes)
    }

    /// Whether a workload's pods may run on its nodes.
    pub(super) fn takes(&self, workload: &Workload) -> bool {
        repelled(&self.labels, &self.taints, workload).is_empty()
    }

    /// Replicas on one new node; `None` if unknown.
    pub(super) fn room(&self, workload: &Workload) -> Option<u32> {
        self.new_node.known().map(|free| free.holds(&workload.request()))
    }
}

/// Lets the autoscaler add nodes until the missing replicas have room, in pools whose nodes hold the most first.
pub(super) fn grow(pools: &[Pool], workload: &Workload, missing: u32) -> Growth {
    let growing = pools
        .iter()
        .filter(|pool| pool.more() > 0 && pool.takes(workload));
    let (known, unread): (Vec<&Pool>, Vec<&Pool>) =
        growing.partition(|pool| pool.new_node.known().is_some() && pool.quota.known().is_some());
    let mut known: Vec<(&Pool, u32)> = known
        .into_iter()
        .filter_map(|pool| Some((pool, pool.room(workload)?)))
        .collect();
    known.retain(|(_, room)| *room > 0);
    known.sort_by_key(|(_, room)| Reverse(*room));
    let (mut missing, mut vcpus, mut added) = (missing, 0, Vec::new());
    for (pool, room) in known {
        // Pools may share a quota.
        let quota = pool
            .quota
            .known()
            .map_or(0, |left| left.saturating_sub(vcpus) / pool.vcpus.max(1));
        let nodes = missing.div_ceil(room).min(pool.more()).min(quota);
        if nodes > 0 {
            missing = missing.saturating_sub(nodes.saturating_mul(room));
            vcpus = nodes.saturating_mul(pool.vcpus).saturating_add(vcpus);
            added.push(AddedNodes {
                pool: pool.name.clone(),
                nodes,
            });
        }
    }
    match (missing, unread.first()) {
        (0, _) => Growth::Enough(added),
        (_, None) => Growth::TooLittle,
        (_, Some(pool)) => {
            let why = pool.new_node.why_unknown().or(pool.quota.why_unknown());
            Growth::Unknown(format!("{}: {}", pool.name, why.unwrap_or("it was not read")))
        }
    }
}

/// What AKS keeps of a node for itself, from Kubernetes 1.29 on: CPU by the published table, memory as the smaller of
/// 20 MB per pod plus 50 MB and a quarter, plus 100 MiB below which pods are evicted
/// (learn.microsoft.com/azure/aks/node-resource-reservations).
pub fn reserved(vcpus: u32, memory: u64, most_pods: u32) -> Amounts {
    let (vcpus, pods) = (u64::from(vcpus), u64::from(most_pods));
    let cpu = match vcpus {
        0 => 0,
        1 => 60,
        2 => 100,
        3 => 120,
        more => 100 + more * 10,
    };
    let kubelet = (20 * pods + 50) << 20;
    Amounts {
        cpu,
        memory: kubelet.min(memory / 4) + (100 << 20),
        ..Amounts::default()
    }
}

/// What a new node of this size has free once the pods of the daemon sets run on it.
pub fn new_node(size: &VmSize, most_pods: u32, daemon_sets: &Amounts) -> Amounts {
    let memory = (size.memory_gib.max(0.0) * f64::from(1u32 << 30)) as u64;
    let gpus = (size.gpus > 0).then(|| ("nvidia.com/gpu".to_owned(), u64::from(size.gpus)));
    let whole = Amounts {
        cpu: u64::from(size.vcpus) * 1_000,
        memory,
        pods: u64::from(most_pods),
        others: gpus.into_iter().collect(),
    };
    whole
        .minus(&reserved(size.vcpus, memory, most_pods))
        .minus(daemon_sets)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;
    const MIB: u64 = 1 << 20;

    #[test]
    fn the_reserved_cpu_is_that_of_the_published_table() {
        for (vcpus, cpu) in [
            (1, 60),
            (2, 100),
            (4, 140),
            (8, 180),
            (16, 260),
            (32, 420),
            (64, 740),
        ] {
            assert_eq!(reserved(vcpus, 64 * GIB, 30).cpu, cpu, "{vcpus}");
        }
    }

    #[test]
    fn the_reserved_memory_is_that_of_the_published_examples() {
        // 8 GB and 30 pods: 650 MB and 100 MiB.
        assert_eq!(reserved(2, 8 * GIB, 30).memory, 750 * MIB);
        // 4 GB and 70 pods: a quarter and 100 MiB.
        assert_eq!(reserved(2, 4 * GIB, 70).memory, 1_124 * MIB);
    }

    #[test]
    fn a_new_node_offers_what_daemon_sets_and_aks_leave() {
        let size = VmSize {
            name: "Standard_NC6s_v3".to_owned(),
            family: "standardNCSv3Family".to_owned(),
            vcpus: 6,
            memory_gib: 112.0,
            gpus: 1,
            architecture: "x64".to_owned(),
            zones: Vec::new(),
            restricted: None,
            premium_io: true,
        };
        let daemon_sets = Amounts {
            cpu: 240,
            memory: 300 * MIB,
            pods: 8,
            ..Amounts::default()
        };
        let node = new_node(&size, 30, &daemon_sets);
        assert_eq!(
            (node.cpu, node.pods, node.of("nvidia.com/gpu")),
            (6_000 - 160 - 240, 22, 1)
        );
        assert_eq!(node.memory, 112 * GIB - (650 + 100 + 300) * MIB);
    }
}
