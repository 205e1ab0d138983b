//! Checks whether Azure Policy would deny a resource (policyinsights, checkPolicyRestrictions).

use super::{items, optional, text};
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
        }));
    }
    Ok(found)
}

fn of_evaluation(evaluation: &Value) -> PolicyDenial {
    PolicyDenial {
        policy: name(evaluation.pointer("/policyInfo").unwrap_or(&Value::Null)),
        reason: text(evaluation, "/evaluationDetails/reason"),
        effect: optional(evaluation, "/effectDetails/policyEffect").unwrap_or_else(|| "Deny".to_owned()),
    }
}

/// Name of the policy assignment, or of the definition if there is no assignment.
fn name(policy: &Value) -> String {
    let id = optional(policy, "/policyAssignmentId").unwrap_or_else(|| text(policy, "/policyDefinitionId"));
    last_segment(&id).to_owned()
}
