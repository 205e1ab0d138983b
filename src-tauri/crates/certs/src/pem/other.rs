//! What a file without a single PEM block is instead, so that the message can say how to mend it.

use crate::der::{self, INTEGER, OCTET_STRING, OID, SEQUENCE, oid};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use berth_domain::certificate::{DerContent, PairProblem};
use x509_parser::prelude::{FromDer, X509Certificate, X509CertificationRequest};
use zeroize::Zeroizing;

/// Names the content of a file in which no block was found.
pub(super) fn what_instead(file: &str, bytes: &[u8]) -> PairProblem {
    let file = file.to_owned();
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return PairProblem::Empty { file };
    }
    if bytes.starts_with(&[0xfe, 0xed, 0xfe, 0xed]) {
        return PairProblem::IsJavaKeystore { file };
    }
    match Binary::of(bytes) {
        Some(Binary::Pkcs12) => PairProblem::IsPkcs12 { file },
        Some(Binary::Pkcs7) => PairProblem::IsPkcs7 { file },
        Some(Binary::Csr) => PairProblem::IsCsr { file },
        Some(Binary::Der(holds)) => PairProblem::IsDer { file, holds },
        None if is_bare_base64(bytes) => PairProblem::NoMarkers { file },
        None => PairProblem::NotPem { file },
    }
}

enum Binary {
    Pkcs12,
    Pkcs7,
    Csr,
    Der(DerContent),
}

impl Binary {
    /// Tells binary data by its outermost structure.
    fn of(bytes: &[u8]) -> Option<Self> {
        let outer = der::tagged(bytes, SEQUENCE)?;
        if X509Certificate::from_der(bytes).is_ok() {
            return Some(Self::Der(DerContent::Certificate));
        }
        if X509CertificationRequest::from_der(bytes).is_ok() {
            return Some(Self::Csr);
        }
        let first = der::element(outer.contents)?;
        let second = der::element(first.rest);
        Some(
            match (first.tag, first.contents, second.map(|second| second.tag)) {
                // PFX ::= SEQUENCE { version INTEGER (3), authSafe ContentInfo } (RFC 7292)
                (INTEGER, [3], Some(SEQUENCE)) => Self::Pkcs12,
                // PrivateKeyInfo, OneAsymmetricKey; RSAPrivateKey; ECPrivateKey
                (INTEGER, [0] | [1], Some(SEQUENCE | INTEGER | OCTET_STRING)) => Self::Der(DerContent::Key),
                (OID, content, _) if content.starts_with(oid::PKCS7) => Self::Pkcs7,
                (SEQUENCE, content, Some(OCTET_STRING)) if is_password_scheme(content) => {
                    Self::Der(DerContent::EncryptedKey)
                }
                _ if outer.rest.is_empty() => Self::Der(DerContent::Other),
                _ => return None,
            },
        )
    }
}

/// EncryptedPrivateKeyInfo begins with the scheme of a password (RFC 5958, section 3).
fn is_password_scheme(algorithm: &[u8]) -> bool {
    der::tagged(algorithm, OID).is_some_and(|found| {
        found.contents.starts_with(oid::PKCS5) || found.contents.starts_with(oid::PKCS12_PBE)
    })
}

/// The inside of a PEM block, copied without its BEGIN and END lines.
fn is_bare_base64(text: &[u8]) -> bool {
    let mut plain = Zeroizing::new(Vec::with_capacity(text.len()));
    plain.extend(text.iter().filter(|byte| !byte.is_ascii_whitespace()));
    match BASE64_STANDARD.decode(&*plain).map(Zeroizing::new) {
        Ok(decoded) => der::tagged(&decoded, SEQUENCE).is_some_and(|found| found.rest.is_empty()),
        Err(_) => false,
    }
}
