//! Deploying a version: from files on this computer to a real answer.

mod bad_input;
mod carrying;
mod classic;
mod resuming;
mod room;
mod updating;

use crate::command_line::berth;
use crate::harness::{World, begin_agreed};
use berth_app::accounts::RUNNING_SANDBOX;
use berth_contract::failure::FailureCode;
use berth_contract::model::GoalOn;
use berth_contract::review::Review;
use berth_contract::run::{ProofCheckKind, ProofCheckState, RunSnapshot, RunState, StepState};
use berth_domain::change::Goal;
use berth_domain::deployment_spec::{
    DeploySpec, EndpointChoice, EnvironmentSource, ModelFormat, ModelSource, Scale, Serving,
};
use berth_domain::finding::{Finding, Severity};
use berth_domain::spec::Route;
use berth_domain::traffic::Traffic;
use serde_json::Value;
use std::path::{Path, PathBuf};

const SCRIPT: &str = "import json\n\ndef init():\n    pass\n\ndef run(raw):\n    return json.loads(raw)\n";
/// a·x + b.
const WEIGHTS: &str = r#"{"a": [2, 1], "b": 0.5}"#;

/// A sandbox whose cluster is attached on one of the routes, and files to deploy.
pub struct Deploying {
    pub world: World,
    route: Route,
    compute: String,
}

impl Deploying {
    pub async fn new(name: &str) -> Self {
        Self::on(Route::Extension, name).await
    }

    async fn on(route: Route, name: &str) -> Self {
        let world = World::new(name).await;
        let spec = world.attach_existing(route);
        let compute = spec.place.compute_name.clone();
        let attached = Box::pin(world.run(spec)).await.unwrap();
        assert_eq!(attached.summary.state, RunState::Succeeded);
        let deploying = Self {
            world,
            route,
            compute,
        };
        deploying.write("model/weights.json", WEIGHTS);
        deploying.write("src/score.py", SCRIPT);
        deploying.write("sample.json", r#"{"data": [[1, 2]]}"#);
        deploying
    }

    fn file(&self, path: &str) -> PathBuf {
        self.world.folder.path().join("deploy").join(path)
    }

    fn path(&self, path: &str) -> String {
        self.file(path).display().to_string()
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.file(path);
        std::fs::create_dir_all(file.parent().unwrap_or(Path::new("."))).unwrap();
        std::fs::write(file, text).unwrap();
    }

    /// A first version, from local files.
    fn blue(&self) -> DeploySpec {
        DeploySpec {
            route: self.route,
            workspace: self.world.workspace(),
            compute: self.compute.clone(),
            endpoint: EndpointChoice::New {
                name: "churn".to_owned(),
                description: String::new(),
                auth: Default::default(),
                tags: Default::default(),
                namespace: String::new(),
                single: false,
            },
            version: "blue".to_owned(),
            models: vec![ModelSource::Local {
                path: self.path("model"),
                name: "linear".to_owned(),
                format: ModelFormat::Custom,
                framework: None,
            }],
            serving: self.script(),
            scale: Scale::Fixed { replicas: 2 },
            sample: self.path("sample.json"),
            ..DeploySpec::default()
        }
    }

    fn script(&self) -> Serving {
        Serving::Script {
            environment: Some(EnvironmentSource::Curated {
                name: "AzureML-sklearn-1.5".to_owned(),
                version: "25".to_owned(),
            }),
            folder: self.path("src"),
            script: "score.py".to_owned(),
        }
    }

    /// A further version with the same files.
    fn green(&self, traffic: u8) -> DeploySpec {
        DeploySpec {
            endpoint: EndpointChoice::Existing {
                name: "churn".to_owned(),
            },
            version: "green".to_owned(),
            traffic: Some(traffic),
            ..self.blue()
        }
    }

    fn goal(&self, spec: &DeploySpec) -> GoalOn {
        GoalOn {
            account: RUNNING_SANDBOX.to_owned(),
            goal: Goal::Deploy {
                spec: Box::new(spec.clone()),
            },
        }
    }

    async fn review(&self, spec: &DeploySpec) -> Review {
        Box::pin(self.world.berth.review(&self.goal(spec))).await.unwrap()
    }

    async fn blocking(&self, spec: &DeploySpec) -> Vec<Finding> {
        let mut findings = self.review(spec).await.findings;
        findings.retain(|finding| finding.severity == Severity::Blocking);
        findings
    }

    async fn deploy(&self, spec: &DeploySpec) -> RunSnapshot {
        let blocking = self.blocking(spec).await;
        assert!(blocking.is_empty(), "{blocking:#?}");
        let berth = &self.world.berth;
        let run = Box::pin(begin_agreed(berth, &self.goal(spec), &[]))
            .await
            .unwrap();
        berth.wait_for_run(&run.id).await.unwrap()
    }

    async fn traffic(&self) -> Traffic {
        let id = self.blue().endpoint_id().unwrap();
        let arm = self.world.berth.session(RUNNING_SANDBOX).await.unwrap().arm;
        let endpoint = berth_arm::resources::endpoints::resource(&arm, &id)
            .await
            .unwrap()
            .unwrap();
        Traffic::live_of(&endpoint).unwrap()
    }
}

fn shares(shares: &[(&str, u8)]) -> Traffic {
    Traffic::of(shares.iter().map(|(name, share)| ((*name).to_owned(), *share))).unwrap()
}

fn steps(review: &Review) -> Vec<&str> {
    let plan = review.plan.as_ref().unwrap();
    plan.steps.iter().map(|step| step.id.as_str()).collect()
}

fn scored(run: &RunSnapshot) -> &berth_contract::run::ProofCheck {
    let checks = &run.proof.as_ref().unwrap().checks;
    checks
        .iter()
        .find(|check| check.kind == ProofCheckKind::Score)
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_becomes_a_version_that_answers_and_the_next_one_takes_its_share() {
    let deploying = Deploying::new("deploy-folder").await;
    let blue = deploying.blue();
    let review = deploying.review(&blue).await;
    assert_eq!(
        steps(&review),
        [
            "upload_model",
            "upload_code",
            "create_endpoint",
            "create_version",
            "prove_version",
            "traffic"
        ]
    );
    let run = deploying.deploy(&blue).await;
    assert_eq!(run.summary.state, RunState::Succeeded, "{run:#?}");
    let check = scored(&run);
    assert_eq!(
        (check.state, check.params["status"].as_str()),
        (ProofCheckState::Holds, "200")
    );
    assert_eq!(deploying.traffic().await, shares(&[("blue", 100)]));

    // The workspace has the same code and model by now.
    let green = deploying.green(10);
    let review = deploying.review(&green).await;
    assert_eq!(steps(&review), ["create_version", "prove_version", "traffic"]);
    let run = deploying.deploy(&green).await;
    assert_eq!(run.summary.state, RunState::Succeeded, "{run:#?}");
    assert_eq!(deploying.traffic().await, shares(&[("blue", 90), ("green", 10)]));
    let puts = deploying.world.exchanges("PUT", "/onlineEndpoints/churn?");
    let zero = |exchange: &Value| exchange["request_body"]["properties"]["traffic"]["blue"] == 0;
    assert!(!puts.iter().any(zero));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_crashes_ends_its_run_and_leaves_the_traffic_as_it_is() {
    let deploying = Deploying::new("deploy-crash").await;
    let run = deploying.deploy(&deploying.blue()).await;
    assert_eq!(run.summary.state, RunState::Succeeded, "{run:#?}");
    deploying.write(
        "src/score.py",
        "def init():\n    raise ValueError('no weights')\n\ndef run(raw):\n    return raw\n",
    );
    let run = deploying.deploy(&deploying.green(10)).await;
    assert_eq!(run.summary.state, RunState::Failed, "{run:#?}");
    let failed = run
        .steps
        .iter()
        .find(|step| step.state == StepState::Failed)
        .unwrap();
    assert_eq!(failed.id, "create_version");
    let failure = failed.failure.as_ref().unwrap();
    assert_eq!(failure.code, FailureCode::VersionScriptFailed, "{failure:?}");
    assert!(failure.azure.is_some());
    assert_eq!(deploying.traffic().await, shares(&[("blue", 100)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_cannot_answer_gets_no_traffic() {
    let deploying = Deploying::new("deploy-silent").await;
    let run = deploying.deploy(&deploying.blue()).await;
    assert_eq!(run.summary.state, RunState::Succeeded, "{run:#?}");
    deploying.write(
        "src/score.py",
        "def init():\n    pass\n\ndef run(raw):\n    raise ValueError(raw)\n",
    );
    let run = deploying.deploy(&deploying.green(100)).await;
    assert_eq!(run.summary.state, RunState::Failed, "{run:#?}");
    let failed = run.steps.iter().find(|step| step.state == StepState::Failed);
    assert_eq!(failed.unwrap().id, "prove_version");
    assert_eq!(deploying.traffic().await, shares(&[("blue", 100)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_change_after_the_review_are_not_uploaded() {
    let deploying = Deploying::new("deploy-changed").await;
    let spec = deploying.blue();
    let goal = deploying.goal(&spec);
    let review = Box::pin(deploying.world.berth.review(&goal)).await.unwrap();
    deploying.write("src/score.py", &format!("{SCRIPT}\n# Changed.\n"));
    let start = berth_contract::review::StartRun {
        typed: None,
        review: review.id,
        consents: Vec::new(),
    };
    let started = Box::pin(deploying.world.berth.start(&start)).await.unwrap();
    assert!(
        matches!(started, berth_contract::review::Started::Changed { .. }),
        "{started:#?}"
    );
    assert!(deploying.world.exchanges("PUT", "/codes/").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_is_deployed_from_the_command_line() {
    let deploying = Deploying::new("deploy-cli").await;
    let folder = deploying.world.folder.path();
    let (home, ready) = (
        folder.join("cli"),
        folder.join("ready.json").display().to_string(),
    );
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/deploy/version.json");
    let example = example.display().to_string();
    let run = berth(&home, &["deploy", &example, "--sandbox", &ready, "--json"]);
    assert!(run.status.success(), "{run:?}");
    let again = berth(&home, &["deploy", &example, "--sandbox", &ready, "--json"]);
    assert_eq!(again.status.code(), Some(3), "{again:?}");
    let review: Value = serde_json::from_slice(&again.stdout).unwrap();
    let codes: Vec<&Value> = review["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| &finding["code"])
        .collect();
    assert!(codes.contains(&&Value::from("DEP-15.taken")), "{codes:?}");
    let second = Path::new(&example).with_file_name("second-version.json");
    let second = second.display().to_string();
    let run = berth(&home, &["deploy", &second, "--sandbox", &ready, "--json"]);
    assert!(run.status.success(), "{run:?}");
    deploying.write(
        "newer.json",
        r#"{"schema": 2, "endpoint": {"kind": "existing", "name": "prices"}}"#,
    );
    let newer = berth(
        &home,
        &["deploy", &deploying.path("newer.json"), "--sandbox", &ready],
    );
    assert_eq!(newer.status.code(), Some(2), "{newer:?}");
    assert!(
        String::from_utf8_lossy(&newer.stderr).contains("schema 2"),
        "{newer:?}"
    );
}
