//! Tests each fact about pairs, both true and false.

use crate::{corpus, files, pair_of, today};
use berth_certs::Material;
use berth_domain::certificate::{CertificateFacts, ChainProblem, IssuedBy};
use jiff::Timestamp;
use rustls_pki_types::CertificateDer;
use sha2::{Digest, Sha256};

fn facts_of(names: &[&str], cname: &str) -> CertificateFacts {
    let material =
        Material::from_files(&files(names)).unwrap_or_else(|problem| panic!("{names:?}: {problem}"));
    material.inspect(Some(cname), today())
}

fn roles(facts: &CertificateFacts) -> Vec<&str> {
    facts.chain.iter().map(|link| link.role.as_str()).collect()
}

fn problems(facts: &CertificateFacts) -> Vec<&[ChainProblem]> {
    facts.chain.iter().map(|link| link.problems.as_slice()).collect()
}

#[test]
fn the_ordinary_pair_has_these_facts() {
    let facts = facts_of(&["fullchain.pem", "server.key"], "ML.contoso.com.");
    assert_eq!(facts.subject, "C=SE, O=Contoso Test, CN=ml.contoso.com");
    assert_eq!(facts.issuer, "C=SE, O=Contoso Test, CN=Contoso Test Issuer");
    assert_eq!(
        facts.names,
        ["ml.contoso.com", "*.models.contoso.com", "10.0.0.4"]
    );
    assert_eq!(
        (facts.not_before.as_str(), facts.not_after.as_str()),
        ("2026-01-01T00:00:00Z", "2027-01-15T00:00:00Z")
    );
    assert_eq!((facts.days_left, facts.life_days), (54, 379));
    assert!(!facts.not_yet_valid && !facts.expired);
    assert_eq!(
        (facts.key_type.as_str(), facts.key_bits, facts.weak_key),
        ("RSA", 2048, false)
    );
    assert_eq!(
        (facts.signature.as_str(), facts.weak_signature),
        ("sha256WithRSAEncryption", false)
    );
    assert!(facts.key_given && facts.key_matches);
    assert!(facts.in_order && facts.signed_in_order && facts.complete && facts.root_included);
    assert_eq!(facts.missing_issuer, None);
    assert_eq!(roles(&facts), ["leaf", "intermediate", "root"]);
    assert!(
        facts
            .chain
            .iter()
            .all(|link| link.signed_by_next == Some(true) && link.problems.is_empty())
    );
    assert!(!facts.self_signed && !facts.leaf_is_ca);
    assert_eq!(facts.server_auth, Some(true));
    assert_eq!(facts.cname.as_deref(), Some("ml.contoso.com"));
    assert_eq!((facts.covers, facts.only_common_name_covers), (Some(true), false));
    assert_eq!(facts.sha256, facts.chain[0].sha256);
    let der = corpus("server.der").1;
    let digest: String = Sha256::digest(&der)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(facts.sha256, digest);
    let presented = Material::from_wire("wire", &[CertificateDer::from(der)])
        .unwrap()
        .inspect(None, today());
    assert_eq!(
        (presented.sha256, presented.key_given, presented.sources),
        (digest, false, vec![])
    );
    assert_eq!(facts.serial.len(), 40);
    let sources: Vec<_> = facts
        .sources
        .iter()
        .map(|s| (s.file.as_str(), s.certificates, s.keys, s.other_text))
        .collect();
    assert_eq!(
        sources,
        [("fullchain.pem", 3, 0, false), ("server.key", 0, 1, false)]
    );
}

#[test]
fn swapped_and_decorated_files_are_recorded() {
    let facts = facts_of(&["server.key", "bag-attributes.pem"], "ml.contoso.com");
    let sources: Vec<_> = facts
        .sources
        .iter()
        .map(|s| (s.certificates, s.keys, s.other_text))
        .collect();
    assert_eq!(sources, [(0, 1, false), (3, 0, true)]);
}

#[test]
fn names_are_matched_by_the_rules() {
    for (names, cname, expected) in [
        (&["server.pem"][..], "ml.contoso.com", (Some(true), false)),
        (&["server.pem"], "resnet.models.contoso.com", (Some(true), false)),
        (&["server.pem"], "models.contoso.com", (Some(false), false)),
        (&["server.pem"], "a.b.models.contoso.com", (Some(false), false)),
        (&["server.pem"], "10.0.0.4", (Some(true), false)),
        (&["server.pem"], "10.0.0.5", (Some(false), false)),
        (&["server.pem"], "www.contoso.com", (Some(false), false)),
        (&["cn-only.pem"], "ml.contoso.com", (Some(true), true)),
        (&["cn-only.pem"], "www.contoso.com", (Some(false), false)),
        (&["server.pem"], " ", (None, false)),
    ] {
        let facts = facts_of(names, cname);
        assert_eq!(
            (facts.covers, facts.only_common_name_covers),
            expected,
            "{names:?} {cname}"
        );
    }
    assert_eq!(facts_of(&["cn-only.pem"], "").names, ["ml.contoso.com"]);
}

#[test]
fn dates_are_judged_by_the_given_day() {
    let at = |name: &str, moment: &str| {
        let moment: Timestamp = moment.parse().unwrap();
        let facts = Material::from_files(&files(&[name]))
            .unwrap()
            .inspect(None, moment);
        (facts.not_yet_valid, facts.expired, facts.days_left)
    };
    assert_eq!(at("server.pem", "2025-12-31T23:59:59Z"), (true, false, 379));
    assert_eq!(at("server.pem", "2026-01-01T00:00:00Z"), (false, false, 379));
    assert_eq!(at("server.pem", "2027-01-14T00:00:01Z"), (false, false, 0));
    assert_eq!(at("server.pem", "2027-01-15T00:00:00Z"), (false, false, 0));
    assert_eq!(at("server.pem", "2027-01-15T00:00:01Z"), (false, true, -1));
    assert_eq!(at("expired.pem", "2026-11-21T12:00:00Z"), (false, true, -325));
    assert_eq!(at("future.pem", "2026-11-21T12:00:00Z"), (true, false, 771));
    let (early, late, days) = at("endless.pem", "2026-11-21T12:00:00Z");
    assert!(!early && !late && days > 2_900_000, "{days}");
}

#[test]
fn each_certificate_of_a_chain_has_its_faults() {
    use ChainProblem::{Expired, IssuerMissing, NotSignedByNext, NotYetValid, WeakKey, WeakSignature};
    for (names, expected) in [
        (&["fullchain.pem"][..], vec![&[][..], &[], &[]]),
        (&["server.pem"], vec![&[IssuerMissing][..]]),
        (&["server.pem", "intermediate.pem"], vec![&[], &[]]),
        (&["server.pem", "root.pem"], vec![&[IssuerMissing]]),
        (
            &["server.pem", "impostor.pem", "root.pem"],
            vec![&[NotSignedByNext], &[], &[]],
        ),
        (&["expired.pem", "intermediate.pem"], vec![&[Expired], &[]]),
        (&["future.pem", "intermediate.pem"], vec![&[NotYetValid], &[]]),
        (&["sha1.pem", "intermediate.pem"], vec![&[WeakSignature], &[]]),
        (&["md5.pem", "intermediate.pem"], vec![&[WeakSignature], &[]]),
        (&["pss.pem", "intermediate.pem", "root.pem"], vec![&[], &[], &[]]),
        (&["ec.pem", "intermediate.pem", "root.pem"], vec![&[], &[], &[]]),
        (&["rsa1024.pem"], vec![&[WeakKey]]),
        (&["p521.pem"], vec![&[]]),
        (&["v1.pem"], vec![&[]]),
    ] {
        let facts = facts_of(names, "ml.contoso.com");
        assert_eq!(problems(&facts), expected, "{names:?}");
    }
}

#[test]
fn complete_and_broken_chains_are_distinguished() {
    for (names, complete, root, signed, missing) in [
        (&["fullchain.pem"][..], true, true, true, None),
        (
            &["server.pem", "intermediate.pem"],
            true,
            false,
            true,
            Some("C=SE, O=Contoso Test, CN=Contoso Test Root"),
        ),
        (
            &["server.pem"],
            false,
            false,
            true,
            Some("C=SE, O=Contoso Test, CN=Contoso Test Issuer"),
        ),
        (
            &["server.pem", "impostor.pem", "root.pem"],
            true,
            true,
            false,
            None,
        ),
        (&["rsa1024.pem"], true, true, true, None),
    ] {
        let facts = facts_of(names, "ml.contoso.com");
        assert_eq!(
            (
                facts.complete,
                facts.root_included,
                facts.signed_in_order,
                facts.missing_issuer.as_deref()
            ),
            (complete, root, signed, missing),
            "{names:?}"
        );
    }
    // MD5 is not verified: neither valid nor invalid.
    assert_eq!(
        facts_of(&["md5.pem", "intermediate.pem"], "").chain[0].signed_by_next,
        None
    );
    // The real issuer is preferred to one with only the name.
    let facts = facts_of(
        &["server.pem", "impostor.pem", "intermediate.pem", "root.pem"],
        "",
    );
    assert!(facts.signed_in_order && facts.in_order);
    assert_eq!(facts.left_out, ["C=SE, O=Contoso Test, CN=Contoso Test Issuer"]);
    let facts = facts_of(&["fullchain.pem", "p521.pem", "server.key"], "");
    assert_eq!(
        (facts.left_out.len(), facts.chain.len(), facts.key_matches),
        (1, 3, true)
    );
}

#[test]
fn known_and_private_authorities_are_distinguished() {
    use IssuedBy::{Private, Public, SelfSigned, Unknown};
    let (_, text) = corpus("public.pem");
    let text = String::from_utf8(text).unwrap();
    let blocks: Vec<&str> = text.split_inclusive("-----END CERTIFICATE-----\n").collect();
    let of = |count: usize| {
        let files = [("public.pem", blocks[..count].concat())];
        Material::from_files(&files)
            .unwrap()
            .inspect(None, today())
            .issued_by
    };
    // The whole chain; without the older roots; without any root; and only the leaf, whose issuer is no root.
    assert_eq!([of(4), of(3), of(2), of(1)], [Public, Public, Public, Unknown]);
    for (names, expected) in [
        (&["fullchain.pem"][..], Private),
        (&["server.pem", "intermediate.pem"], Unknown),
        (&["server.pem"], Unknown),
        (&["v1.pem"], SelfSigned),
        (&["rsa1024.pem"], SelfSigned),
    ] {
        assert_eq!(facts_of(names, "").issued_by, expected, "{names:?}");
    }
}

#[test]
fn keys_that_every_front_end_accepts() {
    for (name, usual) in [
        ("server.pem", true),
        ("ec.pem", true),
        ("p521.pem", false),
        ("ed25519.pem", false),
        ("rsa1024.pem", false),
    ] {
        assert_eq!(facts_of(&[name], "").usual_key, usual, "{name}");
    }
}

#[test]
fn the_key_chooses_the_leaf() {
    let facts = facts_of(&["p521.pem", "fullchain.pem", "server.key"], "");
    assert_eq!(
        (facts.key_matches, facts.in_order, facts.key_type.as_str()),
        (true, false, "RSA")
    );
    let facts = facts_of(&["fullchain.pem", "other.key"], "");
    assert_eq!((facts.key_given, facts.key_matches), (true, false));
    assert!(!facts_of(&["fullchain.pem"], "").key_given);
    // The authority's certificate is preferred to a self-signed placeholder with the same key, and the renewed one to
    // the old one.
    let facts = facts_of(
        &[
            "v1.pem",
            "expired.pem",
            "server.pem",
            "intermediate.pem",
            "server.key",
        ],
        "",
    );
    assert_eq!(
        (facts.self_signed, facts.expired, facts.left_out.len()),
        (false, false, 2)
    );
}

#[test]
fn algorithms_and_uses_are_named() {
    for (names, key_type, bits, weak, signature, weak_signature) in [
        (
            &["ec.pem", "ec.key"][..],
            "ECDSA P-256",
            256,
            false,
            "sha256WithRSAEncryption",
            false,
        ),
        (
            &["p521.pem", "p521.key"],
            "ECDSA P-521",
            521,
            false,
            "ecdsa-with-SHA512",
            false,
        ),
        (
            &["ed25519.pem", "ed25519.key"],
            "Ed25519",
            256,
            false,
            "Ed25519",
            false,
        ),
        (
            &["rsa1024.pem", "rsa1024.key"],
            "RSA",
            1024,
            true,
            "sha256WithRSAEncryption",
            false,
        ),
        (
            &["sha1.pem", "server.key"],
            "RSA",
            2048,
            false,
            "sha1WithRSAEncryption",
            true,
        ),
        (
            &["md5.pem", "server.key"],
            "RSA",
            2048,
            false,
            "md5WithRSAEncryption",
            true,
        ),
        (
            &["pss.pem", "server.key"],
            "RSA",
            2048,
            false,
            "RSASSA-PSS-SHA256",
            false,
        ),
    ] {
        let facts = pair_of(names).unwrap().inspect(None, today());
        assert!(facts.key_matches, "{names:?}");
        assert_eq!(
            (facts.key_type.as_str(), facts.key_bits, facts.weak_key),
            (key_type, bits, weak),
            "{names:?}"
        );
        assert_eq!(
            (facts.signature.as_str(), facts.weak_signature),
            (signature, weak_signature),
            "{names:?}"
        );
    }
    for (name, server_auth, is_ca, self_signed) in [
        ("server.pem", Some(true), false, false),
        ("client.pem", Some(false), false, false),
        ("cn-only.pem", None, false, false),
        ("root.pem", None, true, true),
        ("intermediate.pem", None, true, false),
        ("v1.pem", None, false, true),
        ("rsa1024.pem", Some(true), false, true),
    ] {
        let facts = facts_of(&[name], "");
        let found = (facts.server_auth, facts.leaf_is_ca, facts.self_signed);
        assert_eq!(found, (server_auth, is_ca, self_signed), "{name}");
    }
}

/// Checking must not be felt while typing. The minimum of many runs is the cost; the rest is noise of the machine.
#[test]
fn reading_and_checking_a_pair_stays_below_20_ms() {
    let input = files(&["fullchain.pem", "server.key"]);
    let mut times: Vec<std::time::Duration> = (0..50)
        .map(|_| {
            let start = std::time::Instant::now();
            let pair = berth_certs::Pair::from_files(&input).unwrap();
            assert_eq!(pair.inspect(Some("ml.contoso.com"), today()).covers, Some(true));
            start.elapsed()
        })
        .collect();
    times.sort();
    let (least, median, p95) = (times[0], times[25], times[47]);
    eprintln!("read and check: least {least:?}, median {median:?}, p95 {p95:?}");
    assert!(least < std::time::Duration::from_millis(20), "least {least:?}");
}
