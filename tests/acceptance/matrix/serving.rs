//! An online endpoint with two versions, for the plans that change endpoints.

use super::attached;
use crate::harness::{World, outgoing};
use berth_app::accounts::RUNNING_SANDBOX;
use berth_arm::Arm;
use berth_domain::canary::CanarySteps;
use berth_domain::change::Change;
use berth_domain::spec::Route;
use reqwest::Method;
use serde_json::{Value, json};

pub const ENDPOINT: &str = "scores";

/// Creates the endpoint on the attached cluster: version blue has all traffic, version green none.
pub async fn endpoint(world: &World) -> String {
    endpoint_of(world, ["scores", "scores"]).await
}

/// The same with the models of blue and green. Models named `linear` compute and refuse other input; all others echo.
pub async fn endpoint_of(world: &World, models: [&str; 2]) -> String {
    let (_, compute_id) = attached(world, Route::Extension).await;
    let workspace = compute_id.rsplit_once("/computes/").unwrap().0;
    let id = format!("{workspace}/onlineEndpoints/{ENDPOINT}");
    let arm = world.berth.session(RUNNING_SANDBOX).await.unwrap().arm;
    let endpoint = |traffic: Value| {
        json!({ "location": "westeurope", "identity": { "type": "SystemAssigned" },
            "properties": { "authMode": "Key", "compute": compute_id, "traffic": traffic } })
    };
    put(world, &arm, &id, endpoint(json!({}))).await;
    for (version, model) in ["blue", "green"].into_iter().zip(models) {
        let body = json!({ "location": "westeurope",
            "properties": { "endpointComputeType": "Kubernetes", "model": format!("azureml:{model}:1") } });
        put(world, &arm, &format!("{id}/deployments/{version}"), body).await;
    }
    put(world, &arm, &id, endpoint(json!({ "blue": 100 }))).await;
    id
}

/// What each call of a canary sends.
pub const SAMPLE: &str = r#"{ "rows": ["sample-of-a-caller"] }"#;

/// A canary of version green, with one minute at each step.
pub fn canary(world: &World, endpoint_id: String, steps: &[u8]) -> Change {
    let sample = world.folder.path().join("sample.json");
    std::fs::write(&sample, SAMPLE).unwrap();
    Change::Canary {
        endpoint_id,
        canary: CanarySteps {
            version: "green".to_owned(),
            steps: steps.to_vec(),
            minutes: 1,
        },
        sample: sample.display().to_string(),
    }
}

/// Writes a resource, and lets the time pass that Azure takes for it.
async fn put(world: &World, arm: &Arm, id: &str, body: Value) {
    let path = format!("{id}?api-version=2025-12-01");
    let request = outgoing(Method::PUT, path, Some(body));
    arm.send(&request).await.unwrap();
    world.pass(600).await;
}
