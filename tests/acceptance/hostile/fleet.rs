//! Many workspaces that answer concurrently, each with as much as one response may hold, or more.

use super::program::{Said, berth, berth_within};
use super::server::{Answer, Hostile};
use super::{Attack, assert_tame};
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
async fn fleet(attack: &Attack, workspaces: usize, computes: String) -> Hostile {
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
#[expect(
    clippy::print_stdout,
    reason = "prints the memory it uses"
)]
async fn list_of(name: &str, workspaces: usize, computes: String) -> Said {
    let attack = Attack::new(name).await;
    let hostile = fleet(&attack, workspaces, computes).await;
    let said = berth_within(LIMIT, &attack.home, &hostile.ready_file, &["certs", "list"]).await;
    let asked = hostile.heard();
    let asked = asked.iter().filter(|path| path.contains("/computes?"));
    assert!(asked.count() >= workspaces, "{name}");
    println!("{name}: {} KiB", said.peak_kib);
    said
}

fn repeated(item: &str, times: usize) -> String {
    format!("{{\"value\":[{}{{}}]}}", format!("{item},").repeat(times))
}

/// Counts the lists that could not be read for this reason.
fn unread(said: &Said, why: &str) -> usize {
    let lines = said.stderr.lines();
    lines
        .filter(|line| line.starts_with("Not read: ") && line.contains(why))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn many_lists_as_dense_as_one_may_be_take_no_more_memory_than_one() {
    let said = list_of("hostile-fleet-dense", WORKSPACES, repeated(r#"{"a":0}"#, 159_000)).await;
    assert!(said.status.success(), "{}", said.all());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_lists_that_are_too_dense_are_each_named() {
    let said = list_of("hostile-fleet-over", WORKSPACES, repeated(r#"{"a":0}"#, 170_000)).await;
    assert_eq!(said.status.code(), Some(1), "{}", said.all());
    assert_eq!(
        unread(&said, "holds more than Berth reads"),
        WORKSPACES,
        "{}",
        said.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_lists_of_computes_are_together_no_more_than_berth_keeps() {
    let compute = r#"{"id":"/x","properties":{"computeType":"AKS"}}"#;
    let most = list_of("hostile-fleet-most", WORKSPACES, repeated(compute, 73_000)).await;
    assert_eq!(
        unread(&most, "holds more than Berth keeps"),
        WORKSPACES,
        "{}",
        most.stderr
    );
    let some = list_of("hostile-fleet-some", 10, repeated(compute, 15_000)).await;
    assert_eq!(some.status.code(), Some(1), "{}", some.all());
    let left_out = unread(&some, "holds more than Berth keeps");
    assert!((5..10).contains(&left_out), "{left_out}: {}", some.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn long_texts_and_many_values_are_together_no_more_than_one_list_may_take() {
    let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(2_500));
    let most = list_of("hostile-fleet-long", 8, repeated(&long, 11_000)).await;
    assert!(most.status.success(), "{}", most.all());
    let over = list_of("hostile-fleet-longer", 8, repeated(&long, 12_000)).await;
    assert_eq!(unread(&over, "holds more than Berth reads"), 8, "{}", over.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_azure_says_of_a_compute_is_shown_and_not_obeyed() {
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
        let said = berth(&attack.home, &hostile.ready_file, arguments).await;
        assert!(
            said.stdout.contains("u001b") && said.stdout.contains("u202e"),
            "{}",
            said.all()
        );
        assert_tame(&said.stdout);
        assert_tame(&said.stderr);
        let forged_line = |line: &str| line.trim_start().starts_with("berth:");
        assert!(!said.all().lines().any(forged_line), "{}", said.all());
    }
}
