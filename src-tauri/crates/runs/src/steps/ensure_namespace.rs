//! The namespace of the compute inside the cluster. Attaching neither makes nor checks it
//! (learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace).

use berth_arm::resources::clusters;
use berth_arm::{Arm, ArmError};
use berth_cluster::{ClusterError, Inside};
use berth_contract::failure::{Failure, FailureCode, Remedy};

/// Why there is no way into a cluster.
#[derive(Debug)]
pub(crate) enum NoWayIn {
    /// Azure gave no credentials.
    Azure(ArmError),
    /// The cluster did not answer.
    Cluster(ClusterError),
    /// Azure has none to give: local accounts are off.
    NoLocalAccounts,
}

impl From<ArmError> for NoWayIn {
    fn from(error: ArmError) -> Self {
        Self::Azure(error)
    }
}

impl NoWayIn {
    /// What a person gets.
    pub(crate) fn failure(&self, cluster_id: &str) -> Failure {
        match self {
            Self::Azure(error) => crate::failure::from_arm(error),
            Self::Cluster(error) => crate::failure::from_cluster(error),
            Self::NoLocalAccounts => {
                let said = "Local accounts are disabled on the cluster, so it hands out no administrator's credentials.";
                let action = "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action";
                let mut failure = Failure::new(FailureCode::Forbidden, Remedy::AskAdministrator)
                    .with("action", action)
                    .with("scope", cluster_id)
                    .with("message", said);
                said.clone_into(&mut failure.detail);
                failure
            }
        }
    }
}

/// Connects to a cluster with the administrator's credentials.
///
/// # Errors
/// [`NoWayIn`].
pub(crate) async fn connect(arm: &Arm, cluster_id: &str) -> Result<Inside, NoWayIn> {
    let kubeconfig = clusters::admin_kubeconfig(arm, cluster_id)
        .await
        .map_err(NoWayIn::Azure)?
        .ok_or(NoWayIn::NoLocalAccounts)?;
    Inside::connect(&kubeconfig).await.map_err(NoWayIn::Cluster)
}

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
