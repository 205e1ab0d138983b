//! Management locks (Microsoft.Authorization locks 2020-05-01).

use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::collection;
use crate::resource_id::key;
use crate::world::{Resource, World};
use http::Method;
use serde_json::{Value, json};

pub(crate) const KIND: &str = "Microsoft.Authorization/locks";

/// Sets a lock. `level` is `CanNotDelete` or `ReadOnly`.
pub(crate) fn lock(world: &mut World, scope: &str, name: &str, level: &str, notes: &str) -> Value {
    let id = format!("{scope}/providers/{KIND}/{name}");
    let body =
        json!({ "properties": { "level": level, "notes": notes }, "id": id, "type": KIND, "name": name });
    world.put(Resource::new(id, KIND, body.clone()));
    body
}

/// Handles `{scope}/providers/Microsoft.Authorization/locks[/{name}]`.
pub(crate) fn handle(world: &mut World, call: &Call) -> Handled {
    let id = format!("{}/providers/{KIND}/{}", call.arm.scope, call.name(0));
    match call.route() {
        ("GET", shape) if shape == "locks" => {
            let filter = call.query("$filter").unwrap_or_default();
            let above_only = filter.eq_ignore_ascii_case("atScope()");
            Ok(Answer::list(call, list(world, &call.arm.scope, above_only)))
        }
        ("GET", shape) if shape == "locks/*" => collection::get(world, &id, || {
            let message = format!("The lock '{}' could not be found.", call.name(0));
            Refusal::not_found("LockNotFound", message)
        }),
        ("PUT", shape) if shape == "locks/*" => {
            let level = call.body["properties"]["level"].as_str().unwrap_or_default();
            if !["CanNotDelete", "ReadOnly"].contains(&level) {
                let message = format!(
                    "The lock level '{level}' is not valid. Supported levels are 'CanNotDelete, ReadOnly'."
                );
                return Err(Refusal::bad_request("InvalidLockLevel", message));
            }
            let notes = call.body["properties"]["notes"].as_str().unwrap_or_default();
            let existed = world.resource(&id).is_some();
            let body = lock(world, &call.arm.scope, call.name(0), level, notes);
            Ok(Answer::ok_or_created(existed, body))
        }
        ("DELETE", shape) if shape == "locks/*" => Ok(match world.remove(&id) {
            Some(_) => Answer::empty(http::StatusCode::OK),
            None => Answer::no_content(),
        }),
        _ => Err(Refusal::method_not_allowed(call)),
    }
}

/// Locks at a scope, above it and, unless filtered out, below it, as ARM lists them.
fn list(world: &World, scope: &str, above_only: bool) -> Vec<Value> {
    let asked = format!("{}/", key(scope));
    let touches = |lock: &&Resource| {
        let at = format!("{}/", key(scope_of(&lock.id)));
        (at.starts_with(&asked) && !above_only) || asked.starts_with(&at)
    };
    world
        .list("", KIND)
        .filter(touches)
        .map(|lock| lock.body.clone())
        .collect()
}

fn scope_of(lock: &str) -> &str {
    let cut = key(lock).rfind("/providers/microsoft.authorization/locks/");
    cut.map_or(lock, |cut| &lock[..cut])
}

/// Refuses what a lock forbids: deletes at either level, other writes at `ReadOnly`.
///
/// # Errors
/// 409 `ScopeLocked` (learn.microsoft.com/azure/azure-resource-manager/management/lock-resources).
pub(crate) fn check(world: &World, call: &Call, action_scope: &str) -> Result<(), Refusal> {
    let own = call
        .arm
        .namespace
        .as_deref()
        .is_some_and(|namespace| namespace.eq_ignore_ascii_case("Microsoft.Authorization"));
    if !call.writes() || own {
        return Ok(());
    }
    check_scope(world, action_scope, call.method == Method::DELETE)
}

/// Refuses to write or delete at a scope what a lock protects.
///
/// # Errors
/// 409 `ScopeLocked`.
pub(crate) fn check_scope(world: &World, action_scope: &str, deletes: bool) -> Result<(), Refusal> {
    let target = format!("{}/", key(action_scope));
    let forbids = |lock: &&Resource| {
        let at = format!("{}/", key(scope_of(&lock.id)));
        // Deleting a group deletes its contents, so a lock below the group blocks it too.
        let concerned = target.starts_with(&at) || (deletes && at.starts_with(&target));
        concerned && (deletes || lock.body["properties"]["level"] == "ReadOnly")
    };
    let Some(lock) = world.list("", KIND).find(forbids) else {
        return Ok(());
    };
    let verb = if deletes { "delete" } else { "write" };
    Err(Refusal::conflict(
        "ScopeLocked",
        format!(
            "The scope '{action_scope}' cannot perform {verb} operation because following scope(s) are locked: '{}'. Please remove the lock and try again.",
            scope_of(&lock.id)
        ),
    ))
}
