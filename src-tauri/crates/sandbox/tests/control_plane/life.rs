//! Restarting, faults, recording, the standalone program.

use crate::common::{Az, client, fast, read};
use berth_sandbox::{Options, Ready, Sandbox, SandboxError, StateKey};
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const V: &str = "api-version=2024-03-01";
const N: &str = "api-version=2024-01-01";

fn vnet(az: &Az, name: &str) -> String {
    format!(
        "{}/resourceGroups/rg-ml-prod/providers/Microsoft.Network/virtualNetworks/{name}?{N}",
        az.prod()
    )
}

fn network() -> Value {
    json!({"location": "westeurope", "properties": {"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}}})
}

#[tokio::test]
async fn faults_answer_delay_and_go_away() {
    let az = Az::start().await;
    let path = format!("{}/resourcegroups?{V}", az.prod());
    az.fault(
        json!({"match": {"method": "GET", "path": "/resourcegroups"}, "do": {"status": 429}, "times": 2}),
    )
    .await;
    for _ in 0..2 {
        let seen = az.get(&path).await.expect(429);
        assert_eq!(
            (seen.code(), seen.header("retry-after")),
            ("TooManyRequests", "1")
        );
    }
    az.get(&path).await.expect(200);
    az.fault(json!([{"do": {"status": 503, "code": "Odd"}}, {"do": {"delay_ms": 300}}]))
        .await;
    assert_eq!(az.get(&path).await.expect(503).code(), "Odd");
    let begun = Instant::now();
    az.get(&path).await.expect(200);
    assert!(begun.elapsed() >= Duration::from_millis(300));
    az.fault(json!({"do": {"status": 500}, "times": 99})).await;
    assert_eq!(az.get("/_sandbox/faults").await.body["faults"][0]["times"], 99);
    az.delete("/_sandbox/faults").await.expect(204);
    az.get(&path).await.expect(200);
    assert_eq!(
        az.put("/_sandbox/faults", json!({"do": {"explode": true}}))
            .await
            .expect(400)
            .code(),
        "InvalidFault"
    );
}

#[tokio::test]
async fn a_reset_connection_has_no_answer() {
    let az = Az::start().await;
    az.fault(json!({"match": {"path": "*/resourcegroups*"}, "do": {"reset": true}}))
        .await;
    let url = format!("{}{}/resourcegroups?{V}", az.ready().arm, az.prod());
    let sent = az.http.get(&url).bearer_auth(&az.token).send().await;
    let error = sent.expect_err("the connection must break");
    assert!(!error.is_timeout() && !error.is_status(), "{error:?}");
    assert_eq!(
        read(az.http.get(&url).bearer_auth(&az.token).send().await.unwrap())
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn an_operation_fails_on_demand() {
    let az = Az::start().await;
    let fault = json!({"code": "InternalServerError", "message": "It broke."});
    az.fault(json!({"match": {"method": "PUT"}, "do": {"fail_operation": fault}}))
        .await;
    let made = az.put(&vnet(&az, "v"), network()).await.expect(201);
    let ended = az.finish(&made).await;
    assert_eq!(
        (&ended["status"], &ended["error"]["message"]),
        (&json!("Failed"), &json!("It broke."))
    );
    let seen = az.get(&vnet(&az, "v")).await.expect(200);
    assert_eq!(seen.body["properties"]["provisioningState"], "Failed");
    let again = az.put(&vnet(&az, "v"), network()).await.expect(200);
    assert_eq!(
        az.finish(&again).await["status"],
        "Succeeded",
        "the fault was for once"
    );
}

#[tokio::test]
async fn recording_holds_each_exchange_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wire/exchanges.jsonl");
    let az = Az::with(Options {
        record: Some(file.clone()),
        ..fast()
    })
    .await;
    az.get(&format!("{}/resourcegroups?{V}", az.prod()))
        .await
        .expect(200);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains(&az.ready().client_secret) && !text.contains(&az.token));
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2, "the token and the list");
    assert_eq!(
        (&lines[0]["method"], &lines[0]["status"]),
        (&json!("POST"), &json!(200))
    );
    assert!(
        lines[0]["request_body"]
            .as_str()
            .unwrap()
            .contains("client_secret=***")
    );
    assert_eq!(lines[1]["request_headers"]["authorization"], "***");
    assert!(lines[1]["response_body"]["value"].is_array());
}

#[tokio::test]
async fn a_restart_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options {
        state_dir: Some(folder.path().to_path_buf()),
        ..fast()
    };
    let first = Az::with(options()).await;
    let ready = first.ready().clone();
    let token = first.token.clone();
    let made = first.put(&vnet(&first, "v"), network()).await.expect(201);
    let status = made.header("azure-asyncoperation").to_string();
    let busy = Sandbox::start(options())
        .await
        .expect_err("two must not share a state");
    assert!(matches!(busy, SandboxError::InUse { .. }), "{busy}");
    first.sandbox.stop().await;
    let second = Sandbox::start(options()).await.unwrap();
    assert_eq!(*second.ready(), ready, "same port, certificate, secret");
    // The old token, certificate and status URL still work.
    let http = client(&ready);
    let seen = read(http.get(&status).bearer_auth(&token).send().await.unwrap()).await;
    assert_eq!(seen.status, 200, "{}", seen.body);
}

#[test]
fn the_program_survives_a_kill_during_an_operation() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (mut first, ready) = run(folder.path(), &state, &["--time-scale", "4"]);
    let http = client(&ready);
    let group = format!(
        "{}/subscriptions/{}/resourceGroups/rg-ml-prod",
        ready.arm, ready.subscription_ids[0]
    );
    let url = format!("{group}/providers/Microsoft.Network/virtualNetworks/v?{N}");
    let (token, status) = runtime.block_on(async {
        let token = sign_in(&http, &ready).await;
        let made = read(
            http.put(&url)
                .bearer_auth(&token)
                .json(&network())
                .send()
                .await
                .unwrap(),
        )
        .await
        .expect(201);
        (token, made.header("azure-asyncoperation").to_string())
    });
    first.0.kill().unwrap();
    first.0.wait().unwrap();
    let (_second, again) = run(folder.path(), &state, &["--time-scale", "4"]);
    assert_eq!(again, ready);
    // A new client, because the old one's connections died with the first process.
    let http = client(&ready);
    runtime.block_on(async {
        let begun = Instant::now();
        loop {
            let seen = read(http.get(&status).bearer_auth(&token).send().await.unwrap())
                .await
                .expect(200);
            if seen.body["status"] == "Succeeded" {
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "{}", seen.body);
            tokio::task::yield_now().await;
        }
        let seen = read(http.get(&url).bearer_auth(&token).send().await.unwrap())
            .await
            .expect(200);
        assert_eq!(seen.body["properties"]["provisioningState"], "Succeeded");
    });
}

#[cfg(unix)]
#[test]
fn the_program_stops_cleanly_on_a_signal() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, _) = run(folder.path(), &folder.path().join("state"), &[]);
    let asked = Command::new("kill")
        .args(["-TERM", &child.0.id().to_string()])
        .status()
        .unwrap();
    assert!(asked.success());
    assert!(child.0.wait().unwrap().success());
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &folder.path().join("ready.json").metadata().unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600, "the ready file holds a secret");
}

async fn sign_in(http: &reqwest::Client, ready: &Ready) -> String {
    let form = [
        ("client_id", ready.client_id.as_str()),
        ("client_secret", ready.client_secret.as_str()),
        ("grant_type", "client_credentials"),
        ("scope", "https://management.azure.com/.default"),
    ];
    let url = format!("{}/{}/oauth2/v2.0/token", ready.authority, ready.tenant_id);
    let seen = read(http.request(Method::POST, url).form(&form).send().await.unwrap())
        .await
        .expect(200);
    seen.body["access_token"].as_str().unwrap().to_string()
}

/// A process that does not outlive its test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs the program and waits for its ready file.
fn run(folder: &Path, state: &Path, more: &[&str]) -> (Program, Ready) {
    let file = folder.join("ready.json");
    let _ = std::fs::remove_file(&file);
    let child = Command::new(env!("CARGO_BIN_EXE_berth-sandbox"))
        .arg("--ready-file")
        .arg(&file)
        .arg("--state-dir")
        .arg(state)
        .args(more)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut child = Program(child);
    let begun = Instant::now();
    loop {
        if let Ok(text) = std::fs::read(&file) {
            return (child, serde_json::from_slice(&text).unwrap());
        }
        if let Some(ended) = child.0.try_wait().unwrap() {
            panic!("the program ended: {ended}");
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "no ready file");
        std::thread::yield_now();
    }
}

#[tokio::test]
async fn another_key_opens_the_state_without_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let with = |key: StateKey| Options {
        state_dir: Some(folder.path().to_path_buf()),
        state_key: Some(key),
        ..fast()
    };
    let first = Az::with(with(StateKey::generate())).await;
    let (ready, token) = (first.ready().clone(), first.token.clone());
    let made = first.put(&vnet(&first, "v"), network()).await.expect(201);
    first.finish(&made).await;
    first.sandbox.stop().await;
    for file in ["world.json", "identity.json"] {
        let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
        for secret in ["PRIVATE KEY", &ready.client_secret, &ready.control_token] {
            assert!(!text.contains(secret), "{file} holds {secret}");
        }
    }
    let second = Az::with(with(StateKey::generate())).await;
    assert_ne!(second.ready().client_secret, ready.client_secret);
    assert_ne!(second.ready().control_token, ready.control_token);
    assert_eq!(second.ready().arm, ready.arm, "the port is no secret");
    second.get(&vnet(&second, "v")).await.expect(200);
    let url = format!("{}{}", ready.arm, vnet(&second, "v"));
    let refused = second.http.get(url).bearer_auth(token).send().await.unwrap();
    assert_eq!(refused.status(), 401, "tokens of before are void");
}

#[tokio::test]
async fn it_listens_only_on_loopback() {
    let everywhere = Options {
        listen: "0.0.0.0:0".parse().unwrap(),
        ..fast()
    };
    let refused = Sandbox::start(everywhere)
        .await
        .expect_err("other computers reach it");
    assert!(matches!(refused, SandboxError::NotLoopback { .. }), "{refused}");
    let folder = tempfile::tempdir().unwrap();
    let program = Command::new(env!("CARGO_BIN_EXE_berth-sandbox"))
        .args(["--listen", "[::]:0", "--ready-file"])
        .arg(folder.path().join("ready.json"))
        .output()
        .unwrap();
    assert!(!program.status.success());
    assert!(
        String::from_utf8_lossy(&program.stderr).contains("loopback"),
        "{program:?}"
    );
}
