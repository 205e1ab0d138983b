//! What is free on the nodes, for the fit check.

use crate::nodes::{is_ready, pool_of};
use crate::{ClusterClient, ClusterError};
use berth_domain::facts::Fact;
use berth_domain::fit::{Amounts, AmountsProblem, InitContainer, Node, Taint, pod_request};
use k8s_openapi::api::core::v1::{Container, Node as ClusterNode, Pod, PodSpec, ResourceRequirements};
use serde::Serialize;
use serde_json::Value;

/// Pods that still hold what they request.
const UNFINISHED: &str = "status.phase!=Succeeded,status.phase!=Failed";

/// What a pod takes of its node.
struct PodShare {
    node: String,
    /// Whether each node has one such pod.
    of_daemon_set: bool,
    request: Result<Amounts, String>,
}

impl ClusterClient {
    /// Lists the nodes with what they can give and what their pods request. If the pods cannot be read, only their
    /// requests are unknown.
    ///
    /// # Errors
    /// See [`ClusterError`].
    pub async fn room(&self) -> Result<Vec<Node>, ClusterError> {
        let (nodes, pods) = tokio::join!(
            self.list("listing nodes", None, None, node),
            self.list("listing pods", None, Some(UNFINISHED), share),
        );
        let mut nodes = nodes?;
        let shares = match &pods {
            Ok(pods) => Ok(pods.iter().flatten().collect::<Vec<_>>()),
            Err(error) => Err(error.chain()),
        };
        for node in &mut nodes {
            (node.requested, node.daemon_sets) = match &shares {
                Ok(shares) => (
                    sum(shares, &node.name, |_| true),
                    sum(shares, &node.name, |share| share.of_daemon_set),
                ),
                Err(why) => (Fact::Unknown(why.clone()), Fact::Unknown(why.clone())),
            };
        }
        Ok(nodes)
    }
}

fn sum(shares: &[&PodShare], node: &str, counts: fn(&PodShare) -> bool) -> Fact<Amounts> {
    let mut all = shares.iter().filter(|share| share.node == node && counts(share));
    let added = all.try_fold(Amounts::default(), |sum, share| {
        share.request.as_ref().map(|request| sum.plus(request))
    });
    added.map_or_else(|why| Fact::Unknown(why.clone()), Fact::Known)
}

fn node(node: &ClusterNode) -> Node {
    let spec = node.spec.as_ref();
    let taints = spec.and_then(|spec| spec.taints.as_ref());
    let taint = |taint: &k8s_openapi::api::core::v1::Taint| Taint {
        key: taint.key.clone(),
        value: taint.value.clone().unwrap_or_default(),
        effect: taint.effect.clone(),
    };
    let allocatable = node
        .status
        .as_ref()
        .and_then(|status| status.allocatable.as_ref());
    let allocatable = Amounts::of_node(&json(&allocatable));
    Node {
        name: node.metadata.name.clone().unwrap_or_default(),
        pool: pool_of(node),
        labels: node.metadata.labels.clone().unwrap_or_default(),
        taints: taints.into_iter().flatten().map(taint).collect(),
        ready: is_ready(node),
        cordoned: spec.and_then(|spec| spec.unschedulable) == Some(true),
        allocatable: allocatable.map_or_else(|problem| Fact::Unknown(problem.to_string()), Fact::Known),
        requested: Fact::NotAsked,
        daemon_sets: Fact::NotAsked,
    }
}

/// What a pod takes; `None` for one that has no node or has finished.
fn share(pod: &Pod) -> Option<PodShare> {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    let spec = pod.spec.as_ref()?;
    let node = spec.node_name.clone().filter(|node| !node.is_empty())?;
    let owners = pod.metadata.owner_references.iter().flatten();
    let request = requested(spec).map_err(|problem| {
        let name = pod.metadata.name.as_deref().unwrap_or_default();
        format!("pod {name}: {problem}")
    });
    let finished = matches!(phase, Some("Succeeded" | "Failed"));
    (!finished).then(|| PodShare {
        node,
        of_daemon_set: owners.into_iter().any(|owner| owner.kind == "DaemonSet"),
        request,
    })
}

fn requested(spec: &PodSpec) -> Result<Amounts, AmountsProblem> {
    let containers = spec.containers.iter().map(|one| amounts(one.resources.as_ref()));
    let containers = containers.collect::<Result<Vec<_>, _>>()?;
    let init = spec.init_containers.iter().flatten().map(init_container);
    let init = init.collect::<Result<Vec<_>, _>>()?;
    let overhead = Amounts::read(&json(&spec.overhead))?;
    let whole = amounts(spec.resources.as_ref())?;
    // What the pod requests as a whole is not less than what its containers do.
    Ok(pod_request(&containers, &init, &overhead).max(&whole))
}

fn init_container(container: &Container) -> Result<InitContainer, AmountsProblem> {
    Ok(InitContainer {
        request: amounts(container.resources.as_ref())?,
        stays: container.restart_policy.as_deref() == Some("Always"),
    })
}

fn amounts(resources: Option<&ResourceRequirements>) -> Result<Amounts, AmountsProblem> {
    Amounts::read(&json(
        &resources.and_then(|resources| resources.requests.as_ref()),
    ))
}

fn json<T: Serialize>(list: &T) -> Value {
    serde_json::to_value(list).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{from_value, json};

    fn pod(spec: Value, phase: &str) -> Option<PodShare> {
        let pod = json!({
            "metadata": { "name": "p", "ownerReferences": [{ "apiVersion": "apps/v1", "kind": "DaemonSet", "name": "d", "uid": "u" }] },
            "spec": spec, "status": { "phase": phase },
        });
        share(&from_value(pod).expect("a pod"))
    }

    fn container(cpu: &str) -> Value {
        json!({ "name": "c", "resources": { "requests": { "cpu": cpu, "memory": "1Gi" } } })
    }

    #[test]
    fn a_node_says_what_it_can_give_and_whom_it_keeps_away() {
        let read = |value| node(&from_value::<ClusterNode>(value).expect("a node"));
        let found = read(json!({
            "metadata": { "name": "n", "labels": { "agentpool": "gpu" } },
            "spec": { "unschedulable": true, "taints": [{ "key": "sku", "value": "gpu", "effect": "NoSchedule" }] },
            "status": { "allocatable": { "cpu": "3860m", "memory": "12Gi", "pods": "30" },
                "conditions": [{ "type": "Ready", "status": "Unknown" }] }
        }));
        assert_eq!(
            (found.pool.as_deref(), found.ready, found.cordoned),
            (Some("gpu"), Some(false), true)
        );
        assert_eq!(found.taints[0].to_string(), "sku=gpu:NoSchedule");
        assert_eq!(found.allocatable.known().map(|amounts| amounts.cpu), Some(3_860));
        let silent = read(json!({ "metadata": { "name": "n" } }));
        assert_eq!((silent.ready, silent.allocatable.known()), (None, None));
    }

    #[test]
    fn a_pod_takes_what_it_requests_until_it_has_finished() {
        let two = json!({ "nodeName": "n", "containers": [container("100m"), container("0.2")],
            "initContainers": [container("1")], "overhead": { "cpu": "50m" } });
        let found = pod(two.clone(), "Running").expect("a share");
        assert_eq!((found.node.as_str(), found.of_daemon_set), ("n", true));
        let request = found.request.expect("amounts");
        assert_eq!((request.cpu, request.memory, request.pods), (1_050, 2 << 30, 1));
        assert!(pod(two, "Succeeded").is_none());
        assert!(pod(json!({ "containers": [container("1")] }), "Pending").is_none());
        let odd = pod(
            json!({ "nodeName": "n", "containers": [container("much")] }),
            "Running",
        )
        .expect("a share");
        let shares = [&odd];
        assert!(
            sum(&shares, "n", |_| true)
                .why_unknown()
                .is_some_and(|why| why.contains("pod p: cpu is much"))
        );
        assert_eq!(sum(&shares, "other", |_| true), Fact::Known(Amounts::default()));
    }
}
