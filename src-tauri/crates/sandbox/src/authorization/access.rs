//! Access control: role assignments, inherited along the scopes, and the check before each call.

use super::{assignments, roles};
use crate::answer::{Answer, Handled, Refusal};
use crate::call::{Call, Principal};
use crate::resource_id::key;
use crate::world::World;
use serde_json::Value;

/// The principal's roles at a scope, including inherited ones.
fn roles_at(world: &World, object_id: &str, scope: &str) -> Vec<&'static roles::Role> {
    let scope = format!("{}/", key(scope));
    let applies = |assignment: &assignments::Assignment| {
        assignment.principal.eq_ignore_ascii_case(object_id)
            && scope.starts_with(&format!("{}/", key(&assignment.scope)))
    };
    assignments::all(world)
        .filter(applies)
        .filter_map(|assignment| roles::find(&assignment.role))
        .collect()
}

/// Whether the caller has any role at, above or below a scope, which makes a subscription visible.
pub(crate) fn has_any_role_under(world: &World, principal: &Principal, scope: &str) -> bool {
    let scope = format!("{}/", key(scope));
    assignments::all(world).any(|assignment| {
        let at = format!("{}/", key(&assignment.scope));
        assignment.principal == principal.object_id && (at.starts_with(&scope) || scope.starts_with(&at))
    })
}

/// `{scope}/providers/Microsoft.Authorization/permissions` (Microsoft.Authorization 2022-04-01), including
/// inherited ones.
///
/// # Errors
/// 405 for anything but GET.
pub(crate) fn list(world: &World, call: &Call) -> Handled {
    if call.method != http::Method::GET {
        return Err(Refusal::method_not_allowed(call));
    }
    let permissions: Vec<Value> = roles_at(world, &call.principal.object_id, &call.arm.scope)
        .into_iter()
        .map(roles::Role::permission)
        .collect();
    Ok(Answer::list(call, permissions))
}

/// The action a call requires and the scope it requires it at; `None` for calls that any signed-in caller may
/// make.
pub(crate) fn needed(call: &Call) -> Option<(String, String)> {
    let arm = &call.arm;
    let verb = match call.method.as_str() {
        "GET" | "HEAD" => "read",
        "PUT" | "PATCH" => "write",
        "DELETE" => "delete",
        _ => "action",
    };
    let Some(namespace) = &arm.namespace else {
        let kind = if arm.group.is_some() {
            "subscriptions/resourceGroups"
        } else {
            "subscriptions"
        };
        // These lists leave out what the caller may not see, instead of refusing.
        return (call.writes() || arm.group.is_some())
            .then(|| (format!("Microsoft.Resources/{kind}/{verb}"), arm.scope.clone()));
    };
    let types: Vec<&str> = arm.rest.iter().step_by(2).map(String::as_str).collect();
    let own_rights = namespace.eq_ignore_ascii_case("Microsoft.Authorization")
        && types
            .first()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("permissions"));
    if own_rights || types.is_empty() {
        return None;
    }
    let named = arm.rest.len() - arm.rest.len() % 2;
    let mut scope = arm.scope.clone();
    if named > 0 {
        scope = format!("{scope}/providers/{namespace}/{}", arm.rest[..named].join("/"));
    }
    Some((format!("{namespace}/{}/{verb}", types.join("/")), scope))
}

/// Whether a principal's roles at a scope allow an action.
pub(crate) fn allows(world: &World, object_id: &str, scope: &str, action: &str) -> bool {
    roles_at(world, object_id, scope)
        .iter()
        .any(|role| role.allows(action))
}

/// Whether a principal's roles at a scope allow an action on data.
pub(crate) fn allows_data(world: &World, principal: &Principal, scope: &str, action: &str) -> bool {
    roles_at(world, &principal.object_id, scope)
        .iter()
        .any(|role| role.allows_data(action))
}

/// Refuses a call that its principal may not make.
///
/// # Errors
/// 403 `AuthorizationFailed`.
pub(crate) fn check(world: &World, call: &Call) -> Result<(), Refusal> {
    let Some((action, scope)) = needed(call) else {
        return Ok(());
    };
    if allows(world, &call.principal.object_id, &scope, &action) {
        return Ok(());
    }
    let Principal {
        client_id, object_id, ..
    } = &call.principal;
    Err(Refusal::forbidden(
        "AuthorizationFailed",
        format!(
            "The client '{client_id}' with object id '{object_id}' does not have authorization to perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials."
        ),
    ))
}

/// Refuses a call whose resource uses another one that the principal may not use.
///
/// # Errors
/// 403 `LinkedAuthorizationFailed`.
pub(crate) fn check_linked(world: &World, call: &Call, linked: &str, action: &str) -> Result<(), Refusal> {
    if allows(world, &call.principal.object_id, linked, action) {
        return Ok(());
    }
    let Principal {
        client_id, object_id, ..
    } = &call.principal;
    let (own, scope) = needed(call).unwrap_or_default();
    Err(Refusal::forbidden(
        "LinkedAuthorizationFailed",
        format!(
            "The client '{client_id}' with object id '{object_id}' has permission to perform action '{own}' on scope '{scope}'; however, it does not have permission to perform action(s) '{action}' on the linked scope(s) '{linked}' (respectively) or the linked scope(s) are invalid."
        ),
    ))
}
