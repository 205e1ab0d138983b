//! Decodes the lines of a block.

use super::Content;
use super::other::certificates_of;
use crate::key::KeyForm;
use crate::locked::LockedKey;
use berth_domain::certificate::PairProblem;
use rustls_pemfile::Item;
use rustls_pki_types::CertificateDer;
use zeroize::{Zeroize, Zeroizing};

/// Decodes the block that begins at `line`; `body` are its lines without the delimiters.
pub(super) fn decode(
    file: &str,
    line: u32,
    label: &str,
    body: &[(u32, &[u8])],
) -> Result<Content, PairProblem> {
    let (headers, data) = split_headers(body);
    // `rustls-pemfile` knows the first three by these names. The older names of a certificate are synonyms, and
    // encrypted keys and PKCS#7 are decoded as plain bytes.
    let kind = match label {
        "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => "CERTIFICATE",
        "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" => label,
        "ENCRYPTED PRIVATE KEY" => "PRIVATE KEY",
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => return Ok(Content::Csr),
        "PKCS7" | "PKCS #7 SIGNED DATA" | "CMS" => "PRIVATE KEY",
        "PUBLIC KEY" | "RSA PUBLIC KEY" => return Ok(Content::PublicKey),
        other => {
            return Ok(match other.strip_suffix(" PRIVATE KEY") {
                Some(kind) => Content::ForeignKey(kind.to_owned()),
                None => Content::Unused,
            });
        }
    };
    check_alphabet(file, label, data)?;
    let broken = || PairProblem::BrokenBase64 {
        file: file.to_owned(),
        line,
        block: label.to_owned(),
    };
    let (form, bytes) = match rustls_pemfile::read_one_from_slice(&canonical(kind, data)) {
        Ok(Some((Item::X509Certificate(der), _))) => {
            return Ok(Content::Certificate(without_trust(label, der)));
        }
        Ok(Some((Item::Pkcs8Key(mut key), _))) => {
            (KeyForm::Pkcs8, taken(key.secret_pkcs8_der().to_vec(), &mut key))
        }
        Ok(Some((Item::Pkcs1Key(mut key), _))) => {
            (KeyForm::Pkcs1, taken(key.secret_pkcs1_der().to_vec(), &mut key))
        }
        Ok(Some((Item::Sec1Key(mut key), _))) => {
            (KeyForm::Sec1, taken(key.secret_sec1_der().to_vec(), &mut key))
        }
        Ok(Some(_) | None) | Err(_) => return Err(broken()),
    };
    match label {
        "ENCRYPTED PRIVATE KEY" => return Ok(Content::LockedKey(LockedKey::Pkcs8(bytes))),
        "PKCS7" | "PKCS #7 SIGNED DATA" | "CMS" => return Ok(Content::Pkcs7(certificates_of(&bytes))),
        _ => {}
    }
    Ok(if headers.encrypted {
        Content::LockedKey(LockedKey::Legacy {
            form,
            cipher: headers.cipher,
            bytes,
        })
    } else {
        Content::Key(form, bytes)
    })
}

/// Zeroizes the decoder's copy of a key.
fn taken(copy: Vec<u8>, original: &mut impl Zeroize) -> Zeroizing<Vec<u8>> {
    original.zeroize();
    Zeroizing::new(copy)
}

/// The headers of a block (RFC 1421: `Proc-Type`, `DEK-Info`).
#[derive(Default)]
struct Headers {
    encrypted: bool,
    /// Cipher and initialization vector, as `AES-256-CBC,0123…`; empty when absent.
    cipher: String,
}

/// Splits off the headers.
fn split_headers<'a, 'b>(body: &'a [(u32, &'b [u8])]) -> (Headers, &'a [(u32, &'b [u8])]) {
    if !body.first().is_some_and(|(_, text)| text.contains(&b':')) {
        return (Headers::default(), body);
    }
    let end = body
        .iter()
        .position(|(_, text)| text.is_empty())
        .unwrap_or(body.len());
    let (lines, data) = body.split_at(end);
    let mut headers = Headers::default();
    for (_, text) in lines {
        let text = String::from_utf8_lossy(text).to_ascii_uppercase();
        headers.encrypted |= text.starts_with("PROC-TYPE:") && text.ends_with("ENCRYPTED");
        if let Some(cipher) = text.strip_prefix("DEK-INFO:") {
            headers.encrypted = true;
            headers.cipher = cipher.trim().to_owned();
        }
    }
    (headers, data)
}

/// Finds the first line with a character that is not base64.
fn check_alphabet(file: &str, label: &str, data: &[(u32, &[u8])]) -> Result<(), PairProblem> {
    let outside =
        |byte: &u8| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b' ' | b'\t'));
    for (line, text) in data {
        let (file, line, block) = (file.to_owned(), *line, label.to_owned());
        match text.iter().find(|byte| outside(byte)) {
            Some(byte) if !byte.is_ascii() => return Err(PairProblem::NonAscii { file, line, block }),
            Some(_) => return Err(PairProblem::BrokenBase64 { file, line, block }),
            None => {}
        }
    }
    Ok(())
}

/// The block as the decoder expects it: known label, no headers, no spaces.
fn canonical(kind: &str, data: &[(u32, &[u8])]) -> Zeroizing<Vec<u8>> {
    let length = data.iter().map(|(_, text)| text.len() + 1).sum::<usize>() + 2 * (kind.len() + 20);
    let mut block = Zeroizing::new(Vec::with_capacity(length));
    let markers = |word: &str| format!("-----{word} {kind}-----\n").into_bytes();
    block.extend_from_slice(&markers("BEGIN"));
    for (_, text) in data {
        block.extend(text.iter().filter(|byte| !byte.is_ascii_whitespace()));
        block.push(b'\n');
    }
    block.extend_from_slice(&markers("END"));
    block
}

/// OpenSSL's `TRUSTED CERTIFICATE` appends its own trust settings to the certificate.
fn without_trust(label: &str, der: CertificateDer<'static>) -> CertificateDer<'static> {
    if label != "TRUSTED CERTIFICATE" {
        return der;
    }
    match crate::der::element(&der) {
        Some(found) => {
            let whole = der.len() - found.rest.len();
            CertificateDer::from(der[..whole].to_vec())
        }
        None => der,
    }
}
