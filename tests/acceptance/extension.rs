//! Setting up on a cluster whose extension somebody else has configured.

use crate::harness::{World, outgoing};
use crate::kubeconfig::{client, order, saved};
use berth_app::accounts::RUNNING_SANDBOX;
use berth_arm::Poll;
use berth_arm::resources::extensions;
use berth_contract::run::RunState;
use berth_domain::bodies::written_back::written_back;
use berth_domain::finding::Severity;
use berth_domain::spec::{PairRef, Route, Spec, Tls};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::networking::v1::IngressClass;
use kube::api::{Api, PostParams};
use reqwest::Method;
use serde_json::{Value, from_value, json};

const API: &str = "api-version=2025-03-01";
/// Settings that no specification decides.
const FOREIGN: [(&str, &str); 5] = [
    ("enableTraining", "True"),
    ("nodeSelector.agentpool", "system"),
    ("installPromOp", "False"),
    ("installNvidiaDevicePlugin", "False"),
    ("nginxIngress.enabled", "false"),
];

async fn installed(world: &World, cluster_id: &str) -> Value {
    let session = world.berth.session(RUNNING_SANDBOX).await.unwrap();
    let all = extensions::list_extensions(&session.arm, cluster_id)
        .await
        .unwrap();
    all.into_iter().next().expect("an extension").whole
}

/// Sets the foreign settings and pins the version.
async fn configure(world: &World, cluster_id: &str) {
    let whole = installed(world, cluster_id).await;
    let id = whole["id"].as_str().unwrap().to_owned();
    let mut body = written_back(&id, &whole, &[]);
    for (name, value) in FOREIGN {
        body["properties"]["configurationSettings"][name] = json!(value);
    }
    body["properties"]["autoUpgradeMinorVersion"] = json!(false);
    body["properties"]["version"] = json!("1.1.76");
    let session = world.berth.session(RUNNING_SANDBOX).await.unwrap();
    let request = outgoing(Method::PUT, format!("{id}?{API}"), Some(body));
    let sent = session.arm.send(&request).await.unwrap();
    let bookmark = sent.bookmark.expect("an operation");
    loop {
        match session.arm.poll(&bookmark).await.unwrap() {
            Poll::InProgress { wait, .. } => tokio::time::sleep(wait).await,
            Poll::Succeeded => return,
            other => panic!("{other:?}"),
        }
    }
}

fn attach_as(world: &World, compute: &str, tls: Option<Tls>) -> Spec {
    let mut spec = world.attach_existing(Route::Extension);
    compute.clone_into(&mut spec.place.compute_name);
    spec.place.namespace = format!("models-{compute}");
    spec.tls = tls;
    spec
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_keeps_what_others_have_set_in_an_installed_extension() {
    let world = World::new("extension-kept").await;
    let first = world.attach_existing(Route::Extension);
    let cluster_id = first.cluster_id().unwrap();
    world.run(first).await.unwrap();
    configure(&world, &cluster_id).await;
    let second = attach_as(&world, "second", world.production_extension().tls);
    let run = world.run(second).await.unwrap();
    assert_eq!(run.summary.state, RunState::Succeeded, "{:#?}", run.steps);
    let sent = world.exchanges("PATCH", "/extensions/");
    assert_eq!(sent.len(), 1, "the extension is changed with one PATCH");
    let whole = installed(&world, &cluster_id).await;
    let properties = &whole["properties"];
    assert_eq!(properties["version"], "1.1.76");
    assert_eq!(properties["currentVersion"], "1.1.76");
    assert_eq!(properties["autoUpgradeMinorVersion"], false);
    for (name, value) in FOREIGN {
        assert_eq!(properties["configurationSettings"][name], value, "{name}");
    }
    assert_eq!(properties["configurationSettings"]["sslCname"], "ml.contoso.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_not_kept_blocks_on_both_routes() {
    let world = World::new("certificate-gone").await;
    for route in [Route::Extension, Route::Classic] {
        let mut spec = world.attach_existing(route);
        spec.tls = Some(Tls::Own {
            cname: "ml.contoso.com".to_owned(),
            pair: Some(PairRef::Vault {
                id: "7c9e6679-7425-40de-944b-e07fc1f90ae7".to_owned(),
            }),
        });
        let report = world.berth.review(&world.on(spec)).await.unwrap();
        let found = report
            .findings
            .iter()
            .find(|finding| finding.code == "TLS-11.not_stored");
        let severity = found.map(|finding| finding.severity);
        assert_eq!(severity, Some(Severity::Blocking), "{:#?}", report.findings);
    }
}

/// Puts a Prometheus operator and ingress-nginx into the seed's cluster.
async fn add_other_software(world: &World) {
    let path = world.folder.path().join("kubeconfig");
    saved(world, &order(world, &path)).await;
    let client = client(&path, None).await;
    let image = "quay.io/prometheus-operator/prometheus-operator:v0.70.0";
    let operator: Deployment = from_value(json!({
        "metadata": { "name": "operator" },
        "spec": { "selector": {}, "template": { "spec": { "containers": [{ "name": "operator", "image": image }] } } },
    }))
    .unwrap();
    let class: IngressClass = from_value(json!({
        "metadata": { "name": "nginx" }, "spec": { "controller": "k8s.io/ingress-nginx" },
    }))
    .unwrap();
    let deployments: Api<Deployment> = Api::namespaced(client.clone(), "default");
    deployments
        .create(&PostParams::default(), &operator)
        .await
        .unwrap();
    let classes: Api<IngressClass> = Api::all(client);
    classes.create(&PostParams::default(), &class).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn software_that_the_cluster_has_is_left_out() {
    let world = World::new("extension-software").await;
    let spec = world.attach_existing(Route::Extension);
    Box::pin(add_other_software(&world)).await;
    let report = world.berth.review(&world.on(spec.clone())).await.unwrap();
    for (code, name, value) in [
        ("EXT-08", "operator", "default/operator"),
        ("EXT-09", "class", "nginx"),
    ] {
        let found = report.findings.iter().find(|finding| finding.code == code);
        let found = found.unwrap_or_else(|| panic!("{code}: {:#?}", report.findings));
        assert_eq!(found.params[name], value);
    }
    let run = world.run(spec).await.unwrap();
    assert_eq!(run.summary.state, RunState::Succeeded, "{:#?}", run.steps);
}
