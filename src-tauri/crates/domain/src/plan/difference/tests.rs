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
        stages: Vec::new(),
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
        bound: Bound::default(),
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
fn added_removed_and_reordered_steps_are_reported() {
    let steps = |ids: &[&str]| plan(ids.iter().map(|id| step(id, json!(1))).collect());
    assert_eq!(codes(&steps(&["a"]), &steps(&["a", "b"])), ["step_added"]);
    assert_eq!(codes(&steps(&["a", "b"]), &steps(&["b"])), ["step_removed"]);
    assert_eq!(codes(&steps(&["a", "b"]), &steps(&["b", "a"])), ["reordered"]);
}

#[test]
fn a_changed_member_is_reported_with_both_values() {
    let one = plan(vec![step(
        "a",
        json!({ "properties": { "count": 3, "mode": "User", "tags": [1] } }),
    )]);
    let other = plan(vec![step(
        "a",
        json!({ "properties": { "count": 4, "tags": [2], "zone": "1" } }),
    )]);
    let all = differences(&one, &other);
    let assert_reported = |code: &str, member: &str, before: &str, now: &str| {
        let found = all
            .iter()
            .find(|one| one.code == code && one.params["member"] == member);
        let found = found.unwrap_or_else(|| panic!("no {code} for {member} in {all:?}"));
        assert_eq!((&*found.params["before"], &*found.params["now"]), (before, now));
    };
    assert_reported("member", "properties.count", "3", "4");
    assert_reported("member_removed", "properties.mode", "\"User\"", "");
    assert_reported("member", "properties.tags", "[1]", "[2]");
    assert_reported("member_added", "properties.zone", "", "\"1\"");
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
fn changed_interruptions_and_details_are_reported() {
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
    assert_eq!(codes(&one, &other), ["details"], "every difference is reported");
}

fn details(before: &Plan, now: &Plan) -> Vec<BTreeMap<String, String>> {
    let all = differences(before, now);
    all.into_iter().map(|one| one.params).collect()
}

#[test]
fn a_changed_detail_is_reported_with_both_values() {
    let one = plan(vec![step("a", json!(1))]);
    let mut other = one.clone();
    other.title = "d".to_owned();
    let params = &details(&one, &other)[0];
    let values = ["member", "before", "now"].map(|name| params[name].as_str());
    assert_eq!(values, ["title", "\"c\"", "\"d\""]);
    let mut other = one.clone();
    other.steps[0].usual.to_seconds = 9;
    assert_eq!(details(&one, &other)[0]["member"], "usual.toSeconds");
}

#[test]
fn the_order_of_lists_is_no_difference() {
    let body = |pools: &[&str], zones: &[&str], taints: &[&str]| {
        let pools = pools
            .iter()
            .map(|name| json!({ "name": name, "zones": zones, "taints": taints }));
        json!({ "properties": { "agentPoolProfiles": pools.collect::<Vec<_>>() } })
    };
    let one = plan(vec![step(
        "a",
        body(
            &["system", "zpool"],
            &["1", "2"],
            &["a=b:NoSchedule", "c=d:NoSchedule"],
        ),
    )]);
    let mut other = plan(vec![step(
        "a",
        body(
            &["zpool", "system"],
            &["2", "1"],
            &["c=d:NoSchedule", "a=b:NoSchedule"],
        ),
    )]);
    let names = |names: &str| Note {
        params: BTreeMap::from([
            ("names".to_owned(), names.to_owned()),
            ("count".to_owned(), "2".to_owned()),
        ]),
        ..note("interrupt.services")
    };
    let mut one = one;
    one.steps[0].interrupts.push(names("aaa-ep, live-ep"));
    other.steps[0].interrupts.push(names("live-ep, aaa-ep"));
    assert_eq!(differences(&one, &other), []);
    // A changed, added or removed list item is identified by its name.
    let grown = plan(vec![step(
        "a",
        body(
            &["zpool", "system"],
            &["2", "1", "3"],
            &["c=d:NoSchedule", "a=b:NoSchedule"],
        ),
    )]);
    let mut grown = grown;
    grown.steps[0].interrupts.push(names("aaa-ep, live-ep"));
    let reported = details(&one, &grown);
    assert_eq!(
        reported[0]["member"],
        "properties.agentPoolProfiles[system].zones"
    );
    let mut fewer = plan(vec![step(
        "a",
        body(&["system"], &["1", "2"], &["a=b:NoSchedule", "c=d:NoSchedule"]),
    )]);
    fewer.steps[0].interrupts.push(names("aaa-ep, live-ep"));
    assert_eq!(codes(&one, &fewer), ["member_removed"]);
    assert_eq!(
        details(&one, &fewer)[0]["member"],
        "properties.agentPoolProfiles[zpool]"
    );
}

#[test]
fn another_certificate_and_a_recreated_resource_are_reported() {
    let mut one = plan(vec![step("a", json!(1))]);
    let given = |sha256: &str, not_after: &str| {
        Some(GivenCertificate {
            sha256: sha256.to_owned(),
            not_after: not_after.to_owned(),
        })
    };
    let target = |identity: Option<&str>| super::super::Target {
        resource_id: "/subscriptions/s/aks".to_owned(),
        identity: identity.map(str::to_owned),
    };
    one.bound.certificate = given("aa", "2027-01-01T00:00:00Z");
    one.bound.targets = vec![target(Some("u-1"))];
    let mut other = one.clone();
    other.bound.certificate = given("bb", "2026-12-01T00:00:00Z");
    other.bound.targets = vec![target(Some("u-2"))];
    assert_eq!(codes(&one, &other), ["certificate", "replaced"]);
    let reported = details(&one, &other);
    assert_eq!(
        (
            reported[0]["before"].as_str(),
            reported[0]["now"].as_str(),
            reported[1]["name"].as_str()
        ),
        ("aa (2027-01-01T00:00:00Z)", "bb (2026-12-01T00:00:00Z)", "aks")
    );
    // A target whose identity is now unknown may have been replaced.
    other.bound = one.bound.clone();
    other.bound.targets = vec![target(None)];
    assert_eq!(codes(&one, &other), ["replaced"]);
}
