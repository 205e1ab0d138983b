//! What a change cannot do to some kinds of node pool.

use super::super::verdict::{block, on, unknown, warn};
use super::super::{Case, Rule, Verdict};
use super::cluster;
use super::nodes::pool;
use super::versions::minor;
use crate::change::Change;
use crate::facts::{ClusterFacts, PoolFacts};
use crate::finding::WizardStep::Review;
use crate::versions::REMOVED_IMAGES;

const MACHINES: &str = "learn.microsoft.com/azure/aks/virtual-machines-node-pools";
const IMAGES: &str = "learn.microsoft.com/azure/aks/upgrade-os-version";
const STOP: &str = "learn.microsoft.com/azure/aks/start-stop-cluster";
const SPOT: &str = "learn.microsoft.com/azure/aks/spot-node-pool";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("SCL-08", Review, MACHINES, kind).says(&[
        "SCL-08.machines",
        "SCL-08.set",
        "SCL-08.provisioning",
        "SCL-08.stopped",
        "SCL-08.unknown",
        "SCL-08.automatic",
    ]),
    Rule::azure("SCL-09", Review, IMAGES, images).says(&["SCL-09.removed", "SCL-09.ending"]),
    Rule::azure("SCL-10", Review, STOP, unstoppable).says(&["SCL-10", "SCL-10.set"]),
    Rule::azure("UPG-05", Review, IMAGES, os_first),
    Rule::azure("UPG-07", Review, SPOT, spot_pools),
];

/// OS SKUs, and the first minor version that does not run on them (learn.microsoft.com/azure/aks/upgrade-os-version, read
/// 2026-11-26; Windows Server 2019: Azure/AKS CHANGELOG 2026-05-29).
const FIRST_WITHOUT: [(&str, u32); 4] = [
    ("Windows2019", 33),
    ("Ubuntu2204", 37),
    ("AzureLinux3", 37),
    ("Windows2022", 37),
];

fn kind(case: &Case<'_>) -> Vec<Verdict> {
    let Some(pool) = pool(case) else {
        return Vec::new();
    };
    let autoscales = matches!(case.change, Some(Change::Autoscale { bounds: Some(_), .. }));
    let provisions = cluster(case).is_some_and(|found| found.provisions_nodes());
    // AKS runs the system pools of such a cluster itself
    // (learn.microsoft.com/azure/aks/automatic/aks-automatic-managed-system-node-pools-about).
    let is_of_aks =
        cluster(case).is_some_and(|found| found.is_automatic()) && pool.mode.eq_ignore_ascii_case("System");
    if is_of_aks {
        return vec![warn("").variant("automatic").with("pool", &pool.name)];
    }
    let variant = if pool.is_of_machines() {
        "machines"
    } else if pool.is_availability_set() && autoscales {
        "set"
    } else if provisions && autoscales {
        "provisioning"
    } else if pool.is_stopped() {
        "stopped"
    } else if !pool.is_of_scale_sets() && !pool.is_availability_set() {
        let verdict = unknown("", &pool.kind).variant("unknown");
        return vec![verdict.with("pool", &pool.name)];
    } else {
        return Vec::new();
    };
    vec![block("").variant(variant).with("pool", &pool.name)]
}

/// AKS stops only clusters of scale sets, and none with node auto-provisioning.
fn unstoppable(case: &Case<'_>) -> Vec<Verdict> {
    let stops = matches!(case.change, Some(Change::Power { running: false, .. }));
    let Some(found) = cluster(case).filter(|_| stops) else {
        return Vec::new();
    };
    let verdict = if found.provisions_nodes() {
        block("")
    } else if found.pools.iter().any(PoolFacts::is_availability_set) {
        block("").variant("set")
    } else {
        return Vec::new();
    };
    vec![verdict.with("name", &found.name)]
}

/// Spot pools cannot be upgraded in the same request as the control plane, but a version out of support requires that.
fn spot_pools(case: &Case<'_>) -> Vec<Verdict> {
    let upgrades = matches!(case.change, Some(Change::Upgrade { nodes: true, .. }));
    let whole = |found: &&ClusterFacts| upgrades && found.is_out_of_support(&case.facts.today);
    let Some(found) = cluster(case).filter(whole) else {
        return Vec::new();
    };
    let pools = found.pools.iter().filter(|pool| pool.is_spot());
    let names: Vec<&str> = pools.map(|pool| pool.name.as_str()).collect();
    on((!names.is_empty()).then_some(names), |names| {
        block("")
            .with("pools", names.join(", "))
            .with("now", &found.kubernetes_version)
    })
}

/// Nodes whose image AKS has removed cannot be added, and an upgrade replaces nodes.
fn images(case: &Case<'_>) -> Vec<Verdict> {
    let upgraded = match case.change {
        Some(Change::Upgrade { nodes: true, .. }) => cluster(case).map(|found| found.pools.as_slice()),
        _ => None,
    };
    // The new nodes of an upgrade come from the image of the new version.
    let target = match case.change {
        Some(Change::Upgrade { version, .. }) => minor(version),
        _ => None,
    };
    let grown = pool(case).filter(|pool| match case.change {
        Some(Change::Scale { nodes, .. }) => *nodes > pool.count,
        _ => true,
    });
    let pools = upgraded.unwrap_or_default().iter().chain(grown);
    pools
        .filter_map(|pool| removal(pool, target.or_else(|| minor(&pool.version)), &case.facts.today))
        .collect()
}

/// What the removed image of a pool means, whose nodes will run this minor version.
fn removal(pool: &PoolFacts, version: Option<u32>, today: &str) -> Option<Verdict> {
    let os = pool.os_sku.as_deref()?;
    let runs = |newest: Option<u32>| newest.is_none_or(|newest| version.is_some_and(|now| now <= newest));
    let mut removed = REMOVED_IMAGES.iter();
    let (_, _, day) = removed.find(|(name, newest, _)| name.eq_ignore_ascii_case(os) && runs(*newest))?;
    let verdict = if today >= *day {
        block("").variant("removed")
    } else {
        warn("").variant("ending")
    };
    Some(verdict.with("pool", &pool.name).with("os", os).with("date", day))
}

/// The OS SKU has to be changed before the upgrade.
fn os_first(case: &Case<'_>) -> Vec<Verdict> {
    let (Some(Change::Upgrade { version, .. }), Some(found)) = (case.change, cluster(case)) else {
        return Vec::new();
    };
    let Some(to) = minor(version) else {
        return Vec::new();
    };
    let ends = |pool: &&PoolFacts| {
        let os = pool.os_sku.as_deref().unwrap_or_default();
        let known = FIRST_WITHOUT
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(os));
        known.is_some_and(|(_, first)| to >= *first)
    };
    let pools: Vec<String> = found
        .pools
        .iter()
        .filter(ends)
        .map(|pool| format!("{} ({})", pool.name, pool.os_sku.as_deref().unwrap_or_default()))
        .collect();
    on((!pools.is_empty()).then_some(pools), |pools| {
        block("").with("version", version).with("pools", pools.join(", "))
    })
}
