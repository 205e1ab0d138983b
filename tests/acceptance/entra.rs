//! Clusters with Entra ID sign-in and without local accounts: Berth uses the account's own token and runs no program.

use crate::harness::{World, outgoing};
use crate::kubeconfig::{cluster_id, order, saved};
use berth_app::accounts::RUNNING_SANDBOX;
use berth_arm::Poll;
use berth_arm::resources::clusters;
use berth_contract::diagnosis::{DiagnoseQuestion, DiagnosisReport, Via};
use berth_contract::kubeconfig::KubeconfigOrder;
use berth_contract::run::{RunSnapshot, RunState};
use berth_domain::bodies::written_back::written_back;
use berth_domain::spec::Route;
use kube::config::Kubeconfig;
use reqwest::Method;
use serde_json::{Value, json};

/// Turns Entra ID on and local accounts off, and waits for the result.
async fn lock(world: &World, cluster_id: &str) {
    let session = world.berth.session(RUNNING_SANDBOX).await.unwrap();
    let found = clusters::get_cluster_whole(&session.arm, cluster_id)
        .await
        .unwrap();
    let (_, found) = found.expect("the cluster");
    let mut body = written_back(cluster_id, &found, &[]);
    body["properties"]["aadProfile"] = json!({ "managed": true, "enableAzureRBAC": true });
    body["properties"]["disableLocalAccounts"] = json!(true);
    let path = format!("{cluster_id}?api-version=2024-02-01");
    let request = outgoing(Method::PUT, path, Some(body));
    let sent = session.arm.send(&request).await.unwrap();
    let Some(bookmark) = sent.bookmark else { return };
    loop {
        match session.arm.poll(&bookmark).await.unwrap() {
            Poll::InProgress { wait, .. } => tokio::time::sleep(wait).await,
            Poll::Succeeded => return,
            other => panic!("{other:?}"),
        }
    }
}

async fn diagnose(world: &World, cluster_id: &str) -> DiagnosisReport {
    let question = DiagnoseQuestion {
        account: RUNNING_SANDBOX.to_owned(),
        resource_id: cluster_id.to_owned(),
    };
    world.berth.diagnose(&question).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entra_cluster_is_read_with_the_accounts_own_token() {
    let world = World::new("entra-diagnose").await;
    let id = cluster_id(&world);
    lock(&world, &id).await;
    let report = diagnose(&world, &id).await;
    assert_eq!(report.via, Some(Via::Cluster), "{report:#?}");
    assert!(report.unread.is_empty(), "{report:#?}");
    assert!(world.exchanges("POST", "/runCommand").is_empty());
    assert!(!world.exchanges("POST", "/listClusterUserCredential").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entra_kubeconfig_is_saved_with_kubelogin() {
    let world = World::new("entra-kubeconfig").await;
    lock(&world, &cluster_id(&world)).await;
    let path = world.folder.path().join("config");
    let user = saved(&world, &order(&world, &path)).await;
    assert_eq!(user.exec_command.as_deref(), Some("kubelogin"));
    let file = Kubeconfig::read_from(&path).unwrap();
    let exec = file.auth_infos[0]
        .auth_info
        .as_ref()
        .unwrap()
        .exec
        .as_ref()
        .unwrap();
    let args = exec.args.clone().unwrap_or_default();
    assert_eq!(args[0], "get-token");
    assert!(
        args.contains(&"6dae42f8-4368-4678-94ff-3960e28e3630".to_owned()),
        "{args:?}"
    );
    let admin = KubeconfigOrder {
        admin: true,
        ..order(&world, &path)
    };
    assert!(world.berth.save_kubeconfig(&admin).await.is_err());
}

/// A set-up on the seed's cluster, in a namespace that does not exist yet.
async fn set_up(world: &World) -> RunSnapshot {
    let mut spec = world.attach_existing(Route::Extension);
    spec.place.namespace = "scores".to_owned();
    world.run(spec).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_without_local_accounts_is_set_up_with_the_accounts_own_token() {
    let world = World::new("entra-set-up").await;
    lock(&world, &cluster_id(&world)).await;
    let end = set_up(&world).await;
    assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
    assert!(
        end.steps.iter().any(|step| step.id == "ensure_namespace"),
        "{end:#?}"
    );
    assert!(world.exchanges("POST", "/runCommand").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_cluster_without_local_accounts_is_set_up_with_commands() {
    let world = World::new("entra-private").await;
    let id = cluster_id(&world);
    lock(&world, &id).await;
    let edited = world.sandbox.as_ref().unwrap().edit_resource(&id, |body| {
        body["properties"]["apiServerAccessProfile"] = json!({ "enablePrivateCluster": true });
    });
    assert!(edited.unwrap());
    let end = set_up(&world).await;
    assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
    let commands = world.exchanges("POST", "/runCommand");
    let made = |command: &&Value| {
        let text = command["request_body"]["command"].as_str();
        text.is_some_and(|text| text.starts_with("kubectl create namespace scores"))
    };
    assert_eq!(commands.iter().filter(made).count(), 1, "{commands:#?}");
}
