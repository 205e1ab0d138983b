//! The client.

use reqwest::redirect::Policy;
use reqwest::tls::Version;
use reqwest::{Certificate, Client, ClientBuilder};
use std::time::Duration;

/// Longest time to make a connection.
pub const CONNECT: Duration = Duration::from_secs(15);

/// How a client differs from the others.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// Certificates (PEM) that this client trusts beside those of the system.
    pub extra_ca_pem: Option<&'a [u8]>,
    /// Connects without the system's proxy.
    pub direct: bool,
    /// Longest time for one request, its body included.
    pub timeout: Duration,
}

/// Why a client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The extra certificates cannot be read.
    #[error("the extra certificates cannot be read")]
    Unreadable(#[source] reqwest::Error),
    /// There is none in what was given.
    #[error("there is no PEM certificate in the extra certificates")]
    NoCertificate,
    /// The TLS library refused.
    #[error("TLS could not be set up")]
    Tls(#[source] reqwest::Error),
}

/// Makes a client.
///
/// # Errors
/// [`SetUpError`].
pub fn client(settings: Settings<'_>) -> Result<Client, SetUpError> {
    let mut builder = bounded(settings.timeout).https_only(true);
    if let Some(pem) = settings.extra_ca_pem {
        let certificates = Certificate::from_pem_bundle(pem).map_err(SetUpError::Unreadable)?;
        if certificates.is_empty() {
            return Err(SetUpError::NoCertificate);
        }
        builder = builder.tls_certs_merge(certificates);
    }
    if settings.direct {
        builder = builder.no_proxy();
    }
    builder.build().map_err(SetUpError::Tls)
}

/// Makes a client for the metadata service of an Azure machine, which answers in clear text on a link-local address
/// (learn.microsoft.com/azure/virtual-machines/instance-metadata-service) and must not be asked through a proxy.
///
/// # Errors
/// [`SetUpError`].
pub fn metadata_client(timeout: Duration) -> Result<Client, SetUpError> {
    bounded(timeout).no_proxy().build().map_err(SetUpError::Tls)
}

fn bounded(timeout: Duration) -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("berth/", env!("CARGO_PKG_VERSION")))
        .tls_version_min(Version::TLS_1_2)
        .connect_timeout(CONNECT)
        .timeout(timeout)
        .redirect(Policy::none())
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
}
