//! The AKS cluster. Ours is the one that carries the plan's tag; any other of that name is left alone.

use super::{Context, Found, judge_tagged};
use berth_arm::{Arm, ArmError, Outgoing};
use berth_domain::plan::{PlanStep, StepKind};
use serde_json::Value;
use uuid::Uuid;

/// Judges what is there under the cluster's id.
pub(super) fn judge(context: &Context<'_>, found: Option<&Value>) -> Found {
    judge_tagged(context, found)
}

/// Stops what Azure does with a cluster (`POST …/abort`,
/// learn.microsoft.com/rest/api/aks/managed-clusters/abort-latest-operation). Nothing for other kinds.
///
/// # Errors
/// See [`ArmError`].
pub(crate) async fn abort(arm: &Arm, step: &PlanStep) -> Result<(), ArmError> {
    let (StepKind::CreateCluster { resource_id }, Some(request)) = (&step.kind, &step.request) else {
        return Ok(());
    };
    let outgoing = Outgoing {
        method: http::Method::POST,
        path_and_query: format!("{resource_id}/abort?{}", super::query(request)),
        body: None,
        client_request_id: Uuid::new_v4(),
        if_match: None,
        if_none_match: None,
    };
    arm.send(&outgoing).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::{context, step};
    use super::*;
    use serde_json::json;

    #[test]
    fn only_the_one_with_the_tag_is_ours() {
        let step = step(StepKind::CreateCluster {
            resource_id: "/c".to_owned(),
        });
        let context = context(&step, None);
        let cluster = |tag: &str, state: &str| json!({ "id": "/c", "tags": { "berth-plan": tag }, "properties": { "provisioningState": state } });
        assert_eq!(judge(&context, None), Found::Absent);
        assert_eq!(
            judge(&context, Some(&cluster("plan-1", "Creating"))),
            Found::InFlight
        );
        assert_eq!(
            judge(&context, Some(&cluster("plan-1", "Succeeded"))),
            Found::Done
        );
        assert!(matches!(
            judge(&context, Some(&cluster("plan-1", "Canceled"))),
            Found::Broken(_)
        ));
        for stranger in [cluster("plan-2", "Succeeded"), json!({ "id": "/c" })] {
            assert!(
                matches!(judge(&context, Some(&stranger)), Found::Conflict(_)),
                "{stranger}"
            );
        }
    }
}
