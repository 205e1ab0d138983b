//! Policy assignments (Microsoft.Authorization policyAssignments 2024-04-01).

use super::rules::Rule;
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::resource_id::key;
use crate::world::{Resource, World};
use serde_json::{Value, json};

/// Type of a policy assignment.
pub(crate) const KIND: &str = "Microsoft.Authorization/policyAssignments";

/// A policy assignment, read.
#[derive(Debug)]
pub(crate) struct Assignment {
    /// Its id.
    pub(crate) id: String,
    /// Its name for people.
    pub(crate) display_name: String,
    /// Where it holds, and below.
    pub(crate) scope: String,
    /// Scopes it leaves out.
    pub(crate) not_scopes: Vec<String>,
    /// Definition id.
    pub(crate) definition: String,
    /// Parameters as given.
    pub(crate) parameters: Value,
    /// False when its enforcement mode is `DoNotEnforce`.
    pub(crate) enforced: bool,
    /// What it demands.
    pub(crate) rule: Rule,
}

fn read(resource: &Resource) -> Option<Assignment> {
    let properties = &resource.body["properties"];
    let text = |member: &str| properties[member].as_str().unwrap_or_default().to_string();
    let definition = text("policyDefinitionId");
    let not_scopes = properties["notScopes"].as_array().into_iter().flatten();
    Some(Assignment {
        id: resource.id.clone(),
        display_name: text("displayName"),
        scope: text("scope"),
        not_scopes: not_scopes.filter_map(Value::as_str).map(str::to_string).collect(),
        rule: Rule::of(&definition, &properties["parameters"])?,
        definition,
        parameters: properties["parameters"].clone(),
        enforced: properties["enforcementMode"] != "DoNotEnforce",
    })
}

/// Every assignment of a rule the sandbox knows.
pub(crate) fn all(world: &World) -> impl Iterator<Item = Assignment> {
    world.list("", KIND).filter_map(read)
}

/// Assigns a policy, as a seed does.
pub(crate) fn assign(
    world: &mut World,
    scope: &str,
    name: &str,
    display_name: &str,
    definition: &str,
    parameters: Value,
) {
    let given =
        json!({ "displayName": display_name, "policyDefinitionId": definition, "parameters": parameters });
    world.put(resource(scope, name, &given));
}

fn resource(scope: &str, name: &str, given: &Value) -> Resource {
    let id = format!("{scope}/providers/{KIND}/{name}");
    let or = |member: &str, other: Value| {
        given
            .get(member)
            .filter(|value| !value.is_null())
            .cloned()
            .unwrap_or(other)
    };
    let body = json!({
        "properties": {
            "displayName": or("displayName", json!(name)),
            "policyDefinitionId": given["policyDefinitionId"],
            "scope": scope,
            "notScopes": or("notScopes", json!([])),
            "parameters": or("parameters", json!({})),
            "metadata": { "assignedBy": "Platform team" },
            "enforcementMode": or("enforcementMode", json!("Default")),
        },
        "id": id,
        "type": KIND,
        "name": name,
    });
    Resource::new(id, KIND, body)
}

/// Calls on `{scope}/providers/Microsoft.Authorization/policyAssignments[/{name}]`.
///
/// # Errors
/// As the service refuses.
pub(crate) fn handle(world: &mut World, call: &Call) -> Handled {
    let id = format!("{}/providers/{KIND}/{}", call.arm.scope, call.name(0));
    match call.what() {
        ("GET", shape) if shape == "policyassignments" => Ok(list(world, call)),
        ("GET", shape) if shape == "policyassignments/*" => {
            let found = world.resource(&id).ok_or_else(|| not_found(call.name(0)))?;
            Ok(Answer::ok(found.body.clone()))
        }
        ("PUT", shape) if shape == "policyassignments/*" => put(world, call),
        ("DELETE", shape) if shape == "policyassignments/*" => {
            match world.resource(&id).map(|found| found.body.clone()) {
                Some(body) => {
                    world.remove(&id);
                    Ok(Answer::ok(body))
                }
                None => Ok(Answer::no_content()),
            }
        }
        _ => Err(Refusal::method_not_allowed(call)),
    }
}

fn not_found(name: &str) -> Refusal {
    Refusal::not_found(
        "PolicyAssignmentNotFound",
        format!("The policy assignment '{name}' is not found."),
    )
}

/// Without a filter: everything that holds at the scope, above it or below it; `atScope()` drops what is
/// below, `atExactScope()` keeps the scope's own, `policyDefinitionId eq '...'` one definition.
fn list(world: &World, call: &Call) -> Answer {
    let filter = call.query("$filter").unwrap_or_default();
    let definition = filter
        .split_once("policyDefinitionId eq '")
        .and_then(|(_, rest)| rest.split('\'').next());
    let asked = format!("{}/", key(&call.arm.scope));
    let kept = |resource: &&Resource| {
        let scope = format!(
            "{}/",
            key(resource.body["properties"]["scope"].as_str().unwrap_or_default())
        );
        let holds = match filter {
            text if text.contains("atExactScope()") => scope == asked,
            text if text.contains("atScope()") => asked.starts_with(&scope),
            _ => asked.starts_with(&scope) || scope.starts_with(&asked),
        };
        let own = resource.body["properties"]["policyDefinitionId"]
            .as_str()
            .unwrap_or_default();
        holds && definition.is_none_or(|wanted| own.eq_ignore_ascii_case(wanted))
    };
    Answer::bodies(call, world.list("", KIND).filter(kept))
}

fn put(world: &mut World, call: &Call) -> Handled {
    let given = &call.body["properties"];
    let definition = given["policyDefinitionId"].as_str().unwrap_or_default();
    if Rule::of(definition, &given["parameters"]).is_none() {
        let message = format!(
            "The policy definition specified in policy assignment '{}' is out of scope or unknown.",
            call.name(0)
        );
        return Err(Refusal::bad_request("InvalidPolicyDefinition", message));
    }
    let resource = resource(&call.arm.scope, call.name(0), given);
    let body = resource.body.clone();
    world.put(resource);
    Ok(Answer::created(body))
}
