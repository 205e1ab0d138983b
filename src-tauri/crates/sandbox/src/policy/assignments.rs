//! Policy assignments (Microsoft.Authorization policyAssignments 2024-04-01).

use super::rules::Rule;
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::collection;
use crate::resource_id::key;
use crate::world::{Resource, World};
use serde_json::{Value, json};

pub(crate) const KIND: &str = "Microsoft.Authorization/policyAssignments";

#[derive(Debug)]
pub(crate) struct Assignment {
    pub(crate) id: String,
    pub(crate) display_name: String,
    /// The scope it applies to, with everything below.
    pub(crate) scope: String,
    /// Excluded scopes.
    pub(crate) not_scopes: Vec<String>,
    pub(crate) definition: String,
    pub(crate) parameters: Value,
    /// False when its enforcement mode is `DoNotEnforce`.
    pub(crate) enforced: bool,
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

/// Every assignment of a rule that the sandbox knows.
pub(crate) fn all(world: &World) -> impl Iterator<Item = Assignment> {
    world.list("", KIND).filter_map(read)
}

/// Assigns a policy directly, for seeds.
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

/// Handles `{scope}/providers/Microsoft.Authorization/policyAssignments[/{name}]`.
pub(crate) fn handle(world: &mut World, call: &Call) -> Handled {
    let id = format!("{}/providers/{KIND}/{}", call.arm.scope, call.name(0));
    match call.route() {
        ("GET", shape) if shape == "policyassignments" => Ok(list(world, call)),
        ("GET", shape) if shape == "policyassignments/*" => {
            collection::get(world, &id, || not_found(call.name(0)))
        }
        ("PUT", shape) if shape == "policyassignments/*" => put(world, call),
        ("DELETE", shape) if shape == "policyassignments/*" => Ok(collection::delete(world, &id)),
        _ => Err(Refusal::method_not_allowed(call)),
    }
}

fn not_found(name: &str) -> Refusal {
    Refusal::not_found(
        "PolicyAssignmentNotFound",
        format!("The policy assignment '{name}' is not found."),
    )
}

/// Without a filter: everything that applies at, above or below the scope. `atScope()` leaves out what is
/// below, `atExactScope()` keeps only the scope's own, `policyDefinitionId eq '...'` one definition.
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
