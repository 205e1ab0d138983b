//! How tests control the sandbox: time steps, faults, limits, the status page.

use crate::common::{Az, fast};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_sandbox::Options;
use reqwest::Method;
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
async fn a_claims_challenge_names_the_missing_claim() {
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
        .get(format!(
            "{}/_sandbox/?token={}",
            az.ready().arm,
            az.ready().control_token
        ))
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
async fn two_concurrent_creates_make_one_cluster() {
    let az = Az::with(Options { step: true, ..fast() }).await;
    let path = format!("{}?{AKS}", cluster(&az, "aks-both"));
    let (one, other) = tokio::join!(az.put(&path, body()), az.put(&path, body()));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{} {}", one.body, other.body);
}

#[tokio::test]
async fn an_answer_is_truncated() {
    let az = Az::start().await;
    az.fault(json!({ "do": { "truncate": true } })).await;
    let url = format!("{}{}?{AKS}", az.ready().arm, cluster(&az, "aks-ml-prod"));
    let ask = || async { az.http.get(&url).bearer_auth(&az.token).send().await.unwrap() };
    let half = ask().await.text().await.unwrap();
    let whole = ask().await.text().await.unwrap();
    assert!(serde_json::from_str::<Value>(&half).is_err(), "{half}");
    assert!(serde_json::from_str::<Value>(&whole).is_ok(), "{whole}");
}

#[tokio::test]
async fn an_answer_is_garbled_or_oversized() {
    let az = Az::start().await;
    let url = format!("{}{}?{AKS}", az.ready().arm, cluster(&az, "aks-ml-prod"));
    let ask = || async { az.http.get(&url).bearer_auth(&az.token).send().await.unwrap() };
    let whole = ask().await.text().await.unwrap();
    az.fault(json!({ "do": { "garble": true } })).await;
    let garbled = ask().await.text().await.unwrap();
    assert!(
        serde_json::from_str::<Value>(&garbled).is_err() && garbled.ends_with(&whole),
        "{garbled}"
    );
    az.fault(json!({ "do": { "pad_to_mib": 2 } })).await;
    let padded = ask().await.text().await.unwrap();
    assert!(padded.len() == 2 << 20 && padded.trim_end() == whole);
}

#[tokio::test]
async fn a_redirect_keeps_the_path_and_skips_the_handler() {
    let az = Az::start().await;
    az.fault(json!({ "match": { "method": "PUT" }, "do": { "redirect": "https://127.0.0.1:9/" } }))
        .await;
    let path = format!("{}?{AKS}", cluster(&az, "aks-elsewhere"));
    let answer = az.put(&path, body()).await.expect(307);
    assert_eq!(answer.header("location"), format!("https://127.0.0.1:9{path}"));
    az.get(&path).await.expect(404);
}

#[tokio::test]
async fn an_answer_is_lost_although_the_request_was_handled() {
    let az = Az::start().await;
    az.fault(json!({ "match": { "method": "PUT" }, "do": { "lose_answer": true } }))
        .await;
    let path = format!("{}?{AKS}", cluster(&az, "aks-lost"));
    let url = format!("{}{path}", az.ready().arm);
    let sent = az.http.put(url).bearer_auth(&az.token).json(&body()).send().await;
    assert!(sent.is_err(), "{sent:?}");
    az.get(&path).await.expect(200);
}

#[tokio::test]
async fn an_expired_operation_answers_404_and_continues() {
    let az = Az::with(Options { step: true, ..fast() }).await;
    az.fault(json!({ "match": { "path": "/operations/" }, "do": { "expire_bookmark": true } }))
        .await;
    let path = format!("{}?{AKS}", cluster(&az, "aks-forgotten"));
    let seen = az.put(&path, body()).await.expect(201);
    let status = seen.header("azure-asyncoperation").to_owned();
    az.get(&status).await.expect(404);
    az.get(&status).await.expect(404);
    az.post("/_sandbox/step", Value::Null).await.expect(200);
    let made = az.get(&path).await.expect(200);
    assert_eq!(made.body["properties"]["provisioningState"], "Succeeded");
}

#[tokio::test]
async fn a_request_is_held_before_or_after_it_is_handled() {
    let az = Az::start().await;
    let mut held = az.sandbox.held_requests();
    for (hold, there) in [("before", 404), ("after", 200)] {
        az.fault(json!({ "match": { "method": "PUT" }, "do": { "hold": hold } }))
            .await;
        let path = format!("{}?{AKS}", cluster(&az, &format!("aks-{hold}")));
        {
            let made = body();
            let mut sending = Box::pin(az.put(&path, made));
            tokio::select! {
                seen = &mut sending => panic!("it was not held: {}", seen.status),
                list = held.wait_for(|list| !list.is_empty()) => drop(list.unwrap()),
            }
            let list = az.get("/_sandbox/held").await.expect(200);
            assert_eq!(list.body["held"][0]["hold"], hold);
        }
        // The client disconnected and took its request along.
        held.wait_for(Vec::is_empty).await.unwrap();
        az.get(&path).await.expect(there);
    }
}

#[tokio::test]
async fn a_released_request_continues() {
    let az = Az::start().await;
    az.fault(json!({ "match": { "method": "PUT" }, "do": { "hold": "before" } }))
        .await;
    let path = format!("{}?{AKS}", cluster(&az, "aks-released"));
    let mut held = az.sandbox.held_requests();
    let release = async {
        held.wait_for(|list| !list.is_empty()).await.unwrap();
        az.delete("/_sandbox/held").await.expect(204);
    };
    let (seen, ()) = tokio::join!(az.put(&path, body()), release);
    seen.expect(201);
}

#[tokio::test]
async fn a_snapshot_can_be_restored() {
    let az = Az::with(Options { step: true, ..fast() }).await;
    let path = format!("{}?{AKS}", cluster(&az, "aks-remembered"));
    let before = az.sandbox.snapshot();
    let seen = az.put(&path, body()).await.expect(201);
    let under_way = az.sandbox.snapshot();
    let status = seen.header("azure-asyncoperation").to_owned();
    az.post("/_sandbox/step", Value::Null).await.expect(200);
    assert_eq!(az.get(&status).await.body["status"], "Succeeded");
    az.sandbox.restore(&under_way).await.unwrap();
    assert_eq!(az.get(&status).await.body["status"], "InProgress");
    az.sandbox.restore(&before).await.unwrap();
    az.get(&path).await.expect(404);
}

#[tokio::test]
async fn the_control_pages_need_the_token_and_the_same_origin() {
    let az = Az::with(Options { step: true, ..fast() }).await;
    let base = &az.ready().arm;
    let token = &az.ready().control_token;
    let pages = [
        (Method::GET, "/_sandbox/"),
        (Method::GET, "/_sandbox/state"),
        (Method::POST, "/_sandbox/step"),
        (Method::DELETE, "/_sandbox/sessions"),
        (Method::PUT, "/_sandbox/faults"),
        (Method::DELETE, "/_sandbox/faults"),
        (Method::PUT, "/_sandbox/front-ends"),
        (Method::DELETE, "/_sandbox/held"),
    ];
    for (method, path) in pages {
        let ask = || az.http.request(method.clone(), format!("{base}{path}"));
        for (what, request) in [
            ("nothing", ask()),
            ("a token of Azure", ask().bearer_auth(&az.token)),
            ("part of it", ask().bearer_auth(&token[..20])),
            (
                "another site",
                ask().bearer_auth(token).header("origin", "https://evil.example"),
            ),
            (
                "another host",
                ask().bearer_auth(token).header("host", "evil.example"),
            ),
        ] {
            assert_eq!(request.send().await.unwrap().status(), 403, "{path} with {what}");
        }
    }
    for request in [
        az.http.get(format!("{base}/_sandbox/state")).bearer_auth(token),
        az.http
            .get(format!("{base}/_sandbox/state"))
            .header("x-berth-sandbox-token", token),
        az.http.get(format!("{base}/_sandbox/state?token={token}")),
    ] {
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn front_ends_of_an_unknown_cluster_are_not_found() {
    let az = Az::start().await;
    let unknown = json!({ "cluster": cluster(&az, "aks-nowhere"), "sticks": 1 });
    let refused = az.put("/_sandbox/front-ends", unknown).await.expect(404);
    assert_eq!(refused.code(), "FrontEndNotFound");
    az.put("/_sandbox/front-ends", json!({ "sticks": 0 }))
        .await
        .expect(204);
}
