//! Nodes, vCPU and VM sizes.

use super::{Case, Rule, Verdict, block, info, unread, warn, when};
use crate::finding::WizardStep;
use crate::sizing::{
    PRODUCTION_NODE_GIB, PRODUCTION_NODE_VCPUS, PRODUCTION_NODES, PRODUCTION_VCPUS, is_burstable, quota_free,
};

const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
const POOLS: &str = "learn.microsoft.com/azure/aks/use-system-pools";
const QUOTAS: &str = "learn.microsoft.com/azure/aks/quotas-skus-regions";
const EXTENSION: &str = "learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension";
const SKUS: &str = "learn.microsoft.com/rest/api/compute/resource-skus/list";

pub(super) const RULES: &[Rule] = &[
    waivable("CPU-01", CLASSIC, |case| {
        let found = case.capacity().filter(|_| case.classic() && case.production());
        let vcpus = found.and_then(|capacity| capacity.vcpus);
        when(vcpus.is_some_and(|vcpus| vcpus < PRODUCTION_VCPUS), || {
            block("size.nodes")
                .with("have", vcpus.unwrap_or_default())
                .with("need", PRODUCTION_VCPUS)
        })
    }),
    waivable("CPU-02", CLASSIC, |case| {
        let nodes = case
            .capacity()
            .filter(|_| case.classic() && case.production())
            .map(|capacity| capacity.nodes);
        when(nodes.is_some_and(|nodes| nodes < PRODUCTION_NODES), || {
            block("size.nodes")
                .with("have", nodes.unwrap_or_default())
                .with("need", PRODUCTION_NODES)
        })
    }),
    local("CPU-03", CLASSIC, |case| {
        when(!case.uses_existing() && case.spec.size.nodes == 0, || {
            block("size.nodes")
        })
    }),
    azure("CPU-04", CLASSIC, |case| {
        let vcpus = case
            .capacity()
            .filter(|_| case.classic() && !case.production())
            .and_then(|capacity| capacity.vcpus);
        when(vcpus.is_some_and(|vcpus| vcpus < 2), || {
            warn("size.vmSize").with("have", vcpus.unwrap_or_default())
        })
    }),
    Rule {
        step: WizardStep::Purpose,
        ..local("CPU-05", CLASSIC, |case| {
            when(!case.production(), || info("purpose"))
        })
    },
    azure("CPU-09", CLASSIC, |case| {
        let left_out = case.capacity().map_or(0, |capacity| capacity.left_out);
        when(left_out > 0, || {
            info("cluster.resourceId").with("count", left_out)
        })
    }),
    azure("CPU-10", CLASSIC, autoscaler_may_shrink),
    azure("CPU-11", CLASSIC, |case| {
        let gpus = case.vm_size().map_or(0, |size| size.gpus);
        when(case.classic() && case.creates() && gpus > 0, || {
            warn("size.vmSize").with("size", &case.spec.size.vm_size)
        })
    }),
    local("CPU-13", POOLS, |case| {
        when(case.creates() && is_burstable(&case.spec.size.vm_size), || {
            block("size.vmSize").with("size", &case.spec.size.vm_size)
        })
    }),
    azure("CPU-14", POOLS, system_pool_size),
    local("CPU-15", POOLS, |case| {
        let few =
            case.creates() && case.production() && (1..PRODUCTION_NODES).contains(&case.spec.size.nodes);
        when(few, || warn("size.nodes").with("have", case.spec.size.nodes))
    }),
    azure("CPU-18", SKUS, sold_here),
    azure("CPU-19", QUOTAS, quota),
    azure("CPU-20", QUOTAS, room_for_surge),
    azure("CPU-22", EXTENSION, |case| {
        let arm = case
            .vm_size()
            .is_some_and(|size| size.architecture.eq_ignore_ascii_case("Arm64"));
        when(case.creates() && arm, || {
            warn("size.vmSize").with("size", &case.spec.size.vm_size)
        })
    }),
    azure("CPU-23", EXTENSION, extension_floor),
    azure("CPU-25", EXTENSION, |case| {
        let none = case.uses_existing() && case.capacity().is_some_and(|capacity| capacity.nodes == 0);
        when(none, || block("cluster.resourceId"))
    }),
    local(
        "CPU-28",
        "learn.microsoft.com/rest/api/aks/agent-pools/create-or-update",
        |case| {
            let size = &case.spec.size;
            let Some(bounds) = size.autoscale.filter(|_| case.creates()) else {
                return Vec::new();
            };
            let sound = bounds.min >= 1 && bounds.min <= size.nodes && size.nodes <= bounds.max;
            when(!sound, || {
                block("size.autoscale")
                    .with("min", bounds.min)
                    .with("max", bounds.max)
                    .with("nodes", size.nodes)
            })
        },
    ),
    local("CPU-29", CLASSIC, |case| {
        let (need, nodes) = (case.spec.size.need_vcpus, case.spec.size.nodes);
        when(case.creates() && need == 0 && nodes > 0, || {
            block("size.needVcpus")
        })
    }),
];

const fn rule(
    id: &'static str,
    source: &'static str,
    local: bool,
    waivable: bool,
    check: fn(&Case<'_>) -> Vec<Verdict>,
) -> Rule {
    Rule {
        id,
        source,
        step: WizardStep::Size,
        local,
        waivable,
        check,
    }
}

const fn local(id: &'static str, source: &'static str, check: fn(&Case<'_>) -> Vec<Verdict>) -> Rule {
    rule(id, source, true, false, check)
}

const fn azure(id: &'static str, source: &'static str, check: fn(&Case<'_>) -> Vec<Verdict>) -> Rule {
    rule(id, source, false, false, check)
}

/// Whether the service still insists in 2026 is not established: a person may send it all the same.
const fn waivable(id: &'static str, source: &'static str, check: fn(&Case<'_>) -> Vec<Verdict>) -> Rule {
    rule(id, source, false, true, check)
}

fn autoscaler_may_shrink(case: &Case<'_>) -> Vec<Verdict> {
    if !case.production() {
        return Vec::new();
    }
    let fewest = if case.creates() {
        case.spec.size.autoscale.map(|bounds| bounds.min)
    } else {
        let pools = case
            .existing()
            .map(|cluster| cluster.pools.as_slice())
            .unwrap_or_default();
        let scaling = pools.iter().any(|pool| pool.min_count.is_some());
        scaling.then(|| {
            pools
                .iter()
                .map(|pool| pool.min_count.unwrap_or(pool.count))
                .sum()
        })
    };
    let small = fewest.is_some_and(|fewest| {
        let vcpus = case.vm_size().map(|size| size.vcpus * fewest);
        fewest < PRODUCTION_NODES || vcpus.is_some_and(|vcpus| vcpus < PRODUCTION_VCPUS)
    });
    when(small, || {
        warn("size.autoscale").with("min", fewest.unwrap_or_default())
    })
}

/// Two official pages disagree between 2 and 4 vCPU: below 2 it is refused, below 4 it is said.
fn system_pool_size(case: &Case<'_>) -> Vec<Verdict> {
    let Some(size) = case.vm_size().filter(|_| case.creates()) else {
        return Vec::new();
    };
    let say = |verdict: Verdict| {
        vec![
            verdict
                .with("size", &size.name)
                .with("vcpus", size.vcpus)
                .with("memory", format!("{:.0}", size.memory_gib)),
        ]
    };
    if size.vcpus < 2 || size.memory_gib < 4.0 {
        say(block("size.vmSize"))
    } else if size.vcpus < 4 {
        say(warn("size.vmSize").variant("small"))
    } else {
        Vec::new()
    }
}

fn sold_here(case: &Case<'_>) -> Vec<Verdict> {
    let wanted = &case.spec.size.vm_size;
    if !case.creates() || wanted.is_empty() {
        return Vec::new();
    }
    if case.facts.vm_sizes.known().is_none() {
        return unread(&case.facts.vm_sizes, "size.vmSize");
    }
    let refuse = || {
        block("size.vmSize")
            .with("size", wanted)
            .with("location", &case.spec.place.location)
    };
    match case.vm_size() {
        None => vec![refuse().variant("absent")],
        Some(size) => match &size.restricted {
            Some(reason) => vec![refuse().with("reason", reason)],
            None => Vec::new(),
        },
    }
}

fn quota(case: &Case<'_>) -> Vec<Verdict> {
    if !case.creates() && !case.through_aml() {
        return Vec::new();
    }
    let Some(size) = case.vm_size() else {
        return Vec::new();
    };
    let Some(usages) = case.facts.usages.known() else {
        return unread(&case.facts.usages, "size.vmSize");
    };
    let need = size.vcpus * case.spec.size.nodes;
    let names = [size.family.as_str(), "cores"];
    let short = names
        .iter()
        .filter_map(|name| usages.iter().find(|usage| usage.name.eq_ignore_ascii_case(name)));
    short
        .filter(|usage| usage.free() < need)
        .map(|usage| {
            block("size.nodes")
                .with("need", need)
                .with("left", usage.free())
                .with("limit", usage.limit)
                .with("used", usage.used)
                .with("family", &usage.label)
                .with("location", &case.spec.place.location)
        })
        .collect()
}

/// An upgrade needs room for one more node at least.
fn room_for_surge(case: &Case<'_>) -> Vec<Verdict> {
    let Some(size) = case.vm_size().filter(|_| case.creates()) else {
        return Vec::new();
    };
    let Some(free) = case
        .facts
        .usages
        .known()
        .and_then(|usages| quota_free(size, usages))
    else {
        return Vec::new();
    };
    let need = size.vcpus * case.spec.size.nodes;
    when(free >= need && free - need < size.vcpus, || {
        warn("size.nodes")
            .with("left", free - need)
            .with("need", size.vcpus)
    })
}

fn extension_floor(case: &Case<'_>) -> Vec<Verdict> {
    if !case.extension() || !case.production() {
        return Vec::new();
    }
    let Some(capacity) = case.capacity() else {
        return unread(&case.facts.cluster, "cluster.resourceId");
    };
    let small_nodes = case.creates()
        && case
            .vm_size()
            .is_some_and(|size| size.vcpus < PRODUCTION_NODE_VCPUS || size.memory_gib < PRODUCTION_NODE_GIB);
    when(small_nodes || capacity.nodes < PRODUCTION_NODES, || {
        warn("size.nodes")
            .with("nodes", capacity.nodes)
            .with("needNodes", PRODUCTION_NODES)
            .with("needVcpus", PRODUCTION_NODE_VCPUS)
            .with("needMemory", PRODUCTION_NODE_GIB)
    })
}
