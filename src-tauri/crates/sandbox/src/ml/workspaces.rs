//! Workspaces, as far as attaching clusters needs them.

use super::{MlEffect, WORKSPACE, datastores, started};
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::operation::Start;
use crate::resource_id::{key, stable_uuid};
use crate::world::{Resource, World};
use serde_json::{Value, json};

const SECONDS: u64 = 60;

pub(super) fn id_of(call: &Call) -> String {
    format!("{}/providers/{WORKSPACE}/{}", call.arm.scope, call.name(0))
}

pub(super) fn find<'a>(world: &'a World, call: &Call) -> Result<&'a Resource, Refusal> {
    world.resource(&id_of(call)).ok_or_else(|| {
        let message = format!(
            "The Resource '{WORKSPACE}/{}' under resource group '{}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
            call.name(0),
            call.group()
        );
        Refusal::not_found("ResourceNotFound", message)
    })
}

pub(super) fn get(world: &World, call: &Call) -> Handled {
    find(world, call).map(|found| Answer::ok(response_body(found, call)))
}

pub(super) fn list(world: &World, call: &Call) -> Handled {
    let found = world.list(&call.arm.scope, WORKSPACE);
    Ok(Answer::list(
        call,
        found.map(|found| response_body(found, call)).collect(),
    ))
}

/// A workspace's body, with the addresses of its other services: all on this server.
fn response_body(workspace: &Resource, call: &Call) -> Value {
    let mut body = workspace.body.clone();
    body["properties"]["discoveryUrl"] = json!(format!("{}/discovery", call.base));
    body
}

/// Adds the object ids of the identities.
fn complete_identity(identity: &mut Value, workspace: &uuid::Uuid, call: &Call) {
    let kinds = identity["type"].as_str().unwrap_or_default().to_lowercase();
    if kinds.contains("systemassigned") {
        identity["principalId"] = json!(uuid::Uuid::new_v5(workspace, b"principal").to_string());
        identity["tenantId"] = json!(call.principal.tenant_id);
    }
    let assigned = identity.get_mut("userAssignedIdentities");
    let assigned = assigned.and_then(Value::as_object_mut);
    for (id, found) in assigned.into_iter().flatten() {
        let uid = stable_uuid(id);
        let of = |what: &[u8]| uuid::Uuid::new_v5(&uid, what).to_string();
        *found = json!({ "principalId": of(b"principal"), "clientId": of(b"client") });
    }
}

/// The object id of the user-assigned identity with which a workspace acts.
pub(super) fn user_assigned(workspace: &Resource) -> Option<&str> {
    let primary = workspace.body["properties"]["primaryUserAssignedIdentity"].as_str()?;
    let assigned = workspace.body["identity"]["userAssignedIdentities"].as_object()?;
    let (_, found) = assigned.iter().find(|(id, _)| key(id) == key(primary))?;
    found["principalId"].as_str()
}

pub(super) fn put(world: &mut World, call: &Call, now: Now) -> Handled {
    let name = call.name(0).to_string();
    let letters = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    if !(3..=33).contains(&name.len()) || !name.chars().all(letters) || name.starts_with(['-', '_']) {
        let message = format!(
            "The workspace name '{name}' is invalid. It must be between 3 and 33 characters and may only include alphanumeric characters, '-' and '_'."
        );
        return Err(Refusal::bad_request("InvalidWorkspaceName", message));
    }
    let location = crate::resources::locations::normal(call.body["location"].as_str().unwrap_or_default());
    if location.is_empty() {
        return Err(Refusal::bad_request(
            "LocationRequired",
            "The location property is required for this definition.",
        ));
    }
    let id = id_of(call);
    let old = world.resource(&id).cloned();
    let id = old.as_ref().map_or(id, |found| found.id.clone());
    let uid = stable_uuid(&id);
    let mut body = call.body.clone();
    body["id"] = json!(id);
    body["name"] = json!(name);
    body["type"] = json!(WORKSPACE);
    body["location"] = json!(location);
    if body["kind"].is_null() {
        body["kind"] = json!("Default");
    }
    if let Some(identity) = body.get_mut("identity") {
        complete_identity(identity, &uid, call);
    }
    let properties = &mut body["properties"];
    properties["workspaceId"] = json!(uid.to_string());
    properties["provisioningState"] = json!(if old.is_some() { "Updating" } else { "Creating" });
    for (member, value) in [
        ("v1LegacyMode", json!(false)),
        ("hbiWorkspace", json!(false)),
        ("publicNetworkAccess", json!("Enabled")),
    ] {
        if properties[member].is_null() {
            properties[member] = value;
        }
    }
    datastores::of_workspace(world, &id, &mut body, &location, now);
    let answer = Answer::ok_or_created(old.is_some(), body.clone());
    world.put(Resource::new(&id, WORKSPACE, body));
    let start = Start::new(&id, SECONDS, Effect::Ml(MlEffect::WorkspaceWritten));
    Ok(started(world, call, start, answer, now))
}
