//! Node pools: draining and disruption budgets, numbers of nodes, and what older api-versions know of them.

use crate::common::Az;
use crate::near::{AKS, Way, cluster_body, cluster_id};
use serde_json::{Value, json};

const BUDGETS: &str = "/apis/policy/v1/namespaces/kube-system/poddisruptionbudgets";

fn pool(az: &Az) -> String {
    format!("{}/agentPools/system?{AKS}", cluster_id(az, "aks-ml-prod"))
}

fn budget(name: &str, spec: &Value) -> Value {
    let mut spec = spec.clone();
    spec["selector"] = json!({ "matchLabels": { "app": "coredns" } });
    json!({ "metadata": { "name": name }, "spec": spec })
}

#[tokio::test]
async fn a_budget_has_a_status_and_keeps_nodes_from_being_drained() {
    let az = Az::start().await;
    let way = Way::into(&az, "aks-ml-prod").await;
    let made = way
        .post(BUDGETS, &budget("coredns", &json!({ "minAvailable": "50%" })))
        .await;
    assert_eq!(
        made.expect(201).body["status"],
        json!({ "expectedPods": 2, "currentHealthy": 2, "desiredHealthy": 1, "disruptionsAllowed": 1 })
    );
    let read = async || az.get(&pool(&az)).await.expect(200).body;
    let mut upgraded = read().await;
    upgraded["properties"]["orchestratorVersion"] = json!("1.36");
    let whole = format!("{}?{AKS}", cluster_id(&az, "aks-ml-prod"));
    for (name, spec) in [
        ("strict", json!({ "maxUnavailable": 0 })),
        ("all", json!({ "minAvailable": 2 })),
    ] {
        way.post(BUDGETS, &budget(name, &spec)).await.expect(201);
        let refused = az.put(&pool(&az), upgraded.clone()).await.expect(400);
        assert_eq!(refused.code(), "UnsatisfiablePDB", "{}", refused.body);
        assert!(
            refused.message().contains(&format!("kube-system/{name}")),
            "{}",
            refused.body
        );
        let mut body = az.get(&whole).await.expect(200).body;
        body["properties"]["kubernetesVersion"] = json!("1.36");
        body["properties"]["agentPoolProfiles"][0]["orchestratorVersion"] = json!("1.36");
        assert_eq!(az.put(&whole, body).await.expect(400).code(), "UnsatisfiablePDB");
        let mut fewer = read().await;
        fewer["properties"]["count"] = json!(1);
        let accepted = az.put(&pool(&az), fewer).await.expect(200);
        let end = az.finish(&accepted).await;
        assert_eq!(
            (&end["status"], &end["error"]["code"]),
            (&json!("Failed"), &json!("PodDrainFailure"))
        );
        let mut more = read().await;
        more["properties"]["count"] = json!(3);
        let accepted = az.put(&pool(&az), more).await.expect(200);
        assert_eq!(
            az.finish(&accepted).await["status"],
            "Succeeded",
            "more nodes drain none"
        );
        way.delete(&format!("{BUDGETS}/{name}")).await.expect(200);
    }
    let accepted = az.put(&whole, {
        let mut body = az.get(&whole).await.expect(200).body;
        body["properties"]["kubernetesVersion"] = json!("1.36");
        body
    });
    let accepted = accepted.await.expect(200);
    assert_eq!(az.finish(&accepted).await["status"], "Succeeded");
}

#[tokio::test]
async fn impossible_numbers_of_nodes_and_unknown_locations_are_refused() {
    let az = Az::start().await;
    let with = async |members: Value| {
        let mut body = az.get(&pool(&az)).await.expect(200).body;
        let properties = body["properties"].as_object_mut().unwrap();
        properties.extend(members.as_object().unwrap().clone());
        az.put(&pool(&az), body).await
    };
    for members in [
        json!({ "count": 0, "enableAutoScaling": true, "minCount": 1, "maxCount": 3 }),
        json!({ "count": 2, "enableAutoScaling": true, "minCount": 3, "maxCount": 1 }),
        json!({ "enableAutoScaling": true }),
        json!({ "minCount": 1 }),
        json!({ "count": 1001 }),
        json!({ "count": -1 }),
    ] {
        let refused = with(members.clone()).await.expect(400);
        assert_eq!(refused.code(), "InvalidParameter", "{members}");
    }
    with(json!({ "count": 2, "enableAutoScaling": true, "minCount": 1, "maxCount": 3 }))
        .await
        .expect(200);
    let mut lost = cluster_body("Standard_D4s_v5", 3);
    lost["location"] = json!("atlantis");
    let refused = az
        .put(&format!("{}?{AKS}", cluster_id(&az, "aks-lost")), lost)
        .await;
    assert_eq!(refused.expect(400).code(), "LocationNotAvailableForResourceType");
}

#[tokio::test]
async fn a_command_needs_a_node_that_takes_its_pod() {
    let az = Az::start().await;
    let command = format!("{}/runCommand?{AKS}", cluster_id(&az, "aks-ml-prod"));
    let look = json!({ "command": "kubectl get ns", "context": "" });
    let mut body = az.get(&pool(&az)).await.expect(200).body;
    body["properties"]["powerState"] = Value::Null;
    body["properties"]["nodeTaints"] = json!(["CriticalAddonsOnly=true:NoSchedule"]);
    let tainted = az.put(&pool(&az), body.clone()).await.expect(200);
    az.finish(&tainted).await;
    let refused = az.post(&command, look.clone()).await.expect(400);
    assert_eq!(refused.code(), "KubernetesOperationError", "{}", refused.body);
    body["properties"]["nodeTaints"] = json!([]);
    let open = az.put(&pool(&az), body).await.expect(200);
    az.finish(&open).await;
    az.post(&command, look).await.expect(202);
}

#[tokio::test]
async fn an_older_api_version_does_not_show_what_it_does_not_know() {
    let az = Az::start().await;
    let id = cluster_id(&az, "aks-ml-prod");
    let mut body = az.get(&format!("{id}?{AKS}")).await.expect(200).body;
    body["sku"]["name"] = json!("Automatic");
    body["properties"]["nodeProvisioningProfile"] = json!({ "mode": "Auto" });
    body["properties"]["agentPoolProfiles"][0]["osSKU"] = json!("Ubuntu2404");
    body["properties"]["agentPoolProfiles"][0]["virtualMachineNodesStatus"] = json!([{ "count": 3 }]);
    let changed = az.put(&format!("{id}?{AKS}"), body).await.expect(200);
    az.finish(&changed).await;
    for (version, sku, os, shows) in [
        ("2026-05-01", "Automatic", "Ubuntu2404", true),
        ("2024-02-01", "Base", "Ubuntu", false),
    ] {
        let seen = az
            .get(&format!("{id}?api-version={version}"))
            .await
            .expect(200)
            .body;
        let properties = &seen["properties"];
        let shown = &properties["agentPoolProfiles"][0];
        assert_eq!((&seen["sku"]["name"], &shown["osSKU"]), (&json!(sku), &json!(os)));
        assert_eq!(
            properties["nodeProvisioningProfile"].is_object(),
            shows,
            "{version}"
        );
        let alone = az
            .get(&format!("{id}/agentPools/system?api-version={version}"))
            .await;
        for pool in [shown, &alone.expect(200).body["properties"]] {
            assert_eq!(pool["osSKU"], os);
            assert_eq!(pool["virtualMachineNodesStatus"].is_array(), shows, "{version}");
        }
    }
}
