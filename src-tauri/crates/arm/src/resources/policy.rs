//! Checks whether Azure Policy would deny a resource (policyinsights, checkPolicyRestrictions).

use super::{items, optional, text};
use crate::error::BadJson;
use crate::{Arm, ArmError};
use berth_domain::facts::PolicyDenial;
use berth_domain::resource_id::last_segment;
use serde_json::{Value, json};

/// Returns the policies that would deny a resource in a resource group. `resource` has `type`, `location` and `properties`, in
/// the format of the api-version in use for its type.
///
/// # Errors
/// See [`ArmError`].
pub async fn check(arm: &Arm, group_id: &str, resource: &Value) -> Result<Vec<PolicyDenial>, ArmError> {
    let path = arm.path(&format!(
        "{group_id}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions"
    ));
    let kind = format!("{group_id}/providers/{}", text(resource, "/type"));
    let body = json!({
        "resourceDetails": { "resourceContent": resource, "apiVersion": arm.api_versions().of(&kind) },
        "includeAuditEffect": false,
    });
    let answer: Value = arm.post(&path, &body).await?;
    let decided = ["/contentEvaluationResult/policyEvaluations", "/fieldRestrictions"];
    if !decided
        .iter()
        .any(|at| answer.pointer(at).is_some_and(Value::is_array))
    {
        return Err(ArmError::BadAnswer {
            method: "POST".to_owned(),
            path,
            source: BadJson::lacks("it does not say what the policies decide"),
        });
    }
    let evaluated = items(&answer, "/contentEvaluationResult/policyEvaluations")
        .filter(|evaluation| text(evaluation, "/evaluationResult").eq_ignore_ascii_case("NonCompliant"));
    let mut found: Vec<PolicyDenial> = evaluated.map(of_evaluation).collect();
    for field in items(&answer, "/fieldRestrictions") {
        let denied =
            items(field, "/restrictions").filter(|entry| text(entry, "/result").eq_ignore_ascii_case("Deny"));
        found.extend(denied.map(|entry| PolicyDenial {
            policy: name(entry.pointer("/policy").unwrap_or(&Value::Null)),
            reason: optional(entry, "/reason").unwrap_or_else(|| text(field, "/field")),
            effect: "Deny".to_owned(),
            tags: tag(&text(field, "/field")).into_iter().collect(),
        }));
    }
    Ok(found)
}

fn of_evaluation(evaluation: &Value) -> PolicyDenial {
    PolicyDenial {
        policy: name(evaluation.pointer("/policyInfo").unwrap_or(&Value::Null)),
        reason: optional(evaluation, "/evaluationDetails/reason").unwrap_or_else(|| conditions(evaluation)),
        effect: optional(evaluation, "/effectDetails/policyEffect").unwrap_or_else(|| "Deny".to_owned()),
        tags: met(evaluation)
            .filter_map(|expression| tag(&path(expression)))
            .collect(),
    }
}

/// The expressions that the resource meets.
fn met(evaluation: &Value) -> impl Iterator<Item = &Value> {
    items(evaluation, "/evaluationDetails/evaluatedExpressions")
        .filter(|expression| text(expression, "/result").eq_ignore_ascii_case("True"))
}

fn path(expression: &Value) -> String {
    optional(expression, "/path").unwrap_or_else(|| text(expression, "/expression"))
}

/// The name of the tag in a field such as `tags.owner`, `tags[owner]` or `tags['owner']`
/// (learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule, "Fields").
fn tag(field: &str) -> Option<String> {
    let (start, rest) = field.split_at_checked(4)?;
    let name = rest.strip_prefix('.').or_else(|| {
        let name = rest.strip_prefix('[')?.strip_suffix(']')?;
        Some(name.trim_matches('\''))
    })?;
    (start.eq_ignore_ascii_case("tags") && !name.is_empty()).then(|| name.to_owned())
}

/// The conditions that the resource meets, in place of a reason: `tags.costCenter (null) exists false`.
fn conditions(evaluation: &Value) -> String {
    let told = met(evaluation).map(|expression| {
        let path = path(expression);
        let value = |at| match expression.pointer(at) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        let operator = text(expression, "/operator");
        let all = format!(
            "{path} ({}) {operator} {}",
            value("/expressionValue"),
            value("/targetValue")
        );
        all.trim_end().to_owned()
    });
    told.collect::<Vec<_>>().join("; ")
}

/// Name of the policy assignment, or of the definition if there is no assignment.
fn name(policy: &Value) -> String {
    let id = optional(policy, "/policyAssignmentId").unwrap_or_else(|| text(policy, "/policyDefinitionId"));
    last_segment(&id).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denial_without_a_reason_tells_its_conditions() {
        let expression = json!({
            "result": "True", "expressionKind": "Field", "expression": "tags.costCenter", "path": "tags.costCenter",
            "expressionValue": null, "targetValue": "false", "operator": "Exists",
        });
        let evaluation = |details: Value| json!({ "policyInfo": {}, "evaluationDetails": details });
        let told = of_evaluation(&evaluation(json!({ "evaluatedExpressions": [expression] })));
        assert_eq!(told.reason, "tags.costCenter (null) Exists false");
        assert_eq!(told.tags, ["costCenter"]);
        let told = of_evaluation(&evaluation(
            json!({ "reason": "no", "evaluatedExpressions": [expression] }),
        ));
        assert_eq!(told.reason, "no");
        assert_eq!(of_evaluation(&evaluation(Value::Null)).reason, "");
    }

    #[test]
    fn a_field_may_name_a_tag() {
        for (field, name) in [
            ("tags.owner", Some("owner")),
            ("tags[owner]", Some("owner")),
            ("Tags['cost centre']", Some("cost centre")),
            ("tags", None),
            ("tags.", None),
            ("tag", None),
            ("location", None),
            ("Microsoft.X/tags.owner", None),
        ] {
            assert_eq!(tag(field).as_deref(), name, "{field}");
        }
    }
}
