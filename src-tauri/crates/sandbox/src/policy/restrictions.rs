//! Microsoft.PolicyInsights `checkPolicyRestrictions` (2023-03-01): how policies would affect a resource
//! before it is created.

use super::rules::{Effect, Rule};
use super::{Denial, findings};
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::resources::locations::normal;
use crate::world::World;
use serde_json::{Map, Value, json};

/// Handles `POST {scope}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions`.
///
/// # Errors
/// 400 without resource content.
pub(crate) fn handle(world: &World, call: &Call) -> Handled {
    match call.route() {
        ("POST", shape) if shape == "checkpolicyrestrictions" => check(world, call),
        _ => Err(Refusal::resource_not_found(call)),
    }
}

fn check(world: &World, call: &Call) -> Handled {
    let details = &call.body["resourceDetails"];
    let content = &details["resourceContent"];
    if !content.is_object() {
        let message = "The request body is invalid: 'resourceDetails.resourceContent' is required.";
        return Err(Refusal::bad_request("InvalidCheckRestrictionsRequest", message));
    }
    let scope = details["scope"].as_str().unwrap_or(&call.arm.scope);
    let audits = call.body["includeAuditEffect"] == true;
    let mut found = findings(world, scope, content);
    found.retain(|denial| denial.assignment.rule.effect() == Effect::Deny || audits);
    let pending = pending_values(&call.body["pendingFields"]);
    Ok(Answer::ok(json!({
        "fieldRestrictions": field_restrictions(world, scope, content, &pending, audits),
        "contentEvaluationResult": { "policyEvaluations": found.iter().map(evaluation).collect::<Vec<_>>() },
    })))
}

/// Fields that the caller has not decided yet, with their possible values.
fn pending_values(fields: &Value) -> Vec<(String, Vec<String>)> {
    let field = |field: &Value| {
        let values = field["values"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_string);
        Some((field["field"].as_str()?.to_string(), values.collect()))
    };
    fields
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(field)
        .collect()
}

fn field_restrictions(
    world: &World,
    scope: &str,
    content: &Value,
    pending: &[(String, Vec<String>)],
    audits: bool,
) -> Vec<Value> {
    let mut by_field: Map<String, Value> = Map::new();
    for (field, values) in pending {
        for (name, restriction) in restrictions(world, scope, content, field, values, audits) {
            let list = by_field.entry(name).or_insert_with(|| json!([]));
            if let Some(list) = list.as_array_mut() {
                list.push(restriction);
            }
        }
    }
    by_field
        .into_iter()
        .map(|(field, restrictions)| json!({ "field": field, "restrictions": restrictions }))
        .collect()
}

/// What the rules say about a pending field.
fn restrictions(
    world: &World,
    scope: &str,
    content: &Value,
    field: &str,
    values: &[String],
    audits: bool,
) -> Vec<(String, Value)> {
    // To make every rule report, evaluate the content without the field and with a value that no rule allows.
    let mut probe = content.clone();
    if field == "tags" {
        probe["tags"] = json!({});
        probe["location"] = content
            .get("location")
            .cloned()
            .unwrap_or_else(|| json!("anywhere"));
    } else if field == "location" {
        probe["location"] = json!("anywhere");
    } else {
        return Vec::new();
    }
    let speaks = |denial: &Denial| denial.assignment.rule.effect() == Effect::Deny || audits;
    let about = |denial: &Denial| match &denial.assignment.rule {
        Rule::RequireTag(tag) if field == "tags" => {
            Some((format!("tags.{tag}"), restriction(denial, "Required", None)))
        }
        Rule::AllowedLocations(allowed) if field == "location" => {
            let denied = |value: &&String| !allowed.iter().any(|allowed| normal(allowed) == normal(value));
            let denied: Vec<&String> = values.iter().filter(denied).collect();
            let required = values
                .is_empty()
                .then(|| restriction(denial, "Required", Some(json!(allowed))));
            let denied = (!denied.is_empty()).then(|| restriction(denial, "Deny", Some(json!(denied))));
            required
                .or(denied)
                .map(|restriction| ("location".to_string(), restriction))
        }
        _ => None,
    };
    findings(world, scope, &probe)
        .iter()
        .filter(|denial| speaks(denial))
        .filter_map(about)
        .collect()
}

fn policy(denial: &Denial) -> Value {
    json!({
        "policyDefinitionId": denial.assignment.definition,
        "policyAssignmentId": denial.assignment.id,
    })
}

fn restriction(denial: &Denial, result: &str, values: Option<Value>) -> Value {
    let mut restriction = json!({ "result": result });
    if let Some(values) = values {
        restriction["values"] = values;
    }
    restriction["policy"] = policy(denial);
    restriction["policyEffect"] = denial.assignment.rule.effect().as_str().into();
    restriction["reason"] = denial.reason.clone().into();
    restriction
}

fn evaluation(denial: &Denial) -> Value {
    json!({
        "policyInfo": policy(denial),
        "evaluationResult": "NonCompliant",
        "evaluationDetails": { "evaluatedExpressions": [{
            "result": "True",
            "expressionKind": "field",
            "expression": denial.field,
            "path": denial.field,
            "expressionValue": denial.found,
            "operator": denial.assignment.rule.operator(),
        }] },
        "effectDetails": { "policyEffect": denial.assignment.rule.effect().as_str() },
    })
}
