//! Diagnoses the clusters of the seeded fleet, each with a known problem.

use crate::command_line::program;
use crate::harness::{World, outgoing};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_app::accounts;
use berth_arm::resources::clusters;
use berth_contract::diagnosis::{DiagnoseQuestion, DiagnosisReport, Via};
use berth_contract::failure::{Failure, FailureCode};
use berth_domain::diagnosis::{Cause, Verdict};
use berth_domain::finding::Severity;
use berth_sandbox::Seed;
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use std::process::Command;
use std::time::Duration;

struct Fleet(World);

impl Fleet {
    async fn new(name: &str) -> Self {
        Self(World::seeded(name, 1200.0, Seed::Fleet).await)
    }

    fn group(&self, location: &str) -> String {
        let subscription = &self.0.ready.subscription_ids[0];
        format!("/subscriptions/{subscription}/resourceGroups/rg-serving-{location}")
    }

    fn cluster(&self, location: &str, name: &str) -> String {
        let group = self.group(location);
        format!("{group}/providers/Microsoft.ContainerService/managedClusters/{name}")
    }

    fn compute(&self, location: &str, name: &str) -> String {
        let group = self.group(location);
        format!(
            "{group}/providers/Microsoft.MachineLearningServices/workspaces/ml-{location}/computes/{name}"
        )
    }

    async fn ask(&self, resource_id: &str) -> Result<DiagnosisReport, Failure> {
        let question = DiagnoseQuestion {
            account: accounts::RUNNING_SANDBOX.to_owned(),
            resource_id: resource_id.to_owned(),
        };
        self.0.berth.diagnose(&question).await
    }

    /// Deploys one container to a cluster through its own API.
    async fn deploy(&self, cluster_id: &str, name: &str, container: Value) {
        let session = self.0.berth.session(accounts::RUNNING_SANDBOX).await.unwrap();
        let kubeconfig = clusters::admin_kubeconfig(&session.arm, cluster_id)
            .await
            .unwrap()
            .unwrap();
        let of = |member: &str| {
            let mut lines = kubeconfig.expose_secret().lines();
            let found = lines.find_map(|line| line.trim().strip_prefix(member)?.strip_prefix(": "));
            found
                .unwrap_or_else(|| panic!("{member} is not in the kubeconfig"))
                .to_owned()
        };
        let pem = |member: &str| STANDARD.decode(of(member)).unwrap();
        let pair = [pem("client-certificate-data"), pem("client-key-data")].concat();
        let client = reqwest::Client::builder()
            .add_root_certificate(reqwest::Certificate::from_pem(&pem("certificate-authority-data")).unwrap())
            .identity(reqwest::Identity::from_pem(&pair).unwrap())
            .no_proxy()
            .build()
            .unwrap();
        let body = json!({ "metadata": { "name": name }, "spec": { "replicas": 1,
            "template": { "metadata": { "labels": { "app": name } }, "spec": { "containers": [container] } } } });
        let url = format!("{}/apis/apps/v1/namespaces/default/deployments", of("server"));
        let answer = client.post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// Diagnoses once the front ends have addresses: the sandbox opens their sockets after it has started.
    async fn diagnose(&self, resource_id: &str) -> DiagnosisReport {
        let until = tokio::time::Instant::now() + Duration::from_secs(60);
        loop {
            let report = self.ask(resource_id).await.unwrap();
            let opening = report
                .causes
                .iter()
                .any(|cause| ["address_pending", "front_end_silent"].contains(&cause.code.as_str()));
            if !opening {
                return report;
            }
            assert!(tokio::time::Instant::now() < until, "{report:#?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// A fault that closes one connection to a cluster, once.
fn closed(path: &str, code: &str) -> Value {
    let refusal = json!({ "status": 403, "code": code, "message": "closed" });
    json!({ "match": { "method": "POST", "path": path }, "do": refusal })
}

fn codes(report: &DiagnosisReport) -> Vec<&str> {
    report.causes.iter().map(|cause| cause.code.as_str()).collect()
}

#[track_caller]
fn cause<'a>(report: &'a DiagnosisReport, code: &str) -> &'a Cause {
    let found = report.causes.iter().find(|cause| cause.code == code);
    found.unwrap_or_else(|| panic!("{code} is not in {:#?}", report.causes))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_problem_of_the_fleet_is_diagnosed() {
    let fleet = Fleet::new("diagnose-fleet").await;

    let embed = fleet
        .diagnose(&fleet.cluster("germanywestcentral", "aks-embed-prod"))
        .await;
    assert_eq!(codes(&embed), ["E40002"], "{embed:#?}");
    let too_few = cause(&embed, "E40002");
    assert_eq!(
        (too_few.severity, too_few.params["nodes"].as_str()),
        (Severity::Blocking, "2")
    );
    assert!(
        too_few
            .evidence
            .iter()
            .any(|line| line.contains("INSUFFICIENT_NODE")),
        "{too_few:?}"
    );

    let docs = fleet.diagnose(&fleet.cluster("uksouth", "aks-docs-prod")).await;
    assert_eq!(codes(&docs), ["leftovers"], "{docs:#?}");
    assert!(
        cause(&docs, "leftovers")
            .evidence
            .iter()
            .any(|line| line.contains("azureml-fe"))
    );
    assert_eq!((docs.healthy, docs.via), (false, Some(Via::Cluster)));

    let nightly = fleet
        .diagnose(&fleet.cluster("francecentral", "aks-nightly-test"))
        .await;
    assert_eq!(codes(&nightly), ["cluster_stopped"], "{nightly:#?}");
    assert_eq!(
        (nightly.via, nightly.unread.len()),
        (None, 0),
        "a stopped cluster cannot be read"
    );

    let credit = fleet
        .diagnose(&fleet.cluster("westeurope", "aks-credit-prod"))
        .await;
    assert_eq!(codes(&credit)[0], "certificate_expired", "{credit:#?}");
    let expired = cause(&credit, "certificate_expired");
    assert_eq!(expired.severity, Severity::Blocking);
    assert!(
        !codes(&credit).contains(&"certificate_not_applied"),
        "the Secret and the front end have the same certificate"
    );

    let shared = fleet
        .diagnose(&fleet.cluster("westeurope", "aks-shared-prod"))
        .await;
    let twice = cause(&shared, "attached_twice");
    assert!(!codes(&shared).contains(&"compute_failed"), "{shared:#?}");
    assert!(!codes(&shared).contains(&"ClusterUnauthorized"), "{shared:#?}");
    assert!(
        twice
            .evidence
            .iter()
            .any(|line| line.contains("ClusterUnauthorized")),
        "{twice:?}"
    );

    let routing = fleet
        .diagnose(&fleet.cluster("uksouth", "aks-routing-prod"))
        .await;
    assert_eq!(codes(&routing), ["below_minimum"], "{routing:#?}");
    assert_eq!(cause(&routing, "below_minimum").params["vcpus"], "8");

    let imaging = fleet
        .diagnose(&fleet.cluster("francecentral", "aks-imaging-prod"))
        .await;
    assert_eq!(codes(&imaging), ["cluster_failed"], "{imaging:#?}");

    let spare = fleet
        .diagnose(&fleet.cluster("westeurope", "aks-spare-weu"))
        .await;
    assert_eq!(codes(&spare), ["extension_unfinished"], "{spare:#?}");
    assert_eq!((spare.healthy, spare.verdict), (false, Verdict::Unfinished));

    let gone = fleet.diagnose(&fleet.compute("uksouth", "campaign-old")).await;
    assert_eq!(codes(&gone), ["cluster_gone"], "{gone:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_cluster_is_read_through_azure() {
    let fleet = Fleet::new("diagnose-private").await;
    let report = fleet
        .diagnose(&fleet.cluster("germanywestcentral", "aks-health-prod"))
        .await;
    assert_eq!(report.via, Some(Via::RunCommand));
    assert!(
        report.healthy && report.causes.is_empty() && report.unread.is_empty(),
        "{report:#?}"
    );
    let sent = fleet.0.exchanges("POST", "/aks-health-prod/runCommand");
    assert_eq!(sent.len(), 1, "a single command reads everything");
    assert!(
        fleet
            .0
            .exchanges("POST", "aks-health-prod/listClusterAdminCredential")
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connection_falls_back_to_the_other_and_two_refusals_are_reported() {
    let fleet = Fleet::new("diagnose-ways").await;
    let id = fleet.cluster("westeurope", "aks-search-test");
    fleet.diagnose(&id).await;
    let kubeconfig = closed("listClusterAdminCredential", "AuthorizationFailed");
    fleet.0.fault(kubeconfig.clone()).await;
    let report = fleet.ask(&id).await.unwrap();
    let well = (report.healthy, report.via);
    assert_eq!(well, (true, Some(Via::RunCommand)), "{report:#?}");

    fleet.0.fault(kubeconfig).await;
    fleet.0.fault(closed("runCommand", "RunCommandDisabled")).await;
    let report = fleet.ask(&id).await.unwrap();
    assert_eq!(
        (report.healthy, report.verdict, report.via),
        (false, Verdict::Partly, None)
    );
    assert_eq!(report.unread.len(), 1, "{report:#?}");
    let unread = &report.unread[0];
    assert_eq!(unread.what, "inside");
    assert!(
        unread.why.contains("AuthorizationFailed") && unread.why.contains("RunCommandDisabled"),
        "{unread:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_healthy_cluster_is_reported_as_healthy() {
    let fleet = Fleet::new("diagnose-healthy").await;
    for id in [
        fleet.cluster("westeurope", "aks-search-test"),
        fleet.compute("westeurope", "search-test"),
    ] {
        let report = fleet.diagnose(&id).await;
        assert!(report.healthy && report.causes.is_empty(), "{report:#?}");
        assert!(report.unread.is_empty(), "{report:#?}");
        assert_eq!(report.via, Some(Via::Cluster));
        let cluster = report.cluster_id.unwrap();
        assert!(cluster.ends_with("/aks-search-test"), "{cluster}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn failing_pods_are_distinguished_and_their_logs_read() {
    let fleet = Fleet::new("diagnose-pods").await;
    let id = fleet.cluster("westeurope", "aks-search-test");
    let image = "mcr.microsoft.com/azureml/minimal-inference:1";
    let crashing = json!({ "name": "model", "image": image, "command": ["false"] });
    fleet.deploy(&id, "churn-blue", crashing).await;
    let unknown = json!({ "name": "model", "image": "models.invalid/churn:2" });
    fleet.deploy(&id, "churn-green", unknown).await;
    let large = json!({ "name": "model", "image": image, "resources": { "requests": { "cpu": "16" } } });
    fleet.deploy(&id, "churn-red", large).await;

    let report = fleet.diagnose(&id).await;
    assert_eq!(
        codes(&report),
        ["pod_image", "pod_crashes", "pod_no_cpu"],
        "{report:#?}"
    );
    let crashes = cause(&report, "pod_crashes");
    assert!(
        crashes.params["pods"].starts_with("default/churn-blue-"),
        "{crashes:?}"
    );
    assert!(
        crashes
            .evidence
            .iter()
            .any(|line| line.contains("ended with exit code 1")),
        "{crashes:?}"
    );
    assert_eq!(
        cause(&report, "pod_image").params["image"],
        "models.invalid/churn:2"
    );
    assert!(cause(&report, "pod_no_cpu").evidence[0].contains("Insufficient cpu"));
    assert!(report.unread.is_empty(), "{report:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extension_or_endpoint_is_diagnosed_through_its_cluster() {
    let fleet = Fleet::new("diagnose-by-part").await;
    let cluster = fleet.cluster("germanywestcentral", "aks-embed-prod");
    let extension = format!("{cluster}/providers/Microsoft.KubernetesConfiguration/extensions/azureml");
    let report = fleet.diagnose(&extension).await;
    assert_eq!(codes(&report), ["E40002"], "{report:#?}");
    let compute = fleet.compute("germanywestcentral", "hub-prod");
    let (workspace, _) = compute.split_once("/computes/").unwrap();
    let endpoint = format!("{workspace}/onlineEndpoints/fraud");
    let session = fleet.0.berth.session(accounts::RUNNING_SANDBOX).await.unwrap();
    let body = json!({ "location": "germanywestcentral", "identity": { "type": "SystemAssigned" },
        "properties": { "authMode": "Key", "compute": compute } });
    let path = format!("{endpoint}?api-version=2024-04-01");
    let request = outgoing(Method::PUT, path, Some(body));
    session.arm.send(&request).await.unwrap();
    let report = fleet.diagnose(&endpoint).await;
    let cluster = fleet.cluster("germanywestcentral", "aks-hub-prod");
    assert!(
        report
            .cluster_id
            .as_deref()
            .is_some_and(|id| id.eq_ignore_ascii_case(&cluster)),
        "{report:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_subject_of_a_diagnosis_is_refused_with_a_reason() {
    let world = World::new("diagnose-refused").await;
    let fleet = Fleet(world);
    let vault = format!(
        "{}/providers/Microsoft.KeyVault/vaults/x",
        fleet.group("westeurope")
    );
    for (id, code) in [
        ("aks-prod".to_owned(), FailureCode::BadInput),
        (vault, FailureCode::BadInput),
        (fleet.cluster("westeurope", "aks-nowhere"), FailureCode::NotFound),
    ] {
        let failure = fleet.ask(&id).await.expect_err(&id);
        assert_eq!(failure.code, code, "{failure:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exit_code_of_diagnose_shows_the_result() {
    let fleet = Fleet::new("diagnose-cli").await;
    let home = fleet.0.folder.path().join("cli");
    let ready = fleet.0.folder.path().join("ready.json");
    let berth = |id: &str, json: bool| {
        let mut command = Command::new(program());
        command.args(["diagnose", id, "--sandbox"]).arg(&ready);
        command
            .env("BERTH_HOME", &home)
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:");
        command.args(json.then_some("--json")).output().unwrap()
    };
    let healthy = fleet.cluster("westeurope", "aks-search-test");
    fleet.diagnose(&healthy).await;
    let well = berth(&healthy, true);
    let report: Value = serde_json::from_slice(&well.stdout).unwrap();
    assert_eq!(
        (well.status.code(), &report["healthy"]),
        (Some(0), &Value::Bool(true)),
        "{report}"
    );

    for path in ["listClusterAdminCredential", "runCommand"] {
        fleet.0.fault(closed(path, "AuthorizationFailed")).await;
    }
    let blind = berth(&healthy, false);
    let printed = String::from_utf8_lossy(&blind.stdout).into_owned();
    assert_eq!(blind.status.code(), Some(1), "{printed}");
    assert!(printed.starts_with("Not everything could be read. "), "{printed}");
    assert!(printed.contains("Not read: Inside the cluster"), "{printed}");

    let stopped = berth(&fleet.cluster("francecentral", "aks-nightly-test"), false);
    let printed = String::from_utf8_lossy(&stopped.stdout).into_owned();
    assert_eq!(stopped.status.code(), Some(1), "{printed}");
    assert!(
        printed.contains("cluster_stopped") && printed.contains("The cluster is stopped"),
        "{printed}"
    );
    assert!(printed.contains("Start the cluster"), "{printed}");
    assert!(printed.trim_end().ends_with(" s"), "{printed}");

    let unknown = berth("not-a-resource", false);
    assert_eq!(unknown.status.code(), Some(2));
}
