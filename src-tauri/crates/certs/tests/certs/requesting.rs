//! OpenSSL reads and answers the requests, and the answer finds its key.

use crate::{corpus, files, today};
use berth_certs::generate::{self, GenerateError};
use berth_certs::request::{self, Waiting};
use berth_certs::{Material, Pair};
use berth_domain::certificate::PairProblem;
use berth_domain::spec::KeyKind;
use secrecy::ExposeSecret;
use std::path::Path;
use std::process::Command;

const NAMES: &[&str] = &["ml.contoso.com", "*.models.contoso.com", "10.0.0.4"];

fn openssl(folder: &Path, command: &str) -> String {
    let output = Command::new("openssl")
        .args(command.split(' '))
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {command}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned() + &said
}

/// A local authority in files, for OpenSSL.
fn authority(folder: &Path) -> Pair {
    let root = generate::authority("An authority", KeyKind::EcdsaP256, 100, today()).unwrap();
    std::fs::write(folder.join("ca.pem"), root.chain_pem()).unwrap();
    std::fs::write(folder.join("ca.key"), root.key_pem().expose_secret()).unwrap();
    root
}

#[test]
fn openssl_reads_a_request_and_its_answer_finds_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    authority(folder);
    for (kind, text) in [
        (KeyKind::EcdsaP256, "NIST CURVE: P-256"),
        (KeyKind::EcdsaP384, "NIST CURVE: P-384"),
        (KeyKind::Rsa2048, "(2048 bit)"),
        (KeyKind::Rsa3072, "(3072 bit)"),
    ] {
        let made = request::make(NAMES, kind).unwrap();
        std::fs::write(folder.join("it.csr"), &made.pem).unwrap();
        let shown = openssl(folder, "req -in it.csr -verify -noout -text");
        for part in [
            text,
            "verify OK",
            "CN = ml.contoso.com",
            "DNS:ml.contoso.com, DNS:*.models.contoso.com, IP Address:10.0.0.4",
            "TLS Web Server Authentication",
        ] {
            assert!(shown.contains(part), "{kind:?} lacks {part}: {shown}");
        }
        // The key is stored in the vault and read back as text.
        let waiting = Waiting::read("vault", &made.waiting.bundle()).unwrap();
        assert_eq!(waiting.public_key(), made.waiting.public_key());
        openssl(
            folder,
            "x509 -req -in it.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -copy_extensions copyall -out it.pem",
        );
        openssl(
            folder,
            "crl2pkcs7 -nocrl -certfile ca.pem -certfile it.pem -outform DER -out it.p7b",
        );
        openssl(folder, "x509 -in it.pem -outform DER -out it.cer");
        for names in [&["it.pem", "ca.pem"][..], &["it.p7b"], &["ca.pem", "it.cer"]] {
            let answer: Vec<(&str, Vec<u8>)> = names
                .iter()
                .map(|name| (*name, std::fs::read(folder.join(name)).unwrap()))
                .collect();
            let keys = Material::from_files(&answer).unwrap().public_keys();
            assert!(keys.contains(&waiting.public_key()), "{kind:?} {names:?}");
            let pair = waiting.answered(&answer).unwrap();
            let facts = pair.inspect(Some("resnet.models.contoso.com"), jiff::Timestamp::now());
            assert_eq!((facts.covers, facts.chain.len()), (Some(true), 2));
        }
    }
}

#[test]
fn the_certificate_of_another_key_is_refused() {
    let waiting = request::make(NAMES, KeyKind::EcdsaP256).unwrap().waiting;
    let answer = files(&["fullchain.pem"]);
    let keys = Material::from_files(&answer).unwrap().public_keys();
    assert!(keys.len() == 3 && !keys.contains(&waiting.public_key()));
    assert!(matches!(
        waiting.answered(&answer).map(drop),
        Err(PairProblem::KeyOfAnotherCertificate { .. })
    ));
    assert!(matches!(
        waiting.answered(&[corpus("server.csr")]).map(drop),
        Err(PairProblem::IsCsr { .. })
    ));
}

#[test]
fn invalid_names_are_refused() {
    assert!(matches!(
        request::make(&[], KeyKind::EcdsaP256),
        Err(GenerateError::NoName)
    ));
    assert!(matches!(
        request::make(&["\u{e5}.se"], KeyKind::EcdsaP256),
        Err(GenerateError::Name { .. })
    ));
}

#[test]
fn a_waiting_key_is_not_shown() {
    let made = request::make(NAMES, KeyKind::EcdsaP256).unwrap();
    let key = made.waiting.bundle();
    let line = key.expose_secret().lines().nth(1).unwrap();
    assert!(!format!("{made:?}").contains(line));
    assert!(made.pem.starts_with("-----BEGIN CERTIFICATE REQUEST-----\n"));
    let nothing = secrecy::SecretString::from("-----BEGIN X-----\n-----END X-----\n");
    assert!(Waiting::read("vault", &nothing).is_err());
}
