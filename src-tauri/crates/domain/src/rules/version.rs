//! The Kubernetes version.

use super::{Case, Rule, Verdict, block, info, unread, warn, when};
use crate::facts::OfferedVersion;
use crate::finding::WizardStep;
use crate::spec::Tier;
use crate::versions::{ENDING_DAYS, days_between, in_aml_window, minor_of, support_end};

const SUPPORTED: &str = "learn.microsoft.com/azure/aks/supported-kubernetes-versions";
const LTS: &str = "learn.microsoft.com/azure/aks/long-term-support";
const AML: &str = "learn.microsoft.com/azure/machine-learning/reference-kubernetes";
const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";

pub(super) const RULES: &[Rule] = &[
    rule("VER-01", CLASSIC, true, |case| {
        when(case.through_aml(), || info("version.kubernetes"))
    }),
    rule("VER-02", SUPPORTED, false, offered),
    rule("VER-03", SUPPORTED, false, |case| {
        let preview = chosen(case).is_some_and(|version| version.is_preview);
        when(preview, || {
            warn("version.kubernetes").with("version", version(case))
        })
    }),
    rule("VER-04", LTS, false, long_term),
    rule("VER-05", SUPPORTED, false, ending),
    rule("VER-06", LTS, true, |case| {
        let version = &case.spec.version;
        when(
            case.creates() && version.long_term_support && version.tier != Tier::Premium,
            || info("version.tier"),
        )
    }),
    rule("VER-09", AML, false, window),
    rule("VER-11", CLASSIC, false, |case| {
        let newest = case.facts.versions.known().and_then(|versions| {
            versions
                .iter()
                .filter(|version| !version.is_preview)
                .max_by_key(|version| version.minor.clone())
        });
        let on_newest = newest.is_some_and(|newest| newest.minor == minor_of(version(case)));
        when(case.classic() && on_newest && !case.through_aml(), || {
            warn("version.kubernetes").with("version", version(case))
        })
    }),
];

const fn rule(
    id: &'static str,
    source: &'static str,
    local: bool,
    check: fn(&Case<'_>) -> Vec<Verdict>,
) -> Rule {
    Rule {
        id,
        source,
        step: WizardStep::Version,
        local,
        waivable: false,
        check,
    }
}

/// The version that will run: of the cluster that is made, or of the existing one.
fn version<'a>(case: &'a Case<'_>) -> &'a str {
    case.existing()
        .map_or(case.spec.version.kubernetes.as_str(), |cluster| {
            &cluster.kubernetes_version
        })
}

fn chosen<'a>(case: &'a Case<'_>) -> Option<&'a OfferedVersion> {
    let wanted = case.creates().then(|| minor_of(&case.spec.version.kubernetes))?;
    case.facts
        .versions
        .known()?
        .iter()
        .find(|version| version.minor == wanted)
}

fn offered(case: &Case<'_>) -> Vec<Verdict> {
    let wanted = &case.spec.version.kubernetes;
    if !case.creates() || wanted.is_empty() {
        return Vec::new();
    }
    let Some(versions) = case.facts.versions.known() else {
        return unread(&case.facts.versions, "version.kubernetes");
    };
    let found = versions.iter().find(|version| version.minor == minor_of(wanted));
    let exact = found.is_some_and(|version| {
        version.minor == *wanted || version.patches.iter().any(|patch| patch.version == *wanted)
    });
    let refuse = || {
        let choices: Vec<&str> = versions.iter().map(|version| version.minor.as_str()).collect();
        block("version.kubernetes")
            .with("version", wanted)
            .with("location", &case.spec.place.location)
            .with("offered", choices.join(", "))
    };
    when(!exact, refuse)
}

fn long_term(case: &Case<'_>) -> Vec<Verdict> {
    let Some(found) = chosen(case) else {
        return Vec::new();
    };
    let has = |plan: &str| {
        found
            .support_plans
            .iter()
            .any(|name| name.eq_ignore_ascii_case(plan))
    };
    let wants = case.spec.version.long_term_support;
    let refuse = |variant: Option<&'static str>| {
        let verdict = block("version.longTermSupport").with("version", &found.minor);
        vec![match variant {
            Some(variant) => verdict.variant(variant),
            None => verdict,
        }]
    };
    if !has("KubernetesOfficial") && !wants {
        return refuse(None);
    }
    if wants && !has("AKSLongTermSupport") {
        return refuse(Some("not_offered"));
    }
    Vec::new()
}

fn ending(case: &Case<'_>) -> Vec<Verdict> {
    let minor = minor_of(version(case));
    let Some(end) = support_end(minor, case.spec.version.long_term_support) else {
        return Vec::new();
    };
    let Some(days) = days_between(&case.facts.today, end) else {
        return Vec::new();
    };
    let say = |verdict: Verdict| {
        vec![
            verdict
                .with("version", minor)
                .with("date", end)
                .with("days", days),
        ]
    };
    if days < 0 {
        say(warn("version.kubernetes").variant("ended"))
    } else if days <= ENDING_DAYS {
        say(warn("version.kubernetes"))
    } else {
        Vec::new()
    }
}

fn window(case: &Case<'_>) -> Vec<Verdict> {
    if !case.extension() || version(case).is_empty() {
        return Vec::new();
    }
    let Some(versions) = case.facts.versions.known() else {
        return unread(&case.facts.versions, "version.kubernetes");
    };
    let outside = in_aml_window(minor_of(version(case)), versions) == Some(false);
    when(outside, || {
        warn("version.kubernetes").with("version", version(case))
    })
}
