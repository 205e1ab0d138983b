//! Steps whose requests go to the model management API of the classic route.

use berth_arm::resources::assets::artifacts::classic_model;
use berth_arm::{Arm, ArmError};
use berth_domain::bodies::web_service::is_model_management;
use berth_domain::plan::{PlanStep, StepKind};
use berth_domain::resource_id::parent;
use serde_json::Value;

/// Whether the request of a step goes to the API of the classic route.
pub(crate) fn is_classic(step: &PlanStep) -> bool {
    let request = step.request.as_ref();
    request.is_some_and(|request| is_model_management(&request.path))
}

/// Resource id of the workspace of a step on the classic route.
pub(crate) fn classic_workspace(step: &PlanStep) -> &str {
    let id = step.kind.resource_id().unwrap_or_default();
    let workspace = match &step.kind {
        StepKind::UploadModel { .. } => parent(id).and_then(parent),
        _ => parent(id),
    };
    workspace.unwrap_or_default()
}

/// Reads the model that a step registers; `None` if it is not there, or the step registers none.
pub(super) async fn read_model(connection: &Arm, step: &PlanStep) -> Result<Option<Value>, ArmError> {
    let StepKind::UploadModel { model, .. } = &step.kind else {
        return Ok(None);
    };
    let (name, version) = model.rsplit_once(':').unwrap_or_default();
    classic_model(connection, classic_workspace(step), name, version).await
}
