//! A role assignment. An equal one under another name counts, because Azure refuses a second (`RoleAssignmentExists`).

use super::{Context, Found};
use berth_arm::resources::roles;
use berth_arm::{Arm, ArmError};
use berth_domain::plan::StepKind;
use serde_json::Value;

/// Judges the assignment, or an equal one under another name.
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
