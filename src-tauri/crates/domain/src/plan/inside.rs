//! Requests that steps send to a cluster's own API, as they are shown before.

use super::PlannedRequest;
use serde_json::json;

/// Mark on the classic front end that lets the extension take its place.
const UPGRADE: &str = "azureml-fe-enable-upgrade";

/// Removes objects, written as `kind namespace/name`. Of other kinds than a front end has none is removed.
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

/// Marks the classic front end, or takes the mark away.
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
