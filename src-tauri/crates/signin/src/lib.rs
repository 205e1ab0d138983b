//! Credentials of the accounts a person can choose. Each is an `azure_core` `TokenCredential`; none knows what it will be
//! used for. Where secrets are kept is not here but in `berth-vault`.

mod afresh;

use afresh::Afresh;
use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::credentials::Secret;
use azure_core::http::{ClientOptions, Transport};
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, ClientSecretCredential, ClientSecretCredentialOptions,
    ManagedIdentityCredential,
};
use berth_arm::Credential;
use berth_arm::cloud::Cloud;
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::Arc;
use std::time::Duration;

/// Longest time one request to Entra ID may take.
const TIMEOUT: Duration = Duration::from_secs(30);

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
        source: reqwest::Error,
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

/// The login of the Azure CLI, of a tenant where one is named.
///
/// # Errors
/// [`SignInError`]; a missing or signed-out Azure CLI shows with the first token.
pub fn azure_cli(tenant: Option<String>) -> Result<Credential, SignInError> {
    let options = AzureCliCredentialOptions {
        tenant_id: tenant,
        ..AzureCliCredentialOptions::default()
    };
    let credential = AzureCliCredential::new(Some(options)).map_err(|source| SignInError::Unusable {
        kind: "Azure CLI",
        source,
    })?;
    Ok(credential)
}

/// The identity Azure gives the machine Berth runs on.
///
/// # Errors
/// [`SignInError`]; a machine without one shows with the first token.
pub fn managed_identity() -> Result<Credential, SignInError> {
    Afresh::credential("managed identity", || Ok(ManagedIdentityCredential::new(None)?))
}

/// Entra ID of a cloud, its CA trusted for this account alone.
fn client_options(cloud: &Cloud) -> Result<ClientOptions, SignInError> {
    let set_up = |source| SignInError::SetUp {
        authority: cloud.authority.to_string(),
        source,
    };
    let mut builder = reqwest::Client::builder().timeout(TIMEOUT);
    if let Some(pem) = &cloud.extra_ca_pem {
        for certificate in reqwest::Certificate::from_pem_bundle(pem).map_err(set_up)? {
            builder = builder.add_root_certificate(certificate);
        }
        // A cloud that brings its own CA is beside us, not behind a proxy.
        builder = builder.no_proxy();
    }
    let transport = Transport::new(Arc::new(builder.build().map_err(set_up)?));
    let mut configuration = CustomConfiguration::default();
    configuration.authority_host = cloud.authority.to_string();
    let configuration = Arc::new(CloudConfiguration::Custom(configuration));
    Ok(ClientOptions {
        cloud: Some(configuration),
        transport: Some(transport),
        ..ClientOptions::default()
    })
}
