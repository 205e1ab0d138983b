//! The namespace of the compute inside the cluster. Attaching a compute neither makes nor checks it
//! (learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace).

use crate::clock::Clock;
use crate::cluster_access::{ClusterAccessError, doubtful_write};
use crate::inside::Inside;
use berth_arm::Arm;
use berth_cluster::ClusterError;

/// Makes the namespace unless it exists. True when it existed. `doubt` is why it may or may not have been made, until the
/// cluster could be inspected again.
pub(crate) async fn ensure(
    arm: &Arm,
    clock: &dyn Clock,
    cluster_id: &str,
    namespace: &str,
    doubt: &mut Option<ClusterError>,
) -> Result<bool, ClusterAccessError> {
    let mut cluster = Inside::open(arm, clock, cluster_id).await?;
    loop {
        let existing = cluster.namespaces().await?;
        if existing.iter().any(|name| name == namespace) {
            return Ok(doubt.is_none());
        }
        if let Some(error) = doubt.take() {
            return Err(ClusterAccessError::NotWritten(error));
        }
        match cluster.make_namespace(namespace).await {
            Ok(()) => return Ok(false),
            Err(error) => *doubt = Some(doubtful_write(error)?),
        }
    }
}
