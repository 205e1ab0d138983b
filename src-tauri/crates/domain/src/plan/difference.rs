//! What two plans for the same goal do differently: what a person has to see when a plan is not the one that was approved.

use super::describe::masked;
use super::same::{by_name, canonical};
use super::{Bound, GivenCertificate, Note, Plan, PlanStep, PlannedRequest, StepKind};
use crate::finding::Finding;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use ts_rs::TS;

/// Longest value that is quoted of a request body, in characters.
const LONGEST_VALUE: usize = 200;

/// One thing that is not as it was reviewed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Difference {
    /// Key of its words in the catalogue `review`, below `changed`: one of [`CODES`].
    pub code: String,
    /// Title of the step it is about.
    pub step: Option<Note>,
    /// What the step interrupts, where that is different.
    pub note: Option<Note>,
    /// The finding that stands in the way, where that is new.
    pub finding: Option<Finding>,
    /// Values for the words: `member`, `before`, `now`, `name`. Secrets are dots.
    pub params: BTreeMap<String, String>,
}

/// All codes of differences.
pub const CODES: [&str; 16] = [
    "step_added",
    "step_removed",
    "reordered",
    "request",
    "request_added",
    "request_removed",
    "member",
    "member_added",
    "member_removed",
    "interrupts",
    "interrupts_no_longer",
    "replaced",
    "certificate",
    "details",
    "finding",
    "no_plan",
];

impl Difference {
    fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            step: None,
            note: None,
            finding: None,
            params: BTreeMap::new(),
        }
    }

    fn of(code: &str, step: &PlanStep) -> Self {
        Self {
            step: Some(title(step)),
            ..Self::new(code)
        }
    }

    /// `code`, or with `_added` or `_removed` where there is a value on one side alone.
    fn values(code: &str, step: &PlanStep, before: String, now: String) -> Self {
        let side = match (before.is_empty(), now.is_empty()) {
            (true, false) => "_added",
            (false, true) => "_removed",
            _ => "",
        };
        let params = [("before", before), ("now", now)].map(|(name, value)| (name.to_owned(), value));
        Self {
            params: BTreeMap::from(params),
            ..Self::of(&format!("{code}{side}"), step)
        }
    }

    /// A resource is not the one that was looked at.
    fn replaced(name: &str) -> Self {
        Self {
            params: BTreeMap::from([("name".to_owned(), name.to_owned())]),
            ..Self::new("replaced")
        }
    }

    /// Something else of the plan, or of a step.
    fn details(step: Option<&PlanStep>, member: &str, before: &str, now: &str) -> Self {
        let said = |value: &str| if value.is_empty() { "–" } else { value }.to_owned();
        let params = [
            ("member", member.to_owned()),
            ("before", said(before)),
            ("now", said(now)),
        ];
        Self {
            step: step.map(title),
            params: params.map(|(name, value)| (name.to_owned(), value)).into(),
            ..Self::new("details")
        }
    }

    /// There is no plan any more.
    pub fn no_plan() -> Self {
        Self::new("no_plan")
    }

    /// A finding stands in the way that did not before.
    pub fn finding(finding: Finding) -> Self {
        Self {
            finding: Some(finding),
            ..Self::new("finding")
        }
    }
}

/// What `now` does differently from `before`. Empty where, and only where, the two are the same; the order of lists that
/// services answer with says nothing.
pub fn differences(before: &Plan, now: &Plan) -> Vec<Difference> {
    let mut all = of_bound(&before.bound, &now.bound);
    all.extend(between(&before.steps, &now.steps, &now.bound));
    all.extend(between(&before.back, &now.back, &now.bound));
    if all.is_empty() {
        let (one, other) = (
            rest_of(before, &["steps", "back"]),
            rest_of(now, &["steps", "back"]),
        );
        members(String::new(), &one, &other, &mut |member, before, now| {
            all.push(Difference::details(None, &member, &before, &now));
        });
    }
    all
}

/// A plan or a step without what is compared by itself.
fn rest_of(part: &impl Serialize, without: &[&str]) -> Value {
    let mut rest = masked(&serde_json::to_value(part).unwrap_or_default());
    if let Some(members) = rest.as_object_mut() {
        members.retain(|name, _| !without.contains(&name.as_str()));
    }
    rest
}

/// The certificate is another one, or a resource was made anew.
fn of_bound(before: &Bound, now: &Bound) -> Vec<Difference> {
    let mut all = Vec::new();
    if before.certificate != now.certificate {
        let told = |given: &Option<GivenCertificate>| {
            let told = given.as_ref();
            told.map_or_else(
                || "–".to_owned(),
                |one| format!("{} ({})", one.sha256, one.not_after),
            )
        };
        all.push(Difference {
            params: BTreeMap::from([
                ("before".to_owned(), told(&before.certificate)),
                ("now".to_owned(), told(&now.certificate)),
            ]),
            ..Difference::new("certificate")
        });
    }
    for target in &before.targets {
        let other = now.target(&target.resource_id);
        if other.is_some_and(|other| target.differs(other.identity.as_deref())) {
            all.push(Difference::replaced(target.name()));
        }
    }
    all
}

fn between(before: &[PlanStep], now: &[PlanStep], bound: &Bound) -> Vec<Difference> {
    let mut all = Vec::new();
    for step in before {
        match now.iter().find(|other| other.id == step.id) {
            Some(other) => all.extend(of_step(step, other, bound)),
            None => all.push(Difference::of("step_removed", step)),
        }
    }
    let added = now
        .iter()
        .filter(|step| before.iter().all(|other| other.id != step.id));
    all.extend(added.map(|step| Difference::of("step_added", step)));
    let order = |steps: &[PlanStep], others: &[PlanStep]| -> Vec<String> {
        let common = steps
            .iter()
            .filter(|step| others.iter().any(|other| other.id == step.id));
        common.map(|step| step.id.clone()).collect()
    };
    if order(before, now) != order(now, before) {
        all.push(Difference::new("reordered"));
    }
    all
}

fn of_step(before: &PlanStep, now: &PlanStep, bound: &Bound) -> Vec<Difference> {
    let mut all = of_request(now, before.request.as_ref(), now.request.as_ref());
    let only = |code: &str, notes: &[Note], others: &[Note]| -> Vec<Difference> {
        let known = |note: &Note| others.iter().any(|other| same_note(note, other));
        let only = notes.iter().filter(|note| !known(note));
        only.map(|note| Difference {
            note: Some(note.clone()),
            ..Difference::of(code, now)
        })
        .collect()
    };
    all.extend(only("interrupts", &now.interrupts, &before.interrupts));
    all.extend(only("interrupts_no_longer", &before.interrupts, &now.interrupts));
    if all.is_empty() {
        let removed = |step: &PlanStep| match &step.kind {
            StepKind::RemoveResource {
                resource_id, only, ..
            } => Some((resource_id.clone(), only.clone())),
            _ => None,
        };
        if let (Some((id, then)), Some((_, only))) = (removed(before), removed(now))
            && then != only
        {
            // Of what the plan is about it is said once.
            let said = bound.target(&id).is_none();
            let name = id.rsplit('/').next().unwrap_or_default();
            return said.then(|| Difference::replaced(name)).into_iter().collect();
        }
        let own = ["request", "interrupts"];
        let (one, other, step) = (rest_of(before, &own), rest_of(now, &own), now);
        members(String::new(), &one, &other, &mut |member, before, now| {
            all.push(Difference::details(Some(step), &member, &before, &now));
        });
    }
    all
}

/// Names in a note come in any order.
fn same_note(one: &Note, other: &Note) -> bool {
    let sorted = |text: &str| {
        let mut parts: Vec<String> = text.split(", ").map(str::to_owned).collect();
        parts.sort_unstable();
        parts
    };
    let same = |(name, value): (&String, &String)| {
        other
            .params
            .get(name)
            .is_some_and(|found| sorted(found) == sorted(value))
    };
    one.code == other.code && one.params.len() == other.params.len() && one.params.iter().all(same)
}

fn of_request(
    step: &PlanStep,
    before: Option<&PlannedRequest>,
    now: Option<&PlannedRequest>,
) -> Vec<Difference> {
    let line = |request: Option<&PlannedRequest>| {
        request.map_or_else(String::new, |sent| format!("{} {}", sent.method, sent.path))
    };
    let mut all = Vec::new();
    if line(before) != line(now) {
        all.push(Difference::values("request", step, line(before), line(now)));
    }
    let body = |request: Option<&PlannedRequest>| {
        request
            .and_then(|sent| sent.body.as_ref())
            .map_or(Value::Null, masked)
    };
    members(
        String::new(),
        &body(before),
        &body(now),
        &mut |member, before, now| {
            let mut difference = Difference::values("member", step, before, now);
            difference.params.insert("member".to_owned(), member);
            all.push(difference);
        },
    );
    all
}

/// Calls `tell` for each member in which two bodies differ, the innermost that both have.
fn members(path: String, before: &Value, now: &Value, tell: &mut impl FnMut(String, String, String)) {
    let inner = |name: &str| match path.as_str() {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    match (before, now) {
        _ if canonical(before) == canonical(now) => {}
        (Value::Object(one), Value::Object(other)) => {
            let names = one
                .keys()
                .chain(other.keys().filter(|name| !one.contains_key(*name)));
            for name in names {
                let (one, other) = (one.get(name), other.get(name));
                let (one, other) = (one.unwrap_or(&Value::Null), other.unwrap_or(&Value::Null));
                members(inner(name), one, other, tell);
            }
        }
        (Value::Array(one), Value::Array(other)) => match by_name(one, other) {
            Some(pairs) => {
                for (name, one, other) in pairs {
                    let (one, other) = (one.unwrap_or(&Value::Null), other.unwrap_or(&Value::Null));
                    members(format!("{path}[{name}]"), one, other, tell);
                }
            }
            None => tell(path, quoted(before), quoted(now)),
        },
        _ => tell(path, quoted(before), quoted(now)),
    }
}

fn quoted(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        other => other.to_string(),
    };
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn title(step: &PlanStep) -> Note {
    Note {
        code: step.kind.title(),
        params: step.kind.params(),
    }
}

#[cfg(test)]
mod tests;
