//! Aborts operations of AKS.

use berth_arm::{Arm, ArmError, Outgoing};
use berth_domain::plan::{PlanStep, StepKind};
use uuid::Uuid;

/// Aborts the running operation of a cluster or node pool (`POST …/abort`,
/// learn.microsoft.com/rest/api/aks/managed-clusters/abort-latest-operation and agent-pools/abort-latest-operation).
/// False for a step that cannot be aborted.
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

/// Whether AKS can abort the step: making and changing clusters and pools, starting and stopping.
fn can_abort(step: &PlanStep) -> bool {
    let id = step.kind.resource_id().unwrap_or_default().to_lowercase();
    let is_aks =
        id.contains("/managedclusters/") && !id.contains("/providers/microsoft.kubernetesconfiguration/");
    let changes = matches!(
        step.kind,
        StepKind::CreateCluster { .. } | StepKind::ChangeResource { .. } | StepKind::SetPower { .. }
    );
    is_aks && changes
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::step;
    use super::*;

    #[test]
    fn only_operations_of_aks_can_be_aborted() {
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
}
