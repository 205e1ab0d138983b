//! Credentials of the accounts a person can choose. Each is an `azure_core` `TokenCredential`; none knows what it will be
//! used for. Where secrets are kept is not here but in `berth-vault`.

mod afresh;
mod limited;
mod shell;
mod transport;

use afresh::Afresh;
use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::credentials::Secret;
use azure_core::http::ClientOptions;
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, ClientSecretCredential, ClientSecretCredentialOptions,
    ManagedIdentityCredential, ManagedIdentityCredentialOptions,
};
use berth_arm::Credential;
use berth_arm::cloud::Cloud;
use berth_http::{SetUpError, Settings};
use limited::Limited;
use secrecy::{ExposeSecret as _, SecretString};
use shell::Shell;
use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

/// Why a credential could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The connection to Entra ID could not be set up.
    #[error("the connection to {authority} could not be set up")]
    SetUp {
        /// Address of Entra ID.
        authority: String,
        /// Why.
        #[source]
        source: SetUpError,
    },
    /// The credential's own values cannot be used.
    #[error("the {kind} credential cannot be used")]
    Unusable {
        /// Which kind.
        kind: &'static str,
        /// Why.
        #[source]
        source: azure_core::Error,
    },
}

/// A service principal with a client secret.
///
/// # Errors
/// [`SignInError`]; whether Entra ID takes it shows with the first token.
pub fn client_secret(
    cloud: &Cloud,
    tenant: &str,
    client_id: &str,
    secret: SecretString,
) -> Result<Credential, SignInError> {
    let client_options = client_options(cloud)?;
    let secret = Secret::new(secret.expose_secret().to_owned());
    let (tenant, client_id) = (tenant.to_owned(), client_id.to_owned());
    Afresh::credential("client secret", move || {
        let options = ClientSecretCredentialOptions {
            client_options: client_options.clone(),
        };
        Ok(ClientSecretCredential::new(
            &tenant,
            client_id.clone(),
            secret.clone(),
            Some(options),
        )?)
    })
}

/// How the Azure CLI is asked.
#[derive(Debug, Clone)]
pub struct AzureCli {
    /// Tenant; that of the login when `None`.
    pub tenant: Option<String>,
    /// Longest time it may take for a token.
    pub limit: Duration,
    /// Folders that `az` is looked for in, as in `PATH`; the program's own `PATH` when `None`.
    pub path: Option<OsString>,
}

impl Default for AzureCli {
    fn default() -> Self {
        Self {
            tenant: None,
            limit: Duration::from_secs(60),
            path: None,
        }
    }
}

/// The login of the Azure CLI.
///
/// # Errors
/// [`SignInError`]; a missing, signed-out or hanging Azure CLI shows with the first token.
pub fn azure_cli(cli: AzureCli) -> Result<Credential, SignInError> {
    let options = AzureCliCredentialOptions {
        tenant_id: cli.tenant,
        executor: Some(Arc::new(Shell { path: cli.path })),
        ..AzureCliCredentialOptions::default()
    };
    let credential = AzureCliCredential::new(Some(options)).map_err(|source| SignInError::Unusable {
        kind: "Azure CLI",
        source,
    })?;
    Ok(Limited::by_program("Azure CLI", credential, cli.limit))
}

/// The identity Azure gives the machine Berth runs on.
///
/// # Errors
/// [`SignInError`]; a machine without one shows with the first token.
pub fn managed_identity() -> Result<Credential, SignInError> {
    let client = berth_http::metadata_client(transport::TIMEOUT).map_err(|source| SignInError::SetUp {
        authority: "managed identity".to_owned(),
        source,
    })?;
    let client_options = transport::options(client);
    Afresh::credential("managed identity", move || {
        let options = ManagedIdentityCredentialOptions {
            client_options: client_options.clone(),
            ..ManagedIdentityCredentialOptions::default()
        };
        Ok(ManagedIdentityCredential::new(Some(options))?)
    })
}

/// Entra ID of a cloud, its CA trusted for this account alone.
fn client_options(cloud: &Cloud) -> Result<ClientOptions, SignInError> {
    let settings = Settings {
        extra_ca_pem: cloud.extra_ca_pem.as_deref(),
        // A cloud that brings its own CA is beside us, not behind a proxy.
        direct: cloud.extra_ca_pem.is_some(),
        timeout: transport::TIMEOUT,
    };
    let client = berth_http::client(settings).map_err(|source| SignInError::SetUp {
        authority: cloud.authority.to_string(),
        source,
    })?;
    let mut configuration = CustomConfiguration::default();
    configuration.authority_host = cloud.authority.to_string();
    Ok(ClientOptions {
        cloud: Some(Arc::new(CloudConfiguration::Custom(configuration))),
        ..transport::options(client)
    })
}
