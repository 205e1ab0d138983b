//! Updates a version of an online endpoint. What the run sent has the tag of the plan; other members do not tell, because
//! Azure returns some of them in another spelling.

use super::{Context, Found, by_state, judge_missing};
use berth_domain::secrets::PLAN_TAG;
use serde_json::Value;

/// Judges the version.
pub(super) fn judge(context: &Context<'_>, found: Option<&Value>) -> Found {
    let Some(found) = found else {
        return judge_missing(context);
    };
    let state = by_state(found);
    if found["tags"][PLAN_TAG] == context.plan_id {
        return state;
    }
    match state {
        // Another operation changes or removes it.
        Found::InFlight | Found::Leaving => state,
        // An update may repair a version that failed.
        _ => Found::Outdated,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::{context, step};
    use super::*;
    use berth_domain::plan::StepKind;
    use serde_json::json;

    #[test]
    fn an_update_is_done_when_the_tag_shows_and_the_version_is_ready() {
        let step = step(StepKind::UpdateVersion {
            resource_id: "/e/deployments/blue".to_owned(),
            edits: Vec::new(),
        });
        let context = context(&step, None);
        let version = |tag: &str, state: &str| json!({ "tags": { "berth-plan": tag }, "properties": { "provisioningState": state } });
        let judged = |tag: &str, state: &str| judge(&context, Some(&version(tag, state)));
        assert_eq!(judged("plan-1", "Succeeded"), Found::Done);
        assert_eq!(judged("plan-1", "Updating"), Found::InFlight);
        assert!(matches!(judged("plan-1", "Failed"), Found::Broken(_)));
        for state in ["Succeeded", "Failed", "Canceled"] {
            assert_eq!(judged("plan-0", state), Found::Outdated, "{state}");
        }
        assert_eq!(judged("plan-0", "Scaling"), Found::InFlight);
        assert_eq!(judged("plan-0", "Deleting"), Found::Leaving);
        assert!(matches!(judge(&context, None), Found::Conflict(_)));
    }
}
