//! From a need in vCPU to VM sizes and nodes: what fits the purpose, the quota and Azure ML's own overhead.

use crate::facts::{ClusterFacts, PoolFacts, Usage, VmSize};
use crate::spec::{ClusterChoice, Purpose, Spec};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// vCPU production needs in all (learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes).
pub const PRODUCTION_VCPUS: u32 = 12;
/// Nodes production needs (same page).
pub const PRODUCTION_NODES: u32 = 3;
/// vCPU a node should have for the extension's production components
/// (learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension).
pub const PRODUCTION_NODE_VCPUS: u32 = 4;
/// Memory a node should have for them, GiB (same page).
pub const PRODUCTION_NODE_GIB: f64 = 14.0;
/// vCPU a node should have for the extension's test components (same page).
pub const TEST_NODE_VCPUS: u32 = 2;
/// Memory a node should have for them, GiB (same page).
pub const TEST_NODE_GIB: f64 = 7.0;
/// vCPU and GiB that Azure ML's inference components request in production: 3600 m and 4240 Mi
/// (learn.microsoft.com/azure/machine-learning/reference-kubernetes).
const PRODUCTION_OVERHEAD: (f64, f64) = (3.6, 4.14);
/// The same for a test cluster: 1780 m and 2440 Mi.
const TEST_OVERHEAD: (f64, f64) = (1.78, 2.38);
/// vCPU and GiB a suggestion leaves for models at least: less is no use to anybody.
const LEAST_FREE: (f64, f64) = (1.0, 2.0);
/// vCPU from which nobody doubts that a node carries a system pool: official pages say 2 and 4
/// (learn.microsoft.com/azure/aks/use-system-pools, …/quotas-skus-regions).
pub const SYSTEM_NODE_VCPUS: u32 = 4;
/// Most nodes suggested.
const MOST_NODES: u32 = 20;
/// How many suggestions are made.
const SUGGESTIONS: usize = 3;

/// A size with a number of nodes that fits the need.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Suggestion {
    /// VM size.
    pub vm_size: String,
    /// Nodes.
    pub nodes: u32,
    /// vCPU in all.
    pub vcpus: u32,
    /// Memory in all, GiB.
    pub memory_gib: f64,
    /// GPUs in all.
    pub gpus: u32,
    /// vCPU left for models after Azure ML's own requests.
    pub free_vcpus: f64,
    /// vCPU of quota left afterwards (the smaller of family and location); `None` when quota is unknown.
    pub quota_left: Option<u32>,
    /// Why it stands where it stands: key of the catalogue `size` (`best_fit`, `fewer_nodes`, `more_memory`,
    /// `smallest`, `alternative`).
    pub reason: String,
}

/// The bar: required, chosen, Azure ML's own overhead, and quota. vCPU throughout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SizeMeter {
    /// What the purpose and the person require.
    pub required: u32,
    /// What the choice gives.
    pub chosen: u32,
    /// What Azure ML's components request.
    pub overhead: f64,
    /// What is left for models.
    pub free: f64,
    /// Quota of the family: used, limit.
    pub family: Option<QuotaBar>,
    /// Quota of the location: used, limit.
    pub location: Option<QuotaBar>,
}

/// Quota with the part this choice would take. vCPU.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct QuotaBar {
    /// Name for people.
    pub label: String,
    /// Used by others.
    pub used: u32,
    /// What this choice takes.
    pub takes: u32,
    /// Allowed.
    pub limit: u32,
}

/// vCPU a specification requires: what the person said, and what the purpose demands.
pub fn required(spec: &Spec) -> u32 {
    match spec.purpose {
        Purpose::Production => spec.size.need_vcpus.max(PRODUCTION_VCPUS),
        Purpose::DevTest => spec.size.need_vcpus.max(2),
    }
}

/// vCPU still free for a size: the smaller of its family and the location. `None` when a number is missing.
pub fn quota_free(size: &VmSize, usages: &[Usage]) -> Option<u32> {
    let free = |name: &str| {
        usages
            .iter()
            .find(|usage| usage.name.eq_ignore_ascii_case(name))
            .map(Usage::free)
    };
    Some(free(&size.family)?.min(free("cores")?))
}

/// Up to three sizes that fit, best first: each satisfies the purpose, the system pool's rules, restrictions and quota,
/// and leaves something for models. They differ in kind, size or number where there is a choice.
pub fn suggest(spec: &Spec, sizes: &[VmSize], usages: &[Usage]) -> Vec<Suggestion> {
    let wants_gpu = sizes
        .iter()
        .any(|size| size.name == spec.size.vm_size && size.gpus > 0);
    let mut ranked: Vec<(u64, Suggestion)> = sizes
        .iter()
        .filter(|size| fits_nodes(size, spec.purpose) && (size.gpus > 0) == wants_gpu)
        .filter_map(|size| candidate(spec, size, usages))
        .collect();
    ranked.sort_by(|left, right| {
        left.0
            .cmp(&right.0)
            .then_with(|| left.1.vm_size.cmp(&right.1.vm_size))
    });
    let (mut picked, mut alike): (Vec<Suggestion>, Vec<Suggestion>) = (Vec::new(), Vec::new());
    for (_, suggestion) in ranked {
        let known = picked.iter().any(|other| kind(other) == kind(&suggestion));
        // Variety is not worth half as many vCPU again.
        let dear = picked
            .first()
            .is_some_and(|best| suggestion.vcpus > best.vcpus + best.vcpus / 2);
        if known || dear {
            alike.push(suggestion)
        } else {
            picked.push(suggestion)
        }
    }
    picked.extend(alike);
    picked.truncate(SUGGESTIONS);
    give_reasons(&mut picked);
    picked
}

/// The bar for the present choice; for an existing cluster the nodes it has.
pub fn meter(spec: &Spec, sizes: &[VmSize], usages: &[Usage], cluster: Option<&ClusterFacts>) -> SizeMeter {
    let size = sizes
        .iter()
        .find(|size| size.name.eq_ignore_ascii_case(&spec.size.vm_size));
    let existing = matches!(spec.cluster, ClusterChoice::Existing { .. });
    let chosen = match cluster.filter(|_| existing) {
        Some(cluster) => vcpus_of_cluster(cluster, sizes),
        None => size.map_or(0, |size| size.vcpus.saturating_mul(spec.size.nodes)),
    };
    let (overhead, _) = overhead(spec.purpose);
    let takes = if existing { 0 } else { chosen };
    let bar = |name: &str| {
        let usage = usages
            .iter()
            .find(|usage| usage.name.eq_ignore_ascii_case(name))?;
        Some(QuotaBar {
            label: usage.label.clone(),
            used: usage.used,
            takes,
            limit: usage.limit,
        })
    };
    SizeMeter {
        required: required(spec),
        chosen,
        overhead,
        free: (f64::from(chosen) - overhead).max(0.0),
        family: size.and_then(|size| bar(&size.family)),
        location: bar("cores"),
    }
}

/// vCPU and GiB that Azure ML's own components request.
pub fn overhead(purpose: Purpose) -> (f64, f64) {
    match purpose {
        Purpose::Production => PRODUCTION_OVERHEAD,
        Purpose::DevTest => TEST_OVERHEAD,
    }
}

/// Whether a size is of the B series, which cannot carry a system pool
/// (learn.microsoft.com/azure/aks/use-system-pools).
pub fn is_burstable(size: &str) -> bool {
    size.strip_prefix("Standard_")
        .is_some_and(|rest| rest.starts_with('B'))
}

/// Whether the default scheduler puts ordinary pods on a pool: it runs, is Linux, and nothing keeps them off
/// (MicrosoftDocs/azure-docs issue 55597, for taints).
pub fn takes_ordinary_pods(pool: &PoolFacts) -> bool {
    let keeps_off = |taint: &String| matches!(taint.rsplit(':').next(), Some("NoSchedule" | "NoExecute"));
    pool.os_type.eq_ignore_ascii_case("Linux")
        && pool.power_state.eq_ignore_ascii_case("Running")
        && !pool.taints.iter().any(keeps_off)
}

/// A size that a node pool of this purpose can have here.
fn fits_nodes(size: &VmSize, purpose: Purpose) -> bool {
    let enough = match purpose {
        Purpose::Production => size.vcpus >= PRODUCTION_NODE_VCPUS && size.memory_gib >= PRODUCTION_NODE_GIB,
        Purpose::DevTest => size.vcpus >= TEST_NODE_VCPUS && size.memory_gib >= TEST_NODE_GIB,
    };
    let known = !size.architecture.eq_ignore_ascii_case("Arm64") && !is_burstable(&size.name);
    enough && known && size.restricted.is_none()
}

fn candidate(spec: &Spec, size: &VmSize, usages: &[Usage]) -> Option<(u64, Suggestion)> {
    let fewest = match spec.purpose {
        Purpose::Production => PRODUCTION_NODES,
        Purpose::DevTest => 1,
    };
    let (vcpu_overhead, memory_overhead) = overhead(spec.purpose);
    let with_models = whole(vcpu_overhead + LEAST_FREE.0)
        .max(required(spec))
        .div_ceil(size.vcpus);
    let nodes = with_models.max(fewest);
    let vcpus = nodes.checked_mul(size.vcpus)?;
    let memory_gib = size.memory_gib * f64::from(nodes);
    let quota_left = match quota_free(size, usages) {
        Some(free) => Some(free.checked_sub(vcpus)?),
        None => None,
    };
    if nodes > MOST_NODES || memory_gib < memory_overhead + LEAST_FREE.1 {
        return None;
    }
    let suggestion = Suggestion {
        vm_size: size.name.clone(),
        nodes,
        vcpus,
        memory_gib,
        gpus: size.gpus.saturating_mul(nodes),
        free_vcpus: f64::from(vcpus) - vcpu_overhead,
        quota_left,
        reason: String::new(),
    };
    Some((rank(spec, size, &suggestion), suggestion))
}

/// A small positive number, rounded up.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few vCPU"
)]
fn whole(number: f64) -> u32 {
    number.ceil() as u32
}

/// Lower is better: vCPU beyond the need first, then families that are not general purpose or not current, nodes too
/// small to be beyond doubt, memory far from 4 GiB a vCPU, and many nodes.
fn rank(spec: &Spec, size: &VmSize, suggestion: &Suggestion) -> u64 {
    let wasted = u64::from(suggestion.vcpus.saturating_sub(required(spec)));
    let family = match series(&size.name).chars().next() {
        Some('D') => 0,
        Some('E' | 'F') => 12,
        _ => 60,
    };
    let age = match generation(&size.name) {
        6.. => 0,
        5 => 1,
        4 => 14,
        _ => 30,
    };
    let small = if size.vcpus < SYSTEM_NODE_VCPUS { 15 } else { 0 };
    let disks = if size.premium_io { 0 } else { 8 };
    let unbalanced = (size.memory_gib / f64::from(size.vcpus) - 4.0).abs();
    let memory = u64::from(whole(unbalanced * 4.0));
    wasted * 10 + family + age + small + disks + memory + u64::from(suggestion.nodes) * 3
}

/// What makes two suggestions the same to a person: letter of the family, vCPU, nodes.
fn kind(suggestion: &Suggestion) -> (Option<char>, u32, u32) {
    (
        series(&suggestion.vm_size).chars().next(),
        suggestion.vcpus,
        suggestion.nodes,
    )
}

/// `D4s_v5` of `Standard_D4s_v5`.
fn series(size: &str) -> &str {
    size.split_once('_').map_or(size, |(_, rest)| rest)
}

fn generation(size: &str) -> u32 {
    size.rsplit_once("_v")
        .and_then(|(_, number)| number.parse().ok())
        .unwrap_or(1)
}

/// vCPU of the pools that count; a size that the location's list lacks counts as none.
fn vcpus_of_cluster(cluster: &ClusterFacts, sizes: &[VmSize]) -> u32 {
    let vcpus_of = |name: &str| {
        sizes
            .iter()
            .find(|size| size.name.eq_ignore_ascii_case(name))
            .map_or(0, |size| size.vcpus)
    };
    let pools = cluster.pools.iter().filter(|pool| takes_ordinary_pods(pool));
    pools
        .map(|pool| pool.count.saturating_mul(vcpus_of(&pool.vm_size)))
        .fold(0, u32::saturating_add)
}

fn give_reasons(picked: &mut [Suggestion]) {
    let Some((first, others)) = picked.split_first_mut() else {
        return;
    };
    first.reason = "best_fit".to_owned();
    for other in others {
        other.reason = if other.nodes < first.nodes {
            "fewer_nodes"
        } else if other.memory_gib > first.memory_gib {
            "more_memory"
        } else if other.vcpus < first.vcpus {
            "smallest"
        } else {
            "alternative"
        }
        .to_owned();
    }
}
