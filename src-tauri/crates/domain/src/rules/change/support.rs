//! Tier and support plan of a cluster: set alone, or together with an upgrade.

use super::super::read::VERSIONS;
use super::super::verdict::{block, info, on, warn, when};
use super::super::{Case, Rule, Verdict};
use super::cluster;
use super::versions::wanted;
use crate::change::Change;
use crate::facts::{ClusterFacts, OfferedVersion};
use crate::finding::WizardStep::Review;
use crate::plan::same_version;
use crate::spec::{Tier, support_plan};
use crate::versions::{CALENDAR_AS_OF, ENDING_DAYS, days_between, minor_of, support_end};
use serde_json::Value;

const LTS: &str = "learn.microsoft.com/azure/aks/long-term-support";
const TIERS: &str = "learn.microsoft.com/azure/aks/free-standard-pricing-tiers";
const SUPPORTED: &str = "learn.microsoft.com/azure/aks/supported-kubernetes-versions";

/// Both words of the support plans in the catalogue of findings are Azure's names.
const LONG_TERM: &str = support_plan(true);
const COMMUNITY: &str = support_plan(false);

pub(super) const RULES: &[Rule] = &[
    Rule::azure("VER-15", Review, LTS, offered)
        .reading(&[VERSIONS], |case| version_after(case).is_some())
        .says(&["VER-15", "VER-15.stays", "VER-15.not_offered"]),
    Rule::azure("VER-16", Review, TIERS, together).says(&["VER-16", "VER-16.premium"]),
    Rule::azure("VER-17", Review, LTS, add_ons)
        .says(&["VER-17", "VER-17.waived"])
        .waivable(),
    Rule::azure("VER-18", Review, LTS, patches),
    Rule::azure("VER-19", Review, TIERS, what_changes),
    Rule::azure("VER-20", Review, SUPPORTED, until).says(&["VER-20", "VER-20.ending", "VER-20.ended"]),
];

/// The version that the cluster has afterwards, if the change decides about its support.
fn version_after<'a>(case: &Case<'a>) -> Option<&'a str> {
    let (change, found) = (case.change?, cluster(case)?);
    let upgrade = wanted(case).filter(|wanted| !same_version(&found.kubernetes_version, wanted));
    match change {
        Change::Upgrade { support: None, .. } => upgrade,
        Change::Upgrade { .. } | Change::Support { .. } => Some(upgrade.unwrap_or(&found.kubernetes_version)),
        _ => None,
    }
}

/// Whether the cluster has long-term support afterwards.
pub(super) fn long_term_after(case: &Case<'_>) -> bool {
    let set = case.change.and_then(Change::support);
    let now = || cluster(case).is_some_and(ClusterFacts::has_long_term_support);
    set.map_or_else(now, |support| support.long_term_support)
}

/// Whether a change sets long-term support for a cluster that does not have it.
fn becomes_long_term(case: &Case<'_>) -> bool {
    let has = cluster(case).is_some_and(ClusterFacts::has_long_term_support);
    long_term_after(case) && !has
}

fn offers(version: &OfferedVersion, plan: &str) -> bool {
    let plans = &version.support_plans;
    plans.iter().any(|offered| offered.eq_ignore_ascii_case(plan))
}

/// Whether Azure offers a support plan for a version here. A version that it no longer lists is judged by the calendar.
pub(super) fn is_offered(case: &Case<'_>, version: &str, plan: &str) -> Option<bool> {
    let all = case.facts.versions.known()?;
    let minor = minor_of(version);
    if let Some(listed) = all.iter().find(|listed| listed.minor == minor) {
        return Some(offers(listed, plan));
    }
    let end = support_end(minor, plan == LONG_TERM)?;
    days_between(&case.facts.today, end).map(|days| days >= 0)
}

/// The version must be offered with the support plan that the cluster has afterwards. "Once the community support period
/// has ended, you can't disable LTS for that version."
fn offered(case: &Case<'_>) -> Vec<Verdict> {
    let Some(version) = version_after(case) else {
        return Vec::new();
    };
    let minor = minor_of(version);
    let about = |verdict: Verdict| verdict.with("version", minor);
    if long_term_after(case) {
        let refused = is_offered(case, version, LONG_TERM) == Some(false);
        return when(refused, || about(block("").variant("not_offered")));
    }
    if is_offered(case, version, COMMUNITY) != Some(false) {
        return Vec::new();
    }
    let stays = wanted(case).is_none_or(|wanted| {
        cluster(case).is_some_and(|found| same_version(&found.kubernetes_version, wanted))
    });
    if !stays {
        return vec![about(block(""))];
    }
    // The version runs already: only leaving long-term support can be refused.
    let leaves = cluster(case).is_some_and(ClusterFacts::has_long_term_support);
    when(leaves, || about(block("").variant("stays")))
}

/// "LongTermSupport and Premium tier should be enabled/disabled together". `az aks` refuses the plan without the tier; that
/// Azure takes the tier without the plan is reported (MicrosoftDocs/azure-aks-docs issue 115).
fn together(case: &Case<'_>) -> Vec<Verdict> {
    let Some(support) = case.change.and_then(Change::support) else {
        return Vec::new();
    };
    match (support.long_term_support, support.tier) {
        (true, Tier::Free | Tier::Standard) => vec![block("").with("tier", support.tier.name())],
        (false, Tier::Premium) => vec![warn("").variant("premium")],
        (true, Tier::Premium) | (false, Tier::Free | Tier::Standard) => Vec::new(),
    }
}

/// Add-ons and features with which a cluster cannot get long-term support: the place in the cluster, the value that turns
/// it on, and its name.
const UNSUPPORTED: [(&str, &str, &str); 7] = [
    ("/properties/serviceMeshProfile/mode", "Istio", "Istio"),
    (
        "/properties/workloadAutoScalerProfile/keda/enabled",
        "true",
        "KEDA",
    ),
    ("/properties/networkProfile/networkPolicy", "calico", "Calico"),
    (
        "/properties/securityProfile/azureKeyVaultKms/enabled",
        "true",
        "Key Management Service",
    ),
    (
        "/properties/addonProfiles/ingressApplicationGateway/enabled",
        "true",
        "Application Gateway Ingress Controller",
    ),
    (
        "/properties/addonProfiles/openServiceMesh/enabled",
        "true",
        "Open Service Mesh",
    ),
    (
        "/properties/podIdentityProfile/enabled",
        "true",
        "Microsoft Entra pod identity",
    ),
];

/// "You can't move your cluster to long-term support if any of these add-ons or features are enabled."
fn add_ons(case: &Case<'_>) -> Vec<Verdict> {
    if !becomes_long_term(case) {
        return Vec::new();
    }
    let Some(seen) = case.facts.change.cluster.known().and_then(Option::as_ref) else {
        return Vec::new();
    };
    let is = |at: &str, value: &str| match seen.pointer(at) {
        Some(Value::Bool(on)) => *on && value == "true",
        Some(Value::String(text)) => text.eq_ignore_ascii_case(value),
        _ => false,
    };
    let extensions = case.facts.extensions.known().into_iter().flatten();
    let dapr = extensions.filter(|found| found.extension_type.eq_ignore_ascii_case("microsoft.dapr"));
    let on: Vec<&str> = UNSUPPORTED
        .iter()
        .filter(|(at, value, _)| is(at, value))
        .map(|(_, _, name)| *name)
        .chain(dapr.map(|_| "Dapr"))
        .collect();
    when(!on.is_empty(), || block("").with("names", on.join(", ")))
}

/// Long-term support covers only the two newest patch versions.
fn patches(case: &Case<'_>) -> Vec<Verdict> {
    let Some(support) = case.change.and_then(Change::support) else {
        return Vec::new();
    };
    let seen = case.facts.change.cluster.known().and_then(Option::as_ref);
    let channel = seen.and_then(|seen| {
        seen.pointer("/properties/autoUpgradeProfile/upgradeChannel")?
            .as_str()
    });
    let installs = support.patch_upgrades || channel == Some("patch");
    when(support.long_term_support && !installs, || info(""))
}

/// Names the tier and the plan before and after.
fn what_changes(case: &Case<'_>) -> Vec<Verdict> {
    let (Some(support), Some(found)) = (case.change.and_then(Change::support), cluster(case)) else {
        return Vec::new();
    };
    let tier = support.tier.name();
    let same =
        found.tier.eq_ignore_ascii_case(tier) && found.has_long_term_support() == support.long_term_support;
    when(!same, || {
        info("")
            .with("tier", tier)
            .with("plan", support.plan())
            .with("tierNow", &found.tier)
            .with("planNow", &found.support_plan)
    })
}

/// How long the version is supported afterwards.
fn until(case: &Case<'_>) -> Vec<Verdict> {
    let Some(minor) = version_after(case).map(minor_of) else {
        return Vec::new();
    };
    let long_term = long_term_after(case);
    let end = support_end(minor, long_term);
    on(
        end.and_then(|end| Some((end, days_between(&case.facts.today, end)?))),
        |(end, days)| {
            let verdict = match days {
                ..0 => warn("").variant("ended"),
                0..=ENDING_DAYS => warn("").variant("ending"),
                _ => info(""),
            };
            verdict
                .with("version", minor)
                .with("plan", support_plan(long_term))
                .with("date", end)
                .with("days", days.abs())
                .with("asOf", CALENDAR_AS_OF)
        },
    )
}
