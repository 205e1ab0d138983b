//! Certificates: the sandbox's own CA, generated at first start, and the leaves it issues.

use crate::error::SandboxError;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, SanType, SerialNumber,
};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;
use time::{Duration, OffsetDateTime};

const AUTHORITY_DAYS: i64 = 3650;
/// Days a leaf is valid: less than the 398 that clients accept.
const LEAF_DAYS: i64 = 365;

/// A certificate (leaf first, then its issuers) and its key, both PEM.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PemPair {
    pub(crate) cert: String,
    /// PKCS#8.
    pub(crate) key: String,
}

impl fmt::Debug for PemPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PemPair")
            .field("cert", &self.cert)
            .finish_non_exhaustive()
    }
}

/// What a leaf is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// A server: `names` are its DNS names and addresses.
    Server,
    /// A client: the first name is its common name.
    Client,
}

/// A certificate authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Authority {
    pair: PemPair,
}

impl Authority {
    /// Generates an authority with an ECDSA P-256 key.
    pub(crate) fn generate(name: &str) -> Result<Self, SandboxError> {
        let failed = |source| SandboxError::Certificate {
            what: "certificate authority",
            source,
        };
        let key = KeyPair::generate().map_err(failed)?;
        let mut params = dated(AUTHORITY_DAYS);
        params.distinguished_name = named(name, None);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![
            KeyUsagePurpose::KeyCertSign,
            KeyUsagePurpose::CrlSign,
            KeyUsagePurpose::DigitalSignature,
        ];
        let cert = params.self_signed(&key).map_err(failed)?;
        Ok(Self {
            pair: PemPair {
                cert: cert.pem(),
                key: key.serialize_pem(),
            },
        })
    }

    pub(crate) fn of(pair: PemPair) -> Self {
        Self { pair }
    }

    pub(crate) fn pair(&self) -> &PemPair {
        &self.pair
    }

    pub(crate) fn cert_pem(&self) -> &str {
        &self.pair.cert
    }

    /// Issues a leaf; Kubernetes reads groups such as `system:masters` from `organization`.
    ///
    /// # Errors
    /// When the key or certificate cannot be generated, or a name is not a DNS name.
    pub(crate) fn issue(
        &self,
        names: &[&str],
        organization: Option<&str>,
        purpose: Use,
    ) -> Result<PemPair, SandboxError> {
        self.issue_for(LEAF_DAYS, names, organization, purpose)
    }

    /// Issues a leaf that is valid for this many days.
    ///
    /// # Errors
    /// As for [`Self::issue`].
    pub(crate) fn issue_for(
        &self,
        days: i64,
        names: &[&str],
        organization: Option<&str>,
        purpose: Use,
    ) -> Result<PemPair, SandboxError> {
        let failed = |source| SandboxError::Certificate {
            what: "certificate",
            source,
        };
        let authority_key = KeyPair::from_pem(&self.pair.key).map_err(failed)?;
        let issuer = Issuer::from_ca_cert_pem(&self.pair.cert, authority_key).map_err(failed)?;
        let key = KeyPair::generate().map_err(failed)?;
        let mut params = dated(days);
        params.distinguished_name = named(names.first().copied().unwrap_or("berth"), organization);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        match purpose {
            Use::Server => {
                params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
                let sans: Result<Vec<SanType>, rcgen::Error> =
                    names.iter().map(|name| alternative(name)).collect();
                params.subject_alt_names = sans.map_err(failed)?;
            }
            Use::Client => params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth],
        }
        let cert = params.signed_by(&key, &issuer).map_err(failed)?;
        Ok(PemPair {
            cert: format!("{}{}", cert.pem(), self.pair.cert),
            key: key.serialize_pem(),
        })
    }
}

fn alternative(name: &str) -> Result<SanType, rcgen::Error> {
    match name.parse::<IpAddr>() {
        Ok(address) => Ok(SanType::IpAddress(address)),
        Err(_) => Ok(SanType::DnsName(name.try_into()?)),
    }
}

fn dated(days: i64) -> CertificateParams {
    let now = OffsetDateTime::now_utc();
    let mut params = CertificateParams::default();
    // An hour back, for clients whose clock is slow.
    params.not_before = now - Duration::hours(1) - Duration::days((LEAF_DAYS - days).max(0));
    // An extra hour, so that the number of days left is still right a moment later.
    params.not_after = now + Duration::days(days) + Duration::hours(1);
    params.serial_number = Some(SerialNumber::from_slice(&serial()));
    params
}

/// Sixteen random bytes, positive and without a leading zero, as RFC 5280 requires of serial numbers.
fn serial() -> [u8; 16] {
    let mut bytes: [u8; 16] = rand::random();
    bytes[0] = (bytes[0] & 0x7f) | 0x01;
    bytes
}

fn named(common: &str, organization: Option<&str>) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    if let Some(organization) = organization {
        name.push(DnType::OrganizationName, organization);
    }
    name.push(DnType::CommonName, common);
    name
}

impl PemPair {
    /// The chain and the key in rustls's types.
    ///
    /// # Errors
    /// When the PEM contains no certificate or no key.
    pub(crate) fn der(
        &self,
    ) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), rustls::Error> {
        let broken = |what: &str| rustls::Error::General(format!("the PEM text holds no {what}"));
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(self.cert.as_bytes()).collect();
        let chain = chain
            .ok()
            .filter(|chain| !chain.is_empty())
            .ok_or_else(|| broken("certificate"))?;
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes()).map_err(|_| broken("key"))?;
        Ok((chain, key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use x509_parser::prelude::*;

    #[test]
    fn a_leaf_names_its_hosts_and_is_signed_by_the_authority() {
        let authority = Authority::generate("Berth sandbox").unwrap();
        let pair = authority
            .issue(&["localhost", "127.0.0.1"], None, Use::Server)
            .unwrap();
        let (chain, _) = pair.der().unwrap();
        let (_, leaf) = X509Certificate::from_der(&chain[0]).unwrap();
        let (_, root) = X509Certificate::from_der(&chain[1]).unwrap();
        assert!(leaf.verify_signature(Some(root.public_key())).is_ok());
        let names = leaf.subject_alternative_name().unwrap().unwrap();
        assert_eq!(names.value.general_names.len(), 2);
        assert!(root.is_ca() && !leaf.is_ca());
    }

    #[test]
    fn a_saved_authority_can_issue() {
        let authority = Authority::of(Authority::generate("Berth sandbox").unwrap().pair().clone());
        let pair = authority
            .issue(&["masterclient"], Some("system:masters"), Use::Client)
            .unwrap();
        let (chain, _) = pair.der().unwrap();
        let (_, leaf) = X509Certificate::from_der(&chain[0]).unwrap();
        assert_eq!(leaf.subject().to_string(), "O=system:masters, CN=masterclient");
    }
}
