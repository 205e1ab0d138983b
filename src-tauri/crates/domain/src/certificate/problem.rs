//! Why files do not contain a usable certificate and key: one code per problem.

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

/// Why the given files do not contain a usable certificate and key.
///
/// Serialized as `{"code": "encrypted_key", "params": {"file": …, "line": …}}`; the code is a key of the catalogue
/// `certificate`. `file` is the label given to the file; `line` counts from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(
    tag = "code",
    content = "params",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum PairProblem {
    #[error("{file} is empty; choose or export the file again")]
    Empty { file: String },
    /// Larger than a certificate or key can sensibly be.
    #[error(
        "{file} is too large ({bytes} bytes, limit {limit}); choose only the certificate, its chain and the key"
    )]
    TooBig {
        file: String,
        /// Size in bytes.
        #[ts(type = "number")]
        bytes: u64,
        /// Largest size that is read, in bytes.
        #[ts(type = "number")]
        limit: u64,
    },
    /// A folder, pipe, socket or device.
    #[error("{file} is a folder, a pipe or a device, not a regular file; name the file itself")]
    NotAFile { file: String },
    /// A network path or a device path.
    #[error("{file} is on another computer or is a device; copy the file to a folder on this computer")]
    Elsewhere { file: String },
    /// The operating system refused to read the file.
    #[error("{file} cannot be read: {why}")]
    UnreadableFile {
        file: String,
        /// The operating system's error.
        why: String,
    },
    /// More certificates than any chain has; usually a whole trust store.
    #[error(
        "{count} certificates were given, the limit is {limit}; choose only the certificate and its chain"
    )]
    TooManyCertificates {
        /// Number of certificates given.
        count: u32,
        /// Largest number that is read.
        limit: u32,
    },
    /// No PEM block, and no other known format.
    #[error("{file} is not PEM: it has no line -----BEGIN CERTIFICATE----- or -----BEGIN PRIVATE KEY-----")]
    NotPem { file: String },
    /// Base64 of a certificate or key, without the BEGIN and END lines.
    #[error(
        "{file} has no -----BEGIN …----- and -----END …----- lines; copy the whole file, including these lines"
    )]
    NoMarkers { file: String },
    /// A BEGIN or END line that is incomplete, shares its line with other text, or has no counterpart.
    #[error("{file}, line {line}: the BEGIN or END line is damaged; copy the file again")]
    BrokenMarker { file: String, line: u32 },
    /// A block without an END line.
    #[error("{file}, line {line}: {block} has no END line; the file is truncated, copy it again")]
    MissingEnd {
        file: String,
        /// Where the block begins.
        line: u32,
        /// Label of the block, such as `CERTIFICATE`.
        block: String,
    },
    /// A block whose base64 cannot be decoded.
    #[error("{file}, line {line}: the base64 of {block} is damaged; copy the file again")]
    BrokenBase64 {
        file: String,
        line: u32,
        /// Label of the block.
        block: String,
    },
    /// A block with a character outside ASCII.
    #[error(
        "{file}, line {line}: {block} has a character that is not ASCII; copy the file again as plain text"
    )]
    NonAscii {
        file: String,
        line: u32,
        /// Label of the block.
        block: String,
    },
    /// Binary (DER), but neither a certificate, a key, nor a container for them.
    #[error(
        "{file} is binary but contains no certificate or key; choose the file with the certificate or the key"
    )]
    IsDer { file: String },
    /// A password-protected PKCS#12 file (`.pfx`, `.p12`), and no password was given.
    #[error("{file} is PKCS#12 (.pfx) and password-protected; enter the password")]
    EncryptedPkcs12 { file: String },
    /// A PKCS#12 file that cannot be read.
    #[error("{file} is PKCS#12 (.pfx) but damaged; export it again")]
    UnreadablePkcs12 { file: String },
    /// The passphrase decrypts neither the key nor the file.
    #[error("the passphrase is wrong for {file}; enter it again, without spaces before or after it")]
    WrongPassphrase { file: String },
    /// An encryption scheme or encoding that is not supported.
    #[error("{file} uses {scheme}, which is not supported; export it again as PEM, or with AES-256")]
    UnsupportedEncryption {
        file: String,
        /// The scheme or encoding, or its object identifier.
        scheme: String,
    },
    /// A PKCS#7 file (`.p7b`).
    #[error("{file} is PKCS#7 (.p7b); convert it to PEM, for example with openssl pkcs7 -print_certs")]
    IsPkcs7 { file: String },
    #[error("{file} is a Java keystore; export the certificate and key from it as PEM")]
    IsJavaKeystore { file: String },
    /// A certificate signing request.
    #[error(
        "{file} is a certificate request; choose the certificate that the certificate authority issued for it"
    )]
    IsCsr { file: String },
    /// A public key where the private one is needed.
    #[error("{file} is a public key; choose the private key")]
    IsPublicKey { file: String },
    /// The key is encrypted, and no passphrase was given.
    #[error("{file}, line {line}: the key is encrypted; enter the passphrase")]
    EncryptedKey {
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
        file: String,
        /// Where it begins.
        line: u32,
    },
    /// A key that cannot be read.
    #[error("{file}, line {line}: this key cannot be read; it is damaged")]
    UnreadableKey {
        file: String,
        /// Where it begins.
        line: u32,
    },
    /// A key type that no TLS server uses.
    #[error("{file}, line {line}: {kind} keys are not supported; use RSA, or ECDSA on P-256, P-384 or P-521")]
    UnsupportedKey {
        file: String,
        /// Where it begins.
        line: u32,
        /// Key type, such as `DSA`, or its object identifier.
        kind: String,
    },
    /// None of the files has a private key.
    #[error("no private key was found in {}; add the file with the key", files.join(", "))]
    NoKey {
        /// The files that were read.
        files: Vec<String>,
    },
    /// None of the files has a certificate.
    #[error("no certificate was found in {}; add the file with the certificate", files.join(", "))]
    NoCertificate {
        /// The files that were read.
        files: Vec<String>,
    },
    /// Berth keeps no certificate with this id.
    #[error("Berth keeps no certificate with the id {id}; choose or import one")]
    NotStored { id: String },
    /// More than one private key, and none can be matched to the certificates.
    #[error("several private keys were found in {}; keep only the one that belongs to the certificate", files.join(", "))]
    SeveralKeys {
        /// The files with keys.
        files: Vec<String>,
    },
    /// The key belongs to another certificate.
    #[error("the key in {file} does not belong to the certificate of {subject}")]
    KeyOfAnotherCertificate {
        /// The file with the key.
        file: String,
        /// Subject of the leaf.
        subject: String,
    },
}

impl PairProblem {
    /// The stable code, as serialized.
    pub fn code(&self) -> String {
        let whole = serde_json::to_value(self).unwrap_or_default();
        whole
            .get("code")
            .and_then(|code| code.as_str())
            .unwrap_or_default()
            .to_owned()
    }

    /// Values for the text (`file`, `line`, `subject`), as strings; lists are joined by commas.
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
    fn a_problem_is_serialized_as_code_and_params() {
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
