//! Management locks (learn.microsoft.com/rest/api/resources/management-locks).

use super::text;
use crate::{Arm, ArmError};
use berth_domain::facts::LockFacts;
use serde_json::Value;

/// Lists the locks that apply to a resource group, with those above and below.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_locks(arm: &Arm, group_id: &str) -> Result<Vec<LockFacts>, ArmError> {
    list(arm, &path(arm, group_id)).await
}

/// Lists the locks on a scope and above, but not those below (`Get-AzResourceLock -AtScope`).
///
/// # Errors
/// See [`ArmError`].
pub async fn list_locks_above(arm: &Arm, scope: &str) -> Result<Vec<LockFacts>, ArmError> {
    list(arm, &format!("{}&$filter=atScope()", path(arm, scope))).await
}

fn path(arm: &Arm, scope: &str) -> String {
    arm.path(&format!("{scope}/providers/Microsoft.Authorization/locks"))
}

async fn list(arm: &Arm, path: &str) -> Result<Vec<LockFacts>, ArmError> {
    let all: Vec<Value> = arm.list(path).await?;
    let lock = |lock: &Value| LockFacts {
        name: text(lock, "/name"),
        level: text(lock, "/properties/level"),
        scope: scope(&text(lock, "/id")),
    };
    Ok(all.iter().map(lock).collect())
}

/// The id of the resource that a lock is on.
fn scope(id: &str) -> String {
    let end = id
        .to_ascii_lowercase()
        .rfind("/providers/microsoft.authorization/locks/");
    end.and_then(|end| id.get(..end)).unwrap_or_default().to_owned()
}
