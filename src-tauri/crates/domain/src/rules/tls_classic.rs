//! TLS choices on the classic route. [`super::certificate`] checks the certificate itself.

use super::verdict::{block, info, on, warn, when};
use super::{Case, Rule, Verdict, on_change};
use crate::finding::WizardStep::Tls as Step;
use crate::spec::{PairRef, Tls};

const SECURE: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-secure-web-service";
const INTERNAL: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes; \
                        learn.microsoft.com/azure/machine-learning/v1/how-to-secure-web-service";
const SDK: &str = "package azureml-core 1.61, core/compute/aks.py";
const LABELS: &str = "learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses";
/// Longest label: a DNS label has at most 63 characters, and the service appends a hyphen and six characters.
const MAX_LABEL: usize = 56;

pub(super) const RULES: &[Rule] = &[
    Rule::local("TLS-01", Step, SDK, |case| {
        if case.classic() {
            incomplete(case)
        } else {
            Vec::new()
        }
    })
    .on_change(on_change::tls)
    .says(&["TLS-01.cname", "TLS-01.pair", "TLS-01.file", "TLS-01.label"]),
    Rule::local("TLS-04", Step, INTERNAL, |case| {
        when(case.classic() && case.internal() && label(case).is_some(), || {
            block("tls")
        })
    })
    .on_change(on_change::tls),
    Rule::local("TLS-06", Step, SECURE, |case| {
        let valid = label(case).filter(|label| case.classic() && is_label(label));
        on(valid, |label| {
            let verdict = info("tls.leafDomainLabel").with("label", label);
            match case.location() {
                "" => verdict.variant("unplaced"),
                location => verdict.with("location", location),
            }
        })
    })
    .on_change(on_change::tls)
    .says(&["TLS-06", "TLS-06.unplaced"]),
    // One page says that Azure ML does not terminate TLS behind an internal address, the other asks for one's own certificate
    // there.
    Rule::local("TLS-30", Step, INTERNAL, |case| {
        let own = matches!(case.spec.tls, Some(Tls::Own { .. } | Tls::Generated { .. }));
        when(case.classic() && case.internal() && own, || info("tls"))
    })
    .on_change(on_change::tls_or_balancer),
    Rule::local("TLS-07", Step, SDK, |case| match &case.spec.tls {
        Some(Tls::Microsoft {
            leaf_domain_label,
            overwrite_existing_domain: true,
        }) if case.classic() => {
            vec![warn("tls.overwriteExistingDomain").with("label", leaf_domain_label)]
        }
        _ => Vec::new(),
    })
    .on_change(on_change::tls),
    Rule::local("TLS-10", Step, SECURE, |case| {
        when(case.classic() && label(case).is_some(), || warn("tls"))
    })
    .on_change(on_change::tls),
    Rule::local("TLS-17", Step, SECURE, |case| {
        if case.classic() {
            dns_record(case)
        } else {
            Vec::new()
        }
    })
    .on_change(on_change::tls),
    Rule::local("TLS-19", Step, SECURE, |case| {
        when(case.classic() && case.spec.tls == Some(Tls::None), || warn("tls"))
    })
    .on_change(on_change::tls),
    Rule::local("TLS-26", Step, LABELS, |case| {
        let bad = label(case).filter(|label| case.classic() && !label.is_empty() && !is_label(label));
        on(bad, |label| block("tls.leafDomainLabel").with("label", label))
    })
    .on_change(on_change::tls),
];

fn label<'a>(case: &Case<'a>) -> Option<&'a str> {
    match &case.spec.tls {
        Some(Tls::Microsoft {
            leaf_domain_label, ..
        }) => Some(leaf_domain_label),
        _ => None,
    }
}

/// Missing parts of the TLS choice; the same on both routes.
pub(super) fn incomplete(case: &Case<'_>) -> Vec<Verdict> {
    match &case.spec.tls {
        None | Some(Tls::None) => Vec::new(),
        Some(Tls::Microsoft {
            leaf_domain_label, ..
        }) => when(leaf_domain_label.is_empty() && case.classic(), || {
            block("tls.leafDomainLabel").variant("label")
        }),
        Some(Tls::Generated { cname, .. }) => when(cname.is_empty(), || block("tls.cname").variant("cname")),
        Some(Tls::Own { cname, pair }) => {
            let mut found = when(cname.is_empty(), || block("tls.cname").variant("cname"));
            found.extend(match pair {
                None => vec![block("tls.pair").variant("pair")],
                Some(PairRef::Vault { id }) => when(id.is_empty(), || block("tls.pair").variant("pair")),
                Some(PairRef::Files { certificate, key }) => {
                    when(certificate.is_empty() || key.is_empty(), || {
                        block("tls.pair").variant("file")
                    })
                }
            });
            found
        }
    }
}

/// The DNS record that callers need. Its address is only known once the cluster serves requests.
pub(super) fn dns_record(case: &Case<'_>) -> Vec<Verdict> {
    let cname = case.spec.tls.as_ref().and_then(Tls::cname);
    on(
        cname.filter(|cname| super::certificate::is_dns_name(cname)),
        |cname| info("tls.cname").with("cname", cname),
    )
}

/// Lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen.
fn is_label(label: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    (1..=MAX_LABEL).contains(&label.len())
        && label.starts_with(|first: char| first.is_ascii_lowercase())
        && label.ends_with(plain)
        && label.chars().all(|letter| plain(letter) || letter == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_from_other_text() {
        for (label, valid) in [
            ("contoso-1", true),
            ("a", true),
            ("1contoso", false),
            ("Contoso", false),
            ("a-", false),
            ("a.b", false),
        ] {
            assert_eq!(is_label(label), valid, "{label}");
        }
        assert!(is_label(&"a".repeat(56)) && !is_label(&"a".repeat(57)));
    }
}
