//! Many workspaces that answer concurrently, each with as much as one response may hold, or more.

use super::program::{CommandResult, berth, berth_within};
use super::server::{Answer, HostileServer};
use super::{Attack, assert_no_control_characters};
use hyper::Method;
use serde_json::json;
use std::time::Duration;

const WORKSPACES: usize = 40;
/// Enough for millions of values in a build without optimization.
const LIMIT: Duration = Duration::from_secs(240);

fn workspaces_of(subscription: &str, count: usize) -> Answer {
    let all: Vec<_> = (0..count)
        .map(|number| {
            let name = format!("w{number}");
            let group = format!("/subscriptions/{subscription}/resourceGroups/g");
            let id = format!("{group}/providers/Microsoft.MachineLearningServices/workspaces/{name}");
            json!({ "id": id, "name": name, "location": "westeurope", "properties": {} })
        })
        .collect();
    Answer::json(&json!({ "value": all }))
}

/// A server whose workspaces all have this list of computes.
async fn fleet(attack: &Attack, workspaces: usize, computes: String) -> HostileServer {
    let subscription = attack.world.ready.subscription_ids[0].clone();
    attack
        .server(move |method, path| {
            if *method == Method::GET && path.contains("/workspaces?") {
                return Some(workspaces_of(&subscription, workspaces));
            }
            path.contains("/computes?")
                .then(|| Answer::text(computes.clone()))
        })
        .await
}

/// The output of `certs list` where every workspace has this list of computes.
#[expect(clippy::print_stdout, reason = "prints the memory it uses")]
async fn list_of(name: &str, workspaces: usize, computes: String) -> CommandResult {
    let attack = Attack::new(name).await;
    let hostile = fleet(&attack, workspaces, computes).await;
    let result = berth_within(LIMIT, &attack.home, &hostile.ready_file, &["certs", "list"]).await;
    let requests = hostile.requests();
    let requests = requests.iter().filter(|path| path.contains("/computes?"));
    assert!(requests.count() >= workspaces, "{name}");
    println!("{name}: {} KiB", result.peak_kib);
    result
}

fn repeated(item: &str, times: usize) -> String {
    format!("{{\"value\":[{}{{}}]}}", format!("{item},").repeat(times))
}

/// Counts the lists that could not be read for this reason.
fn unread(result: &CommandResult, why: &str) -> usize {
    let lines = result.stderr.lines();
    lines
        .filter(|line| line.starts_with("Not read: ") && line.contains(why))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn many_dense_lists_use_no_more_memory_than_one() {
    let result = list_of("hostile-fleet-dense", WORKSPACES, repeated(r#"{"a":0}"#, 159_000)).await;
    assert!(result.status.success(), "{}", result.all());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_list_with_too_many_values_is_reported() {
    let result = list_of("hostile-fleet-over", WORKSPACES, repeated(r#"{"a":0}"#, 170_000)).await;
    assert_eq!(result.status.code(), Some(1), "{}", result.all());
    assert_eq!(
        unread(&result, "the JSON is larger than Berth accepts"),
        WORKSPACES,
        "{}",
        result.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn compute_lists_have_a_combined_limit() {
    let compute = r#"{"id":"/x","properties":{"computeType":"AKS"}}"#;
    let most = list_of("hostile-fleet-most", WORKSPACES, repeated(compute, 73_000)).await;
    assert_eq!(
        unread(&most, "exceeds the limit for all lists together"),
        WORKSPACES,
        "{}",
        most.stderr
    );
    let some = list_of("hostile-fleet-some", 10, repeated(compute, 15_000)).await;
    assert_eq!(some.status.code(), Some(1), "{}", some.all());
    let left_out = unread(&some, "exceeds the limit for all lists together");
    assert!((5..10).contains(&left_out), "{left_out}: {}", some.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn long_texts_and_many_values_of_a_list_share_one_limit() {
    let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(2_500));
    let most = list_of("hostile-fleet-long", 8, repeated(&long, 11_000)).await;
    assert!(most.status.success(), "{}", most.all());
    let over = list_of("hostile-fleet-longer", 8, repeated(&long, 12_000)).await;
    assert_eq!(
        unread(&over, "the JSON is larger than Berth accepts"),
        8,
        "{}",
        over.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn control_characters_in_the_error_of_a_compute_are_escaped() {
    let attack = Attack::new("hostile-fields").await;
    let forged = "\u{1b}]0;OWNED\u{7}\u{9b}2J\u{202e}gnp\u{200b}\r\nberth: all is well";
    let compute = json!({
        "id": format!("/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/computes/{forged}"),
        "name": forged,
        "location": forged,
        "properties": {
            "computeType": "AKS",
            "resourceId": format!("/subscriptions/s/{forged}"),
            "properties": { "sslConfiguration": { "status": "Enabled", "cname": forged, "cert": forged } },
        },
    });
    let hostile = fleet(&attack, 1, json!({ "value": [compute] }).to_string()).await;
    for arguments in [
        &["certs", "list"][..],
        &["certs", "list", "--json"],
        &["certs", "list", "--last"],
    ] {
        let result = berth(&attack.home, &hostile.ready_file, arguments).await;
        assert!(
            result.stdout.contains("u001b") && result.stdout.contains("u202e"),
            "{}",
            result.all()
        );
        assert_no_control_characters(&result.stdout);
        assert_no_control_characters(&result.stderr);
        let forged_line = |line: &str| line.trim_start().starts_with("berth:");
        assert!(!result.all().lines().any(forged_line), "{}", result.all());
    }
}
