//! A saved kubeconfig opens its cluster and keeps the other entries of the file.

use crate::command_line::{berth, program};
use crate::harness::{World, everything_in};
use berth_app::accounts::RUNNING_SANDBOX;
use berth_contract::failure::FailureCode;
use berth_contract::kubeconfig::{KubeconfigOrder, KubeconfigOutcome, KubeconfigSaved};
use k8s_openapi::api::core::v1::Namespace;
use kube::api::{Api, ListParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

const THEIRS: &str = "apiVersion: v1
kind: Config
clusters:
- name: kind
  cluster: {server: 'https://127.0.0.1:1', proxy-url: 'http://proxy'}
contexts:
- name: kind
  context: {cluster: kind, user: kind, namespace: team}
current-context: kind
users:
- name: kind
  user: {token: theirs}
x-team: mine
";

pub fn order(world: &World, path: &Path) -> KubeconfigOrder {
    KubeconfigOrder {
        account: RUNNING_SANDBOX.to_owned(),
        cluster_id: cluster_id(world),
        admin: false,
        path: path.display().to_string(),
        merge: true,
        set_current: false,
        allowed_program: None,
    }
}

pub async fn saved(world: &World, order: &KubeconfigOrder) -> KubeconfigSaved {
    match world.berth.save_kubeconfig(order).await.unwrap() {
        KubeconfigOutcome::Saved(saved) => saved,
        other @ KubeconfigOutcome::NeedsConfirmation { .. } => panic!("{other:?}"),
    }
}

pub fn cluster_id(world: &World) -> String {
    format!(
        "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.ContainerService/managedClusters/{}",
        world.ready.subscription_ids[0], world.ready.resource_group, world.ready.cluster
    )
}

/// A Kubernetes client for a context of a file.
pub async fn client(path: &Path, context: Option<&str>) -> Client {
    let options = KubeConfigOptions {
        context: context.map(str::to_owned),
        ..KubeConfigOptions::default()
    };
    let file = Kubeconfig::read_from(path).unwrap();
    let config = Config::from_custom_kubeconfig(file, &options).await.unwrap();
    Client::try_from(config).unwrap()
}

/// The namespaces that a Kubernetes client sees through a context of a file.
async fn namespaces(path: &Path, context: Option<&str>) -> Vec<String> {
    let api: Api<Namespace> = Api::all(client(path, context).await);
    let list = api.list(&ListParams::default()).await.unwrap();
    list.items
        .into_iter()
        .filter_map(|found| found.metadata.name)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_kubeconfig_opens_the_cluster_and_keeps_other_entries() {
    let world = World::new("kubeconfig").await;
    let path = world.folder.path().join("config");
    std::fs::write(&path, THEIRS).unwrap();
    let user = saved(&world, &order(&world, &path)).await;
    assert!(
        user.backup
            .as_deref()
            .is_some_and(|backup| std::fs::read_to_string(backup).unwrap() == THEIRS)
    );
    assert!(user.merged && !user.replaced, "{user:?}");
    let admin = KubeconfigOrder {
        admin: true,
        ..order(&world, &path)
    };
    let admin = saved(&world, &admin).await;
    assert_ne!(user.context, admin.context);
    for context in [&user.context, &admin.context] {
        let found = namespaces(&path, Some(context)).await;
        assert!(
            found.iter().any(|name| name == "kube-system"),
            "{context}: {found:?}"
        );
    }
    let file = Kubeconfig::read_from(&path).unwrap();
    assert_eq!(file.current_context.as_deref(), Some("kind"));
    let kind = file.contexts[0].context.as_ref().unwrap();
    assert_eq!(kind.namespace.as_deref(), Some("team"));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("x-team: mine") && text.contains("theirs"), "{text}");
    let once_more = saved(&world, &order(&world, &path)).await;
    assert!(once_more.replaced, "{once_more:?}");
    assert_eq!(Kubeconfig::read_from(&path).unwrap().clusters.len(), 2);
    let key = text
        .lines()
        .find_map(|line| line.split_once("client-key-data: "))
        .expect("a key");
    assert!(!everything_in(&world.folder.path().join("berth")).contains(key.1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_kubeconfig_command_saves_prints_and_refuses() {
    let world = World::new("kubeconfig-cli").await;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    let out = world.folder.path().join("out").display().to_string();
    let id = cluster_id(&world);
    let run = |more: &[&str]| {
        let mut arguments = vec!["kubeconfig", id.as_str(), "--sandbox", &ready];
        arguments.extend(more);
        berth(&home, &arguments)
    };
    let saved = run(&["--out", &out, "--json"]);
    let saved: Value = serde_json::from_slice(&saved.stdout).unwrap_or_default();
    assert_eq!(
        (&saved["merged"], saved["path"].as_str()),
        (&Value::Bool(false), Some(out.as_str()))
    );
    assert!(!namespaces(Path::new(&out), None).await.is_empty());
    let printed = run(&["--print"]);
    assert!(String::from_utf8_lossy(&printed.stdout).contains("client-key-data"));
    let notes = world.folder.path().join("notes.txt");
    std::fs::write(&notes, "dear diary").unwrap();
    let refused = run(&["--out", &notes.display().to_string(), "--merge"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("notes.txt"));
    assert_eq!(std::fs::read_to_string(&notes).unwrap(), "dear diary");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_file_the_first_of_kubeconfig_is_written() {
    let world = World::new("cli-kubeconfig-list").await;
    let home = world.folder.path().join("cli");
    let ready = world.folder.path().join("ready.json").display().to_string();
    let (mine, other) = (
        world.folder.path().join("mine"),
        world.folder.path().join("other"),
    );
    let list = ["".as_ref(), mine.as_path(), other.as_path()];
    let saved = Command::new(program())
        .args(["kubeconfig", &cluster_id(&world), "--sandbox", &ready, "--json"])
        .env("BERTH_HOME", &home)
        .env("HOME", &home)
        .env("KUBECONFIG", std::env::join_paths(list).unwrap())
        .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        .output()
        .unwrap();
    let printed: Value = serde_json::from_slice(&saved.stdout).unwrap_or_default();
    assert_eq!(printed["path"], mine.display().to_string(), "{saved:?}");
    assert!(mine.is_file() && !other.exists() && !home.join(".kube").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_another_type_is_refused_before_any_request() {
    let world = World::new("kubeconfig-id").await;
    let wrong = KubeconfigOrder {
        cluster_id: "aks".to_owned(),
        ..order(&world, &world.folder.path().join("config"))
    };
    let failure = world.berth.save_kubeconfig(&wrong).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::BadInput);
    assert!(!world.folder.path().join("config").exists());
}
