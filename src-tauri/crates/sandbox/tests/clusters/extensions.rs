//! The extension route: installing, the health check, changing, removing, attaching.

use crate::common::Az;
use crate::near::{
    AKS, EXT, ML, Way, ask, base64, classic_body, cluster_id, compute_id, extension_body, extension_id, pair,
};
use serde_json::{Value, json};

async fn install(az: &Az, cluster: &str, settings: Value, protected: Value) -> Value {
    let seen = az
        .put(
            &format!("{}?{EXT}", extension_id(az, cluster)),
            extension_body(settings, protected),
        )
        .await;
    assert!(seen.status == 201 || seen.status == 200, "{}", seen.body);
    az.finish(&seen).await
}

async fn attach(az: &Az, name: &str, cluster: &str) -> Value {
    let body = json!({ "location": "westeurope", "identity": { "type": "SystemAssigned" }, "properties": {
        "computeType": "Kubernetes", "resourceId": cluster_id(az, cluster), "properties": { "namespace": "models" } } });
    let seen = az
        .put(&format!("{}?{ML}", compute_id(az, name)), body)
        .await
        .expect(201);
    az.finish(&seen).await
}

#[tokio::test]
async fn the_extension_serves_with_the_certificate_and_takes_another() {
    let az = Az::start().await;
    let early = attach(&az, "early", "aks-ml-prod").await;
    assert!(
        early["error"]["message"]
            .as_str()
            .unwrap()
            .contains("extension is not installed"),
        "{early}"
    );
    let (cert, key) = pair("ml.contoso.com");
    let protected = json!({ "scoringFe.sslCert": base64(&cert), "scoringFe.sslKey": base64(&key) });
    let end = install(
        &az,
        "aks-ml-prod",
        json!({ "sslCname": "ml.contoso.com" }),
        protected,
    )
    .await;
    assert_eq!(end["status"], "Succeeded", "{end}");
    let path = format!("{}?{EXT}", extension_id(&az, "aks-ml-prod"));
    let seen = az.get(&path).await.expect(200);
    assert_eq!(
        seen.body["properties"]["configurationProtectedSettings"],
        json!({})
    );
    assert_eq!(attach(&az, "serving", "aks-ml-prod").await["status"], "Succeeded");
    let way = Way::into(&az, "aks-ml-prod").await;
    let service = way.front_end("azureml").await;
    assert_eq!(
        ask(&service, "ml.contoso.com", Some(&cert)).await.unwrap().1,
        "Healthy"
    );

    let (renewed, key) = pair("ml.contoso.com");
    let patch = json!({ "properties": { "configurationProtectedSettings": { "scoringFe.sslCert": base64(&renewed), "scoringFe.sslKey": base64(&key) } } });
    let seen = az.patch(&path, patch).await.expect(202);
    assert_eq!(az.finish(&seen).await["status"], "Succeeded");
    let begun = std::time::Instant::now();
    while ask(&way.front_end("azureml").await, "ml.contoso.com", Some(&renewed))
        .await
        .is_err()
    {
        assert!(
            begun.elapsed().as_secs() < 30,
            "the front end still shows the former certificate"
        );
        tokio::task::yield_now().await;
    }

    let gone = az.delete(&path).await.expect(202);
    az.get(&path).await.expect(404);
    az.finish(&gone).await;
    way.get("/api/v1/namespaces/azureml/services/azureml-fe")
        .await
        .expect(404);
}

#[tokio::test]
async fn the_health_check_reports_failures() {
    let az = Az::start().await;
    let message = |end: &Value| end["error"]["message"].as_str().unwrap_or_default().to_string();
    let open = json!({ "allowInsecureConnections": "True" });
    let end = install(&az, "aks-ml-small", open.clone(), json!({})).await;
    assert!(message(&end).contains("E40002"), "{end}");
    let failed = az
        .get(&format!("{}?{EXT}", extension_id(&az, "aks-ml-small")))
        .await
        .body;
    assert_eq!(failed["properties"]["provisioningState"], "Failed");
    let end = install(&az, "aks-ml-prod", json!({}), json!({})).await;
    assert!(message(&end).contains("E40007"), "{end}");
    let ((cert, _), (_, key)) = (pair("a.example"), pair("a.example"));
    let swapped = json!({ "scoringFe.sslCert": base64(&cert), "scoringFe.sslKey": base64(&key) });
    let end = install(&az, "aks-ml-prod", json!({ "sslCname": "a.example" }), swapped).await;
    assert!(message(&end).contains("E40007"), "{end}");
    let attached = az
        .put(
            &format!("{}?{ML}", compute_id(&az, "classic")),
            classic_body(&cluster_id(&az, "aks-ml-prod"), json!({})),
        )
        .await;
    az.finish(&attached).await;
    let end = install(&az, "aks-ml-prod", open, json!({})).await;
    assert!(message(&end).contains("E45004"), "{end}");
}

#[tokio::test]
async fn extension_ids_ignore_case() {
    let az = Az::start().await;
    let open = extension_body(json!({ "allowInsecureConnections": "True" }), json!({}));
    let path = format!("{}?{EXT}", extension_id(&az, "aks-ml-prod"));
    let seen = az.put(&path, open.clone()).await.expect(201);
    az.finish(&seen).await;
    let shouted = path
        .replace("resourceGroups", "resourcegroups")
        .replace("aks-ml-prod", "AKS-ML-PROD");
    let seen = az.put(&shouted, open).await.expect(200);
    assert!(
        seen.body["id"].as_str().unwrap().contains("/aks-ml-prod/"),
        "{}",
        seen.body["id"]
    );
}

#[tokio::test]
async fn bad_settings_are_refused_at_once() {
    let az = Az::start().await;
    let path = format!("{}?{EXT}", extension_id(&az, "aks-ml-prod"));
    let number = extension_body(json!({ "x": 1 }), json!({}));
    assert_eq!(
        az.put(&path, number).await.expect(400).code(),
        "InvalidRequestContent"
    );
    let twice = extension_body(json!({ "x": "1" }), json!({ "x": "1" }));
    assert_eq!(az.put(&path, twice).await.expect(400).code(), "BadRequest");
    let nowhere = format!("{}?{EXT}", extension_id(&az, "aks-none"));
    assert_eq!(
        az.put(&nowhere, extension_body(json!({}), json!({})))
            .await
            .expect(404)
            .code(),
        "ResourceNotFound"
    );
    az.get(&format!("{}?{AKS}", cluster_id(&az, "aks-ml-prod")))
        .await
        .expect(200);
}

#[tokio::test]
async fn an_internal_load_balancer_uses_the_clusters_subnet() {
    let az = Az::start().await;
    let settings = json!({ "allowInsecureConnections": "True", "scoringFe.serviceType.internalLoadBalancer": "True", "internalLoadBalancerProvider": "azure" });
    assert_eq!(
        install(&az, "aks-ml-prod", settings, json!({})).await["status"],
        "Succeeded"
    );
    let group = format!(
        "{}/resourceGroups/MC_rg-ml-prod_aks-ml-prod_westeurope",
        az.prod()
    );
    let at = format!(
        "{group}/providers/Microsoft.Network/loadBalancers/kubernetes-internal?api-version=2024-01-01"
    );
    let balancer = az.get(&at).await.expect(200).body;
    let subnet = balancer["properties"]["frontendIPConfigurations"][0]["properties"]["subnet"]["id"]
        .as_str()
        .unwrap();
    assert!(subnet.ends_with("/snet-aks"), "{subnet}");
}

#[tokio::test]
async fn a_pinned_version_stays_until_another_is_given() {
    let az = Az::start().await;
    let path = format!("{}?{EXT}", extension_id(&az, "aks-ml-prod"));
    let mut body = extension_body(json!({ "allowInsecureConnections": "True" }), json!({}));
    body["properties"]["version"] = json!("1.1.76");
    body["properties"]["autoUpgradeMinorVersion"] = json!(false);
    let made = az.put(&path, body).await.expect(201);
    az.finish(&made).await;
    let setting = json!({ "properties": { "configurationSettings": { "nodeSelector.a": "b" } } });
    az.finish(&az.patch(&path, setting).await).await;
    let seen = az.get(&path).await.expect(200).body;
    let properties = &seen["properties"];
    assert_eq!(properties["currentVersion"], "1.1.76");
    assert_eq!(properties["autoUpgradeMinorVersion"], false);
    assert_eq!(properties["configurationSettings"]["nodeSelector.a"], "b");
    let newer = json!({ "properties": { "version": "1.1.80", "autoUpgradeMinorVersion": true } });
    az.finish(&az.patch(&path, newer).await).await;
    let seen = az.get(&path).await.expect(200).body;
    assert_eq!(seen["properties"]["currentVersion"], "1.1.80");
    assert_eq!(seen["properties"]["autoUpgradeMinorVersion"], true);
}

#[tokio::test]
async fn other_software_fails_the_installation_unless_it_is_left_out() {
    let az = Az::start().await;
    let way = Way::into(&az, "aks-ml-prod").await;
    let image = "quay.io/prometheus-operator/prometheus-operator:v0.70.0";
    let operator = json!({ "metadata": { "name": "operator" },
        "spec": { "template": { "spec": { "containers": [{ "name": "operator", "image": image }] } } } });
    way.post("/apis/apps/v1/namespaces/default/deployments", &operator)
        .await
        .expect(201);
    let class = json!({ "metadata": { "name": "nginx" }, "spec": { "controller": "k8s.io/ingress-nginx" } });
    way.post("/apis/networking.k8s.io/v1/ingressclasses", &class)
        .await
        .expect(201);
    let mut settings = json!({ "allowInsecureConnections": "True", "nginxIngress.enabled": "true" });
    let end = install(&az, "aks-ml-prod", settings.clone(), json!({})).await;
    assert!(end.to_string().contains("E45002"), "{end}");
    settings["installPromOp"] = json!("False");
    let end = install(&az, "aks-ml-prod", settings.clone(), json!({})).await;
    assert!(end.to_string().contains("k8s.io/ingress-nginx"), "{end}");
    settings["nginxIngress.controller"] = json!("k8s.io/amlarc-ingress-nginx");
    let end = install(&az, "aks-ml-prod", settings, json!({})).await;
    assert_eq!(end["status"], "Succeeded", "{end}");
}
