//! Change files, with those in `examples/changes` as samples.

use crate::good;
use crate::good::change::*;
use berth_domain::change::{CHANGE_SCHEMA, Change, Goal, Role};
use berth_domain::deployment_spec::Auth;
use berth_domain::endpoint::EndpointKey;
use berth_domain::resource_id::ResourceId;
use berth_domain::spec::LoadBalancer;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../examples/changes");

/// One change of each kind.
fn one_of_each() -> Vec<Change> {
    vec![
        scale(5),
        autoscale(3, 5),
        upgrade("1.36", true),
        supported(LONG_TERM),
        power(true),
        tags(good::cluster().id, &[("a", "b")]),
        balance(classic_id(), LoadBalancer::Public),
        secure(classic_id(), good::own()),
        renew(),
        refresh(),
        begin(),
        back(),
        finish(),
        clean_up(),
        detach(),
        delete("aks-there"),
        delete_both("aks-there"),
        split(serde_json::json!({ "blue": 100 })),
        regenerate_key(EndpointKey::Secondary),
        authenticate(Auth::Token),
        canary("green"),
        delete_version("green"),
        delete_endpoint(ENDPOINT),
        grant("o-1"),
        clear_up(),
    ]
}

/// The examples, with their file names.
fn examples() -> Vec<(String, Value)> {
    let files = fs::read_dir(EXAMPLES).expect("examples");
    files
        .map(|file| {
            let path = file.expect("a file").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).expect("text");
            (name, serde_json::from_str(&text).expect("JSON"))
        })
        .collect()
}

#[test]
fn every_kind_of_change_has_an_example() {
    let mut kinds = BTreeSet::new();
    for (name, file) in examples() {
        assert_eq!(file["schema"], CHANGE_SCHEMA, "{name}");
        assert_eq!(file["waived"], json!([]), "{name}");
        let change: Change =
            serde_json::from_value(file["change"].clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(name, change.as_str().replace('_', "-"));
        assert!(ResourceId::parse(change.subject()).is_some(), "{name}");
        let again = serde_json::to_value(&change).expect("JSON");
        let again: Change = serde_json::from_value(again).expect("a change");
        assert_eq!(again, change, "{name}");
        kinds.insert(change.as_str());
    }
    let wanted: BTreeSet<&str> = one_of_each().iter().map(Change::as_str).collect();
    assert_eq!(kinds, wanted);
    assert_eq!(wanted.len(), 25);
}

#[test]
fn a_changes_serialized_kind_is_its_word() {
    for change in one_of_each() {
        let value = serde_json::to_value(&change).expect("JSON");
        assert_eq!(value["kind"], change.as_str());
        let goal = Goal::Change {
            change: Box::new(change.clone()),
            waived: vec![],
        };
        let mut goal = serde_json::to_value(&goal).expect("JSON");
        goal.as_object_mut().expect("members").remove("waived");
        let read: Goal = serde_json::from_value(goal).expect("a goal");
        let Goal::Change { change: read, waived } = read else {
            panic!("a change");
        };
        assert_eq!((*read, waived), (change, vec![]));
    }
}

#[test]
fn older_change_files_are_still_read() {
    let clears = json!({ "kind": "clear_up", "run": "r-1", "resources": ["/a"] });
    let read: Change = serde_json::from_value(clears).expect("a change");
    assert_eq!(read, clear_up_of(vec!["/a".into()], ""));
    let grants = json!({ "kind": "grant", "scope": "/a", "principalId": "o-1", "role": "cluster_admin" });
    let read: Change = serde_json::from_value(grants).expect("a change");
    assert_eq!(read, grant_on("/a", "o-1"));
}

#[test]
fn unknown_members_and_kinds_are_refused() {
    let mut value = serde_json::to_value(scale(5)).expect("JSON");
    value["node"] = 5.into();
    assert!(serde_json::from_value::<Change>(value).is_err());
    assert!(serde_json::from_value::<Change>(json!({ "kind": "resize" })).is_err());
}

#[test]
fn a_change_is_titled_after_its_subject() {
    for change in one_of_each() {
        let (cluster, compute) = (change.cluster_id(), change.compute_id());
        assert!(!(cluster.is_some() && compute.is_some()), "{}", change.as_str());
        let title = match &change {
            Change::ClearUp { .. } => NEW,
            _ if change.endpoint_id().is_some() => ENDPOINT,
            _ if compute.is_some() => CLASSIC,
            _ => "aks-there",
        };
        assert_eq!(change.title(), title, "{}", change.as_str());
    }
    let nothing = Change::ClearUp {
        run: "r-1".into(),
        resources: vec![],
        confirm: String::new(),
    };
    assert_eq!((nothing.title(), nothing.cluster_id()), ("r-1", None));
}

#[test]
fn roles_have_distinct_ids_and_names() {
    let all = [
        Role::Reader,
        Role::Contributor,
        Role::NetworkContributor,
        Role::KubernetesExtensionContributor,
        Role::ClusterAdmin,
    ];
    let ids: BTreeSet<&str> = all.map(Role::definition).into();
    let names: BTreeSet<&str> = all.map(Role::display_name).into();
    assert_eq!((ids.len(), names.len()), (5, 5));
    assert!(ids.iter().all(|id| id.len() == 36));
}
