//! Tests damaged files: each damage is reported by name and line, and harmless oddities are not.

use crate::{corpus, files};
use berth_certs::{MAX_FILE_BYTES, Pair};
use berth_domain::certificate::PairProblem;
use secrecy::ExposeSecret;

/// An ordinary pair in one file: certificate from line 1, then the key.
fn text() -> String {
    files(&["server.pem", "server.key"])
        .into_iter()
        .map(|(_, bytes)| String::from_utf8(bytes).unwrap())
        .collect()
}

fn problem_of(bytes: &[u8]) -> Option<PairProblem> {
    Pair::from_files(&[("it.pem", bytes)]).err()
}

#[test]
fn each_damage_is_reported_with_its_line() {
    let file = || "it.pem".to_owned();
    let certificate = || "CERTIFICATE".to_owned();
    let text = text();
    let line = |number: usize| text.lines().nth(number - 1).unwrap().to_owned();
    let key_line = text
        .lines()
        .position(|line| line.contains("BEGIN PRIVATE"))
        .unwrap() as u32
        + 1;
    let with = |number: usize, new: &str| text.replacen(&line(number), new, 1);
    let bare: String = text
        .lines()
        .take_while(|line| !line.contains("END"))
        .filter(|line| !line.contains('-'))
        .collect();
    let cases: Vec<(&str, Vec<u8>, PairProblem)> = vec![
        ("empty", vec![], PairProblem::Empty { file: file() }),
        (
            "blank",
            b" \r\n\t\n".to_vec(),
            PairProblem::Empty { file: file() },
        ),
        (
            "prose",
            b"Dear Contoso, please find".to_vec(),
            PairProblem::NotPem { file: file() },
        ),
        (
            "binary",
            (1..=255).collect(),
            PairProblem::NotPem { file: file() },
        ),
        (
            "no markers",
            bare.into_bytes(),
            PairProblem::NoMarkers { file: file() },
        ),
        (
            "bad base64",
            with(3, "MII*").into(),
            PairProblem::BrokenBase64 {
                file: file(),
                line: 3,
                block: certificate(),
            },
        ),
        (
            "letter lost",
            with(3, &line(3)[1..]).into(),
            PairProblem::BrokenBase64 {
                file: file(),
                line: 1,
                block: certificate(),
            },
        ),
        (
            "non-ASCII",
            with(4, "MIIö").into(),
            PairProblem::NonAscii {
                file: file(),
                line: 4,
                block: certificate(),
            },
        ),
        (
            "no-break space",
            with(4, &format!("\u{a0}{}", line(4))).into(),
            PairProblem::NonAscii {
                file: file(),
                line: 4,
                block: certificate(),
            },
        ),
        (
            "cut off in the certificate",
            text.lines().take(5).collect::<Vec<_>>().join("\n").into(),
            PairProblem::MissingEnd {
                file: file(),
                line: 1,
                block: certificate(),
            },
        ),
        (
            "cut off in the key",
            text[..text.len() - 30].into(),
            PairProblem::MissingEnd {
                file: file(),
                line: key_line,
                block: "PRIVATE KEY".into(),
            },
        ),
        (
            "END lost",
            text.replacen("-----END CERTIFICATE-----\n", "", 1).into(),
            PairProblem::MissingEnd {
                file: file(),
                line: 1,
                block: certificate(),
            },
        ),
        (
            "END of another kind",
            text.replacen("END CERTIFICATE", "END PRIVATE KEY", 1).into(),
            PairProblem::MissingEnd {
                file: file(),
                line: 1,
                block: certificate(),
            },
        ),
        (
            "dash lost",
            text.replacen("-----BEGIN PRIVATE KEY-----", "----BEGIN PRIVATE KEY-----", 1)
                .into(),
            PairProblem::BrokenMarker {
                file: file(),
                line: key_line,
            },
        ),
        (
            "all on one line",
            text.replace('\n', " ").into(),
            PairProblem::BrokenMarker {
                file: file(),
                line: 1,
            },
        ),
        (
            "BEGIN lost",
            text.replacen("-----BEGIN CERTIFICATE-----\n", "", 1).into(),
            PairProblem::BrokenMarker {
                file: file(),
                line: text.lines().position(|l| l.contains("END")).unwrap() as u32,
            },
        ),
        (
            "empty certificate",
            "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n".into(),
            PairProblem::UnreadableCertificate {
                file: file(),
                line: 1,
            },
        ),
        (
            "a key that says it is a certificate",
            text.replace("PRIVATE KEY", "CERTIFICATE").into(),
            PairProblem::UnreadableCertificate {
                file: file(),
                line: key_line,
            },
        ),
        (
            "a certificate that says it is a key",
            text.replace("CERTIFICATE", "PRIVATE KEY").into(),
            PairProblem::UnreadableKey {
                file: file(),
                line: 1,
            },
        ),
        (
            "a PKCS#8 key that says it is RSA",
            text.replace("PRIVATE KEY", "RSA PRIVATE KEY").into(),
            PairProblem::UnreadableKey {
                file: file(),
                line: key_line,
            },
        ),
        (
            "too big",
            vec![b'\n'; MAX_FILE_BYTES + 1],
            PairProblem::TooBig {
                file: file(),
                bytes: 1_048_577,
                limit: 1_048_576,
            },
        ),
    ];
    for (what, bytes, expected) in cases {
        assert_eq!(problem_of(&bytes), Some(expected), "{what}");
    }
}

#[test]
fn harmless_oddities_are_tolerated() {
    let text = text();
    for (what, odd) in [
        (
            "indented",
            text.lines()
                .map(|line| format!("    {line}  \n"))
                .collect::<String>(),
        ),
        ("old Mac", text.replace('\n', "\r")),
        ("Windows", text.replace('\n', "\r\n")),
        ("no end of line", text.trim_end().to_owned()),
        ("byte order mark", format!("\u{feff}{text}")),
        ("blank lines", text.replace('\n', "\n\n")),
        (
            "text between",
            text.replace("-----BEGIN", "Nyckel för åäö: hemlig\n\n-----BEGIN"),
        ),
        ("one long line each", {
            let joined = text.replace('\n', "");
            joined
                .replace("-----BEGIN", "\n-----BEGIN")
                .replace("KEY-----", "KEY-----\n")
                .replace("CATE-----", "CATE-----\n")
                .replace("-----END", "\n-----END")
        }),
        (
            "old name",
            text.replace("BEGIN CERT", "BEGIN X509 CERT")
                .replace("END CERT", "END X509 CERT"),
        ),
        (
            "headers",
            text.replace(
                "BEGIN PRIVATE KEY-----\n",
                "BEGIN PRIVATE KEY-----\nComment: mine\n\n",
            ),
        ),
    ] {
        let pair = Pair::from_files(&[("it.pem", odd.as_bytes())])
            .unwrap_or_else(|problem| panic!("{what}: {problem}"));
        assert_eq!(
            format!("{}{}", pair.chain_pem(), pair.key_pem().expose_secret()),
            text,
            "{what}"
        );
    }
}

#[test]
fn a_key_with_wrong_numbers_is_unreadable() {
    let (name, mut der) = corpus("key.pkcs8.der");
    let at = der.len() - 40;
    der[at] ^= 0x55;
    let text = pem_of("PRIVATE KEY", &der);
    let expected = PairProblem::UnreadableKey {
        file: name.clone(),
        line: 1,
    };
    assert_eq!(Pair::from_files(&[(name, text)]).map(drop), Err(expected));
}

/// Wraps any bytes in a PEM block.
pub(crate) fn pem_of(label: &str, der: &[u8]) -> String {
    use base64::Engine;
    let base64 = base64::prelude::BASE64_STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n")
}
