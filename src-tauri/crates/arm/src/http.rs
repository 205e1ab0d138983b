//! The HTTP client of a cloud: rustls, the platform's trust store plus the cloud's own CA, the system's proxy except for
//! loopback, TLS 1.2 or newer.

use crate::cloud::Cloud;
use crate::error::ArmError;
use std::time::Duration;

/// Longest time to make a connection.
const CONNECT: Duration = Duration::from_secs(15);

/// Builds the client.
pub(crate) fn client(cloud: &Cloud, request_timeout: Duration) -> Result<reqwest::Client, ArmError> {
    let host = host_of(&cloud.arm);
    let set_up = |source| ArmError::SetUp {
        host: host.clone(),
        source,
    };
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("berth/", env!("CARGO_PKG_VERSION")))
        .min_tls_version(reqwest::tls::Version::TLS_1_2)
        .connect_timeout(CONNECT)
        .timeout(request_timeout)
        .redirect(reqwest::redirect::Policy::none());
    if is_loopback(&cloud.arm) {
        builder = builder.no_proxy();
    }
    if let Some(pem) = &cloud.extra_ca_pem {
        for certificate in reqwest::Certificate::from_pem_bundle(pem).map_err(set_up)? {
            builder = builder.add_root_certificate(certificate);
        }
    }
    builder.build().map_err(set_up)
}

/// Host and port, for messages.
pub(crate) fn host_of(url: &url::Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Whether an address is on this computer.
pub(crate) fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
