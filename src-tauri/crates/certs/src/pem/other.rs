//! Classifies a file without PEM blocks: binary content that can be read, or what it is instead, so that the message
//! can say how to fix it.

use super::{Block, Content};
use crate::der::{self, CONTEXT_0, INTEGER, OCTET_STRING, OID, SEQUENCE, oid};
use crate::key::KeyForm;
use crate::locked::LockedKey;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use berth_domain::certificate::PairProblem;
use rustls_pki_types::CertificateDer;
use x509_parser::prelude::{FromDer, X509Certificate, X509CertificationRequest};
use zeroize::Zeroizing;

/// Reads the binary content of a file, which may be several structures in a row.
pub(super) fn without_blocks(file: &str, bytes: &[u8]) -> Result<Vec<Block>, PairProblem> {
    let mut blocks = Vec::new();
    let mut rest = bytes;
    while let Some((content, after)) = binary(rest) {
        blocks.push(Block { line: 1, content });
        rest = after.trim_ascii();
    }
    if blocks.is_empty() || !rest.is_empty() {
        return pkcs12_in_base64(bytes).ok_or_else(|| what_instead(file, bytes));
    }
    Ok(blocks)
}

/// PKCS#12 as Key Vault stores it.
fn pkcs12_in_base64(text: &[u8]) -> Option<Vec<Block>> {
    let decoded = bare_base64(text)?;
    match binary(&decoded)? {
        (content @ Content::Pkcs12(_), []) => Some(vec![Block { line: 1, content }]),
        _ => None,
    }
}

/// Names the content of a file that cannot be read.
fn what_instead(file: &str, bytes: &[u8]) -> PairProblem {
    let file = file.to_owned();
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return PairProblem::Empty { file };
    }
    if bytes.starts_with(&[0xfe, 0xed, 0xfe, 0xed]) {
        return PairProblem::IsJavaKeystore { file };
    }
    if bare_base64(bytes).is_some() {
        return PairProblem::NoMarkers { file };
    }
    match der::tagged(bytes, SEQUENCE) {
        Some(whole) if whole.rest.is_empty() => PairProblem::IsDer { file },
        _ => PairProblem::NotPem { file },
    }
}

/// Classifies binary data by its outermost structure. Also returns the remaining input.
fn binary(bytes: &[u8]) -> Option<(Content, &[u8])> {
    let outer = der::tagged(bytes, SEQUENCE)?;
    let whole = &bytes[..bytes.len() - outer.rest.len()];
    let secret = || Zeroizing::new(whole.to_vec());
    if X509Certificate::from_der(whole).is_ok() {
        let der = CertificateDer::from(whole.to_vec());
        return Some((Content::Certificate(der), outer.rest));
    }
    if X509CertificationRequest::from_der(whole).is_ok() {
        return Some((Content::Csr, outer.rest));
    }
    let first = der::element(outer.contents)?;
    let second = der::element(first.rest).map(|second| second.tag);
    let content = match (first.tag, first.contents, second) {
        // PFX ::= SEQUENCE { version INTEGER (3), authSafe ContentInfo } (RFC 7292)
        (INTEGER, [3], Some(SEQUENCE)) => Content::Pkcs12(secret()),
        // PrivateKeyInfo, OneAsymmetricKey (RFC 5958)
        (INTEGER, [0] | [1], Some(SEQUENCE)) => Content::Key(KeyForm::Pkcs8, secret()),
        // RSAPrivateKey (RFC 8017)
        (INTEGER, [0] | [1], Some(INTEGER)) => Content::Key(KeyForm::Pkcs1, secret()),
        // ECPrivateKey (RFC 5915)
        (INTEGER, [1], Some(OCTET_STRING)) => Content::Key(KeyForm::Sec1, secret()),
        (OID, content, _) if content.starts_with(oid::PKCS7) => Content::Pkcs7(certificates_of(whole)),
        (SEQUENCE, content, Some(OCTET_STRING)) if is_password_scheme(content) => {
            Content::LockedKey(LockedKey::Pkcs8(secret()))
        }
        // SubjectPublicKeyInfo
        (SEQUENCE, content, Some(BIT_STRING)) if der::tagged(content, OID).is_some() => Content::PublicKey,
        _ => return None,
    };
    Some((content, outer.rest))
}

/// The certificates of SignedData (RFC 5652, section 5.1), which is the content of a `.p7b`; empty for anything else.
pub(super) fn certificates_of(pkcs7: &[u8]) -> Vec<CertificateDer<'static>> {
    let field = || {
        let outer = der::tagged(pkcs7, SEQUENCE)?;
        let content_type = der::tagged(outer.contents, OID)?;
        let content = der::tagged(content_type.rest, CONTEXT_0)?;
        let signed = der::tagged(content.contents, SEQUENCE)?;
        let version = der::tagged(signed.contents, INTEGER)?;
        let digests = der::element(version.rest)?;
        let encapsulated = der::tagged(digests.rest, SEQUENCE)?;
        der::tagged(encapsulated.rest, CONTEXT_0).map(|field| field.contents)
    };
    let mut rest = field().unwrap_or_default();
    let mut found = Vec::new();
    while let Some(one) = der::tagged(rest, SEQUENCE) {
        let whole = &rest[..rest.len() - one.rest.len()];
        found.push(CertificateDer::from(whole.to_vec()));
        rest = one.rest;
    }
    found
}

const BIT_STRING: u8 = 0x03;

/// EncryptedPrivateKeyInfo begins with a password-based scheme (RFC 5958, section 3).
fn is_password_scheme(algorithm: &[u8]) -> bool {
    der::tagged(algorithm, OID).is_some_and(|found| {
        found.contents.starts_with(oid::PKCS5) || found.contents.starts_with(oid::PKCS12_PBE)
    })
}

/// Decodes the content of a PEM block without its BEGIN and END lines, wrapped or not.
fn bare_base64(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut plain = Zeroizing::new(Vec::with_capacity(text.len()));
    plain.extend(text.iter().filter(|byte| !byte.is_ascii_whitespace()));
    let decoded = BASE64_STANDARD.decode(&*plain).map(Zeroizing::new).ok()?;
    let is_whole = der::tagged(&decoded, SEQUENCE).is_some_and(|found| found.rest.is_empty());
    is_whole.then_some(decoded)
}
