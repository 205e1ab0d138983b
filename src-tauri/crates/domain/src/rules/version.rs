//! Kubernetes version of a new or existing cluster.

use super::read::{CLUSTER, VERSIONS};
use super::verdict::{block, info, on, unread, warn, when};
use super::{Case, Rule, Verdict};
use crate::facts::OfferedVersion;
use crate::finding::WizardStep::Version;
use crate::spec::Tier;
use crate::versions::{
    CALENDAR_AS_OF, ENDING_DAYS, days_between, in_aml_window, is_before_calendar, minor_number, minor_of,
    newest_general, oldest_listed, support_end,
};

const SUPPORTED: &str = "learn.microsoft.com/azure/aks/supported-kubernetes-versions";
const LTS: &str = "learn.microsoft.com/azure/aks/long-term-support";
const AML: &str = "learn.microsoft.com/azure/machine-learning/reference-kubernetes";
const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
const FIELD: &str = "version.kubernetes";

pub(super) const RULES: &[Rule] = &[
    Rule::local("VER-01", Version, CLASSIC, |case| {
        when(case.through_aml(), || info(FIELD))
    }),
    Rule::azure("VER-02", Version, SUPPORTED, offered),
    Rule::azure("VER-03", Version, SUPPORTED, |case| {
        on(chosen(case).filter(|found| found.is_preview), |found| {
            warn(FIELD).with("version", &found.minor)
        })
    })
    .reading(&[VERSIONS], |case| !version(case).is_empty() && case.creates()),
    Rule::azure("VER-04", Version, LTS, long_term)
        .reading(&[VERSIONS], |case| !version(case).is_empty() && case.creates())
        .says(&["VER-04", "VER-04.not_offered", "VER-04.premium"]),
    Rule::azure("VER-05", Version, SUPPORTED, ending)
        .reading(&[CLUSTER], |case| case.uses_existing())
        .says(&["VER-05", "VER-05.before", "VER-05.ended"]),
    Rule::azure("VER-09", Version, AML, window),
    Rule::azure("VER-11", Version, CLASSIC, newest_on_classic)
        .reading(&[VERSIONS, CLUSTER], |case| case.classic() && !case.through_aml()),
    Rule::local("VER-13", Version, LTS, |case| {
        let version = &case.spec.version;
        let alone = case.creates() && version.long_term_support && !version.patch_upgrades;
        when(alone, || info("version.patchUpgrades"))
    }),
];

/// Version of the new or existing cluster; empty while unknown.
fn version<'a>(case: &Case<'a>) -> &'a str {
    match case.existing() {
        Some(cluster) => &cluster.kubernetes_version,
        None if case.creates() => &case.spec.version.kubernetes,
        None => "",
    }
}

/// The chosen version as the location offers it.
fn chosen<'a>(case: &Case<'a>) -> Option<&'a OfferedVersion> {
    let wanted = minor_of(&case.spec.version.kubernetes);
    case.facts
        .versions
        .known()?
        .iter()
        .find(|version| case.creates() && version.minor == wanted)
}

fn offered(case: &Case<'_>) -> Vec<Verdict> {
    let wanted = &case.spec.version.kubernetes;
    if !case.creates() || wanted.is_empty() {
        return Vec::new();
    }
    let Some(versions) = case.facts.versions.known() else {
        return unread("versions", &case.facts.versions);
    };
    let exact = chosen(case).is_some_and(|version| {
        version.minor == *wanted || version.patches.iter().any(|patch| patch.version == *wanted)
    });
    when(!exact, || {
        let choices: Vec<&str> = versions.iter().map(|version| version.minor.as_str()).collect();
        block(FIELD)
            .with("version", wanted)
            .with("location", case.location())
            .with("offered", choices.join(", "))
    })
}

fn long_term(case: &Case<'_>) -> Vec<Verdict> {
    let Some(found) = chosen(case) else {
        return Vec::new();
    };
    let offers = |plan: &str| {
        found
            .support_plans
            .iter()
            .any(|name| name.eq_ignore_ascii_case(plan))
    };
    let choice = &case.spec.version;
    let field = "version.longTermSupport";
    if !choice.long_term_support {
        return when(!offers("KubernetesOfficial"), || {
            block(field).with("version", &found.minor)
        });
    }
    if !offers("AKSLongTermSupport") {
        return vec![block(field).variant("not_offered").with("version", &found.minor)];
    }
    when(choice.tier != Tier::Premium, || {
        info("version.tier")
            .variant("premium")
            .with("version", &found.minor)
    })
}

/// The support dates are only published on a web page; `asOf` is the day they were copied.
fn ending(case: &Case<'_>) -> Vec<Verdict> {
    let minor = minor_of(version(case));
    let long_term = if case.creates() {
        case.spec.version.long_term_support
    } else {
        case.existing()
            .is_some_and(|cluster| cluster.support_plan.eq_ignore_ascii_case("AKSLongTermSupport"))
    };
    if is_before_calendar(minor) {
        let verdict = warn(FIELD).variant("before").with("version", minor);
        return vec![
            verdict
                .with("oldest", oldest_listed())
                .with("asOf", CALENDAR_AS_OF),
        ];
    }
    let Some(end) = support_end(minor, long_term) else {
        return Vec::new();
    };
    let Some(days) = days_between(&case.facts.today, end) else {
        return Vec::new();
    };
    let verdict = match days {
        ..0 => warn(FIELD).variant("ended"),
        0..=ENDING_DAYS => warn(FIELD),
        _ => return Vec::new(),
    };
    vec![
        verdict
            .with("version", minor)
            .with("date", end)
            .with("days", days.abs())
            .with("asOf", CALENDAR_AS_OF),
    ]
}

fn window(case: &Case<'_>) -> Vec<Verdict> {
    if !case.extension() || version(case).is_empty() {
        return Vec::new();
    }
    let Some(versions) = case.facts.versions.known() else {
        return unread("versions", &case.facts.versions);
    };
    let outside = in_aml_window(minor_of(version(case)), versions) == Some(false);
    let inside: Vec<&str> = versions
        .iter()
        .map(|version| version.minor.as_str())
        .filter(|minor| in_aml_window(minor, versions) == Some(true))
        .collect();
    when(outside, || {
        warn(FIELD)
            .with("version", version(case))
            .with("supported", inside.join(", "))
    })
}

/// No page says whether the classic components, which are out of support, are tested with the newest minor version.
fn newest_on_classic(case: &Case<'_>) -> Vec<Verdict> {
    let newest = case
        .facts
        .versions
        .known()
        .and_then(|versions| newest_general(versions));
    let minor = minor_number(minor_of(version(case)));
    let on_newest = case.classic() && minor.is_some() && minor >= newest && newest.is_some();
    when(on_newest, || warn(FIELD).with("version", version(case)))
}
