//! Every problem with the files of a certificate and key.

use berth_domain::certificate::{KeyEncryption, PairProblem};

pub(super) fn all() -> Vec<(&'static str, PairProblem)> {
    let (file, why) = ("k.pem".to_owned(), "denied".to_owned());
    let unreadable = PairProblem::UnreadableFile { file, why };
    let (file, line, block) = (String::from("server.key"), 3, String::from("CERTIFICATE"));
    let files = vec![file.clone()];
    vec![
        ("TLS-11.empty", PairProblem::Empty { file: file.clone() }),
        (
            "TLS-11.too_big",
            PairProblem::TooBig {
                file: file.clone(),
                bytes: 9,
                limit: 8,
            },
        ),
        (
            "TLS-11.too_many_certificates",
            PairProblem::TooManyCertificates { count: 9, limit: 8 },
        ),
        ("TLS-11.not_pem", PairProblem::NotPem { file: file.clone() }),
        ("TLS-11.no_markers", PairProblem::NoMarkers { file: file.clone() }),
        (
            "TLS-11.broken_marker",
            PairProblem::BrokenMarker {
                file: file.clone(),
                line,
            },
        ),
        (
            "TLS-11.missing_end",
            PairProblem::MissingEnd {
                file: file.clone(),
                line,
                block: block.clone(),
            },
        ),
        (
            "TLS-11.broken_base64",
            PairProblem::BrokenBase64 {
                file: file.clone(),
                line,
                block: block.clone(),
            },
        ),
        (
            "TLS-11.non_ascii",
            PairProblem::NonAscii {
                file: file.clone(),
                line,
                block,
            },
        ),
        ("TLS-11.is_der", PairProblem::IsDer { file: file.clone() }),
        (
            "TLS-11.encrypted_pkcs12",
            PairProblem::EncryptedPkcs12 { file: file.clone() },
        ),
        (
            "TLS-11.unreadable_pkcs12",
            PairProblem::UnreadablePkcs12 { file: file.clone() },
        ),
        (
            "TLS-11.wrong_passphrase",
            PairProblem::WrongPassphrase { file: file.clone() },
        ),
        (
            "TLS-11.unsupported_encryption",
            PairProblem::UnsupportedEncryption {
                file: file.clone(),
                scheme: "Camellia-256-CBC".into(),
            },
        ),
        ("TLS-11.is_pkcs7", PairProblem::IsPkcs7 { file: file.clone() }),
        ("TLS-11.not_a_file", PairProblem::NotAFile { file: file.clone() }),
        ("TLS-11.elsewhere", PairProblem::Elsewhere { file: file.clone() }),
        ("TLS-11.unreadable_file", unreadable),
        (
            "TLS-11.is_java_keystore",
            PairProblem::IsJavaKeystore { file: file.clone() },
        ),
        ("TLS-11.is_csr", PairProblem::IsCsr { file: file.clone() }),
        (
            "TLS-11.is_public_key",
            PairProblem::IsPublicKey { file: file.clone() },
        ),
        (
            "TLS-11.encrypted_key",
            PairProblem::EncryptedKey {
                file: file.clone(),
                line,
                form: KeyEncryption::Pkcs8,
            },
        ),
        (
            "TLS-11.unreadable_certificate",
            PairProblem::UnreadableCertificate {
                file: file.clone(),
                line,
            },
        ),
        (
            "TLS-11.unreadable_key",
            PairProblem::UnreadableKey {
                file: file.clone(),
                line,
            },
        ),
        (
            "TLS-11.unsupported_key",
            PairProblem::UnsupportedKey {
                file: file.clone(),
                line,
                kind: "DSA".into(),
            },
        ),
        ("TLS-11.no_key", PairProblem::NoKey { files: files.clone() }),
        (
            "TLS-11.no_certificate",
            PairProblem::NoCertificate { files: files.clone() },
        ),
        ("TLS-11.not_stored", PairProblem::NotStored { id: "gone".into() }),
        ("TLS-11.several_keys", PairProblem::SeveralKeys { files }),
        (
            "TLS-11.key_of_another_certificate",
            PairProblem::KeyOfAnotherCertificate {
                file,
                subject: "CN=a".into(),
            },
        ),
    ]
}
