//! Compares each request with its literal JSON.

use super::*;
use berth_domain::bodies::online_deployment::{Assets, online_deployment};
use berth_domain::bodies::online_endpoint::online_endpoint;
use berth_domain::bodies::traffic::service_patch;
use berth_domain::bodies::web_service::*;
use serde_json::{Value, json};

fn assets() -> Assets {
    Assets {
        model: extension().asset_id("models", "m", "1"),
        environment: extension().asset_id("environments", "env", "1"),
        code: extension().asset_id("codes", "c", "1"),
    }
}

#[test]
fn a_new_endpoint_has_no_traffic_yet() {
    let spec = DeploySpec {
        endpoint: endpoint("churn", &[("team", "a")]),
        ..extension()
    };
    let wanted = json!({
        "location": "eastus",
        "identity": { "type": "SystemAssigned" },
        "tags": { "team": "a", "berth-plan": "p-1" },
        "properties": { "authMode": "Key", "compute": format!("{WORKSPACE}/computes/k8s-compute") }
    });
    assert_eq!(online_endpoint(&spec, "eastus", "p-1"), Some(wanted));
    let token = EndpointChoice::New {
        name: text("churn"),
        description: text("d"),
        auth: Auth::Token,
        tags: Default::default(),
        namespace: String::new(),
        single: false,
    };
    let body = online_endpoint(
        &DeploySpec {
            endpoint: token,
            ..extension()
        },
        "eastus",
        "p-1",
    )
    .expect("a body");
    assert_eq!(
        (
            &body["properties"]["authMode"],
            &body["properties"]["description"]
        ),
        (&json!("AMLToken"), &json!("d"))
    );
    let existing = DeploySpec {
        endpoint: EndpointChoice::Existing { name: text("churn") },
        ..extension()
    };
    assert_eq!(online_endpoint(&existing, "eastus", "p-1"), None);
}

#[test]
fn a_deployment_carries_every_setting() {
    let spec = DeploySpec {
        instance_type: text("defaultinstancetype"),
        resources: Resources {
            cpu: text("0.5"),
            memory: text("1Gi"),
            cpu_limit: text("1"),
            memory_limit: text("2Gi"),
            gpu: 0,
        },
        scale: Scale::Auto {
            min: 1,
            max: 3,
            target: None,
            seconds: Some(10),
        },
        ..extension()
    };
    let probe = json!({
        "initialDelay": "PT10S", "period": "PT10S", "timeout": "PT2S", "failureThreshold": 30, "successThreshold": 1,
    });
    let wanted = json!({
        "location": "eastus",
        "tags": { "berth-plan": "p-1" },
        "properties": {
            "endpointComputeType": "Kubernetes",
            "model": format!("{WORKSPACE}/models/m/versions/1"),
            "environmentId": format!("{WORKSPACE}/environments/env/versions/1"),
            "codeConfiguration": { "codeId": format!("{WORKSPACE}/codes/c/versions/1"), "scoringScript": "score.py" },
            "instanceType": "defaultinstancetype", "appInsightsEnabled": false, "environmentVariables": {},
            "containerResourceRequirements": {
                "containerResourceRequests": { "cpu": "0.5", "memory": "1Gi" },
                "containerResourceLimits": { "cpu": "1", "memory": "2Gi" }
            },
            "requestSettings": { "maxConcurrentRequestsPerInstance": 1, "maxQueueWait": "PT0.5S", "requestTimeout": "PT5S" },
            "livenessProbe": probe, "readinessProbe": probe,
            "scaleSettings": {
                "scaleType": "TargetUtilization", "minInstances": 1, "maxInstances": 3, "pollingInterval": "PT10S",
                "targetUtilizationPercentage": 70
            }
        }
    });
    assert_eq!(online_deployment(&spec, &assets(), "eastus", "p-1"), wanted);
}

#[test]
fn a_deployment_with_fixed_replicas_a_gpu_and_no_code() {
    let spec = DeploySpec {
        serving: Serving::NoCode,
        data_collection: true,
        app_insights: true,
        resources: Resources {
            gpu: 1,
            ..Resources::default()
        },
        ..extension()
    };
    let body = online_deployment(
        &spec,
        &Assets {
            environment: None,
            code: None,
            ..assets()
        },
        "eastus",
        "p-1",
    );
    assert_eq!(body["sku"], json!({ "name": "Default", "capacity": 2 }));
    let properties = &body["properties"];
    assert_eq!(properties["scaleSettings"], json!({ "scaleType": "Default" }));
    assert_eq!(
        properties["containerResourceRequirements"],
        json!({ "containerResourceRequests": { "gpu": "1" }, "containerResourceLimits": { "gpu": "1" } })
    );
    let on = json!({ "dataCollectionMode": "Enabled" });
    assert_eq!(
        properties["dataCollector"],
        json!({ "collections": { "request": on, "response": on } })
    );
    for absent in ["environmentId", "codeConfiguration", "instanceType"] {
        assert!(properties.get(absent).is_none(), "{absent}");
    }
    let plain = online_deployment(&extension(), &assets(), "eastus", "p-1");
    assert!(
        plain["properties"].get("containerResourceRequirements").is_none(),
        "the instance type decides"
    );
}

fn service_assets() -> ServiceAssets {
    let environment = json!({ "name": "AzureML-…", "version": "1" });
    let code = UploadedCode {
        driver: "aml://artifact/d",
        archive: "x.tar.gz",
        archive_url: "aml://artifact/x",
    };
    with_code(&[text("mymodel:1")], &environment, code)
}

fn settings() -> Value {
    json!({
        "autoScaler": {
            "autoscaleEnabled": true, "minReplicas": 1, "maxReplicas": 10, "targetUtilization": 70, "refreshPeriodInSeconds": 1
        },
        "containerResourceRequirements": { "cpu": 0.1, "memoryInGB": 0.5 },
        "livenessProbeRequirements": {
            "initialDelaySeconds": 310, "periodSeconds": 10, "failureThreshold": 3, "successThreshold": 1, "timeoutSeconds": 2
        },
        "maxConcurrentRequestsPerContainer": 1, "maxQueueWaitMs": 500, "scoringTimeoutMs": 60000,
        "dataCollection": { "storageEnabled": false },
        "environmentImageRequest": {
            "driverProgram": "main.py",
            "assets": [
                { "id": "main.py", "url": "aml://artifact/d", "mimeType": "application/x-python" },
                { "id": "x.tar.gz", "url": "aml://artifact/x", "mimeType": "application/octet-stream", "unpack": true }
            ],
            "modelIds": ["mymodel:1"],
            "environment": { "name": "AzureML-…", "version": "1" }
        }
    })
}

fn merged(parts: &[Value]) -> Value {
    let members = parts
        .iter()
        .flat_map(|part| part.as_object().into_iter().flatten());
    Value::Object(
        members
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    )
}

fn autoscaled() -> DeploySpec {
    DeploySpec {
        scale: Scale::Auto {
            min: 1,
            max: 10,
            target: None,
            seconds: None,
        },
        ..classic()
    }
}

#[test]
fn a_service_without_versions() {
    let single = EndpointChoice::New {
        name: text("svc"),
        description: String::new(),
        auth: Auth::Key,
        tags: Default::default(),
        namespace: String::new(),
        single: true,
    };
    let spec = DeploySpec {
        endpoint: single,
        version: String::new(),
        ..autoscaled()
    };
    let own = json!({
        "name": "svc", "kvTags": { "berth-plan": "p-1" }, "properties": {}, "computeType": "AKS", "computeName": "myaks",
        "authEnabled": true, "aadAuthEnabled": false, "appInsightsEnabled": false
    });
    assert_eq!(
        service(&spec, &service_assets(), "p-1"),
        merged(&[own, settings()])
    );

    let limits = Resources {
        cpu: text("2"),
        memory: text("4Gi"),
        cpu_limit: text("2500m"),
        memory_limit: text("4.5Gi"),
        gpu: 1,
    };
    let spec = DeploySpec {
        resources: limits,
        scale: Scale::Fixed { replicas: 3 },
        ..spec
    };
    let body = service(&spec, &ServiceAssets::Image(text("img:2")), "p-1");
    assert_eq!(
        body["containerResourceRequirements"],
        json!({ "cpu": 2, "cpuLimit": 2.5, "memoryInGB": 4, "memoryInGBLimit": 4.5, "gpu": 1 })
    );
    assert_eq!(
        (&body["autoScaler"], &body["numReplicas"]),
        (&json!({ "autoscaleEnabled": false }), &json!(3))
    );
    assert_eq!(
        (&body["imageId"], body.get("environmentImageRequest")),
        (&json!("img:2"), None)
    );
    let dry = validate_create("svc", &body);
    assert_eq!(
        (&dry["type"], &dry["serviceName"], &dry["createRequest"]),
        (&json!("Create"), &json!("svc"), &body)
    );
    let no_code = ServiceAssets::Environment(json!({ "modelIds": ["m:1"] }));
    assert_eq!(without_code("m:1"), no_code);
}

#[test]
fn an_endpoint_with_its_first_version() {
    let spec = DeploySpec {
        tags: [(text("a"), text("b"))].into(),
        description: text("first"),
        ..autoscaled()
    };
    let version = json!({
        "name": "blue", "description": "first", "kvTags": { "a": "b", "berth-plan": "p-1" }, "properties": {}, "computeType": "AKS",
        "computeName": "myaks", "trafficPercentile": 100
    });
    let wanted = json!({
        "name": "churn", "kvTags": { "berth-plan": "p-1" }, "properties": {}, "computeType": "AKSENDPOINT", "computeName": "myaks",
        "authEnabled": true, "aadAuthEnabled": false, "appInsightsEnabled": false,
        "versions": { "blue": merged(&[version, settings()]) }
    });
    assert_eq!(aks_endpoint(&spec, &service_assets(), "p-1"), wanted);
}

#[test]
fn a_version_is_added_without_traffic() {
    let spec = DeploySpec {
        endpoint: EndpointChoice::Existing { name: text("churn") },
        version: text("green"),
        ..autoscaled()
    };
    let own = json!({
        "name": "green", "kvTags": { "berth-plan": "p-1" }, "properties": {}, "computeType": "AKS", "computeName": "myaks",
        "trafficPercentile": 0
    });
    let wanted = json!([{ "op": "add", "path": "/versions/green", "value": merged(&[own, settings()]) }]);
    assert_eq!(json!(add_version(&spec, &service_assets(), "p-1")), wanted);
}

#[test]
fn an_update_replaces_each_setting() {
    let spec = DeploySpec {
        tags: [(text("a"), text("b"))].into(),
        description: text("new"),
        ..autoscaled()
    };
    let paths = |version| -> Vec<String> {
        let former = json!({ "owner": "c", "a": "old" });
        let patch = update(&spec, &service_assets(), version, &former, "p-1");
        assert_eq!(
            patch.last().expect("tags")["value"],
            json!({ "owner": "c", "a": "b", "berth-plan": "p-1" })
        );
        patch
            .iter()
            .map(|one| {
                format!(
                    "{} {}",
                    one["op"].as_str().expect("an op"),
                    one["path"].as_str().expect("a path")
                )
            })
            .collect()
    };
    assert_eq!(
        paths(None),
        [
            "replace /autoScaler/autoscaleEnabled",
            "replace /autoScaler/minReplicas",
            "replace /autoScaler/maxReplicas",
            "replace /autoScaler/targetUtilization",
            "replace /autoScaler/refreshPeriodInSeconds",
            "replace /containerResourceRequirements/cpu",
            "replace /containerResourceRequirements/memoryInGB",
            "replace /livenessProbeRequirements/initialDelaySeconds",
            "replace /livenessProbeRequirements/periodSeconds",
            "replace /livenessProbeRequirements/failureThreshold",
            "replace /livenessProbeRequirements/successThreshold",
            "replace /livenessProbeRequirements/timeoutSeconds",
            "replace /maxConcurrentRequestsPerContainer",
            "replace /maxQueueWaitMs",
            "replace /scoringTimeoutMs",
            "replace /dataCollection/storageEnabled",
            "replace /environmentImageRequest",
            "replace /description",
            "replace /kvTags",
        ]
    );
    let of_version = paths(Some("blue"));
    assert!(
        of_version
            .iter()
            .all(|path| path.starts_with("replace /versions/blue/")),
        "{of_version:?}"
    );
    assert_eq!(
        of_version.last().map(String::as_str),
        Some("replace /versions/blue/tags")
    );
    assert_eq!(
        remove_version("blue"),
        [json!({ "op": "remove", "path": "/versions/blue" })]
    );
    let auth = service_patch(&json!({}), &service_auth(Auth::Token));
    assert_eq!(
        auth,
        json!([
            { "op": "replace", "path": "/authEnabled", "value": false },
            { "op": "replace", "path": "/aadAuthEnabled", "value": true }
        ])
    );
    assert_eq!(
        validate_update("churn", auth.as_array().expect("a patch")),
        json!({ "type": "Update", "serviceName": "churn", "updateRequest": auth })
    );
}
