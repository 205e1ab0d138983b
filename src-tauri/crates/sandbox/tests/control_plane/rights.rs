//! Roles, locks and policies.

use crate::common::Az;
use serde_json::json;

const V: &str = "api-version=2024-03-01";

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
    let giving = |to: &str, kind: &str| json!({"properties": {"roleDefinitionId": role, "principalId": to, "principalType": kind}});
    let nobody = giving("11111111-2222-3333-4444-555555555555", "ServicePrincipal");
    let refused = az.put(&path, nobody).await.expect(400);
    assert_eq!(refused.code(), "PrincipalNotFound");
    let workspace = format!(
        "{}/resourceGroups/rg-ml-prod/providers/Microsoft.MachineLearningServices/workspaces/ml-prod?api-version=2025-12-01",
        az.prod()
    );
    let found = az.get(&workspace).await.expect(200).body;
    let somebody = found["identity"]["principalId"].as_str().unwrap();
    let refused = az.put(&path, giving(somebody, "User")).await.expect(400);
    assert_eq!(refused.code(), "UnmatchedPrincipalType");
    let body = giving(somebody, "ServicePrincipal");
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
    // A Contributor cannot assign roles.
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
    // Where only an audit is assigned, nothing is denied.
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
async fn names_of_tags_are_compared_in_any_case_and_some_are_reserved() {
    let az = Az::start().await;
    let group = format!("{}/resourceGroups/rg-tagged?{V}", az.prod());
    for (tags, code) in [
        (json!({ "team": "a", "Team": "b" }), "InvalidRequestContent"),
        (json!({ "azure-team": "a" }), "InvalidTagName"),
        (json!({ "Microsoft": "a" }), "InvalidTagName"),
    ] {
        let refused = az
            .put(&group, json!({ "location": "westeurope", "tags": tags }))
            .await;
        assert_eq!(refused.expect(400).code(), code);
    }
    az.put(
        &group,
        json!({ "location": "westeurope", "tags": { "team": "a" } }),
    )
    .await
    .expect(201);
}
