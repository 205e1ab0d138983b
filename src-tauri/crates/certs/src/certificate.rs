//! An X.509 certificate, parsed once into what the checks need.

use crate::key::{PublicPart, encode_pem};
use crate::signing::{Scheme, Verified};
use jiff::Timestamp;
use rustls_pki_types::CertificateDer;
use sha2::{Digest, Sha256};
use std::net::{Ipv4Addr, Ipv6Addr};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Certificate {
    pub(crate) der: CertificateDer<'static>,
    pub(crate) subject: String,
    pub(crate) issuer: String,
    /// Subject as encoded in the DER.
    pub(crate) subject_der: Vec<u8>,
    /// Issuer as encoded in the DER.
    pub(crate) issuer_der: Vec<u8>,
    pub(crate) common_name: Option<String>,
    pub(crate) dns_names: Vec<String>,
    /// IP addresses of the subject alternative names, as text.
    pub(crate) ip_addresses: Vec<String>,
    pub(crate) serial: String,
    pub(crate) not_before: Timestamp,
    pub(crate) not_after: Timestamp,
    pub(crate) public: PublicPart,
    pub(crate) scheme: Scheme,
    signed_part: Vec<u8>,
    signature: Vec<u8>,
    /// Basic constraints mark it as an authority.
    pub(crate) is_authority: bool,
    /// Extended key usage allows server authentication; `None` when it is absent.
    pub(crate) server_auth: Option<bool>,
    pub(crate) sha256: String,
}

impl Certificate {
    /// Parses a certificate; `None` when the bytes are not exactly one X.509 certificate.
    pub(crate) fn read(der: CertificateDer<'static>) -> Option<Self> {
        let (rest, parsed) = X509Certificate::from_der(&der).ok()?;
        if !rest.is_empty() {
            return None;
        }
        let names = Names::of(&parsed);
        let common_name = parsed
            .subject()
            .iter_common_name()
            .next()
            .and_then(|name| name.as_str().ok())
            .map(str::to_owned);
        let certificate = Self {
            subject: parsed.subject().to_string(),
            issuer: parsed.issuer().to_string(),
            subject_der: parsed.subject().as_raw().to_vec(),
            issuer_der: parsed.issuer().as_raw().to_vec(),
            common_name,
            dns_names: names.dns,
            ip_addresses: names.ip,
            serial: hex(parsed.raw_serial()),
            not_before: timestamp(parsed.validity().not_before),
            not_after: timestamp(parsed.validity().not_after),
            public: PublicPart::of_certificate(parsed.public_key()),
            scheme: Scheme::of(&parsed.signature_algorithm),
            signed_part: parsed.tbs_certificate.as_ref().to_vec(),
            signature: parsed.signature_value.data.to_vec(),
            is_authority: parsed.is_ca(),
            server_auth: server_auth(&parsed),
            sha256: hex(&Sha256::digest(&der)),
            der: CertificateDer::from(Vec::new()),
        };
        Some(Self { der, ..certificate })
    }

    /// Whether the subject of the other certificate is this one's issuer.
    pub(crate) fn names_as_issuer(&self, issuer: &Self) -> bool {
        self.issuer_der == issuer.subject_der
    }

    /// Whether the key of the other certificate made this one's signature.
    pub(crate) fn verify_with(&self, issuer: &Self) -> Verified {
        self.verify_with_key(&issuer.public)
    }

    /// Whether this key made the signature.
    pub(crate) fn verify_with_key(&self, key: &PublicPart) -> Verified {
        self.scheme.verify(key, &self.signed_part, &self.signature)
    }

    /// Whether it is self-signed, as a root is.
    pub(crate) fn is_self_signed(&self) -> bool {
        self.names_as_issuer(self) && self.verify_with(self) != Verified::No
    }

    /// Encodes it as a PEM block.
    pub(crate) fn pem(&self) -> String {
        encode_pem("CERTIFICATE", &self.der)
    }
}

#[derive(Default)]
struct Names {
    dns: Vec<String>,
    ip: Vec<String>,
}

impl Names {
    fn of(certificate: &X509Certificate<'_>) -> Self {
        let mut names = Self::default();
        for extension in certificate.iter_extensions() {
            let ParsedExtension::SubjectAlternativeName(alternative) = extension.parsed_extension() else {
                continue;
            };
            for name in &alternative.general_names {
                if let GeneralName::DNSName(dns) = name {
                    names.dns.push((*dns).to_owned());
                }
                if let GeneralName::IPAddress(bytes) = name {
                    names.ip.extend(ip_text(bytes));
                }
            }
        }
        names
    }
}

fn ip_text(bytes: &[u8]) -> Option<String> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(Ipv4Addr::from(four).to_string());
    }
    <[u8; 16]>::try_from(bytes)
        .ok()
        .map(|sixteen| Ipv6Addr::from(sixteen).to_string())
}

fn server_auth(certificate: &X509Certificate<'_>) -> Option<bool> {
    certificate
        .iter_extensions()
        .find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::ExtendedKeyUsage(usage) => Some(usage.server_auth || usage.any),
            _ => None,
        })
}

/// "No expiry" is encoded as 9999-12-31T23:59:59Z (RFC 5280, section 4.1.2.5), a day past the last moment of `jiff`.
fn timestamp(time: ASN1Time) -> Timestamp {
    let seconds = time.timestamp();
    Timestamp::from_second(seconds).unwrap_or(if seconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}
