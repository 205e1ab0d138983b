//! No input makes a reader panic, and what is accepted is valid.

use crate::damage::pem_of;
use crate::{corpus, today};
use berth_certs::{Material, Pair};
use proptest::prelude::*;
use proptest::sample::Index;
use rustls_pki_types::CertificateDer;
use secrecy::ExposeSecret;

/// Files that reach each branch of the readers.
const SEEDS: &[&str] = &[
    "bag-attributes.pem",
    "ec.key",
    "ec.pem",
    "ed25519.key",
    "encrypted.legacy.key",
    "fullchain.pem",
    "p521.key",
    "pss.pem",
    "server.csr",
    "server.key",
    "server.p7b",
    "server.pkcs1.key",
    "server.text.pem",
    "trusted.pem",
    "utf16.pem",
];

/// Reads the bytes in every way. A panic is the failure.
fn look(files: &[(&str, &[u8])]) {
    if let Ok(material) = Material::from_files(files) {
        let facts = material.inspect(Some("ml.contoso.com"), today());
        assert!(!facts.chain.is_empty());
        if let Ok(pair) = material.into_pair() {
            assert!(pair.inspect(None, today()).key_matches);
            let again = Pair::from_files(&[("again", pair.bundle().expose_secret())]).unwrap();
            assert_eq!(again.chain_der(), pair.chain_der());
        }
    }
}

/// A single change to a text or structure.
#[derive(Debug, Clone)]
enum Change {
    Set(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Repeat(Index, usize),
    Cut(Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        2 => (any::<Index>(), prop::collection::vec(any::<u8>(), 1..9)).prop_map(|(at, new)| Change::Insert(at, new)),
        2 => (any::<Index>(), 1..90usize).prop_map(|(at, length)| Change::Remove(at, length)),
        1 => (any::<Index>(), 1..90usize).prop_map(|(at, length)| Change::Repeat(at, length)),
        1 => any::<Index>().prop_map(Change::Cut),
    ]
}

fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        match change {
            Change::Set(at, byte) => bytes[at.index(length)] = *byte,
            Change::Insert(at, new) => {
                drop(bytes.splice(at.index(length)..at.index(length), new.iter().copied()))
            }
            Change::Remove(at, count) => {
                let at = at.index(length);
                bytes.drain(at..length.min(at + count));
            }
            Change::Repeat(at, count) => {
                let at = at.index(length);
                let part = bytes[at..length.min(at + count)].to_vec();
                bytes.splice(at..at, part);
            }
            Change::Cut(at) => bytes.truncate(at.index(length)),
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        look(&[("random", &bytes)]);
    }

    #[test]
    fn random_bytes_in_a_block(
        label in prop::sample::select(vec![
            "CERTIFICATE", "TRUSTED CERTIFICATE", "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY",
            "ENCRYPTED PRIVATE KEY", "DSA PRIVATE KEY", "PKCS7", "NONSENSE",
        ]),
        bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        look(&[("block", pem_of(label, &bytes).as_bytes())]);
    }

    #[test]
    fn changed_text(
        seed in prop::sample::select(SEEDS),
        other in prop::sample::select(SEEDS),
        changes in prop::collection::vec(change(), 1..6),
    ) {
        let text = changed(corpus(seed).1, &changes);
        look(&[("changed", &text)]);
        look(&[("changed", &text), ("whole", &corpus(other).1)]);
    }

    #[test]
    fn changed_structures(
        (label, seed) in prop::sample::select(vec![
            ("CERTIFICATE", "server.der"), ("PRIVATE KEY", "key.pkcs8.der"), ("RSA PRIVATE KEY", "key.pkcs1.der"),
        ]),
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let der = changed(corpus(seed).1, &changes);
        look(&[("bare", &der)]);
        look(&[("wrapped", pem_of(label, &der).as_bytes()), ("key", &corpus("server.key").1)]);
        if let Ok(material) = Material::from_wire("wire", &[CertificateDer::from(der)]) {
            material.inspect(Some("10.0.0.4"), today());
        }
    }
}

#[test]
fn every_prefix_of_every_file_is_answered() {
    for seed in SEEDS {
        let whole = corpus(seed).1;
        for end in (0..whole.len()).step_by(7) {
            look(&[("prefix", &whole[..end])]);
        }
    }
}

#[test]
fn a_megabyte_of_blocks_is_answered_quickly() {
    let block = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
    let start = std::time::Instant::now();
    look(&[("blocks", block.repeat(19_000).as_bytes())]);
    look(&[("begins", "-----BEGIN X-----\n".repeat(55_000).as_bytes())]);
    look(&[(
        "unused",
        "-----BEGIN X-----\n-----END X-----\n".repeat(30_000).as_bytes(),
    )]);
    let copies: String =
        std::iter::repeat_n(String::from_utf8(corpus("server.pem").1).unwrap(), 700).collect();
    look(&[("copies", copies.as_bytes())]);
    assert!(
        start.elapsed() < std::time::Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}
