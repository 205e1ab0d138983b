//! Facts about a certificate and its key: plain data that `berth-certs` reads from files or from a TLS connection.
//!
//! The rules decide which fact blocks, warns or informs. The catalogues have the text for each [`PairProblem`], by its code;
//! its `Display` is for logs and the command line.

mod problem;

pub use problem::{KeyEncryption, PairProblem};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything known about a certificate chain and, if given, its key.
///
/// Dates are RFC 3339 in UTC. The leaf is the server's own certificate.
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
    /// Names of the leaf: the DNS names and IP addresses in its subject alternative names, otherwise its common name.
    pub names: Vec<String>,
    /// Start of the leaf's validity.
    pub not_before: String,
    /// End of the leaf's validity.
    pub not_after: String,
    /// Whole days from the check to `not_after`, rounded down; negative once expired.
    pub days_left: i32,
    /// Length of the leaf's validity period, in days.
    pub life_days: i32,
    /// Whether the check was before `not_before`.
    pub not_yet_valid: bool,
    /// Whether the check was after `not_after`.
    pub expired: bool,
    /// `RSA`, `ECDSA P-256`, `Ed25519`, or an object identifier.
    pub key_type: String,
    /// Size of the leaf's public key in bits; 0 if unknown.
    pub key_bits: u32,
    /// RSA below 2048 bits, a curve below 256 bits, or a type no TLS client accepts (NIST SP 800-57 part 1, table 2).
    pub weak_key: bool,
    /// RSA with at least 2048 bits, or ECDSA on P-256 or P-384: accepted by every TLS 1.2 front end and client, and the only
    /// types that Mozilla's root store policy (section 5.1) allows public authorities.
    pub usual_key: bool,
    /// Signature algorithm of the leaf: `ecdsa-with-SHA256`, `sha256WithRSAEncryption`, or an object identifier.
    pub signature: String,
    /// Whether the leaf is signed with SHA-1, MD5 or older.
    pub weak_signature: bool,
    /// Whether a private key was given.
    pub key_given: bool,
    /// Whether the key belongs to the leaf; false if no key was given.
    pub key_matches: bool,
    /// The chain, sorted leaf first.
    pub chain: Vec<ChainCertificate>,
    /// Whether the files had the chain leaf first; false if Berth sorted it.
    pub in_order: bool,
    /// Whether each certificate is signed by the next, up to a self-signed root or an intermediate whose root is absent.
    pub signed_in_order: bool,
    /// Whether the chain reaches a root or an intermediate. A lone leaf that is not self-signed is incomplete.
    pub complete: bool,
    /// Whether the root is among the certificates.
    pub root_included: bool,
    /// Issuer of the topmost certificate, if absent; `None` if the root is included.
    pub missing_issuer: Option<String>,
    /// Subjects of given certificates that are not part of the chain and were left out.
    pub left_out: Vec<String>,
    /// Contents of each file; empty for a chain read from a TLS connection.
    pub sources: Vec<SourceFile>,
    /// Kind of issuer.
    pub issued_by: IssuedBy,
    /// Whether the leaf is self-signed.
    pub self_signed: bool,
    /// Whether the leaf is marked as a certificate authority.
    pub leaf_is_ca: bool,
    /// Whether the extended key usage includes server authentication; `None` if the extension is absent, which allows every
    /// usage.
    pub server_auth: Option<bool>,
    /// The name to check, in lower case without a final dot; `None` if none was given.
    pub cname: Option<String>,
    /// Whether the leaf covers `cname`; `None` if no name was given.
    pub covers: Option<bool>,
    /// Whether only the common name covers `cname`. Modern clients ignore it (RFC 9525, section 2).
    pub only_common_name_covers: bool,
    /// SHA-256 of the leaf's DER, lower-case hexadecimal.
    pub sha256: String,
}

/// The kind of issuer of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum IssuedBy {
    /// Self-signed: clients must be configured to trust this certificate.
    SelfSigned,
    /// A private authority: its root is among the certificates but not on Mozilla's list. Clients must be configured to
    /// trust that root.
    Private,
    /// A public authority, on Mozilla's list when Berth was built.
    Public,
    /// Not on that list, and the root is absent.
    Unknown,
}

/// One certificate of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ChainCertificate {
    pub subject: String,
    pub issuer: String,
    /// Start of validity.
    pub not_before: String,
    /// End of validity.
    pub not_after: String,
    /// Whole days left; negative once expired.
    pub days_left: i32,
    /// `leaf`, `intermediate` or `root`.
    pub role: String,
    /// Whether the next certificate signed it (or, for a root, it signed itself). `None` if the issuer is absent or the
    /// algorithm is not supported.
    pub signed_by_next: Option<bool>,
    /// Problems found; empty if there are none.
    pub problems: Vec<ChainProblem>,
    /// SHA-256 of its DER, lower-case hexadecimal.
    pub sha256: String,
}

/// A problem with one certificate of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ChainProblem {
    Expired,
    NotYetValid,
    /// It issued another certificate but is not marked as a certificate authority.
    NotAnAuthority,
    /// The next certificate has the issuer's name but did not sign it.
    NotSignedByNext,
    /// Its issuer is absent and it is not an authority itself, so clients cannot build a chain.
    IssuerMissing,
    /// It is signed with SHA-1, MD5 or older. Not reported for a root, whose own signature is never relied on.
    WeakSignature,
    /// Its key is too short.
    WeakKey,
}

/// Contents of one of the given files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SourceFile {
    /// Label of the file, usually its name.
    pub file: String,
    /// Number of certificates.
    pub certificates: u32,
    /// Number of readable private keys.
    pub keys: u32,
    /// Whether it has text outside the PEM blocks (bag attributes, comments), which is dropped.
    pub other_text: bool,
}
