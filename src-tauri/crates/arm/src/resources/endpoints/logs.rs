//! The last lines of a container's log (specification machinelearningservices 2025-12-01, `OnlineDeployments_GetLogs`;
//! package azureml-core 1.61, `webservice.py`, `get_logs`).

use super::classic::{model_management, services};
use crate::error::BadJson;
use crate::{Arm, ArmError};
use berth_domain::endpoint_log::LogContainer;
use http::Method;
use serde_json::{Value, json};

/// Reads the log of a deployment.
///
/// # Errors
/// [`ArmError::BadAnswer`] if the response has no log, and see [`ArmError`].
pub async fn deployment_log(
    arm: &Arm,
    endpoint_id: &str,
    version: &str,
    container: LogContainer,
    lines: u32,
) -> Result<String, ArmError> {
    let path = arm.path(&format!("{endpoint_id}/deployments/{version}/getLogs"));
    let kind = match container {
        LogContainer::InferenceServer => "InferenceServer",
        LogContainer::StorageInitializer => "StorageInitializer",
    };
    let body = json!({ "containerType": kind, "tail": lines });
    let found: Value = arm.post(&path, &body).await?;
    content(&found, Method::POST, path)
}

/// Reads the log of a service, with all its versions.
///
/// # Errors
/// Those of [`model_management`]; [`ArmError::BadAnswer`] if the response has no log.
pub async fn service_log(
    arm: &Arm,
    workspace: &str,
    name: &str,
    container: LogContainer,
    lines: u32,
) -> Result<String, ArmError> {
    let plane = model_management(arm, workspace, None).await?;
    let init = container == LogContainer::StorageInitializer;
    let path = format!("{}/{name}/logs?tail={lines}&init={init}", services(workspace));
    let found: Value = plane.get(&path).await?;
    content(&found, Method::GET, path)
}

fn content(found: &Value, method: Method, path: String) -> Result<String, ArmError> {
    let text = found["content"].as_str().map(str::to_owned);
    text.ok_or_else(|| ArmError::BadAnswer {
        method: method.to_string(),
        path: path.split('?').next().unwrap_or_default().to_owned(),
        source: BadJson::other_resource(),
    })
}
