//! Certificates that customers bring: self-signed, with the dates that a scenario needs.

use crate::error::SandboxError;
use rcgen::{CertificateParams, DnType, KeyPair};
use time::{Duration, OffsetDateTime};

/// A certificate for a name and its key, both PEM; it ends in this many days, or ended if negative.
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
