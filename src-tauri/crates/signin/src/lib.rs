//! Credentials of the accounts a person can choose. Each is an `azure_core` `TokenCredential`. Secrets are stored in
//! `berth-vault`.

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

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The connection to Entra ID could not be set up.
    #[error("the connection to {authority} could not be set up")]
    SetUp {
        authority: String,
        #[source]
        source: SetUpError,
    },
    /// The values of the credential are invalid.
    #[error("the {kind} credential cannot be used")]
    Unusable {
        /// Kind of credential.
        kind: &'static str,
        #[source]
        source: azure_core::Error,
    },
}

/// Creates the credential of a service principal with a client secret.
///
/// # Errors
/// [`SignInError`]. Whether Entra ID accepts it shows with the first token.
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

/// How to run the Azure CLI.
#[derive(Debug, Clone)]
pub struct AzureCli {
    /// Tenant; `None` for the tenant of the login.
    pub tenant: Option<String>,
    /// Limit on getting a token.
    pub limit: Duration,
    /// Folders to search for `az`, as in `PATH`; `None` for the `PATH` of this program.
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

/// Creates a credential that uses the login of the Azure CLI.
///
/// # Errors
/// [`SignInError`]. An Azure CLI that is missing, signed out or hanging shows with the first token.
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

/// Creates the credential of the managed identity of this machine.
///
/// # Errors
/// [`SignInError`]. A machine without an identity shows with the first token.
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

/// Entra ID of a cloud. Its CA is trusted for this account only.
fn client_options(cloud: &Cloud) -> Result<ClientOptions, SignInError> {
    let settings = Settings {
        extra_ca_pem: cloud.extra_ca_pem.as_deref(),
        // A cloud with a CA of its own runs on this computer, not behind a proxy.
        direct: cloud.extra_ca_pem.is_some(),
        timeout: transport::TIMEOUT,
        loopback: None,
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
