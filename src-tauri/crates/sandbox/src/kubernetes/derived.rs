//! Objects that are computed instead of stored: nodes from node pools, pods from deployments, endpoint slices
//! from services.

use super::ClusterObjects;
use super::kinds::{DEPLOYMENT, Kind, SERVICE};
use super::pod_failures::PodOutcome;
use super::room::{self, Amount, NodeRoom};
use crate::aks::nodes::pools;
use crate::compute::sizes;
use crate::resource_id::stable_uuid;
use crate::world::Resource;
use serde_json::{Value, json};

/// Deployments that every cluster has: name, replicas, image, requests of CPU and memory.
const SYSTEM: [(&str, u64, &str, [&str; 2]); 3] = [
    (
        "coredns",
        2,
        "mcr.microsoft.com/oss/kubernetes/coredns:v1.11.3-8",
        ["100m", "70Mi"],
    ),
    (
        "konnectivity-agent",
        2,
        "mcr.microsoft.com/oss/kubernetes/apiserver-network-proxy/agent:v0.30.3",
        ["20m", "20Mi"],
    ),
    (
        "metrics-server",
        2,
        "mcr.microsoft.com/oss/kubernetes/metrics-server:v0.7.2",
        ["40m", "55Mi"],
    ),
];

/// Pods that are shown of one deployment.
const MOST_PODS: u64 = 1000;

/// Annotation of pods with the log of their container.
pub(crate) const LOG: &str = "berth-sandbox/log";

/// Annotation of pods whose program fails.
pub(crate) const FAILS: &str = "berth-sandbox/fails";

fn fails(annotations: &Value) -> bool {
    annotations[FAILS] == json!("true")
}

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
    let outcome = if pod["spec"]["nodeName"].is_null() {
        PodOutcome::Unschedulable(String::new())
    } else {
        PodOutcome::of(
            &pod["spec"]["containers"][0],
            fails(&pod["metadata"]["annotations"]),
        )
    };
    let own = pod["metadata"]["annotations"][LOG].as_str();
    Some(own.map_or_else(|| outcome.log(started, container), str::to_string))
}

fn nodes(cluster: &Resource) -> Vec<Value> {
    let mut rooms = room::nodes(cluster).into_iter();
    let created = created(cluster);
    let mut all = Vec::new();
    for pool in pools(cluster) {
        let size = sizes::find(pool["vmSize"].as_str().unwrap_or_default());
        let (vcpus, memory) = size.map_or((0, 0), |size| (size.vcpus, size.memory_gb as u64));
        let version = pool["currentOrchestratorVersion"].as_str().unwrap_or_default();
        let count = usize::try_from(pool["count"].as_u64().unwrap_or_default()).unwrap_or_default();
        for node in rooms.by_ref().take(count) {
            let name = node.name.as_str();
            let capacity = json!({ "cpu": vcpus.to_string(), "memory": format!("{}Ki", memory * 1024 * 1024), "pods": pool["maxPods"].to_string() });
            all.push(json!({
                "apiVersion": "v1", "kind": "Node",
                "metadata": { "name": name, "uid": uid(cluster, name), "creationTimestamp": created, "resourceVersion": "1",
                    "labels": { "agentpool": pool["name"], "kubernetes.azure.com/agentpool": pool["name"], "kubernetes.azure.com/mode": pool["mode"].as_str().unwrap_or_default().to_lowercase(),
                        "node.kubernetes.io/instance-type": pool["vmSize"], "topology.kubernetes.io/region": cluster.location(), "kubernetes.io/os": "linux" } },
                "spec": { "providerID": format!("azure://{}/{name}", cluster.id), "taints": taints(&node) },
                "status": { "capacity": capacity, "allocatable": room::shown(node.allocatable, &pool["maxPods"]),
                    "conditions": [{ "type": "Ready", "status": "True", "reason": "KubeletReady", "message": "kubelet is posting ready status" }],
                    "nodeInfo": { "kubeletVersion": format!("v{version}"), "osImage": "Ubuntu 24.04.3 LTS", "operatingSystem": "linux", "architecture": "amd64", "containerRuntimeVersion": "containerd://2.0.0-1" } },
            }));
        }
    }
    all
}

fn taints(node: &NodeRoom) -> Value {
    let shown = |(key, value, effect): &(String, String, String)| json!({ "key": key, "value": value, "effect": effect });
    node.taints.iter().map(shown).collect()
}

/// A set of equal pods.
struct Group {
    namespace: String,
    name: String,
    count: u64,
    container: Value,
    annotations: Value,
    labels: Value,
}

impl Group {
    fn system((name, count, image, [cpu, memory]): (&str, u64, &str, [&str; 2])) -> Self {
        let requests = json!({ "cpu": cpu, "memory": memory });
        Self {
            namespace: "kube-system".to_string(),
            name: name.to_string(),
            count,
            container: json!({ "image": image, "resources": { "requests": requests } }),
            annotations: Value::Null,
            labels: Value::Null,
        }
    }

    fn of(deployment: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        let template = &deployment["spec"]["template"];
        Self {
            namespace: text(&deployment["metadata"]["namespace"]),
            name: text(&deployment["metadata"]["name"]),
            count: deployment["spec"]["replicas"]
                .as_u64()
                .unwrap_or(1)
                .min(MOST_PODS),
            container: template["spec"]["containers"][0].clone(),
            annotations: template["metadata"]["annotations"].clone(),
            labels: template["metadata"]["labels"].clone(),
        }
    }

    /// Whether taints do not matter: only those for models are taken seriously here.
    fn is_tolerant(&self) -> bool {
        self.labels["ml.azure.com/deployment-name"].is_null()
    }

    /// Where its pods run, or why they do not.
    fn place(&self, nodes: &mut [NodeRoom]) -> Vec<Result<usize, String>> {
        let key = format!("{}/{}", self.namespace, self.name);
        let wanted = Amount::requested(&self.container);
        (0..self.count)
            .map(|_| room::place(nodes, wanted, &key, self.is_tolerant()))
            .collect()
    }
}

fn groups(objects: &ClusterObjects) -> impl Iterator<Item = Group> {
    let deployed = objects.list(DEPLOYMENT, "").map(Group::of);
    SYSTEM.into_iter().map(Group::system).chain(deployed)
}

/// The nodes with what is left beside all pods but those of one deployment.
pub(crate) fn room_beside(
    objects: &ClusterObjects,
    cluster: &Resource,
    (namespace, name): (&str, &str),
) -> Vec<NodeRoom> {
    let mut nodes = room::nodes(cluster);
    for group in groups(objects) {
        if (group.namespace.as_str(), group.name.as_str()) != (namespace, name) {
            group.place(&mut nodes);
        }
    }
    nodes
}

fn pods(objects: &ClusterObjects, cluster: &Resource) -> Vec<Value> {
    let mut nodes = room::nodes(cluster);
    let mut all = Vec::new();
    for group in groups(objects) {
        for (at, placed) in group.place(&mut nodes).into_iter().enumerate() {
            let (node, outcome) = match placed {
                Ok(at) => (
                    Some(nodes[at].name.as_str()),
                    PodOutcome::of(&group.container, fails(&group.annotations)),
                ),
                Err(why) => (None, PodOutcome::Unschedulable(why)),
            };
            all.push(pod(cluster, &group, at as u64, node, &outcome));
        }
    }
    all
}

fn pod(cluster: &Resource, group: &Group, at: u64, node: Option<&str>, outcome: &PodOutcome) -> Value {
    let (namespace, deployment) = (&group.namespace, &group.name);
    let uid = uid(cluster, &format!("{namespace}/{deployment}/{at}"));
    let suffix: String = uid.chars().filter(char::is_ascii_alphanumeric).take(5).collect();
    let family: String = uid
        .chars()
        .rev()
        .filter(char::is_ascii_alphanumeric)
        .take(9)
        .collect();
    let created = created(cluster);
    let mut container = group.container.clone();
    let image = container["image"].as_str().unwrap_or_default().to_string();
    container["name"] = json!(deployment);
    let mut labels = json!({ "app": deployment });
    for (name, value) in group.labels.as_object().into_iter().flatten() {
        labels[name] = value.clone();
    }
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": { "name": format!("{deployment}-{family}-{suffix}"), "namespace": namespace, "uid": uid, "creationTimestamp": created,
            "resourceVersion": "1", "labels": labels, "annotations": group.annotations },
        "spec": { "nodeName": node, "containers": [container] },
        "status": outcome.status(deployment, &image, &created),
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
