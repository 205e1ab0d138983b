//! What is known about a certificate and its key once looked at: facts only, no verdicts and no words.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// A certificate chain with its key, looked at from every side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CertificateFacts {
    /// Subject of the leaf.
    pub subject: String,
    /// Issuer of the leaf.
    pub issuer: String,
    /// DNS names of the leaf (SAN, else the common name).
    pub names: Vec<String>,
    /// RFC 3339.
    pub not_before: String,
    /// RFC 3339.
    pub not_after: String,
    /// Whole days from the day of the check to `not_after`; negative once expired.
    pub days_left: i32,
    /// Whether it is not valid yet.
    pub not_yet_valid: bool,
    /// `ECDSA P-256`, `RSA`.
    pub key_type: String,
    /// Bits of the key.
    pub key_bits: u32,
    /// `ecdsa-with-SHA256`, `sha256WithRSAEncryption`.
    pub signature: String,
    /// Signed with SHA-1 or MD5.
    pub weak_signature: bool,
    /// Whether the key belongs to the leaf.
    pub key_matches: bool,
    /// The chain, leaf first.
    pub chain: Vec<ChainRung>,
    /// The files held it leaf first already.
    pub in_order: bool,
    /// Each certificate is signed by the next, up to a self-signed root or an intermediate that names an absent root.
    pub signed_in_order: bool,
    /// The chain reaches a root or an intermediate (a lone leaf that is not self-signed is incomplete).
    pub complete: bool,
    /// The leaf signs itself.
    pub self_signed: bool,
    /// The leaf is marked as an authority.
    pub leaf_is_ca: bool,
    /// Extended key usage: `Some(true)` has server authentication, `Some(false)` lacks it, `None` states no usage.
    pub server_auth: Option<bool>,
    /// Whether the names cover the name asked for; `None` when none was asked for.
    pub covers: Option<bool>,
    /// SHA-256 of the leaf, lower-case hex.
    pub sha256: String,
}

/// One certificate of a chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ChainRung {
    /// Subject.
    pub subject: String,
    /// Issuer.
    pub issuer: String,
    /// RFC 3339.
    pub not_after: String,
    /// Days left.
    pub days_left: i32,
    /// `leaf`, `intermediate` or `root`.
    pub role: String,
    /// Signed by the next rung (or by itself, for a root); `None` for the last rung when its issuer is absent.
    pub signed_by_next: Option<bool>,
}

/// Why files could not be taken as a certificate and key. `code` is a key of the catalogue `certificate`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PairProblem {
    /// `not_pem`, `empty`, `encrypted_key`, …
    pub code: String,
    /// Values for the words (`file`, `line`, `subject`).
    pub params: BTreeMap<String, String>,
}
