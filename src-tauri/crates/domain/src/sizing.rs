//! Suggests VM sizes and node counts for a required number of vCPU, within the purpose's minimum, the quota and Azure
//! ML's own overhead.

use crate::facts::{ClusterFacts, PoolFacts, Usage, VmSize};
use crate::spec::{ClusterChoice, Purpose, Route, Spec};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Minimum total vCPU for production (learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes).
pub const PRODUCTION_VCPUS: u32 = 12;
/// Minimum nodes for production (same page).
pub const PRODUCTION_NODES: u32 = 3;
/// Recommended vCPU per node for the extension's production components
/// (learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension).
pub const PRODUCTION_NODE_VCPUS: u32 = 4;
/// Recommended memory per node for the extension's production components, GiB (same page).
pub const PRODUCTION_NODE_GIB: f64 = 14.0;
/// Recommended vCPU per node for the extension's test components (same page).
pub const TEST_NODE_VCPUS: u32 = 2;
/// Recommended memory per node for the extension's test components, GiB (same page).
pub const TEST_NODE_GIB: f64 = 7.0;
/// vCPU and GiB that the extension's inference components request with three routers: 3600 m and 4240 Mi
/// (learn.microsoft.com/azure/machine-learning/reference-kubernetes, "Recommended resource planning", read 2026-11-28).
const HIGH_AVAILABILITY: (f64, f64) = (3.6, 4.14);
/// The same with one router: 1780 m and 2440 Mi.
const ONE_ROUTER: (f64, f64) = (1.78, 2.38);
/// vCPU that the same components may use, their limits, with three routers and with one. The page tells production to plan
/// with them.
const LIMITS: (f64, f64) = (12.7, 8.3);
/// vCPU and GiB that a suggestion must leave for models.
const MIN_FREE: (f64, f64) = (1.0, 2.0);
/// vCPU that are certainly enough for a system node; the official pages disagree between 2 and 4
/// (learn.microsoft.com/azure/aks/use-system-pools, …/quotas-skus-regions).
pub const SYSTEM_NODE_VCPUS: u32 = 4;
/// Maximum nodes in a suggestion.
const MAX_NODES: u32 = 20;
/// Maximum number of suggestions.
const SUGGESTIONS: usize = 3;

/// A VM size and a node count that meet the requirements.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Suggestion {
    pub vm_size: String,
    pub nodes: u32,
    /// Total vCPU of all nodes.
    pub vcpus: u32,
    /// Total memory of all nodes, GiB.
    pub memory_gib: f64,
    /// Total GPUs of all nodes.
    pub gpus: u32,
    /// vCPU left for models after Azure ML's own requests.
    pub free_vcpus: f64,
    /// vCPU of quota left afterwards (the smaller of family and location); `None` if the quota is unknown.
    pub quota_left: Option<u32>,
    /// Why it is suggested: key into the catalogue `size` (`best_fit`, `fewer_nodes`, `more_memory`, `smallest`,
    /// `alternative`).
    pub reason: String,
}

/// Data of the capacity bar: required, chosen, Azure ML's overhead, and quota. All values in vCPU.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SizeMeter {
    /// Required by the purpose and the person.
    pub required: u32,
    /// Provided by the chosen nodes.
    pub chosen: u32,
    /// Requested by Azure ML's components: what they take in any case. `None` on the classic route, for which Azure ML
    /// publishes no figures.
    pub overhead: Option<f64>,
    /// What Azure ML advises to plan for its components in production: their limits.
    pub advised: Option<f64>,
    /// Left for models.
    pub free: f64,
    /// Quota of the VM family.
    pub family: Option<QuotaBar>,
    pub location: Option<QuotaBar>,
}

/// A quota and the part of it the chosen nodes would use, in vCPU.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct QuotaBar {
    /// Azure's display name of the quota.
    pub label: String,
    /// In use already.
    pub used: u32,
    /// Needed for the chosen nodes.
    pub takes: u32,
    pub limit: u32,
}

/// vCPU a specification requires: the person's number, or the purpose's minimum if that is higher.
pub fn required(spec: &Spec) -> u32 {
    match spec.purpose {
        Purpose::Production => spec.size.need_vcpus.max(PRODUCTION_VCPUS),
        Purpose::DevTest => spec.size.need_vcpus.max(2),
    }
}

/// Free vCPU quota for a size: the smaller of its family's and the location's. `None` if either is missing.
pub fn quota_free(size: &VmSize, usages: &[Usage]) -> Option<u32> {
    least_free(&ordinary_quotas(size), usages)
}

fn ordinary_quotas(size: &VmSize) -> [&str; 2] {
    [&size.family, "cores"]
}

fn least_free(names: &[&str], usages: &[Usage]) -> Option<u32> {
    let free = |name: &&str| {
        let mut found = usages.iter();
        found
            .find(|usage| usage.name.eq_ignore_ascii_case(name))
            .map(Usage::free)
    };
    let all: Option<Vec<u32>> = names.iter().map(free).collect();
    all?.into_iter().min()
}

/// The quota of all spot machines of a location.
const SPOT_QUOTA: &str = "lowPriorityCores";

/// Names of the quotas that nodes of a size in a pool count against. Spot machines have one of their own
/// (learn.microsoft.com/azure/virtual-machines/spot-vms).
pub(crate) fn quotas_of<'a>(pool: &PoolFacts, size: &'a VmSize) -> Vec<&'a str> {
    if pool.is_spot() {
        vec![SPOT_QUOTA]
    } else {
        ordinary_quotas(size).to_vec()
    }
}

/// Free vCPU quota for more nodes of a pool; `None` if it is missing.
pub(crate) fn quota_free_for(pool: &PoolFacts, size: &VmSize, usages: &[Usage]) -> Option<u32> {
    least_free(&quotas_of(pool, size), usages)
}

/// Suggests up to three sizes, best first. Each one satisfies the purpose, the rules for system pools, restrictions and
/// quota, and leaves capacity for models. If possible, they differ in family, vCPU or node count.
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
        let duplicate = picked
            .iter()
            .any(|other| variety_key(other) == variety_key(&suggestion));
        // Variety is not worth more than half as many vCPU again.
        let oversized = picked
            .first()
            .is_some_and(|best| suggestion.vcpus > best.vcpus + best.vcpus / 2);
        if duplicate || oversized {
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

/// Computes the capacity bar for the chosen nodes, or for the present nodes of an existing cluster.
pub fn meter(spec: &Spec, sizes: &[VmSize], usages: &[Usage], cluster: Option<&ClusterFacts>) -> SizeMeter {
    let size = sizes
        .iter()
        .find(|size| size.name.eq_ignore_ascii_case(&spec.size.vm_size));
    let existing = matches!(spec.cluster, ClusterChoice::Existing { .. });
    let chosen = match cluster.filter(|_| existing) {
        Some(cluster) => vcpus_of_cluster(cluster, sizes),
        None => size.map_or(0, |size| size.vcpus.saturating_mul(spec.size.nodes)),
    };
    let nodes = match cluster.filter(|_| existing) {
        Some(cluster) => router_nodes(cluster, sizes),
        None => spec.size.nodes,
    };
    let requests = overhead(spec.route, nodes).map(|(vcpus, _)| vcpus);
    let limits = if nodes < PRODUCTION_NODES {
        LIMITS.1
    } else {
        LIMITS.0
    };
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
        overhead: requests,
        advised: requests
            .map(|_| limits)
            .filter(|_| spec.purpose == Purpose::Production),
        free: (f64::from(chosen) - requests.unwrap_or_default()).max(0.0),
        family: size.and_then(|size| bar(&size.family)),
        location: bar("cores"),
    }
}

/// vCPU and GiB that Azure ML's components request, as far as it is published. With three nodes or more, Berth has the
/// extension make three routers.
pub fn overhead(route: Route, nodes: u32) -> Option<(f64, f64)> {
    match route {
        Route::Classic => None,
        Route::Extension if nodes < PRODUCTION_NODES => Some(ONE_ROUTER),
        Route::Extension => Some(HIGH_AVAILABILITY),
    }
}

/// Whether a size belongs to the B series, which system pools do not support
/// (learn.microsoft.com/azure/aks/use-system-pools).
pub fn is_burstable(size: &str) -> bool {
    size.strip_prefix("Standard_")
        .is_some_and(|rest| rest.starts_with('B'))
}

/// Whether the default scheduler places pods without tolerations on a pool: it is running, is Linux, and has no taint
/// that repels them (MicrosoftDocs/azure-docs issue 55597).
pub fn takes_ordinary_pods(pool: &PoolFacts) -> bool {
    let keeps_off = |taint: &String| matches!(taint.rsplit(':').next(), Some("NoSchedule" | "NoExecute"));
    pool.os_type.eq_ignore_ascii_case("Linux")
        && pool.power_state.eq_ignore_ascii_case("Running")
        && !pool.taints.iter().any(keeps_off)
}

/// Nodes of a cluster that can hold a router of the extension: ordinary pods are placed on them, and they are x64. Where the
/// autoscaler may remove nodes, only those that it keeps count. Sizes that are not in the list count as x64.
pub(crate) fn router_nodes(cluster: &ClusterFacts, sizes: &[VmSize]) -> u32 {
    let is_arm = |name: &str| {
        let size = sizes.iter().find(|size| size.name.eq_ignore_ascii_case(name));
        size.is_some_and(|size| size.architecture.eq_ignore_ascii_case("Arm64"))
    };
    cluster
        .pools
        .iter()
        .filter(|pool| takes_ordinary_pods(pool) && !is_arm(&pool.vm_size))
        .map(|pool| pool.min_count.unwrap_or(pool.count).min(pool.count))
        .fold(0, u32::saturating_add)
}

/// Whether nodes of this size suit the purpose and can be created in the location.
fn fits_nodes(size: &VmSize, purpose: Purpose) -> bool {
    let enough = match purpose {
        Purpose::Production => size.vcpus >= PRODUCTION_NODE_VCPUS && size.memory_gib >= PRODUCTION_NODE_GIB,
        Purpose::DevTest => size.vcpus >= TEST_NODE_VCPUS && size.memory_gib >= TEST_NODE_GIB,
    };
    let supported = !size.architecture.eq_ignore_ascii_case("Arm64") && !is_burstable(&size.name);
    enough && supported && size.restricted.is_none()
}

fn candidate(spec: &Spec, size: &VmSize, usages: &[Usage]) -> Option<(u64, Suggestion)> {
    let min_nodes = match spec.purpose {
        Purpose::Production => PRODUCTION_NODES,
        Purpose::DevTest => 1,
    };
    let own = |nodes| overhead(spec.route, nodes).unwrap_or_default();
    let nodes_with = |(vcpus, _): (f64, f64)| {
        let vcpus = ceil(vcpus + MIN_FREE.0).max(required(spec));
        vcpus.div_ceil(size.vcpus).max(min_nodes)
    };
    // More nodes may mean more routers.
    let nodes = nodes_with(own(nodes_with(own(min_nodes))));
    let (vcpu_overhead, memory_overhead) = own(nodes);
    let vcpus = nodes.checked_mul(size.vcpus)?;
    let memory_gib = size.memory_gib * f64::from(nodes);
    let quota_left = match quota_free(size, usages) {
        Some(free) => Some(free.checked_sub(vcpus)?),
        None => None,
    };
    if nodes > MAX_NODES || memory_gib < memory_overhead + MIN_FREE.1 {
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

/// Rounds a small positive number up.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few vCPU"
)]
fn ceil(number: f64) -> u32 {
    number.ceil() as u32
}

/// Ranks a suggestion; lower is better. Surplus vCPU weighs most, then families that are not general purpose, old
/// generations, nodes smaller than [`SYSTEM_NODE_VCPUS`], memory far from 4 GiB per vCPU, and many nodes.
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
    let memory = u64::from(ceil(unbalanced * 4.0));
    wasted * 10 + family + age + small + disks + memory + u64::from(suggestion.nodes) * 3
}

/// Suggestions with the same key look the same to a person: letter of the family, vCPU, nodes.
fn variety_key(suggestion: &Suggestion) -> (Option<char>, u32, u32) {
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

/// Total vCPU of the pools that take ordinary pods. Sizes missing from the location's list count as zero.
fn vcpus_of_cluster(cluster: &ClusterFacts, sizes: &[VmSize]) -> u32 {
    let vcpus_of = |name: &str| {
        sizes
            .iter()
            .find(|size| size.name.eq_ignore_ascii_case(name))
            .map_or(0, |size| size.vcpus)
    };
    let pools = cluster.pools.iter().filter(|pool| takes_ordinary_pods(pool));
    pools
        .flat_map(PoolFacts::sizes)
        .map(|(size, count)| count.saturating_mul(vcpus_of(size)))
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
