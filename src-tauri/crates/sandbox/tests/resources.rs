//! Subscriptions, groups, providers, rights, policy: what Azure Resource Manager does itself.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use berth_sandbox::{Options, Seed};
use common::{Az, fast};
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
async fn api_versions_are_asked_for_and_checked() {
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
async fn what_is_not_there_is_told_apart() {
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
async fn a_group_lives_from_put_to_delete() {
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
    // Another spelling is the same group.
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
async fn providers_are_registered_before_they_are_used() {
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
async fn rights_are_listed_and_enforced() {
    let az = Az::start().await;
    let rights = "providers/Microsoft.Authorization/permissions?api-version=2022-04-01";
    let own = az
        .get(&format!("{}/resourcegroups/rg-ml-prod/{rights}", az.prod()))
        .await
        .expect(200);
    assert_eq!(own.items()[0]["actions"], json!(["*"]));
    let shared = az
        .get(&format!("{}/resourcegroups/rg-lab-shared/{rights}", az.lab()))
        .await
        .expect(200);
    assert_eq!(shared.items().len(), 1);
    assert_eq!(shared.items()[0]["actions"], json!(["*/read"]));
    let vnet = "providers/Microsoft.Network/virtualNetworks/v?api-version=2024-01-01";
    let body = json!({"location": "swedencentral", "properties": {"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}}});
    let refused = az
        .put(
            &format!("{}/resourceGroups/rg-lab-shared/{vnet}", az.lab()),
            body.clone(),
        )
        .await
        .expect(403);
    assert_eq!(refused.code(), "AuthorizationFailed");
    assert!(
        refused
            .message()
            .contains("Microsoft.Network/virtualNetworks/write"),
        "{}",
        refused.message()
    );
    az.put(&format!("{}/resourceGroups/rg-ml-lab/{vnet}", az.lab()), body)
        .await
        .expect(201);
    let new_group = format!("{}/resourceGroups/rg-mine?{V}", az.lab());
    az.put(&new_group, json!({"location": "eastus"}))
        .await
        .expect(403);
}

#[tokio::test]
async fn roles_are_given_once_and_take_effect() {
    let az = Az::start().await;
    let scope = format!("{}/resourceGroups/rg-network-prod", az.prod());
    let name = "0b5fe924-9a61-425c-96af-cfe6e287ca2d";
    let path =
        format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{name}?api-version=2022-04-01");
    let role = format!(
        "{}/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7",
        az.prod()
    );
    let somebody = "11111111-2222-3333-4444-555555555555";
    let body = json!({"properties": {"roleDefinitionId": role, "principalId": somebody, "principalType": "ServicePrincipal"}});
    let made = az.put(&path, body.clone()).await.expect(201);
    assert_eq!(made.body["properties"]["scope"], scope.as_str());
    assert_eq!(
        az.put(&path, body).await.expect(409).code(),
        "RoleAssignmentExists"
    );
    let list = format!(
        "{scope}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=principalId eq '{somebody}'"
    );
    assert_eq!(az.get(&list).await.expect(200).names(), [name]);
    // A contributor cannot give roles.
    let lab = format!(
        "{}/resourceGroups/rg-ml-lab/providers/Microsoft.Authorization/roleAssignments/{name}?api-version=2022-04-01",
        az.lab()
    );
    az.put(&lab, json!({"properties": {}})).await.expect(403);
}

#[tokio::test]
async fn locks_stop_deletes() {
    let az = Az::start().await;
    let group = format!("{}/resourceGroups/rg-network-prod", az.prod());
    let locks = az
        .get(&format!(
            "{group}/providers/Microsoft.Authorization/locks?api-version=2020-05-01"
        ))
        .await
        .expect(200);
    assert_eq!(locks.items()[0]["properties"]["level"], "CanNotDelete");
    let vnet =
        format!("{group}/providers/Microsoft.Network/virtualNetworks/vnet-ml-weu?api-version=2024-01-01");
    assert_eq!(az.delete(&vnet).await.expect(409).code(), "ScopeLocked");
    assert_eq!(
        az.delete(&format!("{group}?{V}")).await.expect(409).code(),
        "ScopeLocked"
    );
    az.get(&vnet).await.expect(200);
}

#[tokio::test]
async fn policies_deny_and_can_be_asked_first() {
    let az = Az::start().await;
    let group = format!("{}/resourceGroups/rg-ml-restricted", az.prod());
    let vnet = format!("{group}/providers/Microsoft.Network/virtualNetworks/v?api-version=2024-01-01");
    let properties = json!({"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}});
    let refused = az
        .put(&vnet, json!({"location": "eastus", "properties": properties}))
        .await
        .expect(403);
    assert_eq!(refused.code(), "RequestDisallowedByPolicy");
    let violations = refused.body["error"]["additionalInfo"].as_array().unwrap();
    assert_eq!(violations.len(), 2, "the location and the tag: {violations:?}");
    assert!(
        violations
            .iter()
            .all(|violation| violation["type"] == "PolicyViolation")
    );
    let fine = json!({"location": "westeurope", "tags": {"cost-center": "42"}, "properties": properties});
    az.put(&vnet, fine).await.expect(201);
    let check =
        format!("{group}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions?api-version=2023-03-01");
    let content =
        json!({"type": "Microsoft.ContainerService/managedClusters", "location": "eastus", "properties": {}});
    let ask = json!({
        "resourceDetails": {"resourceContent": content, "apiVersion": "2026-05-01"},
        "pendingFields": [{"field": "name"}, {"field": "tags"}, {"field": "location", "values": ["eastus", "westeurope"]}],
        "includeAuditEffect": true,
    });
    let seen = az.post(&check, ask).await.expect(200);
    let evaluations = seen.body["contentEvaluationResult"]["policyEvaluations"]
        .as_array()
        .unwrap();
    let effects: Vec<&str> = evaluations
        .iter()
        .map(|found| found["effectDetails"]["policyEffect"].as_str().unwrap())
        .collect();
    assert_eq!(
        effects.iter().filter(|effect| **effect == "Deny").count(),
        2,
        "{evaluations:?}"
    );
    assert_eq!(
        effects.iter().filter(|effect| **effect == "Audit").count(),
        1,
        "{evaluations:?}"
    );
    let fields = seen.body["fieldRestrictions"].as_array().unwrap();
    let of =
        |field: &str| fields.iter().find(|found| found["field"] == field).unwrap()["restrictions"][0].clone();
    assert_eq!(of("tags.cost-center")["result"], "Required");
    assert_eq!(
        (of("location")["result"].clone(), of("location")["values"].clone()),
        (json!("Deny"), json!(["eastus"]))
    );
    // Where nothing is assigned but an audit, nothing is denied.
    let free = format!(
        "{}/resourceGroups/rg-ml-prod/providers/Microsoft.PolicyInsights/checkPolicyRestrictions?api-version=2023-03-01",
        az.prod()
    );
    let seen = az
        .post(&free, json!({"resourceDetails": {"resourceContent": content}}))
        .await
        .expect(200);
    assert_eq!(
        seen.body["contentEvaluationResult"]["policyEvaluations"],
        json!([])
    );
    let balancer = json!({"type": "Microsoft.Network/loadBalancers", "location": "westeurope", "tags": {"cost-center": "1"},
        "properties": {"frontendIPConfigurations": [{"properties": {"publicIPAddress": {"id": "/x"}}}]}});
    let seen = az
        .post(&check, json!({"resourceDetails": {"resourceContent": balancer}}))
        .await
        .expect(200);
    let found = &seen.body["contentEvaluationResult"]["policyEvaluations"];
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
}

#[tokio::test]
async fn assignments_in_force_are_listed_by_scope() {
    let az = Az::start().await;
    let list = "providers/Microsoft.Authorization/policyAssignments?api-version=2024-04-01";
    let restricted = format!("{}/resourceGroups/rg-ml-restricted/{list}", az.prod());
    assert_eq!(az.get(&restricted).await.expect(200).items().len(), 4);
    assert_eq!(
        az.get(&format!("{restricted}&$filter=atExactScope()"))
            .await
            .expect(200)
            .items()
            .len(),
        3
    );
    let free = az
        .get(&format!(
            "{}/resourceGroups/rg-ml-prod/{list}&$filter=atScope()",
            az.prod()
        ))
        .await
        .expect(200);
    assert_eq!(free.names(), ["private-clusters"]);
}

#[tokio::test]
async fn everything_is_listed_and_filtered() {
    let az = Az::start().await;
    let list = format!(
        "{}/resources?{V}&$filter=resourceType eq 'Microsoft.Network/virtualNetworks'",
        az.prod()
    );
    let seen = az.get(&list).await.expect(200);
    assert_eq!(seen.names(), ["vnet-ml-weu"]);
    assert!(seen.items()[0].get("properties").is_none());
    let group = format!("{}/resourceGroups/rg-network-prod/resources?{V}", az.prod());
    assert_eq!(az.get(&group).await.expect(200).names(), ["vnet-ml-weu"]);
    let odd = format!("{}/resources?{V}&$filter=colour eq 'blue'", az.prod());
    az.get(&odd).await.expect(400);
}

#[tokio::test]
async fn cloud_metadata_comes_in_both_forms_without_a_token() {
    let az = Az::start().await;
    let base = az.ready().arm.clone();
    let read = async |version: &str| {
        let url = format!("{base}/metadata/endpoints?api-version={version}");
        common::read(az.http.get(url).send().await.unwrap())
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
async fn ids_of_an_exchange_come_back() {
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
