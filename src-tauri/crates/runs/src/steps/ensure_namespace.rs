//! The namespace of the compute inside the cluster. Attaching neither makes nor checks it
//! (learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace).

use crate::way_in::{NoWayIn, after_write, connect};
use berth_arm::Arm;
use berth_cluster::ClusterError;

/// Makes the namespace where it is missing. True when it was there. `doubt` is why it may have been made or not, for as long
/// as the cluster could not be looked at since.
///
/// # Errors
/// [`NoWayIn`].
pub(crate) async fn ensure(
    arm: &Arm,
    cluster_id: &str,
    namespace: &str,
    doubt: &mut Option<ClusterError>,
) -> Result<bool, NoWayIn> {
    let inside = connect(arm, cluster_id).await?;
    loop {
        let there = inside.namespaces().await.map_err(NoWayIn::Cluster)?;
        if there.iter().any(|name| name == namespace) {
            return Ok(doubt.is_none());
        }
        if let Some(error) = doubt.take() {
            return Err(NoWayIn::NotWritten(error));
        }
        match inside.ensure_namespace(namespace).await {
            Ok(()) => return Ok(false),
            Err(error) => *doubt = Some(after_write(error)?),
        }
    }
}
