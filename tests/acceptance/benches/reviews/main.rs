//! Compares the duration of a review with its longest chain of dependent requests while every response takes 50 ms:
//! `make bench`. With `LATENCY=1000` every response takes a second, so Berth's own work hardly counts and requests that
//! wait for each other unnecessarily stand out.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs,
    reason = "reports by printing, and uses only part of the harness"
)]

mod chain;
#[path = "../../harness/mod.rs"]
mod harness;

use berth_contract::model::GoalOn;
use berth_domain::change::{Change, Goal};
use berth_domain::spec::{LoadBalancer, Route, Tls};
use berth_sandbox::{Options, Seed};
use harness::World;
use serde_json::json;
use std::time::{Duration, Instant};

/// Milliseconds per response, unless given on the command line.
const LATENCY_MS: u64 = 50;
/// Runs per review; the fastest counts, so that other load on the machine does not matter.
const TURNS: usize = 5;

/// One of each change that interrupts or destroys something, and the set-ups.
fn goals(world: &World) -> Vec<(String, GoalOn)> {
    let subscription = &world.ready.subscription_ids[0];
    let group =
        |location: &str| format!("/subscriptions/{subscription}/resourceGroups/rg-serving-{location}");
    let cluster = |location: &str, name: &str| {
        format!(
            "{}/providers/Microsoft.ContainerService/managedClusters/{name}",
            group(location)
        )
    };
    let compute = |location: &str, name: &str| {
        format!(
            "{}/providers/Microsoft.MachineLearningServices/workspaces/ml-{location}/computes/{name}",
            group(location)
        )
    };
    let hub = cluster("germanywestcentral", "aks-hub-prod");
    let fraud = compute("westeurope", "fraud-prod");
    let speech = compute("northeurope", "speech-test");
    let changes = [
        Change::CleanUp {
            cluster_id: cluster("uksouth", "aks-docs-prod"),
        },
        Change::Power {
            cluster_id: hub.clone(),
            running: false,
        },
        Change::Upgrade {
            cluster_id: hub.clone(),
            version: "1.36".to_owned(),
            nodes: true,
            support: None,
        },
        Change::DeleteCluster {
            cluster_id: hub,
            confirm: "aks-hub-prod".to_owned(),
        },
        Change::Tls {
            compute_id: fraud.clone(),
            tls: Tls::None,
        },
        Change::LoadBalancer {
            compute_id: fraud,
            load_balancer: LoadBalancer::Internal { subnet: None },
        },
        Change::Refresh {
            compute_id: speech.clone(),
        },
        Change::Move {
            compute_id: speech.clone(),
            new_compute: "speech-new".to_owned(),
            namespace: "models".to_owned(),
        },
        Change::Detach { compute_id: speech },
        Change::DeleteWithCluster {
            compute_id: compute("northeurope", "legacy-7f3a"),
            confirm: "aks-legacy-7f3a".to_owned(),
        },
    ];
    let mut all: Vec<(String, GoalOn)> = changes
        .into_iter()
        .map(|change| (change.as_str().to_owned(), world.changing(change)))
        .collect();
    all.push(("set_up".to_owned(), world.on(world.production_extension())));
    all.push((
        "attach".to_owned(),
        world.on(world.attach_existing(Route::Classic)),
    ));
    all
}

/// Ids of the resources that the goal names, in lower case.
fn named(goal: &Goal) -> Vec<String> {
    let ids = match goal {
        Goal::Change { change, .. } => {
            let subject = change.subject().to_owned();
            let workspace = subject.split_once("/computes/").map(|(id, _)| id.to_owned());
            // The cluster of a compute may be in another resource group.
            let group = workspace
                .is_none()
                .then(|| subject.split_once("/providers/").unwrap().0.to_owned());
            [Some(subject), workspace, group].into_iter().flatten().collect()
        }
        Goal::Deploy { spec } => spec.workspace.resource_id().into_iter().collect(),
        Goal::SetUp { spec } => {
            let place = &spec.place;
            let group = format!(
                "/subscriptions/{}/resourceGroups/{}",
                place.subscription_id, place.resource_group
            );
            let location = format!(
                "/subscriptions/{}/providers/Microsoft.ContainerService/locations/{}",
                place.subscription_id, place.location
            );
            let usages = location.replace("ContainerService", "Compute");
            vec![
                place.workspace.resource_id(),
                spec.cluster_id(),
                Some(group),
                Some(location),
                Some(usages),
            ]
            .into_iter()
            .flatten()
            .collect()
        }
    };
    let mut all: Vec<String> = ids;
    let subscription = all[0].split('/').take(3).collect::<Vec<_>>().join("/");
    for kind in [
        "ContainerService",
        "KubernetesConfiguration",
        "MachineLearningServices",
    ] {
        all.push(format!("{subscription}/providers/Microsoft.{kind}"));
    }
    all.push(format!("{subscription}/providers/Microsoft.Compute"));
    all.push(subscription);
    all.into_iter().map(|id| id.to_lowercase()).collect()
}

#[tokio::main]
async fn main() {
    let sandbox = Options {
        seed: Seed::Fleet,
        ..Options::default()
    };
    let world = World::unrecorded(sandbox, harness::options).await;
    let delay = std::env::args()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(LATENCY_MS);
    let slow = json!({ "match": {}, "do": { "delay_ms": delay }, "times": 1_000_000 });
    println!(
        "{:<20} {:>8} {:>6} {:>9} {:>8} {:>6}  longest chain",
        "goal", "requests", "chain", "chain ms", "time ms", "ratio"
    );
    for (name, goal) in goals(&world) {
        world.berth.review(&goal).await.unwrap();
        world.fault(slow.clone()).await;
        let mut wire = world.sandbox.as_ref().unwrap().requests();
        let mut quickest = Duration::MAX;
        let mut paths = Vec::new();
        for _ in 0..TURNS {
            paths.clear();
            let begun = Instant::now();
            world.berth.review(&goal).await.unwrap();
            quickest = quickest.min(begun.elapsed());
            while let Ok(line) = wire.try_recv() {
                let path = line.path.split('?').next().unwrap_or_default();
                paths.push(path.to_lowercase());
            }
        }
        world.clear_faults().await;
        let chain = chain::longest(&paths, &named(&goal.goal));
        let longest = Duration::from_millis(delay) * chain.length;
        let ratio = quickest.as_secs_f64() / longest.as_secs_f64();
        println!(
            "{name:<20} {:>8} {:>6} {:>9} {:>8} {ratio:>6.2}  {}",
            paths.len(),
            chain.length,
            longest.as_millis(),
            quickest.as_millis(),
            chain.kinds
        );
    }
}
