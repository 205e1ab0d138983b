//! Draining of nodes, which pod disruption budgets may forbid.

use super::refuse;
use crate::answer::{ErrorBody, Refusal};
use crate::kubernetes::budgets::with_pods;
use crate::kubernetes::room;
use crate::world::{Resource, World};
use serde_json::{Value, json};

/// AKS does not begin an upgrade of nodes while a budget never lets a pod go
/// (learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/unsatisfiablepdb-error).
///
/// # Errors
/// 400 `UnsatisfiablePDB`.
pub(super) fn check_upgrade(world: &World, cluster: &Resource) -> Result<(), Refusal> {
    let wrong: Vec<String> = budgets(world, cluster)
        .iter()
        .filter_map(|(budget, _)| unsatisfiable(budget))
        .collect();
    if wrong.is_empty() {
        return Ok(());
    }
    let lines: String = wrong.iter().map(|line| format!("\n\t* {line}")).collect();
    let count = wrong.len();
    Err(refuse(
        "UnsatisfiablePDB",
        format!("{count} error occurred:{lines}\n\n"),
    ))
}

fn budgets(world: &World, cluster: &Resource) -> Vec<(Value, Vec<Value>)> {
    world
        .objects(&cluster.id)
        .map(|objects| with_pods(objects, cluster))
        .unwrap_or_default()
}

fn name_of(object: &Value) -> String {
    let text = |member: &str| object["metadata"][member].as_str().unwrap_or_default();
    format!("{}/{}", text("namespace"), text("name"))
}

fn unsatisfiable(budget: &Value) -> Option<String> {
    let (spec, name) = (&budget["spec"], name_of(budget));
    let none = |value: &Value| *value == json!(0) || *value == json!("0%");
    if none(&spec["maxUnavailable"]) {
        return Some(format!(
            "PDB {name} has maxUnavailable == 0 can't proceed with put operation"
        ));
    }
    let expected = budget["status"]["expectedPods"].as_u64().unwrap_or_default();
    let desired = budget["status"]["desiredHealthy"].as_u64().unwrap_or_default();
    let forbids = spec["minAvailable"] == json!("100%") || (expected > 0 && desired >= expected);
    (forbids && !spec["minAvailable"].is_null()).then(|| {
        format!("PDB {name} has minAvailable({desired}) >= expectedPods({expected}) can't proceed with put operation")
    })
}

/// The failure of an operation that drains nodes, if a budget lets no pod on one of them go now
/// (learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-code-poddrainfailure).
pub(super) fn failure(world: &World, cluster: &Resource, drained: &[String]) -> Option<ErrorBody> {
    budgets(world, cluster).iter().find_map(|(budget, pods)| {
        let node = |pod: &Value| pod["spec"]["nodeName"].as_str().map(str::to_string);
        let pod = pods.iter().find(|pod| node(pod).is_some_and(|node| drained.contains(&node)))?;
        let node = node(pod)?;
        let (budget_name, pod_name) = (name_of(budget), name_of(pod));
        (budget["status"]["disruptionsAllowed"] == json!(0)).then(|| {
            ErrorBody::new(
                "PodDrainFailure",
                format!(
                    "Drain node {node} failed when evicting pod {pod_name} failed with Too Many Requests error. This error is often caused by a restrictive Pod Disruption Budget (PDB) policy. See https://aka.ms/aks/debugdrainfailures. Original error: Cannot evict pod as it would violate the pod's disruption budget. PDB debug info: {pod_name} blocked by pdb {budget_name} with 0 unready pods."
                ),
            )
        })
    })
}

/// The names of a pool's nodes but for the first ones, which AKS keeps when the pool shrinks.
pub(super) fn nodes_beyond(cluster: &Resource, pool: &str, keep: u64) -> Vec<String> {
    let prefix = format!("aks-{pool}-");
    let nodes = room::nodes(cluster).into_iter().map(|node| node.name);
    let keep = usize::try_from(keep).unwrap_or(usize::MAX);
    nodes
        .filter(|name| name.starts_with(&prefix))
        .skip(keep)
        .collect()
}

/// Lets the operation that runs on a cluster end with a failure.
pub(super) fn fail_running(world: &mut World, cluster: &str, failure: Option<ErrorBody>) {
    let running = world.running_on(cluster).map(|operation| operation.id.clone());
    if let Some(operation) = running.and_then(|id| world.operation_mut(&id)) {
        operation.error = operation.error.take().or(failure);
    }
}

/// Pools whose nodes get another version.
pub(super) fn upgraded<'a>(before: &Value, after: &'a [Value]) -> Vec<&'a str> {
    let pools = before["properties"]["agentPoolProfiles"].as_array();
    let version = |pool: &Value| pool["currentOrchestratorVersion"].clone();
    let old = |name: &Value| pools.into_iter().flatten().find(|pool| pool["name"] == *name);
    let changed = after
        .iter()
        .filter(|pool| old(&pool["name"]).is_some_and(|old| version(old) != version(pool)));
    changed.filter_map(|pool| pool["name"].as_str()).collect()
}
