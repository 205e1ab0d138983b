//! Unreadable data is reported beside every list, which then counts as incomplete.

use crate::command_line::berth;
use crate::harness::World;
use serde_json::json;
use std::path::Path;

/// The list ends with exit code 1, and reports for each file what is wrong and how to fix it.
#[track_caller]
fn assert_named(home: &Path, arguments: &[&str], files: &[&str]) {
    let output = berth(home, arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {stderr}");
    for file in files {
        let line = stderr.lines().find(|line| line.contains(file));
        let line = line.unwrap_or_else(|| panic!("{arguments:?}: {file} is missing in: {stderr}"));
        assert!(
            line.starts_with("Not read: Stored data cannot be read. ") && line.contains("is damaged"),
            "{line}"
        );
        assert!(line.contains("Restore a good copy"), "{line}");
        assert!(!line.contains(&home.display().to_string()), "{line}");
    }
}

fn damage(home: &Path, file: &str) {
    let path = home.join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, "{").unwrap();
}

#[test]
fn an_unreadable_run_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let empty = berth(&home, &["runs"]);
    assert!(empty.status.success(), "{empty:?}");
    damage(&home, "runs/0d1c3f0e/state.json");
    let files = ["runs/0d1c3f0e/state.json"];
    assert_named(&home, &["runs"], &files);
    assert_named(&home, &["runs", "list", "--json"], &files);
    let output = berth(&home, &["runs"]);
    let table = String::from_utf8_lossy(&output.stdout);
    assert!(table.contains("unreadable"), "{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_notes_runs_and_drafts_make_the_certificate_list_incomplete() {
    let world = World::new("unread-certificates").await;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    let files = ["certificates/0d1c.json", "runs/0d1c3f0e/state.json", "draft.json"];
    for file in files {
        damage(&home, file);
    }
    assert_named(&home, &["certs", "list", "--sandbox", &ready], &files);
    damage(&home, "inventories/0d1c.json");
    assert_named(&home, &["certs", "list", "--last"], &["inventories/0d1c.json"]);
    for entry in std::fs::read_dir(home.join("inventories")).unwrap() {
        std::fs::write(entry.unwrap().path(), "{").unwrap();
    }
    let nothing = berth(&home, &["certs", "list", "--last"]);
    assert_eq!(nothing.status.code(), Some(1), "{nothing:?}");
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("is damaged"));
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_quota_is_reported_beside_the_sizes() {
    let world = World::new("unread-quota").await;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    world
        .fault(json!({
            "match": { "method": "GET", "path": "/usages" },
            "do": { "status": 403, "code": "AuthorizationFailed" },
            "times": 1000,
        }))
        .await;
    for json in [&[][..], &["--json"]] {
        let arguments = ["sizes", "--location", &world.ready.location, "--sandbox", &ready];
        let output = berth(&home, &[&arguments[..], json].concat());
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        let line = stderr.lines().find(|line| line.starts_with("Not read: quota: "));
        assert!(
            line.is_some_and(|line| line.contains("AuthorizationFailed")),
            "{stderr}"
        );
        assert!(!output.stdout.is_empty());
    }
}
