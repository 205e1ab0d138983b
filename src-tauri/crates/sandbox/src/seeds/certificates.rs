//! Certificates as people bring them along: self-signed here, with the dates a story needs.

use crate::error::SandboxError;
use rcgen::{CertificateParams, DnType, KeyPair};
use time::{Duration, OffsetDateTime};

/// A certificate for a name, PEM, and its key; it ended or will end so many days from now.
pub(super) fn ending_in(days: i64, name: &str) -> Result<(String, String), SandboxError> {
    let failed = |source| SandboxError::Certificate {
        what: "certificate of a seed",
        source,
    };
    let key = KeyPair::generate().map_err(failed)?;
    let mut params = CertificateParams::new(vec![name.to_string()]).map_err(failed)?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_after = OffsetDateTime::now_utc() + Duration::days(days);
    params.not_before = params.not_after - Duration::days(365);
    let cert = params.self_signed(&key).map_err(failed)?;
    Ok((cert.pem(), key.serialize_pem()))
}
