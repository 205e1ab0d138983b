//! Makes key pairs: self-signed, or issued by a local authority. Requests to other authorities are in
//! [`crate::request`].
//!
//! For internal names and for tests: clients must be configured to trust either. The current time is an argument.

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

/// Default validity of a server certificate in days: the maximum of browsers and systems, 398, less one
/// (support.apple.com/102028).
pub const LEAF_DAYS: u32 = 397;

/// Validity of the root of a local authority in days: ten years.
pub const ROOT_DAYS: u32 = 3652;

/// How far the start of validity is backdated, so that clients with slow clocks accept the certificate.
const BACKDATED: SignedDuration = SignedDuration::from_hours(1);

/// Why a pair could not be made.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    #[error("a certificate needs at least one name")]
    NoName,
    /// The name is not a DNS name or IP address that a certificate can have.
    #[error("{name} is not valid in a certificate")]
    Name {
        name: String,
        /// The error of `rcgen`.
        #[source]
        cause: rcgen::Error,
    },
    /// The number of days is zero or exceeds the calendar.
    #[error("a certificate cannot be valid for {days} days")]
    Days { days: u32 },
    /// The authority has expired, so clients would refuse what it signs.
    #[error("the authority {subject} was valid until {not_after}")]
    AuthorityExpired {
        /// Subject of the authority.
        subject: String,
        /// End of its validity.
        not_after: Timestamp,
    },
    /// The given issuer is not an authority.
    #[error("{subject} is not an authority and cannot sign certificates")]
    NotAnAuthority {
        /// Subject of the issuer.
        subject: String,
    },
    /// The system gave no random numbers.
    #[error("no random numbers are available")]
    Random,
    #[error("the key could not be made")]
    Key(#[source] rcgen::Error),
    /// The authority's key cannot sign.
    #[error("the authority's key cannot sign")]
    AuthorityKey(#[source] rcgen::Error),
    #[error("signing failed")]
    Sign(#[source] rcgen::Error),
    /// The generated pair could not be parsed, which is a defect of Berth.
    #[error("the generated certificate cannot be read")]
    ReadBack,
}

/// Makes a self-signed pair for these names (DNS names, wildcards, IP addresses; the first becomes the common name).
/// Slow for RSA of 4096 bits: call it off the UI threads.
///
/// # Errors
/// An invalid name or number of days, or an error of the library.
pub fn self_signed(names: &[&str], key: KeyKind, days: u32, now: Timestamp) -> Result<Pair, GenerateError> {
    let params = leaf_params(names, key, span(now, days)?)?;
    let key = new_key(key)?;
    let certificate = params.self_signed(&*key).map_err(GenerateError::Sign)?;
    pair(vec![read_back(&certificate)?], &key)
}

/// Makes the root of a local authority. It may sign server certificates only, no other authority.
///
/// # Errors
/// An invalid number of days, or an error of the library.
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

/// Makes a pair issued by an authority, with the authority's chain. Its validity ends with the authority's at the
/// latest.
///
/// # Errors
/// An authority that is none or has expired, an invalid name or number of days, or an error of the library.
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

/// Parameters common to a server certificate and a request for one.
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
    // A common name is limited to 64 characters (RFC 5280, appendix A); clients read the alternative names anyway.
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
        // For TLS 1.2 clients that still use RSA key exchange.
        params.key_usages.push(KeyUsagePurpose::KeyEncipherment);
    }
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(params)
}

/// Start and end of validity, in whole seconds.
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

/// 127 random bits, positive, with a non-zero first byte.
fn serial() -> Result<SerialNumber, GenerateError> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| GenerateError::Random)?;
    bytes[0] = bytes[0] & 0x3f | 0x40;
    Ok(SerialNumber::from_slice(&bytes))
}

/// A key that is zeroized on drop.
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

/// The key in the form that is stored.
pub(crate) fn private(key: &KeyPair) -> Result<PrivateKey, GenerateError> {
    debug_assert!(!key.der_bytes().is_empty());
    let der = Zeroizing::new(key.serialized_der().to_vec());
    PrivateKey::read(KeyForm::Pkcs8, der).map_err(|_| GenerateError::ReadBack)
}
