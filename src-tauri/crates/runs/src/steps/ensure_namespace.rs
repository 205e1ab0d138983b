//! The namespace of the compute inside the cluster. Attaching neither makes nor checks it
//! (learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace).

use crate::way_in::{NoWayIn, connect};
use berth_arm::Arm;

/// Makes the namespace where it is missing. True when it was there.
///
/// # Errors
/// [`NoWayIn`].
pub(crate) async fn ensure(arm: &Arm, cluster_id: &str, namespace: &str) -> Result<bool, NoWayIn> {
    let inside = connect(arm, cluster_id).await?;
    let there = inside.namespaces().await.map_err(NoWayIn::Cluster)?;
    if there.iter().any(|name| name == namespace) {
        return Ok(true);
    }
    inside
        .ensure_namespace(namespace)
        .await
        .map_err(NoWayIn::Cluster)?;
    Ok(false)
}
