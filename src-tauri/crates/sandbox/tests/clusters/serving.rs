//! Web services behind the classic front end.

use crate::common::Az;
use crate::near::{AKS, ML, Way, classic_body, cluster_id, compute_id, main_group, pair};
use serde_json::{Value, json};

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
