//! The namespace of the compute inside the cluster. Attaching a compute neither makes nor checks it
//! (learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace).

use crate::cluster_access::{ClusterAccessError, connect};
use berth_arm::Arm;

/// Makes the namespace unless it exists. True when it existed.
pub(crate) async fn ensure(arm: &Arm, cluster_id: &str, namespace: &str) -> Result<bool, ClusterAccessError> {
    let cluster = connect(arm, cluster_id).await?;
    let existing = cluster.namespaces().await?;
    if existing.iter().any(|name| name == namespace) {
        return Ok(true);
    }
    cluster.ensure_namespace(namespace).await?;
    Ok(false)
}
