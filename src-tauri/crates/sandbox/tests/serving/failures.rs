//! Deployments that fail, and what they leave: errors, logs, pods.

use crate::container::{Container, code, with_code, workspace};
use crate::endpoint::Site;
use crate::near::{ML, Way};
use serde_json::{Value, json};

const SCRIPT: &str = "import json\n\ndef init():\n    pass\n\ndef run(data):\n    return data\n";

async fn environment(site: &Site, name: &str, properties: Value) -> String {
    let id = format!("{}/environments/{name}/versions/1", workspace(&site.az));
    site.az
        .put(&format!("{id}?{ML}"), json!({ "properties": properties }))
        .await
        .expect(201);
    id
}

#[tokio::test]
async fn deployments_fail_for_real_reasons() {
    let site = Site::new().await;
    site.write("fraud", json!({})).await;
    let far = environment(&site, "far", json!({ "image": "registry.invalid/x:1" })).await;
    let odd = environment(
        &site,
        "odd",
        json!({ "image": "mcr.microsoft.com/x:1", "condaFile": "dependencies:\n- $x\n" }),
    )
    .await;
    let small = environment(
        &site,
        "small",
        json!({ "image": "mcr.microsoft.com/x:1", "condaFile": "dependencies:\n- python=3.12\n" }),
    )
    .await;
    let sound = code(&site.az, &[("score.py", SCRIPT)]).await;
    let no_run = code(&site.az, &[("score.py", "def init():\n  pass\n")]).await;
    let raises = code(
        &site.az,
        &[(
            "score.py",
            "def init():\n  raise RuntimeError('no model')\ndef run(x):\n  return x\n",
        )],
    )
    .await;
    let numpy = code(&site.az, &[("score.py", &format!("import numpy\n{SCRIPT}"))]).await;
    let other = code(&site.az, &[("other.py", SCRIPT)]).await;
    let slow = code(
        &site.az,
        &[(
            "score.py",
            "def init():\n  time.sleep(900)\ndef run(x):\n  return x\n",
        )],
    )
    .await;
    let huge = json!({ "containerResourceRequests": { "cpu": "64", "memory": "1Gi" } });
    let gpu = json!({ "containerResourceRequests": { "cpu": "1", "memory": "1Gi", "gpu": "1" } });
    let in_environment = |id: &str, code: &str| {
        let mut properties = with_code(code);
        properties["environmentId"] = json!(id);
        properties
    };
    for (properties, code, said) in [
        (
            json!({ "model": "azureml:echo:1", "containerResourceRequirements": huge }),
            "OutOfQuota",
            "3 Insufficient cpu",
        ),
        (
            json!({ "model": "azureml:echo:1", "containerResourceRequirements": gpu }),
            "OutOfQuota",
            "nvidia.com/gpu",
        ),
        (
            in_environment(&far, &sound),
            "ImagePullLoopBackOff",
            "registry.invalid",
        ),
        (
            in_environment(&odd, &sound),
            "ImageBuildFailure",
            "Invalid requirement: '$x'",
        ),
        (
            in_environment(&small, &numpy),
            "UserScriptImportError",
            "No module named 'numpy'",
        ),
        (with_code(&no_run), "UserScriptFunctionNotFound", "run()"),
        (with_code(&raises), "UserScriptInitFailed", "no model"),
        (
            with_code(&other),
            "KubernetesCrashLoopBackOff",
            "User script not found",
        ),
        (with_code(&slow), "KubernetesCrashLoopBackOff", "liveness probe"),
    ] {
        let ended = site.deploy("fraud", "blue", properties).await;
        assert_eq!(ended["status"], "Failed", "{ended}");
        assert_eq!(ended["error"]["code"], code, "{ended}");
        assert!(
            ended["error"]["message"].as_str().unwrap().contains(said),
            "{ended}"
        );
        let shown = site.deployment("fraud", "blue").await;
        assert_eq!(shown["properties"]["provisioningState"], "Failed");
    }
    let logs = site.logs("fraud", "blue").await;
    assert!(
        logs.contains("UserContainerStart: Failed") && logs.contains("Liveness probe failed"),
        "{logs}"
    );
    // The pods show it too.
    let way = Way::into(&site.az, "aks-ml-prod").await;
    let pods = way.get("/api/v1/namespaces/default/pods").await.expect(200).body;
    let blue = pods["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|pod| pod["metadata"]["labels"]["app"] == "blue")
        .unwrap();
    assert_eq!(
        blue["status"]["containerStatuses"][0]["state"]["waiting"]["reason"],
        "CrashLoopBackOff"
    );
    let ended = site.deploy("fraud", "blue", in_environment(&small, &sound)).await;
    assert_eq!(ended["status"], "Succeeded", "{ended}");
    assert!(
        site.logs("fraud", "blue")
            .await
            .contains("UserContainerStart: Succeeded")
    );
}

#[tokio::test]
async fn a_build_leaves_a_log_in_the_storage() {
    let site = Site::new().await;
    site.write("fraud", json!({})).await;
    let odd = environment(
        &site,
        "odd",
        json!({ "image": "mcr.microsoft.com/x:1", "condaFile": "nothing" }),
    )
    .await;
    let mut properties = json!({ "model": "azureml:echo:1" });
    properties["environmentId"] = json!(odd);
    let ended = site.deploy("fraud", "blue", properties).await;
    let message = ended["error"]["message"].as_str().unwrap();
    let path = message
        .split("build log is ")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap();
    let store = format!(
        "{}/datastores/workspaceartifactstore/listSecrets?{ML}",
        workspace(&site.az)
    );
    let sas = site
        .az
        .post(&store, json!({ "expirableSecret": true }))
        .await
        .expect(200)
        .body["sasToken"]
        .clone();
    let container = Container::for_code(&site.az).await;
    let account = container.address.rsplit_once('/').unwrap().0.to_owned();
    let artifacts = Container {
        address: format!("{account}/azureml"),
        ..container.with_sas(sas.as_str().unwrap())
    };
    let log = artifacts.get(&format!("/{path}")).await.expect(200).text();
    assert!(log.contains("EnvironmentFileNotValid: nothing"), "{log}");
}
