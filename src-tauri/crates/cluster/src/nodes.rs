//! The nodes of a cluster, as Kubernetes lists them.

use crate::{ClusterClient, ClusterError};
use k8s_openapi::api::core::v1::Node;

/// Labels with the name of a node's pool in AKS (learn.microsoft.com/azure/aks/use-labels).
const POOL_LABELS: [&str; 2] = ["kubernetes.azure.com/agentpool", "agentpool"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeState {
    pub name: String,
    pub pool: String,
    pub ready: bool,
    /// Version of the kubelet, without the `v`.
    pub version: String,
}

impl ClusterClient {
    /// Lists the nodes.
    ///
    /// # Errors
    /// See [`ClusterError`].
    pub async fn nodes(&self) -> Result<Vec<NodeState>, ClusterError> {
        self.list("listing nodes", None, None, node).await
    }
}

fn node(node: &Node) -> NodeState {
    let labels = node.metadata.labels.as_ref();
    let pool = POOL_LABELS
        .iter()
        .find_map(|label| labels?.get(*label))
        .cloned()
        .unwrap_or_default();
    let status = node.status.as_ref();
    let conditions = status
        .and_then(|status| status.conditions.as_ref())
        .into_iter()
        .flatten();
    let ready = conditions
        .into_iter()
        .any(|condition| condition.type_ == "Ready" && condition.status == "True");
    let version = status
        .and_then(|status| status.node_info.as_ref())
        .map(|info| info.kubelet_version.trim_start_matches('v').to_owned());
    NodeState {
        name: node.metadata.name.clone().unwrap_or_default(),
        pool,
        ready,
        version: version.unwrap_or_default(),
    }
}
