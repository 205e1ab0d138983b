//! Computes of a workspace (machinelearningservices, machineLearningServices.json).

use super::{errors, optional, pairs, text};
use crate::{Arm, ArmError};
use berth_domain::diagnosis::ComputeState;
use berth_domain::facts::ComputeFacts;
use serde_json::Value;

/// Computes of types `AKS` and `Kubernetes` of a workspace.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_computes(arm: &Arm, workspace_id: &str) -> Result<Vec<ComputeFacts>, ArmError> {
    let all = list_computes_whole(arm, workspace_id).await?;
    Ok(all.into_iter().map(|(compute, _)| compute).collect())
}

/// The same, each with what Azure answered about it.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_computes_whole(
    arm: &Arm,
    workspace_id: &str,
) -> Result<Vec<(ComputeFacts, Value)>, ArmError> {
    let all: Vec<Value> = arm.list(&all_of(arm, workspace_id)).await?;
    Ok(all
        .into_iter()
        .filter(|found| ours(&found))
        .map(|value| (compute(&value), value))
        .collect())
}

/// Path and query of the list of computes of a workspace, of any type.
pub fn all_of(arm: &Arm, workspace_id: &str) -> String {
    arm.path(&format!("{workspace_id}/computes"))
}

fn ours(compute: &&Value) -> bool {
    matches!(
        text(compute, "/properties/computeType").as_str(),
        "AKS" | "Kubernetes"
    )
}

/// What a diagnosis needs of a compute as Azure answered it.
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

/// One compute as Azure answers it; `None` when it is not there. Secrets are never in it.
///
/// # Errors
/// See [`ArmError`].
pub async fn get_compute(arm: &Arm, id: &str) -> Result<Option<Value>, ArmError> {
    arm.get_optional(&arm.path(id)).await
}

/// The facts of a compute as Azure answered it.
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
        provisioning_state: text(value, "/properties/provisioningState"),
        is_attached: value
            .pointer("/properties/isAttachedCompute")
            .and_then(Value::as_bool),
        namespace: optional(value, "/properties/properties/namespace"),
        purpose: optional(value, "/properties/properties/clusterPurpose"),
        tags: pairs(value, "/tags"),
        id,
    }
}
