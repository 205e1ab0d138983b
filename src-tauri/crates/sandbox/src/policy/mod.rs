//! Azure Policy: a closed list of rules that can be assigned to scopes, evaluated before a PUT and by
//! `checkPolicyRestrictions`.

pub(crate) mod assignments;
pub(crate) mod restrictions;
pub(crate) mod rules;

use crate::answer::Refusal;
use crate::resource_id::{key, name_of};
use crate::world::World;
use assignments::Assignment;
use rules::Effect;
use serde_json::{Value, json};

/// A rule that a resource violates.
#[derive(Debug)]
pub(crate) struct Denial {
    pub(crate) assignment: Assignment,
    /// The field that the rule evaluates.
    pub(crate) field: String,
    /// The field's value.
    pub(crate) found: Value,
    /// The reason, in words.
    pub(crate) reason: String,
}

/// Every enforced or audited rule at a scope that this content violates.
pub(crate) fn findings(world: &World, scope: &str, content: &Value) -> Vec<Denial> {
    let scope = format!("{}/", key(scope));
    let in_force = |assignment: &Assignment| {
        scope.starts_with(&format!("{}/", key(&assignment.scope)))
            && !assignment
                .not_scopes
                .iter()
                .any(|out| scope.starts_with(&format!("{}/", key(out))))
    };
    let broken = |assignment: Assignment| {
        let (field, found, reason) = assignment.rule.violation_by(content)?;
        Some(Denial {
            assignment,
            field,
            found,
            reason,
        })
    };
    assignments::all(world)
        .filter(in_force)
        .filter_map(broken)
        .collect()
}

/// The enforced rules with effect deny that this content violates.
pub(crate) fn denials(world: &World, scope: &str, content: &Value) -> Vec<Denial> {
    let mut denials = findings(world, scope, content);
    denials.retain(|denial| denial.assignment.rule.effect() == Effect::Deny && denial.assignment.enforced);
    denials
}

/// Refuses content that a policy denies.
///
/// # Errors
/// 403 `RequestDisallowedByPolicy` with a `PolicyViolation` for each
/// (learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-policy-requestdisallowedbypolicy).
pub(crate) fn check(world: &World, scope: &str, content: &Value) -> Result<(), Refusal> {
    let denials = denials(world, scope, content);
    if denials.is_empty() {
        return Ok(());
    }
    let name = content["name"].as_str().unwrap_or_default();
    let identifiers: Vec<Value> = denials
        .iter()
        .map(|denial| identifier(&denial.assignment))
        .collect();
    let message = format!(
        "Resource '{name}' was disallowed by policy. Policy identifiers: '{}'.",
        serde_json::to_string(&identifiers).unwrap_or_default()
    );
    let refusal = Refusal::forbidden("RequestDisallowedByPolicy", message).target(name);
    Err(denials.iter().fold(refusal, |refusal, denial| {
        refusal.additional_info(violation(denial))
    }))
}

fn identifier(assignment: &Assignment) -> Value {
    json!({
        "policyAssignment": { "name": assignment.display_name, "id": assignment.id },
        "policyDefinition": { "name": assignment.rule.display_name(), "id": assignment.definition },
    })
}

fn violation(denial: &Denial) -> Value {
    let assignment = &denial.assignment;
    json!({
        "type": "PolicyViolation",
        "info": {
            "evaluationDetails": { "evaluatedExpressions": [{
                "result": "True",
                "expressionKind": "Field",
                "expression": denial.field,
                "path": denial.field,
                "expressionValue": denial.found,
                "operator": denial.assignment.rule.operator(),
            }], "reason": denial.reason },
            "policyDefinitionId": assignment.definition,
            "policyDefinitionName": name_of(&assignment.definition),
            "policyDefinitionDisplayName": assignment.rule.display_name(),
            "policyDefinitionEffect": "Deny",
            "policyAssignmentId": assignment.id,
            "policyAssignmentName": name_of(&assignment.id),
            "policyAssignmentDisplayName": assignment.display_name,
            "policyAssignmentScope": assignment.scope,
            "policyAssignmentParameters": assignment.parameters,
        },
    })
}
