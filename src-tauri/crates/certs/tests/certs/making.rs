//! Reads generated pairs with Berth's own reader and with other tools.

use crate::{pair_of, today};
use berth_certs::Pair;
use berth_certs::generate::{self, GenerateError, LEAF_DAYS, ROOT_DAYS};
use berth_domain::spec::KeyKind;
use jiff::SignedDuration;
use secrecy::ExposeSecret;

const NAME: &str = "ml.contoso.com";

#[test]
fn a_self_signed_pair_has_what_a_server_needs() {
    for (kind, key_type, bits, signature) in [
        (KeyKind::EcdsaP256, "ECDSA P-256", 256, "ecdsa-with-SHA256"),
        (KeyKind::EcdsaP384, "ECDSA P-384", 384, "ecdsa-with-SHA384"),
        (KeyKind::Rsa2048, "RSA", 2048, "sha256WithRSAEncryption"),
        (KeyKind::Rsa3072, "RSA", 3072, "sha256WithRSAEncryption"),
    ] {
        let pair = generate::self_signed(
            &[NAME, "*.models.contoso.com", "10.0.0.4"],
            kind,
            LEAF_DAYS,
            today(),
        )
        .unwrap();
        let facts = pair.inspect(Some(NAME), today());
        assert_eq!(
            (facts.key_type.as_str(), facts.key_bits, facts.signature.as_str()),
            (key_type, bits, signature)
        );
        assert_eq!(facts.names, [NAME, "*.models.contoso.com", "10.0.0.4"]);
        assert_eq!(facts.subject, "CN=ml.contoso.com");
        assert!(facts.self_signed && facts.complete && facts.key_matches && !facts.leaf_is_ca);
        assert_eq!(
            (facts.server_auth, facts.covers, facts.days_left),
            (Some(true), Some(true), 397)
        );
        assert_eq!(facts.not_before, "2026-11-21T11:00:00Z");
        assert!(facts.chain[0].problems.is_empty(), "{:?}", facts.chain);
    }
}

#[test]
fn a_local_authority_signs_for_servers() {
    let root = generate::authority("Berth local authority", KeyKind::EcdsaP256, ROOT_DAYS, today()).unwrap();
    let facts = root.inspect(None, today());
    assert!(facts.leaf_is_ca && facts.self_signed);
    // As when it is read from the vault.
    let root = Pair::from_files(&[("vault", root.bundle().expose_secret())]).unwrap();
    for kind in [KeyKind::EcdsaP256, KeyKind::Rsa2048] {
        let pair = generate::issued_by(&root, &[NAME], kind, LEAF_DAYS, today()).unwrap();
        let facts = pair.inspect(Some(NAME), today());
        assert!(facts.signed_in_order && facts.root_included && facts.in_order && !facts.self_signed);
        assert_eq!(facts.issuer, "CN=Berth local authority");
        assert_eq!(
            (facts.covers, facts.server_auth, facts.days_left),
            (Some(true), Some(true), 397)
        );
        assert!(
            facts
                .chain
                .iter()
                .all(|link| link.problems.is_empty() && link.signed_by_next == Some(true))
        );
        assert_eq!(pair.chain_der().last(), root.chain_der().first());
    }
    let rsa = generate::authority("RSA authority", KeyKind::Rsa2048, ROOT_DAYS, today()).unwrap();
    let pair = generate::issued_by(&rsa, &[NAME], KeyKind::EcdsaP256, 30, today()).unwrap();
    assert!(pair.inspect(None, today()).signed_in_order);
}

#[test]
fn a_certificate_does_not_outlive_its_authority() {
    let root = generate::authority("Short", KeyKind::EcdsaP256, 10, today()).unwrap();
    let pair = generate::issued_by(&root, &[NAME], KeyKind::EcdsaP256, LEAF_DAYS, today()).unwrap();
    assert_eq!(
        pair.inspect(None, today()).not_after,
        root.inspect(None, today()).not_after
    );
    let later = today() + SignedDuration::from_hours(24 * 10);
    let refused = generate::issued_by(&root, &[NAME], KeyKind::EcdsaP256, LEAF_DAYS, later);
    assert!(
        matches!(refused, Err(GenerateError::AuthorityExpired { .. })),
        "{refused:?}"
    );
}

#[test]
fn invalid_requests_are_refused_with_the_reason() {
    let make = |names: &[&str], days| generate::self_signed(names, KeyKind::EcdsaP256, days, today());
    assert!(matches!(make(&[], 1), Err(GenerateError::NoName)));
    assert!(matches!(make(&[" "], 1), Err(GenerateError::NoName)));
    assert!(matches!(make(&["åäö.se"], 1), Err(GenerateError::Name { .. })));
    assert!(matches!(make(&[NAME], 0), Err(GenerateError::Days { days: 0 })));
    assert!(matches!(make(&[NAME], u32::MAX), Err(GenerateError::Days { .. })));
    let leaf = pair_of(&["fullchain.pem", "server.key"]).unwrap();
    let refused = generate::issued_by(&leaf, &[NAME], KeyKind::EcdsaP256, 1, today());
    assert!(
        matches!(refused, Err(GenerateError::NotAnAuthority { .. })),
        "{refused:?}"
    );
    let long = format!("{}.contoso.com", "a".repeat(63));
    assert_eq!(
        make(&[&long], 1).unwrap().inspect(Some(&long), today()).covers,
        Some(true)
    );
}

#[test]
fn serial_numbers_are_random_and_positive() {
    let serial = || {
        generate::self_signed(&[NAME], KeyKind::EcdsaP256, 1, today())
            .unwrap()
            .inspect(None, today())
            .serial
    };
    let (one, other) = (serial(), serial());
    assert_ne!(one, other);
    assert_eq!(one.len(), 32);
    assert!(one.as_bytes()[0] >= b'4' && one.as_bytes()[0] <= b'7', "{one}");
}
