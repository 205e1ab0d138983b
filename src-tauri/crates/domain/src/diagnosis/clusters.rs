//! Causes in the cluster itself, its nodes, and the leftovers of a former front end.

use super::states::{self, Condition, is_in};
use super::symptoms::Symptoms;
use super::table::{Found, found};
use crate::facts::ProvisioningState;
use crate::facts::{ClusterFacts, PoolFacts};

/// Nodes and vCPU that a classic compute for production needs (MicrosoftDocs/azure-docs issue 55597).
const PRODUCTION: (usize, u64) = (3, 12);
/// Nodes that a highly available front end needs
/// (learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension, `inferenceRouterHA`).
const HIGH_AVAILABILITY: usize = 3;

const STOPPED: &[&str] = &["Stopped"];

fn is_not_running(cluster: &ClusterFacts) -> bool {
    !cluster.power_state.eq_ignore_ascii_case("Running")
}

/// The cluster that a compute uses does not exist.
pub(super) fn gone(symptoms: &Symptoms) -> Vec<Found> {
    if symptoms.cluster.known() != Some(&None) {
        return Vec::new();
    }
    let computes = symptoms.computes.known().into_iter().flatten();
    let places: Vec<String> = computes.map(super::symptoms::ComputeState::place).collect();
    let evidence = places
        .iter()
        .map(|place| format!("{place} → {}", symptoms.cluster_id));
    vec![found(evidence.collect()).with("computes", places.join(", "))]
}

/// The cluster is stopped.
pub(super) fn stopped(symptoms: &Symptoms) -> Vec<Found> {
    let stopped = symptoms
        .cluster_there()
        .filter(|cluster| is_in(&cluster.power_state, STOPPED));
    let stopped = stopped.map(|cluster| found(vec![format!("powerState.code = {}", cluster.power_state)]));
    stopped.into_iter().collect()
}

/// The last operation on the cluster or a node pool failed.
pub(super) fn failed(symptoms: &Symptoms) -> Vec<Found> {
    in_states(symptoms, Condition::Failed)
}

/// An operation on the cluster or a node pool is in progress.
pub(super) fn unfinished(symptoms: &Symptoms) -> Vec<Found> {
    in_states(symptoms, Condition::UnderWay)
}

/// One cause for the cluster and its node pools with such states. The cluster's own state is named first.
fn in_states(symptoms: &Symptoms, condition: Condition) -> Vec<Found> {
    let Some(cluster) = symptoms.cluster_there() else {
        return Vec::new();
    };
    let own = (String::new(), &cluster.provisioning_state);
    let pools = cluster.pools.iter().map(|pool| {
        let whose = format!("agentPools/{}: ", pool.name);
        (whose, &pool.provisioning_state)
    });
    let matching: Vec<(String, &ProvisioningState)> = std::iter::once(own)
        .chain(pools)
        .filter(|(_, state)| states::provisioning(state) == condition)
        .collect();
    let Some((_, state)) = matching.first() else {
        return Vec::new();
    };
    let evidence = matching
        .iter()
        .map(|(whose, state)| format!("{whose}provisioningState = {state}"));
    vec![found(evidence.collect()).with("state", state)]
}

/// No node accepts the pod of Azure's run command: every pool has taints
/// (learn.microsoft.com/azure/aks/access-private-cluster).
pub(super) fn command_unplaced(symptoms: &Symptoms) -> Vec<Found> {
    const UNPLACED: &[&str] = &[
        "kubernetesoperationerror",
        "kubernetesperformanceerror",
        "schedul",
        "did not start",
        "pending",
        "the command took longer than",
    ];
    let (Some(cluster), Some(why)) = (symptoms.cluster_there(), &symptoms.inside_closed) else {
        return Vec::new();
    };
    let reason = why.to_lowercase();
    let unplaced = UNPLACED.iter().any(|words| reason.contains(words));
    let pools = cluster.pools.iter().filter(|pool| takes_pods(pool));
    let pools: Vec<(&str, Vec<&String>)> = pools
        .map(|pool| (pool.name.as_str(), keeping_out(pool)))
        .collect();
    if !unplaced || pools.is_empty() || pools.iter().any(|(_, taints)| taints.is_empty()) {
        return Vec::new();
    }
    let taints: Vec<String> = pools
        .iter()
        .flat_map(|(pool, taints)| {
            taints
                .iter()
                .map(move |taint| format!("agentPools/{pool}: {taint}"))
        })
        .collect();
    let words = taints.join(", ");
    let evidence = taints.into_iter().chain([why.clone()]);
    vec![found(evidence.collect()).with("taints", words)]
}

/// Whether a pool has nodes that a Linux pod can run on.
fn takes_pods(pool: &PoolFacts) -> bool {
    pool.count > 0
        && pool.power_state.eq_ignore_ascii_case("Running")
        && !pool.os_type.eq_ignore_ascii_case("Windows")
}

fn keeping_out(pool: &PoolFacts) -> Vec<&String> {
    let keeps_out = |taint: &&String| taint.ends_with(":NoSchedule") || taint.ends_with(":NoExecute");
    pool.taints.iter().filter(keeps_out).collect()
}

/// A node pool is stopped although the cluster runs.
pub(super) fn pool_stopped(symptoms: &Symptoms) -> Vec<Found> {
    let Some(cluster) = symptoms
        .cluster_there()
        .filter(|cluster| !is_not_running(cluster))
    else {
        return Vec::new();
    };
    let stopped = cluster
        .pools
        .iter()
        .filter(|pool| is_in(&pool.power_state, STOPPED));
    let names: Vec<&str> = stopped.map(|pool| pool.name.as_str()).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let evidence = names
        .iter()
        .map(|name| format!("agentPools/{name}: powerState.code = Stopped"));
    vec![found(evidence.collect()).with("pools", names.join(", "))]
}

/// Nodes are not ready or under pressure.
pub(super) fn nodes_not_ready(symptoms: &Symptoms) -> Vec<Found> {
    let nodes = symptoms.inside.nodes.known().into_iter().flatten();
    let bad: Vec<_> = nodes
        .filter(|node| !node.ready || !node.trouble.is_empty())
        .collect();
    if bad.is_empty() {
        return Vec::new();
    }
    let names: Vec<&str> = bad.iter().map(|node| node.name.as_str()).collect();
    let lines = bad.iter().flat_map(|node| {
        let default = node.trouble.is_empty().then(|| "NotReady".to_owned());
        let conditions = node.trouble.iter().cloned().chain(default);
        conditions.map(move |line| format!("{}: {line}", node.name))
    });
    vec![found(lines.collect()).with("nodes", names.join(", "))]
}

/// Local accounts are disabled on a cluster with a classic compute. Azure ML can then enter only through Trusted
/// Access, which the classic route does not use
/// (learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes).
pub(super) fn local_accounts_off(symptoms: &Symptoms) -> Vec<Found> {
    let off = symptoms
        .cluster_there()
        .is_some_and(|cluster| cluster.local_accounts_disabled);
    let computes: Vec<String> = symptoms
        .computes_of("AKS")
        .map(super::symptoms::ComputeState::place)
        .collect();
    if !off || computes.is_empty() {
        return Vec::new();
    }
    vec![found(vec!["disableLocalAccounts = true".to_owned()]).with("computes", computes.join(", "))]
}

/// The cluster has fewer nodes or vCPU than its purpose needs.
pub(super) fn below_minimum(symptoms: &Symptoms) -> Vec<Found> {
    let Some(cluster) = symptoms
        .cluster_there()
        .filter(|cluster| !is_not_running(cluster))
    else {
        return Vec::new();
    };
    let production = symptoms.computes_of("AKS").any(|compute| {
        let purpose = compute.purpose.as_deref().unwrap_or("FastProd");
        !purpose.eq_ignore_ascii_case("DevTest")
    });
    let available = symptoms.extension_there().is_some_and(|extension| {
        extension.has("enableInference", "true")
            && !extension.has("inferenceRouterHA", "false")
            && !extension.has("inferenceLoadBalancerHA", "false")
    });
    let inside = symptoms.inside.nodes.known();
    let nodes = inside.map_or_else(
        || cluster.pools.iter().map(|pool| pool.count as usize).sum(),
        |nodes| nodes.iter().filter(|node| node.ready).count(),
    );
    let vcpus = inside.map(|nodes| nodes.iter().map(|node| node.cpu_millis).sum::<u64>() / 1000);
    let least = match (production, available) {
        (true, _) => PRODUCTION.0,
        (_, true) => HIGH_AVAILABILITY,
        _ => return Vec::new(),
    };
    let few_vcpus = production && vcpus.is_some_and(|vcpus| vcpus < PRODUCTION.1);
    if nodes >= least && !few_vcpus {
        return Vec::new();
    }
    let vcpus = vcpus.map_or_else(|| "?".to_owned(), |vcpus| vcpus.to_string());
    vec![
        found(vec![format!("{nodes} nodes, {vcpus} vCPU")])
            .with("nodes", nodes)
            .with("least", least)
            .with("vcpus", vcpus),
    ]
}

/// Objects of a classic front end exist without a classic compute. With one, they are the front end itself.
pub(super) fn leftovers(symptoms: &Symptoms) -> Vec<Found> {
    let objects = symptoms.inside.leftovers.known().filter(|all| !all.is_empty());
    let unowned = symptoms.computes.known().is_some()
        && !symptoms.computes_unread
        && symptoms.computes_of("AKS").next().is_none();
    let shared = symptoms
        .extension_there()
        .is_some_and(|extension| extension.has("scoringFe.enableUpgrade", "true"));
    match objects {
        Some(objects) if unowned && !shared => {
            let lines = objects.iter().map(ToString::to_string).collect();
            vec![found(lines).with("count", objects.len())]
        }
        _ => Vec::new(),
    }
}
