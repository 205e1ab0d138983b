//! TLS: what goes together, and whether the certificate is fit for its purpose.

use super::{Case, Rule, Verdict, block, info, unread, warn, when};
use crate::certificate::CertificateFacts;
use crate::finding::WizardStep;
use crate::spec::{LoadBalancer, PairRef, Tls};

const SECURE: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-secure-web-service";
const ONLINE: &str = "learn.microsoft.com/azure/machine-learning/how-to-secure-kubernetes-online-endpoint";
const HEALTH: &str =
    "learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension (E40007)";
const EXTENSION: &str = "learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension";
/// Days before expiry from which a certificate is worth a warning.
const SOON_DAYS: i32 = 30;

pub(super) const RULES: &[Rule] = &[
    local("TLS-01", SECURE, together),
    local("TLS-04", SECURE, |case| {
        let internal = matches!(
            case.spec.network.load_balancer,
            Some(LoadBalancer::Internal { .. })
        );
        when(label(case).is_some() && internal && case.classic(), || {
            block("tls")
        })
    }),
    local("TLS-06", SECURE, |case| {
        let shown = label(case).filter(|label| !label.is_empty() && case.classic());
        shown
            .map(|label| {
                info("tls.leafDomainLabel")
                    .with("label", label)
                    .with("location", case.location())
            })
            .into_iter()
            .collect()
    }),
    local("TLS-07", SECURE, |case| {
        let overwrites = matches!(
            case.spec.tls,
            Some(Tls::Microsoft {
                overwrite_existing_domain: true,
                ..
            })
        );
        when(overwrites, || warn("tls.overwriteExistingDomain"))
    }),
    local("TLS-10", SECURE, |case| {
        when(label(case).is_some() && case.classic(), || warn("tls"))
    }),
    azure("TLS-11", SECURE, unusable),
    azure("TLS-12", ONLINE, chain),
    azure("TLS-13", HEALTH, |case| {
        let stranger = certificate(case).filter(|facts| facts.key_given && !facts.key_matches);
        stranger
            .map(|facts| block("tls.pair").with("subject", &facts.subject))
            .into_iter()
            .collect()
    }),
    azure("TLS-14", HEALTH, names),
    azure("TLS-15", SECURE, dates),
    azure("TLS-16", SECURE, |case| {
        let alone = certificate(case).is_some_and(|facts| facts.self_signed);
        when(alone, || warn("tls.pair"))
    }),
    local("TLS-17", SECURE, |case| {
        let cname = case
            .spec
            .tls
            .as_ref()
            .and_then(Tls::cname)
            .filter(|cname| is_dns_name(cname));
        cname
            .map(|cname| info("tls.cname").with("cname", cname))
            .into_iter()
            .collect()
    }),
    local("TLS-19", SECURE, |case| {
        when(case.spec.tls == Some(Tls::None), || warn("tls"))
    }),
    azure("TLS-23", ONLINE, strength),
    azure("TLS-24", ONLINE, usage),
    local("TLS-25", "RFC 1123, section 2.1", |case| {
        let cname = case
            .spec
            .tls
            .as_ref()
            .and_then(Tls::cname)
            .filter(|cname| !cname.is_empty());
        let bad = cname.filter(|cname| !is_dns_name(cname));
        bad.map(|cname| block("tls.cname").with("cname", cname))
            .into_iter()
            .collect()
    }),
    local("TLS-26", SECURE, |case| {
        let bad = label(case).filter(|label| !label.is_empty() && !is_label(label));
        bad.map(|label| block("tls.leafDomainLabel").with("label", label))
            .into_iter()
            .collect()
    }),
    local("TLX-12", EXTENSION, |case| {
        when(case.extension() && label(case).is_some(), || block("tls"))
    }),
];

const fn local(id: &'static str, source: &'static str, check: fn(&Case<'_>) -> Vec<Verdict>) -> Rule {
    Rule {
        id,
        source,
        step: WizardStep::Tls,
        local: true,
        waivable: false,
        check,
    }
}

const fn azure(id: &'static str, source: &'static str, check: fn(&Case<'_>) -> Vec<Verdict>) -> Rule {
    Rule {
        id,
        source,
        step: WizardStep::Tls,
        local: false,
        waivable: false,
        check,
    }
}

fn label<'a>(case: &'a Case<'_>) -> Option<&'a str> {
    match &case.spec.tls {
        Some(Tls::Microsoft {
            leaf_domain_label, ..
        }) => Some(leaf_domain_label),
        _ => None,
    }
}

fn certificate<'a>(case: &'a Case<'_>) -> Option<&'a CertificateFacts> {
    case.facts.certificate.known()?.as_ref().ok()
}

/// Name, certificate and key belong together; a label needs its text.
fn together(case: &Case<'_>) -> Vec<Verdict> {
    match &case.spec.tls {
        None | Some(Tls::None) => Vec::new(),
        Some(Tls::Microsoft {
            leaf_domain_label, ..
        }) => when(leaf_domain_label.is_empty(), || {
            block("tls.leafDomainLabel").variant("label")
        }),
        Some(Tls::Generated { cname, .. }) => when(cname.is_empty(), || block("tls.cname").variant("cname")),
        Some(Tls::Own { cname, pair }) => {
            let mut found = when(cname.is_empty(), || block("tls.cname").variant("cname"));
            let incomplete = match pair {
                None => true,
                Some(PairRef::Vault { id }) => id.is_empty(),
                Some(PairRef::Files { certificate, key }) => certificate.is_empty() || key.is_empty(),
            };
            found.extend(when(incomplete, || block("tls.pair")));
            found
        }
    }
}

fn unusable(case: &Case<'_>) -> Vec<Verdict> {
    match case.facts.certificate.known() {
        None => unread(&case.facts.certificate, "tls.pair"),
        Some(Ok(_)) => Vec::new(),
        Some(Err(problem)) => {
            let mut verdict = block("tls.pair").with("problem", problem);
            verdict.params.extend(problem.params());
            vec![verdict]
        }
    }
}

fn chain(case: &Case<'_>) -> Vec<Verdict> {
    let Some(facts) = certificate(case) else {
        return Vec::new();
    };
    if facts.self_signed {
        return Vec::new();
    }
    if !facts.complete || !facts.signed_in_order {
        let issuer = facts
            .missing_issuer
            .clone()
            .unwrap_or_else(|| facts.issuer.clone());
        return vec![warn("tls.pair").with("issuer", issuer)];
    }
    when(!facts.in_order, || info("tls.pair").variant("mended"))
}

fn names(case: &Case<'_>) -> Vec<Verdict> {
    let Some(facts) = certificate(case) else {
        return Vec::new();
    };
    let asked = facts.cname.clone().unwrap_or_default();
    if facts.covers == Some(false) {
        return vec![
            block("tls.cname")
                .with("cname", asked)
                .with("names", facts.names.join(", ")),
        ];
    }
    when(facts.only_common_name_covers, || {
        warn("tls.pair").variant("common_name").with("cname", asked)
    })
}

fn dates(case: &Case<'_>) -> Vec<Verdict> {
    let Some(facts) = certificate(case) else {
        return Vec::new();
    };
    let say =
        |verdict: Verdict, date: &str| vec![verdict.with("date", day(date)).with("days", facts.days_left)];
    if facts.expired {
        say(block("tls.pair").variant("expired"), &facts.not_after)
    } else if facts.not_yet_valid {
        say(block("tls.pair").variant("not_yet"), &facts.not_before)
    } else if facts.days_left < SOON_DAYS {
        say(warn("tls.pair"), &facts.not_after)
    } else {
        Vec::new()
    }
}

fn strength(case: &Case<'_>) -> Vec<Verdict> {
    let Some(facts) = certificate(case) else {
        return Vec::new();
    };
    let mut found = when(facts.weak_key, || {
        block("tls.pair")
            .variant("key")
            .with("type", &facts.key_type)
            .with("bits", facts.key_bits)
    });
    found.extend(when(facts.weak_signature, || {
        block("tls.pair")
            .variant("signature")
            .with("signature", &facts.signature)
    }));
    // Whether the classic front end takes EC keys is not established.
    let curve = case.classic() && !facts.key_type.starts_with("RSA") && !facts.weak_key;
    found.extend(when(curve, || {
        warn("tls.pair").variant("curve").with("type", &facts.key_type)
    }));
    found
}

fn usage(case: &Case<'_>) -> Vec<Verdict> {
    let Some(facts) = certificate(case) else {
        return Vec::new();
    };
    let mut found = when(facts.server_auth == Some(false), || block("tls.pair"));
    found.extend(when(facts.leaf_is_ca && !facts.self_signed, || {
        warn("tls.pair").variant("authority")
    }));
    found
}

/// The day of an RFC 3339 moment.
fn day(moment: &str) -> &str {
    moment.split('T').next().unwrap_or(moment)
}

/// At least two labels of letters, digits and hyphens; the first may be `*`.
fn is_dns_name(name: &str) -> bool {
    let labels: Vec<&str> = name.trim_end_matches('.').split('.').collect();
    let sound = |label: &&str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    };
    name.len() <= 253 && labels.len() >= 2 && labels.iter().all(sound)
}

/// A label of `cloudapp.azure.com`: lower-case letters, digits and hyphens, a letter first.
fn is_label(label: &str) -> bool {
    let mut letters = label.chars();
    label.len() <= 56
        && letters.next().is_some_and(|letter| letter.is_ascii_lowercase())
        && label
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_names() {
        for (name, sound) in [
            ("ml.contoso.com", true),
            ("ml", false),
            ("-a.com", false),
            ("a..com", false),
            ("må.com", false),
            ("a.b.", true),
        ] {
            assert_eq!(is_dns_name(name), sound, "{name}");
        }
        assert!(is_label("contoso-1") && !is_label("1contoso") && !is_label("Contoso") && !is_label("a-"));
    }
}
