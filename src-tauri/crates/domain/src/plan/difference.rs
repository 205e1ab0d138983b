//! Compares two plans for the same goal, to show how a plan differs from the one that was approved.

use super::describe::masked;
use super::same::{by_name, canonical};
use super::{Bound, GivenCertificate, Note, Plan, PlanStep, PlannedRequest, StepKind};
use crate::change::Edit;
use crate::finding::Finding;
use crate::resource_id::last_segment;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use ts_rs::TS;

/// Longest value quoted from a request body, in characters.
const LONGEST_VALUE: usize = 200;

/// One difference from the reviewed plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Difference {
    /// Key of its text in the catalogue `review`, under `changed`: one of [`CODES`].
    pub code: String,
    /// Title of the step that differs; `None` for a difference of the plan as a whole.
    pub step: Option<Note>,
    /// The interruption that was added or removed.
    pub note: Option<Note>,
    /// The new blocking finding.
    pub finding: Option<Finding>,
    /// Values for the text: `member`, `before`, `now`, `name`. Secrets are dots.
    pub params: BTreeMap<String, String>,
}

/// Every code of a [`Difference`].
pub const CODES: [&str; 18] = [
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
    "traffic",
    "checks",
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

    /// Uses `code`, suffixed with `_added` or `_removed` if only one side has a value.
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

    /// The resource was recreated since the review.
    fn replaced(name: &str) -> Self {
        Self {
            params: BTreeMap::from([("name".to_owned(), name.to_owned())]),
            ..Self::new("replaced")
        }
    }

    /// Any other member of the plan or of a step.
    fn details(step: Option<&PlanStep>, member: &str, before: &str, now: &str) -> Self {
        let or_dash = |value: &str| if value.is_empty() { "–" } else { value }.to_owned();
        let params = [
            ("member", member.to_owned()),
            ("before", or_dash(before)),
            ("now", or_dash(now)),
        ];
        Self {
            step: step.map(title),
            params: params.map(|(name, value)| (name.to_owned(), value)).into(),
            ..Self::new("details")
        }
    }

    /// The goal can no longer be planned.
    pub fn no_plan() -> Self {
        Self::new("no_plan")
    }

    /// A finding that did not block the reviewed plan.
    pub fn finding(finding: Finding) -> Self {
        Self {
            finding: Some(finding),
            ..Self::new("finding")
        }
    }
}

/// Lists what `now` does differently from `before`. Empty if and only if the plans are equal; the order of lists that
/// services return is ignored.
pub fn differences(before: &Plan, now: &Plan) -> Vec<Difference> {
    let mut all = bound_differences(&before.bound, &now.bound);
    all.extend(list_differences(&before.steps, &now.steps, &now.bound));
    all.extend(list_differences(&before.back, &now.back, &now.bound));
    if all.is_empty() {
        let (one, other) = (
            without_members(before, &["steps", "back"]),
            without_members(now, &["steps", "back"]),
        );
        members(String::new(), &one, &other, &mut |member, before, now| {
            all.push(Difference::details(None, &member, &before, &now));
        });
    }
    all
}

/// A plan or step as JSON, without the members that are compared separately.
fn without_members(part: &impl Serialize, without: &[&str]) -> Value {
    let mut rest = masked(&serde_json::to_value(part).unwrap_or_default());
    if let Some(members) = rest.as_object_mut() {
        members.retain(|name, _| !without.contains(&name.as_str()));
    }
    rest
}

/// Reports another certificate and recreated resources.
fn bound_differences(before: &Bound, now: &Bound) -> Vec<Difference> {
    let mut all = Vec::new();
    if before.certificate != now.certificate {
        let described = |given: &Option<GivenCertificate>| {
            given.as_ref().map_or_else(
                || "–".to_owned(),
                |one| format!("{} ({})", one.sha256, one.not_after),
            )
        };
        all.push(Difference {
            params: BTreeMap::from([
                ("before".to_owned(), described(&before.certificate)),
                ("now".to_owned(), described(&now.certificate)),
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

fn list_differences(before: &[PlanStep], now: &[PlanStep], bound: &Bound) -> Vec<Difference> {
    let mut all = Vec::new();
    for step in before {
        match now.iter().find(|other| other.id == step.id) {
            Some(other) => all.extend(step_differences(step, other, bound)),
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

fn step_differences(before: &PlanStep, now: &PlanStep, bound: &Bound) -> Vec<Difference> {
    let mut all = request_differences(now, before.request.as_ref(), now.request.as_ref());
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
    all.extend(traffic_difference(before, now));
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
            // Targets of the plan are reported once, for the plan as a whole.
            let unreported = bound.target(&id).is_none();
            let name = last_segment(&id);
            return unreported
                .then(|| Difference::replaced(name))
                .into_iter()
                .collect();
        }
        if let (StepKind::Confirm { checks: one }, StepKind::Confirm { checks: other }) =
            (&before.kind, &now.kind)
        {
            all.extend((one != other).then(|| Difference::of("checks", now)));
            return all;
        }
        let own = ["request", "interrupts"];
        let (one, other, step) = (without_members(before, &own), without_members(now, &own), now);
        members(String::new(), &one, &other, &mut |member, before, now| {
            all.push(Difference::details(Some(step), &member, &before, &now));
        });
    }
    all
}

/// Reports that somebody else has changed the traffic of an endpoint since the review.
fn traffic_difference(before: &PlanStep, now: &PlanStep) -> Option<Difference> {
    let live = |step: &PlanStep| match &step.kind {
        StepKind::ChangeResource { edits, .. } => edits.iter().find_map(|edit| match edit {
            Edit::Traffic { before, .. } | Edit::ClassicTraffic { before, .. } => Some(before.clone()),
            _ => None,
        }),
        StepKind::Canary { before, .. } => Some(before.clone()),
        _ => None,
    };
    let (then, now_live) = (live(before)?, live(now)?);
    (then != now_live).then(|| Difference {
        params: BTreeMap::from([
            ("before".to_owned(), then.to_string()),
            ("now".to_owned(), now_live.to_string()),
        ]),
        ..Difference::of("traffic", now)
    })
}

/// Compares notes, ignoring the order of names within a value.
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

fn request_differences(
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

/// Calls `report` with each differing member: the innermost one that both bodies have.
fn members(path: String, before: &Value, now: &Value, report: &mut impl FnMut(String, String, String)) {
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
                members(inner(name), one, other, report);
            }
        }
        (Value::Array(one), Value::Array(other)) => match by_name(one, other) {
            Some(pairs) => {
                for (name, one, other) in pairs {
                    let (one, other) = (one.unwrap_or(&Value::Null), other.unwrap_or(&Value::Null));
                    members(format!("{path}[{name}]"), one, other, report);
                }
            }
            None => report(path, quoted(before), quoted(now)),
        },
        _ => report(path, quoted(before), quoted(now)),
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
