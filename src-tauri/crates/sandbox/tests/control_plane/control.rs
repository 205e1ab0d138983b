//! What a person steers the sandbox by: steps of time, faults, limits, the page.

use crate::common::{Az, fast};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_sandbox::Options;
use serde_json::{Value, json};

const AKS: &str = "api-version=2026-05-01";

fn cluster(az: &Az, name: &str) -> String {
    format!(
        "{}/resourceGroups/rg-ml-prod/providers/Microsoft.ContainerService/managedClusters/{name}",
        az.prod()
    )
}

fn body() -> Value {
    json!({ "location": "westeurope", "identity": { "type": "SystemAssigned" }, "properties": { "dnsPrefix": "x",
        "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 1, "vmSize": "Standard_D4s_v5" }] } })
}

#[tokio::test]
async fn time_stands_still_until_it_is_stepped() {
    let az = Az::with(Options { step: true, ..fast() }).await;
    let path = format!("{}?{AKS}", cluster(&az, "aks-step"));
    let seen = az.put(&path, body()).await.expect(201);
    let status = seen.header("azure-asyncoperation").to_owned();
    for _ in 0..3 {
        assert_eq!(az.get(&status).await.body["status"], "InProgress");
    }
    az.post("/_sandbox/step", json!({ "seconds": 150 }))
        .await
        .expect(200);
    assert_eq!(az.get(&status).await.body["percentComplete"], 50.0);
    az.post("/_sandbox/step", Value::Null).await.expect(200);
    assert_eq!(az.get(&status).await.body["status"], "Succeeded");
    let running = Az::start().await;
    assert_eq!(
        running
            .post("/_sandbox/step", Value::Null)
            .await
            .expect(409)
            .code(),
        "NotStepping"
    );
}

#[tokio::test]
async fn aks_throttles_as_documented() {
    let az = Az::with(Options {
        time_scale: 1.0,
        ..fast()
    })
    .await;
    let path = format!("{}?{AKS}", cluster(&az, "aks-ml-prod"));
    let mut refused = None;
    for _ in 0..300 {
        let seen = az.get(&path).await;
        if seen.status == 429 {
            refused = Some(seen);
            break;
        }
    }
    let refused = refused.expect("60 at once and 1 a second are allowed");
    assert_eq!(
        (refused.code(), refused.body["code"].as_str()),
        ("Throttled", Some("Throttled"))
    );
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    az.get(&format!("{}?{AKS}", cluster(&az, "aks-ml-small")))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_claims_challenge_says_what_is_missing() {
    let az = Az::start().await;
    az.fault(json!({ "match": { "method": "PUT" }, "do": { "claims_challenge": "c1" } }))
        .await;
    let path = format!("{}/resourceGroups/rg-x?api-version=2024-03-01", az.prod());
    let seen = az
        .put(&path, json!({ "location": "westeurope" }))
        .await
        .expect(401);
    let header = seen.header("www-authenticate").to_owned();
    let claims = header.split("claims=\"").nth(1).unwrap().trim_end_matches('"');
    let claims: Value = serde_json::from_slice(&STANDARD.decode(claims).unwrap()).unwrap();
    assert_eq!(claims["access_token"]["acrs"]["value"], "c1");
    az.put(&path, json!({ "location": "westeurope" }))
        .await
        .expect(201);
}

#[tokio::test]
async fn the_page_shows_the_estate_and_the_last_requests() {
    let az = Az::start().await;
    az.get(&format!("{}?{AKS}", cluster(&az, "aks-nowhere")))
        .await
        .expect(404);
    let page = az
        .http
        .get(format!("{}/_sandbox/", az.ready().arm))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        page.contains("aks-ml-prod") && page.contains("aks-nowhere") && page.contains("<td>404"),
        "{page}"
    );
}

#[tokio::test]
async fn two_clients_at_once_get_one_cluster() {
    let az = Az::with(Options { step: true, ..fast() }).await;
    let path = format!("{}?{AKS}", cluster(&az, "aks-both"));
    let (one, other) = tokio::join!(az.put(&path, body()), az.put(&path, body()));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{} {}", one.body, other.body);
}
