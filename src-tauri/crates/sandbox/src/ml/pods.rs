//! The Kubernetes deployment of a version, in the namespace of its compute. It is named like the version alone, so
//! that a version of another endpoint with the same name takes its place (Azure/azure-sdk-for-python issue 28096).

use crate::kubernetes::derived::{FAILS, LOG};
use crate::kubernetes::kinds;
use crate::kubernetes::room::Amount;
use crate::world::World;
use serde_json::{Value, json};

/// Annotation with the id of the version that the object belongs to.
const OWNER: &str = "berth-sandbox/owner";

/// Cluster, namespace and name of the object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) cluster: String,
    pub(super) namespace: String,
    pub(super) name: String,
}

/// What the pods are made of.
pub(super) struct PodSpec<'a> {
    /// Id of the version.
    pub(super) owner: &'a str,
    pub(super) endpoint: &'a str,
    pub(super) image: &'a str,
    pub(super) replicas: u64,
    pub(super) request: Amount,
    pub(super) log: &'a str,
    pub(super) fails: bool,
}

pub(super) fn put(world: &mut World, place: &Place, spec: &PodSpec<'_>) {
    let Amount { cpu, memory, gpus } = spec.request;
    let mut requests = json!({ "cpu": format!("{cpu}m"), "memory": format!("{}Mi", memory >> 20) });
    if gpus > 0 {
        requests["nvidia.com/gpu"] = json!(gpus.to_string());
    }
    let labels = json!({ "ml.azure.com/deployment-name": place.name, "ml.azure.com/endpoint-name": spec.endpoint,
        "isazuremlapp": "true", "azuremlappname": place.name });
    let ready = if spec.fails { 0 } else { spec.replicas };
    let object = json!({
        "metadata": { "labels": labels, "annotations": { OWNER: spec.owner } },
        "spec": { "replicas": spec.replicas, "selector": { "matchLabels": { "azuremlappname": place.name } },
            "template": {
                "metadata": { "labels": labels, "annotations": { LOG: spec.log, FAILS: spec.fails.to_string() } },
                "spec": { "containers": [{ "name": "inference-server", "image": spec.image, "resources": { "requests": requests } }] } } },
        "status": { "replicas": spec.replicas, "readyReplicas": ready, "availableReplicas": ready, "observedGeneration": 1 },
    });
    let objects = world.objects_mut(&place.cluster);
    objects.put(kinds::DEPLOYMENT, &place.namespace, &place.name, object);
}

/// Id of the version whose pods run under a name.
pub(super) fn owner(world: &World, place: &Place) -> Option<String> {
    let objects = world.objects(&place.cluster)?;
    let object = objects.get(kinds::DEPLOYMENT, &place.namespace, &place.name)?;
    object["metadata"]["annotations"][OWNER]
        .as_str()
        .map(str::to_string)
}

/// Removes the object, unless it belongs to another version.
pub(super) fn remove(world: &mut World, place: &Place, of: &str) {
    let own = owner(world, place).is_some_and(|owner| owner.eq_ignore_ascii_case(of));
    if own {
        let objects = world.objects_mut(&place.cluster);
        objects.remove(kinds::DEPLOYMENT, &place.namespace, &place.name);
    }
}

/// Whether a cluster has a namespace.
pub(super) fn has_namespace(world: &World, cluster: &str, namespace: &str) -> bool {
    world
        .objects(cluster)
        .is_some_and(|objects| objects.get(kinds::NAMESPACE, "", namespace).is_some())
}

/// Cluster and namespace of a compute.
pub(super) fn of_compute(compute: &Value) -> Option<(String, String)> {
    let properties = &compute["properties"];
    let cluster = properties["resourceId"].as_str()?.to_string();
    let namespace = properties["properties"]["namespace"]
        .as_str()
        .unwrap_or("default");
    Some((cluster, namespace.to_string()))
}
