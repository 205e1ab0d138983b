//! A resource that is there and gets other members. Done is when every edit can be seen; what is write-only has arrived when
//! the resource was written since.

use super::{Context, Found, arrived, by_state, gone, state};
use crate::secrets::carries_pair;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::change::{Edit, holds};
use berth_domain::plan::{PlanStep, StepKind};
use serde_json::Value;

/// Judges the resource against the edits.
pub(super) fn judge(context: &Context<'_>, found: Option<&Value>) -> Found {
    let (Some(found), StepKind::ChangeResource { edits, .. }) = (found, &context.step.kind) else {
        return gone(context);
    };
    let settled = match by_state(found) {
        // A resource in state Failed may be changed: that is how some are mended.
        Found::Broken(_) if context.intent.is_none() => Found::Done,
        other => other,
    };
    if settled != Found::Done {
        return settled;
    }
    let visible = holds(edits, found) && state(found) != "failed";
    match context.intent {
        Some(intent) if visible && arrived(intent, found) => Found::Done,
        // Somebody may have made the same change before the request left.
        _ if visible && !carries_pair(context.step) && !asks_only(context.step) => Found::Done,
        _ => Found::Outdated,
    }
}

/// Whether a change asks the service to do something, which nobody can see done in the resource.
fn asks_only(step: &PlanStep) -> bool {
    let StepKind::ChangeResource { edits, .. } = &step.kind else {
        return false;
    };
    edits.iter().any(|edit| matches!(edit, Edit::Ask { .. }))
}

/// What a refusal means. Member `renew` is in no published description of the service, which may not take it.
pub(crate) fn refusal(step: &PlanStep, mut failure: Failure) -> Failure {
    let bad_request = failure.azure.as_ref().and_then(|azure| azure.status) == Some(400);
    if asks_only(step) && bad_request {
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
    fn what_is_so_already_is_done() {
        let step = scale(5);
        let context = context(&step, None);
        assert_eq!(judge(&context, Some(&pool(5, "Succeeded"))), Found::Done);
        assert_eq!(judge(&context, Some(&pool(3, "Succeeded"))), Found::Outdated);
        assert_eq!(judge(&context, Some(&pool(3, "Scaling"))), Found::InFlight);
        assert_eq!(judge(&context, Some(&pool(3, "Failed"))), Found::Outdated);
        assert!(matches!(judge(&context, None), Found::Conflict(_)));
    }

    #[test]
    fn a_failure_after_the_request_is_one() {
        let step = scale(5);
        let sent = intent(Some(String::new()));
        let context = context(&step, Some(&sent));
        assert!(matches!(
            judge(&context, Some(&pool(5, "Failed"))),
            Found::Broken(_)
        ));
    }

    #[test]
    fn a_certificate_has_arrived_when_the_resource_was_written() {
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
