//! A version that exists and gets other settings, on the extension route.

use crate::bodies::deployment_update::changes;
use crate::bodies::written_back::written_back;
use crate::change::Goal;
use crate::deployment_spec::DeploySpec;
use crate::finding::WizardStep::Review as Step;
use crate::plan::StepKind;
use crate::rules::verdict::{block, info, on, warn};
use crate::rules::{Case, Rule, Verdict};
use crate::traffic::Traffic;
use serde_json::Value;

/// `maxUnavailable` is 1, so the only replica may stop before the new one is ready.
const ROLLING: &str = "github.com/Azure/azure-sdk-for-python/issues/25938";
const YAML: &str = "learn.microsoft.com/azure/machine-learning/reference-yaml-deployment-kubernetes-online";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("DEP-26", Step, ROLLING, live).says(&[
        "DEP-26.idle",
        "DEP-26.live",
        "DEP-26.gap",
        "DEP-26.share_unread",
    ]),
    Rule::azure("DEP-27", Step, YAML, changed).says(&["DEP-27.changes", "DEP-27.same"]),
];

/// The version to update, with the deployment as it is.
fn updated<'a>(case: &Case<'a>) -> Option<(&'a DeploySpec, &'a Value)> {
    let spec = case.deploy?;
    Some((spec, case.facts.deploy.existing(&spec.version)?))
}

/// The person consents to the update of a version that has traffic, or may have.
fn live(case: &Case<'_>) -> Vec<Verdict> {
    on(updated(case), |(spec, seen)| {
        let endpoint = case.facts.change.endpoint.known().and_then(Option::as_ref);
        let share = endpoint
            .and_then(|endpoint| Traffic::of_endpoint(endpoint).ok())
            .map(|traffic| traffic.share(&spec.version));
        let consented = |variant| {
            let verdict = block("version").variant(variant);
            verdict.consent(seen["id"].as_str().unwrap_or_default())
        };
        let verdict = match share {
            None => consented("share_unread"),
            Some(0) => warn("version").variant("idle"),
            Some(share) if fewest(spec, seen) <= 1 => consented("gap").with("percent", share),
            Some(share) => consented("live").with("percent", share),
        };
        verdict
            .with("name", &spec.version)
            .with("endpoint", spec.endpoint.name())
    })
}

/// The fewest replicas before and after. What Azure does not say counts as one.
fn fewest(spec: &DeploySpec, seen: &Value) -> u64 {
    let now = match seen["properties"]["scaleSettings"]["scaleType"].as_str() {
        Some("Default") => &seen["sku"]["capacity"],
        _ => &seen["properties"]["scaleSettings"]["minInstances"],
    };
    let now = now.as_u64().unwrap_or(1);
    now.min(u64::from(spec.scale.fewest()))
}

fn changed(case: &Case<'_>) -> Vec<Verdict> {
    let Some((spec, seen)) = updated(case) else {
        return Vec::new();
    };
    let goal = Goal::Deploy {
        spec: Box::new(spec.clone()),
    };
    let steps = case.steps_to(&goal).unwrap_or_default();
    let edited = steps.iter().find_map(|step| match &step.kind {
        StepKind::UpdateVersion { resource_id, edits } => Some((resource_id, edits)),
        _ => None,
    });
    on(edited, |(id, edits)| {
        let changes = changes(&written_back(id, seen, &[]), &written_back(id, seen, edits));
        let verdict = info("version").with("name", &spec.version);
        match changes.is_empty() {
            true => verdict.variant("same"),
            false => verdict.variant("changes").with("changes", changes.join(", ")),
        }
    })
}
