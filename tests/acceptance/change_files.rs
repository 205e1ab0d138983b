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
    assert_eq!(all.len(), 23, "one example of each kind: {all:?}");
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
        (json!({ "schema": 1, "change": { "kind": "shrink" } }), "shrink"),
        (json!({ "schema": 2, "change": scale }), "schema 2"),
        (json!({ "schema": 1, "change": scale, "wavied": [] }), "wavied"),
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
