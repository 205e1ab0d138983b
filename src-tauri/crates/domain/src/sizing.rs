//! From a need in vCPU to VM sizes and nodes: what fits the purpose, the quota and Azure ML's own overhead.

use crate::facts::{ClusterFacts, Usage, VmSize};
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
/// vCPU that Azure ML's inference components request in production
/// (learn.microsoft.com/azure/machine-learning/reference-kubernetes).
const PRODUCTION_OVERHEAD: f64 = 3.6;
/// The same for a test cluster.
const TEST_OVERHEAD: f64 = 1.78;
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
    /// `alternative`).
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

/// Up to three sizes that fit, best first: each satisfies the purpose, the system pool's rules, restrictions and quota.
pub fn suggest(spec: &Spec, sizes: &[VmSize], usages: &[Usage]) -> Vec<Suggestion> {
    let wants_gpu = sizes
        .iter()
        .any(|size| size.name == spec.size.vm_size && size.gpus > 0);
    let mut candidates: Vec<(u64, Suggestion)> = sizes
        .iter()
        .filter(|size| carries_a_system_pool(size, spec.purpose) && (size.gpus > 0) == wants_gpu)
        .filter_map(|size| candidate(spec, size, usages))
        .collect();
    candidates.sort_by(|left, right| {
        left.0
            .cmp(&right.0)
            .then_with(|| left.1.vm_size.cmp(&right.1.vm_size))
    });
    let mut picked: Vec<Suggestion> = Vec::new();
    for (_, suggestion) in candidates {
        let alike = |other: &Suggestion| {
            series(&other.vm_size) == series(&suggestion.vm_size) && other.nodes == suggestion.nodes
        };
        if picked.len() < SUGGESTIONS && !picked.iter().any(alike) {
            picked.push(suggestion);
        }
    }
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
        Some(cluster) => cluster
            .pools
            .iter()
            .map(|pool| pool.count * vcpus_of(&pool.vm_size, sizes))
            .sum(),
        None => size.map_or(0, |size| size.vcpus * spec.size.nodes),
    };
    let overhead = overhead(spec.purpose);
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

/// vCPU that Azure ML's own components request.
pub fn overhead(purpose: Purpose) -> f64 {
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

fn carries_a_system_pool(size: &VmSize, purpose: Purpose) -> bool {
    let enough = match purpose {
        Purpose::Production => size.vcpus >= PRODUCTION_NODE_VCPUS && size.memory_gib >= PRODUCTION_NODE_GIB,
        Purpose::DevTest => size.vcpus >= 2 && size.memory_gib >= 7.0,
    };
    enough
        && size.restricted.is_none()
        && !is_burstable(&size.name)
        && !size.architecture.eq_ignore_ascii_case("Arm64")
}

fn candidate(spec: &Spec, size: &VmSize, usages: &[Usage]) -> Option<(u64, Suggestion)> {
    let fewest = match spec.purpose {
        Purpose::Production => PRODUCTION_NODES,
        Purpose::DevTest => 1,
    };
    let nodes = required(spec).div_ceil(size.vcpus).max(fewest);
    let vcpus = nodes * size.vcpus;
    let quota_left = match quota_free(size, usages) {
        Some(free) => Some(free.checked_sub(vcpus)?),
        None => None,
    };
    if nodes > MOST_NODES {
        return None;
    }
    let suggestion = Suggestion {
        vm_size: size.name.clone(),
        nodes,
        vcpus,
        memory_gib: size.memory_gib * f64::from(nodes),
        gpus: size.gpus * nodes,
        free_vcpus: (f64::from(vcpus) - overhead(spec.purpose)).max(0.0),
        quota_left,
        reason: String::new(),
    };
    Some((cost(spec, size, &suggestion), suggestion))
}

/// Lower is better: vCPU beyond the need first, then unusual families, then many nodes and unneeded memory.
fn cost(spec: &Spec, size: &VmSize, suggestion: &Suggestion) -> u64 {
    let wasted = u64::from(suggestion.vcpus - required(spec));
    let balanced = (size.memory_gib / f64::from(size.vcpus) - 4.0).abs();
    let family = match series(&size.name).chars().next() {
        Some('D') => 0,
        Some('E' | 'F') => 12,
        _ => 60,
    };
    let age = u64::from(6_u32.saturating_sub(generation(&size.name).min(6))) * 6;
    let disks = if size.premium_io { 0 } else { 8 };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small, positive rank"
    )]
    let memory = (balanced * 4.0).round() as u64;
    wasted * 10 + family + age + disks + memory + u64::from(suggestion.nodes) * 3
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

fn vcpus_of(name: &str, sizes: &[VmSize]) -> u32 {
    sizes
        .iter()
        .find(|size| size.name.eq_ignore_ascii_case(name))
        .map_or(0, |size| size.vcpus)
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
        } else {
            "alternative"
        }
        .to_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn size(name: &str, family: &str, vcpus: u32, memory_gib: f64) -> VmSize {
        VmSize {
            name: name.to_owned(),
            family: family.to_owned(),
            vcpus,
            memory_gib,
            gpus: 0,
            architecture: "x64".to_owned(),
            zones: vec![],
            restricted: None,
            premium_io: true,
        }
    }

    fn sizes() -> Vec<VmSize> {
        vec![
            size("Standard_B4ms", "standardBSFamily", 4, 16.0),
            size("Standard_D4s_v5", "standardDSv5Family", 4, 16.0),
            size("Standard_D8s_v5", "standardDSv5Family", 8, 32.0),
            size("Standard_E4s_v5", "standardESv5Family", 4, 32.0),
            size("Standard_F8s_v2", "standardFSv2Family", 8, 16.0),
            VmSize {
                restricted: Some("NotAvailableForSubscription".to_owned()),
                ..size("Standard_D4s_v6", "x", 4, 16.0)
            },
            VmSize {
                architecture: "Arm64".to_owned(),
                ..size("Standard_D4ps_v5", "y", 4, 16.0)
            },
        ]
    }

    fn usage(name: &str, used: u32, limit: u32) -> Usage {
        Usage {
            name: name.to_owned(),
            label: name.to_owned(),
            used,
            limit,
        }
    }

    fn plenty() -> Vec<Usage> {
        [
            "cores",
            "standardDSv5Family",
            "standardESv5Family",
            "standardFSv2Family",
            "standardBSFamily",
            "x",
            "y",
        ]
        .iter()
        .map(|name| usage(name, 0, 100))
        .collect()
    }

    #[test]
    fn three_d4s_are_the_best_fit_for_production() {
        let suggestions = suggest(&Spec::default(), &sizes(), &plenty());
        assert_eq!(suggestions.len(), 3);
        assert_eq!(
            (suggestions[0].vm_size.as_str(), suggestions[0].nodes),
            ("Standard_D4s_v5", 3)
        );
        assert_eq!(suggestions[0].reason, "best_fit");
    }

    #[test]
    fn quota_short_by_one_rules_a_size_out() {
        let mut usages = plenty();
        usages[1] = usage("standardDSv5Family", 89, 100);
        let suggestions = suggest(&Spec::default(), &sizes(), &usages);
        assert!(
            suggestions.iter().all(|found| !found.vm_size.contains("_D")),
            "{suggestions:?}"
        );
        usages[1] = usage("standardDSv5Family", 88, 100);
        assert!(
            suggest(&Spec::default(), &sizes(), &usages)
                .iter()
                .any(|found| found.vm_size == "Standard_D4s_v5")
        );
    }

    #[test]
    fn the_bar_shows_what_is_left_for_models() {
        let spec = Spec {
            size: crate::spec::Size {
                vm_size: "Standard_D4s_v5".to_owned(),
                ..Default::default()
            },
            ..Spec::default()
        };
        let meter = meter(&spec, &sizes(), &plenty(), None);
        assert_eq!((meter.required, meter.chosen), (12, 12));
        assert!((meter.free - 8.4).abs() < 1e-9);
        assert_eq!(meter.family.map(|bar| bar.takes), Some(12));
    }

    proptest! {
        #[test]
        fn suggestions_satisfy_the_rules(need in 1u32..80, production: bool, used in 0u32..100) {
            let purpose = if production { Purpose::Production } else { Purpose::DevTest };
            let spec = Spec { purpose, size: crate::spec::Size { need_vcpus: need, ..Default::default() }, ..Spec::default() };
            let mut usages = plenty();
            usages[0] = usage("cores", used, 100);
            for found in suggest(&spec, &sizes(), &usages) {
                prop_assert!(found.vcpus >= need);
                prop_assert!(found.vcpus + used <= 100);
                prop_assert!(!is_burstable(&found.vm_size) && !found.vm_size.contains("ps_"));
                if production {
                    prop_assert!(found.nodes >= 3 && found.vcpus >= 12);
                }
            }
        }
    }
}
