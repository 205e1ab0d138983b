//! Kubeconfigs from Azure that try to run a program, read a file or redirect to another host.

use super::program::berth;
use super::server::Answer;
use super::{Attack, assert_no_control_characters, found_below};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

/// Contained in every hostile document; must never be printed.
const CANARY: &str = "CANARY-in-a-kubeconfig";

/// Hostile members of a user or cluster, each with a word that the refusal contains.
fn hostile_members(marker: &str, file: &str, other: &str) -> Vec<(&'static str, String)> {
    let user = |members: &str| format!("users: [{{name: u, user: {{{members}}}}}]");
    let cluster = |members: &str| format!("clusters: [{{name: c, cluster: {{{members}}}}}]");
    let https = format!("server: '{other}'");
    vec![
        (
            "exec",
            user(&format!(
                "exec: {{apiVersion: client.authentication.k8s.io/v1, command: /bin/sh, args: [-c, 'touch {marker}'], interactiveMode: Never}}, token: {CANARY}"
            )),
        ),
        (
            "auth-provider",
            user(&format!(
                "auth-provider: {{name: gcp, config: {{cmd-path: /bin/sh, cmd-args: '-c touch\\ {marker}', access-token: {CANARY}}}}}"
            )),
        ),
        ("tokenFile", user(&format!("tokenFile: '{file}'"))),
        (
            "client-certificate",
            user(&format!("client-certificate: '{file}', client-key: '{file}'")),
        ),
        ("username", user(&format!("username: a, password: {CANARY}"))),
        (
            "insecure-skip-tls-verify",
            cluster(&format!("{https}, insecure-skip-tls-verify: true")),
        ),
        (
            "proxy-url",
            cluster(&format!("{https}, proxy-url: 'http://127.0.0.1:9'")),
        ),
        (
            "certificate-authority",
            cluster(&format!("{https}, certificate-authority: '{file}'")),
        ),
        ("https", cluster("server: 'http://127.0.0.1:9'")),
    ]
}

fn kubeconfig(special: &str, other: &str) -> String {
    let mut parts = vec![
        "apiVersion: v1".to_owned(),
        "kind: Config".to_owned(),
        "current-context: x".to_owned(),
        "contexts: [{name: x, context: {cluster: c, user: u}}]".to_owned(),
    ];
    if !special.starts_with("clusters") {
        parts.push(format!("clusters: [{{name: c, cluster: {{server: '{other}'}}}}]"));
    }
    if !special.starts_with("users") {
        parts.push(format!("users: [{{name: u, user: {{token: {CANARY}}}}}]"));
    }
    parts.push(special.to_owned());
    parts.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_kubeconfig_is_refused_and_not_executed() {
    let attack = Attack::new("hostile-kubeconfig").await;
    let cluster = attack.cluster_id();
    let marker = attack.file("ran");
    let file = attack.file("one-line");
    std::fs::write(&file, format!("{CANARY}-of-a-file")).unwrap();
    let other = attack.server(|_, _| Some(Answer::json(&json!({})))).await;
    let members = hostile_members(
        &marker.display().to_string(),
        &file.display().to_string(),
        &other.base,
    );
    for (refused, special) in members {
        let text = kubeconfig(&special, &other.base);
        let answer =
            json!({ "kubeconfigs": [{ "name": "clusterAdmin", "value": BASE64_STANDARD.encode(text) }] });
        let hostile = attack
            .server(move |_, path| path.contains("Credential").then(|| Answer::json(&answer)))
            .await;
        for command in [&["diagnose", cluster.as_str()][..], &["certs", "list"]] {
            let result = berth(&attack.home, &hostile.ready_file, command).await;
            let all = result.all();
            assert!(!all.contains(CANARY), "{refused}: {all}");
            assert_no_control_characters(&all);
            if command[0] == "diagnose" {
                assert!(all.contains(refused), "{refused} is missing in: {all}");
            }
        }
    }
    assert!(!marker.exists(), "a program ran");
    assert!(other.requests().is_empty(), "{:?}", other.requests());
    assert_eq!(
        found_below(&attack.home, CANARY),
        Vec::<std::path::PathBuf>::new()
    );
}

/// Someone with a cluster of their own also has an address below the domain that all clusters share.
#[tokio::test(flavor = "multi_thread")]
async fn a_kubeconfig_for_the_server_of_another_cluster_is_refused() {
    let attack = Attack::new("hostile-other-cluster").await;
    let cluster = attack.cluster_id();
    let text = kubeconfig("", "https://evil-1234.hcp.westeurope.azmk8s.io:443");
    let answer =
        json!({ "kubeconfigs": [{ "name": "clusterAdmin", "value": BASE64_STANDARD.encode(text) }] });
    let hostile = attack
        .server(move |_, path| path.contains("Credential").then(|| Answer::json(&answer)))
        .await;
    let file = attack.file("config").display().to_string();
    let save = ["kubeconfig", cluster.as_str(), "--out", file.as_str()];
    for command in [&["diagnose", cluster.as_str()][..], &save] {
        let result = berth(&attack.home, &hostile.ready_file, command).await;
        let all = result.all();
        assert!(
            all.contains("its server does not belong to this cluster"),
            "{all}"
        );
        assert!(!all.contains(CANARY), "{all}");
    }
    assert!(!attack.file("config").exists());
}

/// A command from Azure is printed on one line, whatever it contains.
#[tokio::test(flavor = "multi_thread")]
async fn control_characters_in_a_saved_command_are_escaped() {
    let attack = Attack::new("hostile-program-name").await;
    let cluster = attack.cluster_id();
    let (front, program) = (
        std::sync::Arc::new(std::sync::OnceLock::<String>::new()),
        "\u{1b}[31ma\u{202e}b\nAll is well",
    );
    let base = front.clone();
    let hostile = attack
        .server(move |_, path| {
            let text = json!({
                "apiVersion": "v1", "kind": "Config", "current-context": "x",
                "clusters": [{ "name": "c", "cluster": { "server": base.get()? } }],
                "contexts": [{ "name": "x", "context": { "cluster": "c", "user": "u" } }],
                "users": [{ "name": "u", "user": { "exec": {
                    "apiVersion": "client.authentication.k8s.io/v1", "command": program,
                } } }],
            });
            let encoded = BASE64_STANDARD.encode(text.to_string());
            let answer = json!({ "kubeconfigs": [{ "name": "clusterUser", "value": encoded }] });
            path.contains("Credential").then(|| Answer::json(&answer))
        })
        .await;
    front.set(hostile.base.clone()).unwrap();
    let file = attack.file("config").display().to_string();
    let command = [
        "kubeconfig",
        cluster.as_str(),
        "--out",
        file.as_str(),
        "--allow-exec",
    ];
    let result = berth(&attack.home, &hostile.ready_file, &command).await;
    assert!(result.status.success(), "{}", result.all());
    assert_no_control_characters(&result.all());
    assert!(
        result
            .stderr
            .contains("signs in with \\u001b[31ma\\u202eb\\u000aAll is well, which"),
        "{}",
        result.stderr
    );
    assert!(
        !result.all().lines().any(|line| line.starts_with("All is well")),
        "{}",
        result.all()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unparsable_kubeconfig_is_not_quoted() {
    let attack = Attack::new("hostile-kubeconfig-text").await;
    let cluster = attack.cluster_id();
    let broken = [
        format!("apiVersion: v1\nusers: [\n  client-key-data: {CANARY}\n  token: {CANARY}"),
        format!("apiVersion: v1\nclusters: {CANARY}\n"),
        format!("users: [{{name: u, user: {{token: [{CANARY}]}}}}]\ncurrent-context: {CANARY}"),
        format!("a: &a [{CANARY}]\nb: [*a, *a]\n"),
        format!("\u{1b}[31m{CANARY}"),
    ];
    for text in broken {
        let answer =
            json!({ "kubeconfigs": [{ "name": "clusterAdmin", "value": BASE64_STANDARD.encode(&text) }] });
        let hostile = attack
            .server(move |_, path| path.contains("Credential").then(|| Answer::json(&answer)))
            .await;
        for command in [
            &["diagnose", cluster.as_str()][..],
            &["diagnose", cluster.as_str(), "--json"],
            &["certs", "list", "--json"],
        ] {
            let result = berth(&attack.home, &hostile.ready_file, command).await;
            assert!(!result.all().contains(CANARY), "{text:?}: {}", result.all());
        }
    }
    assert_eq!(
        found_below(&attack.home, CANARY),
        Vec::<std::path::PathBuf>::new()
    );
}
