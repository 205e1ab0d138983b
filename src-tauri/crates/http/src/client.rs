//! Builds the HTTP client.

use reqwest::redirect::Policy;
use reqwest::tls::Version;
use reqwest::{Certificate, Client, ClientBuilder};
use std::net::Ipv4Addr;
use std::time::Duration;

/// Limit on making a connection.
pub const CONNECT: Duration = Duration::from_secs(15);

#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// Additional certificates (PEM) to trust.
    pub extra_ca_pem: Option<&'a [u8]>,
    /// Ignores the system's proxy.
    pub direct: bool,
    /// Limit on a request, including its body.
    pub timeout: Duration,
    /// A host name that means this computer, whatever the resolver says. Names below `.localhost` do (RFC 6761), but not
    /// every resolver knows that.
    pub loopback: Option<&'a str>,
}

/// Why a client could not be built.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The additional certificates cannot be parsed.
    #[error("the additional certificates cannot be parsed")]
    Unreadable(#[source] reqwest::Error),
    /// The additional certificates are empty.
    #[error("the additional certificates contain no PEM certificate")]
    NoCertificate,
    #[error("TLS could not be set up")]
    Tls(#[source] reqwest::Error),
}

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
    if let Some(host) = settings.loopback {
        // The port is that of the address.
        builder = builder.resolve(host, (Ipv4Addr::LOCALHOST, 0).into());
    }
    builder.build().map_err(SetUpError::Tls)
}

/// Builds a client for the metadata service of an Azure machine, which answers in clear text on a link-local address
/// (learn.microsoft.com/azure/virtual-machines/instance-metadata-service) and must not be reached through a proxy.
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
