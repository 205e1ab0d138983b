//! One hostile service per class of attack, over real HTTPS on loopback, and what the user sees. Whatever the service
//! does, no program runs, no credential reaches another host, no secret is quoted, memory stays within a limit, and the
//! command ends.

mod documents;
mod fleet;
pub mod program;
mod server;

use crate::harness::World;
use hyper::Method;
use program::{CommandResult, berth};
use serde_json::json;
use server::{Answer, HostileServer};
use std::path::{Path, PathBuf};

/// A sandbox with a hostile server in front of it.
struct Attack {
    world: World,
    home: PathBuf,
}

impl Attack {
    async fn new(name: &str) -> Self {
        let world = World::new(name).await;
        let home = world.folder.path().join("attacked");
        Self { world, home }
    }

    async fn server(
        &self,
        rule: impl Fn(&Method, &str) -> Option<Answer> + Send + Sync + 'static,
    ) -> HostileServer {
        let folder = self.world.folder.path();
        HostileServer::start(folder, &folder.join("ready.json"), rule).await
    }

    fn cluster_id(&self) -> String {
        let ready = &self.world.ready;
        format!(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.ContainerService/managedClusters/{}",
            ready.subscription_ids[0], ready.resource_group, ready.cluster
        )
    }

    fn file(&self, name: &str) -> PathBuf {
        self.world.folder.path().join(name)
    }
}

const VERSIONS: [&str; 3] = ["versions", "--location", "westeurope"];

fn is_list_of_subscriptions(method: &Method, path: &str) -> bool {
    *method == Method::GET && path.starts_with("/subscriptions?")
}

fn is_versions(path: &str) -> bool {
    path.to_lowercase().contains("/kubernetesversions")
}

/// Asserts that a command failed and printed these words.
#[track_caller]
fn assert_failed_with(result: &CommandResult, case: &str, words: &str) {
    assert_eq!(result.status.code(), Some(1), "{case}: {}", result.all());
    assert!(result.stderr.contains(words), "{case}: {}", result.stderr);
}

/// Asserts that a text has no characters a terminal would interpret.
fn assert_no_control_characters(text: &str) {
    let wild = text
        .chars()
        .find(|letter| letter.is_control() && !matches!(letter, '\n' | '\t'));
    assert_eq!(wild, None, "{text:?}");
    assert!(!text.contains(['\u{202e}', '\u{2066}', '\u{200b}']), "{text:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_response_is_cut_off() {
    let attack = Attack::new("hostile-flood").await;
    for (flooded, most) in [
        ("/subscriptions?", 64 << 20),
        ("kubernetesVersions", 64 << 20),
        ("/oauth2/", 1 << 20),
    ] {
        let hostile = attack
            .server(move |_, path| path.contains(flooded).then_some(Answer::Flood))
            .await;
        let result = berth(&attack.home, &hostile.ready_file, &VERSIONS).await;
        let words = format!("is larger than {most} bytes, the most that Berth accepts from a service.");
        assert_failed_with(&result, flooded, &words);
        assert_failed_with(&result, flooded, "The response is too large");
        assert!(
            result.all().len() < 4000,
            "{flooded}: {} characters",
            result.all().len()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trickling_response_times_out() {
    let attack = Attack::new("hostile-drip").await;
    let hostile = attack
        .server(|method, path| is_list_of_subscriptions(method, path).then_some(Answer::Drip))
        .await;
    // The program sets the request timeout and the number of attempts; the harness limits them to a minute in total.
    let result = berth(&attack.home, &hostile.ready_file, &VERSIONS).await;
    assert_failed_with(&result, "drip", "No connection. Azure could not be reached.");
    assert_failed_with(&result, "drip", "operation timed out");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_credential_follows_a_redirect() {
    let attack = Attack::new("hostile-redirect").await;
    let other = attack.server(|_, _| Some(Answer::json(&json!({})))).await;
    for (redirected, status) in [
        ("/oauth2/", 307),
        ("/oauth2/", 308),
        ("/subscriptions", 302),
        ("/subscriptions", 307),
    ] {
        let there = format!("{}/taken", other.base);
        let hostile = attack
            .server(move |_, path| {
                path.contains(redirected)
                    .then(|| Answer::status(status, "location", &there))
            })
            .await;
        let result = berth(&attack.home, &hostile.ready_file, &VERSIONS).await;
        let from = hostile.base.trim_start_matches("https://");
        let to = other.base.trim_start_matches("https://");
        let words =
            format!("The server redirects elsewhere. {from} redirects to {to}. Berth does not follow");
        assert_failed_with(&result, redirected, &words);
    }
    assert!(other.requests().is_empty(), "{:?}", other.requests());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_next_link_to_another_host_is_refused() {
    let attack = Attack::new("hostile-next-link").await;
    let other = attack
        .server(|_, _| Some(Answer::json(&json!({ "value": [] }))))
        .await;
    let there = format!("{}/subscriptions?api-version=2022-12-01", other.base);
    let hostile = attack
        .server(move |method, path| {
            let page = json!({ "value": [], "nextLink": there });
            is_list_of_subscriptions(method, path).then(|| Answer::json(&page))
        })
        .await;
    let result = berth(&attack.home, &hostile.ready_file, &VERSIONS).await;
    let to = other.base.trim_start_matches("https://");
    let words = format!(
        "redirects to {to}. Berth does not follow the redirect, because that would send your credentials there."
    );
    assert_failed_with(&result, "next page", &words);
    assert!(other.requests().is_empty(), "{:?}", other.requests());
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_paging_is_an_error() {
    let attack = Attack::new("hostile-pages").await;
    let hostile = attack
        .server(|method, path| {
            let page = json!({ "value": [], "nextLink": path });
            is_list_of_subscriptions(method, path).then(|| Answer::json(&page))
        })
        .await;
    let result = berth(&attack.home, &hostile.ready_file, &VERSIONS).await;
    assert_failed_with(
        &result,
        "pages",
        "the list at /subscriptions does not end; stopped after 1 pages",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn deeply_nested_json_is_an_error() {
    let attack = Attack::new("hostile-deep").await;
    let deep = format!("{{\"value\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    let hostile = attack
        .server(move |_, path| is_versions(path).then(|| Answer::text(deep.clone())))
        .await;
    let result = berth(&attack.home, &hostile.ready_file, &VERSIONS).await;
    assert_failed_with(
        &result,
        "deep",
        "returned a response that Berth cannot understand.",
    );
    assert_failed_with(&result, "deep", "it is not JSON at line 1, column 136");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_body_with_too_many_values_is_refused() {
    let attack = Attack::new("hostile-dense").await;
    for dense in ["{},", "0,", "[[]],", "{\"a\":0},"] {
        let body = format!("{{\"value\":[{}0]}}", dense.repeat((60 << 20) / dense.len()));
        let (list, answer) = (body.clone(), body);
        for hostile in [
            attack
                .server(move |method, path| {
                    is_list_of_subscriptions(method, path).then(|| Answer::text(list.clone()))
                })
                .await,
            attack
                .server(move |_, path| is_versions(path).then(|| Answer::text(answer.clone())))
                .await,
        ] {
            let result = berth(&attack.home, &hostile.ready_file, &VERSIONS).await;
            assert_failed_with(&result, dense, "larger than Berth accepts");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_dense_pages_use_no_more_memory_than_one() {
    let attack = Attack::new("hostile-dense-pages").await;
    let hostile = attack
        .server(|method, path| {
            is_list_of_subscriptions(method, path).then(|| {
                let next = path
                    .split("page=")
                    .nth(1)
                    .and_then(|page| page.parse().ok())
                    .unwrap_or(0)
                    + 1;
                let link = format!("/subscriptions?api-version=2022-12-01&page={next}");
                let items = "{\"a\":0},".repeat(100_000);
                Answer::text(format!("{{\"nextLink\":\"{link}\",\"value\":[{items}{{}}]}}"))
            })
        })
        .await;
    let result = berth(&attack.home, &hostile.ready_file, &VERSIONS).await;
    assert_failed_with(&result, "dense pages", "larger than Berth accepts");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_after_of_weeks_is_not_waited_for() {
    let attack = Attack::new("hostile-retry-after").await;
    for (status, words) in [
        (
            429,
            "Too many requests. Azure received too many requests in a short time",
        ),
        (503, "Azure service error. Azure had an internal error"),
    ] {
        let hostile = attack
            .server(move |method, path| {
                is_list_of_subscriptions(method, path)
                    .then(|| Answer::status(status, "retry-after", "4000000"))
            })
            .await;
        let result = berth(&attack.home, &hostile.ready_file, &VERSIONS).await;
        assert_failed_with(&result, "wait", words);
        assert_failed_with(
            &result,
            "wait",
            &format!("GET /subscriptions was refused ({status}): Hostile: no"),
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn control_characters_in_an_error_message_are_escaped() {
    let attack = Attack::new("hostile-text").await;
    let forged = "\u{1b}]0;OWNED\u{7}\u{1b}[31m\u{9b}2J\u{202e}gnp\u{200b}\r\nberth: all is well";
    let hostile = attack
        .server(move |_, path| {
            let refusal = json!({ "error": { "code": forged, "message": forged } });
            is_versions(path).then(|| Answer::Complete {
                status: 403,
                headers: Vec::new(),
                body: refusal.to_string(),
            })
        })
        .await;
    for json in [&[][..], &["--json"]] {
        let arguments = [&VERSIONS[..], json].concat();
        let result = berth(&attack.home, &hostile.ready_file, &arguments).await;
        assert_failed_with(
            &result,
            "forged",
            "Not allowed. This account is not allowed to do this.",
        );
        let forged_line = |line: &str| line.starts_with("berth:");
        assert!(!result.stderr.lines().any(forged_line), "{}", result.stderr);
        assert_no_control_characters(&result.stdout);
        assert_no_control_characters(&result.stderr);
        assert!(result.all().contains("u001b"), "{}", result.all());
    }
}

/// The files below a folder that contain a marker.
fn found_below(folder: &Path, marker: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if std::fs::read(&path).is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains(marker))
            {
                found.push(path);
            }
        }
    }
    found
}
