//! Requests that steps send to the cluster's Kubernetes API, for the plan preview.

use super::PlannedRequest;
use crate::cluster_object::{ClusterObject, ObjectKind};
use crate::diagnosis::FRONT_END;
use serde_json::json;

/// Annotation on the classic front end that lets the extension replace it.
const UPGRADE: &str = "azureml-fe-enable-upgrade";

/// Deletes objects.
pub(super) fn removals(objects: &[ClusterObject]) -> Vec<PlannedRequest> {
    let removal = |object: &ClusterObject| PlannedRequest {
        method: "DELETE".to_owned(),
        path: path_of(object),
        body: None,
    };
    objects.iter().map(removal).collect()
}

/// Sets or clears the upgrade annotation on the classic front end.
pub(super) fn mark(upgrade: bool) -> PlannedRequest {
    let value = if upgrade { json!("true") } else { json!(null) };
    let front_end = ClusterObject::in_default(ObjectKind::Deployment, FRONT_END);
    PlannedRequest {
        method: "PATCH".to_owned(),
        path: path_of(&front_end),
        body: Some(json!({ "metadata": { "annotations": { UPGRADE: value } } })),
    }
}

fn path_of(object: &ClusterObject) -> String {
    let (api, list) = match object.kind {
        ObjectKind::ServiceAccount => ("/api/v1", "serviceaccounts"),
        ObjectKind::Service => ("/api/v1", "services"),
        ObjectKind::Secret => ("/api/v1", "secrets"),
        ObjectKind::ConfigMap => ("/api/v1", "configmaps"),
        ObjectKind::Deployment => ("/apis/apps/v1", "deployments"),
        ObjectKind::ClusterRole => ("/apis/rbac.authorization.k8s.io/v1", "clusterroles"),
        ObjectKind::ClusterRoleBinding => ("/apis/rbac.authorization.k8s.io/v1", "clusterrolebindings"),
    };
    let name = &object.name;
    match &object.namespace {
        None => format!("{api}/{list}/{name}"),
        Some(namespace) => format!("{api}/namespaces/{namespace}/{list}/{name}"),
    }
}
