//! Models behind the front end: endpoints with deployments and traffic, web services, keys and tokens.

use crate::common::Az;
use crate::near::{
    AKS, EXT, ML, Way, base64, classic_body, cluster_id, compute_id, extension_body, extension_id,
    main_group, pair,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn workspace(az: &Az) -> String {
    format!(
        "{}/providers/Microsoft.MachineLearningServices/workspaces/ml-prod",
        main_group(az)
    )
}

/// A client that trusts the endpoint's certificate and resolves its name.
fn caller(service: &Value, name: &str, certificate: &str) -> reqwest::Client {
    let address = service["status"]["loadBalancer"]["ingress"][0]["ip"]
        .as_str()
        .unwrap();
    let port = service["spec"]["ports"][0]["port"].as_u64().unwrap();
    reqwest::Client::builder()
        .no_proxy()
        .resolve(name, format!("{address}:{port}").parse().unwrap())
        .tls_certs_only([reqwest::Certificate::from_pem(certificate.as_bytes()).unwrap()])
        .build()
        .unwrap()
}

#[tokio::test]
async fn traffic_is_split_among_deployments() {
    let az = Az::start().await;
    let (cert, key) = pair("ml.contoso.com");
    let protected = json!({ "scoringFe.sslCert": base64(&cert), "scoringFe.sslKey": base64(&key) });
    let body = extension_body(json!({ "sslCname": "ml.contoso.com" }), protected);
    let seen = az
        .put(&format!("{}?{EXT}", extension_id(&az, "aks-ml-prod")), body)
        .await
        .expect(201);
    az.finish(&seen).await;
    let compute = compute_id(&az, "serving");
    let attach = json!({ "location": "westeurope", "identity": { "type": "SystemAssigned" }, "properties": {
        "computeType": "Kubernetes", "resourceId": cluster_id(&az, "aks-ml-prod"), "properties": { "namespace": "default" } } });
    let seen = az.put(&format!("{compute}?{ML}"), attach).await.expect(201);
    az.finish(&seen).await;
    let service = Way::into(&az, "aks-ml-prod").await.front_end("azureml").await;

    let endpoint = format!("{}/onlineEndpoints/fraud", workspace(&az));
    let mut body =
        json!({ "location": "westeurope", "properties": { "authMode": "Key", "compute": compute } });
    let seen = az
        .put(&format!("{endpoint}?{ML}"), body.clone())
        .await
        .expect(201);
    az.finish(&seen).await;
    for (name, model) in [("blue", "linear"), ("green", "echo")] {
        let deployment = json!({ "location": "westeurope", "properties": { "endpointComputeType": "Kubernetes",
            "model": format!("{}/models/{model}/versions/1", workspace(&az)), "instanceType": "defaultinstancetype" } });
        let seen = az
            .put(&format!("{endpoint}/deployments/{name}?{ML}"), deployment)
            .await
            .expect(201);
        az.finish(&seen).await;
    }
    body["properties"]["traffic"] = json!({ "blue": 90, "green": 20 });
    assert_eq!(
        az.put(&format!("{endpoint}?{ML}"), body.clone())
            .await
            .expect(400)
            .code(),
        "UserError"
    );
    body["properties"]["traffic"] = json!({ "blue": 50, "green": 50 });
    let seen = az.put(&format!("{endpoint}?{ML}"), body).await.expect(200);
    az.finish(&seen).await;
    let removal = az
        .delete(&format!("{endpoint}/deployments/green?{ML}"))
        .await
        .expect(400);
    assert!(
        removal.message().contains("still gets traffic"),
        "{}",
        removal.body
    );

    let keys = az
        .post(&format!("{endpoint}/listKeys?{ML}"), Value::Null)
        .await
        .expect(200)
        .body;
    let uri = az.get(&format!("{endpoint}?{ML}")).await.body["properties"]["scoringUri"]
        .as_str()
        .unwrap()
        .to_owned();
    let http = caller(&service, "ml.contoso.com", &cert);
    let ask = async |key: &str, only: Option<&str>| {
        let mut request = http
            .post(&uri)
            .bearer_auth(key)
            .json(&json!({ "data": [[1, 2]] }));
        if let Some(only) = only {
            request = request.header("azureml-model-deployment", only);
        }
        let answer = request.send().await.unwrap();
        let by = answer
            .headers()
            .get("azureml-model-deployment")
            .map(|name| name.to_str().unwrap().to_owned());
        (
            answer.status().as_u16(),
            by.unwrap_or_default(),
            answer.json::<Value>().await.unwrap(),
        )
    };
    assert_eq!(ask("wrong", None).await.0, 401);
    let key = keys["primaryKey"].as_str().unwrap();
    assert_eq!(ask(key, Some("blue")).await.2, json!({ "predictions": [5.5] }));
    let mut counted: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..60 {
        *counted.entry(ask(key, None).await.1).or_default() += 1;
    }
    assert!(counted["blue"] > 10 && counted["green"] > 10, "{counted:?}");
    az.post(
        &format!("{endpoint}/regenerateKeys?{ML}"),
        json!({ "keyType": "Primary" }),
    )
    .await
    .expect(200);
    assert_eq!(ask(key, None).await.0, 401, "the old key is no good any more");
}

#[tokio::test]
async fn a_web_service_works_as_the_old_sdk_expects() {
    let az = Az::start().await;
    let (cert, key) = pair("old.contoso.com");
    let ssl = json!({ "status": "Enabled", "cname": "old.contoso.com", "cert": cert, "key": key });
    let body = classic_body(
        &cluster_id(&az, "aks-ml-prod"),
        json!({ "sslConfiguration": ssl }),
    );
    let seen = az
        .put(&format!("{}?{ML}", compute_id(&az, "classic")), body)
        .await
        .expect(201);
    az.finish(&seen).await;
    let front = Way::into(&az, "aks-ml-prod").await.front_end("default").await;
    let planes = az.get("/discovery").await.expect(200).body;
    let plane = format!(
        "{}/modelmanagement/v1.0{}",
        planes["modelmanagement"].as_str().unwrap(),
        workspace(&az)
    );
    assert_eq!(
        az.post(&format!("{plane}/services/validate/name/Not_Ok"), json!({}))
            .await
            .expect(200)
            .body["error"]["code"],
        "BadRequest"
    );
    let create = json!({ "name": "svc", "computeType": "AKS", "computeName": "classic", "authEnabled": true, "aadAuthEnabled": false,
        "autoScaler": { "autoscaleEnabled": true, "minReplicas": 1, "maxReplicas": 3 }, "environmentImageRequest": { "modelIds": ["linear:1"] } });
    let seen = az
        .post(&format!("{plane}/services"), create.clone())
        .await
        .expect(202);
    let operation = seen.header("operation-location").to_owned();
    let end = az.wait(&operation, |seen| seen.body["state"] != "Running").await;
    assert_eq!(end.body["state"], "Succeeded", "{}", end.body);
    assert_eq!(
        az.post(&format!("{plane}/services"), create)
            .await
            .expect(409)
            .code(),
        "ServiceAlreadyExists"
    );
    let service = az
        .get(&format!("{plane}/services/svc?expand=true"))
        .await
        .expect(200)
        .body;
    assert_eq!(service["state"], "Healthy");
    let keys = az
        .post(&format!("{plane}/services/svc/listkeys"), Value::Null)
        .await
        .expect(200)
        .body;
    let answer = caller(&front, "old.contoso.com", &cert)
        .post(service["scoringUri"].as_str().unwrap())
        .bearer_auth(keys["secondaryKey"].as_str().unwrap())
        .json(&json!({ "data": [[2]] }))
        .send()
        .await
        .unwrap();
    assert_eq!(
        answer.json::<Value>().await.unwrap(),
        json!({ "predictions": [2.5] })
    );
    let patch = json!([{ "op": "replace", "path": "/autoScaler/maxReplicas", "value": 5 }, { "op": "replace", "path": "/description", "value": "now with words" }]);
    let seen = az
        .patch(&format!("{plane}/services/svc"), patch)
        .await
        .expect(202);
    az.wait(seen.header("operation-location"), |seen| {
        seen.body["state"] != "Running"
    })
    .await;
    let changed = az.get(&format!("{plane}/services/svc")).await.body;
    assert_eq!(
        (
            changed["autoScaler"]["maxReplicas"].as_u64(),
            changed["description"].as_str()
        ),
        (Some(5), Some("now with words"))
    );
    let listed = az
        .get(&format!("{plane}/services?computeName=classic"))
        .await
        .expect(200);
    assert_eq!(listed.names(), ["svc"]);
    az.delete(&format!("{plane}/services/svc")).await.expect(200);
    az.delete(&format!("{plane}/services/svc")).await.expect(204);
    az.get(&format!("{}?{AKS}", cluster_id(&az, "aks-ml-prod")))
        .await
        .expect(200);
}

#[tokio::test]
async fn assets_are_kept_by_version() {
    let az = Az::start().await;
    let model = format!("{}/models/linear", workspace(&az));
    let body = json!({ "properties": { "modelType": "custom_model", "modelUri": "azureml://x" } });
    az.put(&format!("{model}/versions/1?{ML}"), body.clone())
        .await
        .expect(201);
    az.put(&format!("{model}/versions/2?{ML}"), body)
        .await
        .expect(201);
    assert_eq!(
        az.get(&format!("{model}/versions?{ML}")).await.names(),
        ["1", "2"]
    );
    assert_eq!(
        az.get(&format!("{}/models?{ML}", workspace(&az))).await.names(),
        ["linear"]
    );
    let stores = az
        .get(&format!("{}/datastores?isDefault=true&{ML}", workspace(&az)))
        .await
        .expect(200);
    assert_eq!(stores.names(), ["workspaceblobstore"]);
}
