//! Kubernetes upgrades.

use super::super::read::{EXTENSIONS, USAGES, VM_SIZES};
use super::super::verdict::{block, info, unread, warn, when};
use super::super::{Case, Rule, Verdict};
use super::cluster;
use super::nodes::{listed_size, unlisted};
use super::support::long_term_after;
use crate::change::Change;
use crate::facts::{ComputeFacts, OfferedPatch, PoolFacts, UpgradeTarget};
use crate::finding::WizardStep::Review;
use crate::plan::same_version;
use crate::sizing::quota_free_for;
use crate::versions::minor_of;

const PROFILES: &str = "learn.microsoft.com/rest/api/aks/managed-clusters/get-upgrade-profile";
const SUPPORTED: &str = "learn.microsoft.com/azure/aks/supported-kubernetes-versions";
const UPGRADE: &str = "learn.microsoft.com/azure/aks/upgrade-aks-cluster";
const SEQUENCE: &str = "learn.microsoft.com/azure/aks/supported-kubernetes-versions; \
                        learn.microsoft.com/azure/aks/upgrade-aks-cluster";
const SURGE: &str = "Azure/AKS CHANGELOG, release of 2025-03-16 (default of 10 %); \
                     Azure/AKS pull request 5555 (fewer nodes from Kubernetes 1.35)";
const REMOVED: &str = "kubernetes.io/docs/reference/using-api/deprecation-guide";
const WINDOW: &str = "learn.microsoft.com/azure/machine-learning/reference-kubernetes";
const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("VER-06", Review, PROFILES, reachable).says(&["VER-06", "VER-06.form", "VER-06.none"]),
    Rule::azure("VER-07", Review, SEQUENCE, one_minor).says(&["VER-07", "VER-07.back"]),
    Rule::azure("VER-08", Review, SUPPORTED, pools_behind),
    Rule::azure("VER-14", Review, SUPPORTED, whole),
    Rule::azure("VER-10", Review, CLASSIC, redeploy),
    Rule::azure("VER-12", Review, UPGRADE, |case| {
        when(upgrades_nodes(case), || warn(""))
    }),
    Rule::azure("UPG-01", Review, REMOVED, removed_apis),
    Rule::azure("UPG-02", Review, SURGE, surge)
        .reading(&[VM_SIZES, USAGES], upgrades_nodes)
        .says(&["UPG-02", "UPG-02.fewer", "UPG-02.unlisted"]),
    Rule::azure("UPG-03", Review, SUPPORTED, preview),
    Rule::azure("UPG-04", Review, WINDOW, outside_window)
        .reading(&[EXTENSIONS], |case| wanted(case).is_some()),
];

/// From this minor version on, AKS adds as many nodes as it can get, at least one.
const SURGE_ADAPTS: u32 = 35;

/// APIs that each minor version no longer serves
/// (kubernetes.io/docs/reference/using-api/deprecation-guide).
const REMOVALS: [(u32, &str); 5] = [
    (
        25,
        "CronJob batch/v1beta1, EndpointSlice discovery.k8s.io/v1beta1, Event events.k8s.io/v1beta1, HorizontalPodAutoscaler autoscaling/v2beta1, PodDisruptionBudget policy/v1beta1, PodSecurityPolicy",
    ),
    (
        26,
        "FlowSchema flowcontrol.apiserver.k8s.io/v1beta1, HorizontalPodAutoscaler autoscaling/v2beta2",
    ),
    (27, "CSIStorageCapacity storage.k8s.io/v1beta1"),
    (29, "FlowSchema flowcontrol.apiserver.k8s.io/v1beta2"),
    (32, "FlowSchema flowcontrol.apiserver.k8s.io/v1beta3"),
];

/// The version to upgrade to.
pub(super) fn wanted<'a>(case: &Case<'a>) -> Option<&'a str> {
    match case.change? {
        Change::Upgrade { version, .. } => Some(version),
        _ => None,
    }
}

fn upgrades_nodes(case: &Case<'_>) -> bool {
    matches!(case.change, Some(Change::Upgrade { nodes: true, .. }))
}

/// The versions that Azure offers; none if they could not be read, which VER-06 reports.
fn targets<'a>(case: &Case<'a>) -> &'a [UpgradeTarget] {
    let known = case.facts.change.upgrades.known();
    known.map(Vec::as_slice).unwrap_or_default()
}

/// The second number of a version: 36 for `1.36.2`.
pub(super) fn minor(version: &str) -> Option<u32> {
    minor_of(version).split('.').nth(1)?.parse().ok()
}

/// Whether Azure offers the upgrade: to this cluster, or, with long-term support afterwards, to clusters of its version.
fn is_reachable(case: &Case<'_>, wanted: &str) -> bool {
    let to_cluster = targets(case)
        .iter()
        .any(|target| same_version(&target.version, wanted));
    let now = cluster(case).map(|found| found.kubernetes_version.as_str());
    let offered = case.facts.versions.known().map(Vec::as_slice).unwrap_or_default();
    let patches = offered.iter().flat_map(|version| &version.patches);
    let of_version = |patch: &OfferedPatch| {
        Some(patch.version.as_str()) == now
            && patch.upgrades.iter().any(|target| same_version(target, wanted))
    };
    to_cluster || (long_term_after(case) && patches.into_iter().any(of_version))
}

fn reachable(case: &Case<'_>) -> Vec<Verdict> {
    let (Some(wanted), Some(found)) = (wanted(case), cluster(case)) else {
        return Vec::new();
    };
    let numbers = wanted.split('.').map(|part| part.parse::<u32>().is_ok());
    if !(2..=3).contains(&numbers.clone().count()) || !numbers.clone().all(|number| number) {
        return vec![block("").variant("form").with("version", wanted)];
    }
    // The control plane may have this version already, and only the nodes are upgraded.
    if same_version(&found.kubernetes_version, wanted) {
        return Vec::new();
    }
    let Some(targets) = case.facts.change.upgrades.known() else {
        return unread("upgrades", &case.facts.change.upgrades);
    };
    when(!is_reachable(case, wanted), || {
        let names: Vec<&str> = targets.iter().map(|target| target.version.as_str()).collect();
        let verdict = if names.is_empty() {
            block("").variant("none")
        } else {
            block("").with("versions", names.join(", "))
        };
        verdict
            .with("version", wanted)
            .with("now", &found.kubernetes_version)
    })
}

/// Upgrades go one minor version at a time, unless Azure offers more, and never back.
fn one_minor(case: &Case<'_>) -> Vec<Verdict> {
    let (Some(wanted), Some(found)) = (wanted(case), cluster(case)) else {
        return Vec::new();
    };
    let (Some(from), Some(to)) = (minor(&found.kubernetes_version), minor(wanted)) else {
        return Vec::new();
    };
    let about = |verdict: Verdict| {
        verdict
            .with("version", wanted)
            .with("now", &found.kubernetes_version)
    };
    if to < from {
        return vec![about(block("").variant("back"))];
    }
    when(to > from + 1 && !is_reachable(case, wanted), || {
        about(block("")).with("next", format!("1.{}", from + 1))
    })
}

/// Nodes may be at most three minor versions behind the control plane, which is always upgraded first.
fn pools_behind(case: &Case<'_>) -> Vec<Verdict> {
    let (Some(wanted), Some(found)) = (wanted(case), cluster(case)) else {
        return Vec::new();
    };
    let upgrades_control_plane = !same_version(&found.kubernetes_version, wanted);
    let Some(to) = minor(wanted).filter(|_| upgrades_control_plane) else {
        return Vec::new();
    };
    let behind = |pool: &&PoolFacts| minor(&pool.version).is_some_and(|from| to > from + 3);
    let names: Vec<&str> = found
        .pools
        .iter()
        .filter(behind)
        .map(|pool| pool.name.as_str())
        .collect();
    when(!names.is_empty(), || block("").with("pools", names.join(", ")))
}

fn redeploy(case: &Case<'_>) -> Vec<Verdict> {
    if wanted(case).is_none() || !case.classic() {
        return Vec::new();
    }
    let all: Vec<_> = case.facts.dependents().iter().collect();
    when(!all.is_empty(), || {
        warn("")
            .with("count", all.len())
            .with("names", super::named(&all))
    })
}

fn removed_apis(case: &Case<'_>) -> Vec<Verdict> {
    let (Some(wanted), Some(found)) = (wanted(case), cluster(case)) else {
        return Vec::new();
    };
    let (Some(from), Some(to)) = (minor(&found.kubernetes_version), minor(wanted)) else {
        return Vec::new();
    };
    let gone: Vec<&str> = REMOVALS
        .iter()
        .filter(|(minor, _)| (from + 1..=to).contains(minor))
        .map(|(_, apis)| *apis)
        .collect();
    when(!gone.is_empty(), || {
        info("").with("apis", gone.join(", ")).with("version", wanted)
    })
}

/// AKS upgrades a cluster whose version is out of support only as a whole
/// (learn.microsoft.com/azure/aks/supported-kubernetes-versions, read 2026-11-26).
fn whole(case: &Case<'_>) -> Vec<Verdict> {
    let (Some(Change::Upgrade { nodes: false, .. }), Some(found)) = (case.change, cluster(case)) else {
        return Vec::new();
    };
    when(found.is_out_of_support(&case.facts.today), || {
        block("").with("now", &found.kubernetes_version)
    })
}

/// Each pool gets extra nodes while it is upgraded: 10 % of its nodes by default, at least one.
fn surge(case: &Case<'_>) -> Vec<Verdict> {
    let (
        Some(Change::Upgrade {
            nodes: true, version, ..
        }),
        Some(found),
        Some(usages),
        Some(sizes),
    ) = (
        case.change,
        cluster(case),
        case.facts.usages.known(),
        case.facts.vm_sizes.known(),
    )
    else {
        return Vec::new();
    };
    let pools = found
        .pools
        .iter()
        .filter(|pool| !same_version(&pool.version, version));
    let adapts = minor(version).is_some_and(|to| to >= SURGE_ADAPTS);
    pools
        .filter_map(|pool| {
            // Pools of several sizes have none of their own, and ATT-36 reports one that Azure does not tell.
            if pool.vm_size.is_empty() {
                return None;
            }
            let nodes = surge_nodes(pool);
            let size = listed_size(sizes, &pool.vm_size);
            let left = size.and_then(|size| Some((size, quota_free_for(pool, size, usages)?)));
            let Some((size, left)) = left else {
                return Some(unlisted(&pool.vm_size));
            };
            let need = size.vcpus.saturating_mul(nodes);
            let verdict = if adapts && left >= size.vcpus {
                info("").variant("fewer")
            } else {
                warn("")
            };
            let verdict = verdict.with("pool", &pool.name).with("nodes", nodes);
            (left < need).then(|| verdict.with("need", need).with("left", left))
        })
        .collect()
}

pub(super) fn surge_nodes(pool: &PoolFacts) -> u32 {
    let text = pool.max_surge.as_deref().unwrap_or("10%");
    match text.strip_suffix('%').map(str::parse::<u32>) {
        Some(Ok(0)) => 0,
        Some(Ok(percent)) => pool.count.saturating_mul(percent).div_ceil(100).max(1),
        _ => text.parse().unwrap_or(1),
    }
}

fn preview(case: &Case<'_>) -> Vec<Verdict> {
    let Some(wanted) = wanted(case) else {
        return Vec::new();
    };
    let is_preview = targets(case)
        .iter()
        .any(|target| target.is_preview && same_version(&target.version, wanted));
    when(is_preview, || warn("").with("version", wanted))
}

/// The extension supports AKS's newest minor version and the two before it.
fn outside_window(case: &Case<'_>) -> Vec<Verdict> {
    let Some(wanted) = wanted(case).filter(|_| has_extension(case)) else {
        return Vec::new();
    };
    let Some(offered) = case.facts.versions.known() else {
        return unread("versions", &case.facts.versions);
    };
    let outside = crate::versions::in_aml_window(minor_of(wanted), offered) == Some(false);
    when(outside, || warn("").with("version", wanted))
}

/// Whether the extension is installed, judged by the cluster's extensions or by an attached compute of that route.
fn has_extension(case: &Case<'_>) -> bool {
    let extensions = case.facts.extensions.known().map(Vec::as_slice);
    crate::bodies::extension::installed(extensions.unwrap_or_default()).is_some()
        || case.facts.attachments().iter().any(ComputeFacts::is_kubernetes)
}
