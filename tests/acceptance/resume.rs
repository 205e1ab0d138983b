//! Killed with SIGKILL and resumed: nothing is lost or duplicated.

use crate::command_line::program;
use crate::harness::World;
use serde_json::Value;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn start(home: &Path, arguments: &[&str]) -> Child {
    Command::new(program())
        .args(arguments)
        .env("BERTH_HOME", home)
        .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Waits until the journal of the only run satisfies a condition, then kills the program.
fn kill_when(child: &mut Child, home: &Path, what: &str, holds: impl Fn(&str) -> bool) {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let journal = journal(home);
        if holds(&journal) {
            break;
        }
        let ended = child.try_wait().unwrap();
        assert!(ended.is_none(), "ended before {what}: {journal}");
        assert!(Instant::now() < until, "{what} did not happen: {journal}");
        std::thread::sleep(Duration::from_millis(2));
    }
    // SIGKILL, so the program cannot clean up.
    child.kill().unwrap();
    child.wait().unwrap();
}

fn journal(home: &Path) -> String {
    let runs = std::fs::read_dir(home.join("runs"))
        .into_iter()
        .flatten()
        .flatten();
    runs.filter_map(|run| std::fs::read_to_string(run.path().join("state.json")).ok())
        .collect()
}

fn run_id(home: &Path) -> String {
    let mut runs = std::fs::read_dir(home.join("runs")).unwrap().flatten();
    runs.next()
        .expect("a run")
        .file_name()
        .to_string_lossy()
        .into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_resumes_and_creates_each_resource_once() {
    for (name, part) in [
        ("killed-before-cluster", "create_cluster"),
        ("killed-in-cluster", "managedclusters/aks-prod-01"),
        ("killed-in-extension", "/extensions/"),
        ("killed-in-attach", "/computes/prod-01"),
    ] {
        let world = World::with(name, 300.0).await;
        let home = world.folder.path().join("cli");
        let ready = world.folder.path().join("ready.json").display().to_string();
        let spec = world.folder.path().join("spec.json");
        std::fs::write(&spec, serde_json::to_vec(&world.production_extension()).unwrap()).unwrap();
        let spec = spec.display().to_string();

        let mut child = start(&home, &["apply", &spec, "--sandbox", &ready]);
        if name == "killed-before-cluster" {
            kill_when(&mut child, &home, part, |journal| journal.contains(part));
        } else {
            kill_when(&mut child, &home, part, |_| {
                !world.exchanges("PUT", part).is_empty()
            });
        }
        let id = run_id(&home);
        let resumed = start(&home, &["runs", "resume", &id, "--sandbox", &ready, "--json"])
            .wait_with_output()
            .unwrap();
        let end: Value = serde_json::from_slice(&resumed.stdout).unwrap_or_default();
        assert_eq!(end["summary"]["state"], "succeeded", "{name}: {end:#}");
        for part in [
            "managedClusters/aks-prod-01?",
            "/extensions/",
            "/computes/prod-01",
        ] {
            assert_eq!(world.exchanges("PUT", part).len(), 1, "{name}: {part}");
        }
    }
}
