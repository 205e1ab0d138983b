//! The compute: the attachment of the cluster in the workspace. A PUT overwrites without warning, so whatever is there
//! under that name without the plan's tag is left alone.

use super::{Context, Found, judge_tagged};
use serde_json::Value;

/// Judges what is there under the compute's id.
pub(super) fn judge(context: &Context<'_>, found: Option<&Value>) -> Found {
    judge_tagged(context, found)
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::{context, step};
    use super::*;
    use berth_domain::plan::StepKind;
    use serde_json::json;

    #[test]
    fn a_stranger_of_that_name_is_left_alone() {
        let step = step(StepKind::AttachCompute {
            resource_id: "/w/c".to_owned(),
            compute_type: "AKS".to_owned(),
        });
        let context = context(&step, None);
        let theirs = json!({ "id": "/w/c", "properties": { "provisioningState": "Succeeded" } });
        let Found::Conflict(failure) = judge(&context, Some(&theirs)) else {
            panic!("it is not ours")
        };
        assert_eq!(failure.params["resource"], "/w/c");
    }
}
