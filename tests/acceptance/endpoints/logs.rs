//! Logs and pods of versions: read on both routes, without secrets, and explained.

use super::*;
use berth_contract::model::{EndpointPods, LogQuestion, VersionLog};
use berth_domain::endpoint_log::LogContainer::{self, InferenceServer, StorageInitializer};
use berth_domain::endpoint_pods::{PodCount, VersionPods};

fn question(id: &str, version: &str, container: LogContainer, lines: u32) -> LogQuestion {
    LogQuestion {
        account: RUNNING_SANDBOX.to_owned(),
        endpoint_id: id.to_owned(),
        version: version.to_owned(),
        container,
        lines,
    }
}

impl Serving {
    async fn log(&self, id: &str, version: &str, container: LogContainer) -> VersionLog {
        let question = question(id, version, container, 100);
        self.world().berth.read_log(&question).await.unwrap()
    }

    async fn pods(&self, id: &str) -> EndpointPods {
        self.world().berth.read_pods(&on(id)).await.unwrap()
    }

    /// Adds a version whose image cannot be pulled.
    async fn add_broken(&self, endpoint: &str) {
        let workspace = self.fleet.workspace(ONLINE.0);
        let environment = format!("{workspace}/environments/broken/versions/1");
        let body = json!({ "properties": { "image": "registry.invalid/x:1" } });
        self.other_user.make(&environment, VERSION, body).await;
        let id = format!("{}/deployments/broken", self.online(endpoint));
        let body = json!({ "location": ONLINE.0, "sku": { "name": "Default", "capacity": 1 }, "properties": {
            "endpointComputeType": "Kubernetes", "model": "azureml:scores:1", "environmentId": environment,
            "scaleSettings": { "scaleType": "Default" } } });
        self.other_user.make(&id, VERSION, body).await;
    }
}

#[track_caller]
fn of<'a>(pods: &'a EndpointPods, version: &str) -> &'a VersionPods {
    let found = pods.versions.iter().find(|one| one.version == version);
    found.unwrap_or_else(|| panic!("{version} is not in {pods:#?}"))
}

fn codes(found: &VersionPods) -> Vec<&str> {
    found.causes.iter().map(|cause| cause.code.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_of_both_routes_are_read() {
    let serving = Serving::new("endpoints-logs").await;
    let scores = serving.online("scores");
    let log = serving.log(&scores, "blue", InferenceServer).await;
    assert!(
        log.lines.iter().any(|line| line.contains("Entry Script Name")),
        "{log:#?}"
    );
    assert!(
        log.instance.contains(&"UserContainerStart: Succeeded".to_owned()),
        "{log:#?}"
    );
    let log = serving.log(&scores, "blue", StorageInitializer).await;
    assert!(
        log.lines
            .iter()
            .any(|line| line.contains("Successfully downloaded"))
    );
    let short = question(&scores, "blue", InferenceServer, 1);
    assert_eq!(
        serving.world().berth.read_log(&short).await.unwrap().lines.len(),
        1
    );

    let churn = serving
        .log(&serving.service("churn"), "churn", InferenceServer)
        .await;
    assert!(!churn.lines.is_empty() && !churn.of_all_versions && churn.instance.is_empty());
    let trial = serving
        .log(&serving.service("trial"), "one", StorageInitializer)
        .await;
    assert!(trial.of_all_versions && !trial.lines.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_cannot_be_read_is_never_an_empty_one() {
    let serving = Serving::new("endpoints-logs-odd").await;
    let (scores, trial) = (serving.online("scores"), serving.service("trial"));
    for (id, version, lines, code) in [
        (&scores, "blue", 0, FailureCode::BadInput),
        (&scores, "blue", 5001, FailureCode::BadInput),
        (&scores, "blue/getLogs", 10, FailureCode::BadInput),
        (&scores, "red", 10, FailureCode::NotFound),
        (&trial, "three", 10, FailureCode::NotFound),
        (&serving.service("nothing"), "nothing", 10, FailureCode::NotFound),
        (
            &serving.fleet.workspace(ONLINE.0),
            "blue",
            10,
            FailureCode::BadInput,
        ),
    ] {
        let asked = question(id, version, InferenceServer, lines);
        let failure = serving.world().berth.read_log(&asked).await.unwrap_err();
        assert_eq!(failure.code, code, "{id} {version} {lines}: {failure:?}");
    }
    for body in [
        json!({}),
        json!({ "content": null }),
        json!({ "content": ["a"] }),
        json!([]),
    ] {
        for (method, path, id, version) in [
            ("POST", "*/getLogs?*", &scores, "blue"),
            ("GET", "*/services/trial/logs?*", &trial, "one"),
        ] {
            let fault = json!({ "match": { "method": method, "path": path }, "do": { "body": body } });
            serving.world().fault(fault).await;
            let asked = question(id, version, InferenceServer, 10);
            let failure = serving.world().berth.read_log(&asked).await.unwrap_err();
            assert_eq!(failure.code, FailureCode::ServiceFailed, "{body}: {failure:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_and_control_characters_do_not_leave_the_log() {
    let serving = Serving::new("endpoints-logs-secrets").await;
    let evil = "\u{1b}[31mred\u{202e}\npassword=hunter2\nAuthorization: Bearer hunter2\nhttps://x/?sig=hunter2&a=b\n-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\nend";
    let fault = json!({ "match": { "method": "POST", "path": "*/getLogs?*" }, "do": { "body": { "content": evil } }, "times": 9 });
    serving.world().fault(fault).await;
    let scores = serving.online("scores");
    let log = serving.log(&scores, "blue", InferenceServer).await;
    let all = log.lines.join("\n");
    assert!(
        !all.contains("hunter2") && !all.contains(['\u{1b}', '\u{202e}']),
        "{all}"
    );
    assert_eq!(log.lines.last().map(String::as_str), Some("end"), "{all}");
    let file = serving
        .world()
        .folder
        .path()
        .join("saved.log")
        .display()
        .to_string();
    let arguments = ["logs", &scores, "--version", "blue", "--save", &file];
    let (stdout, stderr) = serving.text(&arguments, 0);
    let saved = std::fs::read_to_string(&file).unwrap();
    for text in [&stdout, &stderr, &saved] {
        assert!(
            !text.contains("hunter2") && !text.contains(['\u{1b}', '\u{202e}']),
            "{text:?}"
        );
    }
    assert!(
        saved.ends_with("end\n") && stdout.contains("\\u001b[31mred"),
        "{saved:?} {stdout:?}"
    );
    // Nothing is replaced.
    serving.text(&arguments, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_are_printed_and_searched() {
    let serving = Serving::new("endpoints-logs-printed").await;
    let scores = serving.online("scores");
    let (stdout, stderr) = serving.text(
        &["logs", &scores, "--version", "green", "--search", "entry script"],
        0,
    );
    assert!(
        stdout.starts_with("Entry Script Name") && stdout.lines().count() == 1,
        "{stdout}"
    );
    assert!(
        !stderr.contains("UserContainerStart"),
        "the search is for other lines: {stderr}"
    );
    let log: VersionLog = serving.json(&[
        "logs",
        &scores,
        "--version",
        "blue",
        "--container",
        "storage-initializer",
    ]);
    assert!(!log.lines.is_empty());
    let (_, stderr) = serving.text(&["logs", &scores], 2);
    assert!(stderr.contains("blue, green"), "{stderr}");
    // A plain service is its own only version.
    serving.text(&["logs", &serving.service("churn"), "--tail", "1"], 0);
    for wrong in [
        &["logs", "scores"][..],
        &["logs", &scores, "--version", "blue", "--tail", "0"],
        &["logs", &scores, "--version", "blue", "--container", "sidecar"],
    ] {
        serving.text(wrong, 2);
    }
    serving.text(&["logs", &scores, "--version", "red"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pods_are_counted_and_a_version_that_does_not_serve_is_explained() {
    let serving = Serving::new("endpoints-pods").await;
    serving.add_broken("scores").await;
    let scores = serving.online("scores");
    let found = serving.pods(&scores).await;
    assert!(found.unread.is_empty(), "{found:#?}");
    let two = PodCount {
        ready: 2,
        all: 2,
        restarts: 0,
    };
    let blue = of(&found, "blue");
    assert_eq!((blue.pods, codes(blue)), (Some(two), Vec::new()));
    let broken = of(&found, "broken");
    assert_eq!(broken.pods.map(|pods| (pods.ready, pods.all)), Some((0, 1)));
    assert_eq!(codes(broken), ["version_image", "pod_image"]);
    let (stdout, _) = serving.text(&["logs", &scores, "--version", "broken"], 0);
    assert!(
        stdout.contains("The image of the version cannot be pulled (version_image)"),
        "{stdout}"
    );

    let services = serving.pods(&serving.service("trial")).await;
    assert_eq!(of(&services, "one").pods, Some(two));
}

#[tokio::test(flavor = "multi_thread")]
async fn pods_of_a_closed_cluster_are_unknown() {
    let serving = Serving::new("endpoints-pods-closed").await;
    for path in [
        "*/listClusterAdminCredential?*",
        "*/listClusterUserCredential?*",
        "*/runCommand?*",
    ] {
        let fault =
            json!({ "match": { "method": "POST", "path": path }, "do": { "status": 403 }, "times": 99 });
        serving.world().fault(fault).await;
    }
    let found = serving.pods(&serving.online("scores")).await;
    let unread: Vec<&str> = found.unread.iter().map(|one| one.what.as_str()).collect();
    assert_eq!(unread, ["inside"], "{found:#?}");
    assert!(
        found.versions.len() == 2 && found.versions.iter().all(|one| one.pods.is_none()),
        "{found:#?}"
    );
}
