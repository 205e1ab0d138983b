//! Nodes, vCPU and VM sizes.

use super::capacity::Capacity;
use super::read::{CLUSTER, VM_SIZES};
use super::verdict::{block, info, on, unread, warn, when};
use super::{Case, Rule, Verdict, on_change};
use crate::bodies::compute_through_aml::DEFAULT_SIZE;
use crate::facts::VmSize;
use crate::finding::WizardStep::{self, Size};
use crate::sizing::{
    PRODUCTION_NODE_GIB, PRODUCTION_NODE_VCPUS, PRODUCTION_NODES, PRODUCTION_VCPUS, SYSTEM_NODE_VCPUS,
    TEST_NODE_GIB, TEST_NODE_VCPUS, is_burstable, takes_ordinary_pods,
};

const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
const CORES: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes; \
                     MicrosoftDocs/azure-docs issue 55597";
const SDK: &str = "package azureml-core 1.61, core/compute/aks.py";
const TAINTS: &str = "MicrosoftDocs/azure-docs issue 55597";
const POOLS: &str = "learn.microsoft.com/azure/aks/use-system-pools";
const QUOTAS: &str = "learn.microsoft.com/azure/aks/quotas-skus-regions";
const EXTENSION: &str = "learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension";
const HEALTH: &str =
    "learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension (E40002)";
const AGENT_POOLS: &str = "learn.microsoft.com/rest/api/aks/agent-pools/create-or-update";
/// vCPU that a dev-test cluster should have (older text of the classic page).
const DEV_TEST_VCPUS: u32 = 2;

pub(super) const RULES: &[Rule] = &[
    // Whether the service still insists in 2026 is not established: a person may send it all the same.
    Rule::azure("CPU-01", Size, CORES, few_vcpus)
        .reading(&[CLUSTER], |case| {
            case.uses_existing() && case.classic() && case.production()
        })
        .waivable()
        .says(&["CPU-01", "CPU-01.waived"]),
    Rule::local("CPU-02", Size, CORES, few_nodes)
        .reading(&[CLUSTER], |case| {
            case.uses_existing() && case.classic() && case.production()
        })
        .waivable()
        .says(&["CPU-02", "CPU-02.waived"]),
    Rule::local("CPU-03", Size, CLASSIC, no_node),
    Rule::azure("CPU-04", Size, CLASSIC, |case| {
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
        let capacity = case.capacity().filter(|found| found.left_out > 0);
        on(capacity, |found| {
            info("cluster.resourceId")
                .with("left", found.left_out)
                .with("nodes", found.nodes)
        })
    })
    .reading(&[CLUSTER], |case| case.uses_existing()),
    Rule::azure("CPU-10", Size, CORES, autoscaler_may_shrink)
        .reading(&[CLUSTER], |case| case.uses_existing() && case.production()),
    Rule::azure("CPU-11", Size, CLASSIC, |case| {
        let gpus = case.vm_size().filter(|size| size.gpus > 0 && case.classic());
        on(gpus, |size| warn("size.vmSize").with("size", &size.name))
    })
    .reading(&[VM_SIZES], |case| case.classic() && names_size(case)),
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
            block("size.vmSize").with("size", name)
        })
    }),
    Rule::azure("CPU-14", Size, POOLS, system_pool_size)
        .reading(&[VM_SIZES], |case| case.creates() && names_size(case))
        .says(&["CPU-14", "CPU-14.small"]),
    Rule::local("CPU-15", Size, POOLS, |case| {
        let nodes = case.spec.size.nodes;
        // On the classic route CPU-02 says the same, and blocks.
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
        on(small, |size| sized(block("size.vmSize"), size))
    })
    .reading(&[VM_SIZES], |case| case.through_aml()),
    Rule::azure("CPU-22", Size, EXTENSION, arm_nodes).reading(&[CLUSTER, VM_SIZES], |case| {
        case.uses_existing() || names_size(case)
    }),
    Rule::azure("CPU-23", Size, EXTENSION, extension_floor)
        .on_change(on_change::moves)
        .reading(&[CLUSTER], |case| case.uses_existing() && case.extension())
        .says(&["CPU-23", "CPU-23.test"]),
    Rule::local("CPU-24", Size, HEALTH, one_router)
        .on_change(on_change::moves)
        .reading(&[CLUSTER], |case| case.uses_existing() && case.extension()),
    Rule::azure("CPU-25", Size, EXTENSION, nowhere_to_run)
        .on_change(on_change::moves)
        .reading(&[CLUSTER], |case| case.uses_existing() && case.extension()),
    Rule::local("CPU-28", Size, AGENT_POOLS, |case| {
        let nodes = case.spec.size.nodes;
        let Some(bounds) = case.spec.size.autoscale.filter(|_| case.creates()) else {
            return Vec::new();
        };
        let sound = bounds.min >= 1 && bounds.min <= nodes && nodes <= bounds.max;
        when(!sound, || {
            block("size.autoscale")
                .with("min", bounds.min)
                .with("max", bounds.max)
                .with("nodes", nodes)
        })
    }),
    Rule::azure("CPU-29", Size, CLASSIC, short_of_the_goal).reading(&[VM_SIZES], names_size),
];

/// New nodes have a size, named or by default.
fn names_size(case: &Case<'_>) -> bool {
    !case.uses_existing() && !case.vm_size_name().is_empty()
}

/// Capacity of classic production, once known.
fn classic_production(case: &Case<'_>) -> Option<Capacity> {
    case.capacity().filter(|_| case.classic() && case.production())
}

fn few_vcpus(case: &Case<'_>) -> Vec<Verdict> {
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

fn few_nodes(case: &Case<'_>) -> Vec<Verdict> {
    let few = classic_production(case).filter(|capacity| capacity.nodes < PRODUCTION_NODES);
    on(few, |capacity| {
        block("size.nodes")
            .with("have", capacity.nodes)
            .with("need", PRODUCTION_NODES)
    })
}

/// Where production is asked for on the classic route, CPU-02 says it.
fn no_node(case: &Case<'_>) -> Vec<Verdict> {
    let counts = case.creates() || (case.uses_existing() && case.classic());
    let none = case.capacity().is_some_and(|capacity| capacity.nodes == 0);
    when(counts && none && classic_production(case).is_none(), || {
        block("size.nodes")
    })
}

/// The production minimum of either route, once the cluster has shrunk.
fn autoscaler_may_shrink(case: &Case<'_>) -> Vec<Verdict> {
    let Some(least) = case.least_capacity().filter(|_| case.production()) else {
        return Vec::new();
    };
    let few_vcpus = case.classic() && least.vcpus.is_some_and(|vcpus| vcpus < PRODUCTION_VCPUS);
    when(few_vcpus || least.nodes < PRODUCTION_NODES, || {
        let verdict = warn("size.autoscale")
            .with("min", least.nodes)
            .with("needNodes", PRODUCTION_NODES);
        verdict.with("needVcpus", PRODUCTION_VCPUS)
    })
}

/// Two official pages disagree between 2 and 4 vCPU: below 2 it is refused, below 4 it is said.
fn system_pool_size(case: &Case<'_>) -> Vec<Verdict> {
    let Some(size) = case.vm_size().filter(|_| case.creates()) else {
        return Vec::new();
    };
    if size.vcpus < 2 || size.memory_gib < 4.0 {
        vec![sized(block("size.vmSize"), size)]
    } else {
        when(size.vcpus < SYSTEM_NODE_VCPUS, || {
            sized(warn("size.vmSize").variant("small"), size)
        })
    }
}

fn sized(verdict: Verdict, size: &VmSize) -> Verdict {
    let memory = format!("{:.0}", size.memory_gib);
    verdict
        .with("size", &size.name)
        .with("vcpus", size.vcpus)
        .with("memory", memory)
}

/// Whether Azure ML's front end runs on Arm64 is not established.
fn arm_nodes(case: &Case<'_>) -> Vec<Verdict> {
    let arm = |size: &&VmSize| size.architecture.eq_ignore_ascii_case("Arm64");
    let of_pools = || {
        case.existing()?
            .pools
            .iter()
            .filter_map(|pool| case.size_named(&pool.vm_size))
            .find(arm)
    };
    on(case.vm_size().filter(arm).or_else(of_pools), |size| {
        warn("size.vmSize").with("size", &size.name)
    })
}

/// What the extension's components ask for: in production 3 nodes of 4 vCPU and 14 GB, for tests one of 2 and 7.
fn extension_floor(case: &Case<'_>) -> Vec<Verdict> {
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

/// Nodes that take ordinary pods and whose size suffices; `None` while a size is not known.
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
    let nodes = pools.map(|pool| {
        Some(if enough(case.size_named(&pool.vm_size)?) {
            pool.count
        } else {
            0
        })
    });
    Some(
        nodes
            .collect::<Option<Vec<u32>>>()?
            .into_iter()
            .fold(0, u32::saturating_add),
    )
}

/// Below three nodes Berth switches the router's high availability off, for with it the installation fails.
fn one_router(case: &Case<'_>) -> Vec<Verdict> {
    let nodes = match case.existing() {
        Some(cluster) => cluster
            .pools
            .iter()
            .map(|pool| pool.count)
            .fold(0, u32::saturating_add),
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

fn nowhere_to_run(case: &Case<'_>) -> Vec<Verdict> {
    let Some(cluster) = case.existing().filter(|_| case.extension()) else {
        return Vec::new();
    };
    let x64 = |name: &str| {
        case.size_named(name)
            .is_none_or(|size| !size.architecture.eq_ignore_ascii_case("Arm64"))
    };
    let usable =
        |pool: &&crate::facts::PoolFacts| takes_ordinary_pods(pool) && pool.count > 0 && x64(&pool.vm_size);
    when(!cluster.pools.iter().any(|pool| usable(&pool)), || {
        warn("cluster.resourceId").with("name", &cluster.name)
    })
}

/// Less than the person said they need. Where the purpose's own minimum is missed, CPU-01 says that.
fn short_of_the_goal(case: &Case<'_>) -> Vec<Verdict> {
    let need = case.spec.size.need_vcpus;
    let Some(vcpus) = case
        .capacity()
        .and_then(|found| found.vcpus)
        .filter(|_| !case.uses_existing())
    else {
        return Vec::new();
    };
    let said_already = case.classic() && case.production() && vcpus < PRODUCTION_VCPUS;
    when(vcpus > 0 && vcpus < need && !said_already, || {
        warn("size.needVcpus").with("have", vcpus).with("need", need)
    })
}
