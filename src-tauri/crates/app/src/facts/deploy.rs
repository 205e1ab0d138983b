//! Facts for a version to deploy.

use super::fact_of;
use berth_arm::Arm;
use berth_arm::resources::{computes, permissions, workspaces};
use berth_domain::deployment_spec::DeploySpec;
use berth_domain::facts::Facts;

/// Reads the facts.
pub(crate) async fn read(arm: &Arm, spec: &DeploySpec, today: &str) -> Facts {
    let workspace_id = spec.workspace.resource_id();
    let workspace = workspace_id.as_deref();
    let (workspace, computes, workspace_rights) = tokio::join!(
        fact_of(workspace, |id| workspaces::get_workspace(arm, id)),
        fact_of(workspace, |id| computes::list_computes(arm, id)),
        fact_of(workspace, |id| permissions::list_rights(arm, id)),
    );
    Facts {
        today: today.to_owned(),
        cloud: arm.cloud().name.clone(),
        workspace,
        computes,
        workspace_rights,
        api_versions: arm.api_versions(),
        ..Facts::default()
    }
}
