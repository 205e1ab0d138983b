//! Computes of a workspace (machinelearningservices, machineLearningServices.json).

use super::{errors, optional, pairs, text};
use crate::error::BadJson;
use crate::{Arm, ArmError, Pages};
use berth_domain::diagnosis::ComputeState;
use berth_domain::facts::{ComputeFacts, WorkspaceFacts};
use berth_domain::provenance::identity;
use futures::stream::{self, StreamExt as _};
use serde_json::Value;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

/// Lists that are read concurrently. Each may buffer a little while it waits for the others.
const AT_ONCE: usize = 12;
/// Memory limit in bytes for the computes of many workspaces, enough for about 2,500 computes.
const MOST_KEPT: usize = 32 * 1024 * 1024;

/// The bytes still available to several lists (computes, endpoints, deployments) that share one memory limit.
#[derive(Debug)]
pub struct Budget(AtomicUsize);

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicUsize::new(MOST_KEPT))
    }
}

/// Lists a workspace's computes of types `AKS` and `Kubernetes`.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_computes(arm: &Arm, workspace_id: &str) -> Result<Vec<ComputeFacts>, ArmError> {
    let mut pages = Pages::default();
    let wanted = |found: Value| Ok(ours(&found).then(|| compute(&found)));
    arm.list_of(&all_of(arm, workspace_id), &mut pages, wanted)
        .await?;
    Ok(pages.items)
}

/// Lists a workspace's computes of types `AKS` and `Kubernetes` in Azure's JSON, which never contains secrets.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_whole_computes(arm: &Arm, workspace_id: &str) -> Result<Vec<Value>, ArmError> {
    let mut pages = Pages::default();
    list_computes_into(arm, workspace_id, &Budget::default(), &mut pages, ours).await?;
    Ok(pages.items)
}

/// Reads a workspace's computes of any type into `pages`, in Azure's JSON, and keeps those that `wanted` accepts. After
/// an error, `pages` holds what was read before it.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_computes_into(
    arm: &Arm,
    workspace_id: &str,
    budget: &Budget,
    pages: &mut Pages<Value>,
    wanted: impl Fn(&Value) -> bool + Send + Sync,
) -> Result<(), ArmError> {
    let of = |found: Value| wanted(&found).then_some(found);
    list_within(arm, &all_of(arm, workspace_id), budget, pages, of, memory_size).await
}

/// Reads a list within a shared memory limit, and keeps what `of` converts, whose size is `size_of`. After an error, `pages`
/// holds what was read before it.
pub(super) async fn list_within<T>(
    arm: &Arm,
    path: &str,
    budget: &Budget,
    pages: &mut Pages<T>,
    of: impl Fn(Value) -> Option<T> + Send + Sync,
    size_of: impl Fn(&T) -> usize + Send + Sync,
) -> Result<(), ArmError> {
    let left = &budget.0;
    let mut taken = 0;
    let of = |found: Value| {
        let Some(found) = of(found) else {
            return Ok(None);
        };
        let size = size_of(&found);
        left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(size))
            .map_err(|_| BadJson::too_much_together())?;
        taken += size;
        Ok(Some(found))
    };
    let list = arm.list_of(path, pages, of).await;
    if list.is_err() {
        left.fetch_add(taken, Relaxed);
    }
    list
}

/// Concurrently lists the computes of types `AKS` and `Kubernetes` of many workspaces, in Azure's JSON, with one result
/// per workspace.
pub async fn list_computes_of_all(
    arm: &Arm,
    workspaces: &[WorkspaceFacts],
) -> Vec<Result<Vec<Value>, ArmError>> {
    let budget = &Budget::default();
    let lists: Vec<_> = workspaces
        .iter()
        .map(|workspace| async move {
            let mut pages = Pages::default();
            list_computes_into(arm, &workspace.id, budget, &mut pages, ours).await?;
            Ok(pages.items)
        })
        .collect();
    stream::iter(lists).buffered(AT_ONCE).collect().await
}

/// Path and query of the list of computes of a workspace, of any type.
fn all_of(arm: &Arm, workspace_id: &str) -> String {
    arm.path(&format!("{workspace_id}/computes"))
}

/// Approximate size of a value in memory, in bytes.
fn memory_size(value: &Value) -> usize {
    /// A slot in a map: key, value, hash, and its share of the index.
    const SLOT: usize = size_of::<(u64, String, Value)>() + 16;
    /// Overhead of one allocation.
    const BLOCK: usize = 16;
    let below = match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => BLOCK + text.len(),
        Value::Array(all) => BLOCK + all.iter().map(memory_size).sum::<usize>(),
        Value::Object(all) => {
            let slots = all.len().next_power_of_two().max(4) * SLOT;
            let members = all.iter();
            let members =
                members.map(|(name, member)| BLOCK + name.len() + memory_size(member) - size_of::<Value>());
            slots + members.sum::<usize>()
        }
    };
    size_of::<Value>() + below
}

/// Lists a workspace's computes of types `AKS` and `Kubernetes`, as a diagnosis needs them.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_compute_states(arm: &Arm, workspace_id: &str) -> Result<Vec<ComputeState>, ArmError> {
    let mut pages = Pages::default();
    let wanted = |found: Value| Ok(ours(&found).then(|| state(&found)));
    arm.list_of(&all_of(arm, workspace_id), &mut pages, wanted)
        .await?;
    Ok(pages.items)
}

fn ours(compute: &Value) -> bool {
    matches!(
        text(compute, "/properties/computeType").as_str(),
        "AKS" | "Kubernetes"
    )
}

/// Parses a compute in Azure's JSON for a diagnosis.
pub fn state(value: &Value) -> ComputeState {
    let balancer = text(value, "/properties/properties/loadBalancerType");
    ComputeState {
        facts: compute(value),
        purpose: optional(value, "/properties/properties/clusterPurpose"),
        tls: optional(value, "/properties/properties/sslConfiguration/status"),
        cname: optional(value, "/properties/properties/sslConfiguration/cname")
            .or_else(|| optional(value, "/properties/properties/clusterFqdn")),
        internal: balancer.eq_ignore_ascii_case("InternalLoadBalancer"),
        errors: errors(value, "/properties/provisioningErrors"),
    }
}

/// Reads a compute in Azure's JSON, which never contains secrets; `None` if it does not exist.
///
/// # Errors
/// See [`ArmError`].
pub async fn get_compute(arm: &Arm, id: &str) -> Result<Option<Value>, ArmError> {
    arm.resource(&arm.path(id)).await
}

/// Parses a compute in Azure's JSON.
pub fn compute(value: &Value) -> ComputeFacts {
    let id = text(value, "/id");
    let parts: Vec<&str> = id.split('/').collect();
    let workspace = parts
        .iter()
        .position(|part| part.eq_ignore_ascii_case("workspaces"));
    let workspace = workspace
        .and_then(|at| parts.get(at + 1))
        .copied()
        .unwrap_or_default()
        .to_owned();
    ComputeFacts {
        name: text(value, "/name"),
        workspace,
        compute_type: text(value, "/properties/computeType"),
        cluster_id: optional(value, "/properties/resourceId"),
        provisioning_state: text(value, "/properties/provisioningState").into(),
        is_attached: value
            .pointer("/properties/isAttachedCompute")
            .and_then(Value::as_bool),
        namespace: optional(value, "/properties/properties/namespace"),
        purpose: optional(value, "/properties/properties/clusterPurpose"),
        tags: pairs(value, "/tags"),
        identity: identity(value),
        id,
    }
}
