//! TLS on both routes.

mod problems;

use super::{Blocking, Information, Row, Warning, row};
use crate::good::{self, Good};
use berth_domain::certificate::{CertificateFacts, ChainCertificate, ChainProblem, IssuedBy};
use berth_domain::facts::*;
use berth_domain::spec::*;

pub(crate) fn rows() -> Vec<Row> {
    [choices(), certificates()].into_iter().flatten().collect()
}

fn classic_own() -> Good {
    good::extension().with(|spec, _| spec.route = Route::Classic)
}

fn own(cname: &str, pair: Option<PairRef>) -> impl FnOnce(&mut Spec, &mut Facts) {
    let tls = Tls::Own {
        cname: cname.into(),
        pair,
    };
    move |spec, _| spec.tls = Some(tls)
}

fn without_tls(spec: &mut Spec, facts: &mut Facts) {
    spec.tls = Some(Tls::None);
    facts.certificate = Fact::NotAsked;
}

fn label(label: &str, overwrite_existing_domain: bool) -> impl FnOnce(&mut Spec, &mut Facts) {
    let tls = Tls::Microsoft {
        leaf_domain_label: label.into(),
        overwrite_existing_domain,
    };
    move |spec, _| spec.tls = Some(tls)
}

fn vault() -> Option<PairRef> {
    Some(PairRef::Vault { id: "pair-1".into() })
}

fn half() -> Option<PairRef> {
    Some(PairRef::Files {
        certificate: "a.pem".into(),
        key: String::new(),
    })
}

fn recipe(issuer: RecipeIssuer, days: u32) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |spec, facts| {
        let recipe = Recipe {
            issuer,
            days,
            ..Recipe::default()
        };
        spec.tls = Some(Tls::Generated {
            cname: "ml.contoso.com".into(),
            recipe,
            pair: None,
        });
        facts.certificate = Fact::NotAsked;
    }
}

/// A certificate that Berth is to generate with this kind of key.
fn key(key: KeyKind) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |spec, facts| {
        recipe(RecipeIssuer::SelfSigned, 90)(spec, facts);
        if let Some(Tls::Generated { recipe, .. }) = &mut spec.tls {
            recipe.key = key;
        }
    }
}

fn choices() -> Vec<Row> {
    let internal = |spec: &mut Spec, _: &mut Facts| {
        spec.network.load_balancer = Some(LoadBalancer::Internal { subnet: None });
    };
    vec![
        row("TLS-01.cname", Blocking, classic_own(), own("", vault())),
        row(
            "TLS-01.pair",
            Blocking,
            classic_own(),
            own("ml.contoso.com", None),
        ),
        row(
            "TLS-01.file",
            Blocking,
            classic_own(),
            own("ml.contoso.com", half()),
        ),
        row("TLS-01.label", Blocking, good::classic(), label("", false)),
        row("TLS-04", Blocking, good::classic(), internal),
        row("TLS-06", Information, classic_own(), label("contoso", false)),
        row("TLS-06.unplaced", Information, good::classic(), |spec, _| {
            spec.place.location.clear();
        }),
        row("TLS-30", Information, classic_own(), |spec, _| {
            spec.network.load_balancer = Some(LoadBalancer::Internal { subnet: None });
        }),
        row("TLS-07", Warning, good::classic(), label("contoso", true)),
        row("TLS-10", Warning, classic_own(), label("contoso", false)),
        row(
            "TLS-17",
            Information,
            good::classic(),
            own("ml.contoso.com", vault()),
        ),
        row("TLS-19", Warning, good::classic(), without_tls),
        row(
            "TLS-20",
            Information,
            good::extension().with(without_tls),
            own("ml.contoso.com", vault()),
        ),
        row(
            "TLS-25",
            Blocking,
            good::extension(),
            own("*.contoso.com", vault()),
        ),
        row("TLS-26", Blocking, good::classic(), label("Contoso!", false)),
        row(
            "TLS-27",
            Blocking,
            good::extension(),
            recipe(RecipeIssuer::SelfSigned, 0),
        ),
        row(
            "TLX-01.pair",
            Blocking,
            good::extension(),
            own("ml.contoso.com", None),
        ),
        row(
            "TLX-03.file",
            Blocking,
            good::extension(),
            own("ml.contoso.com", half()),
        ),
        row("TLX-04.cname", Blocking, good::extension(), own("", vault())),
        row("TLX-07", Warning, good::extension(), without_tls),
        row("TLX-10", Information, classic_own(), |spec, _| {
            spec.route = Route::Extension
        }),
        row("TLX-12", Blocking, good::extension(), label("contoso", false)),
        row(
            "TLS-16",
            Warning,
            good::extension(),
            recipe(RecipeIssuer::SelfSigned, 90),
        ),
        row(
            "TLS-16.local_ca",
            Warning,
            good::extension(),
            recipe(RecipeIssuer::LocalCa, 90),
        ),
    ]
}

fn certificate(spoil: impl FnOnce(&mut CertificateFacts)) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |_, facts| {
        let mut found = good::certificate();
        spoil(&mut found);
        facts.certificate = Fact::Known(Ok(found));
    }
}

/// A certificate of a chain.
fn link(found: &CertificateFacts, role: &str, problems: Vec<ChainProblem>) -> ChainCertificate {
    ChainCertificate {
        subject: format!("CN={role}"),
        issuer: "CN=Contoso CA".into(),
        not_before: found.not_before.clone(),
        not_after: found.not_after.clone(),
        days_left: found.days_left,
        role: role.into(),
        signed_by_next: Some(true),
        problems,
        sha256: "00".into(),
    }
}

/// Sets a chain whose second certificate has the problem.
fn above(found: &mut CertificateFacts, problem: ChainProblem) {
    let chain = [("leaf", vec![]), ("root", vec![problem])];
    found.chain = chain.map(|(role, problems)| link(found, role, problems)).into();
}

fn certificates() -> Vec<Row> {
    let good = good::extension();
    let curve = || certificate(|found| found.key_type = "ECDSA P-256".into());
    let bits = |bits: u32| certificate(move |found| found.key_bits = bits);
    let unread = |_: &mut Spec, facts: &mut Facts| {
        facts.certificate = Fact::Unknown("the keychain is locked".into());
    };
    let mut rows = vec![
        row("TLS-11.unread", Blocking, classic_own(), unread),
        row("TLS-11.unread", Blocking, good.clone(), unread),
        row("TLS-11.curve", Warning, classic_own(), curve()),
        row("TLS-11.curve", Warning, good.clone(), curve()),
        row("TLS-11.curve", Warning, good.clone(), key(KeyKind::EcdsaP256)),
        row("TLS-11.large", Warning, classic_own(), bits(8192)),
        row("TLS-11.large", Warning, good.clone().with(bits(4096)), bits(4097)),
    ];
    rows.extend(problems::all().into_iter().map(|(code, problem)| {
        assert_eq!(
            code,
            format!("TLS-11.{}", problem.code()),
            "the variant is the problem's serialized code"
        );
        row(code, Blocking, good.clone(), |_, facts| {
            facts.certificate = Fact::Known(Err(problem))
        })
    }));
    type Spoil = fn(&mut CertificateFacts);
    let spoilt: [(&'static str, _, Spoil); 23] = [
        ("TLS-12", Warning, |found| {
            found.complete = false;
            found.missing_issuer = Some("CN=Root".into());
        }),
        ("TLS-12.broken", Warning, |found| found.signed_in_order = false),
        ("TLS-12.mended", Information, |found| found.in_order = false),
        ("TLS-12.root", Information, |found| {
            found.chain = ["leaf", "intermediate"]
                .map(|role| link(found, role, vec![]))
                .into();
        }),
        ("TLS-13", Blocking, |found| found.key_matches = false),
        ("TLS-14", Blocking, |found| found.covers = Some(false)),
        ("TLS-14.common_name", Warning, |found| {
            found.only_common_name_covers = true
        }),
        ("TLS-15", Warning, |found| found.days_left = 29),
        ("TLS-15.expired", Blocking, |found| found.expired = true),
        ("TLS-15.not_yet", Blocking, |found| found.not_yet_valid = true),
        ("TLS-12.chain_dates", Warning, |found| {
            above(found, ChainProblem::Expired)
        }),
        ("TLS-12.chain_authority", Warning, |found| {
            above(found, ChainProblem::NotAnAuthority)
        }),
        ("TLS-12.chain_weak", Warning, |found| {
            above(found, ChainProblem::WeakSignature)
        }),
        ("TLS-16", Warning, |found| {
            found.self_signed = true;
            found.issued_by = IssuedBy::SelfSigned;
        }),
        ("TLS-16.private", Warning, |found| {
            found.issued_by = IssuedBy::Private
        }),
        ("TLS-23.kind", Warning, |found| {
            found.usual_key = false;
            found.key_type = "ECDSA P-521".into();
        }),
        ("TLS-23.key", Blocking, |found| found.weak_key = true),
        ("TLS-23.signature", Blocking, |found| found.weak_signature = true),
        ("TLS-24", Blocking, |found| found.server_auth = Some(false)),
        ("TLS-24.authority", Warning, |found| found.leaf_is_ca = true),
        ("TLS-15.expired", Blocking, |found| {
            found.expired = true;
            found.days_left = -3;
        }),
        ("TLS-14", Blocking, |found| {
            found.covers = Some(false);
            found.names = vec![];
        }),
        ("TLS-23.key", Blocking, |found| {
            found.weak_key = true;
            found.key_type = "DSA".into();
        }),
    ];
    rows.extend(spoilt.map(|(code, severity, spoil)| row(code, severity, good.clone(), certificate(spoil))));
    rows
}

#[test]
fn a_self_signed_certificate_needs_no_issuer() {
    let alone = good::extension().with(certificate(|found| {
        found.self_signed = true;
        found.leaf_is_ca = true;
        found.complete = false;
    }));
    let found = super::findings(&alone);
    assert!(
        found
            .iter()
            .all(|finding| finding.rule != "TLS-12" && finding.rule != "TLS-24"),
        "{found:#?}"
    );
}

#[test]
fn a_certificate_yet_to_be_generated_is_not_checked() {
    let goal = good::extension().with(recipe(RecipeIssuer::LocalCa, 397));
    let found = super::findings(&goal);
    assert!(
        found.iter().all(|finding| finding.severity != Blocking),
        "{found:#?}"
    );
}
