//! Changes of nodes, autoscaler, power state and tags.

use super::super::verdict::{block, unknown, unread, warn, when};
use super::super::{Case, Rule, Verdict};
use super::cluster;
use crate::change::Change;
use crate::facts::{Dependent, PoolFacts, VmSize};
use crate::finding::WizardStep::Review;
use crate::sizing::{PRODUCTION_NODES, PRODUCTION_VCPUS, quota_free_for, quotas_of};

const SCALE: &str = "learn.microsoft.com/azure/aks/scale-cluster";
const AUTOSCALER: &str = "learn.microsoft.com/azure/aks/cluster-autoscaler";
const SYSTEM_POOLS: &str = "learn.microsoft.com/azure/aks/use-system-pools";
const USAGES: &str = "learn.microsoft.com/rest/api/compute/usage/list";
const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
const STOP: &str = "learn.microsoft.com/azure/aks/start-stop-cluster";
const RESTART: &str = "learn.microsoft.com/azure/machine-learning/how-to-secure-kubernetes-inferencing-environment; \
                       learn.microsoft.com/azure/aks/start-stop-cluster";
/// Maximum nodes of a pool (learn.microsoft.com/azure/aks/quotas-skus-regions).
const MAX_NODES: u32 = 1000;

pub(super) const RULES: &[Rule] = &[
    Rule::azure("SCL-01", Review, SCALE, pool_exists),
    Rule::azure("SCL-02", Review, AUTOSCALER, autoscaled),
    Rule::azure("SCL-03", Review, AUTOSCALER, bounds).says(&["SCL-03", "SCL-03.nodes"]),
    Rule::azure("SCL-04", Review, STOP, stopped),
    Rule::azure("SCL-05", Review, SYSTEM_POOLS, system_pool),
    Rule::azure("SCL-06", Review, USAGES, quota).says(&["SCL-06", "SCL-06.autoscale", "SCL-06.unlisted"]),
    Rule::azure("SCL-07", Review, SCALE, fewer_nodes),
    Rule::azure("CPU-26", Review, CLASSIC, below_minimum).says(&["CPU-26", "CPU-26.autoscale"]),
    Rule::azure("NET-16", Review, RESTART, |case| {
        let stops = matches!(case.change, Some(Change::Power { running: false, .. }));
        let own = cluster(case).is_some_and(|found| {
            found.private_cluster || found.pools.iter().any(|pool| pool.subnet_id.is_some())
        });
        when(stops && own, || warn(""))
    }),
];

/// The name of the pool to change, with the wanted minimum and maximum number of nodes.
pub(super) fn wanted<'a>(case: &Case<'a>) -> Option<(&'a str, u32, u32)> {
    case.change?.node_range()
}

/// The pool whose number of nodes is to change.
pub(super) fn pool<'a>(case: &Case<'a>) -> Option<&'a PoolFacts> {
    let (Change::Scale { pool: name, .. } | Change::Autoscale { pool: name, .. }) = case.change? else {
        return None;
    };
    cluster(case)?.pool(name)
}

fn pool_exists(case: &Case<'_>) -> Vec<Verdict> {
    let (Some(Change::Scale { pool: name, .. } | Change::Autoscale { pool: name, .. }), Some(found)) =
        (case.change, cluster(case))
    else {
        return Vec::new();
    };
    let names = found
        .pools
        .iter()
        .map(|pool| pool.name.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    when(pool(case).is_none(), || {
        block("").with("pool", name).with("pools", names)
    })
}

fn autoscaled(case: &Case<'_>) -> Vec<Verdict> {
    let scales = matches!(case.change, Some(Change::Scale { .. }));
    let Some(found) = pool(case).filter(|found| scales && found.min_count.is_some()) else {
        return Vec::new();
    };
    let verdict = block("").with("pool", &found.name);
    vec![
        verdict
            .with("min", found.min_count.unwrap_or_default())
            .with("max", found.max_count.unwrap_or_default()),
    ]
}

fn bounds(case: &Case<'_>) -> Vec<Verdict> {
    let Some((_, min, max)) = wanted(case) else {
        return Vec::new();
    };
    let zero_max = max == 0 && matches!(case.change, Some(Change::Autoscale { .. }));
    let scales = matches!(case.change, Some(Change::Scale { .. }));
    when(min > max || max > MAX_NODES || zero_max, || {
        let verdict = if scales {
            block("").variant("nodes")
        } else {
            block("")
        };
        verdict.with("min", min).with("max", max).with("most", MAX_NODES)
    })
}

fn stopped(case: &Case<'_>) -> Vec<Verdict> {
    let needs_running = matches!(
        case.change,
        Some(
            Change::Scale { .. }
                | Change::Autoscale { .. }
                | Change::Upgrade { .. }
                | Change::Support { .. }
                | Change::CleanUp { .. }
                | Change::LoadBalancer { .. }
                | Change::Tls { .. }
                | Change::MoveBack { .. }
                | Change::MoveFinish { .. }
        )
    );
    let stopped =
        cluster(case).filter(|found| needs_running && !found.power_state.eq_ignore_ascii_case("Running"));
    stopped
        .map(|found| block("").with("name", &found.name))
        .into_iter()
        .collect()
}

fn system_pool(case: &Case<'_>) -> Vec<Verdict> {
    let (Some((_, min, _)), Some(found)) = (wanted(case), pool(case)) else {
        return Vec::new();
    };
    when(min == 0 && found.mode.eq_ignore_ascii_case("System"), || {
        block("").with("pool", &found.name)
    })
}

fn quota(case: &Case<'_>) -> Vec<Verdict> {
    let (Some((_, min, max)), Some(found)) = (wanted(case), pool(case)) else {
        return Vec::new();
    };
    // SCL-08 refuses pools of single machines.
    if max <= found.count || found.is_of_machines() {
        return Vec::new();
    }
    let Some(sizes) = case.facts.vm_sizes.known() else {
        return unread("vm_sizes", &case.facts.vm_sizes);
    };
    let Some(usages) = case.facts.usages.known() else {
        return unread("usages", &case.facts.usages);
    };
    // ATT-36 reports a size that Azure does not tell.
    if found.vm_size.is_empty() {
        return Vec::new();
    }
    let Some(size) =
        listed_size(sizes, &found.vm_size).filter(|size| quota_free_for(found, size, usages).is_some())
    else {
        return vec![unlisted(&found.vm_size)];
    };
    let short = |nodes: u32| {
        let need = size.vcpus.saturating_mul(nodes.saturating_sub(found.count));
        usages
            .iter()
            .filter(|usage| {
                let names = quotas_of(found, size);
                names.iter().any(|name| usage.name.eq_ignore_ascii_case(name))
            })
            .find(|usage| usage.free() < need)
            .map(|usage| (need, usage))
    };
    let about = |verdict: Verdict, (need, usage): (u32, &crate::facts::Usage)| {
        let verdict = verdict.with("need", need).with("left", usage.free());
        verdict.with("limit", usage.limit).with("family", &usage.label)
    };
    match (short(min), short(max)) {
        (Some(found), _) => vec![about(block(""), found)],
        (None, Some(found)) => vec![about(warn("").variant("autoscale"), found)],
        (None, None) => Vec::new(),
    }
}

/// A size with a known number of vCPU, in the list of a location.
pub(super) fn listed_size<'a>(sizes: &'a [VmSize], name: &str) -> Option<&'a VmSize> {
    let mut sizes = sizes.iter();
    sizes.find(|size| size.name.eq_ignore_ascii_case(name) && size.vcpus > 0)
}

/// Azure's lists lack a VM size or its quota.
pub(super) fn unlisted(size: &str) -> Verdict {
    unknown("", format!("no quota listed for {size}"))
        .variant("unlisted")
        .with("size", size)
}

/// Endpoints on the cluster lose capacity.
fn fewer_nodes(case: &Case<'_>) -> Vec<Verdict> {
    let (Some((_, _, max)), Some(found)) = (wanted(case), pool(case)) else {
        return Vec::new();
    };
    let all: Vec<&Dependent> = case.facts.dependents().iter().collect();
    when(max < found.count && !all.is_empty(), || {
        warn("")
            .with("pool", &found.name)
            .with("from", found.count)
            .with("to", max)
            .with("count", all.len())
            .with("names", super::named(&all))
    })
}

/// Checks the purpose's minimum with the changed pool: 12 vCPU and 3 nodes on the classic route, 3 nodes on the extension
/// route.
fn below_minimum(case: &Case<'_>) -> Vec<Verdict> {
    let (Some((name, min, _)), Some(_)) = (wanted(case), pool(case)) else {
        return Vec::new();
    };
    let attached = case.facts.attachments();
    // On the extension route, the extension's settings tell the purpose.
    if case.extension() && !attached.is_empty() && case.facts.extensions.known().is_none() {
        return unread("extensions", &case.facts.extensions);
    }
    if attached.is_empty() || !case.production() {
        return Vec::new();
    }
    let count = |pool: &PoolFacts| {
        if pool.name.eq_ignore_ascii_case(name) {
            min
        } else {
            pool.count
        }
    };
    let Some(capacity) = case.capacity_by(count, 0) else {
        return Vec::new();
    };
    if case.classic() && capacity.vcpus.is_none() && capacity.nodes >= PRODUCTION_NODES {
        return unread("vm_sizes", &case.facts.vm_sizes);
    }
    let too_few_vcpus = case.classic() && capacity.vcpus.is_some_and(|vcpus| vcpus < PRODUCTION_VCPUS);
    when(too_few_vcpus || capacity.nodes < PRODUCTION_NODES, || {
        let verdict = warn("")
            .with("nodes", capacity.nodes)
            .with("needNodes", PRODUCTION_NODES);
        let verdict = verdict
            .with(
                "vcpus",
                capacity
                    .vcpus
                    .map_or_else(|| "?".to_owned(), |vcpus| vcpus.to_string()),
            )
            .with("needVcpus", PRODUCTION_VCPUS);
        match case.change {
            Some(Change::Autoscale { .. }) => verdict.variant("autoscale"),
            _ => verdict,
        }
    })
}
