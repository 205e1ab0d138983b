//! Effective permissions of the account, group membership and inheritance included (authorization, `Permissions_List…`).

use crate::{Arm, ArmError};
use berth_domain::facts::Rights;

/// Lists the account's permissions on a resource group or resource.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_rights(arm: &Arm, scope: &str) -> Result<Vec<Rights>, ArmError> {
    arm.list(&arm.path(&format!("{scope}/providers/Microsoft.Authorization/permissions")))
        .await
}
