//! The classic route as SDK version 1 uses it: artifacts, models, services, and endpoints with versions.

use crate::classic_site::{Site, service};
use crate::container::workspace;
use crate::near::ML;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SCRIPT: &str = "def init():\n    pass\n\ndef run(data):\n    return data\n";

#[tokio::test]
async fn both_routes_share_named_models() {
    let site = Site::new().await;
    let named = format!("{}/models/curve?{ML}", workspace(&site.az));
    let created = async || site.az.get(&named).await.expect(200).body["systemData"]["createdAt"].clone();
    assert_eq!(site.model("curve", "{}").await, "curve:1");
    let first = created().await;
    assert_eq!(site.model("curve", "{}").await, "curve:2");
    assert_eq!(
        created().await,
        first,
        "a new version keeps when the name was made"
    );
    for version in [1, 2] {
        let path = format!("{}/models/curve:{version}", site.mms);
        site.az.delete(&path).await.expect(200);
    }
    site.az.get(&named).await.expect(404);
    let huge = format!("{}/models/curve/versions/{}?{ML}", workspace(&site.az), u64::MAX);
    let body = json!({ "properties": { "modelUri": "x" } });
    site.az.put(&huge, body).await.expect(201);
    assert_eq!(site.model("curve", "{}").await, format!("curve:{}", u64::MAX));
}

#[tokio::test]
async fn a_service_is_deployed_from_uploads_and_answers() {
    let site = Site::new().await;
    let model = site.model("curve", "{\"a\": 4, \"b\": 1}").await;
    assert_eq!(model, "curve:1");
    let models = site
        .az
        .get(&format!("{}/models?name=curve&count=1", site.mms))
        .await
        .expect(200);
    assert_eq!(models.items()[0]["version"], 1);
    let shared = site
        .az
        .get(&format!("{}/models/curve/versions/1?{ML}", workspace(&site.az)))
        .await
        .expect(200);
    assert!(
        shared.body["properties"]["modelUri"]
            .as_str()
            .unwrap()
            .contains("workspaceartifactstore")
    );
    let image = site.image(SCRIPT, &model).await;
    let dry = json!({ "type": "Create", "serviceName": "svc", "createRequest": service("svc", &image) });
    let dry = site
        .az
        .post(&format!("{}/services/validate", site.mms), dry)
        .await
        .expect(200);
    assert_eq!(dry.body, json!({}), "a null error breaks the SDK");
    let room = site
        .az
        .post(
            &format!("{}/services/validate/resource", site.mms),
            service("svc", &image),
        )
        .await;
    assert_eq!(room.expect(200).body, json!({}));
    let end = site.create(service("svc", &image)).await;
    assert_eq!(end["state"], "Succeeded", "{end}");
    let log = end["streamingOperationLog"].as_str().unwrap();
    assert!(
        log.contains("|Registering the environment.#") && log.contains("inference endpoint svc"),
        "{log}"
    );
    let rest = format!(
        "{}/operations/{}?offset={}",
        site.mms,
        end["id"].as_str().unwrap(),
        log.len()
    );
    assert_eq!(site.az.get(&rest).await.body["streamingOperationLog"], "");
    let found = site.service("svc").await;
    assert_eq!(
        (&found["state"], &found["scoringTimeoutMs"]),
        (&json!("Healthy"), &json!(60_000))
    );
    let key = site.key("svc").await;
    let answer = site.score(&found["scoringUri"], &key).await;
    assert_eq!(
        (answer.body, answer.by.as_str()),
        (json!({ "predictions": [9.0] }), "")
    );
    assert_eq!(site.score(&found["scoringUri"], "wrong").await.status, 401);
    let regenerate = json!({ "keyType": "Primary", "keyValue": null });
    let seen = site
        .az
        .post(&format!("{}/services/svc/regenerateKeys", site.mms), regenerate)
        .await
        .expect(202);
    site.finish(&seen).await;
    assert_eq!(site.score(&found["scoringUri"], &key).await.status, 401);
    let logs = site
        .az
        .get(&format!("{}/services/svc/logs?tail=5000&init=false", site.mms))
        .await
        .expect(200);
    assert!(
        logs.body["content"].as_str().unwrap().contains("Listening at"),
        "{}",
        logs.body
    );
    let listed = async |query: &str| {
        site.az
            .get(&format!("{}/services?{query}", site.mms))
            .await
            .items()
            .len()
    };
    assert_eq!(
        (
            listed("modelName=curve").await,
            listed("modelName=other").await,
            listed("tags=a=b").await
        ),
        (1, 0, 0)
    );
}

#[tokio::test]
async fn a_service_fails_for_real_reasons_and_the_old_one_serves_on() {
    let site = Site::new().await;
    let sound = site.image(SCRIPT, "echo:1").await;
    site.create(service("svc", &sound)).await;
    let broken = site.image("def run(x):\n  return x\n", "echo:1").await;
    let end = site
        .patch(
            "svc",
            json!([{ "op": "replace", "path": "/environmentImageRequest", "value": broken }]),
        )
        .await;
    assert_eq!(end["state"], "Failed");
    assert_eq!(end["error"]["details"][0]["code"], "CrashLoopBackOff", "{end}");
    let found = site.service("svc").await;
    assert_eq!(
        (&found["state"], &found["error"]["statusCode"]),
        (&json!("Failed"), &json!(400))
    );
    let key = site.key("svc").await;
    assert_eq!(site.score(&found["scoringUri"], &key).await.status, 200);
    let mut large = service("large", &sound);
    large["containerResourceRequirements"] = json!({ "cpu": 64, "memoryInGB": 1 });
    let room = site
        .az
        .post(&format!("{}/services/validate/resource", site.mms), large.clone())
        .await
        .expect(200);
    assert!(room.message().contains("Insufficient cpu"), "{}", room.body);
    let end = site.create(large).await;
    assert_eq!(end["error"]["details"][0]["code"], "Unschedulable", "{end}");
    let mut odd = service("odd", &sound);
    odd["environmentImageRequest"]["environment"]["python"] =
        json!({ "condaDependencies": { "dependencies": ["$x"] } });
    let end = site.create(odd).await;
    assert_eq!(end["error"]["code"], "EnvironmentBuildFailed", "{end}");
    assert_eq!(end["operationDetails"]["subOperationType"], "BuildEnvironment");
    let log = site
        .blob(Method::GET, end["operationLog"].as_str().unwrap(), Vec::new())
        .await
        .expect(200)
        .text();
    assert!(log.contains("Invalid requirement"), "{log}");
    for body in [
        service("No", &sound),
        json!({ "name": "nowhere", "computeType": "AKS", "computeName": "none" }),
        json!({ "name": "both", "computeType": "AKS", "computeName": "classic", "authEnabled": true, "aadAuthEnabled": true }),
    ] {
        site.az
            .post(&format!("{}/services", site.mms), body)
            .await
            .expect(400);
    }
    site.az
        .patch(&format!("{}/services/svc", site.mms), json!({ "op": "x" }))
        .await
        .expect(400);
}

#[tokio::test]
async fn versions_share_calls_and_the_default_gets_the_rest() {
    let site = Site::new().await;
    let one = site.model("one", "{\"a\": 1, \"b\": 0}").await;
    let two = site.model("two", "{\"a\": 2, \"b\": 0}").await;
    let (one, two) = (site.image(SCRIPT, &one).await, site.image(SCRIPT, &two).await);
    let version = |image: &Value, percent: u64| json!({ "computeType": "AKS", "environmentImageRequest": image, "trafficPercentile": percent });
    let body = json!({ "name": "both", "computeType": "AKSENDPOINT", "computeName": "classic",
        "versions": { "first": version(&one, 50) } });
    assert_eq!(site.create(body).await["state"], "Succeeded");
    let mut value = version(&two, 20);
    value["type"] = json!("Treatment");
    site.patch(
        "both",
        json!([{ "op": "add", "path": "/versions/second", "value": value }]),
    )
    .await;
    let found = site.service("both").await;
    let versions = &found["versions"];
    assert_eq!(
        (&versions["first"]["isDefault"], &versions["second"]["isDefault"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(
        (&versions["first"]["state"], &found["state"]),
        (&json!("Healthy"), &json!("Healthy"))
    );
    let key = site.key("both").await;
    for (name, predicted) in [("first", 2.0), ("second", 4.0)] {
        let answer = site.score(&versions[name]["scoringUri"], &key).await;
        assert_eq!(answer.body, json!({ "predictions": [predicted] }), "{name}");
    }
    let mut counted: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..300 {
        let answer = site.score(&found["scoringUri"], &key).await;
        *counted
            .entry(answer.body["predictions"][0].to_string())
            .or_default() += 1;
    }
    // 60 of 300 are expected; 5 standard deviations are 35.
    assert!((25..95).contains(&counted["4.0"]), "{counted:?}");
    let split = json!([
        { "op": "replace", "path": "/versions/first/trafficPercentile", "value": 0 },
        { "op": "replace", "path": "/versions/second/trafficPercentile", "value": 100 },
        { "op": "replace", "path": "/versions/first/isDefault", "value": false },
        { "op": "replace", "path": "/versions/second/isDefault", "value": true },
    ]);
    site.patch("both", split).await;
    assert_eq!(
        site.score(&found["scoringUri"], &key).await.body,
        json!({ "predictions": [4.0] })
    );
    let service = format!("{}/services/both", site.mms);
    let over = json!([{ "op": "replace", "path": "/versions/first/trafficPercentile", "value": 1 }]);
    site.az.patch(&service, over).await.expect(400);
    site.patch("both", json!([{ "op": "remove", "path": "/versions/first" }]))
        .await;
    assert!(site.service("both").await["versions"]["first"].is_null());
    assert_eq!(
        site.score(&versions["first"]["scoringUri"], &key).await.status,
        503
    );
    site.az
        .patch(&service, json!([{ "op": "remove", "path": "/versions/second" }]))
        .await
        .expect(400);
    site.az.delete(&service).await.expect(200);
    site.az.delete(&service).await.expect(204);
}

#[tokio::test]
async fn artifacts_are_refused_outside_their_container() {
    let site = Site::new().await;
    let batch = format!(
        "/artifact/v2.0{}/artifacts/batch/metadata/LocalUpload/c",
        workspace(&site.az)
    );
    let many: Vec<Value> = (0..51).map(|at| json!({ "path": format!("f{at}") })).collect();
    for paths in [
        json!([]),
        json!(many),
        json!([{ "path": "../x" }]),
        json!([{ "path": "/x" }]),
        json!([{ "path": "a/../../x" }]),
    ] {
        site.az.post(&batch, json!({ "paths": paths })).await.expect(400);
    }
    let made = site
        .az
        .post(&batch, json!({ "paths": [{ "path": "a b/c.json" }] }))
        .await
        .expect(200)
        .body;
    let uri = made["artifactContentInformation"]["a b/c.json"]["contentUri"]
        .as_str()
        .unwrap()
        .to_owned();
    site.blob(Method::PUT, &uri, b"x".to_vec()).await.expect(201);
    let other = uri.replace("c.json", "d.json");
    let seen = site.blob(Method::PUT, &other, b"x".to_vec()).await.expect(403);
    assert_eq!(seen.code(), "AuthorizationFailure");
    let read = format!(
        "/artifact/v2.0{}/artifacts/prefix/contentinfo/LocalUpload/c/a%20b",
        workspace(&site.az)
    );
    let listed = site.az.get(&read).await.expect(200);
    assert_eq!(listed.items()[0]["path"], "a b/c.json");
    let uri = listed.items()[0]["contentUri"].as_str().unwrap().to_owned();
    assert_eq!(
        site.blob(Method::GET, &uri, Vec::new()).await.expect(200).text(),
        "x"
    );
    let written = site.blob(Method::PUT, &uri, b"y".to_vec()).await.expect(403);
    assert_eq!(written.code(), "AuthorizationPermissionMismatch");
}
