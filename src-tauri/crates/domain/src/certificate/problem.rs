//! Why files do not make a certificate with its key: one code for each thing that can be found.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// How a private key is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum KeyEncryption {
    /// `ENCRYPTED PRIVATE KEY`, PKCS#8.
    Pkcs8,
    /// `Proc-Type: 4,ENCRYPTED`, the older form of OpenSSL.
    Legacy,
}

/// Why the given files do not make a certificate with its key.
///
/// On the wire `{"code": "encrypted_key", "params": {"file": …, "line": …}}`; the code is a key of the catalogue
/// `certificate`. `file` is the label the file was given with, `line` counts from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(
    tag = "code",
    content = "params",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum PairProblem {
    /// Nothing in it.
    #[error("{file} is empty; choose the file again, or export it again")]
    Empty {
        /// The file.
        file: String,
    },
    /// Larger than a certificate or key can sensibly be.
    #[error(
        "{file} has {bytes} bytes, more than the {limit} that are read; choose only the certificate, its chain and the key"
    )]
    TooBig {
        /// The file.
        file: String,
        /// Its size.
        #[ts(type = "number")]
        bytes: u64,
        /// The most that is read.
        #[ts(type = "number")]
        limit: u64,
    },
    /// A folder, pipe, socket or device.
    #[error("{file} is a folder, a pipe or a device, not a regular file; name the file itself")]
    NotAFile {
        /// The file.
        file: String,
    },
    /// A path to another computer or to a device.
    #[error("{file} names another computer or a device; copy the file to a folder of this computer")]
    Elsewhere {
        /// The file.
        file: String,
    },
    /// A file that the system did not give.
    #[error("{file} cannot be read: {why}")]
    UnreadableFile {
        /// The file.
        file: String,
        /// What the system said.
        why: String,
    },
    /// More certificates than a chain has; most often a whole trust store.
    #[error("{count} certificates were given, more than {limit}; choose only the certificate and its chain")]
    TooManyCertificates {
        /// How many.
        count: u32,
        /// The most that are read.
        limit: u32,
    },
    /// No PEM block, and nothing else that is known.
    #[error("{file} is not PEM: it has no line -----BEGIN CERTIFICATE----- or -----BEGIN PRIVATE KEY-----")]
    NotPem {
        /// The file.
        file: String,
    },
    /// Base64 of a certificate or key, without the lines around it.
    #[error(
        "{file} lacks the lines -----BEGIN …----- and -----END …----- around its text; copy the whole file with them"
    )]
    NoMarkers {
        /// The file.
        file: String,
    },
    /// A BEGIN or END line that is not whole, not alone on its line, or without its counterpart.
    #[error("{file}, line {line}: the BEGIN or END line is damaged; copy the file again")]
    BrokenMarker {
        /// The file.
        file: String,
        /// The line.
        line: u32,
    },
    /// A block that does not end.
    #[error("{file}, line {line}: {block} begins but does not end; the file was cut off, copy it again")]
    MissingEnd {
        /// The file.
        file: String,
        /// Where the block begins.
        line: u32,
        /// What the block says it is, as `CERTIFICATE`.
        block: String,
    },
    /// A block whose base64 cannot be decoded.
    #[error("{file}, line {line}: the text of {block} is damaged; copy the file again")]
    BrokenBase64 {
        /// The file.
        file: String,
        /// The line.
        line: u32,
        /// What the block says it is.
        block: String,
    },
    /// A block with a character outside ASCII.
    #[error(
        "{file}, line {line}: {block} has a character that cannot be in it (not ASCII); copy the file again as plain text"
    )]
    NonAscii {
        /// The file.
        file: String,
        /// The line.
        line: u32,
        /// What the block says it is.
        block: String,
    },
    /// Binary (DER), but neither a certificate, a key, nor a file that holds them.
    #[error(
        "{file} is binary, but no certificate and no key; choose the file with the certificate or the key"
    )]
    IsDer {
        /// The file.
        file: String,
    },
    /// A PKCS#12 file (`.pfx`, `.p12`) with a password, and none was given.
    #[error("{file} is PKCS#12 (.pfx) with a password; give the password")]
    EncryptedPkcs12 {
        /// The file.
        file: String,
    },
    /// A PKCS#12 file that cannot be read.
    #[error("{file} is PKCS#12 (.pfx), but it is damaged; export it again")]
    UnreadablePkcs12 {
        /// The file.
        file: String,
    },
    /// The passphrase that was given opens neither the key nor the file.
    #[error("the passphrase does not open {file}; type it again, without blanks before and after it")]
    WrongPassphrase {
        /// The file.
        file: String,
    },
    /// Encrypted or written in a way that is not read here.
    #[error("{file} uses {scheme}, which is not read; export it again as PEM, or with AES-256")]
    UnsupportedEncryption {
        /// The file.
        file: String,
        /// The scheme or encoding, or its object identifier.
        scheme: String,
    },
    /// A PKCS#7 file (`.p7b`).
    #[error("{file} is PKCS#7 (.p7b); convert it to PEM, as with: openssl pkcs7 -print_certs")]
    IsPkcs7 {
        /// The file.
        file: String,
    },
    /// A key store of Java.
    #[error("{file} is a Java key store; export the certificate and the key from it as PEM")]
    IsJavaKeystore {
        /// The file.
        file: String,
    },
    /// A request for a certificate.
    #[error("{file} is a certificate request; choose the certificate that the authority answered it with")]
    IsCsr {
        /// The file.
        file: String,
    },
    /// A public key where the private one is needed.
    #[error("{file} is a public key; choose the private key")]
    IsPublicKey {
        /// The file.
        file: String,
    },
    /// The key has a passphrase, and none was given.
    #[error("{file}, line {line}: the key has a passphrase; give the passphrase")]
    EncryptedKey {
        /// The file.
        file: String,
        /// Where the key begins.
        line: u32,
        /// How it is encrypted.
        form: KeyEncryption,
    },
    /// A certificate that cannot be read.
    #[error(
        "{file}, line {line}: this certificate cannot be read; it is damaged or not an X.509 certificate"
    )]
    UnreadableCertificate {
        /// The file.
        file: String,
        /// Where it begins.
        line: u32,
    },
    /// A key that cannot be read.
    #[error("{file}, line {line}: this key cannot be read; it is damaged")]
    UnreadableKey {
        /// The file.
        file: String,
        /// Where it begins.
        line: u32,
    },
    /// A key of a kind no TLS server uses.
    #[error(
        "{file}, line {line}: keys of kind {kind} cannot be used; use RSA, or ECDSA on P-256, P-384 or P-521"
    )]
    UnsupportedKey {
        /// The file.
        file: String,
        /// Where it begins.
        line: u32,
        /// The kind, as `DSA`, or its object identifier.
        kind: String,
    },
    /// No private key anywhere.
    #[error("no private key was found in {}; add the file with the key", files.join(", "))]
    NoKey {
        /// The files that were read.
        files: Vec<String>,
    },
    /// No certificate anywhere.
    #[error("no certificate was found in {}; add the file with the certificate", files.join(", "))]
    NoCertificate {
        /// The files that were read.
        files: Vec<String>,
    },
    /// More than one key, and the certificates do not settle which.
    #[error("several private keys were found in {}; leave only the one of the certificate", files.join(", "))]
    SeveralKeys {
        /// The files with keys.
        files: Vec<String>,
    },
    /// The key is of another certificate.
    #[error("the key in {file} does not belong to the certificate of {subject}")]
    KeyOfAnotherCertificate {
        /// The file with the key.
        file: String,
        /// Subject of the leaf.
        subject: String,
    },
}

impl PairProblem {
    /// The stable code, as on the wire.
    pub fn code(&self) -> String {
        let whole = serde_json::to_value(self).unwrap_or_default();
        whole
            .get("code")
            .and_then(|code| code.as_str())
            .unwrap_or_default()
            .to_owned()
    }

    /// The values for the words, as text (`file`, `line`, `subject`); lists are joined by commas.
    pub fn params(&self) -> BTreeMap<String, String> {
        let whole = serde_json::to_value(self).unwrap_or_default();
        let params = whole.get("params").and_then(|params| params.as_object());
        params
            .map(|params| {
                params
                    .iter()
                    .map(|(name, value)| (name.clone(), as_text(value)))
                    .collect()
            })
            .unwrap_or_default()
    }
}

fn as_text(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(parts) => parts.iter().map(as_text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_travels_as_code_and_params() {
        let problem = PairProblem::EncryptedKey {
            file: "server.key".into(),
            line: 3,
            form: KeyEncryption::Legacy,
        };
        let wire = serde_json::to_value(&problem).unwrap();
        let expected = serde_json::json!({"code": "encrypted_key", "params": {"file": "server.key", "line": 3, "form": "legacy"}});
        assert_eq!(wire, expected);
        assert_eq!(serde_json::from_value::<PairProblem>(wire).unwrap(), problem);
        assert_eq!(problem.code(), "encrypted_key");
        assert_eq!(problem.params()["line"], "3");
        let none = PairProblem::NoKey {
            files: vec!["a.pem".into(), "b.pem".into()],
        };
        assert_eq!(
            (none.code().as_str(), none.params()["files"].as_str()),
            ("no_key", "a.pem, b.pem")
        );
    }
}
