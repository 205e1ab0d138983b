//! The capacity that counts towards a cluster's purpose: nodes and vCPU of pools that take ordinary pods.

use super::Case;
use crate::facts::PoolFacts;
use crate::sizing::takes_ordinary_pods;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Capacity {
    /// Nodes that take ordinary pods.
    pub(super) nodes: u32,
    /// Their vCPU; `None` if a VM size is unknown.
    pub(super) vcpus: Option<u32>,
    /// Nodes that do not count: tainted, Windows or stopped.
    pub(super) excluded: u32,
}

impl Case<'_> {
    /// Capacity of the chosen nodes, or the present capacity of an existing cluster; `None` if the cluster is unread.
    pub(super) fn capacity(&self) -> Option<Capacity> {
        self.capacity_by(|pool| pool.count, self.spec.size.nodes)
    }

    /// Capacity after the autoscaler has scaled the cluster down to its minimum; `None` without an autoscaler.
    pub(super) fn min_capacity(&self) -> Option<Capacity> {
        match self.existing() {
            None if self.uses_existing() => None,
            None => self
                .spec
                .size
                .autoscale
                .filter(|_| self.creates())
                .map(|bounds| self.new_nodes(bounds.min)),
            Some(cluster) => {
                let autoscaled = cluster.pools.iter().any(|pool| pool.min_count.is_some());
                autoscaled
                    .then(|| self.capacity_by(|pool| pool.min_count.unwrap_or(pool.count), 0))
                    .flatten()
            }
        }
    }

    /// Capacity with the given number of nodes in each existing pool, or in a new cluster.
    pub(super) fn capacity_by(&self, count: impl Fn(&PoolFacts) -> u32, new_nodes: u32) -> Option<Capacity> {
        if !self.uses_existing() {
            return Some(self.new_nodes(new_nodes));
        }
        let pools = &self.existing()?.pools;
        let sum = |numbers: &mut dyn Iterator<Item = u32>| numbers.fold(0, u32::saturating_add);
        let counting: Vec<&PoolFacts> = pools.iter().filter(|pool| takes_ordinary_pods(pool)).collect();
        let nodes = sum(&mut counting.iter().map(|pool| count(pool)));
        let vcpus = counting.iter().map(|pool| self.vcpus_of(pool, count(pool)));
        let all = sum(&mut pools.iter().map(&count));
        let vcpus = vcpus
            .collect::<Option<Vec<u32>>>()
            .map(|all| sum(&mut all.into_iter()));
        Some(Capacity {
            nodes,
            vcpus,
            excluded: all.saturating_sub(nodes),
        })
    }

    /// The vCPU of a pool with this number of nodes. One with several sizes keeps the nodes that it has.
    fn vcpus_of(&self, pool: &PoolFacts, count: u32) -> Option<u32> {
        let of = |size: &str, count: u32| Some(count.saturating_mul(self.size_named(size)?.vcpus));
        if pool.mixed.is_empty() {
            return of(&pool.vm_size, count);
        }
        let all: Option<Vec<u32>> = pool.sizes().map(|(size, count)| of(size, count)).collect();
        Some(all?.into_iter().fold(0, u32::saturating_add))
    }

    fn new_nodes(&self, nodes: u32) -> Capacity {
        let vcpus = self.vm_size().map(|size| size.vcpus.saturating_mul(nodes));
        Capacity {
            nodes,
            vcpus,
            excluded: 0,
        }
    }
}
