//! The way into a cluster. Azure hands out a kubeconfig; where local accounts are off, it names the sign-in with Entra ID
//! instead, and the account's own token for clusters is shown (learn.microsoft.com/azure/aks/kubelogin-authentication).

use berth_arm::resources::clusters;
use berth_arm::{Arm, ArmError};
use berth_cluster::{ClusterAccess, ClusterError, Inside, Kubeconfig, KubeconfigProblem};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use secrecy::SecretString;

/// Why there is no way into a cluster.
#[derive(Debug)]
pub enum NoWayIn {
    /// Azure gave no credentials.
    Azure(ArmError),
    /// The cluster did not answer.
    Cluster(ClusterError),
    /// Azure has none to give: local accounts are off.
    NoLocalAccounts,
}

const NO_LOCAL_ACCOUNTS: &str =
    "Local accounts are disabled on the cluster, so it hands out no administrator's credentials.";

impl NoWayIn {
    /// What a person gets.
    pub fn failure(&self, cluster_id: &str) -> Failure {
        match self {
            Self::Azure(error) => berth_failures::from_arm(error),
            Self::Cluster(error) => berth_failures::from_cluster(error),
            Self::NoLocalAccounts => {
                let action = "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action";
                let mut failure = Failure::new(FailureCode::Forbidden, Remedy::AskAdministrator)
                    .with("action", action)
                    .with("scope", cluster_id)
                    .with("message", NO_LOCAL_ACCOUNTS);
                NO_LOCAL_ACCOUNTS.clone_into(&mut failure.detail);
                failure
            }
        }
    }

    /// The chain of causes in one line, in Azure's words where it has some.
    pub fn chain(&self) -> String {
        match self {
            Self::Azure(error) => error.fault().map_or_else(|| error.chain(), ToString::to_string),
            Self::Cluster(error) => error.chain(),
            Self::NoLocalAccounts => NO_LOCAL_ACCOUNTS.to_owned(),
        }
    }
}

impl From<ArmError> for NoWayIn {
    fn from(error: ArmError) -> Self {
        Self::Azure(error)
    }
}

impl From<KubeconfigProblem> for NoWayIn {
    fn from(problem: KubeconfigProblem) -> Self {
        Self::Cluster(problem.into())
    }
}

/// Connects to a cluster: with the administrator's credentials, else with the account's own token.
///
/// # Errors
/// [`NoWayIn`].
pub async fn connect(arm: &Arm, cluster_id: &str) -> Result<Inside, NoWayIn> {
    let refused = match clusters::admin_kubeconfig(arm, cluster_id).await {
        Ok(Some(kubeconfig)) => return with(arm, cluster_id, &kubeconfig).await,
        Ok(None) => NoWayIn::NoLocalAccounts,
        // So Azure answers where local accounts are off.
        Err(error) if error.status() == Some(400) => NoWayIn::Azure(error),
        Err(error) => return Err(NoWayIn::Azure(error)),
    };
    match clusters::user_kubeconfig(arm, cluster_id).await {
        Ok(Some(kubeconfig)) => with(arm, cluster_id, &kubeconfig).await,
        _ => Err(refused),
    }
}

async fn with(arm: &Arm, cluster_id: &str, text: &SecretString) -> Result<Inside, NoWayIn> {
    let kubeconfig = Kubeconfig::read(text)?;
    if !arm.is_server_of(cluster_id, kubeconfig.server()).await? {
        return Err(KubeconfigProblem::ForeignServer.into());
    }
    let access = match ClusterAccess::of(&kubeconfig)? {
        Some(access) => access,
        None => {
            let token = clusters::cluster_token(arm).await.map_err(NoWayIn::Azure)?;
            ClusterAccess::with_entra_token(&kubeconfig, &token)?
        }
    };
    Inside::connect(access).map_err(NoWayIn::Cluster)
}
