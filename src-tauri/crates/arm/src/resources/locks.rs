//! Management locks (learn.microsoft.com/rest/api/resources/management-locks).

use super::text;
use crate::{Arm, ArmError};
use berth_domain::facts::LockFacts;
use serde_json::Value;

/// Lists the locks that apply to a resource group.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_locks(arm: &Arm, group_id: &str) -> Result<Vec<LockFacts>, ArmError> {
    let path = arm.path(&format!("{group_id}/providers/Microsoft.Authorization/locks"));
    let all: Vec<Value> = arm.list(&path).await?;
    Ok(all
        .iter()
        .map(|lock| LockFacts {
            name: text(lock, "/name"),
            level: text(lock, "/properties/level"),
            scope: scope(&text(lock, "/id")),
        })
        .collect())
}

/// The id of the resource that a lock is on.
fn scope(id: &str) -> String {
    let end = id
        .to_ascii_lowercase()
        .rfind("/providers/microsoft.authorization/locks/");
    end.and_then(|end| id.get(..end)).unwrap_or_default().to_owned()
}
