//! Several workloads at once, such as all services of a compute that moves to another one.

use super::check::{Fit, FitVerdict, check};
use super::growth::Pool;
use super::node::Node;
use super::workload::Workload;
use crate::facts::Fact;
use std::cmp::Reverse;

/// Checks workloads one after the other, the largest first; each takes its room from the next. The results are in the
/// order of the workloads.
pub fn check_together(nodes: &Fact<Vec<Node>>, pools: &[Pool], workloads: &[Workload]) -> Vec<Fit> {
    let (mut nodes, mut pools) = (nodes.clone(), pools.to_vec());
    let mut order: Vec<usize> = (0..workloads.len()).collect();
    order.sort_by_key(|&at| Reverse(size(&workloads[at])));
    let mut fits: Vec<(usize, Fit)> = Vec::new();
    for at in order {
        let fit = check(&nodes, &pools, &workloads[at]);
        take(&mut nodes, &mut pools, &fit);
        fits.push((at, fit));
    }
    fits.sort_by_key(|(at, _)| *at);
    fits.into_iter().map(|(_, fit)| fit).collect()
}

/// The size of a replica: a core counts as much as 4 GiB, as on most VM sizes.
fn size(workload: &Workload) -> u64 {
    let request = workload.request();
    (request.cpu << 22).saturating_add(request.memory)
}

/// Fills the nodes with the least room first, then the nodes that the autoscaler adds.
fn take(nodes: &mut Fact<Vec<Node>>, pools: &mut [Pool], fit: &Fit) {
    let Fact::Known(nodes) = nodes else { return };
    let mut rooms: Vec<(usize, u32)> = fit
        .nodes
        .iter()
        .enumerate()
        .filter_map(|(at, node)| Some((at, node.room?)))
        .collect();
    rooms.sort_by_key(|(_, room)| *room);
    let mut left = fit.needed;
    for (at, room) in rooms {
        let replicas = room.min(left);
        left -= replicas;
        if let Fact::Known(requested) = &mut nodes[at].requested {
            *requested = requested.plus(&fit.request.times(replicas));
        }
    }
    let FitVerdict::FitsAfterScaling { added } = &fit.verdict else {
        return;
    };
    for pool in pools {
        let nodes = added
            .iter()
            .find(|one| one.pool == pool.name)
            .map_or(0, |one| one.nodes);
        pool.nodes = pool.nodes.saturating_add(nodes);
        if let Fact::Known(quota) = &mut pool.quota {
            *quota = quota.saturating_sub(nodes.saturating_mul(pool.vcpus));
        }
    }
}
