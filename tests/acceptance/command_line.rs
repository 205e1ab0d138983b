//! The program `berth` without a window: output, exit codes, and no network access where none is needed.

use crate::harness::{World, own_pair};
use berth_domain::spec::Spec;
use berth_sandbox::Seed;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// `target/<profile>/berth`, built by `make test` before the tests run.
pub fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let found = own
        .ancestors()
        .map(|folder| folder.join("berth"))
        .find(|path| path.is_file());
    found.expect("berth is not built: cargo build --bin berth")
}

pub fn berth(home: &Path, arguments: &[&str]) -> Output {
    Command::new(program())
        .args(arguments)
        .env("BERTH_HOME", home)
        // Without a message bus, secrets stay in memory, as on a build agent.
        .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        .output()
        .unwrap()
}

#[track_caller]
fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!(
            "{error}: {}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    })
}

fn write_spec(world: &World, spec: &Spec) -> String {
    let path = world.folder.path().join("spec.json");
    std::fs::write(&path, serde_json::to_vec_pretty(spec).unwrap()).unwrap();
    path.display().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_and_sizes_are_printed_as_table_and_as_json() {
    let world = World::new("cli-lists").await;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    let location = &world.ready.location;
    let table = berth(&home, &["versions", "--location", location, "--sandbox", &ready]);
    assert!(
        table.status.success(),
        "{}",
        String::from_utf8_lossy(&table.stderr)
    );
    assert!(String::from_utf8_lossy(&table.stdout).starts_with("VERSION"));
    let versions = json(&berth(
        &home,
        &["versions", "--location", location, "--sandbox", &ready, "--json"],
    ));
    let default = versions["lanes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|lane| lane["isDefault"] == true);
    assert!(default.is_some(), "{versions}");
    let sizes = json(&berth(
        &home,
        &[
            "sizes",
            "--location",
            location,
            "--min-vcpus",
            "12",
            "--sandbox",
            &ready,
            "--json",
        ],
    ));
    let suggestions = sizes["suggestions"].as_array().unwrap();
    assert!(!suggestions.is_empty() && suggestions.len() <= 3);
    assert!(
        suggestions
            .iter()
            .all(|size| size["vcpus"].as_u64().unwrap() >= 12),
        "{sizes}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn preflight_plan_and_apply_return_their_exit_codes() {
    let world = World::new("cli-apply").await;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    let spec = write_spec(&world, &world.production_extension());

    let preflight = berth(&home, &["preflight", &spec, "--sandbox", &ready, "--json"]);
    assert_eq!(
        preflight.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&preflight.stdout)
    );
    let plan = json(&berth(&home, &["plan", &spec, "--sandbox", &ready, "--json"]));
    let kinds: Vec<&str> = plan["plan"]["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|step| step["kind"]["kind"].as_str())
        .collect();
    assert_eq!(kinds.last(), Some(&"prove"), "{kinds:?}");

    let apply = berth(&home, &["apply", &spec, "--sandbox", &ready, "--json"]);
    assert_eq!(
        apply.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&apply.stderr)
    );
    assert_eq!(json(&apply)["summary"]["state"], "succeeded");
    let runs = json(&berth(&home, &["runs", "--sandbox", &ready, "--json"]));
    assert_eq!(runs.as_array().unwrap().len(), 1);
    let id = runs[0]["id"].as_str().unwrap();
    for verb in ["cancel", "resume"] {
        let refused = berth(&home, &["runs", verb, id, "--sandbox", &ready]);
        let printed = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(1), "{printed}");
        let says = format!("The run has already finished; there is nothing to {verb}.");
        assert!(printed.contains(&says), "{printed}");
    }

    let again = berth(&home, &["apply", &spec, "--sandbox", &ready]);
    assert_eq!(
        again.status.code(),
        Some(3),
        "the names are now in use: {}",
        String::from_utf8_lossy(&again.stdout)
    );
}

#[test]
fn wrong_usage_and_failure_have_different_exit_codes() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.json");
    std::fs::write(&broken, r#"{"routte": "classic"}"#).unwrap();
    let home = folder.path().join("home");
    for (arguments, code, says) in [
        (vec!["no-such-command"], 2, "unrecognized subcommand"),
        (vec!["versions"], 2, "--location"),
        (
            vec!["preflight", broken.to_str().unwrap(), "--account", "sandbox"],
            2,
            "routte",
        ),
        (
            vec!["runs", "show", "no-such-run"],
            1,
            "There is no run with the ID no-such-run. Use berth runs",
        ),
        (vec!["certs", "list", "--last"], 1, "Run berth certs list once."),
        (
            vec!["versions", "--location", "westeurope", "--account", "nobody"],
            1,
            "nobody",
        ),
    ] {
        let output = berth(&home, &arguments);
        let printed = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {printed}");
        assert!(printed.contains(says), "{arguments:?}: {printed}");
    }
}

#[test]
fn certificates_are_checked_without_an_account() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = own_pair(folder.path(), "ml.contoso.com");
    let (certificate, key) = (certificate.display().to_string(), key.display().to_string());
    let check = |cname: &str| {
        berth(
            folder.path(),
            &["certs", "check", &certificate, &key, "--cname", cname, "--json"],
        )
    };
    let good = check("ml.contoso.com");
    assert_eq!(
        good.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&good.stdout)
    );
    let wrong_name = check("other.contoso.com");
    assert_eq!(wrong_name.status.code(), Some(1));
    let rules: Vec<String> = json(&wrong_name)["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["rule"].as_str().unwrap().to_owned())
        .collect();
    assert!(rules.contains(&"TLS-14".to_owned()), "{rules:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_file_runs_as_it_is_or_says_what_is_different() {
    let world = World::new("cli-plan-file").await;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    let spec = write_spec(&world, &world.production_extension());
    let file = world.folder.path().join("plan.json").display().to_string();
    let planned = berth(&home, &["plan", &spec, "--sandbox", &ready, "--out", &file]);
    assert_eq!(planned.status.code(), Some(0), "{planned:?}");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains("PRIVATE KEY"), "keys stay out of the file");
    let again = berth(&home, &["plan", &spec, "--sandbox", &ready, "--out", &file]);
    assert_eq!(again.status.code(), Some(2), "nothing is overwritten: {again:?}");
    let other = berth(&home, &["apply", &file, "--account", "sandbox"]);
    assert_eq!(other.status.code(), Some(2), "another account: {other:?}");
    assert!(world.exchanges("PUT", "/").is_empty(), "nothing was sent");
    let plan: Value = serde_json::from_str(&text).unwrap();
    let applied = berth(&home, &["apply", &file, "--sandbox", &ready, "--json"]);
    assert_eq!(applied.status.code(), Some(0), "{applied:?}");
    assert_eq!(
        json(&applied)["plan"],
        plan["plan"],
        "the run has exactly that plan"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_whose_certificate_has_the_wrong_name_needs_attention() {
    let world = World::seeded("cli-wrong-name", 1200.0, Seed::Fleet).await;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    let mut inventory = json(&berth(&home, &["certs", "list", "--sandbox", &ready, "--json"]));
    let endpoints = inventory["endpoints"].as_array_mut().unwrap();
    endpoints.retain(|one| one["computeId"].as_str().unwrap().ends_with("/fraud-prod"));
    inventory["kept"] = json!([]);
    let file = format!("inventories/{}.json", world.ready.subscription_ids[0]);
    for (covers, code, state) in [(true, 0, "ok"), (false, 1, "wrong name")] {
        for place in inventory["endpoints"][0]["places"].as_array_mut().unwrap() {
            if place["certificate"].is_object() {
                place["certificate"]["covers"] = covers.into();
            }
        }
        std::fs::write(home.join(&file), inventory.to_string()).unwrap();
        let listed = berth(&home, &["certs", "list", "--last"]);
        let table = String::from_utf8_lossy(&listed.stdout);
        assert_eq!(listed.status.code(), Some(code), "{table}");
        assert!(table.contains(&format!("  {state}  ")), "{table}");
    }
}

#[test]
fn without_a_keychain_the_sandbox_warns_of_its_placeholder_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let listed = berth(&home, &["certs", "list", "--account", "sandbox"]);
    let printed = String::from_utf8_lossy(&listed.stderr);
    assert!(
        printed.contains("a placeholder certificate until you apply one"),
        "{printed}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_display_the_window_is_refused_with_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(program())
        .env("BERTH_HOME", folder.path())
        .env("DISPLAY", "")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(printed.starts_with("No display is available."), "{printed}");
}
