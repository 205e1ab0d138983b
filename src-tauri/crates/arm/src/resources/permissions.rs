//! Effective rights, group membership and inheritance included (authorization 2022-04-01, `Permissions_List…`).

use crate::{Arm, ArmError};
use berth_domain::facts::Rights;

/// Rights on a scope: a resource group or a resource.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_rights(arm: &Arm, scope: &str) -> Result<Vec<Rights>, ArmError> {
    arm.list(&format!(
        "{scope}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01"
    ))
    .await
}
