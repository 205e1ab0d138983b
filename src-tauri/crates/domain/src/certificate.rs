//! What can be said about a certificate and its key: plain data, read from files or from the wire by `berth-certs`.
//!
//! No verdict is here: which fact blocks, warns or informs is for the rules. No sentence for people is here either: the
//! catalogues word each [`PairProblem`] by its code; its `Display` is for logs and the command line.

mod problem;

pub use problem::{KeyEncryption, PairProblem};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything found in one reading of a certificate chain and, where there was one, its key.
///
/// Dates are RFC 3339 in UTC. "Leaf" is the certificate of the server itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CertificateFacts {
    /// Subject of the leaf, as `C=SE, O=Contoso, CN=ml.contoso.com`.
    pub subject: String,
    /// Issuer of the leaf.
    pub issuer: String,
    /// Serial number of the leaf, lower-case hexadecimal.
    pub serial: String,
    /// Names of the leaf: DNS names and IP addresses of the subject alternative names, else the common name.
    pub names: Vec<String>,
    /// First moment the leaf is valid.
    pub not_before: String,
    /// Last moment the leaf is valid.
    pub not_after: String,
    /// Whole days from the check to `not_after`, rounded down; negative once expired.
    pub days_left: i32,
    /// Days of the leaf's whole life.
    pub life_days: i32,
    /// The check was before `not_before`.
    pub not_yet_valid: bool,
    /// The check was after `not_after`.
    pub expired: bool,
    /// `RSA`, `ECDSA P-256`, `Ed25519`, or an object identifier.
    pub key_type: String,
    /// Bits of the leaf's public key; 0 when they cannot be told.
    pub key_bits: u32,
    /// RSA below 2048 bits, a curve below 256 bits, or a kind no TLS client takes (NIST SP 800-57 part 1, table 2).
    pub weak_key: bool,
    /// RSA from 2048 bits, ECDSA on P-256 or P-384: what every front end and client of TLS 1.2 takes, and all that
    /// Mozilla's root store policy (section 5.1) leaves to public authorities.
    pub usual_key: bool,
    /// Signature algorithm of the leaf: `ecdsa-with-SHA256`, `sha256WithRSAEncryption`, or an object identifier.
    pub signature: String,
    /// Signed over SHA-1, MD5 or older.
    pub weak_signature: bool,
    /// A private key was looked at too.
    pub key_given: bool,
    /// The key belongs to the leaf; false when no key was given.
    pub key_matches: bool,
    /// The chain, leaf first, as Berth put it in order.
    pub chain: Vec<ChainRung>,
    /// The files held it leaf first already; false when Berth put it right.
    pub in_order: bool,
    /// Each certificate is signed by the next, up to a self-signed root or an intermediate that names an absent root.
    pub signed_in_order: bool,
    /// The chain reaches a root or an intermediate (a lone leaf that is not self-signed is incomplete).
    pub complete: bool,
    /// The chain reaches a root that is itself among the certificates.
    pub root_included: bool,
    /// Name of the issuer that is absent at the upper end; `None` when the root is included.
    pub missing_issuer: Option<String>,
    /// Subjects of certificates that were given but belong to no rung, and were left out.
    pub left_out: Vec<String>,
    /// Which file held what; empty for a chain that came from the wire.
    pub sources: Vec<SourceFile>,
    /// Who vouches for it.
    pub issued_by: IssuedBy,
    /// The leaf signs itself.
    pub self_signed: bool,
    /// The leaf is marked as an authority.
    pub leaf_is_ca: bool,
    /// Extended key usage: `Some(true)` has server authentication, `Some(false)` lacks it, `None` states no usage, which
    /// allows all.
    pub server_auth: Option<bool>,
    /// The name asked for, lower case without a final dot; `None` when none was asked for.
    pub cname: Option<String>,
    /// Whether the names cover the name asked for; `None` when none was asked for.
    pub covers: Option<bool>,
    /// Only the common name covers it. Clients of today no longer look there (RFC 9525, section 2).
    pub only_common_name_covers: bool,
    /// SHA-256 of the leaf's DER, lower-case hexadecimal.
    pub sha256: String,
}

/// Who vouches for a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum IssuedBy {
    /// Nobody but itself: each client must be told to trust this very certificate.
    SelfSigned,
    /// An authority whose root is among the certificates and that is not on Mozilla's list: clients must be told to
    /// trust that root.
    Private,
    /// An authority on Mozilla's list of the day Berth was built.
    Public,
    /// An authority that is not on that list and whose root is absent.
    Unknown,
}

/// One certificate of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ChainRung {
    /// Subject.
    pub subject: String,
    /// Issuer.
    pub issuer: String,
    /// First moment it is valid.
    pub not_before: String,
    /// Last moment it is valid.
    pub not_after: String,
    /// Whole days left; negative once expired.
    pub days_left: i32,
    /// `leaf`, `intermediate` or `root`.
    pub role: String,
    /// Signed by the next rung (or by itself, for a root); `None` for the last rung when its issuer is absent, and
    /// where the algorithm cannot be checked here.
    pub signed_by_next: Option<bool>,
    /// What is wrong with it; empty when nothing is.
    pub problems: Vec<RungProblem>,
    /// SHA-256 of its DER, lower-case hexadecimal.
    pub sha256: String,
}

/// What is wrong with a rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RungProblem {
    /// It has expired.
    Expired,
    /// It is not valid yet.
    NotYetValid,
    /// It stands above another certificate without being marked as an authority.
    NotAnAuthority,
    /// The next rung bears the issuer's name but did not sign it.
    NotSignedByNext,
    /// Its issuer is not among the certificates, and it is no authority itself: clients cannot find the way up.
    IssuerMissing,
    /// Signed over SHA-1, MD5 or older. Not said of a root, whose own signature nobody relies on.
    WeakSignature,
    /// Its key is too short.
    WeakKey,
}

/// What one of the given files held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SourceFile {
    /// Its label, most often the file's name.
    pub file: String,
    /// Certificates in it.
    pub certificates: u32,
    /// Private keys in it that could be read.
    pub keys: u32,
    /// True when it had text outside its blocks (bag attributes, comments), which is left out of the result.
    pub other_text: bool,
}
