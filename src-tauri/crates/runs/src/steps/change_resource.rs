//! Changes members of an existing resource. Done when every edit shows; an edit of a write-only member has arrived when the
//! resource was written since.

use super::{Context, Found, by_state, has_arrived, judge_missing};
use crate::secrets::sends_pair;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::change::{Edit, holds};
use berth_domain::facts::ProvisioningState;
use berth_domain::plan::{PlanStep, StepKind};
use serde_json::Value;

/// Judges the resource against the edits.
pub(super) fn judge(context: &Context<'_>, found: Option<&Value>) -> Found {
    let (Some(found), StepKind::ChangeResource { edits, .. }) = (found, &context.step.kind) else {
        return judge_missing(context);
    };
    let settled = match by_state(found) {
        // A failed resource may be changed: that repairs some of them.
        Found::Broken(_) if context.intent.is_none() => Found::Done,
        other => other,
    };
    if settled != Found::Done {
        return settled;
    }
    if edits.iter().any(|edit| edit.is_overtaken(found)) {
        return overtaken(found);
    }
    let failed = ProvisioningState::of_resource(found) == ProvisioningState::Failed;
    let visible = holds(edits, found) && !failed;
    match context.intent {
        Some(intent) if visible && has_arrived(intent, found) => Found::Done,
        // Somebody else may have made the same change.
        _ if visible && !sends_pair(context.step) && !triggers_action(context.step) => Found::Done,
        _ => Found::Outdated,
    }
}

/// Somebody else has changed the same members since the plan was made.
fn overtaken(found: &Value) -> Found {
    let failure = Failure::new(FailureCode::NotTheSame, Remedy::ChangePlan)
        .with("resource", found["id"].as_str().unwrap_or_default())
        .with("reason", "traffic")
        .with("names", "");
    Found::Conflict(Box::new(failure))
}

/// Whether the change triggers an action of the service, which does not show in the resource.
fn triggers_action(step: &PlanStep) -> bool {
    let StepKind::ChangeResource { edits, .. } = &step.kind else {
        return false;
    };
    edits.iter().any(|edit| matches!(edit, Edit::Ask { .. }))
}

/// Interprets a refusal. No published description of the service has member `renew`, so the service may reject it.
pub(crate) fn refusal(step: &PlanStep, mut failure: Failure) -> Failure {
    let bad_request = failure.azure.as_ref().and_then(|azure| azure.status) == Some(400);
    if triggers_action(step) && bad_request {
        (failure.code, failure.remedy) = (FailureCode::RenewalRefused, Remedy::ChangePlan);
    }
    failure
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::{context, intent, step};
    use super::*;
    use berth_domain::plan::{Changed, PlannedRequest};
    use berth_domain::secrets::SecretPart;
    use serde_json::json;

    fn scale(nodes: u32) -> PlanStep {
        step(StepKind::ChangeResource {
            resource_id: "/pool".to_owned(),
            what: Changed::Nodes,
            edits: vec![Edit::set("/properties/count", nodes)],
        })
    }

    fn pool(count: u32, state: &str) -> Value {
        json!({ "properties": { "count": count, "provisioningState": state } })
    }

    #[test]
    fn an_edit_that_shows_is_done() {
        let step = scale(5);
        let context = context(&step, None);
        assert_eq!(judge(&context, Some(&pool(5, "Succeeded"))), Found::Done);
        assert_eq!(judge(&context, Some(&pool(3, "Succeeded"))), Found::Outdated);
        assert_eq!(judge(&context, Some(&pool(3, "Scaling"))), Found::InFlight);
        assert_eq!(judge(&context, Some(&pool(3, "Failed"))), Found::Outdated);
        assert!(matches!(judge(&context, None), Found::Conflict(_)));
    }

    #[test]
    fn a_failure_after_the_request_counts() {
        let step = scale(5);
        let sent = intent(Some(String::new()));
        let context = context(&step, Some(&sent));
        assert!(matches!(
            judge(&context, Some(&pool(5, "Failed"))),
            Found::Broken(_)
        ));
    }

    #[test]
    fn a_certificate_has_arrived_once_the_resource_was_written() {
        let mut step = scale(5);
        step.request = Some(PlannedRequest {
            method: "PUT".to_owned(),
            path: "/c?api-version=1".to_owned(),
            body: Some(json!({ "key": SecretPart::KeyPem.marker() })),
        });
        let mut seen = pool(5, "Succeeded");
        assert_eq!(judge(&context(&step, None), Some(&seen)), Found::Outdated);
        let sent = intent(Some("then".to_owned()));
        seen["properties"]["modifiedOn"] = json!("then");
        assert_eq!(judge(&context(&step, Some(&sent)), Some(&seen)), Found::Outdated);
        seen["properties"]["modifiedOn"] = json!("now");
        assert_eq!(judge(&context(&step, Some(&sent)), Some(&seen)), Found::Done);
    }
}
