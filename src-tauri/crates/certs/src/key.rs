//! Private keys, and the public part by which a key and a certificate are matched.
//!
//! Keys of any form are stored as PKCS#8: one form for the vault and for Azure ML, whose front end is documented with
//! `PRIVATE KEY` and `RSA PRIVATE KEY` only (learn.microsoft.com/azure/machine-learning/v1/how-to-secure-web-service).

use crate::certificate::hex;
use crate::der::{self, CONTEXT_0, INTEGER, OCTET_STRING, OID, SEQUENCE, oid};
use aws_lc_rs::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::{Digest, Sha256};
use std::fmt;
use x509_parser::public_key::{PublicKey, RSAPublicKey};
use x509_parser::x509::SubjectPublicKeyInfo;
use zeroize::Zeroizing;

/// An unencrypted private key. Zeroized on drop; `Debug` shows only its public part.
pub(crate) struct PrivateKey {
    pkcs8: SecretBox<Vec<u8>>,
    pub(crate) public: PublicPart,
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey")
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}

/// Why a decoded block is no usable key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum KeyRejected {
    /// The structure or the numbers are invalid.
    Unreadable,
    /// A kind of key that TLS servers do not use.
    Unsupported(String),
}

/// The PEM form of a key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum KeyForm {
    Pkcs8,
    Pkcs1,
    Sec1,
}

impl PrivateKey {
    /// Reads a key and checks that its numbers match.
    pub(crate) fn read(form: KeyForm, der: Zeroizing<Vec<u8>>) -> Result<Self, KeyRejected> {
        let mut pkcs8 = match form {
            KeyForm::Pkcs8 => der,
            KeyForm::Pkcs1 => wrapped(oid::RSA, &[0x05, 0x00], &der),
            KeyForm::Sec1 => {
                let curve = sec1_curve(&der).ok_or(KeyRejected::Unreadable)?;
                let mut parameters = Vec::with_capacity(2 + curve.len());
                der::push_header(&mut parameters, OID, curve.len());
                parameters.extend_from_slice(curve);
                wrapped(oid::EC, &parameters, &der)
            }
        };
        let public = public_of(&pkcs8)?;
        let pkcs8 = std::mem::take(&mut *pkcs8);
        Ok(Self {
            pkcs8: SecretBox::new(Box::new(pkcs8)),
            public,
        })
    }

    pub(crate) fn pkcs8(&self) -> &[u8] {
        self.pkcs8.expose_secret()
    }

    /// The key as PEM, `PRIVATE KEY`.
    pub(crate) fn pem(&self) -> SecretString {
        // Built in one allocation, which the secret then owns.
        SecretString::from(encode_pem("PRIVATE KEY", self.pkcs8()).into_boxed_str())
    }
}

/// Writes a PEM block with lines of 64 characters and `
/// `, in one allocation.
pub(crate) fn encode_pem(label: &str, der: &[u8]) -> String {
    let base64 = Zeroizing::new(BASE64_STANDARD.encode(der));
    let length = base64.len() + base64.len().div_ceil(64) + 2 * label.len() + 32;
    let mut text = String::with_capacity(length);
    text.extend(["-----BEGIN ", label, "-----\n"]);
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        text.extend([line, "\n"]);
        rest = after;
    }
    text.extend(["-----END ", label, "-----\n"]);
    debug_assert_eq!(text.len(), length, "one allocation of the exact size");
    text
}

/// Wraps a PKCS#1 or SEC 1 key in PrivateKeyInfo (RFC 5958).
fn wrapped(algorithm: &[u8], parameters: &[u8], key: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut identifier = Vec::with_capacity(32);
    der::push_header(&mut identifier, OID, algorithm.len());
    identifier.extend_from_slice(algorithm);
    identifier.extend_from_slice(parameters);
    let version = [INTEGER, 1, 0];
    let inside = version.len()
        + der::header_length(identifier.len())
        + identifier.len()
        + der::header_length(key.len())
        + key.len();
    let mut out = Zeroizing::new(Vec::with_capacity(inside + 8));
    der::push_header(&mut out, SEQUENCE, inside);
    out.extend_from_slice(&version);
    der::push_header(&mut out, SEQUENCE, identifier.len());
    out.extend_from_slice(&identifier);
    der::push_header(&mut out, OCTET_STRING, key.len());
    out.extend_from_slice(key);
    out
}

/// The curve of an ECPrivateKey (RFC 5915); without the optional parameters, derived from the length of the number.
fn sec1_curve(der: &[u8]) -> Option<&[u8]> {
    let outer = der::tagged(der, SEQUENCE)?;
    let version = der::tagged(outer.contents, INTEGER)?;
    let number = der::tagged(version.rest, OCTET_STRING)?;
    match der::tagged(number.rest, CONTEXT_0) {
        Some(parameters) => der::tagged(parameters.contents, OID).map(|found| found.contents),
        None => match number.contents.len() {
            32 => Some(oid::P256),
            48 => Some(oid::P384),
            66 => Some(oid::P521),
            _ => None,
        },
    }
}

/// The public part of a PKCS#8 key, after checking the key.
fn public_of(pkcs8: &[u8]) -> Result<PublicPart, KeyRejected> {
    let parts = || {
        let outer = der::tagged(pkcs8, SEQUENCE)?;
        let version = der::tagged(outer.contents, INTEGER)?;
        let identifier = der::tagged(version.rest, SEQUENCE)?;
        let key = der::tagged(identifier.rest, OCTET_STRING)?;
        let algorithm = der::tagged(identifier.contents, OID)?;
        Some((algorithm.contents, algorithm.rest, key.contents))
    };
    let (algorithm, parameters, key) = parts().ok_or(KeyRejected::Unreadable)?;
    match algorithm {
        oid::RSA => rsa_public(pkcs8, key),
        oid::EC => {
            let curve = der::tagged(parameters, OID).ok_or(KeyRejected::Unreadable)?;
            ec_public(pkcs8, curve.contents)
        }
        oid::ED25519 => Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8)
            .map(|pair| PublicPart::Ed25519(pair.public_key().as_ref().to_vec()))
            .map_err(|_| KeyRejected::Unreadable),
        other => Err(KeyRejected::Unsupported(algorithm_name(other))),
    }
}

fn rsa_public(pkcs8: &[u8], key: &[u8]) -> Result<PublicPart, KeyRejected> {
    let numbers = || {
        let outer = der::tagged(key, SEQUENCE)?;
        let version = der::tagged(outer.contents, INTEGER)?;
        let (modulus, rest) = der::unsigned(version.rest)?;
        let (exponent, rest) = der::unsigned(rest)?;
        der::unsigned(rest)?;
        Some((modulus, exponent))
    };
    let (modulus, exponent) = numbers().ok_or(KeyRejected::Unreadable)?;
    // The library refuses short and long keys outright; the caller judges a short one, which is readable.
    if (2048..=8192).contains(&der::bits(modulus)) && RsaKeyPair::from_pkcs8(pkcs8).is_err() {
        return Err(KeyRejected::Unreadable);
    }
    Ok(PublicPart::Rsa {
        modulus: modulus.to_vec(),
        exponent: exponent.to_vec(),
    })
}

fn ec_public(pkcs8: &[u8], curve: &[u8]) -> Result<PublicPart, KeyRejected> {
    let Some(curve) = Curve::of(curve) else {
        return Err(KeyRejected::Unsupported(algorithm_name(curve)));
    };
    let algorithm = match curve {
        Curve::P256 => &signature::ECDSA_P256_SHA256_ASN1_SIGNING,
        Curve::P384 => &signature::ECDSA_P384_SHA384_ASN1_SIGNING,
        Curve::P521 => &signature::ECDSA_P521_SHA512_ASN1_SIGNING,
    };
    EcdsaKeyPair::from_pkcs8(algorithm, pkcs8)
        .map(|pair| PublicPart::Ec {
            curve,
            point: pair.public_key().as_ref().to_vec(),
        })
        .map_err(|_| KeyRejected::Unreadable)
}

/// Name of a kind of key by its object identifier.
fn algorithm_name(contents: &[u8]) -> String {
    match contents {
        oid::DSA => "DSA".to_owned(),
        oid::ED448 => "Ed448".to_owned(),
        oid::RSA_PSS => "RSASSA-PSS".to_owned(),
        oid::SECP256K1 => "secp256k1".to_owned(),
        other => x509_parser::asn1_rs::Oid::new(other.into()).to_string(),
    }
}

/// The curves of TLS server certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    fn of(oid: &[u8]) -> Option<Self> {
        match oid {
            oid::P256 => Some(Self::P256),
            oid::P384 => Some(Self::P384),
            oid::P521 => Some(Self::P521),
            _ => None,
        }
    }
}

/// The public part of a key, comparable whichever file it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PublicPart {
    /// Big-endian numbers without leading zeros.
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// The point as encoded in the certificate (uncompressed, as public authorities require).
    Ec {
        curve: Curve,
        point: Vec<u8>,
    },
    Ed25519(Vec<u8>),
    /// Any other kind: its name and encoding.
    Other {
        name: String,
        raw: Vec<u8>,
    },
}

impl PublicPart {
    /// The public key of a certificate.
    pub(crate) fn of_certificate(info: &SubjectPublicKeyInfo<'_>) -> Self {
        let algorithm = info.algorithm.algorithm.as_bytes();
        let curve = || {
            info.algorithm
                .parameters
                .as_ref()
                .and_then(|any| any.as_oid().ok())
        };
        match (algorithm, info.parsed()) {
            (oid::RSA, Ok(PublicKey::RSA(RSAPublicKey { modulus, exponent }))) => Self::Rsa {
                modulus: without_zeros(modulus),
                exponent: without_zeros(exponent),
            },
            (oid::EC, Ok(PublicKey::EC(point))) => match curve() {
                Some(oid) => match Curve::of(oid.as_bytes()) {
                    Some(curve) => Self::Ec {
                        curve,
                        point: point.data().to_vec(),
                    },
                    None => {
                        let name = format!("ECDSA {}", algorithm_name(oid.as_bytes()));
                        Self::Other {
                            name,
                            raw: info.raw.to_vec(),
                        }
                    }
                },
                None => Self::Other {
                    name: "ECDSA".to_owned(),
                    raw: info.raw.to_vec(),
                },
            },
            (oid::ED25519, _) => Self::Ed25519(info.subject_public_key.data.to_vec()),
            (other, _) => Self::Other {
                name: algorithm_name(other),
                raw: info.raw.to_vec(),
            },
        }
    }

    /// `RSA`, `ECDSA P-256`, `Ed25519`, or an object identifier.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Rsa { .. } => "RSA",
            Self::Ec {
                curve: Curve::P256, ..
            } => "ECDSA P-256",
            Self::Ec {
                curve: Curve::P384, ..
            } => "ECDSA P-384",
            Self::Ec {
                curve: Curve::P521, ..
            } => "ECDSA P-521",
            Self::Ed25519(_) => "Ed25519",
            Self::Other { name, .. } => name,
        }
    }

    /// SHA-256 over kind and numbers, in lower-case hexadecimal.
    pub(crate) fn digest(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.name());
        let numbers: [&[u8]; 2] = match self {
            Self::Rsa { modulus, exponent } => [modulus, exponent],
            Self::Ec { point, .. } => [point, &[]],
            Self::Ed25519(bytes) | Self::Other { raw: bytes, .. } => [bytes, &[]],
        };
        for number in numbers {
            hash.update(number.len().to_be_bytes());
            hash.update(number);
        }
        hex(&hash.finalize())
    }

    /// Size in bits; 0 when unknown.
    pub(crate) fn bits(&self) -> u32 {
        match self {
            Self::Rsa { modulus, .. } => der::bits(modulus),
            Self::Ec {
                curve: Curve::P256, ..
            }
            | Self::Ed25519(_) => 256,
            Self::Ec {
                curve: Curve::P384, ..
            } => 384,
            Self::Ec {
                curve: Curve::P521, ..
            } => 521,
            Self::Other { .. } => 0,
        }
    }

    /// Whether every TLS 1.2 front end and client accepts this kind: RSA from 2048 bits, ECDSA on P-256 or P-384 (what
    /// section 5.1 of Mozilla's root store policy leaves to public authorities).
    pub(crate) fn is_usual(&self) -> bool {
        match self {
            Self::Rsa { .. } => !self.is_weak(),
            Self::Ec { curve, .. } => matches!(curve, Curve::P256 | Curve::P384),
            Self::Ed25519(_) | Self::Other { .. } => false,
        }
    }

    /// RSA below 2048 bits, or a kind that TLS clients refuse (NIST SP 800-57 part 1, table 2).
    pub(crate) fn is_weak(&self) -> bool {
        match self {
            Self::Rsa { modulus, .. } => der::bits(modulus) < 2048,
            Self::Ec { .. } | Self::Ed25519(_) => false,
            Self::Other { .. } => true,
        }
    }
}

fn without_zeros(number: &[u8]) -> Vec<u8> {
    number.iter().copied().skip_while(|&byte| byte == 0).collect()
}
