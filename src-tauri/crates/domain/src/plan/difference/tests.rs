use super::*;
use crate::change::{Change, Goal};
use crate::plan::{StepKind, UsualTime};
use crate::secrets::SecretPart;
use serde_json::json;

fn step(id: &str, body: Value) -> PlanStep {
    PlanStep {
        id: id.to_owned(),
        kind: StepKind::EnsureNamespace {
            cluster_id: "/c".to_owned(),
            namespace: id.to_owned(),
        },
        request: Some(PlannedRequest {
            method: "PUT".to_owned(),
            path: format!("/{id}"),
            body: Some(body),
        }),
        inside: Vec::new(),
        usual: UsualTime {
            from_seconds: 1,
            to_seconds: 2,
        },
        costs: Vec::new(),
        interrupts: Vec::new(),
        undo: note("undo.never"),
    }
}

fn note(code: &str) -> Note {
    Note {
        code: code.to_owned(),
        params: BTreeMap::new(),
    }
}

fn plan(steps: Vec<PlanStep>) -> Plan {
    let change = Change::CleanUp {
        cluster_id: "/c".to_owned(),
    };
    Plan {
        id: "one".to_owned(),
        goal: Goal::Change {
            change: Box::new(change),
            waived: Vec::new(),
        },
        title: "c".to_owned(),
        steps,
        pair: None,
        former: None,
        back: Vec::new(),
    }
}

fn codes(before: &Plan, now: &Plan) -> Vec<String> {
    let all = differences(before, now);
    all.into_iter().map(|difference| difference.code).collect()
}

#[test]
fn the_same_plan_has_no_differences() {
    let one = plan(vec![step("a", json!({ "n": 1 }))]);
    assert_eq!(differences(&one, &one.clone()), []);
}

#[test]
fn steps_that_come_go_or_move_are_named() {
    let steps = |ids: &[&str]| plan(ids.iter().map(|id| step(id, json!(1))).collect());
    assert_eq!(codes(&steps(&["a"]), &steps(&["a", "b"])), ["step_added"]);
    assert_eq!(codes(&steps(&["a", "b"]), &steps(&["b"])), ["step_removed"]);
    assert_eq!(codes(&steps(&["a", "b"]), &steps(&["b", "a"])), ["reordered"]);
}

#[test]
fn a_member_is_named_with_both_values() {
    let one = plan(vec![step(
        "a",
        json!({ "properties": { "count": 3, "mode": "User", "tags": [1] } }),
    )]);
    let other = plan(vec![step(
        "a",
        json!({ "properties": { "count": 4, "tags": [2], "zone": "1" } }),
    )]);
    let all = differences(&one, &other);
    let told = |code: &str, member: &str, before: &str, now: &str| {
        let found = all
            .iter()
            .find(|one| one.code == code && one.params["member"] == member);
        let found = found.unwrap_or_else(|| panic!("no {code} of {member} in {all:?}"));
        assert_eq!((&*found.params["before"], &*found.params["now"]), (before, now));
    };
    told("member", "properties.count", "3", "4");
    told("member_removed", "properties.mode", "\"User\"", "");
    told("member", "properties.tags[0]", "1", "2");
    told("member_added", "properties.zone", "", "\"1\"");
    assert_eq!(all.len(), 4);
}

#[test]
fn a_secret_is_never_quoted() {
    let key = SecretPart::KeyPem.marker();
    let one = plan(vec![step("a", json!({ "key": key }))]);
    let other = plan(vec![step("a", json!({ "key": "plain" }))]);
    let all = differences(&one, &other);
    assert_eq!(
        all[0].params["before"],
        format!("\"{}\"", super::super::describe::DOTS)
    );
}

#[test]
fn other_interruptions_and_details_are_told() {
    let one = plan(vec![step("a", json!(1))]);
    let mut other = one.clone();
    other.steps[0].interrupts.push(note("interrupt.extension"));
    assert_eq!(codes(&one, &other), ["interrupts"]);
    assert_eq!(codes(&other, &one), ["interrupts_no_longer"]);
    let mut other = one.clone();
    other.steps[0].usual.to_seconds = 9;
    assert_eq!(codes(&one, &other), ["details"]);
    let mut other = one.clone();
    other.steps[0].request = None;
    assert_eq!(codes(&one, &other), ["request_removed", "member_removed"]);
    let mut other = one.clone();
    other.title = "d".to_owned();
    assert_eq!(codes(&one, &other), ["details"], "whatever differs is told");
}
