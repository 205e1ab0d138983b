//! A service of the classic route, carried over to the extension route with the files that Berth writes for it.

use super::Deploying;
use super::classic::{single, succeeded};
use crate::command_line::berth;
use crate::matrix::moving;
use berth_domain::deployment_spec::Auth;
use berth_domain::spec::Route;
use serde_json::{Value, json};
use std::process::Output;

const MOVED: &str = "moved";

struct CommandLine<'a>(&'a Deploying);

impl CommandLine<'_> {
    fn run(&self, arguments: &[&str]) -> Output {
        let folder = self.0.world.folder.path();
        let ready = folder.join("ready.json").display().to_string();
        let mut all = arguments.to_vec();
        all.extend(["--sandbox", &ready, "--json"]);
        berth(&folder.join("cli"), &all)
    }

    /// Exports the service `churn`.
    fn export(&self, more: &[&str]) -> Output {
        let id = self.0.blue().endpoint_id().unwrap();
        let out = self.0.path("exported");
        let mut all = vec!["endpoints", "export", &id, "--compute", MOVED, "--out", &out];
        all.extend(more);
        self.run(&all)
    }
}

fn parsed(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn codes(findings: &Value) -> Vec<&str> {
    let all = findings.as_array().into_iter().flatten();
    all.filter_map(|finding| finding["code"].as_str()).collect()
}

/// Begins the move, whose review says what can be carried over.
async fn begin_move(deploying: &Deploying) -> Vec<String> {
    let change = moving(deploying.blue().compute_id().unwrap());
    let goal = deploying.world.changing(change.clone());
    let review = Box::pin(deploying.world.berth.review(&goal)).await.unwrap();
    succeeded(&Box::pin(deploying.world.change(change)).await.unwrap());
    let codes = review.findings.into_iter().map(|finding| finding.code);
    let mut codes: Vec<String> = codes.filter(|code| code.starts_with("MOV-12")).collect();
    codes.sort();
    codes
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exported_service_is_deployed_on_the_new_route_and_answers() {
    let deploying = Deploying::on(Route::Classic, "carry-over").await;
    let service = single(&deploying, Auth::None);
    succeeded(&deploying.deploy(&service).await);
    assert_eq!(begin_move(&deploying).await, ["MOV-12.carried", "MOV-12.open"]);

    let command_line = CommandLine(&deploying);
    let sample = deploying.path("sample.json");
    let exported = command_line.export(&["--sample", &sample]);
    assert!(exported.status.success(), "{exported:?}");
    let version = &parsed(&exported)["versions"][0];
    assert_eq!(codes(&version["findings"]), ["MOV-12.carried", "MOV-12.open"]);
    let script = std::fs::read_to_string(deploying.file("exported/churn-churn/score.py")).unwrap();
    assert_eq!(script, super::SCRIPT);

    let run = command_line.run(&["deploy", version["file"].as_str().unwrap()]);
    assert!(run.status.success(), "{run:?}");
    let proof = String::from_utf8_lossy(&run.stdout);
    assert!(proof.contains(r#""status": "200""#), "{proof}");

    // What is there is not replaced.
    let again = command_line.export(&[]);
    assert_eq!(again.status.code(), Some(2), "{again:?}");
    assert_eq!(parsed(&again)["code"], "file_problem");
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_are_carried_over_with_their_traffic_unless_their_code_is_gone() {
    let deploying = Deploying::on(Route::Classic, "carry-versions").await;
    succeeded(&deploying.deploy(&deploying.blue()).await);
    succeeded(&deploying.deploy(&deploying.green(10)).await);
    assert_eq!(begin_move(&deploying).await, ["MOV-12.carried", "MOV-12.carried"]);

    let command_line = CommandLine(&deploying);
    let exported = command_line.export(&[]);
    let all = parsed(&exported);
    for version in all["versions"].as_array().unwrap() {
        let run = command_line.run(&["deploy", version["file"].as_str().unwrap()]);
        assert!(run.status.success(), "{run:?}");
    }
    let id = deploying.blue().endpoint_id().unwrap();
    let online = id.replace("/services/", "/onlineEndpoints/");
    let shown = parsed(&command_line.run(&["endpoints", "show", &online]));
    let traffic = |at: usize| shown["endpoint"]["versions"][at]["traffic"].clone();
    assert_eq!((traffic(0), traffic(1)), (90.into(), 10.into()), "{shown}");

    std::fs::remove_dir_all(deploying.file("exported")).unwrap();
    deploying
        .world
        .fault(json!({ "match": { "method": "GET", "path": "*/contentinfo/*" }, "do": { "status": 403 }, "times": 99 }))
        .await;
    let exported = command_line.export(&[]);
    assert_eq!(exported.status.code(), Some(1), "{exported:?}");
    let findings = &parsed(&exported)["versions"][0]["findings"];
    assert_eq!(codes(findings), ["MOV-13"]);
    assert!(!deploying.file("exported").exists());
}
