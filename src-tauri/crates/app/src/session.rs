//! Signing in: turns an account into a connection to Azure. Code that uses the connection does not depend on the kind
//! of account.

use crate::accounts;
use crate::embedded_sandbox::EmbeddedSandbox;
use crate::options::Options;
use crate::ready_file;
use berth_arm::cloud::Cloud;
use berth_arm::{Arm, ArmOptions, Credential};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{AccountInfo, AccountKind, SessionInfo};
use berth_contract::review::SignedIn;
use berth_domain::facts::SubscriptionFacts;
use berth_failures::from_vault;
use berth_sandbox::Ready;
use berth_signin::AzureCli;
use berth_vault::Vault;
use secrecy::SecretString;
use tokio::sync::OnceCell;

/// A signed-in account.
#[derive(Clone)]
pub struct Session {
    /// The account it belongs to.
    pub account: AccountInfo,
    /// Connection to Azure Resource Manager.
    pub arm: Arm,
    pub tenant_id: String,
    /// Subscriptions the account can see.
    pub subscriptions: Vec<SubscriptionFacts>,
}

impl Session {
    /// Returns the session as the window shows it.
    pub fn info(&self) -> SessionInfo {
        SessionInfo {
            account: self.account.clone(),
            tenant_id: self.tenant_id.clone(),
            subscriptions: self.subscriptions.clone(),
        }
    }

    /// Returns the cloud, tenant and principal it is signed in to.
    ///
    /// # Errors
    /// Sign-in failures.
    pub(crate) async fn signed_in(&self) -> Result<SignedIn, Failure> {
        let holder = self
            .arm
            .holder()
            .await
            .map_err(|error| berth_failures::from_arm(&error))?;
        let cloud = self.arm.cloud();
        let tenant_of_token = Some(holder.tenant_id).filter(|tenant| !tenant.is_empty());
        Ok(SignedIn {
            // A sandbox listens on a different port each time, so its tenant identifies it.
            cloud: if cloud.is_on_this_computer() {
                cloud.name.clone()
            } else {
                cloud.arm.to_string()
            },
            tenant_id: tenant_of_token.unwrap_or_else(|| self.tenant_id.clone()),
            principal_id: holder.object_id,
        })
    }

    /// Refuses to continue with a different cloud, tenant or principal than the one the person consented with.
    ///
    /// # Errors
    /// `OtherAccount`, sign-in failures.
    pub(crate) async fn check_same(&self, then: &SignedIn) -> Result<(), Failure> {
        let now = self.signed_in().await?;
        then.mismatch(&now).map_or(Ok(()), Err)
    }
}

/// Everything needed to sign in.
pub(crate) struct SignIn<'a> {
    pub(crate) options: &'a Options,
    pub(crate) vault: &'a Vault,
    pub(crate) sandbox: &'a OnceCell<EmbeddedSandbox>,
}

impl SignIn<'_> {
    /// Signs in and verifies it by reading the subscriptions. Also returns a connection that reuses the answers read so
    /// far, for the caller's further reading.
    pub(crate) async fn open(&self, id: &str) -> Result<(Session, Arm), Failure> {
        let account = accounts::list(&self.options.home, self.options.running_sandbox.is_some())?
            .into_iter()
            .find(|account| account.id == id)
            .ok_or_else(|| accounts::not_found(id))?;
        let (cloud, credential) = match account.kind {
            AccountKind::Sandbox => {
                let (home, scale) = (&self.options.home, self.options.sandbox_time_scale);
                let open = || EmbeddedSandbox::open(home, self.vault, scale);
                sandbox_credential(self.sandbox.get_or_try_init(open).await?.ready())?
            }
            AccountKind::RunningSandbox => match &self.options.running_sandbox {
                Some(path) => sandbox_credential(&ready_file::read(path)?)?,
                None => return Err(accounts::not_found(id)),
            },
            AccountKind::AzureCli => {
                let cloud = Cloud::public();
                let credential =
                    berth_signin::azure_cli(AzureCli::default()).map_err(|error| refused(&error))?;
                (cloud, credential)
            }
            AccountKind::ServicePrincipal => self.principal_credential(id).await?,
        };
        connect(account, cloud, credential, self.options).await
    }

    async fn principal_credential(&self, id: &str) -> Result<(Cloud, Credential), Failure> {
        let principal = accounts::principal(&self.options.home, id)?;
        let secret = self
            .vault
            .get(&accounts::secret_key(id))
            .await
            .map_err(|error| from_vault(&error))?
            .ok_or_else(|| {
                Failure::new(FailureCode::SignInNeeded, Remedy::SignInAgain).with("account", id)
            })?;
        let cloud = Cloud::public();
        let credential =
            berth_signin::client_secret(&cloud, &principal.tenant_id, &principal.client_id, secret)
                .map_err(|error| refused(&error))?;
        Ok((cloud, credential))
    }
}

async fn connect(
    mut account: AccountInfo,
    cloud: Cloud,
    credential: Credential,
    options: &Options,
) -> Result<(Session, Arm), Failure> {
    let to_failure = |error: &berth_arm::ArmError| berth_failures::from_arm(error);
    let arm_options = ArmOptions {
        min_poll: options.min_poll,
        request_timeout: options.waiting.request_timeout,
        first_retry: options.waiting.first_retry,
    };
    let arm = Arm::new(cloud, credential, arm_options).map_err(|error| to_failure(&error))?;
    let reading = arm.with_cache();
    let (subscriptions, tenant_id) = tokio::join!(
        berth_arm::resources::subscriptions::list_subscriptions(&reading),
        berth_arm::resources::subscriptions::home_tenant(&arm)
    );
    let subscriptions = subscriptions.map_err(|error| to_failure(&error))?;
    let tenant_id = match subscriptions.first() {
        Some(subscription) => subscription.tenant_id.clone(),
        None => tenant_id.unwrap_or_default(),
    };
    account.tenant_id = Some(tenant_id.clone());
    let session = Session {
        account,
        arm,
        tenant_id,
        subscriptions,
    };
    Ok((session, reading))
}

fn sandbox_credential(ready: &Ready) -> Result<(Cloud, Credential), Failure> {
    let cloud = ready_file::cloud(ready)?;
    let secret = SecretString::from(ready.client_secret.clone());
    let credential = berth_signin::client_secret(&cloud, &ready.tenant_id, &ready.client_id, secret)
        .map_err(|error| refused(&error))?;
    Ok((cloud, credential))
}

fn refused(error: &berth_signin::SignInError) -> Failure {
    berth_failures::from_sign_in_words(error)
}
