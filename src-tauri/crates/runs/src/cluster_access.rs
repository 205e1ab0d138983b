//! Connects to a cluster with the kubeconfig that Azure hands out. Where local accounts are off, that kubeconfig names the
//! sign-in with Entra ID, and the account's own token for clusters is used
//! (learn.microsoft.com/azure/aks/kubelogin-authentication).

use berth_arm::resources::clusters;
use berth_arm::{Arm, ArmError};
use berth_cluster::{ClusterAccess, ClusterClient, ClusterError, Kubeconfig, KubeconfigProblem};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use secrecy::SecretString;

/// Why a cluster cannot be accessed.
#[derive(Debug)]
pub enum ClusterAccessError {
    /// Azure gave no credentials.
    Azure(ArmError),
    /// The cluster refused or did not answer.
    Cluster(ClusterError),
    /// A write in the cluster failed and does not show there since. It is not sent again.
    NotWritten(ClusterError),
    /// The cluster throttled a write without looking at it. It may be sent again, a limited number of times.
    PutOff(ClusterError),
    /// Local accounts are off, so Azure has no credentials to give.
    NoLocalAccounts,
    /// Its API server is private, and commands through Azure are off.
    Private,
    /// Azure does not say which cluster it is.
    Unnamed,
}

const PRIVATE: &str =
    "The cluster cannot be reached from here: it is private, and commands through Azure are off.";
const UNNAMED: &str = "Azure does not say which cluster it runs on";

const NO_LOCAL_ACCOUNTS: &str =
    "Local accounts are disabled on the cluster, so Azure hands out no administrator credentials.";

impl ClusterAccessError {
    /// Converts to the failure that is shown to a person.
    pub fn failure(&self, cluster_id: &str) -> Failure {
        match self {
            Self::Azure(error) => berth_failures::from_arm(error),
            Self::Cluster(error) | Self::NotWritten(error) | Self::PutOff(error) => {
                berth_failures::from_cluster(error)
            }
            Self::Private => {
                let failure = Failure::new(FailureCode::Unreachable, Remedy::AskAdministrator);
                let mut failure = failure.with("host", "Kubernetes API");
                PRIVATE.clone_into(&mut failure.detail);
                failure
            }
            Self::Unnamed => Failure::new(FailureCode::NotFound, Remedy::ChangePlan).with("what", UNNAMED),
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

    /// The chain of causes in one line, in Azure's words where it gave any.
    pub fn chain(&self) -> String {
        match self {
            Self::Azure(error) => error.fault().map_or_else(|| error.chain(), ToString::to_string),
            Self::Cluster(error) | Self::NotWritten(error) | Self::PutOff(error) => error.chain(),
            Self::NoLocalAccounts => NO_LOCAL_ACCOUNTS.to_owned(),
            Self::Private => PRIVATE.to_owned(),
            Self::Unnamed => UNNAMED.to_owned(),
        }
    }
}

/// Judges a failed write inside a cluster: whether it took effect is in doubt, unless the cluster throttled it.
///
/// # Errors
/// [`ClusterAccessError::PutOff`].
pub(crate) fn doubtful_write(error: ClusterError) -> Result<ClusterError, ClusterAccessError> {
    if error.is_throttled() {
        Err(ClusterAccessError::PutOff(error))
    } else {
        Ok(error)
    }
}

impl From<ArmError> for ClusterAccessError {
    fn from(error: ArmError) -> Self {
        Self::Azure(error)
    }
}

impl From<ClusterError> for ClusterAccessError {
    fn from(error: ClusterError) -> Self {
        Self::Cluster(error)
    }
}

impl From<KubeconfigProblem> for ClusterAccessError {
    fn from(problem: KubeconfigProblem) -> Self {
        Self::Cluster(problem.into())
    }
}

/// Connects to a cluster: with the administrator's credentials, else with the account's own token.
///
/// # Errors
/// [`ClusterAccessError`].
pub async fn connect(arm: &Arm, cluster_id: &str) -> Result<ClusterClient, ClusterAccessError> {
    let refusal = match clusters::admin_kubeconfig(arm, cluster_id).await {
        Ok(Some(kubeconfig)) => return connect_with(arm, cluster_id, &kubeconfig).await,
        Ok(None) => ClusterAccessError::NoLocalAccounts,
        // Azure's answer where local accounts are off.
        Err(error) if error.status() == Some(400) => ClusterAccessError::Azure(error),
        Err(error) if error.status() == Some(403) && has_no_local_accounts(arm, cluster_id).await => {
            ClusterAccessError::Azure(error)
        }
        Err(error) => return Err(ClusterAccessError::Azure(error)),
    };
    match clusters::user_kubeconfig(arm, cluster_id).await {
        Ok(Some(kubeconfig)) => connect_with(arm, cluster_id, &kubeconfig).await,
        _ => Err(refusal),
    }
}

/// Connects to the cluster of an endpoint or compute, if Azure says which one that is.
///
/// # Errors
/// [`ClusterAccessError`].
pub async fn connect_to(arm: &Arm, cluster_id: Option<&str>) -> Result<ClusterClient, ClusterAccessError> {
    connect(arm, cluster_id.ok_or(ClusterAccessError::Unnamed)?).await
}

/// Whether the right to the administrator's credentials would be of no use.
async fn has_no_local_accounts(arm: &Arm, cluster_id: &str) -> bool {
    let found = clusters::get_cluster(arm, cluster_id).await;
    found.is_ok_and(|found| found.is_some_and(|cluster| cluster.local_accounts_disabled))
}

async fn connect_with(
    arm: &Arm,
    cluster_id: &str,
    text: &SecretString,
) -> Result<ClusterClient, ClusterAccessError> {
    let kubeconfig = Kubeconfig::read(text)?;
    if !arm.is_server_of(cluster_id, kubeconfig.server()).await? {
        return Err(KubeconfigProblem::ForeignServer.into());
    }
    let access = match ClusterAccess::of(&kubeconfig)? {
        Some(access) => access,
        None => {
            let token = clusters::cluster_token(arm).await?;
            ClusterAccess::with_entra_token(&kubeconfig, &token)?
        }
    };
    Ok(ClusterClient::connect(access)?)
}
