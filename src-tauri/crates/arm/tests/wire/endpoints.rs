//! Endpoints: whose API is asked, which response counts, and how much is kept.

use super::{ALONE, arm};
use crate::server::{Reply, Server};
use berth_arm::resources::computes::Budget;
use berth_arm::resources::endpoints::{get_online, get_service, list_online, list_services};
use berth_arm::{ArmError, Pages};
use serde_json::json;
use std::sync::{Arc, OnceLock};

const WORKSPACE: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/ml";

/// Answers as the workspace, its discovery document and its service `churn`, all at `base`.
fn classic(request: &str, base: &str, service: &str) -> Reply {
    let path = request.split(' ').nth(1).unwrap_or_default();
    let body = if path.starts_with("/subscriptions/") {
        json!({ "id": WORKSPACE, "properties": { "discoveryUrl": format!("{base}/discovery") } }).to_string()
    } else if path.starts_with("/discovery") {
        json!({ "modelmanagement": base }).to_string()
    } else {
        service.to_owned()
    };
    Reply::json(200, "", &body)
}

#[tokio::test]
async fn an_api_of_services_at_another_host_gets_no_token() {
    let other = Server::start(|_| Reply::json(200, "", r#"{"value":[]}"#)).await;
    let elsewhere = other.url.clone();
    let announced = Server::start(move |request| classic(request, &elsewhere, "{}")).await;
    let elsewhere = other.url.clone();
    let named =
        Server::start(move |_| Reply::json(200, "", &json!({ "modelmanagement": elsewhere }).to_string()))
            .await;
    let discovery = format!("{}/discovery", named.url);
    for (server, discovery) in [(&announced, None), (&named, Some(discovery.as_str()))] {
        let mut pages = Pages::default();
        let arm = arm(server);
        let list = list_services(&arm, WORKSPACE, discovery, &Budget::default(), &mut pages).await;
        assert!(matches!(list, Err(ArmError::Elsewhere { .. })), "{list:?}");
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_response_counts_only_for_the_endpoint_that_was_requested() {
    for (body, expected) in [
        (json!({ "name": "churn", "computeType": "AKS" }), Some(true)),
        (
            json!({ "name": "CHURN", "computeType": "AKSENDPOINT" }),
            Some(true),
        ),
        (json!({ "name": "churn", "computeType": "ACI" }), Some(false)),
        (json!({ "name": "other", "computeType": "AKS" }), None),
        (json!({ "computeType": "AKS" }), None),
        (json!([]), None),
    ] {
        let (answer, base) = (body.to_string(), Arc::new(OnceLock::<String>::new()));
        let own = Arc::clone(&base);
        let server = Server::start(move |request| {
            let base = own.get().map(String::as_str).unwrap_or_default();
            classic(request, base, &answer)
        })
        .await;
        base.set(server.url.clone()).unwrap();
        let found = get_service(&arm(&server), WORKSPACE, None, "churn").await;
        let found = found.map(|found| found.is_some());
        assert_eq!(found.ok(), expected, "{body}");
    }
    let id = format!("{WORKSPACE}/onlineEndpoints/fraud");
    let other = json!({ "id": format!("{WORKSPACE}/onlineEndpoints/other"), "name": "fraud" }).to_string();
    let server = Server::start(move |_| Reply::json(200, "", &other)).await;
    let found = get_online(&arm(&server), &id).await;
    assert!(matches!(found, Err(ArmError::BadAnswer { .. })), "{found:?}");
}

#[tokio::test]
async fn endpoints_of_all_lists_share_one_memory_limit() {
    let _alone = ALONE.lock().await;
    let long = "x".repeat(1024 * 1024);
    let endpoint = json!({ "name": "fraud", "properties": { "scoringUri": long } }).to_string();
    let body = format!(r#"{{"value":[{}]}}"#, vec![endpoint; 9].join(","));
    let server = Server::start(move |_| Reply::json(200, "", &body)).await;
    let (arm, budget) = (arm(&server), Budget::default());
    let mut pages = Pages::default();
    list_online(&arm, WORKSPACE, &budget, &mut pages).await.unwrap();
    assert_eq!(pages.items.len(), 9);
    let error = list_online(&arm, WORKSPACE, &budget, &mut pages)
        .await
        .unwrap_err();
    assert!(
        error.chain().contains("the limit for all lists together"),
        "{error:?}"
    );
}
