//! TLS choices on the extension route. [`super::certificate`] checks the certificate itself.

use super::tls_classic::{dns_record, incomplete};
use super::verdict::{block, warn, when};
use super::{Case, Rule, Verdict, on_change};
use crate::finding::WizardStep::Tls as Step;
use crate::spec::Tls;

const DEPLOY: &str = "learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension";
const SECURE: &str = "learn.microsoft.com/azure/machine-learning/how-to-secure-kubernetes-online-endpoint";
const CLI: &str = "Azure/azure-cli-extensions src/k8s-extension, partner_extensions/AzureMLKubernetes.py";

pub(super) const RULES: &[Rule] = &[
    Rule::local("TLX-01", Step, DEPLOY, |case| missing(case, "TLX-01.pair"))
        .on_change(on_change::tls_or_moves)
        .says(&["TLX-01.pair"]),
    Rule::local("TLX-03", Step, CLI, |case| missing(case, "TLX-03.file"))
        .on_change(on_change::tls_or_moves)
        .says(&["TLX-03.file"]),
    Rule::local("TLX-04", Step, CLI, |case| missing(case, "TLX-04.cname"))
        .on_change(on_change::tls_or_moves)
        .says(&["TLX-04.cname"]),
    Rule::local("TLX-07", Step, DEPLOY, |case| {
        when(case.extension() && case.spec.tls == Some(Tls::None), || {
            warn("tls")
        })
    })
    .on_change(on_change::tls_or_moves),
    Rule::local("TLX-10", Step, SECURE, |case| {
        if case.extension() {
            dns_record(case)
        } else {
            Vec::new()
        }
    })
    .on_change(on_change::tls_or_moves),
    // The extension has no setting for labels; only the classic compute does.
    Rule::local("TLX-12", Step, DEPLOY, |case| {
        when(
            case.extension() && matches!(case.spec.tls, Some(Tls::Microsoft { .. })),
            || block("tls"),
        )
    })
    .on_change(on_change::tls),
];

/// Missing parts of the TLS choice that are reported under the given code.
fn missing(case: &Case<'_>, code: &str) -> Vec<Verdict> {
    if !case.extension() {
        return Vec::new();
    }
    let (rule, _) = code.split_once('.').unwrap_or((code, ""));
    incomplete(case)
        .into_iter()
        .filter(|verdict| verdict.code(rule) == code)
        .collect()
}
