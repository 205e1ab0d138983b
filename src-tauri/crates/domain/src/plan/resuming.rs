//! What a person must agree to before a run resumes: whoever the remaining steps affect and was unknown at the start, and
//! whatever cannot be read now.

use super::bound::affected;
use super::{Plan, PlanStep, StepKind};
use crate::change::{Change, Goal};
use crate::facts::Facts;
use crate::finding::{Finding, Severity, WizardStep, without_consent};
use crate::preflight::unread_users;
use crate::resource_id::{ResourceId, same_resource};
use serde_json::Value;
use std::collections::BTreeMap;

/// Rule id of the findings made here.
const ID: &str = "RES-01";

/// Id of the rule that requires the subject of a change to exist.
const SUBJECT_EXISTS: &str = "CHG-01";

/// Codes of the findings made here.
pub(crate) const CODES: &[&str] = &["RES-01.service", "RES-01.compute"];

const SOURCE: &str = "learn.microsoft.com/rest/api/azureml/compute/list";

/// The plan's change, if its remaining steps interrupt or destroy something.
pub fn disrupting<'a>(plan: &'a Plan, rest: &[&PlanStep]) -> Option<&'a Change> {
    let Goal::Change { change, .. } = &plan.goal else {
        return None;
    };
    let writes = rest.iter().any(|step| {
        !matches!(
            step.kind,
            StepKind::Confirm { .. }
                | StepKind::Prove { .. }
                | StepKind::KeepCertificate { .. }
                | StepKind::CompareAnswers { .. }
                | StepKind::MakeCertificate { .. }
                | StepKind::EnsureNamespace { .. }
        )
    });
    (writes && change.disrupts()).then_some(&**change)
}

/// Findings that block resuming a run with the given `consents`, judged on current `facts`.
pub fn unforeseen(plan: &Plan, change: &Change, facts: &Facts, consents: &[String]) -> Vec<Finding> {
    let known = |id: &str| {
        let mut known = plan.bound.affected.iter();
        known.any(|one| same_resource(&one.resource_id, id))
    };
    let new = affected(change, facts).into_iter();
    let new = new.filter(|one| !known(&one.resource_id)).map(|one| Finding {
        code: CODES[usize::from(one.is_compute)].to_owned(),
        params: BTreeMap::from([("name".to_owned(), one.name)]),
        resource: Some(one.resource_id),
        ..blocking()
    });
    let unread = unread(change, facts).into_iter();
    let all: Vec<Finding> = new
        .chain(unread)
        .chain(unread_users(change, facts, consents))
        .collect();
    without_consent(&all, consents)
}

/// Findings for a cluster or compute that cannot be read, worded as in a review.
fn unread(change: &Change, facts: &Facts) -> Vec<Finding> {
    let subjects = [
        ("cluster", &facts.change.cluster),
        ("compute", &facts.change.compute),
    ];
    let unknown = subjects
        .into_iter()
        .filter_map(|(name, fact)| Some((name, fact.why_unknown()?)));
    let finding = |(name, why): (&str, &str)| Finding {
        rule: SUBJECT_EXISTS.to_owned(),
        code: format!("unread.{name}"),
        params: [("why", why), ("rules", SUBJECT_EXISTS)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        resource: Some(change.subject().to_owned()),
        ..blocking()
    };
    unknown.map(finding).collect()
}

fn blocking() -> Finding {
    Finding {
        rule: ID.to_owned(),
        code: ID.to_owned(),
        severity: Severity::Blocking,
        step: WizardStep::Review,
        field: None,
        params: BTreeMap::new(),
        source: SOURCE.to_owned(),
        waivable: true,
        resource: None,
    }
}

/// Ids of all clusters that a plan refers to.
pub fn clusters(plan: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    let steps = plan.steps.iter().chain(&plan.back);
    let kinds = steps.filter_map(|step| serde_json::to_value(&step.kind).ok());
    for kind in kinds {
        collect(&kind, &mut found);
    }
    for target in &plan.bound.targets {
        collect(&Value::from(target.resource_id.as_str()), &mut found);
    }
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let cluster = ResourceId::parse(text).is_some_and(|id| id.is_cluster());
            if cluster && !found.iter().any(|known| same_resource(known, text)) {
                found.push(text.clone());
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => members.values().for_each(|member| collect(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests;
