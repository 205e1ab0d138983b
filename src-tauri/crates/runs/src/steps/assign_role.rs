//! A role assignment. One that says the same under another name is as good: Azure refuses a second
//! (`RoleAssignmentExists`).

use super::{Context, Found};
use berth_arm::resources::roles;
use berth_arm::{Arm, ArmError};
use berth_domain::plan::StepKind;
use serde_json::Value;

/// Judges what is there under the assignment's id, and under others.
///
/// # Errors
/// See [`ArmError`].
pub(super) async fn inspect(
    arm: &Arm,
    context: &Context<'_>,
    found: Option<&Value>,
) -> Result<Found, ArmError> {
    let StepKind::AssignRole {
        scope,
        principal_id,
        role,
        ..
    } = &context.step.kind
    else {
        return Ok(Found::Absent);
    };
    if found.is_some() {
        return Ok(Found::Done);
    }
    let has = roles::list_roles(arm, scope, principal_id).await?;
    let there = has.iter().any(|id| id.eq_ignore_ascii_case(role.definition()));
    Ok(if there { Found::Done } else { Found::Absent })
}
