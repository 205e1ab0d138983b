//! PKCS#12 files (`.pfx`, `.p12`; RFC 7292), read by `p12-keystore`.
//!
//! Only the certificates and keys are taken; what belongs together is determined by the key and the signatures. BER
//! files (which NSS writes) are converted to DER first. Unsupported, because the crate does not support them: RC4, RC2
//! with 128 bits, triple DES with two keys, PBMAC1, and MACs by signature.

use crate::ber;
use crate::der::{self, OCTET_STRING, OID, SEQUENCE};
use crate::key::KeyForm;
use crate::locked::{Refused, TOO_LONG};
use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error;
use rustls_pki_types::CertificateDer;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

/// Maximum size of a PKCS#12 file in bytes: twice that of a chain of 64 certificates. Each bag may demand a million
/// rounds of derivation, so their number is limited.
const MAX_BYTES: usize = 192 * 1024;

/// Object identifiers of unsupported schemes, with their names.
const UNREAD: &[(&str, &[u8])] = &[
    (
        "pbeWithSHAAnd128BitRC4",
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x01],
    ),
    (
        "pbeWithSHAAnd40BitRC4",
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x02],
    ),
    (
        "pbeWithSHAAnd2-KeyTripleDES-CBC",
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x04],
    ),
    (
        "pbeWithSHAAnd128BitRC2-CBC",
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x05],
    ),
    ("scrypt", SCRYPT),
    ("PBMAC1", &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0e]),
];

/// No program writes PKCS#12 with it, and one of its costs makes `pkcs5` 0.8 panic.
const SCRYPT: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b];

/// Object identifiers on the way to the contents.
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const SHROUDED_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02];
const CONTEXT_0: u8 = der::CONTEXT_0;

/// The contents of a file.
pub(crate) struct Opened {
    pub(crate) certificates: Vec<CertificateDer<'static>>,
    pub(crate) keys: Vec<(KeyForm, Zeroizing<Vec<u8>>)>,
}

/// Opens a file. Without a passphrase the empty one is tried, as most programs do.
pub(crate) fn open(bytes: &[u8], passphrase: Option<&SecretString>) -> Result<Opened, Refused> {
    if bytes.len() > MAX_BYTES {
        return Err(Refused::Damaged);
    }
    if holds(bytes, SCRYPT) {
        return Err(Refused::Unsupported("scrypt".to_owned()));
    }
    let passphrase = passphrase.map_or("", |passphrase| passphrase.expose_secret());
    let archive = match open_der(bytes, passphrase) {
        Err(Refused::Damaged) => open_ber(bytes, passphrase)?,
        other => other?,
    };
    let certificates = archive
        .certs
        .iter()
        .map(|bag| CertificateDer::from(bag.cert.as_der().to_vec()))
        .collect();
    let keys = archive
        .keys
        .iter()
        .map(|bag| (KeyForm::Pkcs8, Zeroizing::new(bag.key.as_der().to_vec())))
        .collect();
    Ok(Opened { certificates, keys })
}

fn open_der(bytes: &[u8], passphrase: &str) -> Result<Pkcs12Archive, Refused> {
    // Only the library sees the encrypted content. A panic there means that the file is damaged.
    let read = std::panic::catch_unwind(|| Pkcs12Archive::from_pkcs12(bytes, passphrase));
    read.map_err(|_| Refused::Damaged)?
        .map_err(|error| refused(bytes, &error))
}

/// Opens a file that is not DER, in whole or in part. Its MAC covers the original encoding, so it is verified first
/// and then removed.
fn open_ber(bytes: &[u8], passphrase: &str) -> Result<Pkcs12Archive, Refused> {
    let whole = ber::definite(bytes).ok_or(Refused::Damaged)?;
    if *whole != bytes {
        match open_der(&whole, passphrase) {
            Err(Refused::Damaged) => {}
            other => return other,
        }
    }
    let written = authenticated_safe(&whole).ok_or(Refused::Damaged)?;
    let safe = ber::definite(written).ok_or(Refused::Damaged)?;
    // Already DER: the error of the library stands.
    if *safe == written {
        return Err(Refused::Damaged);
    }
    open_der(&pfx(&safe), passphrase)
}

/// The data that the MAC of a file covers.
fn authenticated_safe(file: &[u8]) -> Option<&[u8]> {
    let file = der::tagged(file, SEQUENCE)?.contents;
    let version = der::tagged(file, der::INTEGER)?;
    let kind = der::tagged(der::tagged(version.rest, SEQUENCE)?.contents, OID)?;
    let data = der::tagged(der::tagged(kind.rest, CONTEXT_0)?.contents, OCTET_STRING)?;
    (kind.contents == DATA).then_some(data.contents)
}

/// Opens an encrypted PKCS#8 key with a PKCS#12 scheme, by wrapping it in a file of its own.
pub(crate) fn open_key(whole: &[u8], passphrase: &SecretString) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let bag = element(
        SEQUENCE,
        &[&element(OID, &[SHROUDED_KEY]), &element(CONTEXT_0, &[whole])],
    );
    let inner = data(&element(SEQUENCE, &[&bag]));
    let file = pfx(&element(SEQUENCE, &[&inner]));
    let opened = open(&file, Some(passphrase)).map_err(|refused| match refused {
        // The wrapping is ours and has no MAC, so a wrong result means a wrong passphrase.
        Refused::Damaged => Refused::Wrong,
        other => other,
    })?;
    let key = opened.keys.into_iter().next().map(|(_, key)| key);
    key.ok_or(Refused::Damaged)
}

fn refused(bytes: &[u8], error: &Error) -> Refused {
    match error {
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => Refused::Wrong,
        Error::UnsupportedEncryptionScheme
        | Error::UnsupportedMacAlgorithm
        | Error::UnsupportedContentType
        | Error::UnsupportedCertificateType => Refused::Unsupported(unread(bytes)),
        Error::InvalidParameters => Refused::Unsupported(TOO_LONG.to_owned()),
        _ => Refused::Damaged,
    }
}

/// Name of the first unsupported scheme in a file.
fn unread(bytes: &[u8]) -> String {
    let known = UNREAD.iter().find(|(_, oid)| holds(bytes, oid));
    known.map_or("PKCS#12", |(name, _)| *name).to_owned()
}

fn holds(bytes: &[u8], oid: &[u8]) -> bool {
    bytes.windows(oid.len()).any(|window| window == oid)
}

/// Builds a file without a MAC.
fn pfx(authenticated_safe: &[u8]) -> Vec<u8> {
    element(SEQUENCE, &[&[der::INTEGER, 1, 3], &data(authenticated_safe)])
}

/// ContentInfo of plain data (RFC 5652, section 4).
fn data(contents: &[u8]) -> Vec<u8> {
    let octets = element(OCTET_STRING, &[contents]);
    element(
        SEQUENCE,
        &[&element(OID, &[DATA]), &element(CONTEXT_0, &[&octets])],
    )
}

fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(length + 6);
    der::push_header(&mut out, tag, length);
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}
