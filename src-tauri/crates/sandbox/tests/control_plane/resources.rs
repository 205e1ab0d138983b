//! Subscriptions, groups and providers: Azure Resource Manager's own resources.

use crate::common::{Az, fast};
use berth_sandbox::{Options, Seed};
use reqwest::Method;
use serde_json::json;

const V: &str = "api-version=2024-03-01";

#[tokio::test]
async fn subscriptions_tenants_and_locations_are_listed() {
    let az = Az::start().await;
    let seen = az.get("/subscriptions?api-version=2022-12-01").await.expect(200);
    let names: Vec<&str> = seen
        .items()
        .iter()
        .map(|item| item["displayName"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["ML-Prod", "ML-Lab"]);
    assert_eq!(
        az.get(&format!("{}?api-version=2022-12-01", az.prod()))
            .await
            .expect(200)
            .body["state"],
        "Enabled"
    );
    let tenants = az.get("/tenants?api-version=2022-12-01").await.expect(200);
    assert_eq!(tenants.items()[0]["tenantId"], az.ready().tenant_id.as_str());
    let locations = az
        .get(&format!("{}/locations?api-version=2022-12-01", az.prod()))
        .await
        .expect(200);
    let europe = locations
        .items()
        .iter()
        .find(|item| item["name"] == "westeurope")
        .unwrap();
    assert_eq!(europe["metadata"]["pairedRegion"][0]["name"], "northeurope");
    assert_eq!(europe["availabilityZoneMappings"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn api_versions_are_required_and_checked() {
    let az = Az::start().await;
    let prod = az.prod();
    assert_eq!(
        az.get(&format!("{prod}/resourcegroups")).await.expect(400).code(),
        "MissingApiVersionParameter"
    );
    let seen = az
        .get(&format!("{prod}/resourcegroups?api-version=2009-01-01"))
        .await
        .expect(400);
    assert_eq!(seen.code(), "InvalidApiVersionParameter");
    let skus = format!("{prod}/providers/Microsoft.Compute/skus");
    let seen = az
        .get(&format!("{skus}?api-version=2009-01-01"))
        .await
        .expect(400);
    assert_eq!(seen.code(), "NoRegisteredProviderFound");
    assert!(seen.message().contains("2021-07-01"), "{}", seen.message());
    az.get(&format!(
        "{skus}?api-version=2027-03-01&$filter=location eq 'eastus'"
    ))
    .await
    .expect(200);
    let nothing = format!("{prod}/providers/Microsoft.Nothing/things?api-version=2024-01-01");
    assert_eq!(
        az.get(&nothing).await.expect(404).code(),
        "InvalidResourceNamespace"
    );
}

#[tokio::test]
async fn missing_resources_have_specific_errors() {
    let az = Az::start().await;
    let nobody = "/subscriptions/00000000-0000-0000-0000-000000000009";
    assert_eq!(
        az.get(&format!("{nobody}/resourcegroups?{V}"))
            .await
            .expect(404)
            .code(),
        "SubscriptionNotFound"
    );
    let group = format!("{}/resourceGroups/none", az.prod());
    let seen = az.get(&format!("{group}?{V}")).await.expect(404);
    assert_eq!(
        (seen.code(), seen.message()),
        (
            "ResourceGroupNotFound",
            "Resource group 'none' could not be found."
        )
    );
    let vnets = format!("{group}/providers/Microsoft.Network/virtualNetworks?api-version=2024-01-01");
    assert_eq!(az.get(&vnets).await.expect(404).code(), "ResourceGroupNotFound");
    let vnet = format!(
        "{}/resourceGroups/rg-ml-prod/providers/Microsoft.Network/virtualNetworks/none?api-version=2024-01-01",
        az.prod()
    );
    assert_eq!(az.get(&vnet).await.expect(404).code(), "ResourceNotFound");
}

#[tokio::test]
async fn a_group_can_be_created_changed_and_deleted() {
    let az = Az::start().await;
    let path = format!("{}/resourceGroups/rg-new?{V}", az.prod());
    az.send(Method::HEAD, &path, None).await.expect(404);
    assert_eq!(
        az.put(&path, json!({"tags": {}})).await.expect(400).code(),
        "LocationRequired"
    );
    let seen = az.put(&path, json!({"location": "atlantis"})).await.expect(400);
    assert_eq!(seen.code(), "LocationNotAvailableForResourceGroup");
    let made = az
        .put(&path, json!({"location": "West Europe", "tags": {"a": "1"}}))
        .await
        .expect(201);
    assert_eq!(made.body["location"], "westeurope");
    az.put(&path, json!({"location": "westeurope", "tags": {"a": "2"}}))
        .await
        .expect(200);
    let moved = az.put(&path, json!({"location": "eastus"})).await.expect(409);
    assert_eq!(moved.code(), "InvalidResourceGroupLocation");
    az.send(Method::HEAD, &path, None).await.expect(204);
    // Another spelling names the same group.
    let upper = format!("{}/resourcegroups/RG-NEW?{V}", az.prod());
    assert_eq!(az.get(&upper).await.expect(200).body["tags"]["a"], "2");
    let tagged = az
        .get(&format!(
            "{}/resourcegroups?{V}&$filter=tagName eq 'a' and tagValue eq '2'",
            az.prod()
        ))
        .await;
    assert_eq!(tagged.expect(200).names(), ["rg-new"]);
    let vnet = format!(
        "{}/resourceGroups/rg-new/providers/Microsoft.Network/virtualNetworks/v?api-version=2024-01-01",
        az.prod()
    );
    let body = json!({"location": "westeurope", "properties": {"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}}});
    let made = az.put(&vnet, body).await.expect(201);
    az.finish(&made).await;
    let gone = az.delete(&path).await.expect(202);
    assert_eq!(
        az.get(&path).await.body["properties"]["provisioningState"],
        "Deleting"
    );
    let location = gone.header("location").to_string();
    az.wait(&location, |seen| seen.status == 204).await;
    az.get(&path).await.expect(404);
    assert_eq!(az.get(&vnet).await.expect(404).code(), "ResourceGroupNotFound");
}

#[tokio::test]
async fn providers_must_be_registered_before_use() {
    let az = Az::with(Options {
        seed: Seed::Empty,
        ..fast()
    })
    .await;
    let group = format!("{}/resourceGroups/g?{V}", az.prod());
    az.put(&group, json!({"location": "westeurope"}))
        .await
        .expect(201);
    let provider = format!("{}/providers/Microsoft.ContainerService", az.prod());
    let state = az.get(&format!("{provider}?{V}")).await.expect(200);
    assert_eq!(state.body["registrationState"], "NotRegistered");
    let clusters = state.body["resourceTypes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|kind| kind["resourceType"] == "managedClusters");
    assert!(
        clusters.unwrap()["locations"]
            .as_array()
            .unwrap()
            .contains(&json!("West Europe"))
    );
    let cluster = format!(
        "{}/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/k?api-version=2026-05-01",
        az.prod()
    );
    let refused = az
        .put(&cluster, json!({"location": "westeurope"}))
        .await
        .expect(409);
    assert_eq!(refused.code(), "MissingSubscriptionRegistration");
    let begun = az
        .post(&format!("{provider}/register?{V}"), json!({}))
        .await
        .expect(200);
    assert_eq!(begun.body["registrationState"], "Registering");
    az.wait(&format!("{provider}?{V}"), |seen| {
        seen.body["registrationState"] == "Registered"
    })
    .await;
    let all = az.get(&format!("{}/providers?{V}", az.prod())).await.expect(200);
    assert!(all.items().len() >= 7);
}

#[tokio::test]
async fn everything_is_listed_and_filtered() {
    let az = Az::start().await;
    let list = format!(
        "{}/resources?{V}&$filter=resourceType eq 'Microsoft.Network/virtualNetworks'",
        az.prod()
    );
    let seen = az.get(&list).await.expect(200);
    assert_eq!(
        seen.names().len(),
        2,
        "the one of the platform team and the one a cluster brought"
    );
    assert!(seen.items()[0].get("properties").is_none());
    let group = format!("{}/resourceGroups/rg-network-prod/resources?{V}", az.prod());
    assert_eq!(az.get(&group).await.expect(200).names(), ["vnet-ml-weu"]);
    let odd = format!("{}/resources?{V}&$filter=colour eq 'blue'", az.prod());
    az.get(&odd).await.expect(400);
}

#[tokio::test]
async fn cloud_metadata_is_public_and_has_both_formats() {
    let az = Az::start().await;
    let base = az.ready().arm.clone();
    let read = async |version: &str| {
        let url = format!("{base}/metadata/endpoints?api-version={version}");
        crate::common::read(az.http.get(url).send().await.unwrap())
            .await
            .expect(200)
            .body
    };
    assert_eq!(read("2022-09-01").await["resourceManager"], format!("{base}/"));
    assert_eq!(
        read("2019-05-01").await[0]["authentication"]["loginEndpoint"],
        base.as_str()
    );
}

#[tokio::test]
async fn request_ids_are_returned() {
    let az = Az::start().await;
    let path = format!("{}?api-version=2022-12-01", az.prod());
    let headers = [
        ("x-ms-correlation-request-id", "7f3c"),
        ("x-ms-client-request-id", "8a4d"),
        ("x-ms-return-client-request-id", "true"),
    ];
    let seen = az.send_with(Method::GET, &path, None, &headers).await.expect(200);
    assert_eq!(seen.header("x-ms-correlation-request-id"), "7f3c");
    assert_eq!(seen.header("x-ms-client-request-id"), "8a4d");
    assert!(!seen.header("x-ms-request-id").is_empty());
    let seen = az.get(&path).await;
    assert_eq!(seen.header("x-ms-client-request-id"), "");
    assert!(!seen.header("x-ms-correlation-request-id").is_empty());
}
