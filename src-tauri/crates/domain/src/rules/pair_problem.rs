//! The words for files that make no certificate with its key: one variant of rule TLS-11 for each problem.

use crate::certificate::PairProblem;

/// Codes of rule TLS-11.
pub(super) const CODES: &[&str] = &[
    "TLS-11.broken_base64",
    "TLS-11.broken_marker",
    "TLS-11.curve",
    "TLS-11.empty",
    "TLS-11.encrypted_key",
    "TLS-11.encrypted_pkcs12",
    "TLS-11.is_csr",
    "TLS-11.is_der",
    "TLS-11.is_java_keystore",
    "TLS-11.is_pkcs7",
    "TLS-11.is_public_key",
    "TLS-11.key_of_another_certificate",
    "TLS-11.missing_end",
    "TLS-11.no_certificate",
    "TLS-11.no_key",
    "TLS-11.no_markers",
    "TLS-11.non_ascii",
    "TLS-11.not_pem",
    "TLS-11.several_keys",
    "TLS-11.too_big",
    "TLS-11.too_many_certificates",
    "TLS-11.unreadable_certificate",
    "TLS-11.unreadable_key",
    "TLS-11.unreadable_pkcs12",
    "TLS-11.unsupported_encryption",
    "TLS-11.unsupported_key",
    "TLS-11.wrong_passphrase",
];

/// The variant that words a problem: its code on the wire.
pub(super) fn variant(problem: &PairProblem) -> &'static str {
    match problem {
        PairProblem::Empty { .. } => "empty",
        PairProblem::TooBig { .. } => "too_big",
        PairProblem::TooManyCertificates { .. } => "too_many_certificates",
        PairProblem::NotPem { .. } => "not_pem",
        PairProblem::NoMarkers { .. } => "no_markers",
        PairProblem::BrokenMarker { .. } => "broken_marker",
        PairProblem::MissingEnd { .. } => "missing_end",
        PairProblem::BrokenBase64 { .. } => "broken_base64",
        PairProblem::NonAscii { .. } => "non_ascii",
        PairProblem::IsDer { .. } => "is_der",
        PairProblem::IsPkcs7 { .. } => "is_pkcs7",
        PairProblem::IsJavaKeystore { .. } => "is_java_keystore",
        PairProblem::IsCsr { .. } => "is_csr",
        PairProblem::IsPublicKey { .. } => "is_public_key",
        PairProblem::EncryptedKey { .. } => "encrypted_key",
        PairProblem::EncryptedPkcs12 { .. } => "encrypted_pkcs12",
        PairProblem::WrongPassphrase { .. } => "wrong_passphrase",
        PairProblem::UnsupportedEncryption { .. } => "unsupported_encryption",
        PairProblem::UnreadablePkcs12 { .. } => "unreadable_pkcs12",
        PairProblem::UnreadableCertificate { .. } => "unreadable_certificate",
        PairProblem::UnreadableKey { .. } => "unreadable_key",
        PairProblem::UnsupportedKey { .. } => "unsupported_key",
        PairProblem::NoKey { .. } => "no_key",
        PairProblem::NoCertificate { .. } => "no_certificate",
        PairProblem::SeveralKeys { .. } => "several_keys",
        PairProblem::KeyOfAnotherCertificate { .. } => "key_of_another_certificate",
    }
}
