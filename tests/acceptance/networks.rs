//! Setting up in a virtual network whose route table leads out.

use crate::harness::{World, outgoing};
use berth_app::accounts::RUNNING_SANDBOX;
use berth_arm::Poll;
use berth_domain::finding::Severity;
use berth_domain::spec::{Outbound, Spec, VnetChoice};
use reqwest::Method;
use serde_json::{Value, json};

const API: &str = "api-version=2024-01-01";

async fn put(world: &World, id: &str, body: Value) {
    let session = world.berth.session(RUNNING_SANDBOX).await.unwrap();
    let request = outgoing(Method::PUT, format!("{id}?{API}"), Some(body));
    let Some(bookmark) = session.arm.send(&request).await.unwrap().bookmark else {
        return;
    };
    loop {
        match session.arm.poll(&bookmark).await.unwrap() {
            Poll::InProgress { wait, .. } => tokio::time::sleep(wait).await,
            Poll::Succeeded => return,
            other => panic!("{other:?}"),
        }
    }
}

fn network(world: &World, rest: &str) -> String {
    let subscription = &world.ready.subscription_ids[0];
    format!("/subscriptions/{subscription}/resourceGroups/rg-network-prod/providers/Microsoft.Network/{rest}")
}

/// Sends the default route of the table to a next hop.
async fn lead_to(world: &World, hop: &str) -> String {
    let id = network(world, "routeTables/rt-hub");
    let route = json!({ "name": "out", "properties": { "addressPrefix": "0.0.0.0/0", "nextHopType": hop } });
    let body = json!({ "location": "westeurope", "properties": { "routes": [route] } });
    put(world, &id, body).await;
    id
}

fn routed(world: &World) -> Spec {
    let mut spec = world.production_extension();
    spec.network.outbound = Outbound::UserDefinedRouting;
    spec.network.vnet = Some(VnetChoice {
        resource_group: "rg-network-prod".to_owned(),
        name: "vnet-ml-weu".to_owned(),
        subnet: "routed".to_owned(),
        ..VnetChoice::default()
    });
    spec
}

async fn blocked_by(world: &World) -> Vec<String> {
    let report = world.berth.review(&world.on(routed(world))).await.unwrap();
    let blocking = report.findings.into_iter();
    blocking
        .filter(|finding| finding.severity == Severity::Blocking && finding.rule == "NET-12")
        .map(|finding| finding.code)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn user_defined_routing_is_held_against_the_route_table() {
    let world = World::new("routes").await;
    let subnet = network(&world, "virtualNetworks/vnet-ml-weu/subnets/routed");
    let mut body = json!({ "properties": { "addressPrefix": "10.40.16.0/24" } });
    put(&world, &subnet, body.clone()).await;
    assert_eq!(blocked_by(&world).await, ["NET-12"]);
    let table = lead_to(&world, "Internet").await;
    body["properties"]["routeTable"] = json!({ "id": table });
    put(&world, &subnet, body).await;
    assert_eq!(blocked_by(&world).await, ["NET-12.next_hop"]);
    lead_to(&world, "VirtualAppliance").await;
    assert!(blocked_by(&world).await.is_empty());
}
