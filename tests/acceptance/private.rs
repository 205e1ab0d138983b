//! Data that only its owner may see: modes of files and folders, the log, keys without a keychain, concurrently edited
//! lists.

use crate::command_line::{berth, program};
use crate::harness::{Keychain, World, everything_in, own_pair};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use berth_domain::spec::Route;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn with_keychain(keychain: &Keychain, home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.args(arguments).env("BERTH_HOME", home);
    keychain.join(&mut command);
    command
}

fn json_of(output: &Output) -> Value {
    let stderr = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?} {stderr}"))
}

#[cfg(unix)]
fn open_to_others(folder: &Path) -> Vec<(PathBuf, u32)> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        let seen = std::fs::symlink_metadata(&path).unwrap();
        let mode = seen.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            found.push((path.clone(), mode));
        }
        if seen.is_dir() {
            open.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        }
    }
    found
}

#[test]
fn concurrent_requests_are_all_saved() {
    const MANY: usize = 25;
    let (keychain, folder) = (Keychain::start(), tempfile::tempdir().unwrap());
    let home = folder.path().join("home");
    let programs: Vec<_> = (0..MANY)
        .map(|number| {
            let out = folder.path().join(format!("{number}.csr")).display().to_string();
            let name = format!("{number}.contoso.com");
            with_keychain(
                &keychain,
                &home,
                &["certs", "request", "--cname", &name, "--out", &out],
            )
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap()
        })
        .collect();
    for program in programs {
        let output = program.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    let requests = std::fs::read_dir(folder.path()).unwrap().flatten();
    let handed_in = requests.filter(|entry| entry.path().extension().is_some_and(|end| end == "csr"));
    let waiting = json_of(
        &with_keychain(&keychain, &home, &["certs", "waiting", "--json"])
            .output()
            .unwrap(),
    );
    let waiting = waiting["requests"].as_array().unwrap();
    assert_eq!((handed_in.count(), waiting.len()), (MANY, MANY));
    // Another process finds their keys: it deletes one of them.
    for request in waiting {
        let id = request["id"].as_str().unwrap();
        let output = with_keychain(&keychain, &home, &["certs", "forget", id])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    let left = json_of(
        &with_keychain(&keychain, &home, &["certs", "waiting", "--json"])
            .output()
            .unwrap(),
    );
    assert_eq!(left["requests"], json!([]));
}

#[test]
fn the_key_of_a_request_stays_in_the_keychain_until_its_certificate_arrives() {
    let (keychain, folder) = (Keychain::start(), tempfile::tempdir().unwrap());
    let home = folder.path().join("home");
    let (csr, out) = (folder.path().join("it.csr"), folder.path().join("out"));
    let text = |path: &Path| path.display().to_string();
    let run = |arguments: &[&str]| with_keychain(&keychain, &home, arguments).output().unwrap();
    let asked = run(&[
        "certs",
        "request",
        "--cname",
        "a.contoso.com",
        "--out",
        &text(&csr),
    ]);
    assert!(asked.status.success(), "{asked:?}");
    assert!(String::from_utf8_lossy(&asked.stdout).contains("is kept in the keychain"));
    let (issuer, issuer_key) = own_pair(folder.path(), "issuer.contoso.com");
    let signed = folder.path().join("signed.pem");
    let openssl = Command::new("openssl")
        .args(["x509", "-req", "-days", "30", "-in"])
        .arg(&csr)
        .arg("-CA")
        .arg(&issuer)
        .arg("-CAkey")
        .arg(&issuer_key)
        .arg("-out")
        .arg(&signed)
        .output()
        .expect("openssl is installed");
    assert!(openssl.status.success(), "{openssl:?}");
    let answered = run(&["certs", "answer", &text(&signed), "--out", &text(&out), "--json"]);
    assert!(answered.status.success(), "{answered:?}");
    let id = json_of(&answered)["pair"]["id"].as_str().unwrap().to_owned();
    let again = folder.path().join("again");
    let saved = run(&["certs", "save", &id, "--out", &text(&again)]);
    assert!(saved.status.success(), "{saved:?}");
    let key = |folder: &Path| std::fs::read(folder.join("a.contoso.com.key")).unwrap();
    assert_eq!(key(&out), key(&again));
    assert!(!everything_in(&home).contains("PRIVATE KEY"));
}

#[test]
fn without_a_keychain_no_key_is_created_that_would_be_lost() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let (certificate, key) = own_pair(folder.path(), "a.contoso.com");
    let text = |path: &Path| path.display().to_string();
    let (certificate, key) = (text(&certificate), text(&key));
    let out = text(&folder.path().join("out"));
    let before = std::fs::read_dir(folder.path()).unwrap().count();
    for arguments in [
        vec!["certs", "request", "--cname", "a.contoso.com", "--out", &out],
        vec!["certs", "take", &certificate, &key, "--cname", "a.contoso.com"],
        vec![
            "certs",
            "order",
            "--cname",
            "a.contoso.com",
            "--agree",
            "--directory",
            "https://127.0.0.1:1/dir",
        ],
        vec!["certs", "answer", &certificate],
        vec![
            "certs",
            "make",
            "--cname",
            "a.contoso.com",
            "--issuer",
            "local-ca",
            "--out",
            &out,
        ],
        vec!["certs", "root", "--out", &out],
        vec![
            "certs",
            "save",
            "0d1c3f0e-0000-4000-8000-000000000000",
            "--out",
            &out,
        ],
        vec!["certs", "forget", "0d1c3f0e-0000-4000-8000-000000000000"],
    ] {
        let output = berth(&home, &[&arguments[..], &["--json"]].concat());
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
        let failure = json_of(&output);
        assert_eq!(failure["code"], "vault_unavailable", "{arguments:?}: {failure}");
        assert_eq!(
            failure["params"]["reason"], "keychain_missing",
            "{arguments:?}: {failure}"
        );
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains("unlock the keychain"), "{stderr}");
    }
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        before + 1,
        "only the home was created"
    );
    for list in [
        "certificates",
        "certificate-requests",
        "acme-orders",
        "acme-accounts",
    ] {
        assert!(!home.join(list).exists(), "{list}");
    }
    // Invalid input is reported first.
    let wrong = berth(
        &home,
        &["certs", "request", "--cname", " ", "--out", &out, "--json"],
    );
    assert_eq!(json_of(&wrong)["code"], "bad_input");

    // A certificate saved to files does not need the keychain.
    let made = berth(
        &home,
        &[
            "certs",
            "make",
            "--cname",
            "a.contoso.com",
            "--out",
            &out,
            "--json",
        ],
    );
    assert!(made.status.success(), "{made:?}");
    let pair = &json_of(&made)["pair"];
    assert_eq!(pair["kind"], "files", "{pair}");
    assert!(Path::new(pair["key"].as_str().unwrap()).is_file());
    assert!(
        String::from_utf8_lossy(&made.stderr).contains("only copy"),
        "{made:?}"
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn everything_below_the_home_is_private_whatever_the_umask() {
    let world = World::new("private-modes").await;
    let home = world.folder.path().join("cli");
    // As an earlier version may have left them.
    std::fs::create_dir_all(home.join("logs")).unwrap();
    std::fs::write(home.join("logs/berth.2020-01-01.log"), "old").unwrap();
    std::fs::write(home.join("accounts.json"), "[]").unwrap();
    let opened = Command::new("chmod")
        .args(["-R", "a+rwX"])
        .arg(&home)
        .status()
        .unwrap();
    assert!(opened.success());
    let spec = world.folder.path().join("spec.json");
    std::fs::write(&spec, serde_json::to_vec(&world.devtest_classic()).unwrap()).unwrap();
    let ready = world.folder.path().join("ready.json");
    let output = Command::new("sh")
        .args([
            "-c",
            "umask 000; exec \"$0\" apply \"$1\" --sandbox \"$2\" --json",
        ])
        .arg(program())
        .arg(&spec)
        .arg(&ready)
        .env("BERTH_HOME", &home)
        .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        .env("BERTH_LOG", "trace")
        .output()
        .unwrap();
    assert_eq!(json_of(&output)["summary"]["state"], "succeeded", "{output:?}");
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("No keychain is available"),
        "{output:?}"
    );
    assert!(
        std::fs::read_dir(home.join("logs")).unwrap().count() > 1,
        "the log exists"
    );
    assert_eq!(open_to_others(&home), Vec::new());
}

#[cfg(unix)]
#[test]
fn a_home_shared_by_all_users_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o1777)).unwrap();
    let output = berth(folder.path(), &["runs"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("shared by all users"), "{stderr}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn even_broken_responses_of_a_cluster_never_reach_the_log() {
    let world = World::new("private-log").await;
    let home = world.folder.path().join("cli");
    let spec = world.folder.path().join("spec.json");
    let mut goal = world.attach_existing(Route::Classic);
    goal.tls = world.production_extension().tls;
    std::fs::write(&spec, serde_json::to_vec(&goal).unwrap()).unwrap();
    let ready = world.folder.path().join("ready.json").display().to_string();
    let run = |arguments: &[&str]| {
        Command::new(program())
            .args(arguments)
            .args(["--sandbox", &ready])
            .env("BERTH_HOME", &home)
            .env("BERTH_LOG", "trace,kube_client=trace,hyper=trace")
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
            .output()
            .unwrap()
    };
    let applied = run(&["apply", &spec.display().to_string(), "--json"]);
    assert_eq!(json_of(&applied)["summary"]["state"], "succeeded", "{applied:?}");
    world
        .fault(json!({ "match": { "path": "/secrets" }, "do": { "truncate": true }, "times": 1000 }))
        .await;
    run(&["certs", "list"]);
    let written = everything_in(&home);
    let key = std::fs::read_to_string(world.folder.path().join("ml.contoso.com.key")).unwrap();
    let line = key.lines().nth(1).unwrap();
    assert!(
        !written.contains(line) && !written.contains("PRIVATE KEY"),
        "a key"
    );
    assert!(!written.contains("LS0tLS1CRUdJTi"), "PEM in base64");
    assert!(
        !written.contains("kube_client") && !written.contains("hyper"),
        "events from libraries"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_applied_to_the_embedded_sandbox_is_in_no_file() {
    // Built from the same seed: it provides the names.
    let world = World::new("private-sandbox").await;
    let keychain = Keychain::start();
    let home = world.folder.path().join("cli");
    let spec = world.folder.path().join("spec.json");
    let mut goal = world.attach_existing(Route::Classic);
    goal.tls = world.production_extension().tls;
    std::fs::write(&spec, serde_json::to_vec(&goal).unwrap()).unwrap();
    let spec = spec.display().to_string();
    let inside = ["--account", "sandbox", "--sandbox-time-scale", "1200", "--json"];
    let run = |arguments: &[&str]| {
        let all = [arguments, &inside].concat();
        with_keychain(&keychain, &home, &all).output().unwrap()
    };
    let applied = run(&["apply", &spec]);
    assert_eq!(json_of(&applied)["summary"]["state"], "succeeded", "{applied:?}");
    let key = std::fs::read_to_string(world.folder.path().join("ml.contoso.com.key")).unwrap();
    let line = key.lines().nth(1).unwrap();
    let encoded = BASE64_STANDARD.encode(&key);
    let clean = || {
        let written = everything_in(&home);
        assert!(written.contains("managedClusters"), "the state was saved");
        for secret in [line, &encoded[..60], &encoded[40..100], "PRIVATE KEY"] {
            assert!(!written.contains(secret), "{secret}");
        }
    };
    clean();
    // Another process finds the key again, and the front end serves with it.
    let sha256 = |output: &Output| {
        let inventory = json_of(output);
        let all = inventory["endpoints"].as_array().unwrap().clone();
        let ours = all
            .iter()
            .find(|one| one["computeId"].as_str().unwrap().ends_with("/attached"));
        let places = ours.unwrap_or_else(|| panic!("{inventory}"))["places"]
            .as_array()
            .unwrap()
            .clone();
        let wire = places.iter().find(|seen| seen["place"] == "wire").unwrap();
        wire["certificate"]["sha256"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let served = sha256(&run(&["certs", "list"]));
    let facts = json_of(&run(&[
        "certs",
        "check",
        &key_file(&world, "pem"),
        &key_file(&world, "key"),
        "--cname",
        "ml.contoso.com",
    ]));
    assert_eq!(served, facts["facts"]["sha256"].as_str().unwrap());
    // Without the keychain it does not: the front end serves a certificate generated by the sandbox.
    let alone = [&["certs", "list"][..], &inside].concat();
    let lost = sha256(&berth(&home, &alone));
    assert!(!lost.is_empty() && lost != served, "{lost}");
    clean();
}

fn key_file(world: &World, end: &str) -> String {
    world
        .folder
        .path()
        .join(format!("ml.contoso.com.{end}"))
        .display()
        .to_string()
}
