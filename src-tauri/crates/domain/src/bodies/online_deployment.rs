//! `PUT …/onlineEndpoints/{e}/deployments/{d}` for a version on the extension route (machinelearningservices
//! 2025-12-01, KubernetesOnlineDeployment). Every setting is sent, because an absent timeout was stored as no time at
//! all.

use super::tagged;
use crate::deployment_spec::{DeploySpec, Probe, Resources, Scale, Serving};
use serde_json::{Map, Value, json};

/// Ids of what a version is made of, in the workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assets {
    /// Version of the model; `None` if the image has it.
    pub model: Option<String>,
    /// Version of the environment; `None` without code.
    pub environment: Option<String>,
    /// Version of the code; `None` without a scoring script.
    pub code: Option<String>,
}

/// The deployment of a specification, in the workspace's location.
pub fn online_deployment(spec: &DeploySpec, assets: &Assets, location: &str, plan_id: &str) -> Value {
    let mut body = json!({
        "location": location,
        "tags": tagged(&spec.tags, plan_id),
        "properties": properties(spec, assets),
    });
    if let Scale::Fixed { replicas } = spec.scale {
        body["sku"] = json!({ "name": "Default", "capacity": replicas });
    }
    body
}

/// `properties` of the deployment; also what an update sets on the deployment as it was read.
pub fn properties(spec: &DeploySpec, assets: &Assets) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut set = |name: &str, value: Value| drop(properties.insert(name.to_owned(), value));
    set("endpointComputeType", json!("Kubernetes"));
    if !spec.description.is_empty() {
        set("description", json!(spec.description));
    }
    if let Some(model) = &assets.model {
        set("model", json!(model));
    }
    if let Some(environment) = &assets.environment {
        set("environmentId", json!(environment));
    }
    if let (Some(code), Serving::Script { script, .. }) = (&assets.code, &spec.serving) {
        set(
            "codeConfiguration",
            json!({ "codeId": code, "scoringScript": script }),
        );
    }
    if !spec.instance_type.is_empty() {
        set("instanceType", json!(spec.instance_type));
    }
    set("appInsightsEnabled", json!(spec.app_insights));
    set("environmentVariables", json!(spec.environment_variables));
    if let Some(resources) = resources(&spec.resources()) {
        set("containerResourceRequirements", resources);
    }
    set("requestSettings", request_settings(spec));
    set("livenessProbe", probe(spec.liveness()));
    set("readinessProbe", probe(spec.readiness()));
    set("scaleSettings", scale(spec));
    if spec.data_collection {
        set("dataCollector", data_collector());
    }
    properties
}

/// Requests and limits; `None` if the instance type decides both. The GPU has the same request and limit, as Kubernetes
/// demands.
fn resources(resources: &Resources) -> Option<Value> {
    let gpu = match resources.gpu {
        0 => String::new(),
        some => some.to_string(),
    };
    let list = |cpu: &str, memory: &str| {
        let members = [("cpu", cpu), ("memory", memory), ("gpu", gpu.as_str())];
        let set = members.into_iter().filter(|(_, value)| !value.is_empty());
        set.map(|(name, value)| (name.to_owned(), json!(value)))
            .collect::<Map<String, Value>>()
    };
    let lists = [
        (
            "containerResourceRequests",
            list(&resources.cpu, &resources.memory),
        ),
        (
            "containerResourceLimits",
            list(&resources.cpu_limit, &resources.memory_limit),
        ),
    ];
    let set = lists.into_iter().filter(|(_, list)| !list.is_empty());
    let set: Map<String, Value> = set
        .map(|(name, list)| (name.to_owned(), Value::Object(list)))
        .collect();
    (!set.is_empty()).then_some(Value::Object(set))
}

fn request_settings(spec: &DeploySpec) -> Value {
    json!({
        "maxConcurrentRequestsPerInstance": spec.concurrency(),
        "maxQueueWait": duration(u64::from(spec.max_queue_wait_ms())),
        "requestTimeout": duration(u64::from(spec.timeout_ms())),
    })
}

fn probe(probe: Probe) -> Value {
    let seconds = |value: u32| duration(u64::from(value) * 1_000);
    json!({
        "initialDelay": seconds(probe.initial_delay),
        "period": seconds(probe.period),
        "timeout": seconds(probe.timeout),
        "failureThreshold": probe.failure_threshold,
        "successThreshold": probe.success_threshold,
    })
}

fn scale(spec: &DeploySpec) -> Value {
    match spec.scale.autoscaler() {
        None => json!({ "scaleType": "Default" }),
        Some(auto) => json!({
            "scaleType": "TargetUtilization",
            "minInstances": auto.min,
            "maxInstances": auto.max,
            "pollingInterval": duration(u64::from(auto.seconds) * 1_000),
            "targetUtilizationPercentage": auto.target,
        }),
    }
}

/// Collects requests and responses, which needs no change in the scoring script
/// (learn.microsoft.com/azure/machine-learning/reference-yaml-deployment-kubernetes-online, DataCollector).
fn data_collector() -> Value {
    let on = json!({ "dataCollectionMode": "Enabled" });
    json!({ "collections": { "request": on, "response": on } })
}

/// Milliseconds in ISO 8601: `PT5S`, `PT0.5S`.
fn duration(millis: u64) -> String {
    match format!("{:03}", millis % 1_000).trim_end_matches('0') {
        "" => format!("PT{}S", millis / 1_000),
        fraction => format!("PT{}.{fraction}S", millis / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_are_written_in_seconds() {
        for (millis, text) in [
            (500, "PT0.5S"),
            (5_000, "PT5S"),
            (0, "PT0S"),
            (310_000, "PT310S"),
            (1_050, "PT1.05S"),
        ] {
            assert_eq!(duration(millis), text);
        }
    }
}
