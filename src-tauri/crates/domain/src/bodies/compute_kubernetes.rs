//! `PUT …/computes/{c}` of type `Kubernetes` (machinelearningservices 2025-12-01, KubernetesCompute).

use super::tagged;
use crate::spec::Spec;
use serde_json::{Value, json};

/// The compute that attaches a cluster on the extension route. `location` is the workspace's.
pub fn compute_kubernetes(spec: &Spec, cluster_id: &str, location: &str, plan_id: &str) -> Value {
    json!({
        "location": location,
        "tags": tagged(&spec.place.tags, plan_id),
        "identity": { "type": "SystemAssigned" },
        "properties": {
            "computeType": "Kubernetes",
            "resourceId": cluster_id,
            "properties": { "namespace": spec.place.namespace_or_default() },
        }
    })
}
