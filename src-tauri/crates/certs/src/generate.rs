//! Pairs that Berth makes: a certificate that signs itself, or a small authority with certificates below it. Requests for
//! another authority are in [`crate::request`].
//!
//! For internal names and for trying things out: no public client trusts either until it is told to. The moment comes in
//! from outside.

use crate::certificate::Certificate;
use crate::key::{KeyForm, PrivateKey};
use crate::pair::Pair;
use berth_domain::spec::KeyKind;
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256, PublicKeyData,
    RsaKeySize, SerialNumber,
};
use time::OffsetDateTime;
use zeroize::{Zeroize, Zeroizing};

/// Days a certificate of a server is valid unless stated otherwise: what browsers and systems take at most, 398, less one
/// (support.apple.com/102028).
pub const LEAF_DAYS: u32 = 397;

/// Days the root of a local authority is valid: ten years.
pub const ROOT_DAYS: u32 = 3652;

/// Certificates begin this much before the moment they are made, so that a clock that is slow does not refuse them.
const BACKDATED: SignedDuration = SignedDuration::from_hours(1);

/// Why a pair could not be made.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// No name was given.
    #[error("a certificate needs at least one name")]
    NoName,
    /// Not a DNS name or IP address that a certificate can hold.
    #[error("{name} cannot stand in a certificate")]
    Name {
        /// The name.
        name: String,
        /// What `rcgen` says.
        #[source]
        cause: rcgen::Error,
    },
    /// No days, or more than a calendar has.
    #[error("a certificate cannot be valid for {days} days")]
    Days {
        /// The days asked for.
        days: u32,
    },
    /// The authority has expired, so whatever it signs is refused.
    #[error("the authority {subject} was valid until {not_after}")]
    AuthorityExpired {
        /// Its subject.
        subject: String,
        /// Its last moment.
        not_after: Timestamp,
    },
    /// The pair that should sign is not an authority.
    #[error("{subject} is not an authority and cannot sign certificates")]
    NotAnAuthority {
        /// Its subject.
        subject: String,
    },
    /// The system gave no random numbers.
    #[error("no random numbers could be had")]
    Random,
    /// The key could not be made.
    #[error("making the key failed")]
    Key(#[source] rcgen::Error),
    /// The key of the authority is of a kind that cannot sign here.
    #[error("the authority's key cannot sign")]
    AuthorityKey(#[source] rcgen::Error),
    /// Signing failed.
    #[error("signing failed")]
    Sign(#[source] rcgen::Error),
    /// What was made could not be read back. A defect of this program.
    #[error("the certificate that was made cannot be read")]
    ReadBack,
}

/// Makes a pair that signs itself, for these names (DNS names, wildcards, IP addresses; the first becomes the common
/// name). RSA of 4096 bits takes seconds: call it off the threads that serve the window.
///
/// # Errors
/// A name or a number of days that cannot be, or a failing library.
pub fn self_signed(names: &[&str], key: KeyKind, days: u32, now: Timestamp) -> Result<Pair, GenerateError> {
    let params = leaf_params(names, key, span(now, days)?)?;
    let key = new_key(key)?;
    let certificate = params.self_signed(&*key).map_err(GenerateError::Sign)?;
    pair(vec![read_back(&certificate)?], &key)
}

/// Makes the root of a local authority. It signs certificates of servers only, never another authority.
///
/// # Errors
/// A number of days that cannot be, or a failing library.
pub fn authority(name: &str, key: KeyKind, days: u32, now: Timestamp) -> Result<Pair, GenerateError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    (params.not_before, params.not_after) = span(now, days)?;
    params.serial_number = Some(serial()?);
    let key = new_key(key)?;
    let certificate = params.self_signed(&*key).map_err(GenerateError::Sign)?;
    pair(vec![read_back(&certificate)?], &key)
}

/// Makes a pair signed by an authority, with the authority's own chain above it. It does not outlive the authority.
///
/// # Errors
/// An authority that is none or has expired, a name or a number of days that cannot be, or a failing library.
pub fn issued_by(
    authority: &Pair,
    names: &[&str],
    key: KeyKind,
    days: u32,
    now: Timestamp,
) -> Result<Pair, GenerateError> {
    let root = authority.leaf();
    if !root.is_authority {
        return Err(GenerateError::NotAnAuthority {
            subject: root.subject.clone(),
        });
    }
    if root.not_after <= now {
        let (subject, not_after) = (root.subject.clone(), root.not_after);
        return Err(GenerateError::AuthorityExpired { subject, not_after });
    }
    let (begin, end) = span(now, days)?;
    let mut params = leaf_params(names, key, (begin, end.min(moment(root.not_after))))?;
    params.use_authority_key_identifier_extension = true;
    let signing = KeyPair::try_from(authority.key().pkcs8()).map_err(GenerateError::AuthorityKey)?;
    let signing = Wiped(signing);
    let issuer = Issuer::from_ca_cert_der(&root.der, &*signing).map_err(GenerateError::AuthorityKey)?;
    let key = new_key(key)?;
    let certificate = params.signed_by(&*key, &issuer).map_err(GenerateError::Sign)?;
    let mut chain = vec![read_back(&certificate)?];
    chain.extend(authority.certificates().cloned());
    pair(chain, &key)
}

fn leaf_params(
    names: &[&str],
    key: KeyKind,
    (not_before, not_after): (OffsetDateTime, OffsetDateTime),
) -> Result<CertificateParams, GenerateError> {
    let mut params = server_params(names, key)?;
    (params.not_before, params.not_after) = (not_before, not_after);
    params.serial_number = Some(serial()?);
    Ok(params)
}

/// What a certificate of a server and a request for one have in common.
pub(crate) fn server_params(names: &[&str], key: KeyKind) -> Result<CertificateParams, GenerateError> {
    let names: Vec<&str> = names
        .iter()
        .map(|name| name.trim())
        .filter(|name| !name.is_empty())
        .collect();
    let first = *names.first().ok_or(GenerateError::NoName)?;
    let mut params = CertificateParams::default();
    for name in &names {
        let one = CertificateParams::new([(*name).to_owned()]).map_err(|cause| GenerateError::Name {
            name: (*name).to_owned(),
            cause,
        })?;
        params.subject_alt_names.extend(one.subject_alt_names);
    }
    params.distinguished_name = rcgen::DistinguishedName::new();
    // A common name holds 64 characters (RFC 5280, appendix A); clients read the alternative names anyway.
    if first.len() <= 64 {
        params.distinguished_name.push(DnType::CommonName, first);
    } else {
        params
            .distinguished_name
            .push(DnType::CommonName, "Scoring endpoint");
    }
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    if matches!(key, KeyKind::Rsa2048 | KeyKind::Rsa3072 | KeyKind::Rsa4096) {
        // For TLS 1.2 clients that still exchange keys by RSA.
        params.key_usages.push(KeyUsagePurpose::KeyEncipherment);
    }
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(params)
}

/// First and last moment. Certificates know whole seconds.
fn span(now: Timestamp, days: u32) -> Result<(OffsetDateTime, OffsetDateTime), GenerateError> {
    let refused = GenerateError::Days { days };
    let end = now.checked_add(SignedDuration::from_hours(24 * i64::from(days)));
    match (now.checked_sub(BACKDATED), end) {
        (Ok(begin), Ok(end)) if days > 0 => Ok((moment(begin), moment(end))),
        _ => Err(refused),
    }
}

fn moment(timestamp: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(timestamp.as_second()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// 127 random bits, positive, with a first byte that is not zero.
fn serial() -> Result<SerialNumber, GenerateError> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| GenerateError::Random)?;
    bytes[0] = bytes[0] & 0x3f | 0x40;
    Ok(SerialNumber::from_slice(&bytes))
}

/// A key that is wiped when it goes.
pub(crate) struct Wiped(KeyPair);

impl std::ops::Deref for Wiped {
    type Target = KeyPair;

    fn deref(&self) -> &KeyPair {
        &self.0
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

pub(crate) fn new_key(kind: KeyKind) -> Result<Wiped, GenerateError> {
    let rsa = |size| KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, size);
    match kind {
        KeyKind::EcdsaP256 => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256),
        KeyKind::EcdsaP384 => KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384),
        KeyKind::Rsa2048 => rsa(RsaKeySize::_2048),
        KeyKind::Rsa3072 => rsa(RsaKeySize::_3072),
        KeyKind::Rsa4096 => rsa(RsaKeySize::_4096),
    }
    .map(Wiped)
    .map_err(GenerateError::Key)
}

fn read_back(certificate: &rcgen::Certificate) -> Result<Certificate, GenerateError> {
    Certificate::read(certificate.der().clone()).ok_or(GenerateError::ReadBack)
}

fn pair(certificates: Vec<Certificate>, key: &KeyPair) -> Result<Pair, GenerateError> {
    Pair::new(certificates, private(key)?).ok_or(GenerateError::ReadBack)
}

/// The key as it is kept.
pub(crate) fn private(key: &KeyPair) -> Result<PrivateKey, GenerateError> {
    debug_assert!(!key.der_bytes().is_empty());
    let der = Zeroizing::new(key.serialized_der().to_vec());
    PrivateKey::read(KeyForm::Pkcs8, der).map_err(|_| GenerateError::ReadBack)
}
