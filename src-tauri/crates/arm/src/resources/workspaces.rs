//! Azure Machine Learning workspaces (machinelearningservices, machineLearningServices.json).

use super::{flag, items, optional, text};
use crate::{Arm, ArmError};
use berth_domain::facts::{UserAssigned, WorkspaceFacts};
use serde_json::Value;

/// Lists the workspaces of a subscription.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_workspaces(arm: &Arm, subscription: &str) -> Result<Vec<WorkspaceFacts>, ArmError> {
    let all: Vec<Value> = arm.list(&all_of(arm, subscription)).await?;
    Ok(all.iter().map(workspace).collect())
}

/// Path and query of the list of workspaces of a subscription.
pub fn all_of(arm: &Arm, subscription: &str) -> String {
    arm.path(&format!(
        "/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices/workspaces"
    ))
}

/// Reads a workspace; `None` if it does not exist.
///
/// # Errors
/// See [`ArmError`].
pub async fn get_workspace(arm: &Arm, id: &str) -> Result<Option<WorkspaceFacts>, ArmError> {
    Ok(arm.resource(&arm.path(id)).await?.as_ref().map(workspace))
}

/// The URL of a workspace's discovery document, which names its other APIs, in Azure's JSON.
pub fn discovery(value: &Value) -> Option<String> {
    optional(value, "/properties/discoveryUrl")
}

/// Whether a private endpoint connection is in effect; one that is pending, rejected or disconnected is not
/// (learn.microsoft.com/azure/private-link/manage-private-endpoint).
fn is_approved(connection: &Value) -> bool {
    text(connection, "/properties/privateLinkServiceConnectionState/status").eq_ignore_ascii_case("Approved")
}

/// Parses a workspace in Azure's JSON.
pub fn workspace(value: &Value) -> WorkspaceFacts {
    let kind = text(value, "/kind");
    WorkspaceFacts {
        id: text(value, "/id"),
        name: text(value, "/name"),
        location: text(value, "/location"),
        kind: if kind.is_empty() {
            "Default".to_owned()
        } else {
            kind
        },
        v1_legacy_mode: flag(value, "/properties/v1LegacyMode"),
        private_endpoint: items(value, "/properties/privateEndpointConnections").any(is_approved),
        principal_id: optional(value, "/identity/principalId"),
        user_assigned: user_assigned(value),
        identity_untold: is_identity_untold(value),
        provisioning_state: text(value, "/properties/provisioningState").into(),
    }
}

/// The user-assigned identity that the workspace uses; `None` if it uses its system-assigned one.
fn user_assigned(value: &Value) -> Option<UserAssigned> {
    let id = optional(value, "/properties/primaryUserAssignedIdentity")?;
    let all = value
        .pointer("/identity/userAssignedIdentities")
        .and_then(Value::as_object);
    let found = all.and_then(|all| all.iter().find(|(other, _)| other.eq_ignore_ascii_case(&id)));
    let principal_id = found.and_then(|(_, identity)| optional(identity, "/principalId"));
    Some(UserAssigned { id, principal_id })
}

/// Whether the answer leaves open with which identity the workspace acts: without a primary one, it is the system-assigned one if
/// the workspace has it.
fn is_identity_untold(value: &Value) -> bool {
    let has_own = text(value, "/identity/type")
        .to_ascii_lowercase()
        .contains("systemassigned");
    !has_own && optional(value, "/properties/primaryUserAssignedIdentity").is_none()
}
