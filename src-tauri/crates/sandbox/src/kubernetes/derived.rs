//! Objects that are computed instead of stored: nodes from node pools, pods from deployments, endpoint slices
//! from services.

use super::ClusterObjects;
use super::kinds::{DEPLOYMENT, Kind, SERVICE};
use super::pod_failures::PodOutcome;
use crate::aks::nodes::{digits, pools};
use crate::compute::sizes;
use crate::resource_id::stable_uuid;
use crate::world::Resource;
use serde_json::{Value, json};

/// Deployments that every cluster has.
const SYSTEM: [(&str, u64, &str); 3] = [
    ("coredns", 2, "mcr.microsoft.com/oss/kubernetes/coredns:v1.11.3-8"),
    (
        "konnectivity-agent",
        2,
        "mcr.microsoft.com/oss/kubernetes/apiserver-network-proxy/agent:v0.30.3",
    ),
    (
        "metrics-server",
        2,
        "mcr.microsoft.com/oss/kubernetes/metrics-server:v0.7.2",
    ),
];

/// Objects of a computed kind, in one namespace or (`""`) in all.
pub(crate) fn list(objects: &ClusterObjects, cluster: &Resource, kind: &Kind, namespace: &str) -> Vec<Value> {
    match kind.plural {
        "nodes" => nodes(cluster),
        "pods" => {
            let mut pods = pods(objects, cluster);
            pods.retain(|pod| namespace.is_empty() || pod["metadata"]["namespace"] == json!(namespace));
            pods
        }
        "endpointslices" => endpoints(objects, cluster, namespace),
        _ => Vec::new(),
    }
}

/// The last lines of a pod's log.
pub(crate) fn log(
    objects: &ClusterObjects,
    cluster: &Resource,
    namespace: &str,
    name: &str,
) -> Option<String> {
    let pods = pods(objects, cluster);
    let named = |pod: &&Value| {
        pod["metadata"]["name"] == json!(name) && pod["metadata"]["namespace"] == json!(namespace)
    };
    let pod = pods.iter().find(named)?;
    let started = pod["status"]["startTime"].as_str().unwrap_or_default();
    let container = pod["spec"]["containers"][0]["name"].as_str().unwrap_or_default();
    let outcome = PodOutcome::of(&pod["spec"]["containers"][0], &vcpus(cluster));
    Some(outcome.log(started, container))
}

fn node_names(cluster: &Resource) -> Vec<String> {
    let digits = digits(cluster);
    let of_pool = |pool: &Value| {
        let name = pool["name"].as_str().unwrap_or_default().to_string();
        let digits = digits.clone();
        (0..pool["count"].as_u64().unwrap_or_default())
            .map(move |at| format!("aks-{name}-{digits}-vmss{at:06}"))
    };
    pools(cluster).flat_map(of_pool).collect()
}

fn nodes(cluster: &Resource) -> Vec<Value> {
    let mut names = node_names(cluster).into_iter();
    let created = created(cluster);
    let mut all = Vec::new();
    for pool in pools(cluster) {
        let size = sizes::find(pool["vmSize"].as_str().unwrap_or_default());
        let (vcpus, memory) = size.map_or((0, 0), |size| (size.vcpus, size.memory_gb as u64));
        let version = pool["currentOrchestratorVersion"].as_str().unwrap_or_default();
        for _ in 0..pool["count"].as_u64().unwrap_or_default() {
            let name = names.next().unwrap_or_default();
            let capacity = json!({ "cpu": vcpus.to_string(), "memory": format!("{}Ki", memory * 1024 * 1024), "pods": pool["maxPods"].to_string() });
            all.push(json!({
                "apiVersion": "v1", "kind": "Node",
                "metadata": { "name": name, "uid": uid(cluster, &name), "creationTimestamp": created, "resourceVersion": "1",
                    "labels": { "agentpool": pool["name"], "kubernetes.azure.com/agentpool": pool["name"], "kubernetes.azure.com/mode": pool["mode"].as_str().unwrap_or_default().to_lowercase(),
                        "node.kubernetes.io/instance-type": pool["vmSize"], "topology.kubernetes.io/region": cluster.location(), "kubernetes.io/os": "linux" } },
                "spec": { "providerID": format!("azure://{}/{name}", cluster.id), "taints": taints(pool) },
                "status": { "capacity": capacity, "allocatable": capacity,
                    "conditions": [{ "type": "Ready", "status": "True", "reason": "KubeletReady", "message": "kubelet is posting ready status" }],
                    "nodeInfo": { "kubeletVersion": format!("v{version}"), "osImage": "Ubuntu 24.04.3 LTS", "operatingSystem": "linux", "architecture": "amd64", "containerRuntimeVersion": "containerd://2.0.0-1" } },
            }));
        }
    }
    all
}

fn taints(pool: &Value) -> Value {
    let written = pool["nodeTaints"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let taints = written.filter_map(|taint| {
        let (pair, effect) = taint.rsplit_once(':')?;
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some(json!({ "key": key, "value": value, "effect": effect }))
    });
    taints.collect()
}

/// Thousandths of a vCPU of each node.
fn vcpus(cluster: &Resource) -> Vec<u64> {
    let of_pool = |pool: &Value| {
        let size = sizes::find(pool["vmSize"].as_str().unwrap_or_default());
        let millis = size.map_or(0, |size| size.vcpus * 1000);
        (0..pool["count"].as_u64().unwrap_or_default()).map(move |_| millis)
    };
    pools(cluster).flat_map(of_pool).collect()
}

fn pods(objects: &ClusterObjects, cluster: &Resource) -> Vec<Value> {
    let nodes = node_names(cluster);
    let vcpus = vcpus(cluster);
    let system = SYSTEM.iter().map(|(name, count, image)| {
        let container = json!({ "image": image });
        ("kube-system".to_string(), (*name).to_string(), *count, container)
    });
    let deployed = objects.list(DEPLOYMENT, "").map(|found| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        let container = found["spec"]["template"]["spec"]["containers"][0].clone();
        let count = found["spec"]["replicas"].as_u64().unwrap_or(1);
        let metadata = &found["metadata"];
        (
            text(&metadata["namespace"]),
            text(&metadata["name"]),
            count,
            container,
        )
    });
    let mut all = Vec::new();
    for (namespace, name, count, container) in system.chain(deployed) {
        let outcome = PodOutcome::of(&container, &vcpus);
        for at in 0..count {
            // More replicas than nodes share nodes.
            let node = outcome
                .has_node()
                .then(|| nodes[at as usize % nodes.len()].as_str());
            all.push(pod(cluster, (&namespace, &name, at), &container, node, &outcome));
        }
    }
    all
}

fn pod(
    cluster: &Resource,
    (namespace, deployment, at): (&str, &str, u64),
    container: &Value,
    node: Option<&str>,
    outcome: &PodOutcome,
) -> Value {
    let uid = uid(cluster, &format!("{namespace}/{deployment}/{at}"));
    let suffix: String = uid.chars().filter(char::is_ascii_alphanumeric).take(5).collect();
    let family: String = uid
        .chars()
        .rev()
        .filter(char::is_ascii_alphanumeric)
        .take(9)
        .collect();
    let created = created(cluster);
    let image = container["image"].as_str().unwrap_or_default();
    let mut container = container.clone();
    container["name"] = json!(deployment);
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": { "name": format!("{deployment}-{family}-{suffix}"), "namespace": namespace, "uid": uid, "creationTimestamp": created,
            "resourceVersion": "1", "labels": { "app": deployment } },
        "spec": { "nodeName": node, "containers": [container] },
        "status": outcome.status(deployment, image, &created),
    })
}

/// Endpoint slices: for each service, the pods of the deployments that its selector matches.
fn endpoints(objects: &ClusterObjects, cluster: &Resource, namespace: &str) -> Vec<Value> {
    let pods = pods(objects, cluster);
    let of_service = |service: &Value| {
        let (at, name) = (&service["metadata"]["namespace"], &service["metadata"]["name"]);
        let selector = service["spec"]["selector"].as_object()?;
        let fits = |found: &&Value| {
            let labels = &found["spec"]["template"]["metadata"]["labels"];
            found["metadata"]["namespace"] == *at
                && selector.iter().all(|(label, value)| labels[label] == *value)
        };
        let deployments: Vec<&Value> = objects
            .list(DEPLOYMENT, "")
            .filter(fits)
            .map(|found| &found["metadata"]["name"])
            .collect();
        let behind = pods.iter().filter(|pod| {
            pod["metadata"]["namespace"] == *at && deployments.contains(&&pod["metadata"]["labels"]["app"])
        });
        let ready = |pod: &Value| pod["status"]["containerStatuses"][0]["ready"] == json!(true);
        let endpoints = behind.map(|pod| {
            json!({ "addresses": ["10.244.0.4"], "conditions": { "ready": ready(pod) }, "nodeName": pod["spec"]["nodeName"],
                "targetRef": { "kind": "Pod", "namespace": at, "name": pod["metadata"]["name"] } })
        });
        let slice = format!("{}-slice", name.as_str()?);
        Some(json!({
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": { "name": slice, "namespace": at, "uid": uid(cluster, &format!("{at}/{slice}")), "resourceVersion": "1",
                "creationTimestamp": created(cluster), "labels": { "kubernetes.io/service-name": name } },
            "endpoints": endpoints.collect::<Vec<_>>(), "ports": service["spec"]["ports"],
        }))
    };
    objects.list(SERVICE, namespace).filter_map(of_service).collect()
}

fn uid(cluster: &Resource, name: &str) -> String {
    stable_uuid(&format!("{}#{name}", cluster.id)).to_string()
}

fn created(cluster: &Resource) -> Value {
    let written = &cluster.body["systemData"]["createdAt"];
    if written.is_string() {
        written.clone()
    } else {
        json!("2026-01-01T00:00:00Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::kinds::{NODE, POD};

    fn cluster(count: u64) -> Resource {
        let body = json!({ "location": "westeurope", "properties": { "resourceUID": "0123456789abcdef", "agentPoolProfiles": [
            { "name": "system", "count": count, "vmSize": "Standard_D4s_v5", "maxPods": 110, "nodeTaints": ["a=b:NoSchedule"] }] } });
        Resource::new(
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/k",
            "k",
            body,
        )
    }

    #[test]
    fn nodes_follow_from_pools_and_pods_from_nodes() {
        let mut objects = ClusterObjects::default();
        objects.put(
            DEPLOYMENT,
            "default",
            "azureml-fe",
            json!({ "spec": { "replicas": 3 } }),
        );
        let three = cluster(3);
        let nodes = list(&objects, &three, NODE, "");
        assert_eq!(nodes.len(), 3);
        assert_eq!(nodes[0]["status"]["capacity"]["cpu"], "4");
        assert_eq!(nodes[0]["spec"]["taints"][0]["effect"], "NoSchedule");
        let pods = list(&objects, &three, POD, "default");
        assert_eq!(pods.len(), 3);
        assert_ne!(pods[0]["spec"]["nodeName"], pods[1]["spec"]["nodeName"]);
        let name = pods[0]["metadata"]["name"].as_str().unwrap();
        assert!(log(&objects, &three, "default", name).is_some_and(|text| text.ends_with("ready\n")));
        assert_eq!(
            list(&objects, &cluster(0), POD, "default")[0]["status"]["phase"],
            "Pending"
        );
    }
}
