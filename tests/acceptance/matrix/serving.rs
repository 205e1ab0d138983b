//! An endpoint with two versions on each route, for the plans that change endpoints.

use super::attached;
use crate::harness::{World, outgoing};
use berth_app::accounts::RUNNING_SANDBOX;
use berth_arm::Arm;
use berth_domain::spec::Route;
use reqwest::Method;
use serde_json::{Value, json};

pub const ENDPOINT: &str = "scores";

/// Creates the endpoint on the attached cluster: version blue has all traffic, version green none.
pub async fn endpoint(world: &World) -> String {
    let (_, compute_id) = attached(world, Route::Extension).await;
    let workspace = compute_id.rsplit_once("/computes/").unwrap().0;
    let id = format!("{workspace}/onlineEndpoints/{ENDPOINT}");
    let arm = world.berth.session(RUNNING_SANDBOX).await.unwrap().arm;
    let endpoint = |traffic: Value| {
        json!({ "location": "westeurope", "identity": { "type": "SystemAssigned" },
            "properties": { "authMode": "Key", "compute": compute_id, "traffic": traffic } })
    };
    put(world, &arm, &id, endpoint(json!({}))).await;
    for version in ["blue", "green"] {
        let body = json!({ "location": "westeurope",
            "properties": { "endpointComputeType": "Kubernetes", "model": "azureml:scores:1" } });
        put(world, &arm, &format!("{id}/deployments/{version}"), body).await;
    }
    put(world, &arm, &id, endpoint(json!({ "blue": 100 }))).await;
    id
}

/// Creates a classic endpoint on the attached cluster: version blue is the default and has all traffic, version green none.
pub async fn classic(world: &World) -> String {
    let (_, compute_id) = attached(world, Route::Classic).await;
    let (workspace, compute) = compute_id.rsplit_once("/computes/").unwrap();
    let arm = world.berth.session(RUNNING_SANDBOX).await.unwrap().arm;
    let version = |traffic: u32, default: bool| json!({ "numReplicas": 1, "modelIds": ["scores:1"], "trafficPercentile": traffic, "isDefault": default });
    let body = json!({ "name": ENDPOINT, "computeType": "AKSENDPOINT", "computeName": compute, "authEnabled": true,
        "aadAuthEnabled": false, "versions": { "blue": version(100, true), "green": version(0, false) } });
    let path = format!("/modelmanagement/v1.0{workspace}/services");
    arm.send(&outgoing(Method::POST, path, Some(body))).await.unwrap();
    world.pass(600).await;
    format!("{workspace}/services/{ENDPOINT}")
}

/// Writes a resource, and lets the time pass that Azure takes for it.
async fn put(world: &World, arm: &Arm, id: &str, body: Value) {
    let path = format!("{id}?api-version=2025-12-01");
    let request = outgoing(Method::PUT, path, Some(body));
    arm.send(&request).await.unwrap();
    world.pass(600).await;
}
