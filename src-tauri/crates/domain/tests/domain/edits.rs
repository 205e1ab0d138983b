//! Properties of edits on arbitrary resources.

use berth_domain::change::{Edit, apply, holds, patch};
use proptest::prelude::*;
use serde_json::{Value, json};

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "c", "d/e", "~f", "g.h"]).prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..9u32).prop_map(Value::from),
        "[a-c]{0,2}".prop_map(Value::from),
        Just(Value::from("{{secret:key_pem}}")),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(name(), inner, 0..4).prop_map(|members| json!(members)),
        ]
    })
}

fn place() -> impl Strategy<Value = String> {
    let escaped = |name: String| format!("/{}", name.replace('~', "~0").replace('/', "~1"));
    prop::collection::vec(name().prop_map(escaped), 1..4).prop_map(|parts| parts.concat())
}

fn edit() -> impl Strategy<Value = Edit> {
    (place(), value(), 0..4u8).prop_map(|(at, value, kind)| match kind {
        0 => Edit::set(&at, value),
        1 => Edit::replace(&at, value),
        2 => Edit::ask(&at, value),
        _ => Edit::remove(&at),
    })
}

fn at(edit: &Edit) -> &str {
    match edit {
        Edit::Set { at, .. } | Edit::Replace { at, .. } | Edit::Remove { at } | Edit::Ask { at, .. } => at,
        Edit::Traffic { .. } => "/properties/traffic",
        Edit::ClassicTraffic { .. } | Edit::RemoveVersion { .. } => "/versions",
    }
}

/// Drops edits whose path equals, contains or lies inside the path of an earlier edit.
fn apart(edits: Vec<Edit>) -> Vec<Edit> {
    let mut kept: Vec<Edit> = Vec::new();
    for edit in edits {
        let own = format!("{}/", at(&edit));
        let meets = |other: &Edit| {
            let other = format!("{}/", at(other));
            other.starts_with(&own) || own.starts_with(&other)
        };
        if !kept.iter().any(meets) {
            kept.push(edit);
        }
    }
    kept
}

proptest! {
    #[test]
    fn edited_resources_satisfy_their_edits(body in value(), edits in prop::collection::vec(edit(), 0..5)) {
        let edits = apart(edits);
        prop_assert!(holds(&edits, &apply(&body, &edits)));
        prop_assert!(holds(&edits, &patch(&edits)));
    }

    #[test]
    fn applying_edits_twice_is_the_same_as_once(body in value(), edits in prop::collection::vec(edit(), 0..5)) {
        let once = apply(&body, &edits);
        prop_assert_eq!(&apply(&once, &edits), &once);
    }

    #[test]
    fn edits_leave_other_members_alone(rest in value(), edits in prop::collection::vec(edit(), 0..5)) {
        let body = json!({ "rest": rest });
        prop_assert_eq!(&apply(&body, &edits)["rest"], &rest);
    }

    #[test]
    fn edits_survive_serialization(edits in prop::collection::vec(edit(), 0..5)) {
        let text = serde_json::to_string(&edits).expect("JSON");
        let read: Vec<Edit> = serde_json::from_str(&text).expect("edits");
        prop_assert_eq!(read, edits);
    }
}

#[test]
fn empty_or_disabled_members_may_be_absent() {
    let off = [Edit::set("/properties/enableAutoScaling", false)];
    assert!(holds(&off, &json!({ "properties": {} })));
    assert!(!holds(
        &off,
        &json!({ "properties": { "enableAutoScaling": true } })
    ));
    let none = [Edit::replace("/tags", json!({}))];
    assert!(holds(&none, &json!({})) && holds(&none, &json!({ "tags": null })));
    assert!(!holds(&none, &json!({ "tags": { "a": "b" } })));
}

#[test]
fn ask_edits_are_sent_but_not_checked() {
    let asked = [
        Edit::set("/ssl", json!({ "status": "Auto" })),
        Edit::ask("/ssl/renew", true),
    ];
    assert_eq!(
        patch(&asked),
        json!({ "ssl": { "status": "Auto", "renew": true } })
    );
    assert!(holds(&asked, &json!({ "ssl": { "status": "Auto" } })));
    assert!(!holds(&asked, &json!({ "ssl": { "status": "Disabled" } })));
}

#[test]
fn an_edit_in_words_names_its_member_and_shows_no_secret() {
    let words = |edit: Edit| edit.in_words();
    let set = |value: Value| words(Edit::set("/properties/count", value));
    assert_eq!(set(json!(3)).as_deref(), Some("count = 3"));
    assert_eq!(set(json!("1.36.2")).as_deref(), Some("count = 1.36.2"));
    assert_eq!(
        set(json!({ "env": "a" })).as_deref(),
        Some(r#"count = {"env":"a"}"#)
    );
    assert_eq!(set(json!({ "sslKey": "{{secret:key_pem}}" })), None);
    assert_eq!(words(Edit::remove("/tags")), None);
    assert_eq!(words(Edit::ask("/renew", true)), None);
}
