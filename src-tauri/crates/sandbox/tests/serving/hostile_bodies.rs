//! Bodies of other shapes than expected: each is answered, and the sandbox lives.

use crate::classic_site::Site as ClassicSite;
use crate::common::Az;
use crate::container::workspace;
use crate::endpoint::Site;
use crate::near::ML;
use reqwest::Method;
use serde_json::{Value, json};

/// Values of every kind, in place of what is expected.
fn odd() -> [Value; 6] {
    [
        json!(null),
        json!(7),
        json!("text"),
        json!([1]),
        json!({ "a": [{}] }),
        json!(true),
    ]
}

async fn send(az: &Az, method: Method, path: &str, body: &Value) {
    let seen = az.send(method, path, Some(body)).await;
    assert!(seen.status < 500, "{path} {body}: {} {}", seen.status, seen.body);
    assert!(seen.status >= 200);
}

#[tokio::test]
async fn odd_members_of_endpoints_and_deployments_are_answered() {
    let site = Site::new().await;
    site.write("fraud", json!({})).await;
    let endpoint = format!("{}?{ML}", site.endpoint("odd"));
    let deployment = format!("{}/deployments/blue?{ML}", site.endpoint("fraud"));
    for value in odd() {
        send(&site.az, Method::PUT, &endpoint, &value).await;
        send(&site.az, Method::PUT, &deployment, &value).await;
        for member in ["properties", "tags", "identity", "sku", "location"] {
            let mut body = site.body(json!({}));
            body[member] = value.clone();
            send(&site.az, Method::PUT, &endpoint, &body).await;
        }
        for member in [
            "traffic",
            "mirrorTraffic",
            "properties",
            "authMode",
            "compute",
            "keys",
            "description",
        ] {
            let mut body = site.body(json!({}));
            body["properties"][member] = value.clone();
            send(&site.az, Method::PUT, &endpoint, &body).await;
        }
        for member in [
            "model",
            "environmentId",
            "codeConfiguration",
            "properties",
            "environmentVariables",
            "scaleSettings",
            "requestSettings",
            "livenessProbe",
            "readinessProbe",
            "containerResourceRequirements",
            "instanceType",
        ] {
            let mut body =
                json!({ "properties": { "endpointComputeType": "Kubernetes", "model": "azureml:echo:1" } });
            body["properties"][member] = value.clone();
            send(&site.az, Method::PUT, &deployment, &body).await;
        }
    }
}

#[tokio::test]
async fn odd_members_of_assets_are_answered() {
    let az = Az::start().await;
    for (family, member) in [
        ("models", "modelUri"),
        ("environments", "condaFile"),
        ("codes", "codeUri"),
    ] {
        for value in odd() {
            let path = format!("{}/{family}/odd/versions/1?{ML}", workspace(&az));
            send(&az, Method::PUT, &path, &value).await;
            send(&az, Method::PUT, &path, &json!({ "properties": value })).await;
            let mut body = json!({ "properties": {} });
            body["properties"][member] = value.clone();
            send(&az, Method::PUT, &path, &body).await;
            let upload = format!("{}/codes/odd/versions/1/startPendingUpload?{ML}", workspace(&az));
            send(&az, Method::POST, &upload, &value).await;
            let secrets = format!(
                "{}/datastores/workspaceblobstore/listSecrets?{ML}",
                workspace(&az)
            );
            send(&az, Method::POST, &secrets, &value).await;
        }
    }
}

#[tokio::test]
async fn odd_members_of_services_are_answered() {
    let site = ClassicSite::new().await;
    let services = format!("{}/services", site.mms);
    site.create(json!({ "name": "svc", "computeType": "AKS", "computeName": "classic" }))
        .await;
    for value in odd() {
        for path in [
            "services",
            "assets",
            "models",
            "services/validate",
            "services/validate/resource",
            "services/svc/regenerateKeys",
        ] {
            send(&site.az, Method::POST, &format!("{}/{path}", site.mms), &value).await;
        }
        let batch = format!(
            "/artifact/v2.0{}/artifacts/batch/metadata/LocalUpload/c",
            workspace(&site.az)
        );
        send(&site.az, Method::POST, &batch, &value).await;
        send(&site.az, Method::POST, &batch, &json!({ "paths": value })).await;
        for member in [
            "keys",
            "autoScaler",
            "containerResourceRequirements",
            "livenessProbeRequirements",
            "dataCollection",
            "environmentImageRequest",
            "versions",
            "kvTags",
            "namespace",
            "scoringTimeoutMs",
            "numReplicas",
        ] {
            for kind in ["AKS", "AKSENDPOINT"] {
                let mut body = json!({ "name": "odd", "computeType": kind, "computeName": "classic", "overwrite": true, "versions": { "one": {} } });
                body[member] = value.clone();
                send(&site.az, Method::POST, &services, &body).await;
            }
        }
        let patch = format!("{services}/svc");
        send(&site.az, Method::PATCH, &patch, &value).await;
        for path in [
            "",
            "/computeType",
            "/versions",
            "/environmentImageRequest",
            "/containerResourceRequirements",
            "/name",
        ] {
            let replace = json!([{ "op": "replace", "path": path, "value": value }]);
            send(&site.az, Method::PATCH, &patch, &replace).await;
        }
    }
}
