//! What has to be agreed to before a run goes on: whom its remaining steps affect that nobody knew of when it was started,
//! and what of that cannot be read now.

use super::bound::affected;
use super::{Plan, PlanStep, StepKind};
use crate::change::{Change, Goal};
use crate::facts::Facts;
use crate::finding::{Finding, Severity, WizardStep, without_consent};
use crate::preflight::unread_users;
use crate::resource_id::{ResourceId, same_resource};
use serde_json::Value;
use std::collections::BTreeMap;

/// Id of what is said here.
const ID: &str = "USE-02";

/// Id of the rule that what a change is about is there.
const THERE: &str = "CHG-01";

/// Codes of what is said here.
pub(crate) const CODES: &[&str] = &["USE-02.service", "USE-02.compute"];

const SOURCE: &str = "learn.microsoft.com/rest/api/azureml/compute/list";

/// The change whose remaining steps interrupt or destroy something; none where they do not.
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

/// What stands in the way of going on with a run that holds `consents`: facts are those of now.
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
    let all: Vec<Finding> = new.chain(unread).chain(unread_users(change, facts)).collect();
    without_consent(&all, consents)
}

/// The cluster or the compute cannot be read: as a review says it.
fn unread(change: &Change, facts: &Facts) -> Vec<Finding> {
    let asked = [
        ("cluster", &facts.change.cluster),
        ("compute", &facts.change.compute),
    ];
    let unknown = asked
        .into_iter()
        .filter_map(|(name, fact)| Some((name, fact.why_unknown()?)));
    let told = |(name, why): (&str, &str)| Finding {
        rule: THERE.to_owned(),
        code: format!("unread.{name}"),
        params: [("why", why), ("rules", THERE)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        resource: Some(change.subject().to_owned()),
        ..blocking()
    };
    unknown.map(told).collect()
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

/// Ids of the clusters that steps of a plan are about.
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
