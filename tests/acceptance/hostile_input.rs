//! Forged ids, special files and text with shell syntax: each is refused before any request, with one message that
//! names it.

use crate::command_line::berth;
use crate::harness::World;
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

const GROUP: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-ml-prod/providers";

fn printed(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Runs `berth` on an account that cannot be reached, so any request would fail.
fn berth_offline(home: &Path, arguments: &[&str]) -> Output {
    berth(home, &[arguments, &["--account", "azure-cli"]].concat())
}

#[test]
fn a_change_with_a_forged_id_sends_no_request() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let file = folder.path().join("change.json");
    let compute = format!("{GROUP}/Microsoft.MachineLearningServices/workspaces/ml/computes");
    let cluster = format!("{GROUP}/Microsoft.ContainerService/managedClusters");
    for bad in [
        "..",
        ".",
        "%2e%2e",
        "a?api-version=1",
        "a#b",
        "a\\..\\b",
        "a b",
        "a\u{202e}b",
        "a\u{1b}[31m",
        "\u{ff0e}\u{ff0e}",
    ] {
        for (member, change) in [
            (
                "computeId",
                json!({ "kind": "detach", "computeId": format!("{compute}/{bad}") }),
            ),
            (
                "clusterId",
                json!({ "kind": "clean_up", "clusterId": format!("{cluster}/{bad}") }),
            ),
            (
                "pool",
                json!({ "kind": "scale", "clusterId": format!("{cluster}/aks"), "pool": bad, "nodes": 3 }),
            ),
            (
                "newCompute",
                json!({ "kind": "move", "computeId": format!("{compute}/c"), "newCompute": bad, "namespace": "n" }),
            ),
            (
                "scope",
                json!({ "kind": "grant", "scope": format!("{cluster}/{bad}"), "principalId": "p", "role": "reader" }),
            ),
            (
                "resources",
                json!({ "kind": "clear_up", "run": "r", "resources": [format!("{cluster}/{bad}")] }),
            ),
        ] {
            std::fs::write(&file, json!({ "schema": 1, "change": change }).to_string()).unwrap();
            let path = file.display().to_string();
            let checked = berth_offline(&home, &["preflight", &path, "--json"]);
            let report: Value = serde_json::from_slice(&checked.stdout).unwrap_or_default();
            assert_eq!(
                (checked.status.code(), &report["requests"]),
                (Some(3), &json!(0)),
                "{member} {bad:?}: {}",
                printed(&checked)
            );
            let members: Vec<&Value> = report["findings"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| &one["params"]["member"])
                .collect();
            assert_eq!(members, [member], "{bad:?}");
            for command in ["plan", "apply"] {
                let refused = berth_offline(&home, &[command, &path]);
                assert!(
                    matches!(refused.status.code(), Some(1..=3)),
                    "{command} {bad:?}: {}",
                    printed(&refused)
                );
                assert!(
                    printed(&refused).contains(member),
                    "{command} {bad:?}: {}",
                    printed(&refused)
                );
                assert!(
                    !printed(&refused).contains(['\u{1b}', '\u{202e}']),
                    "{command} {bad:?}"
                );
            }
        }
    }
}

#[test]
fn forged_arguments_are_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let cluster = |name: &str| format!("{GROUP}/Microsoft.ContainerService/managedClusters/{name}");
    for bad in ["..", "a?b", "a#b", "%2e%2e", "a/../b", "a b", "a\u{1b}", "'"] {
        for arguments in [
            vec!["versions", "--location", bad],
            vec!["versions", "--location", bad, "--subscription", "s"],
            vec!["versions", "--location", "westeurope", "--subscription", bad],
            vec!["sizes", "--location", bad, "--subscription", "s"],
            vec!["diagnose", &cluster(bad)],
            vec!["kubeconfig", &cluster(bad), "--print"],
            vec!["certs", "list", "--subscription", bad],
            vec!["certs", "renew", &cluster(bad)],
        ] {
            let refused = berth_offline(&home, &arguments);
            assert_eq!(
                refused.status.code(),
                Some(2),
                "{arguments:?}: {}",
                printed(&refused)
            );
        }
        for arguments in [
            vec!["certs", "make", "--cname", bad, "--out", "made"],
            vec!["certs", "request", "--cname", bad, "--out", "it.csr"],
            vec!["certs", "dns", bad, "20.1.2.3"],
            vec!["certs", "dns", "ml.contoso.com", "20.1.2.3", "--zone", bad],
        ] {
            let refused = berth_offline(&home, &arguments);
            assert!(
                matches!(refused.status.code(), Some(1 | 2)),
                "{arguments:?}: {}",
                printed(&refused)
            );
            assert!(!printed(&refused).contains('\u{1b}'), "{arguments:?}");
        }
    }
}

#[test]
fn a_printed_command_is_quoted_as_a_single_command() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let hostile = "x;touch /tmp/berth-was-here;.contoso.com";
    let refused = berth_offline(&home, &["certs", "dns", hostile, "v", "--txt"]);
    assert_eq!(refused.status.code(), Some(2), "{}", printed(&refused));
    assert!(!printed(&refused).contains("az network"), "{}", printed(&refused));
    let nowhere = ["--nameserver", "127.0.0.1:1", "--json"];
    let value = "v';id;'$(id)`id`";
    let told = berth(
        &home,
        &[&["certs", "dns", "a.contoso.com", value, "--txt"], &nowhere[..]].concat(),
    );
    let answer: Value = serde_json::from_slice(&told.stdout).unwrap();
    let texts = answer["texts"]["texts"].as_array().unwrap();
    let azure = texts.iter().find(|text| text["provider"] == "azure_dns").unwrap()["text"]
        .as_str()
        .unwrap();
    let command = azure.replace("<group>", "G");
    let (_, arguments) = command.split_once(' ').unwrap();
    let echoed = Command::new("sh")
        .args(["-c", &format!("printf '%s\\n' {arguments}")])
        .output()
        .unwrap();
    let last = String::from_utf8(echoed.stdout)
        .unwrap()
        .lines()
        .last()
        .unwrap()
        .to_owned();
    assert_eq!(last, format!("--value={value}"));
}

#[cfg(unix)]
#[test]
fn anything_but_a_regular_file_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let pipe = folder.path().join("pipe").display().to_string();
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let big = folder.path().join("big.pem");
    std::fs::File::create(&big).unwrap().set_len(1 << 40).unwrap();
    let (big, a_folder) = (big.display().to_string(), folder.path().display().to_string());
    let started = Instant::now();
    for path in [pipe.as_str(), "/dev/zero", &a_folder, &big] {
        for arguments in [
            vec!["certs", "check", path, "--cname", "ml.contoso.com"],
            vec!["certs", "take", path, "--cname", "ml.contoso.com"],
            vec!["certs", "answer", path],
            vec![
                "certs",
                "order",
                "--cname",
                "a.contoso.com",
                "--agree",
                "--roots",
                path,
                "--directory",
                "https://127.0.0.1:1/dir",
            ],
            vec!["preflight", path],
        ] {
            let refused = berth_offline(&home, &arguments);
            assert!(
                matches!(refused.status.code(), Some(1 | 2)),
                "{arguments:?}: {}",
                printed(&refused)
            );
        }
    }
    let spec = folder.path().join("spec.json");
    for path in [
        "/dev/zero",
        "/proc/self/environ",
        "//host/share/a.pem",
        "\\\\host\\share\\a.pem",
        "\\\\.\\pipe\\x",
        "../../../../../../../dev/zero",
        "nul",
    ] {
        let pair = json!({ "kind": "files", "certificate": path, "key": path });
        let tls = json!({ "kind": "own", "cname": "ml.contoso.com", "pair": pair });
        for goal in [
            json!({ "schema": 1, "tls": tls }),
            json!({ "schema": 1, "change": { "kind": "tls", "computeId": "/x", "tls": tls } }),
        ] {
            std::fs::write(&spec, goal.to_string()).unwrap();
            let refused = berth_offline(&home, &["preflight", &spec.display().to_string()]);
            assert!(
                matches!(refused.status.code(), Some(1..=3)),
                "{path}: {}",
                printed(&refused)
            );
        }
    }
    assert!(
        started.elapsed() < Duration::from_secs(120),
        "a pipe must not block the command"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_in_a_specification_is_a_blocking_finding_and_does_not_hang() {
    let world = World::new("pipe-in-spec").await;
    let pipe = world.folder.path().join("pipe.pem");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut spec = world.production_extension();
    let path = pipe.display().to_string();
    spec.tls = Some(berth_domain::spec::Tls::Own {
        cname: "ml.contoso.com".to_owned(),
        pair: Some(berth_domain::spec::PairRef::Files {
            certificate: path.clone(),
            key: path,
        }),
    });
    let goal = world.on(spec);
    let looking = world.berth.review(&goal);
    let report = tokio::time::timeout(Duration::from_secs(60), looking)
        .await
        .unwrap()
        .unwrap();
    let found = report
        .findings
        .iter()
        .find(|finding| finding.code == "TLS-11.not_a_file");
    assert!(found.is_some(), "{:?}", report.findings);
}

#[cfg(unix)]
#[test]
fn a_passphrase_is_never_printed() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = crate::harness::own_pair(folder.path(), "ml.contoso.com");
    let canary = b"CANARY-PASSPHRASE-\xe9\xff";
    for json in [false, true] {
        let mut command = Command::new(crate::command_line::program());
        command
            .args(["certs", "check"])
            .args([&certificate, &key])
            .args(["--cname", "ml.contoso.com", "--passphrase-env", "PP"])
            .env("BERTH_HOME", folder.path().join("home"))
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:");
        if json {
            command.arg("--json");
        }
        let unset = command.env_remove("PP").output().unwrap();
        assert_eq!(unset.status.code(), Some(2), "{}", printed(&unset));
        assert!(
            printed(&unset).contains("--passphrase-env") && printed(&unset).contains("not set"),
            "{}",
            printed(&unset)
        );
        let odd = command.env("PP", OsStr::from_bytes(canary)).output().unwrap();
        assert_eq!(odd.status.code(), Some(2), "{}", printed(&odd));
        assert!(
            !printed(&odd).contains("CANARY") && printed(&odd).contains("UTF-8"),
            "{}",
            printed(&odd)
        );
    }
}

#[test]
fn an_order_needs_agreement_to_the_terms_that_are_printed() {
    // Without `--agree` the command is only refused once the terms are known; here no server answers.
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let order = ["certs", "order", "--cname", "a.contoso.com", "--directory"];
    let refused = berth_offline(&home, &[&order[..], &["https://127.0.0.1:1/dir"]].concat());
    assert_eq!(refused.status.code(), Some(1), "{}", printed(&refused));
    let plain = berth_offline(
        &home,
        &[&order[..], &["http://127.0.0.1:1/dir", "--agree"]].concat(),
    );
    assert_eq!(plain.status.code(), Some(2), "{}", printed(&plain));
    assert!(printed(&plain).contains("https://"), "{}", printed(&plain));
}
