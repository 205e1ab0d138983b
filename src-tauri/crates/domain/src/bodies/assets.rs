//! Bodies that register uploaded files (machinelearningservices 2025-12-01, mfe.json: CodeVersion, ModelVersion), with the
//! properties that azure-ai-ml writes (package azure-ai-ml 1.35, entities/_assets/_artifacts/code.py and model.py), and that name
//! environments.

use crate::deployment_spec::{Routes, WebRoute};
use crate::resource_id::ResourceId;
use crate::upload::HASH_VERSION;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Registers a code folder under its content hash, so that it is found by it.
pub fn code_version(uri: &str, hash: &str) -> Value {
    json!({ "properties": {
        "codeUri": uri,
        "isAnonymous": true,
        "properties": { "hash_sha256": hash, "hash_version": HASH_VERSION },
    } })
}

/// Registers a model.
pub fn model_version(uri: &str, model_type: &str, tags: &BTreeMap<String, String>) -> Value {
    json!({ "properties": { "modelUri": uri, "modelType": model_type, "isAnonymous": false, "tags": tags } })
}

/// Registers an environment for an image; with routes, the image has its own server (EnvironmentVersion).
pub fn environment_version(image: &str, routes: Option<&Routes>) -> Value {
    let mut properties = json!({ "image": image, "osType": "Linux", "isAnonymous": true });
    if let Some(routes) = routes {
        let route = |route: &WebRoute| json!({ "path": route.path, "port": route.port });
        properties["inferenceConfig"] = json!({
            "livenessRoute": route(&routes.liveness),
            "readinessRoute": route(&routes.readiness),
            "scoringRoute": route(&routes.scoring),
        });
    }
    json!({ "properties": properties })
}

/// The address of a path in a data store, as azure-ai-ml writes it (package azure-ai-ml 1.35, constants/_common.py,
/// `LONG_URI_FORMAT`). `None` if the workspace's id is not one.
pub fn store_uri(workspace_id: &str, store: &str, path: &str) -> Option<String> {
    let id = ResourceId::parse(workspace_id).filter(ResourceId::is_workspace)?;
    Some(format!(
        "azureml://subscriptions/{}/resourcegroups/{}/workspaces/{}/datastores/{store}/paths/{path}",
        id.subscription,
        id.resource_group?,
        id.name(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_addressed_through_its_store() {
        let workspace =
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";
        assert_eq!(
            store_uri(workspace, "workspaceblobstore", "LocalUpload/1/m").as_deref(),
            Some(
                "azureml://subscriptions/s/resourcegroups/g/workspaces/w/datastores/workspaceblobstore/paths/LocalUpload/1/m"
            )
        );
        assert_eq!(store_uri("/subscriptions/s", "d", "p"), None);
    }
}
