//! A cluster from creation to deletion.

use crate::common::{Az, fast};
use crate::near::{
    AKS, EXT, ML, Way, classic_body, cluster_body, cluster_id, compute_id, extension_body, extension_id,
    main_group,
};
use berth_sandbox::Options;
use serde_json::json;

#[tokio::test]
async fn a_cluster_is_created_and_deleted_with_its_resources() {
    // Slow enough that the second request meets the first one's operation even on a busy machine.
    let az = Az::with(Options {
        time_scale: 60.0,
        ..fast()
    })
    .await;
    let id = cluster_id(&az, "aks-new");
    let path = format!("{id}?{AKS}");
    let seen = az
        .put(&path, cluster_body("Standard_D4s_v5", 3))
        .await
        .expect(201);
    assert_eq!(seen.body["properties"]["provisioningState"], "Creating");
    let busy = az
        .put(&path, cluster_body("Standard_D4s_v5", 4))
        .await
        .expect(409);
    assert_eq!(
        (busy.code(), busy.body["code"].as_str()),
        ("OperationNotAllowed", Some("OperationNotAllowed"))
    );
    assert_eq!(az.finish(&seen).await["status"], "Succeeded");
    let made = az.get(&path).await.expect(200).body;
    assert_eq!(made["properties"]["provisioningState"], "Succeeded");
    assert_eq!(made["properties"]["currentKubernetesVersion"], "1.35.4");
    let again = az.put(&path, cluster_body("Standard_D4s_v5", 3)).await;
    az.finish(&again.expect(200)).await;
    let same = az.get(&path).await.expect(200).body;
    assert_eq!(
        same["properties"]["currentKubernetesVersion"], "1.35.4",
        "it is the service's to say, whatever is sent"
    );
    let group = made["properties"]["nodeResourceGroup"].as_str().unwrap();
    let network = format!("{}/resourceGroups/{group}/providers/Microsoft.Network", az.prod());
    let balancers = az
        .get(&format!("{network}/loadBalancers?api-version=2024-01-01"))
        .await;
    assert_eq!(balancers.names(), ["kubernetes"]);
    let networks = az
        .get(&format!("{network}/virtualNetworks?api-version=2024-01-01"))
        .await;
    assert_eq!(
        networks.items()[0]["properties"]["subnets"][0]["name"],
        "aks-subnet"
    );
    let gone = az.delete(&path).await.expect(202);
    az.finish(&gone).await;
    az.get(&path).await.expect(404);
    az.get(&format!(
        "{}/resourceGroups/{group}?api-version=2024-03-01",
        az.prod()
    ))
    .await
    .expect(404);
}

const GROUP: &str = "api-version=2024-03-01";

#[tokio::test]
async fn deleting_a_group_deletes_the_objects_of_its_clusters() {
    let az = Az::start().await;
    let path = format!("{}?{AKS}", cluster_id(&az, "aks-ml-prod"));
    let way = Way::into(&az, "aks-ml-prod").await;
    way.post("/api/v1/namespaces", &json!({ "metadata": { "name": "models" } }))
        .await
        .expect(201);
    let attach = classic_body(&cluster_id(&az, "aks-ml-prod"), json!({}));
    let attached = az
        .put(&format!("{}?{ML}", compute_id(&az, "by-test")), attach)
        .await
        .expect(201);
    assert_eq!(az.finish(&attached).await["status"], "Succeeded");
    way.front_end("default").await;
    let group = format!("{}?{GROUP}", main_group(&az));
    az.delete(&group).await.expect(202);
    az.wait(&group, |seen| seen.status == 404).await;

    az.put(&group, json!({ "location": "westeurope" }))
        .await
        .expect(201);
    let made = az
        .put(&path, cluster_body("Standard_D4s_v5", 3))
        .await
        .expect(201);
    az.finish(&made).await;
    let way = Way::into(&az, "aks-ml-prod").await;
    way.get("/api/v1/namespaces/models").await.expect(404);
    way.get("/api/v1/namespaces/default/services/azureml-fe")
        .await
        .expect(404);
}

#[tokio::test]
async fn operations_end_with_their_resource() {
    let az = Az::with(Options {
        step: true,
        ..Options::default()
    })
    .await;
    let step = json!({ "seconds": 120 });
    let path = format!("{}?{AKS}", cluster_id(&az, "aks-ml-prod"));
    let extension = format!("{}?{EXT}", extension_id(&az, "aks-ml-prod"));
    let installing = az
        .put(&extension, extension_body(json!({}), json!({})))
        .await
        .expect(201);
    let deleting = az.delete(&path).await.expect(202);
    let group = format!("{}?{GROUP}", main_group(&az));
    az.delete(&group).await.expect(202);
    az.post("/_sandbox/step", step.clone()).await.expect(200);
    az.get(&group).await.expect(404);
    assert_eq!(az.finish(&deleting).await["status"], "Succeeded");

    az.put(&group, json!({ "location": "westeurope" }))
        .await
        .expect(201);
    az.put(&path, cluster_body("Standard_D4s_v5", 3))
        .await
        .expect(201);
    assert_eq!(az.finish(&installing).await["status"], "Canceled");
    az.put(&extension, extension_body(json!({}), json!({})))
        .await
        .expect(201);
}

#[tokio::test]
async fn impossible_requests_are_refused_in_the_services_words() {
    let az = Az::start().await;
    let path = format!("{}?{AKS}", cluster_id(&az, "aks-new"));
    let mut old = cluster_body("Standard_D4s_v5", 3);
    old["properties"]["kubernetesVersion"] = json!("1.29");
    assert_eq!(
        az.put(&path, old).await.expect(400).code(),
        "K8sVersionNotSupported"
    );
    let mut long_term = cluster_body("Standard_D4s_v5", 3);
    long_term["properties"]["kubernetesVersion"] = json!("1.33");
    assert_eq!(
        az.put(&path, long_term).await.expect(400).code(),
        "K8sVersionNotSupported"
    );
    let unknown = az.put(&path, cluster_body("Standard_Q9", 3)).await.expect(400);
    assert_eq!(unknown.code(), "VMSizeNotSupported");
    let mut basic = cluster_body("Standard_D4s_v5", 3);
    basic["properties"]["networkProfile"] = json!({ "loadBalancerSku": "basic" });
    assert_eq!(
        az.put(&path, basic).await.expect(400).code(),
        "BasicLoadBalancerNotSupported"
    );
    let mut short = cluster_body("Standard_D4s_v5", 3);
    short["location"] = json!("northeurope");
    let short = az.put(&path, short).await.expect(400);
    assert_eq!(short.code(), "ErrCode_InsufficientVCPUQuota");
    assert!(
        short.message().contains("requested 12, remaining 11"),
        "{}",
        short.message()
    );
    az.get(&path).await.expect(404);
}

#[tokio::test]
async fn pools_are_scaled_and_versions_offered() {
    let az = Az::start().await;
    let pool = format!("{}/agentPools/system?{AKS}", cluster_id(&az, "aks-ml-small"));
    let mut body = az.get(&pool).await.expect(200).body;
    body["properties"]["count"] = json!(3);
    let seen = az.put(&pool, body).await.expect(200);
    az.finish(&seen).await;
    assert_eq!(az.get(&pool).await.body["properties"]["count"], 3);
    let upgrades = az
        .get(&format!(
            "{}/upgradeProfiles/default?{AKS}",
            cluster_id(&az, "aks-ml-prod")
        ))
        .await
        .expect(200);
    assert_eq!(
        upgrades.body["properties"]["controlPlaneProfile"]["upgrades"][0]["kubernetesVersion"],
        "1.36.1"
    );
    let versions = az
        .get(&format!(
            "{}/providers/Microsoft.ContainerService/locations/westeurope/kubernetesVersions?{AKS}",
            az.prod()
        ))
        .await
        .expect(200);
    assert!(
        versions.body["values"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["isDefault"] == json!(true))
    );
    let clusters = az
        .get(&format!(
            "{}/providers/Microsoft.ContainerService/managedClusters?{AKS}",
            main_group(&az)
        ))
        .await;
    assert_eq!(clusters.names(), ["aks-ml-prod", "aks-ml-small"]);
}

#[tokio::test]
async fn long_term_support_needs_the_premium_tier_and_stays_after_community_support() {
    let az = Az::start().await;
    let path = format!("{}?{AKS}", cluster_id(&az, "aks-old"));
    let body = |version: &str, plan: &str, tier: &str| {
        let mut body = cluster_body("Standard_D4s_v5", 3);
        body["sku"]["tier"] = json!(tier);
        body["properties"]["supportPlan"] = json!(plan);
        body["properties"]["kubernetesVersion"] = json!(version);
        body
    };
    let (long_term, community) = ("AKSLongTermSupport", "KubernetesOfficial");
    let refused = [
        ("1.32", community, "Standard", "K8sVersionNotSupported"),
        ("1.32", long_term, "Standard", "InvalidParameter"),
        ("1.37", long_term, "Premium", "K8sVersionNotSupported"),
    ];
    for (version, plan, tier, code) in refused {
        let seen = az.put(&path, body(version, plan, tier)).await.expect(400);
        assert_eq!(seen.code(), code, "{version} {plan} {tier}");
    }
    let made = az
        .put(&path, body("1.32", long_term, "Premium"))
        .await
        .expect(201);
    assert_eq!(az.finish(&made).await["status"], "Succeeded");
    let leaves = az
        .put(&path, body("1.32", community, "Standard"))
        .await
        .expect(400);
    assert_eq!(leaves.code(), "K8sVersionNotSupported");
}

#[tokio::test]
async fn a_workspace_is_trusted_by_a_binding() {
    let az = Az::start().await;
    let binding = format!(
        "{}/trustedAccessRoleBindings/ml?{AKS}",
        cluster_id(&az, "aks-ml-prod")
    );
    let workspace = format!(
        "{}/providers/Microsoft.MachineLearningServices/workspaces/ml-prod",
        main_group(&az)
    );
    let body = |role: &str| json!({ "properties": { "sourceResourceId": workspace, "roles": [role] } });
    let role = "Microsoft.MachineLearningServices/workspaces/mlworkload";
    assert_eq!(
        az.put(&binding, body("Microsoft.Nothing/anything"))
            .await
            .expect(400)
            .code(),
        "InvalidParameter"
    );
    az.put(&binding, body(role)).await.expect(201);
    az.put(&binding, body(role)).await.expect(200);
    let all = az
        .get(&format!(
            "{}/trustedAccessRoleBindings?{AKS}",
            cluster_id(&az, "aks-ml-prod")
        ))
        .await
        .expect(200);
    assert_eq!(all.names(), ["ml"]);
    az.delete(&binding).await.expect(200);
    az.delete(&binding).await.expect(204);
    let roles = format!(
        "{}/providers/Microsoft.ContainerService/locations/westeurope/trustedAccessRoles?{AKS}",
        az.prod()
    );
    assert_eq!(az.get(&roles).await.expect(200).names(), ["mlworkload"]);
    let sizes = format!(
        "{}/providers/Microsoft.MachineLearningServices/locations/westeurope/vmSizes?api-version=2025-12-01",
        az.prod()
    );
    assert!(!az.get(&sizes).await.expect(200).items().is_empty());
}
