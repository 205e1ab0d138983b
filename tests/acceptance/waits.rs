//! Waits can always be cancelled, whatever a server asks for.

use crate::command_line::{berth, program};
use crate::harness::World;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

fn events(home: &Path) -> String {
    let runs = std::fs::read_dir(home.join("runs"))
        .into_iter()
        .flatten()
        .flatten();
    runs.filter_map(|run| std::fs::read_to_string(run.path().join("events.jsonl")).ok())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_waiting_for_weeks_can_be_cancelled_by_another_process() {
    let world = World::new("asked-to-wait").await;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    let spec = world.folder.path().join("spec.json");
    std::fs::write(&spec, serde_json::to_vec(&world.production_extension()).unwrap()).unwrap();
    let fault = json!({
        "match": { "method": "PUT", "path": "/managedClusters/" },
        "do": { "status": 429, "retry_after": 4_000_000 },
        "times": 100,
    });
    world.fault(fault).await;
    let mut run = Command::new(program())
        .args(["apply", &spec.display().to_string(), "--sandbox", &ready])
        .env("BERTH_HOME", &home)
        .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !events(&home).contains("waiting: ") {
        assert!(run.try_wait().unwrap().is_none(), "ended: {}", events(&home));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let id = std::fs::read_dir(home.join("runs"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let id = id.file_name().into_string().unwrap();
    let cancelled = berth(&home, &["runs", "cancel", &id, "--sandbox", &ready, "--json"]);
    let end: Value = serde_json::from_slice(&cancelled.stdout).unwrap_or_default();
    assert_eq!(end["summary"]["state"], "cancelled", "{end:#}");
    run.wait().unwrap();
    assert_eq!(world.exchanges("PUT", "/managedClusters/").len(), 1);
}
