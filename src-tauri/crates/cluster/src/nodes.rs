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

/// Name of the pool of a node.
pub(crate) fn pool_of(node: &Node) -> Option<String> {
    let labels = node.metadata.labels.as_ref()?;
    POOL_LABELS.iter().find_map(|label| labels.get(*label)).cloned()
}

/// Whether a node is ready; `None` if it does not say.
pub(crate) fn is_ready(node: &Node) -> Option<bool> {
    let conditions = node.status.as_ref()?.conditions.as_ref()?;
    let ready = conditions.iter().find(|condition| condition.type_ == "Ready")?;
    Some(ready.status == "True")
}

fn node(node: &Node) -> NodeState {
    let info = node.status.as_ref().and_then(|status| status.node_info.as_ref());
    let version = info.map(|info| info.kubelet_version.trim_start_matches('v').to_owned());
    NodeState {
        name: node.metadata.name.clone().unwrap_or_default(),
        pool: pool_of(node).unwrap_or_default(),
        ready: is_ready(node) == Some(true),
        version: version.unwrap_or_default(),
    }
}
