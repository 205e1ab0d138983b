//! Deploying on the classic route: a service, an endpoint with versions, and what fails.

use super::{Deploying, scored, shares, steps};
use crate::command_line::berth;
use crate::harness::begin_agreed;
use berth_contract::run::{RunSnapshot, RunState, StepState};
use berth_domain::deployment_spec::{Auth, DeploySpec, EndpointChoice, ModelSource, RoleChoice};
use berth_domain::finding::{Finding, Severity};
use berth_domain::spec::Route;
use serde_json::{Value, json};
use std::path::Path;

async fn start(name: &str) -> Deploying {
    Deploying::on(Route::Classic, name).await
}

pub fn single(deploying: &Deploying, auth: Auth) -> DeploySpec {
    DeploySpec {
        endpoint: EndpointChoice::New {
            name: "churn".to_owned(),
            description: String::new(),
            auth,
            tags: Default::default(),
            namespace: String::new(),
            single: true,
        },
        version: String::new(),
        ..deploying.blue()
    }
}

pub fn succeeded(run: &RunSnapshot) {
    assert_eq!(run.summary.state, RunState::Succeeded, "{run:#?}");
}

/// The code and Azure's words of the step that failed.
fn failed(run: &RunSnapshot) -> (String, String) {
    assert_eq!(run.summary.state, RunState::Failed, "{run:#?}");
    let step = run
        .steps
        .iter()
        .find(|step| step.state == StepState::Failed)
        .unwrap();
    let azure = step.failure.as_ref().unwrap().azure.as_ref().unwrap();
    (step.id.clone(), format!("{} {}", azure.code, azure.message))
}

fn posted(deploying: &Deploying, path: &str) -> Vec<Value> {
    let mut bodies: Vec<Value> = deploying
        .world
        .exchanges("POST", path)
        .into_iter()
        .map(|mut exchange| exchange["request_body"].take())
        .collect();
    // Keys are asked for with an empty body.
    bodies.retain(|body| body["name"].is_string());
    bodies
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_becomes_a_service_that_answers_and_is_updated_in_place() {
    let deploying = start("deploy-service").await;
    let spec = single(&deploying, Auth::Key);
    let review = deploying.review(&spec).await;
    assert_eq!(
        steps(&review),
        ["upload_model", "deploy_service", "prove_version"]
    );
    let run = deploying.deploy(&spec).await;
    succeeded(&run);
    assert_eq!(scored(&run).params["status"], "200");
    let created = posted(&deploying, "/workspaces/ml-prod/services");
    let assets = &created.last().unwrap()["environmentImageRequest"];
    assert_eq!(assets["modelIds"], json!(["linear:1"]));
    let url = assets["assets"][0]["url"].as_str().unwrap();
    assert!(
        url.starts_with("aml://artifact/LocalUpload/") && !url.contains('{'),
        "{url}"
    );

    let again = DeploySpec {
        endpoint: EndpointChoice::Existing {
            name: "churn".to_owned(),
        },
        version: "churn".to_owned(),
        ..spec
    };
    // It is live, so the person consents to its update.
    let review = deploying.review(&again).await;
    let blocking = review
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Blocking);
    let consents: Vec<String> = blocking.map(Finding::waiver).collect();
    assert!(
        consents.len() == 1 && consents[0].starts_with("DEP-16:"),
        "{consents:?}"
    );
    let berth = &deploying.world.berth;
    let begun = Box::pin(begin_agreed(berth, &deploying.goal(&again), &consents)).await;
    let run = berth.wait_for_run(&begun.unwrap().id).await.unwrap();
    succeeded(&run);
    let patches = deploying.world.exchanges("PATCH", "/services/churn");
    let patch = patches.last().unwrap()["request_body"].to_string();
    assert!(patch.contains("linear:2"), "{patch}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_further_version_takes_its_share_when_it_is_there() {
    let deploying = start("deploy-classic-second").await;
    let run = deploying.deploy(&deploying.blue()).await;
    succeeded(&run);
    assert_eq!(deploying.traffic().await, shares(&[("blue", 100)]));

    let mut green = deploying.green(10);
    green.role = RoleChoice {
        default: false,
        control: true,
    };
    let review = deploying.review(&green).await;
    assert_eq!(
        steps(&review),
        ["upload_model", "deploy_service", "prove_version", "traffic"]
    );
    let run = deploying.deploy(&green).await;
    succeeded(&run);
    assert_eq!(scored(&run).params["status"], "200");
    assert_eq!(deploying.traffic().await, shares(&[("blue", 90), ("green", 10)]));
    let patches = deploying.world.exchanges("PATCH", "/services/churn");
    let added = &patches[0]["request_body"][0];
    assert_eq!(
        (&added["path"], &added["value"]["trafficPercentile"]),
        (&json!("/versions/green"), &json!(0))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_crashes_says_why_and_leaves_the_traffic_as_it_is() {
    let deploying = start("deploy-classic-crash").await;
    let run = deploying.deploy(&deploying.blue()).await;
    succeeded(&run);
    deploying.write(
        "src/score.py",
        "def init():\n    raise ValueError('no weights')\n\ndef run(raw):\n    return raw\n",
    );
    let run = deploying.deploy(&deploying.green(10)).await;
    let (step, why) = failed(&run);
    assert_eq!(step, "deploy_service");
    assert!(
        why.contains("CrashLoopBackOff") && why.contains("init()"),
        "{why}"
    );
    assert_eq!(deploying.traffic().await, shares(&[("blue", 100)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_has_no_room_says_so_and_an_open_one_is_warned_about() {
    let deploying = start("deploy-classic-room").await;
    let mut spec = single(&deploying, Auth::None);
    spec.resources.cpu = "64".to_owned();
    spec.resources.memory = "256Gi".to_owned();
    let review = deploying.review(&spec).await;
    let warns = |code: &str| review.findings.iter().any(|finding| finding.code == code);
    assert!(warns("SVC-07"), "{:#?}", review.findings);
    spec.waived = vec!["DEP-22".to_owned()];
    let run = deploying.deploy(&spec).await;
    let (step, why) = failed(&run);
    assert_eq!(step, "deploy_service");
    assert!(why.contains("Unschedulable"), "{why}");

    // Resumed, the run makes the service again, and ends for the same reason.
    let berth = &deploying.world.berth;
    berth
        .resume_run(&crate::harness::resuming(&run.summary.id))
        .await
        .unwrap();
    let run = berth.wait_for_run(&run.summary.id).await.unwrap();
    assert!(failed(&run).1.contains("Unschedulable"), "{run:#?}");
    let made = posted(&deploying, "/workspaces/ml-prod/services");
    let overwrites: Vec<&Value> = made.iter().map(|body| &body["overwrite"]).collect();
    assert_eq!(overwrites, [&Value::Null, &json!(true)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_registered_model_is_checked_and_so_is_the_region_that_tokens_come_from() {
    let deploying = start("deploy-classic-checks").await;
    let mut spec = single(&deploying, Auth::Token);
    spec.models.push(ModelSource::Registered {
        name: "absent".to_owned(),
        version: "7".to_owned(),
    });
    let blocking = deploying.blocking(&spec).await;
    let codes: Vec<&str> = blocking.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["DEP-17.model"], "{blocking:#?}");
    assert_eq!(blocking[0].params["name"], "absent");

    let cluster = deploying
        .world
        .attach_existing(Route::Classic)
        .cluster_id()
        .unwrap();
    let sandbox = deploying.world.sandbox.as_ref().unwrap();
    let moved = sandbox.edit_resource(&cluster, |body| body["location"] = "northeurope".into());
    assert!(moved.unwrap(), "{cluster} does not exist");
    let findings = deploying.review(&spec).await.findings;
    let regions = findings.iter().find(|finding| finding.code == "SVC-08.regions");
    assert_eq!(regions.unwrap().params["cluster"], "northeurope");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_of_the_classic_route_is_deployed_from_the_command_line() {
    let deploying = start("deploy-classic-cli").await;
    let folder = deploying.world.folder.path();
    let (home, ready) = (
        folder.join("cli"),
        folder.join("ready.json").display().to_string(),
    );
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    for (verb, file) in [
        ("apply", "attach-classic.json"),
        ("deploy", "deploy/service.json"),
    ] {
        let file = examples.join(file).display().to_string();
        let run = berth(&home, &[verb, &file, "--sandbox", &ready, "--json"]);
        assert!(run.status.success(), "{file}: {run:?}");
    }
}
