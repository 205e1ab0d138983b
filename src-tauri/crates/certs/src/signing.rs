//! Signature algorithms: their names, whether they are weak, and whether a key made a signature.
//!
//! `x509-parser` can verify signatures too, but it reports a 1024-bit RSA issuer and ECDSA over SHA-512 as forged.
//! Verifying here keeps "weak" and "forged" apart.

use crate::key::{Curve, PublicPart};
use aws_lc_rs::signature::{self as aws, UnparsedPublicKey, VerificationAlgorithm};
use x509_parser::signature_algorithm::{RsaSsaPssParams, SignatureAlgorithm};
use x509_parser::x509::AlgorithmIdentifier;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    /// MD5 or older: broken, and not verified.
    Md,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scheme {
    RsaPkcs1(Hash),
    RsaPss(Hash),
    Ecdsa(Hash),
    Ed25519,
    Other(String),
}

/// Result of verifying a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verified {
    Yes,
    No,
    /// The algorithm is unknown.
    Unchecked,
}

/// Object identifiers below `1.2.840.113549.1.1` and `1.2.840.10045.4`, and others.
const SCHEMES: &[(&str, Scheme)] = &[
    ("1.2.840.113549.1.1.2", Scheme::RsaPkcs1(Hash::Md)),
    ("1.2.840.113549.1.1.3", Scheme::RsaPkcs1(Hash::Md)),
    ("1.2.840.113549.1.1.4", Scheme::RsaPkcs1(Hash::Md)),
    ("1.2.840.113549.1.1.5", Scheme::RsaPkcs1(Hash::Sha1)),
    ("1.3.14.3.2.29", Scheme::RsaPkcs1(Hash::Sha1)),
    ("1.2.840.113549.1.1.14", Scheme::RsaPkcs1(Hash::Sha224)),
    ("1.2.840.113549.1.1.11", Scheme::RsaPkcs1(Hash::Sha256)),
    ("1.2.840.113549.1.1.12", Scheme::RsaPkcs1(Hash::Sha384)),
    ("1.2.840.113549.1.1.13", Scheme::RsaPkcs1(Hash::Sha512)),
    ("1.2.840.10045.4.1", Scheme::Ecdsa(Hash::Sha1)),
    ("1.2.840.10045.4.3.1", Scheme::Ecdsa(Hash::Sha224)),
    ("1.2.840.10045.4.3.2", Scheme::Ecdsa(Hash::Sha256)),
    ("1.2.840.10045.4.3.3", Scheme::Ecdsa(Hash::Sha384)),
    ("1.2.840.10045.4.3.4", Scheme::Ecdsa(Hash::Sha512)),
    ("1.3.101.112", Scheme::Ed25519),
];

impl Scheme {
    /// Reads an algorithm identifier.
    pub(crate) fn of(identifier: &AlgorithmIdentifier<'_>) -> Self {
        if let Ok(SignatureAlgorithm::RSASSA_PSS(parameters)) = SignatureAlgorithm::try_from(identifier) {
            return pss_hash(&parameters).map_or_else(|| Self::Other("RSASSA-PSS".to_owned()), Self::RsaPss);
        }
        let oid = identifier.algorithm.to_id_string();
        let known = SCHEMES.iter().find(|(known, _)| *known == oid);
        known.map_or(Self::Other(oid), |(_, scheme)| scheme.clone())
    }

    /// The name that OpenSSL prints.
    pub(crate) fn name(&self) -> String {
        let hash = |hash: &Hash| match hash {
            Hash::Md => "md5",
            Hash::Sha1 => "sha1",
            Hash::Sha224 => "sha224",
            Hash::Sha256 => "sha256",
            Hash::Sha384 => "sha384",
            Hash::Sha512 => "sha512",
        };
        match self {
            Self::RsaPkcs1(over) => format!("{}WithRSAEncryption", hash(over)),
            Self::RsaPss(over) => format!("RSASSA-PSS-{}", hash(over).to_ascii_uppercase()),
            Self::Ecdsa(over) => format!("ecdsa-with-{}", hash(over).to_ascii_uppercase()),
            Self::Ed25519 => "Ed25519".to_owned(),
            Self::Other(name) => name.clone(),
        }
    }

    pub(crate) fn is_weak(&self) -> bool {
        match self {
            Self::RsaPkcs1(hash) | Self::RsaPss(hash) | Self::Ecdsa(hash) => {
                matches!(hash, Hash::Md | Hash::Sha1)
            }
            Self::Ed25519 | Self::Other(_) => false,
        }
    }

    /// Whether this key made this signature over this message.
    pub(crate) fn verify(&self, key: &PublicPart, message: &[u8], signature: &[u8]) -> Verified {
        let Some((algorithm, key)) = self.algorithm(key) else {
            return Verified::Unchecked;
        };
        match UnparsedPublicKey::new(algorithm, key).verify(message, signature) {
            Ok(()) => Verified::Yes,
            Err(_) => Verified::No,
        }
    }

    /// The algorithm of `aws-lc-rs`; `None` when it cannot verify this combination.
    fn algorithm(&self, key: &PublicPart) -> Option<(&'static dyn VerificationAlgorithm, Vec<u8>)> {
        let algorithm: &'static dyn VerificationAlgorithm = match (self, key) {
            (Self::RsaPkcs1(Hash::Sha1), PublicPart::Rsa { .. }) => {
                &aws::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY
            }
            (Self::RsaPkcs1(Hash::Sha256), PublicPart::Rsa { .. }) => {
                &aws::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY
            }
            (Self::RsaPkcs1(Hash::Sha512), PublicPart::Rsa { .. }) => {
                &aws::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY
            }
            (_, PublicPart::Rsa { .. }) if key.bits() < 2048 => return None,
            (Self::RsaPkcs1(Hash::Sha384), PublicPart::Rsa { .. }) => &aws::RSA_PKCS1_2048_8192_SHA384,
            (Self::RsaPss(Hash::Sha256), PublicPart::Rsa { .. }) => &aws::RSA_PSS_2048_8192_SHA256,
            (Self::RsaPss(Hash::Sha384), PublicPart::Rsa { .. }) => &aws::RSA_PSS_2048_8192_SHA384,
            (Self::RsaPss(Hash::Sha512), PublicPart::Rsa { .. }) => &aws::RSA_PSS_2048_8192_SHA512,
            (Self::Ecdsa(hash), PublicPart::Ec { curve, .. }) => ecdsa(*curve, *hash)?,
            (Self::Ed25519, PublicPart::Ed25519(_)) => &aws::ED25519,
            _ => return None,
        };
        Some((algorithm, raw_key(key)?))
    }
}

fn ecdsa(curve: Curve, hash: Hash) -> Option<&'static dyn VerificationAlgorithm> {
    Some(match (curve, hash) {
        (Curve::P256, Hash::Sha1) => &aws::ECDSA_P256_SHA1_ASN1,
        (Curve::P256, Hash::Sha256) => &aws::ECDSA_P256_SHA256_ASN1,
        (Curve::P256, Hash::Sha384) => &aws::ECDSA_P256_SHA384_ASN1,
        (Curve::P256, Hash::Sha512) => &aws::ECDSA_P256_SHA512_ASN1,
        (Curve::P384, Hash::Sha256) => &aws::ECDSA_P384_SHA256_ASN1,
        (Curve::P384, Hash::Sha384) => &aws::ECDSA_P384_SHA384_ASN1,
        (Curve::P384, Hash::Sha512) => &aws::ECDSA_P384_SHA512_ASN1,
        (Curve::P521, Hash::Sha1) => &aws::ECDSA_P521_SHA1_ASN1,
        (Curve::P521, Hash::Sha256) => &aws::ECDSA_P521_SHA256_ASN1,
        (Curve::P521, Hash::Sha384) => &aws::ECDSA_P521_SHA384_ASN1,
        (Curve::P521, Hash::Sha512) => &aws::ECDSA_P521_SHA512_ASN1,
        _ => return None,
    })
}

/// The key as `aws-lc-rs` takes it: RSAPublicKey (RFC 8017), the point, or the 32 bytes.
fn raw_key(key: &PublicPart) -> Option<Vec<u8>> {
    match key {
        PublicPart::Rsa { modulus, exponent } => {
            let mut numbers = Vec::with_capacity(modulus.len() + exponent.len() + 16);
            for number in [modulus, exponent] {
                let sign = number.first().is_some_and(|first| first & 0x80 != 0);
                crate::der::push_header(
                    &mut numbers,
                    crate::der::INTEGER,
                    number.len() + usize::from(sign),
                );
                numbers.extend_from_slice(if sign { &[0] } else { &[] });
                numbers.extend_from_slice(number);
            }
            let mut whole = Vec::with_capacity(numbers.len() + 8);
            crate::der::push_header(&mut whole, crate::der::SEQUENCE, numbers.len());
            whole.extend_from_slice(&numbers);
            Some(whole)
        }
        PublicPart::Ec { point, .. } => Some(point.clone()),
        PublicPart::Ed25519(bytes) => Some(bytes.clone()),
        PublicPart::Other { .. } => None,
    }
}

fn pss_hash(parameters: &RsaSsaPssParams<'_>) -> Option<Hash> {
    Some(match parameters.hash_algorithm_oid().to_id_string().as_str() {
        "1.3.14.3.2.26" => Hash::Sha1,
        "2.16.840.1.101.3.4.2.1" => Hash::Sha256,
        "2.16.840.1.101.3.4.2.2" => Hash::Sha384,
        "2.16.840.1.101.3.4.2.3" => Hash::Sha512,
        _ => return None,
    })
}
