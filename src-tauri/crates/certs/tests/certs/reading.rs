//! Tests which files make a pair, and what is reported about other files.

use crate::{corpus, pair_of};
use berth_certs::{Material, Pair};
use berth_domain::certificate::{KeyEncryption, PairProblem};
use secrecy::ExposeSecret;

#[test]
fn any_mix_of_files_makes_the_same_clean_pair() {
    let (_, chain) = corpus("fullchain.pem");
    let (_, key) = corpus("server.key");
    for (names, in_order) in [
        (&["fullchain.pem", "server.key"][..], true),
        (&["server.key", "fullchain.pem"], true),
        (&["reversed.pem", "server.key"], false),
        (
            &["server.key", "root.pem", "intermediate.pem", "server.pem"],
            false,
        ),
        (
            &["server.pem", "intermediate.pem", "root.pem", "server.pkcs1.key"],
            true,
        ),
        (&["bag-attributes.pem"], true),
        (
            &["server.text.pem", "intermediate.pem", "root.pem", "server.key"],
            true,
        ),
        (
            &["trusted.pem", "intermediate.pem", "root.pem", "server.key"],
            true,
        ),
        (&["utf16.pem", "server.key"], true),
        (
            &["server.der", "intermediate.pem", "root.pem", "server.key"],
            true,
        ),
        (&["fullchain.pem", "key.pkcs8.der"], true),
        (&["key.pkcs1.der", "fullchain.pem"], true),
        (&["fullchain.pem", "server.key", "server.pfx"], true),
        (&["crlf.pem", "server.key"], true),
        (&["fullchain.pem", "server.key", "server.csr", "server.pub"], true),
        (&["fullchain.pem", "server.key", "encrypted.key"], true),
        (
            &["fullchain.pem", "fullchain.pem", "server.key", "server.pkcs1.key"],
            true,
        ),
        (&["fullchain.pem", "server.key", "other.key"], true),
    ] {
        let pair = pair_of(names).unwrap_or_else(|problem| panic!("{names:?}: {problem}"));
        assert_eq!(pair.chain_pem().as_bytes(), chain, "{names:?}");
        assert_eq!(pair.key_pem().expose_secret().as_bytes(), key, "{names:?}");
        let facts = pair.inspect(None, crate::today());
        assert_eq!(facts.in_order, in_order, "{names:?}");
        assert!(facts.left_out.is_empty(), "{names:?}: {:?}", facts.left_out);
    }
}

#[test]
fn keys_of_elliptic_curves_become_pkcs8() {
    for (names, like) in [
        (&["ec.pem", "ec.key"][..], None),
        (&["p521.pem", "p521.key"], Some("p521.pkcs8.key")),
        (&["p521.pem", "p521.pkcs8.key"], Some("p521.pkcs8.key")),
        (&["ed25519.pem", "ed25519.key"], Some("ed25519.key")),
    ] {
        let pair = pair_of(names).unwrap_or_else(|problem| panic!("{names:?}: {problem}"));
        let text = pair.key_pem();
        assert!(
            text.expose_secret().starts_with("-----BEGIN PRIVATE KEY-----\n"),
            "{names:?}"
        );
        let again = Pair::from_files(&[
            ("chain", pair.chain_pem().as_str()),
            ("key", text.expose_secret()),
        ])
        .unwrap();
        assert_eq!(again.key_pem().expose_secret(), text.expose_secret(), "{names:?}");
        // OpenSSL omits the curve from the inner structure; the key is the same if it matches the same certificate.
        if let Some(like) = like {
            assert!(pair_of(&[names[0], like]).is_ok(), "{like}");
        }
    }
}

#[test]
fn a_bundle_is_read_back() {
    let pair = pair_of(&["reversed.pem", "server.key"]).unwrap();
    let again = Pair::from_files(&[("vault", pair.bundle().expose_secret())]).unwrap();
    assert_eq!(again.chain_der(), pair.chain_der());
    assert_eq!(again.key_pem().expose_secret(), pair.key_pem().expose_secret());
}

#[test]
fn debug_does_not_show_the_key() {
    let pair = pair_of(&["fullchain.pem", "server.key"]).unwrap();
    let text = pair.key_pem();
    let middle = text.expose_secret().lines().nth(5).unwrap();
    let der = pair_of(&["fullchain.pem", "server.key"]).unwrap();
    let shown = format!("{pair:?} {der:#?} {text:?}");
    assert!(!shown.contains(middle));
    let numbers = corpus("key.pkcs1.der").1;
    // Sixteen bytes in the middle of the private exponent, as a list of numbers.
    let secret = format!("{:?}", &numbers[400..416]);
    assert!(!shown.contains(secret.trim_matches(['[', ']'])));
}

#[test]
fn other_kinds_of_file_are_named() {
    let file = |name: &str| name.to_owned();
    for (names, expected) in [
        (
            &["server.der"][..],
            PairProblem::NoKey {
                files: vec![file("server.der")],
            },
        ),
        (
            &["server.pem", "encrypted.der"],
            PairProblem::EncryptedKey {
                file: file("encrypted.der"),
                line: 1,
                form: KeyEncryption::Pkcs8,
            },
        ),
        (
            &["server.pfx"],
            PairProblem::EncryptedPkcs12 {
                file: file("server.pfx"),
            },
        ),
        (
            &["server.jks"],
            PairProblem::IsJavaKeystore {
                file: file("server.jks"),
            },
        ),
        (
            &["server.csr", "server.key"],
            PairProblem::IsCsr {
                file: file("server.csr"),
            },
        ),
        (
            &["csr.der", "server.key"],
            PairProblem::IsCsr {
                file: file("csr.der"),
            },
        ),
        (
            &["server.pem", "server.pub"],
            PairProblem::IsPublicKey {
                file: file("server.pub"),
            },
        ),
        (
            &["server.pem", "encrypted.key"],
            PairProblem::EncryptedKey {
                file: file("encrypted.key"),
                line: 1,
                form: KeyEncryption::Pkcs8,
            },
        ),
        (
            &["server.pem", "encrypted.legacy.key"],
            PairProblem::EncryptedKey {
                file: file("encrypted.legacy.key"),
                line: 1,
                form: KeyEncryption::Legacy,
            },
        ),
        (
            &["server.pem", "dsa.key"],
            PairProblem::UnsupportedKey {
                file: file("dsa.key"),
                line: 1,
                kind: "DSA".into(),
            },
        ),
        (
            &["server.pem", "secp256k1.key"],
            PairProblem::UnsupportedKey {
                file: file("secp256k1.key"),
                line: 1,
                kind: "secp256k1".into(),
            },
        ),
        (
            &["fullchain.pem"],
            PairProblem::NoKey {
                files: vec![file("fullchain.pem")],
            },
        ),
        (
            &["server.key"],
            PairProblem::NoCertificate {
                files: vec![file("server.key")],
            },
        ),
        (&[], PairProblem::NoCertificate { files: vec![] }),
        (
            &["fullchain.pem", "other.key"],
            PairProblem::KeyOfAnotherCertificate {
                file: file("other.key"),
                subject: "C=SE, O=Contoso Test, CN=ml.contoso.com".into(),
            },
        ),
        (
            &["fullchain.pem", "other.key", "ec.key"],
            PairProblem::SeveralKeys {
                files: vec![file("other.key"), file("ec.key")],
            },
        ),
        (
            &["fullchain.pem", "ec.pem", "server.key", "ec.key"],
            PairProblem::SeveralKeys {
                files: vec![file("server.key"), file("ec.key")],
            },
        ),
    ] {
        assert_eq!(pair_of(names).map(drop), Err(expected), "{names:?}");
    }
}

#[test]
fn a_trust_store_is_refused() {
    let many: String = (0..65u32)
        .map(|number| {
            let name = format!("a{number}.contoso.com");
            let key = berth_domain::spec::KeyKind::EcdsaP256;
            berth_certs::generate::self_signed(&[&name], key, 1, crate::today())
                .unwrap()
                .chain_pem()
        })
        .collect();
    let found = Material::from_files(&[("all.pem", many)]).map(drop);
    assert_eq!(
        found,
        Err(PairProblem::TooManyCertificates { count: 65, limit: 64 })
    );
}
