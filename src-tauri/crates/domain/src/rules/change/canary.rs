//! Canaries.

use super::super::verdict::{block, unread};
use super::super::{Case, Rule, Verdict};
use super::endpoints::{live, route, versions};
use crate::canary::{CanaryProblem, CanarySteps, CanaryTag, TAG};
use crate::change::Change;
use crate::facts::Fact;
use crate::finding::WizardStep::Review;
use crate::spec::Route;
use crate::traffic::Traffic;

const SAFE_ROLLOUT: &str =
    "learn.microsoft.com/azure/machine-learning/how-to-safely-rollout-online-endpoints";

/// As long as the id of a run.
const ANY_RUN: &str = "00000000-0000-0000-0000-000000000000";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("EPT-16", Review, SAFE_ROLLOUT, start).says(&[
        "EPT-16.no_steps",
        "EPT-16.not_rising",
        "EPT-16.not_to_the_end",
        "EPT-16.minutes",
        "EPT-16.unknown_version",
        "EPT-16.has_all",
        "EPT-16.nothing_to_compare",
        "EPT-16.not_ready",
        "EPT-16.sum",
        "EPT-16.too_many_versions",
        "EPT-16.unread",
        "EPT-16.other_canary",
        "EPT-16.foreign_tag",
        "EPT-16.classic",
    ]),
    Rule::azure("EPT-17", Review, SAFE_ROLLOUT, sample).says(&[
        "EPT-17.no_sample",
        "EPT-17.sample_not_read",
        "EPT-17.sample_not_json",
    ]),
];

fn start(case: &Case<'_>) -> Vec<Verdict> {
    let (Some(Change::Canary { canary, .. }), Some(endpoint)) = (case.change, case.endpoint()) else {
        return Vec::new();
    };
    // A service has no address for calls to one version, and its traffic no tag of a canary.
    if route(case) == Route::Classic {
        return vec![block("").variant("classic")];
    }
    let Some(before) = live(case).and_then(Result::ok) else {
        return vec![block("").variant("unread")];
    };
    let mut verdicts = problems(case, canary, &before);
    // The value may be anybody's.
    match &endpoint["tags"][TAG] {
        serde_json::Value::Null => {}
        tag => verdicts.push(other_canary(tag.as_str().unwrap_or_default())),
    }
    verdicts
}

fn other_canary(tag: &str) -> Verdict {
    match CanaryTag::parse(tag) {
        Some(other) => block("")
            .variant("other_canary")
            .with("run", other.run)
            .with("step", other.step)
            .with("traffic", other.before),
        None => block("").variant("foreign_tag").with("tag", tag),
    }
}

fn problems(case: &Case<'_>, canary: &CanarySteps, before: &Traffic) -> Vec<Verdict> {
    let Some(versions) = versions(case) else {
        return unread("endpoint_versions", &case.facts.change.endpoint_versions);
    };
    let found = canary.start_problems(ANY_RUN, before, &versions, Route::Extension);
    found.iter().map(blocked).collect()
}

fn blocked(problem: &CanaryProblem) -> Verdict {
    let verdict = block("canary").variant(problem.code());
    problem
        .params()
        .into_iter()
        .fold(verdict, |verdict, (name, value)| verdict.with(name, value))
}

fn sample(case: &Case<'_>) -> Vec<Verdict> {
    match &case.facts.change.sample {
        Fact::Known(Err(problem)) => {
            vec![block("sample").variant(problem.code()).with("why", problem.why())]
        }
        _ => Vec::new(),
    }
}
