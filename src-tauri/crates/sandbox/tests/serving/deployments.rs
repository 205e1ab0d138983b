//! Online endpoints and their deployments: what a write answers, what it fills in, how it fails.

use crate::common::{Az, fast};
use crate::container::{code, model, with_code, workspace};
use crate::endpoint::{Site, attach};
use crate::near::{ML, compute_id};
use berth_sandbox::{Options, Seed, StateKey};
use serde_json::{Value, json};

#[tokio::test]
async fn a_write_is_answered_with_what_was_there_before() {
    let site = Site::new().await;
    let path = format!("{}?{ML}", site.endpoint("fraud"));
    let first = site.az.get(&path).await.expect(404);
    assert_eq!(
        (first.code(), first.header("x-ms-failure-cause")),
        ("ResourceNotFound", "gateway")
    );
    let created = site.az.put(&path, site.body(json!({}))).await.expect(201);
    assert_eq!(created.body["properties"]["scoringUri"], Value::Null);
    assert_eq!(created.header("x-ms-async-operation-timeout"), "PT30M");
    assert!(
        created
            .header("azure-asyncoperation")
            .contains("/mfeOperationsStatus/oe:")
    );
    assert!(created.header("location").contains("/onlineEndpoints/fraud?"));
    let busy = site
        .put("fraud", "blue", json!({ "model": "azureml:echo:1" }))
        .await
        .expect(409);
    assert!(
        busy.message()
            .contains("endpoint fraud because it is in Creating"),
        "{}",
        busy.body
    );
    site.az.finish(&created).await;
    site.deploy("fraud", "blue", json!({ "model": "azureml:echo:1" }))
        .await;
    let mut body = site.body(json!({ "blue": 100 }));
    body["tags"] = json!({ "step": "1" });
    let changed = site.az.put(&path, body).await.expect(201);
    assert_eq!(changed.body["properties"]["traffic"], json!({}));
    assert_eq!(
        (
            &changed.body["tags"],
            &changed.body["properties"]["provisioningState"]
        ),
        (&json!({}), &json!("Updating"))
    );
    let operation = &changed.body["properties"]["properties"]["AzureAsyncOperationUri"];
    assert_eq!(operation, changed.header("azure-asyncoperation"));
    site.az.finish(&changed).await;
    let after = site.az.get(&path).await.expect(200);
    assert_eq!(after.body["properties"]["traffic"], json!({ "blue": 100 }));
    assert_eq!(after.body["tags"], json!({ "step": "1" }));
    assert!(after.body["etag"].is_null() && after.header("etag").is_empty());
    for (traffic, why) in [
        (json!({ "blue": 99 }), "add up to 0 or 100"),
        (json!({ "none": 100 }), "does not exist"),
        (json!({ "blue": "all" }), "whole numbers"),
    ] {
        let refused = site.az.put(&path, site.body(traffic)).await.expect(400);
        assert!(refused.message().contains(why), "{}", refused.body);
    }
    let gone = site.az.delete(&path).await.expect(202);
    site.az.finish(&gone).await;
    let missing = site.az.get(&path).await.expect(404);
    assert_eq!(
        (missing.code(), &missing.body["error"]["details"][0]["code"]),
        ("NotFound", &json!("NoSuchEndpoint"))
    );
}

#[tokio::test]
async fn a_deployment_is_filled_in_and_goes_only_without_traffic() {
    let site = Site::new().await;
    site.write("fraud", json!({})).await;
    let seen = site
        .put("fraud", "blue", json!({ "model": "azureml:echo:1" }))
        .await
        .expect(201);
    assert_eq!(seen.body["properties"]["provisioningState"], "Updating");
    assert_eq!(
        seen.body["properties"]["scaleSettings"]["pollingInterval"],
        "PT1S"
    );
    assert_eq!(
        seen.body["properties"]["requestSettings"]["requestTimeout"],
        "PT0S"
    );
    assert!(seen.body["sku"].is_null() && seen.header("azure-asyncoperation").contains("/od:"));
    site.az.finish(&seen).await;
    site.write("fraud", json!({ "blue": 100 })).await;
    let path = format!("{}/deployments/blue?{ML}", site.endpoint("fraud"));
    let removal = site.az.delete(&path).await.expect(202);
    let ended = site.az.finish(&removal).await;
    assert_eq!(
        (&ended["status"], &ended["error"]["code"]),
        (&json!("Failed"), &json!("UserError"))
    );
    assert_eq!(
        site.deployment("fraud", "blue").await["properties"]["provisioningState"],
        "Failed"
    );
    let key = site.key("fraud").await;
    assert_eq!(site.ask("fraud", &key, None).await.status, 200, "it serves on");
    site.write("fraud", json!({})).await;
    let removal = site.az.delete(&path).await.expect(202);
    assert_eq!(site.az.finish(&removal).await["status"], "Succeeded");
    assert_eq!(
        site.az.get(&path).await.expect(404).body["error"]["details"][0]["code"],
        "NoSuchService"
    );
    for (name, properties) in [
        ("fraud", json!({ "model": "azureml:echo:1" })),
        ("a_b", json!({ "model": "azureml:echo:1" })),
        ("c", json!({})),
        ("d", json!({ "model": "azureml:echo:1", "instanceType": "none" })),
        (
            "e",
            json!({ "model": "azureml://registries/azureml/models/x/versions/1" }),
        ),
        (
            "f",
            json!({ "model": format!("{}/models/none/versions/1", workspace(&site.az)) }),
        ),
    ] {
        site.put("fraud", name, properties).await.expect(400);
    }
}

#[tokio::test]
async fn a_failed_update_leaves_the_old_version_serving() {
    let site = Site::new().await;
    site.write("fraud", json!({})).await;
    let linear = model(
        &site.az,
        "curve",
        "custom_model",
        &[("model.json", "{\"a\": [10, 1], \"b\": 3}")],
    )
    .await;
    site.deploy("fraud", "blue", json!({ "model": linear })).await;
    site.write("fraud", json!({ "blue": 100 })).await;
    let key = site.key("fraud").await;
    assert_eq!(
        site.ask("fraud", &key, None).await.body,
        json!({ "predictions": [15.0] })
    );
    let broken = code(&site.az, &[("score.py", "")]).await;
    let seen = site.put("fraud", "blue", with_code(&broken)).await.expect(201);
    assert_eq!(site.ask("fraud", &key, None).await.status, 200);
    assert_eq!(site.az.finish(&seen).await["status"], "Failed");
    assert_eq!(
        site.ask("fraud", &key, None).await.body,
        json!({ "predictions": [15.0] })
    );
    let gone = json!({ "properties": { "modelType": "custom_model", "modelUri": format!("azureml:/{}/datastores/workspaceblobstore/paths/nowhere", workspace(&site.az)) } });
    let id = format!("{}/models/lost/versions/1", workspace(&site.az));
    site.az.put(&format!("{id}?{ML}"), gone).await.expect(201);
    let ended = site.deploy("fraud", "green", json!({ "model": id })).await;
    assert_eq!(ended["error"]["code"], "BadArgument", "{ended}");
}

#[tokio::test]
async fn replicas_take_room_from_each_other() {
    let site = Site::new().await;
    site.write("fraud", json!({})).await;
    let large = |replicas: u64| {
        json!({ "model": "azureml:echo:1", "scaleSettings": { "minInstances": replicas, "maxInstances": replicas },
            "containerResourceRequirements": { "containerResourceRequests": { "cpu": "3", "memory": "1Gi" } } })
    };
    assert_eq!(
        site.deploy("fraud", "blue", large(2)).await["status"],
        "Succeeded"
    );
    let second = site.deploy("fraud", "green", large(2)).await;
    assert!(
        second["error"]["message"]
            .as_str()
            .unwrap()
            .contains("0/3 nodes are available"),
        "{second}"
    );
    // What could not be placed as a whole keeps its room until it is deleted; a version's own room counts as free when
    // it is changed.
    assert_eq!(site.deploy("fraud", "blue", large(3)).await["status"], "Failed");
    let green = format!("{}/deployments/green?{ML}", site.endpoint("fraud"));
    let removal = site.az.delete(&green).await.expect(202);
    site.az.finish(&removal).await;
    assert_eq!(
        site.deploy("fraud", "blue", large(3)).await["status"],
        "Succeeded"
    );
}

#[tokio::test]
async fn names_collide_within_a_cluster() {
    let site = Site::new().await;
    site.write("fraud", json!({})).await;
    site.write("churn", json!({})).await;
    let linear = model(
        &site.az,
        "curve",
        "custom_model",
        &[("model.json", "{\"a\": [1, 1], \"b\": 0}")],
    )
    .await;
    site.deploy("fraud", "blue", json!({ "model": "azureml:echo:1" }))
        .await;
    let key = site.key("fraud").await;
    assert!(site.ask("fraud", &key, Some("blue")).await.body["echo"].is_object());
    site.deploy("churn", "blue", json!({ "model": linear })).await;
    let other = site.ask("fraud", &key, Some("blue")).await;
    assert_eq!(
        other.body,
        json!({ "predictions": [3.0] }),
        "the pods of the other endpoint answer"
    );
    let (second, namespace) = (compute_id(&site.az, "second"), "default");
    attach(&site.az, &second, namespace).await;
    let elsewhere = site.az.ready().arm.clone();
    assert!(elsewhere.starts_with("https://"));
    let workspace = format!(
        "{}/resourceGroups/rg-ml-prod-ne/providers/Microsoft.MachineLearningServices/workspaces/ml-prod-ne",
        site.az.prod()
    );
    let path = format!("{workspace}/onlineEndpoints/fraud?{ML}");
    let made = site.az.put(&path, site.body(json!({}))).await.expect(201);
    let ended = site.az.finish(&made).await;
    assert_eq!(ended["error"]["code"], "InferencingClientCallFailed", "{ended}");
    let missing = compute_id(&site.az, "third");
    attach(&site.az, &missing, "nowhere").await;
    let mut body = site.body(json!({}));
    body["properties"]["compute"] = json!(missing);
    let path = format!("{}?{ML}", site.endpoint("lost"));
    let seen = site.az.put(&path, body).await.expect(201);
    site.az.finish(&seen).await;
    let ended = site
        .deploy("lost", "one", json!({ "model": "azureml:echo:1" }))
        .await;
    assert_eq!(ended["error"]["code"], "NamespaceNotFound", "{ended}");
}

#[tokio::test]
async fn writes_are_refused_while_another_one_runs() {
    let options = Options {
        step: true,
        seed: Seed::Fleet,
        ..fast()
    };
    let az = Az::with(options).await;
    let group = format!("{}/resourceGroups/rg-serving-germanywestcentral", az.prod());
    let workspace =
        format!("{group}/providers/Microsoft.MachineLearningServices/workspaces/ml-germanywestcentral");
    let endpoint = format!("{workspace}/onlineEndpoints/fraud");
    let compute = format!("{workspace}/computes/hub-prod");
    let body =
        json!({ "location": "germanywestcentral", "properties": { "authMode": "Key", "compute": compute } });
    let path = format!("{endpoint}?{ML}");
    az.put(&path, body.clone()).await.expect(201);
    az.put(&path, body.clone()).await.expect(409);
    let deployment = format!("{endpoint}/deployments/blue?{ML}");
    let blue = json!({ "location": "germanywestcentral", "properties": { "endpointComputeType": "Kubernetes", "model": "azureml:echo:1" } });
    let busy = az.put(&deployment, blue.clone()).await.expect(409);
    let why = "Cannot create a deployment in endpoint fraud because it is in Creating";
    assert!(busy.message().contains(why), "{}", busy.body);
    az.delete(&path).await.expect(409);
    az.post("/_sandbox/step", Value::Null).await.expect(200);
    az.put(&deployment, blue.clone()).await.expect(201);
    az.put(&deployment, blue).await.expect(409);
    az.delete(&deployment).await.expect(409);
    az.put(&path, body).await.expect(201);
}

#[tokio::test]
async fn endpoints_get_new_keys_if_the_state_has_lost_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let with = |key: StateKey| Options {
        state_dir: Some(folder.path().to_path_buf()),
        state_key: Some(key),
        ..fast()
    };
    let site = Site::of(Az::with(with(StateKey::generate())).await).await;
    site.write("scores", json!({})).await;
    site.deploy("scores", "blue", json!({ "model": "azureml:linear:1" }))
        .await;
    let before = site.key("scores").await;
    let path = format!("{}/listKeys?{ML}", site.endpoint("scores"));
    site.az.sandbox.stop().await;
    let state = std::fs::read_to_string(folder.path().join("world.json")).unwrap();
    assert!(!state.contains(&before), "the keys are sealed");
    let later = Az::with(with(StateKey::generate())).await;
    let keys = later.post(&path, Value::Null).await.expect(200).body;
    let key = keys["primaryKey"].as_str().unwrap();
    assert_eq!(key.len(), before.len());
    assert_ne!(key, before);
}
