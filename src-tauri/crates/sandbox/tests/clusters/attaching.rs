//! The classic route: attaching, refusals, the front end, detaching.

use crate::common::Az;
use crate::near::{AKS, ML, Way, ask, classic_body, cluster_body, cluster_id, compute_id, main_group, pair};
use serde_json::{Value, json};

async fn attach(az: &Az, name: &str, cluster: &str, properties: Value) -> Value {
    let path = format!("{}?{ML}", compute_id(az, name));
    let seen = az
        .put(&path, classic_body(&cluster_id(az, cluster), properties))
        .await;
    assert!(seen.status == 201 || seen.status == 200, "{}", seen.body);
    az.finish(&seen).await
}

#[tokio::test]
async fn the_front_end_serves_the_applied_certificate() {
    let az = Az::start().await;
    let (cert, key) = pair("ml.contoso.com");
    let ssl = json!({ "status": "Enabled", "cname": "ml.contoso.com", "cert": cert, "key": key });
    let end = attach(
        &az,
        "ml-serving",
        "aks-ml-prod",
        json!({ "clusterPurpose": "FastProd", "sslConfiguration": ssl }),
    )
    .await;
    assert_eq!(end["status"], "Succeeded", "{end}");
    let compute = az
        .get(&format!("{}?{ML}", compute_id(&az, "ml-serving")))
        .await
        .expect(200)
        .body;
    assert!(
        !compute.to_string().contains("PRIVATE KEY"),
        "keys are never answered"
    );
    assert_eq!(
        compute["properties"]["properties"]["sslConfiguration"]["cname"],
        "ml.contoso.com"
    );
    let way = Way::into(&az, "aks-ml-prod").await;
    let service = way.front_end("default").await;
    assert_eq!(
        ask(&service, "ml.contoso.com", Some(&cert)).await.unwrap(),
        (200, "Healthy".to_string())
    );
    let (other, _) = pair("ml.contoso.com");
    assert!(
        ask(&service, "ml.contoso.com", Some(&other)).await.is_err(),
        "another certificate is not what it shows"
    );
    let listed = az
        .post(
            &format!("{}/listKeys?{ML}", compute_id(&az, "ml-serving")),
            Value::Null,
        )
        .await
        .expect(200);
    assert!(
        listed.body["adminKubeConfig"]
            .as_str()
            .unwrap()
            .contains("client-key-data")
    );
}

#[tokio::test]
async fn a_cluster_too_small_for_production_fails_as_documented() {
    let az = Az::start().await;
    let end = attach(
        &az,
        "small",
        "aks-ml-small",
        json!({ "clusterPurpose": "FastProd" }),
    )
    .await;
    assert_eq!(end["status"], "Failed");
    assert!(
        end["error"]["message"]
            .as_str()
            .unwrap()
            .contains("at least 12 cores"),
        "{end}"
    );
    let made = az
        .put(
            &format!("{}?{AKS}", cluster_id(&az, "aks-two")),
            cluster_body("Standard_D8s_v5", 2),
        )
        .await
        .expect(201);
    az.finish(&made).await;
    let end = attach(&az, "two", "aks-two", json!({})).await;
    assert!(
        end["error"]["message"]
            .as_str()
            .unwrap()
            .contains("At least 3 machine(s) are required"),
        "{end}"
    );
    let end = attach(
        &az,
        "small",
        "aks-ml-small",
        json!({ "clusterPurpose": "DevTest" }),
    )
    .await;
    assert_eq!(end["status"], "Succeeded", "the same name can be used again");
}

#[tokio::test]
async fn an_internal_load_balancer_uses_the_named_subnet() {
    let az = Az::start().await;
    let wish = json!({ "clusterPurpose": "FastProd", "loadBalancerType": "InternalLoadBalancer", "loadBalancerSubnet": "snet-nowhere" });
    let end = attach(&az, "inner", "aks-ml-prod", wish.clone()).await;
    assert_eq!(end["error"]["code"], "SubnetNotFound", "{end}");
    let mut wish = wish;
    wish["loadBalancerSubnet"] = json!("snet-ilb");
    assert_eq!(
        attach(&az, "inner", "aks-ml-prod", wish).await["status"],
        "Succeeded"
    );
    let service = Way::into(&az, "aks-ml-prod").await.front_end("default").await;
    assert_eq!(
        service["metadata"]["annotations"]["service.beta.kubernetes.io/azure-load-balancer-internal"],
        "true"
    );
    let group = format!(
        "{}/resourceGroups/MC_rg-ml-prod_aks-ml-prod_westeurope",
        az.prod()
    );
    let at = format!(
        "{group}/providers/Microsoft.Network/loadBalancers/kubernetes-internal?api-version=2024-01-01"
    );
    let front =
        az.get(&at).await.expect(200).body["properties"]["frontendIPConfigurations"][0]["properties"].clone();
    assert_eq!(
        front["privateIPAddress"],
        service["status"]["loadBalancer"]["ingress"][0]["ip"]
    );
    assert!(front["subnet"]["id"].as_str().unwrap().ends_with("/snet-ilb"));
    assert_eq!(ask(&service, "any.example", None).await.unwrap().0, 200);
}

#[tokio::test]
async fn a_second_attachment_breaks_the_first_and_detaching_leaves_things_behind() {
    let az = Az::start().await;
    attach(&az, "first", "aks-ml-prod", json!({})).await;
    attach(&az, "second", "aks-ml-prod", json!({})).await;
    let first = az.get(&format!("{}?{ML}", compute_id(&az, "first"))).await.body;
    assert_eq!(first["properties"]["provisioningState"], "Failed");
    let path = compute_id(&az, "second");
    assert_eq!(
        az.delete(&format!("{path}?{ML}")).await.expect(400).code(),
        "BadArgument"
    );
    assert_eq!(
        az.delete(&format!("{path}?{ML}&underlyingResourceAction=Delete"))
            .await
            .expect(400)
            .code(),
        "BadArgument"
    );
    let gone = az
        .delete(&format!("{path}?{ML}&underlyingResourceAction=detach"))
        .await
        .expect(202);
    assert!(gone.header("location").contains("computeOperationResults"));
    az.finish(&gone).await;
    az.get(&format!("{path}?{ML}")).await.expect(404);
    az.get(&format!("{}?{AKS}", cluster_id(&az, "aks-ml-prod")))
        .await
        .expect(200);
    let way = Way::into(&az, "aks-ml-prod").await;
    way.get("/apis/rbac.authorization.k8s.io/v1/clusterroles/azureml-fe-role")
        .await
        .expect(200);
}

#[tokio::test]
async fn creating_a_cluster_through_a_workspace_is_refused() {
    let az = Az::start().await;
    let body = json!({ "location": "westeurope", "properties": { "computeType": "AKS", "properties": { "agentCount": 3 } } });
    let seen = az
        .put(&format!("{}?{ML}", compute_id(&az, "made-here")), body)
        .await
        .expect(400);
    assert_eq!(seen.code(), "BasicLoadBalancerNotSupported");
    let missing = format!(
        "{}/providers/Microsoft.MachineLearningServices/workspaces/none/computes?{ML}",
        main_group(&az)
    );
    assert_eq!(az.get(&missing).await.expect(404).code(), "ResourceNotFound");
}

#[tokio::test]
async fn a_label_gets_a_certificate_of_the_public_authority() {
    let az = Az::start().await;
    let ssl = json!({ "status": "Auto", "leafDomainLabel": "contoso" });
    assert_eq!(
        attach(&az, "label", "aks-ml-prod", json!({ "sslConfiguration": ssl })).await["status"],
        "Succeeded"
    );
    let compute = az.get(&format!("{}?{ML}", compute_id(&az, "label"))).await.body;
    let name = compute["properties"]["properties"]["clusterFqdn"]
        .as_str()
        .unwrap();
    assert!(
        name.starts_with("contoso") && name.ends_with(".westeurope.cloudapp.azure.com"),
        "{name}"
    );
    let secret = Way::into(&az, "aks-ml-prod")
        .await
        .get("/api/v1/namespaces/default/secrets/azuremlfessl")
        .await
        .expect(200);
    assert!(secret.body["data"]["cert.pem"].is_string());
}
