//! Checks on the certificate itself, for both routes.

use super::read::CERTIFICATE;
use super::verdict::{block, info, on, warn, when};
use super::{Case, Rule, Verdict, on_change, pair_problem};
use crate::certificate::{CertificateFacts, ChainCertificate, ChainProblem, IssuedBy};
use crate::finding::WizardStep::Tls as Step;
use crate::spec::{Recipe, RecipeIssuer, Tls};
use std::collections::BTreeSet;

const SECURE: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-secure-web-service";
const KEYS: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-secure-web-service; \
                    learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-compute";
const CHAIN: &str = "learn.microsoft.com/azure/machine-learning/how-to-secure-kubernetes-online-endpoint; \
                     learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-compute";
const HEALTH: &str =
    "learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension (E40007)";
const VALIDITY: &str = "RFC 5280, section 4.1.2.5";
const STRENGTH: &str = "NIST SP 800-57 part 1, table 2; RFC 9155; Mozilla Root Store Policy, section 5.1";
const USAGE: &str = "RFC 5280, section 4.2.1.12";
const NAMES: &str = "RFC 1123, section 2.1";
/// Bits of the largest RSA key that is common. No page names the largest that Azure ML accepts.
const COMMON_RSA_BITS: u32 = 4096;
/// A certificate that expires within this many days causes a warning.
const SOON_DAYS: i32 = 30;
/// Longest validity of a certificate that Berth generates: ten years.
const MAX_DAYS: u32 = 3652;

pub(super) const RULES: &[Rule] = &[
    Rule::azure("TLS-11", Step, KEYS, unusable)
        .on_change(on_change::tls)
        .says(pair_problem::CODES),
    Rule::azure("TLS-12", Step, CHAIN, chain)
        .on_change(on_change::tls)
        .reading(&[CERTIFICATE], |_| true)
        .says(&[
            "TLS-12",
            "TLS-12.mended",
            "TLS-12.root",
            "TLS-12.broken",
            "TLS-12.chain_dates",
            "TLS-12.chain_authority",
            "TLS-12.chain_weak",
        ]),
    Rule::azure("TLS-13", Step, HEALTH, |case| {
        let mismatch = facts(case).filter(|facts| facts.key_given && !facts.key_matches);
        on(mismatch, |facts| {
            block("tls.pair").with("subject", &facts.subject)
        })
    })
    .on_change(on_change::tls)
    .reading(&[CERTIFICATE], |_| true),
    Rule::azure("TLS-14", Step, HEALTH, covers_name)
        .on_change(on_change::tls)
        .reading(&[CERTIFICATE], |_| true)
        .says(&["TLS-14", "TLS-14.common_name"]),
    Rule::azure("TLS-15", Step, VALIDITY, dates)
        .on_change(on_change::tls)
        .reading(&[CERTIFICATE], |_| true)
        .says(&["TLS-15", "TLS-15.expired", "TLS-15.not_yet"]),
    Rule::local("TLS-16", Step, SECURE, not_publicly_trusted)
        .on_change(on_change::tls)
        .says(&["TLS-16", "TLS-16.local_ca", "TLS-16.private"]),
    Rule::local("TLS-20", Step, SECURE, |case| {
        when(!matches!(case.spec.tls, None | Some(Tls::None)), || info("tls"))
    })
    .on_change(on_change::tls),
    Rule::azure("TLS-23", Step, STRENGTH, strength)
        .on_change(on_change::tls)
        .reading(&[CERTIFICATE], |_| true)
        .says(&["TLS-23.key", "TLS-23.kind", "TLS-23.signature"]),
    Rule::azure("TLS-24", Step, USAGE, usage)
        .on_change(on_change::tls)
        .reading(&[CERTIFICATE], |_| true)
        .says(&["TLS-24", "TLS-24.authority"]),
    Rule::local("TLS-25", Step, NAMES, |case| {
        let cname = case.spec.tls.as_ref().and_then(Tls::cname);
        let is_address = |cname: &str| cname.parse::<core::net::IpAddr>().is_ok();
        let bad = cname.filter(|cname| !cname.is_empty() && (!is_dns_name(cname) || is_address(cname)));
        on(bad, |cname| block("tls.cname").with("cname", cname))
    })
    .on_change(on_change::tls),
    Rule::local("TLS-27", Step, VALIDITY, |case| {
        let days = recipe(case).map(|recipe| recipe.days);
        on(days.filter(|days| !(1..=MAX_DAYS).contains(days)), |days| {
            block("tls.recipe.days").with("days", days).with("most", MAX_DAYS)
        })
    })
    .on_change(on_change::tls),
];

fn facts<'a>(case: &Case<'a>) -> Option<&'a CertificateFacts> {
    case.facts.certificate.known()?.as_ref().ok()
}

/// The recipe of a certificate that is not generated yet.
fn recipe<'a>(case: &Case<'a>) -> Option<&'a Recipe> {
    match &case.spec.tls {
        Some(Tls::Generated {
            recipe, pair: None, ..
        }) => Some(recipe),
        _ => None,
    }
}

/// A certificate and key that cannot be used, or whose key Azure ML may not support: its documentation names RSA only, and no
/// largest size.
fn unusable(case: &Case<'_>) -> Vec<Verdict> {
    let key = recipe(case).map(|recipe| recipe.key).filter(|key| !key.is_rsa());
    if let Some(key) = key {
        return vec![warn("tls.recipe.key").variant("curve").with("type", key)];
    }
    match case.facts.certificate.known() {
        // The run cannot read it either, and would fail after it has made the cluster.
        None => on(case.facts.certificate.why_unknown(), |why| {
            block("tls.pair").variant("unread").with("why", why)
        }),
        Some(Ok(facts)) => undocumented_key(facts),
        Some(Err(problem)) => {
            let mut verdict = block("tls.pair").variant(pair_problem::variant(problem));
            verdict.params.extend(problem.params());
            vec![verdict]
        }
    }
}

fn undocumented_key(facts: &CertificateFacts) -> Vec<Verdict> {
    if !facts.key_type.starts_with("RSA") {
        return when(!facts.weak_key, || {
            warn("tls.pair").variant("curve").with("type", &facts.key_type)
        });
    }
    when(facts.key_bits > COMMON_RSA_BITS, || {
        warn("tls.pair")
            .variant("large")
            .with("bits", facts.key_bits)
            .with("common", COMMON_RSA_BITS)
    })
}

fn chain(case: &Case<'_>) -> Vec<Verdict> {
    let Some(facts) = facts(case).filter(|facts| !facts.self_signed) else {
        return Vec::new();
    };
    let mut found = issuer_problems(facts);
    if !facts.complete {
        let issuer = facts.missing_issuer.as_ref().unwrap_or(&facts.issuer);
        found.push(warn("tls.pair").with("issuer", issuer));
    } else if !facts.signed_in_order {
        found.push(warn("tls.pair").variant("broken").with("subject", &facts.subject));
    } else if !facts.in_order {
        found.push(
            info("tls.pair")
                .variant("mended")
                .with("length", facts.chain.len()),
        );
    }
    found.extend(without_root(facts));
    found
}

/// Azure ML asks for the server's certificate, the intermediates and the root, in this order.
fn without_root(facts: &CertificateFacts) -> Option<Verdict> {
    let last = facts
        .chain
        .last()
        .filter(|_| facts.complete && facts.signed_in_order)?;
    (last.role != "root").then(|| info("tls.pair").variant("root").with("issuer", &last.issuer))
}

/// Problems of the certificates above the leaf: one verdict per certificate and kind of problem.
fn issuer_problems(facts: &CertificateFacts) -> Vec<Verdict> {
    let verdicts = |link: &ChainCertificate| {
        let variant = |problem: &ChainProblem| match problem {
            ChainProblem::Expired | ChainProblem::NotYetValid => Some("chain_dates"),
            ChainProblem::NotAnAuthority => Some("chain_authority"),
            ChainProblem::WeakSignature | ChainProblem::WeakKey => Some("chain_weak"),
            // `chain` reports these for the chain as a whole.
            ChainProblem::NotSignedByNext | ChainProblem::IssuerMissing => None,
        };
        let variants: BTreeSet<&str> = link.problems.iter().filter_map(variant).collect();
        variants
            .into_iter()
            .map(|variant| {
                warn("tls.pair")
                    .variant(variant)
                    .with("subject", &link.subject)
                    .with("date", day(&link.not_after))
            })
            .collect::<Vec<_>>()
    };
    facts.chain.iter().skip(1).flat_map(verdicts).collect()
}

fn covers_name(case: &Case<'_>) -> Vec<Verdict> {
    let Some(facts) = facts(case) else {
        return Vec::new();
    };
    let cname = facts.cname.clone().unwrap_or_default();
    if facts.covers == Some(false) {
        return vec![
            block("tls.cname")
                .with("cname", cname)
                .with("names", facts.names.join(", ")),
        ];
    }
    when(facts.only_common_name_covers, || {
        warn("tls.pair").variant("common_name").with("cname", cname)
    })
}

fn dates(case: &Case<'_>) -> Vec<Verdict> {
    let Some(facts) = facts(case) else {
        return Vec::new();
    };
    let (verdict, moment) = if facts.expired {
        (block("tls.pair").variant("expired"), &facts.not_after)
    } else if facts.not_yet_valid {
        (block("tls.pair").variant("not_yet"), &facts.not_before)
    } else if facts.days_left < SOON_DAYS {
        (warn("tls.pair"), &facts.not_after)
    } else {
        return Vec::new();
    };
    vec![verdict.with("date", day(moment)).with("days", facts.days_left)]
}

/// A certificate that clients do not trust by default: self-signed, or issued by a private CA.
fn not_publicly_trusted(case: &Case<'_>) -> Vec<Verdict> {
    if let Some(Tls::Generated { recipe, .. }) = &case.spec.tls {
        return vec![match recipe.issuer {
            RecipeIssuer::SelfSigned => warn("tls"),
            RecipeIssuer::LocalCa => warn("tls").variant("local_ca"),
        }];
    }
    let Some(facts) = facts(case) else {
        return Vec::new();
    };
    match facts.issued_by {
        IssuedBy::SelfSigned => vec![warn("tls")],
        IssuedBy::Private => {
            let root = facts.chain.last().map_or(&facts.issuer, |root| &root.subject);
            vec![warn("tls").variant("private").with("subject", root)]
        }
        IssuedBy::Public | IssuedBy::Unknown => Vec::new(),
    }
}

fn strength(case: &Case<'_>) -> Vec<Verdict> {
    let Some(facts) = facts(case) else {
        return Vec::new();
    };
    let mut found = when(facts.weak_key, || {
        block("tls.pair")
            .variant("key")
            .with("type", &facts.key_type)
            .with("bits", facts.key_bits)
    });
    found.extend(when(!facts.usual_key && !facts.weak_key, || {
        warn("tls.pair").variant("kind").with("type", &facts.key_type)
    }));
    found.extend(when(facts.weak_signature, || {
        block("tls.pair")
            .variant("signature")
            .with("signature", &facts.signature)
    }));
    found
}

fn usage(case: &Case<'_>) -> Vec<Verdict> {
    let Some(facts) = facts(case) else {
        return Vec::new();
    };
    let mut found = when(facts.server_auth == Some(false), || {
        block("tls.pair").with("subject", &facts.subject)
    });
    found.extend(when(facts.leaf_is_ca && !facts.self_signed, || {
        warn("tls.pair")
            .variant("authority")
            .with("subject", &facts.subject)
    }));
    found
}

/// The date of an RFC 3339 timestamp.
pub(super) fn day(moment: &str) -> &str {
    moment.split('T').next().unwrap_or(moment)
}

/// Whether clients can use the host name: at least two labels of letters, digits and hyphens. No wildcard: clients
/// connect to a concrete host name.
pub(super) fn is_dns_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let valid = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    };
    name.len() <= 253 && name.contains('.') && name.split('.').all(valid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dns_names_are_told_from_other_text() {
        for (name, valid) in [
            ("ml.contoso.com", true),
            ("a.b.", true),
            ("ml", false),
            ("-a.com", false),
            ("a..com", false),
            ("a.b..", false),
            ("*.contoso.com", false),
            ("må.com", false),
            ("", false),
        ] {
            assert_eq!(is_dns_name(name), valid, "{name}");
        }
    }

    proptest! {
        #[test]
        fn labels_joined_by_single_dots_are_a_dns_name(labels in prop::collection::vec("[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", 2..6)) {
            prop_assert!(is_dns_name(&labels.join(".")));
            prop_assert!(!is_dns_name(&labels.join("..")));
        }
    }
}
