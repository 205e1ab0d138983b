//! What two plans for the same goal do differently: what a person has to see when a plan is not the one that was approved.

use super::describe::masked;
use super::{Note, Plan, PlanStep, PlannedRequest};
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
    /// Values for the words: `member`, `before`, `now`. Secrets are dots.
    pub params: BTreeMap<String, String>,
}

/// All codes of differences.
pub const CODES: [&str; 14] = [
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

/// What `now` does differently from `before`. Empty where, and only where, the two are the same.
pub fn differences(before: &Plan, now: &Plan) -> Vec<Difference> {
    if before == now {
        return Vec::new();
    }
    let mut all = between(&before.steps, &now.steps);
    all.extend(between(&before.back, &now.back));
    if all.is_empty() {
        all.push(Difference::new("details"));
    }
    all
}

fn between(before: &[PlanStep], now: &[PlanStep]) -> Vec<Difference> {
    let mut all = Vec::new();
    for step in before {
        match now.iter().find(|other| other.id == step.id) {
            Some(other) => all.extend(of_step(step, other)),
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

fn of_step(before: &PlanStep, now: &PlanStep) -> Vec<Difference> {
    if before == now {
        return Vec::new();
    }
    let mut all = of_request(now, before.request.as_ref(), now.request.as_ref());
    let only = |code: &str, notes: &[Note], others: &[Note]| -> Vec<Difference> {
        let only = notes.iter().filter(|note| !others.contains(note));
        only.map(|note| Difference {
            note: Some(note.clone()),
            ..Difference::of(code, now)
        })
        .collect()
    };
    all.extend(only("interrupts", &now.interrupts, &before.interrupts));
    all.extend(only("interrupts_no_longer", &before.interrupts, &now.interrupts));
    if all.is_empty() {
        all.push(Difference::of("details", now));
    }
    all
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
    match (before, now) {
        _ if before == now => {}
        (Value::Object(one), Value::Object(other)) => {
            let names = one
                .keys()
                .chain(other.keys().filter(|name| !one.contains_key(*name)));
            for name in names {
                let inner = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                members(
                    inner,
                    one.get(name).unwrap_or(&Value::Null),
                    other.get(name).unwrap_or(&Value::Null),
                    tell,
                );
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (at, (one, other)) in one.iter().zip(other).enumerate() {
                members(format!("{path}[{at}]"), one, other, tell);
            }
        }
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
