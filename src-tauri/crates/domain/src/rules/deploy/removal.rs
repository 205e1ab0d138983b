//! Environment variables and tags that the update of a version takes away.

use super::check;
use crate::deployment_spec::DeploySpec;
use crate::facts::is_plain_service;
use crate::finding::WizardStep::Review as Step;
use crate::rules::verdict::{block, info, warn, when};
use crate::rules::{Case, Rule, Verdict};
use crate::spec::Route;
use serde_json::Value;

const YAML: &str = "learn.microsoft.com/azure/machine-learning/reference-yaml-deployment-kubernetes-online";

pub(super) const RULES: &[Rule] = &[
    Rule::local("DEP-28", Step, YAML, |case| check(case, both)),
    Rule::azure("DEP-29", Step, YAML, removed).says(&["DEP-29.new", "DEP-29.removed", "DEP-29.absent"]),
];

/// A name cannot be set and removed.
fn both(spec: &DeploySpec) -> Vec<Verdict> {
    let variables = spec.environment_variables.keys();
    let set_variables = variables.filter(|name| spec.remove.environment_variables.contains(name));
    let set_tags = spec.tags.keys().filter(|name| spec.remove.has_tag(name));
    let names: Vec<&str> = set_variables.chain(set_tags).map(String::as_str).collect();
    when(!names.is_empty(), || {
        block("remove").with("names", names.join(", "))
    })
}

fn removed(case: &Case<'_>) -> Vec<Verdict> {
    let Some(spec) = case.deploy.filter(|spec| !spec.remove.is_empty()) else {
        return Vec::new();
    };
    // The rules on the version say what could not be read.
    let Some(seen) = seen(case, spec) else {
        return Vec::new();
    };
    let Some(seen) = seen else {
        return vec![block("remove").variant("new").with("name", name(spec))];
    };
    let (variables, tags) = match spec.route {
        Route::Extension => (&seen["properties"]["environmentVariables"], &seen["tags"]),
        Route::Classic => (
            &seen["environmentImageRequest"]["environment"]["environmentVariables"],
            &seen["kvTags"],
        ),
    };
    let has_tag = |removed: &String| names(tags).any(|tag| tag.eq_ignore_ascii_case(removed));
    let has_variable = |removed: &String| names(variables).any(|name| name == removed);
    let variables = spec.remove.environment_variables.iter();
    let variables = variables.map(|name| (name, has_variable(name)));
    let tags = spec.remove.tags.iter().map(|name| (name, has_tag(name)));
    let (there, absent): (Vec<_>, Vec<_>) = variables.chain(tags).partition(|(_, is_there)| *is_there);
    let mut found = listed(info("remove").variant("removed"), spec, &there);
    found.extend(listed(warn("remove").variant("absent"), spec, &absent));
    found
}

fn listed(verdict: Verdict, spec: &DeploySpec, names: &[(&String, bool)]) -> Vec<Verdict> {
    let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    when(!names.is_empty(), || {
        verdict.with("name", name(spec)).with("names", names.join(", "))
    })
}

fn names(members: &Value) -> impl Iterator<Item = &String> {
    members.as_object().into_iter().flatten().map(|(name, _)| name)
}

/// The version as it is, `Some(None)` if it is new, and `None` if that is not known.
fn seen<'a>(case: &Case<'a>, spec: &DeploySpec) -> Option<Option<&'a Value>> {
    if spec.endpoint.is_new() {
        return Some(None);
    }
    let facts = case.facts;
    if spec.route == Route::Extension {
        facts.deploy.version.known()?;
        return Some(facts.deploy.existing(&spec.version));
    }
    let endpoint = facts.change.endpoint.known()?.as_ref()?;
    if is_plain_service(endpoint) {
        return Some(Some(endpoint));
    }
    let versions = endpoint["versions"].as_object()?;
    Some(versions.get(&spec.version))
}

/// The version's name; the endpoint's for a service without versions.
fn name(spec: &DeploySpec) -> &str {
    match spec.version.is_empty() {
        true => spec.endpoint.name(),
        false => &spec.version,
    }
}
