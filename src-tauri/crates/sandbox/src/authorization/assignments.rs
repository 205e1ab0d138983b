//! Role assignments (Microsoft.Authorization 2022-04-01).

use super::{principals, roles};
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::collection;
use crate::resource_id::key;
use crate::world::{Resource, World};
use serde_json::{Value, json};

pub(crate) const KIND: &str = "Microsoft.Authorization/roleAssignments";

#[derive(Debug)]
pub(crate) struct Assignment {
    /// The scope it applies to, with everything below.
    pub(crate) scope: String,
    /// Object id of the principal.
    pub(crate) principal: String,
    pub(crate) role: String,
}

fn read(resource: &Resource) -> Assignment {
    let text = |member: &str| {
        resource.body["properties"][member]
            .as_str()
            .unwrap_or_default()
            .to_string()
    };
    Assignment {
        scope: text("scope"),
        principal: text("principalId"),
        role: text("roleDefinitionId"),
    }
}

pub(crate) fn all(world: &World) -> impl Iterator<Item = Assignment> {
    world.list("", KIND).map(read)
}

/// Assigns a role directly, for seeds and providers.
pub(crate) fn grant(world: &mut World, scope: &str, principal: &str, role: &str, principal_type: &str) {
    let name = uuid::Uuid::new_v4().to_string();
    let subscription = scope.split('/').nth(2).unwrap_or_default();
    let role =
        format!("/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}");
    let properties =
        json!({ "roleDefinitionId": role, "principalId": principal, "principalType": principal_type });
    world.put(resource(scope, &name, &properties));
}

fn resource(scope: &str, name: &str, given: &Value) -> Resource {
    let id = format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{name}");
    let kind = given["principalType"].as_str().unwrap_or("User");
    let body = json!({
        "properties": {
            "roleDefinitionId": given["roleDefinitionId"],
            "principalId": given["principalId"],
            "principalType": kind,
            "scope": scope,
        },
        "id": id,
        "type": KIND,
        "name": name,
    });
    Resource::new(id, KIND, body)
}

/// Handles `{scope}/providers/Microsoft.Authorization/roleAssignments[/{name}]`.
pub(crate) fn handle(world: &mut World, call: &Call) -> Handled {
    let id = format!("{}/providers/{KIND}/{}", call.arm.scope, call.name(0));
    match call.route() {
        ("GET", shape) if shape == "roleassignments" => Ok(list(world, call)),
        ("GET", shape) if shape == "roleassignments/*" => {
            collection::get(world, &id, || not_found(call.name(0)))
        }
        ("PUT", shape) if shape == "roleassignments/*" => put(world, call, &id),
        ("DELETE", shape) if shape == "roleassignments/*" => Ok(collection::delete(world, &id)),
        _ => Err(Refusal::method_not_allowed(call)),
    }
}

fn not_found(name: &str) -> Refusal {
    Refusal::not_found(
        "RoleAssignmentNotFound",
        format!("The role assignment '{name}' is not found."),
    )
}

/// `$filter`: `principalId eq '...'` and `assignedTo('...')` select the principal's, `atScope()` leaves out
/// those below the scope.
fn list(world: &World, call: &Call) -> Answer {
    let filter = call.query("$filter").unwrap_or_default();
    let quoted = |after: &str| {
        let rest = filter.split_once(after)?.1.trim_start();
        rest.strip_prefix('\'')?.split('\'').next().map(str::to_string)
    };
    let principal = quoted("principalId eq").or_else(|| quoted("assignedTo("));
    let at_scope = filter.contains("atScope()");
    let asked = format!("{}/", key(&call.arm.scope));
    let kept = |resource: &&Resource| {
        let assignment = read(resource);
        let scope = format!("{}/", key(&assignment.scope));
        let here = asked.starts_with(&scope) || (!at_scope && scope.starts_with(&asked));
        here && principal
            .as_ref()
            .is_none_or(|wanted| assignment.principal.eq_ignore_ascii_case(wanted))
    };
    Answer::bodies(call, world.list("", KIND).filter(kept))
}

fn put(world: &mut World, call: &Call, id: &str) -> Handled {
    let given = &call.body["properties"];
    let (role, principal) = (given["roleDefinitionId"].as_str(), given["principalId"].as_str());
    let (Some(role), Some(principal)) = (role, principal) else {
        let message = "The request content was invalid: properties.roleDefinitionId and properties.principalId are required.";
        return Err(Refusal::bad_request("InvalidRequestContent", message));
    };
    if roles::find(role).is_none() {
        let message = format!(
            "The specified role definition with ID '{}' does not exist.",
            crate::resource_id::name_of(role)
        );
        return Err(Refusal::not_found("RoleDefinitionDoesNotExist", message));
    }
    if uuid::Uuid::parse_str(call.name(0)).is_err() {
        let message = format!(
            "The role assignment ID '{}' is not valid. The role assignment ID must be a GUID.",
            call.name(0)
        );
        return Err(Refusal::bad_request("InvalidRoleAssignmentId", message));
    }
    principals::check(world, principal, given["principalType"].as_str())?;
    let same = all(world).any(|found| {
        key(&found.scope) == key(&call.arm.scope)
            && found.principal.eq_ignore_ascii_case(principal)
            && crate::resource_id::name_of(&found.role) == crate::resource_id::name_of(role)
    });
    if same || world.resource(id).is_some() {
        return Err(Refusal::conflict(
            "RoleAssignmentExists",
            "The role assignment already exists.",
        ));
    }
    let resource = resource(&call.arm.scope, call.name(0), given);
    let body = resource.body.clone();
    world.put(resource);
    Ok(Answer::created(body))
}
