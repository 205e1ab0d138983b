//! Change files on the command line.

use crate::command_line::berth;
use crate::harness::World;
use berth_sandbox::Seed;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/changes");
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    all.sort();
    assert_eq!(all.len(), 25, "one example of each kind: {all:?}");
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_is_checked_against_azure() {
    let world = World::seeded("cli-changes", 1200.0, Seed::Fleet).await;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    for file in examples() {
        let path = file.display().to_string();
        let checked = berth(&home, &["preflight", &path, "--sandbox", &ready, "--json"]);
        let report: Value = serde_json::from_slice(&checked.stdout).unwrap_or_default();
        let findings = report["findings"].as_array().unwrap_or_else(|| {
            let printed = String::from_utf8_lossy(&checked.stderr);
            panic!("{path}: {printed}")
        });
        let unread: Vec<&Value> = findings
            .iter()
            .filter(|finding| finding["severity"] == "unknown")
            .collect();
        assert!(unread.is_empty(), "{path}: {unread:#?}");
        let blocked = findings.iter().any(|finding| finding["severity"] == "blocking");
        assert_eq!(checked.status.code(), Some(if blocked { 3 } else { 0 }), "{path}");
    }
    // Applies one of them with plain-text output.
    let tls = examples()
        .into_iter()
        .find(|file| file.ends_with("tls.json"))
        .unwrap();
    let applied = berth(&home, &["apply", &tls.display().to_string(), "--sandbox", &ready]);
    let printed = String::from_utf8_lossy(&applied.stdout).into_owned();
    assert!(
        applied.status.success(),
        "{printed}{}",
        String::from_utf8_lossy(&applied.stderr)
    );
    assert!(printed.contains("succeeded"), "{printed}");
    assert!(!printed.contains("step."), "every step has a title: {printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_change_file_gets_one_clear_message() {
    let world = World::new("cli-bad-changes").await;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    let path = world.folder.path().join("change.json");
    let scale = json!({ "kind": "scale", "clusterId": "/x", "pool": "system", "nodes": 5 });
    for (file, word) in [
        (
            json!({ "schema": 1, "change": { "kind": "shrink" } }),
            "change.kind: this value is not allowed here; allowed: scale",
        ),
        (json!({ "schema": 2, "change": scale }), "schema 2"),
        (json!({ "schema": 1, "change": scale, "wavied": [] }), "wavied"),
        (
            json!({ "schema": 1, "change": scale, "waived": ["NOPE-01:/x"] }),
            "waived[0]: there is no rule",
        ),
        (
            json!({ "schema": 1, "change": { "kind": "scale", "clusterId": "/x", "pool": "system", "nodes": -1 } }),
            "-1",
        ),
    ] {
        std::fs::write(&path, file.to_string()).unwrap();
        let refused = berth(&home, &["plan", &path.display().to_string(), "--sandbox", &ready]);
        let printed = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(2), "{printed}");
        assert!(
            printed.contains(word) && printed.contains("change.json"),
            "{printed}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_does_not_fit_is_refused_with_its_path() {
    let world = World::new("cli-misfits").await;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    let path = world.folder.path().join("file.json");
    let tls = |tls: &str| format!(r#"{{"schema":1,"change":{{"kind":"tls","computeId":"/x","tls":{tls}}}}}"#);
    for (file, words) in [
        (
            r#"{"cluster":{"kind":"create","resourceId":"/x"}}"#.to_owned(),
            "cluster.resourceId: this member is not known here; allowed: kind",
        ),
        (
            tls(r#"{"kind":"none","cname":"a"}"#),
            "change.tls.cname: this member is not known here",
        ),
        (
            tls(r#"{"kind":"own","cname":7}"#),
            "change.tls.cname: 7 was found where a string is expected",
        ),
        (
            r#"{"schema":1,"change":{"kind":"load_balancer","computeId":"/x","loadBalancer":{"kind":"public","subnet":"s"}}}"#
                .to_owned(),
            "change.loadBalancer.subnet: this member is not known here",
        ),
        (
            r#"{"size":{"nodes":-1}}"#.to_owned(),
            "size.nodes: -1 is too small; the least is 0",
        ),
        (
            r#"{"size":{"nodes":3,"nodes":4}}"#.to_owned(),
            "member \"nodes\" appears twice",
        ),
        (
            r#"{"endpoint":{"kind":"new"},"serving":{"kind":"no_code","folder":"x"}}"#.to_owned(),
            "serving.folder: this member is not known here",
        ),
        (r#"{"$schema":7}"#.to_owned(), "$schema: 7 was found where a string"),
        (
            r#"{"size":{"nodes":4294967296}}"#.to_owned(),
            "size.nodes: 4294967296 is too large; the most is 4294967295",
        ),
    ] {
        std::fs::write(&path, &file).unwrap();
        let refused = berth(&home, &["plan", &path.display().to_string(), "--sandbox", &ready]);
        let printed = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(2), "{file}: {printed}");
        assert!(printed.contains(words) && printed.contains("file.json"), "{printed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn schemas_are_printed_and_a_file_may_name_its_own() {
    let world = World::seeded("cli-schemas", 1200.0, Seed::Workspace).await;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    for kind in ["spec", "change", "deploy"] {
        let printed = berth(&home, &["schema", kind]);
        let schema: Value = serde_json::from_slice(&printed.stdout).unwrap();
        assert_eq!(schema["additionalProperties"], false, "{kind}");
        assert!(schema["properties"]["$schema"].is_object(), "{kind}");
    }
    let example = examples()
        .into_iter()
        .find(|file| file.ends_with("scale.json"))
        .unwrap();
    let mut file: Value = serde_json::from_slice(&std::fs::read(example).unwrap()).unwrap();
    file["$schema"] = json!("berth-change.json");
    let path = world.folder.path().join("change.json");
    std::fs::write(&path, file.to_string()).unwrap();
    let checked = berth(
        &home,
        &["preflight", &path.display().to_string(), "--sandbox", &ready],
    );
    assert_eq!(checked.status.code(), Some(0), "{:?}", checked.stderr);
}

#[test]
fn the_rules_are_listed_with_source_date_and_facts() {
    let home = tempfile::tempdir().unwrap();
    let listed = berth(home.path(), &["rules", "--json"]);
    let rules: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let rules = rules.as_array().unwrap();
    assert!(rules.len() > 150, "{}", rules.len());
    for rule in rules {
        let text = |member: &str| rule[member].as_str().unwrap_or_default().to_owned();
        assert_eq!(text("read").len(), 10, "{rule}");
        assert!(!text("source").is_empty(), "{rule}");
        for finding in rule["findings"].as_array().unwrap() {
            assert_ne!(finding["message"], finding["code"], "{rule}");
            assert!(finding["severities"][0].is_string(), "{rule}");
        }
    }
    let few = berth(home.path(), &["rules", "nam-05"]);
    let printed = String::from_utf8_lossy(&few.stdout).into_owned();
    assert!(
        printed.contains("blocking    NAM-05") && printed.contains("Facts: computes"),
        "{printed}"
    );
    assert_eq!(berth(home.path(), &["rules", "XYZ"]).status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_an_unknown_cluster_says_that_azure_has_none() {
    let world = World::new("cli-unknown-cluster").await;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    let path = world.folder.path().join("change.json");
    let group = format!(
        "/subscriptions/{}/resourceGroups/rg-ml-prod",
        world.ready.subscription_ids[0]
    );
    let cluster = format!("{group}/providers/Microsoft.ContainerService/managedClusters/aks-nowhere");
    let scale = json!({ "kind": "scale", "clusterId": cluster, "pool": "system", "nodes": 5 });
    let file = json!({ "schema": 1, "change": scale });
    std::fs::write(&path, file.to_string()).unwrap();
    let checked = berth(
        &home,
        &["preflight", &path.display().to_string(), "--sandbox", &ready],
    );
    let printed = String::from_utf8_lossy(&checked.stdout);
    assert_eq!(checked.status.code(), Some(3), "{printed}");
    assert!(
        printed.contains("Azure has no cluster aks-nowhere.") && printed.contains("Check its name or ID"),
        "{printed}"
    );
}
