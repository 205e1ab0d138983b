//! Reads keys with passphrases and PKCS#12 files, made at test time by OpenSSL in every way it supports, and by
//! keytool.

use crate::{corpus, pair_of};
use berth_certs::{Material, Pair};
use berth_domain::certificate::{KeyEncryption, PairProblem};
use secrecy::{ExposeSecret, SecretString};
use std::path::Path;
use std::process::Command;

const PASSPHRASE: &str = "lösen ord";

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

/// Runs OpenSSL in a folder with the corpus's chain and keys. Arguments are separated by spaces; `@` stands for the
/// passphrase.
fn openssl(folder: &Path, command: &str) {
    let words = command.split(' ').map(|word| word.replace('@', PASSPHRASE));
    let output = Command::new("openssl")
        .args(words)
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {command}: {said}");
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["fullchain.pem", "server.key", "ec.pem", "ec.key"] {
        let (_, bytes) = corpus(name);
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// Reads what OpenSSL wrote to `out`, together with the chain.
fn bring(folder: &Path, chain: &str, passphrase: Option<&str>) -> Result<Pair, PairProblem> {
    let made = std::fs::read(folder.join("out")).unwrap();
    let files = [corpus(chain), ("out".to_owned(), made)];
    Pair::from_files_with(&files, passphrase.map(secret).as_ref())
}

fn wrong() -> PairProblem {
    PairProblem::WrongPassphrase { file: "out".into() }
}

#[test]
fn encrypted_keys_of_every_kind_are_opened() {
    let folder = folder();
    let pkcs8 = |how: &str| format!("pkcs8 -topk8 -in server.key -passout pass:@ -out out {how}");
    let rsa = |how: &str| format!("rsa -traditional -in server.key -passout pass:@ -out out {how}");
    let with_old = "-provider legacy -provider default";
    let cases = [
        (pkcs8("-v2 aes-256-cbc"), KeyEncryption::Pkcs8),
        (pkcs8("-v2 aes-128-cbc -v2prf hmacWithSHA1"), KeyEncryption::Pkcs8),
        (
            pkcs8("-v2 aes-192-cbc -v2prf hmacWithSHA512"),
            KeyEncryption::Pkcs8,
        ),
        (pkcs8("-v2 des3"), KeyEncryption::Pkcs8),
        (pkcs8("-scrypt -scrypt_N 1024"), KeyEncryption::Pkcs8),
        (pkcs8("-v1 PBE-SHA1-3DES"), KeyEncryption::Pkcs8),
        (
            pkcs8(&format!("-v1 PBE-SHA1-RC2-40 {with_old}")),
            KeyEncryption::Pkcs8,
        ),
        (
            pkcs8(&format!("-v1 PBE-MD5-DES {with_old}")),
            KeyEncryption::Pkcs8,
        ),
        (pkcs8("-outform DER"), KeyEncryption::Pkcs8),
        (rsa("-aes128"), KeyEncryption::Legacy),
        (rsa("-aes192"), KeyEncryption::Legacy),
        (rsa("-aes256"), KeyEncryption::Legacy),
        (rsa("-des3"), KeyEncryption::Legacy),
        (rsa(&format!("-des {with_old}")), KeyEncryption::Legacy),
    ];
    let plain = pair_of(&["fullchain.pem", "server.key"]).unwrap();
    for (command, form) in cases {
        openssl(folder.path(), &command);
        let pair = bring(folder.path(), "fullchain.pem", Some(PASSPHRASE))
            .unwrap_or_else(|problem| panic!("{command}: {problem}"));
        assert_eq!(
            pair.key_pem().expose_secret(),
            plain.key_pem().expose_secret(),
            "{command}"
        );
        let missing = bring(folder.path(), "fullchain.pem", None).map(drop);
        let expected = PairProblem::EncryptedKey {
            file: "out".into(),
            line: 1,
            form,
        };
        assert_eq!(missing, Err(expected), "{command}");
        for other in ["lösenord", ""] {
            let refused = bring(folder.path(), "fullchain.pem", Some(other)).map(drop);
            assert_eq!(refused, Err(wrong()), "{command} with {other:?}");
        }
    }
    openssl(folder.path(), "ec -aes256 -in ec.key -passout pass:@ -out out");
    bring(folder.path(), "ec.pem", Some(PASSPHRASE)).unwrap();
}

#[test]
fn unsupported_encryption_is_named() {
    let folder = folder();
    for (command, scheme) in [
        (
            "pkcs8 -topk8 -v1 PBE-SHA1-RC4-128 -provider legacy -provider default",
            "pbeWithSHAAnd128BitRC4",
        ),
        (
            "pkcs8 -topk8 -v1 PBE-SHA1-DES -provider legacy -provider default",
            "pbeWithSHA1AndDES-CBC",
        ),
        ("pkcs8 -topk8 -v2 camellia-256-cbc", "Camellia-256-CBC"),
        (
            "pkcs8 -topk8 -v2 aes-256-cbc -iter 2000001",
            "a derivation that takes too long",
        ),
        ("rsa -traditional -camellia256", "CAMELLIA-256-CBC"),
    ] {
        openssl(
            folder.path(),
            &format!("{command} -in server.key -passout pass:@ -out out"),
        );
        let refused = bring(folder.path(), "fullchain.pem", Some(PASSPHRASE)).map(drop);
        let expected = PairProblem::UnsupportedEncryption {
            file: "out".into(),
            scheme: scheme.into(),
        };
        assert_eq!(refused, Err(expected), "{command}");
    }
}

fn open(folder: &Path, passphrase: Option<&str>) -> Result<Pair, PairProblem> {
    let made = std::fs::read(folder.join("out")).unwrap();
    Pair::from_files_with(&[("out", made)], passphrase.map(secret).as_ref())
}

#[test]
fn pkcs12_files_of_every_kind_are_opened() {
    let folder = folder();
    let plain = pair_of(&["fullchain.pem", "server.key"]).unwrap();
    let export = "pkcs12 -export -in fullchain.pem -inkey server.key -passout pass:@ -out out";
    for how in [
        "",
        " -legacy",
        " -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
        " -keypbe AES-128-CBC -certpbe AES-192-CBC",
        " -certpbe NONE",
        " -macalg sha512",
        " -name Skölden",
        " -iter 1 -maciter",
    ] {
        openssl(folder.path(), &format!("{export}{how}"));
        let pair = open(folder.path(), Some(PASSPHRASE)).unwrap_or_else(|problem| panic!("{how}: {problem}"));
        assert_eq!(
            pair.bundle().expose_secret(),
            plain.bundle().expose_secret(),
            "{how}"
        );
        let sources = pair.inspect(None, crate::today()).sources;
        assert_eq!((sources[0].certificates, sources[0].keys), (3, 1), "{how}");
        let file = || "out".to_owned();
        let missing = open(folder.path(), None).map(drop);
        assert_eq!(
            missing,
            Err(PairProblem::EncryptedPkcs12 { file: file() }),
            "{how}"
        );
        assert_eq!(
            open(folder.path(), Some("lösenord")).map(drop),
            Err(wrong()),
            "{how}"
        );
    }
    // Nothing is encrypted, so any passphrase works, and none.
    openssl(
        folder.path(),
        &format!("{export} -keypbe NONE -certpbe NONE -nomac"),
    );
    assert!(open(folder.path(), None).is_ok() && open(folder.path(), Some("x")).is_ok());
    // An empty password counts as no password.
    let empty = export.replace("pass:@", "pass:");
    openssl(folder.path(), &empty);
    assert!(open(folder.path(), None).is_ok() && open(folder.path(), Some("")).is_ok());
    // Only certificates: an authority's chain for a key from another file.
    openssl(
        folder.path(),
        "pkcs12 -export -nokeys -in fullchain.pem -passout pass:@ -out out",
    );
    let pair = Pair::from_files_with(
        &[
            (
                "out".to_owned(),
                std::fs::read(folder.path().join("out")).unwrap(),
            ),
            corpus("server.key"),
        ],
        Some(&secret(PASSPHRASE)),
    );
    assert_eq!(pair.unwrap().chain_der().len(), 3);
}

#[test]
fn unsupported_pkcs12_files_are_named() {
    let folder = folder();
    for (how, scheme) in [
        ("PBE-SHA1-RC4-128", "pbeWithSHAAnd128BitRC4"),
        ("PBE-SHA1-2DES", "pbeWithSHAAnd2-KeyTripleDES-CBC"),
        ("PBE-SHA1-RC2-128", "pbeWithSHAAnd128BitRC2-CBC"),
    ] {
        openssl(
            folder.path(),
            &format!(
                "pkcs12 -export -in fullchain.pem -inkey server.key -passout pass:@ -out out -legacy -keypbe {how} -certpbe {how}"
            ),
        );
        let expected = PairProblem::UnsupportedEncryption {
            file: "out".into(),
            scheme: scheme.into(),
        };
        assert_eq!(
            open(folder.path(), Some(PASSPHRASE)).map(drop),
            Err(expected),
            "{how}"
        );
    }
}

#[test]
fn a_ber_file_of_nss_is_opened() {
    // Made by NSS 3.87: pk12util -o nss.p12 -n ml -W test.
    let files = [corpus("nss.p12")];
    let pair = Pair::from_files_with(&files, Some(&secret("test"))).unwrap();
    let facts = pair.inspect(Some("ml.contoso.com"), jiff::Timestamp::now());
    assert_eq!(facts.covers, Some(true));
    assert!(facts.complete, "{facts:?}");
    let file = || "nss.p12".into();
    for (passphrase, expected) in [
        (Some("tset"), PairProblem::WrongPassphrase { file: file() }),
        (None, PairProblem::EncryptedPkcs12 { file: file() }),
    ] {
        let read = Pair::from_files_with(&files, passphrase.map(secret).as_ref());
        assert_eq!(read.map(drop), Err(expected));
    }
}

#[test]
fn a_new_java_key_store_is_opened() {
    let files = [corpus("java.p12")];
    let pair = Pair::from_files_with(&files, Some(&secret("changeit"))).unwrap();
    assert_eq!(
        pair.inspect(Some("ml.contoso.com"), jiff::Timestamp::now())
            .covers,
        Some(true)
    );
    let wrong = Pair::from_files_with(&files, Some(&secret("changed")));
    let expected = PairProblem::WrongPassphrase {
        file: "java.p12".into(),
    };
    assert_eq!(wrong.map(drop), Err(expected));
}

#[test]
fn text_from_the_clipboard_is_read_like_a_file() {
    let text: String = ["fullchain.pem", "server.key"]
        .iter()
        .map(|name| String::from_utf8(corpus(name).1).unwrap())
        .collect();
    let pasted = format!("From: Authority\r\n\r\n> \u{201c}{text}\u{201d}\r\n-- \r\nRegards");
    // A quotation mark before the first delimiter breaks its line, and is reported.
    assert!(matches!(
        Material::from_files(&[("clipboard", pasted.as_bytes())]).map(drop),
        Err(PairProblem::BrokenMarker { line: 3, .. })
    ));
    let pasted = pasted.replace(['\u{201c}', '\u{201d}'], "\n");
    Pair::from_files(&[("clipboard", pasted.as_bytes())]).unwrap();
}

#[test]
fn debug_does_not_show_the_passphrase() {
    let files = [corpus("fullchain.pem"), corpus("encrypted.key")];
    let pair = Pair::from_files_with(&files, Some(&secret("test"))).unwrap();
    assert!(!format!("{pair:?}").contains("test\""));
}
