//! Role assignments (authorization, `RoleAssignments_ListForScope`).

use super::text;
use crate::{Arm, ArmError};
use serde_json::Value;

/// Lists the ids of the role definitions that are assigned to a principal on a scope. Includes inherited assignments, but not
/// those of groups.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_roles(arm: &Arm, scope: &str, principal_id: &str) -> Result<Vec<String>, ArmError> {
    // The id goes into the filter, so accept only what a GUID may contain.
    let plain = principal_id
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if !plain || principal_id.is_empty() {
        return Ok(Vec::new());
    }
    let path = arm.path(&format!(
        "{scope}/providers/Microsoft.Authorization/roleAssignments"
    ));
    let filter = format!("$filter=assignedTo('{principal_id}')");
    let all: Vec<Value> = arm.list(&format!("{path}&{filter}")).await?;
    Ok(all
        .iter()
        .map(|assignment| text(assignment, "/properties/roleDefinitionId"))
        .filter_map(|id| id.rsplit('/').next().map(str::to_lowercase))
        .collect())
}
