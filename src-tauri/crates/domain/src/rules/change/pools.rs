//! What a change cannot do to some kinds of node pool.

use super::super::verdict::{block, on, warn};
use super::super::{Case, Rule, Verdict};
use super::cluster;
use super::nodes::pool;
use super::versions::minor;
use crate::change::Change;
use crate::facts::PoolFacts;
use crate::finding::WizardStep::Review;
use crate::versions::REMOVED_IMAGES;

const MACHINES: &str = "learn.microsoft.com/azure/aks/virtual-machines-node-pools";
const IMAGES: &str = "learn.microsoft.com/azure/aks/upgrade-os-version";
const PROVISIONING: &str = "learn.microsoft.com/azure/aks/node-auto-provisioning";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("SCL-08", Review, MACHINES, kind).says(&[
        "SCL-08.machines",
        "SCL-08.set",
        "SCL-08.provisioning",
        "SCL-08.stopped",
    ]),
    Rule::azure("SCL-09", Review, IMAGES, images).says(&["SCL-09.removed", "SCL-09.ending"]),
    Rule::azure("SCL-10", Review, PROVISIONING, |case| {
        let stops = matches!(case.change, Some(Change::Power { running: false, .. }));
        on(
            cluster(case).filter(|found| stops && found.provisions_nodes()),
            |found| block("").with("name", &found.name),
        )
    }),
    Rule::azure("UPG-05", Review, IMAGES, os_first),
];

/// OS SKUs that Kubernetes 1.37 and newer do not run on (learn.microsoft.com/azure/aks/upgrade-os-version, read
/// 2026-11-26).
const ENDING_WITH_1_36: [&str; 3] = ["Ubuntu2204", "AzureLinux3", "Windows2022"];
const FIRST_WITHOUT: u32 = 37;

fn kind(case: &Case<'_>) -> Vec<Verdict> {
    let Some(pool) = pool(case) else {
        return Vec::new();
    };
    let autoscales = matches!(case.change, Some(Change::Autoscale { bounds: Some(_), .. }));
    let provisions = cluster(case).is_some_and(|found| found.provisions_nodes());
    let variant = if pool.is_of_machines() {
        "machines"
    } else if pool.is_availability_set() && autoscales {
        "set"
    } else if provisions && autoscales {
        "provisioning"
    } else if pool.is_stopped() {
        "stopped"
    } else {
        return Vec::new();
    };
    vec![block("").variant(variant).with("pool", &pool.name)]
}

/// Nodes whose image AKS has removed cannot be added, and an upgrade replaces nodes.
fn images(case: &Case<'_>) -> Vec<Verdict> {
    let upgraded = match case.change {
        Some(Change::Upgrade { nodes: true, .. }) => cluster(case).map(|found| found.pools.as_slice()),
        _ => None,
    };
    let grown = pool(case).filter(|pool| match case.change {
        Some(Change::Scale { nodes, .. }) => *nodes > pool.count,
        _ => true,
    });
    let pools = upgraded.unwrap_or_default().iter().chain(grown);
    pools
        .filter_map(|pool| removal(pool, &case.facts.today))
        .collect()
}

fn removal(pool: &PoolFacts, today: &str) -> Option<Verdict> {
    let os = pool.os_sku.as_deref()?;
    let runs = |newest: Option<u32>| {
        newest.is_none_or(|newest| minor(&pool.version).is_some_and(|now| now <= newest))
    };
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
    if minor(version).is_none_or(|to| to < FIRST_WITHOUT) {
        return Vec::new();
    }
    let ends = |pool: &&PoolFacts| {
        let os = pool.os_sku.as_deref().unwrap_or_default();
        ENDING_WITH_1_36.iter().any(|name| name.eq_ignore_ascii_case(os))
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
