//! Code, models, environments and data stores of a workspace.

use crate::common::Az;
use crate::container::{Container, code, model, register_code, workspace};
use crate::near::ML;
use serde_json::json;

const HASH: &str = "a2bcd2284314aeed2267ebe582e4fd45d2ec119fa38f8aa851f960470a5bf392";

#[tokio::test]
async fn code_is_found_by_its_hash_in_the_whole_workspace() {
    let az = Az::start().await;
    let container = Container::for_code(&az).await;
    container.upload(&[("src/score.py", "x")]).await;
    let first = format!(
        "{}/codes/11111111-1111-1111-1111-111111111111/versions/1",
        workspace(&az)
    );
    let uri = format!("{}/src", container.address);
    let body = json!({ "properties": { "codeUri": uri, "isAnonymous": true,
        "properties": { "hash_sha256": HASH, "hash_version": 202_208 } } });
    az.put(&format!("{first}?{ML}"), body.clone()).await.expect(201);
    az.put(&format!("{first}?{ML}"), body).await.expect(200);
    register_code(&az, &container, "other").await;
    let look = async |name: &str, hash: &str, version: &str| {
        let path = format!(
            "{}/codes/{name}/versions?hash={hash}&hashVersion={version}&{ML}",
            workspace(&az)
        );
        az.get(&path).await.expect(200).items().len()
    };
    let fresh = "22222222-2222-2222-2222-222222222222";
    assert_eq!(look(fresh, HASH, "202208").await, 1);
    assert_eq!(look(fresh, HASH, "1").await, 0);
    assert_eq!(look(fresh, "0", "202208").await, 0);
    let other = json!({ "properties": { "codeUri": format!("{uri}/x") } });
    let refused = az.put(&format!("{first}?{ML}"), other).await.expect(409);
    assert!(
        refused.message().contains("codeUri cannot be changed"),
        "{}",
        refused.body
    );
    let models = format!("{}/models/m/versions/1/startPendingUpload?{ML}", workspace(&az));
    az.post(&models, json!({ "pendingUploadType": "TemporaryBlobReference" }))
        .await
        .expect(404);
}

#[tokio::test]
async fn a_model_knows_its_next_version() {
    let az = Az::start().await;
    let named = format!("{}/models/churn?{ML}", workspace(&az));
    az.get(&named).await.expect(404);
    let id = model(&az, "churn", "custom_model", &[("model.json", "{}")]).await;
    let seen = az.get(&named).await.expect(200).body;
    assert_eq!(
        (
            &seen["properties"]["latestVersion"],
            &seen["properties"]["nextVersion"]
        ),
        (&json!("1"), &json!("2"))
    );
    let archived = json!({ "properties": { "modelUri": az.get(&format!("{id}?{ML}")).await.body["properties"]["modelUri"], "isArchived": true } });
    az.put(&format!("{id}?{ML}"), archived).await.expect(200);
    let list = async |view: &str| {
        let path = format!("{}/models/churn/versions?{view}{ML}", workspace(&az));
        az.get(&path).await.expect(200).items().len()
    };
    assert_eq!((list("").await, list("listViewType=All&").await), (0, 1));
    let empty = json!({ "properties": { "modelType": "custom_model" } });
    let path = format!("{}/models/churn/versions/2?{ML}", workspace(&az));
    az.put(&path, empty.clone()).await.expect(400);
    let odd = format!("{}/models/ch%20urn/versions/2?{ML}", workspace(&az));
    az.put(&odd, json!({ "properties": { "modelUri": "x" } }))
        .await
        .expect(400);
}

#[tokio::test]
async fn curated_environments_are_there_and_cannot_be_written() {
    let az = Az::start().await;
    let all = format!("{}/environments", workspace(&az));
    let listed = az.get(&format!("{all}?{ML}")).await.expect(200);
    assert!(listed.names().contains(&"AzureML-sklearn-1.5"), "{}", listed.body);
    let one = az
        .get(&format!("{all}/AzureML-sklearn-1.5/versions/25?{ML}"))
        .await
        .expect(200);
    assert_eq!(one.body["properties"]["environmentType"], "Curated");
    let body = json!({ "properties": { "image": "mcr.microsoft.com/x:1" } });
    let refused = az
        .put(&format!("{all}/AzureML-mine/versions/1?{ML}"), body.clone())
        .await;
    assert_eq!(refused.expect(400).code(), "UserError");
    az.put(&format!("{all}/mine/versions/1?{ML}"), body)
        .await
        .expect(201);
    assert_eq!(az.get(&format!("{all}/mine/versions?{ML}")).await.names(), ["1"]);
}

#[tokio::test]
async fn the_stores_are_named_and_their_secrets_expire() {
    let az = Az::start().await;
    let stores = format!("{}/datastores", workspace(&az));
    let all = az.get(&format!("{stores}?{ML}")).await.expect(200);
    assert_eq!(all.names(), ["workspaceblobstore", "workspaceartifactstore"]);
    let long = json!({ "expirableSecret": true, "expireAfterHours": 1000 });
    az.post(&format!("{stores}/workspaceblobstore/listSecrets?{ML}"), long)
        .await
        .expect(400);
    az.get(&format!("{stores}/none?{ML}")).await.expect(404);
    code(&az, &[("score.py", "x")]).await;
}
