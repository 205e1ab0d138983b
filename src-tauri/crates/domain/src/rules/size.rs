//! Nodes, vCPU and VM sizes.

use super::capacity::Capacity;
use super::read::{CLUSTER, VM_SIZES};
use super::verdict::{block, info, on, unread, warn, when};
use super::{Case, Rule, Verdict, on_change};
use crate::bodies::compute_through_aml::DEFAULT_SIZE;
use crate::facts::{PoolFacts, VmSize};
use crate::finding::WizardStep::{self, Size};
use crate::sizing::{
    PRODUCTION_NODE_GIB, PRODUCTION_NODE_VCPUS, PRODUCTION_NODES, PRODUCTION_VCPUS, SYSTEM_NODE_VCPUS,
    TEST_NODE_GIB, TEST_NODE_VCPUS, is_burstable, router_nodes, takes_ordinary_pods,
};

const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
const CORES: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes; \
                     MicrosoftDocs/azure-docs issue 55597";
/// The page recommended vCPU for dev-test until 2022; since then it names nodes only.
const FORMER_CLASSIC: &str =
    "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes (text before 2022)";
const SDK: &str = "package azureml-core 1.61, core/compute/aks.py";
const TAINTS: &str = "MicrosoftDocs/azure-docs issue 55597";
const POOLS: &str = "learn.microsoft.com/azure/aks/use-system-pools";
const POOL_SIZES: &str = "learn.microsoft.com/azure/aks/use-system-pools; learn.microsoft.com/azure/aks/quotas-skus-regions; \
                          MicrosoftDocs/azure-docs issue 121181";
const QUOTAS: &str = "learn.microsoft.com/azure/aks/quotas-skus-regions";
const EXTENSION: &str = "learn.microsoft.com/azure/machine-learning/reference-kubernetes";
const HEALTH: &str =
    "learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension (E40002)";
const AGENT_POOLS: &str = "learn.microsoft.com/rest/api/aks/agent-pools/create-or-update";
const SKUS: &str = "learn.microsoft.com/rest/api/compute/resource-skus/list";
/// Recommended vCPU of a dev-test cluster.
const DEV_TEST_VCPUS: u32 = 2;
/// Memory that the documentation asks of a node of a system pool.
const SYSTEM_NODE_GIB: f64 = 4.0;

pub(super) const RULES: &[Rule] = &[
    // It is not known whether the service still enforces this in 2026, so the person may waive it.
    Rule::azure("CPU-01", Size, CORES, too_few_vcpus)
        .reading(&[CLUSTER], |case| {
            case.uses_existing() && case.classic() && case.production()
        })
        .waivable()
        .says(&["CPU-01", "CPU-01.waived"]),
    Rule::local("CPU-02", Size, CORES, too_few_nodes)
        .reading(&[CLUSTER], |case| {
            case.uses_existing() && case.classic() && case.production()
        })
        .waivable()
        .says(&["CPU-02", "CPU-02.waived"]),
    Rule::local("CPU-03", Size, CLASSIC, no_node),
    Rule::azure("CPU-04", Size, FORMER_CLASSIC, |case| {
        let vcpus = case
            .capacity()
            .and_then(|found| found.vcpus)
            .filter(|_| case.classic() && !case.production());
        on(vcpus.filter(|vcpus| *vcpus < DEV_TEST_VCPUS), |vcpus| {
            warn("size.vmSize")
                .with("have", vcpus)
                .with("need", DEV_TEST_VCPUS)
        })
    })
    .reading(&[CLUSTER, VM_SIZES], |case| case.classic() && !case.production()),
    Rule::local("CPU-05", WizardStep::Purpose, CLASSIC, |case| {
        when(!case.production(), || info("purpose"))
    }),
    Rule::local("CPU-08", Size, SDK, |case| {
        when(case.through_aml() && case.spec.size.nodes == 0, || {
            block("size.nodes")
        })
    }),
    Rule::azure("CPU-09", Size, TAINTS, |case| {
        let capacity = case.capacity().filter(|found| found.excluded > 0);
        on(capacity, |found| {
            info("cluster.resourceId")
                .with("left", found.excluded)
                .with("nodes", found.nodes)
        })
    })
    .reading(&[CLUSTER], |case| case.uses_existing()),
    Rule::azure("CPU-10", Size, CORES, autoscaler_below_minimum)
        .reading(&[CLUSTER], |case| case.uses_existing() && case.production()),
    Rule::azure("CPU-11", Size, CLASSIC, gpus)
        .reading(&[VM_SIZES], |case| {
            case.classic() && (has_size(case) || case.uses_existing())
        })
        .says(&["CPU-11", "CPU-11.pool"]),
    Rule::local("CPU-12", Size, SDK, |case| {
        let unnamed = case.through_aml() && case.spec.size.vm_size.is_empty();
        when(unnamed, || {
            info("size.vmSize")
                .with("size", DEFAULT_SIZE)
                .with("nodes", case.spec.size.nodes)
        })
    }),
    Rule::local("CPU-13", Size, POOLS, |case| {
        let name = &case.spec.size.vm_size;
        when(!case.uses_existing() && is_burstable(name), || {
            warn("size.vmSize").with("size", name)
        })
    }),
    Rule::azure("CPU-14", Size, POOL_SIZES, system_pool_size)
        .reading(&[VM_SIZES], |case| case.creates() && has_size(case))
        .says(&["CPU-14", "CPU-14.memory", "CPU-14.small"]),
    Rule::local("CPU-15", Size, POOLS, |case| {
        let nodes = case.spec.size.nodes;
        // On the classic route CPU-02 blocks this.
        let few =
            case.creates() && case.production() && case.extension() && (1..PRODUCTION_NODES).contains(&nodes);
        when(few, || {
            warn("size.nodes")
                .with("have", nodes)
                .with("need", PRODUCTION_NODES)
        })
    }),
    Rule::azure("CPU-17", Size, QUOTAS, |case| {
        let small = case
            .vm_size()
            .filter(|size| case.through_aml() && (size.vcpus < 2 || size.memory_gib < 2.0));
        on(small, |size| with_size(block("size.vmSize"), size))
    })
    .reading(&[VM_SIZES], |case| case.through_aml()),
    Rule::azure("CPU-22", Size, EXTENSION, arm64_nodes).reading(&[CLUSTER, VM_SIZES], |case| {
        case.uses_existing() || has_size(case)
    }),
    Rule::azure("CPU-23", Size, EXTENSION, below_extension_minimum)
        .on_change(on_change::moves)
        .reading(&[CLUSTER], |case| case.uses_existing() && case.extension())
        .says(&["CPU-23", "CPU-23.test"]),
    Rule::local("CPU-24", Size, HEALTH, single_router)
        .on_change(on_change::moves)
        .reading(&[CLUSTER], |case| case.uses_existing() && case.extension()),
    Rule::azure("CPU-25", Size, EXTENSION, no_usable_nodes)
        .on_change(on_change::moves)
        .reading(&[CLUSTER], |case| case.uses_existing() && case.extension()),
    Rule::local("CPU-28", Size, AGENT_POOLS, |case| {
        let nodes = case.spec.size.nodes;
        let Some(bounds) = case.spec.size.autoscale.filter(|_| case.creates()) else {
            return Vec::new();
        };
        let valid = bounds.min >= 1 && bounds.min <= nodes && nodes <= bounds.max;
        when(!valid, || {
            block("size.autoscale")
                .with("min", bounds.min)
                .with("max", bounds.max)
                .with("nodes", nodes)
        })
    }),
    Rule::azure("CPU-29", Size, SKUS, below_requested_vcpus).reading(&[VM_SIZES], has_size),
];

/// Whether the size of new nodes is known, chosen or by default.
fn has_size(case: &Case<'_>) -> bool {
    !case.uses_existing() && !case.vm_size_name().is_empty()
}

/// Capacity of a classic production cluster, if known.
fn classic_production(case: &Case<'_>) -> Option<Capacity> {
    case.capacity().filter(|_| case.classic() && case.production())
}

fn too_few_vcpus(case: &Case<'_>) -> Vec<Verdict> {
    let Some(capacity) = classic_production(case) else {
        return Vec::new();
    };
    let Some(vcpus) = capacity.vcpus else {
        return unread("vm_sizes", &case.facts.vm_sizes);
    };
    when(vcpus < PRODUCTION_VCPUS, || {
        let verdict = block("size.nodes")
            .with("have", vcpus)
            .with("need", PRODUCTION_VCPUS);
        verdict.with("nodes", capacity.nodes)
    })
}

fn too_few_nodes(case: &Case<'_>) -> Vec<Verdict> {
    let few = classic_production(case).filter(|capacity| capacity.nodes < PRODUCTION_NODES);
    on(few, |capacity| {
        block("size.nodes")
            .with("have", capacity.nodes)
            .with("need", PRODUCTION_NODES)
    })
}

/// Classic production clusters are left to CPU-02.
fn no_node(case: &Case<'_>) -> Vec<Verdict> {
    let counts = case.creates() || (case.uses_existing() && case.classic());
    let none = case.capacity().is_some_and(|capacity| capacity.nodes == 0);
    when(counts && none && classic_production(case).is_none(), || {
        block("size.nodes")
    })
}

/// Checks the production minimum of either route after the autoscaler has scaled down.
fn autoscaler_below_minimum(case: &Case<'_>) -> Vec<Verdict> {
    let Some(min) = case.min_capacity().filter(|_| case.production()) else {
        return Vec::new();
    };
    let too_few_vcpus = case.classic() && min.vcpus.is_some_and(|vcpus| vcpus < PRODUCTION_VCPUS);
    when(too_few_vcpus || min.nodes < PRODUCTION_NODES, || {
        let verdict = warn("size.autoscale")
            .with("min", min.nodes)
            .with("needNodes", PRODUCTION_NODES);
        verdict.with("needVcpus", PRODUCTION_VCPUS)
    })
}

/// The official pages disagree between 2 and 4 vCPU: fewer than 2 block, fewer than 4 cause a warning. Both name 4 GiB, but a
/// report says that 2 GiB worked, so less than 4 GiB causes a warning too.
fn system_pool_size(case: &Case<'_>) -> Vec<Verdict> {
    let Some(size) = case.vm_size().filter(|_| case.creates()) else {
        return Vec::new();
    };
    let verdict = if size.vcpus < 2 || size.memory_gib < 2.0 {
        block("size.vmSize")
    } else if size.memory_gib < SYSTEM_NODE_GIB {
        warn("size.vmSize").variant("memory")
    } else if size.vcpus < SYSTEM_NODE_VCPUS {
        warn("size.vmSize").variant("small")
    } else {
        return Vec::new();
    };
    vec![with_size(verdict, size)]
}

fn with_size(verdict: Verdict, size: &VmSize) -> Verdict {
    let memory = format!("{:.0}", size.memory_gib);
    verdict
        .with("size", &size.name)
        .with("vcpus", size.vcpus)
        .with("memory", memory)
}

/// It is not documented whether Azure ML's front end runs on Arm64.
fn arm64_nodes(case: &Case<'_>) -> Vec<Verdict> {
    let arm = |size: &&VmSize| size.architecture.eq_ignore_ascii_case("Arm64");
    let in_pools = || {
        case.existing()?
            .pools
            .iter()
            .flat_map(PoolFacts::sizes)
            .filter_map(|(size, _)| case.size_named(size))
            .find(arm)
    };
    on(case.vm_size().filter(arm).or_else(in_pools), |size| {
        warn("size.vmSize").with("size", &size.name)
    })
}

/// The extension's components need 3 nodes with 4 vCPU and 14 GiB each for production, or one with 2 vCPU and 7 GiB for
/// tests.
fn below_extension_minimum(case: &Case<'_>) -> Vec<Verdict> {
    if !case.extension() {
        return Vec::new();
    }
    let (need, vcpus, gib) = match case.production() {
        true => (PRODUCTION_NODES, PRODUCTION_NODE_VCPUS, PRODUCTION_NODE_GIB),
        false => (1, TEST_NODE_VCPUS, TEST_NODE_GIB),
    };
    let enough = |size: &VmSize| size.vcpus >= vcpus && size.memory_gib >= gib;
    let Some(nodes) = nodes_with(case, enough) else {
        return if case.capacity().is_some() {
            unread("vm_sizes", &case.facts.vm_sizes)
        } else {
            Vec::new()
        };
    };
    when(nodes < need, || {
        let verdict = warn("size.nodes").with("nodes", nodes).with("needNodes", need);
        let verdict = verdict.with("needVcpus", vcpus).with("needMemory", gib);
        if case.production() {
            verdict
        } else {
            verdict.variant("test")
        }
    })
}

/// Number of nodes that take ordinary pods and are large enough; `None` if a size is unknown.
fn nodes_with(case: &Case<'_>, enough: impl Fn(&VmSize) -> bool) -> Option<u32> {
    if !case.uses_existing() {
        let size = case.vm_size()?;
        return Some(if enough(size) { case.spec.size.nodes } else { 0 });
    }
    let pools = case
        .existing()?
        .pools
        .iter()
        .filter(|pool| takes_ordinary_pods(pool));
    let nodes = pools
        .flat_map(PoolFacts::sizes)
        .map(|(size, count)| Some(if enough(case.size_named(size)?) { count } else { 0 }));
    Some(
        nodes
            .collect::<Option<Vec<u32>>>()?
            .into_iter()
            .fold(0, u32::saturating_add),
    )
}

/// Classic services run on the first pool; a second one with GPUs is not supported.
fn gpus(case: &Case<'_>) -> Vec<Verdict> {
    if !case.classic() {
        return Vec::new();
    }
    if let Some(cluster) = case.existing() {
        let has_gpus = |pool: &&PoolFacts| {
            let mut sizes = pool.sizes().filter_map(|(size, _)| case.size_named(size));
            sizes.any(|size| size.gpus > 0)
        };
        let others = cluster.pools.iter().any(|pool| !has_gpus(&pool));
        let pools = cluster.pools.iter().filter(has_gpus);
        let names: Vec<&str> = pools.map(|pool| pool.name.as_str()).collect();
        return when(others && !names.is_empty(), || {
            warn("cluster.resourceId")
                .variant("pool")
                .with("pools", names.join(", "))
        });
    }
    let size = case.vm_size().filter(|size| size.gpus > 0);
    on(size, |size| warn("size.vmSize").with("size", &size.name))
}

/// With fewer than three nodes Berth turns off the router's high availability, because the installation would fail.
fn single_router(case: &Case<'_>) -> Vec<Verdict> {
    let nodes = match case.existing() {
        Some(cluster) => router_nodes(cluster, case.facts.vm_sizes.known().map_or(&[], Vec::as_slice)),
        None if case.creates() => case.spec.size.nodes,
        None => return Vec::new(),
    };
    let few = case.extension() && (1..PRODUCTION_NODES).contains(&nodes);
    when(few, || {
        info("size.nodes")
            .with("nodes", nodes)
            .with("need", PRODUCTION_NODES)
    })
}

fn no_usable_nodes(case: &Case<'_>) -> Vec<Verdict> {
    let Some(cluster) = case.existing().filter(|_| case.extension()) else {
        return Vec::new();
    };
    let x64 = |name: &str| {
        case.size_named(name)
            .is_none_or(|size| !size.architecture.eq_ignore_ascii_case("Arm64"))
    };
    let usable = |pool: &&PoolFacts| {
        takes_ordinary_pods(pool) && pool.sizes().any(|(size, count)| count > 0 && x64(size))
    };
    when(!cluster.pools.iter().any(|pool| usable(&pool)), || {
        let counts = cluster.pools.iter().flat_map(PoolFacts::sizes);
        let nodes = counts.map(|(_, count)| count).fold(0, u32::saturating_add);
        warn("cluster.resourceId")
            .with("name", &cluster.name)
            .with("nodes", nodes)
    })
}

/// Fewer vCPU than the person asked for. CPU-01 reports fewer than the purpose's minimum.
fn below_requested_vcpus(case: &Case<'_>) -> Vec<Verdict> {
    let need = case.spec.size.need_vcpus;
    let Some(vcpus) = case
        .capacity()
        .and_then(|found| found.vcpus)
        .filter(|_| !case.uses_existing())
    else {
        return Vec::new();
    };
    let reported = case.classic() && case.production() && vcpus < PRODUCTION_VCPUS;
    when(vcpus > 0 && vcpus < need && !reported, || {
        warn("size.needVcpus").with("have", vcpus).with("need", need)
    })
}
