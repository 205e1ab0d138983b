//! Requests that steps send to the cluster's Kubernetes API, for the plan preview.

use super::PlannedRequest;
use serde_json::json;

/// Annotation on the classic front end that lets the extension replace it.
const UPGRADE: &str = "azureml-fe-enable-upgrade";

/// Deletes objects, given as `kind namespace/name`. Skips kinds that a front end does not consist of.
pub(super) fn removals(objects: &[String]) -> Vec<PlannedRequest> {
    let removal = |object: &String| {
        Some(PlannedRequest {
            method: "DELETE".to_owned(),
            path: path_of(object)?,
            body: None,
        })
    };
    objects.iter().filter_map(removal).collect()
}

/// Sets or clears the upgrade annotation on the classic front end.
pub(super) fn mark(upgrade: bool) -> Option<PlannedRequest> {
    let value = if upgrade { json!("true") } else { json!(null) };
    Some(PlannedRequest {
        method: "PATCH".to_owned(),
        path: path_of("deployment default/azureml-fe")?,
        body: Some(json!({ "metadata": { "annotations": { UPGRADE: value } } })),
    })
}

fn path_of(object: &str) -> Option<String> {
    let (kind, place) = object.split_once(' ')?;
    let (namespace, name) = place.split_once('/')?;
    let (api, list) = match kind {
        "serviceaccount" => ("/api/v1", "serviceaccounts"),
        "service" => ("/api/v1", "services"),
        "secret" => ("/api/v1", "secrets"),
        "configmap" => ("/api/v1", "configmaps"),
        "deployment" => ("/apis/apps/v1", "deployments"),
        "clusterrole" => ("/apis/rbac.authorization.k8s.io/v1", "clusterroles"),
        "clusterrolebinding" => ("/apis/rbac.authorization.k8s.io/v1", "clusterrolebindings"),
        _ => return None,
    };
    Some(if namespace == "-" {
        format!("{api}/{list}/{name}")
    } else {
        format!("{api}/namespaces/{namespace}/{list}/{name}")
    })
}
