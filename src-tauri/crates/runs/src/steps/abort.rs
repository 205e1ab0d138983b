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

/// Stops what Azure does with a cluster or a node pool (`POST …/abort`,
/// learn.microsoft.com/rest/api/aks/managed-clusters/abort-latest-operation and agent-pools/abort-latest-operation).
/// False for what Azure cannot stop.
///
/// # Errors
/// See [`ArmError`].
pub(crate) async fn abort(arm: &Arm, step: &PlanStep) -> Result<bool, ArmError> {
    let (Some(id), Some(request)) = (step.kind.resource_id().filter(|_| can_abort(step)), &step.request)
    else {
        return Ok(false);
    };
    let outgoing = Outgoing {
        method: http::Method::POST,
        path_and_query: format!("{id}/abort?{}", super::api_version(request)),
        body: None,
        client_request_id: Uuid::new_v4(),
        if_match: None,
        if_none_match: None,
    };
    arm.send(&outgoing).await.map(|_| true)
}

/// Whether AKS can stop it: making and changing clusters and pools, starting and stopping.
fn can_abort(step: &PlanStep) -> bool {
    let id = step.kind.resource_id().unwrap_or_default().to_lowercase();
    let of_aks =
        id.contains("/managedclusters/") && !id.contains("/providers/microsoft.kubernetesconfiguration/");
    let changes = matches!(
        step.kind,
        StepKind::CreateCluster { .. } | StepKind::ChangeResource { .. } | StepKind::SetPower { .. }
    );
    of_aks && changes
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::{context, step};
    use super::*;
    use serde_json::json;

    #[test]
    fn what_aks_can_stop() {
        let cluster =
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/k";
        let change = |id: String| {
            step(StepKind::ChangeResource {
                resource_id: id,
                what: berth_domain::plan::Changed::Nodes,
                edits: Vec::new(),
            })
        };
        assert!(can_abort(&change(format!("{cluster}/agentPools/system"))));
        assert!(can_abort(&change(cluster.to_owned())));
        let extension = format!("{cluster}/providers/Microsoft.KubernetesConfiguration/extensions/azureml");
        assert!(!can_abort(&change(extension)));
        let removal = step(StepKind::RemoveResource {
            resource_id: cluster.to_owned(),
            what: berth_domain::plan::Removed::Cluster,
            only: None,
        });
        assert!(!can_abort(&removal));
    }

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
