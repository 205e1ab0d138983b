//! What would make replicas fit that do not.

use super::amounts::Amounts;
use super::check::{Fit, FitVerdict, check};
use super::growth::Pool;
use super::node::{Node, Reason};
use super::workload::{AmlPlace, InstanceType, Workload};
use crate::facts::Fact;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The smallest request that is suggested; the classic route's default of 0.1 cores and 0.5 GB
/// (package azureml-core 1.61, core/webservice/aks.py).
const LEAST: (u64, u64) = (100, 512 << 20);
/// Suggested CPU and memory are multiples of these.
const GRAIN: (u64, u64) = (10, 1 << 20);

/// Something that would make the replicas fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Remedy {
    /// Request at most this, in thousandths of a core and bytes; `None` leaves it as it is.
    SmallerRequest { cpu: Option<u64>, memory: Option<u64> },
    /// Add nodes to this pool.
    MoreNodes { pool: String, nodes: u32 },
    /// Choose an instance type that selects this pool, whose nodes have room.
    OtherPool { pool: String },
}

/// What would make the replicas fit, if it is certain that they do not.
pub fn remedies(fit: &Fit, nodes: &Fact<Vec<Node>>, pools: &[Pool], workload: &Workload) -> Vec<Remedy> {
    let Some(list) = nodes.known().filter(|_| fit.verdict == FitVerdict::DoesNotFit) else {
        return Vec::new();
    };
    let free: Vec<Amounts> = list
        .iter()
        .filter(|node| node.barred(workload).is_empty())
        .filter_map(|node| node.free().ok())
        .collect();
    let missing = fit.needed.saturating_sub(fit.room);
    let mut found: Vec<Remedy> = smaller(&free, workload).into_iter().collect();
    found.extend(
        pools
            .iter()
            .filter_map(|pool| more_nodes(pool, workload, missing)),
    );
    found.extend(other_pools(fit, list));
    found
}

/// The largest request that fits: with less CPU, with less memory, or with both in proportion.
fn smaller(free: &[Amounts], workload: &Workload) -> Option<Remedy> {
    let own = &workload.own;
    let fits = |cpu: u64, memory: u64| {
        let request = Amounts {
            cpu,
            memory,
            ..own.clone()
        }
        .plus(&workload.added);
        free.iter()
            .map(|free| free.holds(&request))
            .fold(0, u32::saturating_add)
            >= workload.needed()
    };
    let cpu = largest(LEAST.0 / GRAIN.0, own.cpu / GRAIN.0, |grains| {
        fits(grains * GRAIN.0, own.memory)
    });
    if let Some(grains) = cpu {
        return Some(Remedy::SmallerRequest {
            cpu: Some(grains * GRAIN.0),
            memory: None,
        });
    }
    let memory = largest(LEAST.1 / GRAIN.1, own.memory / GRAIN.1, |grains| {
        fits(own.cpu, grains * GRAIN.1)
    });
    if let Some(grains) = memory {
        return Some(Remedy::SmallerRequest {
            cpu: None,
            memory: Some(grains * GRAIN.1),
        });
    }
    let part = |amount: u64, permille: u64| (u128::from(amount) * u128::from(permille) / 1_000) as u64;
    let permille = largest(1, 999, |permille| {
        fits(part(own.cpu, permille), part(own.memory, permille))
    })?;
    // In proportion first, then as much of each as still fits.
    let (cpu, memory) = (
        part(own.cpu, permille) / GRAIN.0,
        part(own.memory, permille) / GRAIN.1,
    );
    let cpu = largest(cpu, own.cpu / GRAIN.0, |grains| {
        fits(grains * GRAIN.0, memory * GRAIN.1)
    })? * GRAIN.0;
    let memory = largest(memory, own.memory / GRAIN.1, |grains| fits(cpu, grains * GRAIN.1))? * GRAIN.1;
    let enough = cpu >= LEAST.0 && memory >= LEAST.1;
    enough.then_some(Remedy::SmallerRequest {
        cpu: Some(cpu),
        memory: Some(memory),
    })
}

/// The largest number in a range that holds, if smaller numbers hold whenever larger ones do.
fn largest(from: u64, to: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
    if from > to || !holds(from) {
        return None;
    }
    let (mut low, mut high) = (from, to);
    while low < high {
        let middle = high - (high - low) / 2;
        if holds(middle) {
            low = middle
        } else {
            high = middle - 1
        }
    }
    Some(low)
}

fn more_nodes(pool: &Pool, workload: &Workload, missing: u32) -> Option<Remedy> {
    let room = pool
        .room(workload)
        .filter(|room| *room > 0 && pool.takes(workload))?;
    Some(Remedy::MoreNodes {
        pool: pool.name.clone(),
        nodes: missing.div_ceil(room),
    })
}

/// Pools whose nodes have enough room but not the labels that the instance type selects.
fn other_pools(fit: &Fit, nodes: &[Node]) -> Vec<Remedy> {
    let mut pools: Vec<(&str, u32)> = Vec::new();
    for (found, node) in fit.nodes.iter().zip(nodes) {
        let selected_only = !found.reasons.is_empty() && found.reasons.iter().all(is_instance_type);
        if let (true, Some(free), Some(pool)) = (selected_only, &found.free, &node.pool) {
            let room = free.holds(&fit.request);
            match pools.iter_mut().find(|(name, _)| name == pool) {
                Some((_, sum)) => *sum = sum.saturating_add(room),
                None => pools.push((pool, room)),
            }
        }
    }
    let enough = pools.into_iter().filter(|(_, room)| *room >= fit.needed);
    enough
        .map(|(pool, _)| Remedy::OtherPool {
            pool: pool.to_owned(),
        })
        .collect()
}

fn is_instance_type(reason: &Reason) -> bool {
    matches!(reason, Reason::Selector { label, .. } if label != "kubernetes.io/os")
}

/// Names of the instance types with which the replicas fit.
pub fn other_instance_types<'a>(
    nodes: &Fact<Vec<Node>>,
    pools: &[Pool],
    types: &'a [InstanceType],
    own: Option<&Amounts>,
    place: AmlPlace<'_>,
    replicas: u32,
) -> Vec<&'a str> {
    let fits = |of: &&InstanceType| {
        let workload = Workload::extension(own, of, place, replicas);
        let verdict = check(nodes, pools, &workload).verdict;
        matches!(verdict, FitVerdict::Fits | FitVerdict::FitsAfterScaling { .. })
    };
    types.iter().filter(fits).map(|of| of.name.as_str()).collect()
}
