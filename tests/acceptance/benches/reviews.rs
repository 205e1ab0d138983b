//! How long a review takes beside its longest chain of requests of which each needs the answer of the one before, where
//! every answer takes 50 ms: `make bench`.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs,
    reason = "it reports by printing, and uses a part of the harness"
)]

#[path = "../harness/mod.rs"]
mod harness;

use berth_contract::model::GoalOn;
use berth_domain::change::Change;
use berth_domain::spec::{LoadBalancer, Route, Tls};
use berth_sandbox::Seed;
use harness::World;
use serde_json::json;
use std::time::{Duration, Instant};

/// Time of each answer.
const LATENCY: Duration = Duration::from_millis(50);
/// Reviews of which the quickest counts: what else the machine does is no matter.
const TURNS: usize = 5;

/// Who uses a cluster by the classic route: the last asks the plane that its workspace's address names.
const SERVICES: &[&str] = &[
    "subscriptions",
    "workspaces",
    "computes",
    "workspace",
    "discovery",
    "services",
];
/// What policy says of a cluster is asked about once the provider has named its api-versions.
const POLICY: &[&str] = &["providers/Microsoft.ContainerService", "checkPolicyRestrictions"];

#[tokio::main]
async fn main() {
    let world = World::seeded("bench-reviews", 1200.0, Seed::Fleet).await;
    let subscription = world.ready.subscription_ids[0].clone();
    let group =
        |location: &str| format!("/subscriptions/{subscription}/resourceGroups/rg-serving-{location}");
    let cluster = |location: &str, name: &str| {
        format!(
            "{}/providers/Microsoft.ContainerService/managedClusters/{name}",
            group(location)
        )
    };
    let compute = format!(
        "{}/providers/Microsoft.MachineLearningServices/workspaces/ml-westeurope/computes/fraud-prod",
        group("westeurope")
    );
    let hub = cluster("germanywestcentral", "aks-hub-prod");
    let changes = [
        Change::CleanUp {
            cluster_id: cluster("uksouth", "aks-docs-prod"),
        },
        Change::Power {
            cluster_id: hub.clone(),
            running: false,
        },
        Change::Upgrade {
            cluster_id: hub,
            version: "1.36".to_owned(),
            nodes: true,
        },
        Change::Tls {
            compute_id: compute.clone(),
            tls: Tls::None,
        },
        Change::LoadBalancer {
            compute_id: compute.clone(),
            load_balancer: LoadBalancer::Internal { subnet: None },
        },
        Change::Detach { compute_id: compute },
    ];
    let mut goals: Vec<(String, GoalOn, &[&str])> = changes
        .into_iter()
        .map(|change| (change.word().to_owned(), world.changing(change), SERVICES))
        .collect();
    goals.push((
        "set up".to_owned(),
        world.on(world.production_extension()),
        POLICY,
    ));
    goals.push((
        "attach".to_owned(),
        world.on(world.attach_existing(Route::Classic)),
        SERVICES,
    ));
    let delay = u64::try_from(LATENCY.as_millis()).unwrap();
    let slow = json!({ "match": {}, "do": { "delay_ms": delay }, "times": 1_000_000 });
    println!(
        "{:<14} {:>8} {:>6} {:>9} {:>9} {:>6}",
        "goal", "requests", "chain", "chain ms", "time ms", "ratio"
    );
    for (name, goal, chain) in goals {
        world.berth.review(&goal).await.unwrap();
        world.fault(slow.clone()).await;
        let before = world.recorded().len();
        let (mut quickest, mut requests) = (Duration::MAX, 0);
        for _ in 0..TURNS {
            let begun = Instant::now();
            requests = world.berth.review(&goal).await.unwrap().requests;
            quickest = quickest.min(begun.elapsed());
        }
        world.clear_faults().await;
        let last = chain.last().unwrap().to_lowercase();
        let asked = world.recorded().split_off(before);
        let is_last = |url: &str| {
            url.split('?')
                .next()
                .unwrap_or(url)
                .to_lowercase()
                .ends_with(&last)
        };
        assert!(
            asked.iter().any(|one| one["url"].as_str().is_some_and(is_last)),
            "{name}: nothing asked for {last}"
        );
        let longest = LATENCY * u32::try_from(chain.len()).unwrap();
        let ratio = quickest.as_secs_f64() / longest.as_secs_f64();
        println!(
            "{name:<14} {requests:>8} {:>6} {:>9} {:>9} {ratio:>6.2}",
            chain.len(),
            longest.as_millis(),
            quickest.as_millis()
        );
    }
    println!("Longest chains: {}; {}", SERVICES.join(" > "), POLICY.join(" > "));
}
