//! What the service fills into a deployment on Kubernetes, as public recordings of the Azure CLI's tests show it
//! (Azure/azure-cli-extensions, src/machinelearningservices), and the values in it.

use super::endpoints::refuse;
use super::rollout::Probe;
use crate::answer::Refusal;
use crate::kubernetes::room::{self, Amount};
use serde_json::{Value, json};

/// Longest `requestTimeout` on Kubernetes, in seconds
/// (learn.microsoft.com/azure/machine-learning/how-to-manage-quotas).
const LONGEST: f64 = 300.0;
/// What every replica's sidecar requests beside the server (learn.microsoft.com/azure/machine-learning/reference-kubernetes).
const SIDECAR: Amount = Amount {
    cpu: 10,
    memory: 100 << 20,
    gpus: 0,
};

/// Fills in what a request left out.
///
/// # Errors
/// 400 for quantities and durations that are none.
pub(super) fn fill(body: &mut Value) -> Result<(), Refusal> {
    let properties = &mut body["properties"];
    let probe = json!({ "failureThreshold": 30, "successThreshold": 1, "timeout": "PT2S", "period": "PT10S", "initialDelay": "PT10S" });
    let request =
        json!({ "maxQueueWait": "PT0.5S", "requestTimeout": "PT0S", "maxConcurrentRequestsPerInstance": 1 });
    for (member, value) in [
        ("instanceType", json!("defaultinstancetype")),
        ("environmentVariables", json!({})),
        ("appInsightsEnabled", json!(false)),
        ("egressPublicNetworkAccess", json!("Enabled")),
        ("properties", json!({})),
        ("scaleSettings", json!({ "scaleType": "TargetUtilization" })),
        ("description", Value::Null),
        ("modelMountPath", Value::Null),
    ] {
        if properties[member].is_null() {
            properties[member] = value;
        }
    }
    for member in [
        "properties",
        "environmentVariables",
        "containerResourceRequirements",
    ] {
        complete(&mut properties[member], &json!({}));
    }
    complete(&mut properties["requestSettings"], &request);
    complete(&mut properties["livenessProbe"], &probe);
    complete(&mut properties["readinessProbe"], &probe);
    if properties["scaleSettings"]["scaleType"] == json!("Default") {
        if body["sku"]["capacity"].is_null() {
            body["sku"] = json!({ "name": "Default", "capacity": 1 });
        }
    } else {
        let scale = json!({ "scaleType": "TargetUtilization", "pollingInterval": "PT1S", "targetUtilizationPercentage": 70, "minInstances": 1, "maxInstances": 1 });
        complete(&mut properties["scaleSettings"], &scale);
        // Only a fixed number of replicas is shown as a capacity.
        body.as_object_mut().map(|members| members.remove("sku"));
    }
    let properties = &mut body["properties"];
    let requests = &mut properties["containerResourceRequirements"]["containerResourceRequests"];
    complete(requests, &json!({ "cpu": "0.1", "memory": "0.5Gi", "gpu": null }));
    let limits = &mut properties["containerResourceRequirements"]["containerResourceLimits"];
    complete(limits, &json!({ "cpu": null, "memory": null, "gpu": null }));
    for part in ["containerResourceRequests", "containerResourceLimits"] {
        rewrite(&mut properties["containerResourceRequirements"][part])?;
    }
    check(properties)
}

/// Adds the members that are missing; what is no object is replaced.
fn complete(value: &mut Value, defaults: &Value) {
    if !value.is_object() {
        *value = json!({});
    }
    for (member, default) in defaults.as_object().into_iter().flatten() {
        if value[member].is_null() {
            value[member] = default.clone();
        }
    }
}

/// Checks quantities; the service writes memory in its own way (`0.195Gi`).
fn rewrite(amounts: &mut Value) -> Result<(), Refusal> {
    let text = |value: &Value| match value {
        Value::Number(number) => Some(number.to_string()),
        other => other.as_str().map(str::to_string),
    };
    if let Some(cpu) = text(&amounts["cpu"]) {
        room::cpu(&cpu).ok_or_else(|| refuse(format!("The cpu '{cpu}' is no quantity.")))?;
        amounts["cpu"] = json!(cpu);
    }
    if let Some(memory) = text(&amounts["memory"]) {
        let bytes = room::memory(&memory);
        let bytes = bytes.ok_or_else(|| refuse(format!("The memory '{memory}' is no quantity.")))?;
        amounts["memory"] = json!(format!("{:.3}Gi", bytes as f64 / 1_073_741_824.0));
    }
    if let Some(gpu) = text(&amounts["gpu"]) {
        gpu.parse::<u64>()
            .map_err(|_| refuse(format!("The gpu '{gpu}' is no whole number.")))?;
        amounts["gpu"] = json!(gpu);
    }
    Ok(())
}

fn check(properties: &Value) -> Result<(), Refusal> {
    let all = &properties["containerResourceRequirements"];
    let (requests, limits) = (&all["containerResourceRequests"], &all["containerResourceLimits"]);
    let over = |name: &str, read: fn(&str) -> Option<u64>| {
        let value = |amounts: &Value| amounts[name].as_str().and_then(read);
        matches!((value(requests), value(limits)), (Some(request), Some(limit)) if request > limit)
    };
    if over("cpu", room::cpu) || over("memory", room::memory) {
        return Err(Refusal::bad_request(
            "InvalidDeploymentSpec",
            "The deployment specification is invalid: the resource requests exceed the limits.",
        ));
    }
    let timeout = seconds(&properties["requestSettings"]["requestTimeout"]);
    if timeout.is_none_or(|timeout| timeout > LONGEST) {
        return Err(refuse(
            "requestTimeout must be a duration of at most PT300S on Kubernetes.",
        ));
    }
    for probe in ["livenessProbe", "readinessProbe"] {
        let read = ["initialDelay", "period", "timeout"].map(|member| seconds(&properties[probe][member]));
        if read.iter().any(Option::is_none) {
            return Err(refuse(format!(
                "Invalid value provided for {probe}: durations such as PT10S are expected."
            )));
        }
    }
    let scale = &properties["scaleSettings"];
    let number = |member: &str| scale[member].as_u64();
    if scale["scaleType"] == json!("TargetUtilization") && number("minInstances") > number("maxInstances") {
        return Err(refuse("minInstances must not be larger than maxInstances."));
    }
    Ok(())
}

/// Seconds of an ISO 8601 duration in hours, minutes and seconds.
pub(super) fn seconds(value: &Value) -> Option<f64> {
    let mut rest = value.as_str()?.strip_prefix("PT")?;
    let mut total = 0.0;
    for (unit, factor) in [('H', 3600.0), ('M', 60.0), ('S', 1.0)] {
        if let Some((number, after)) = rest.split_once(unit) {
            total += number.parse::<f64>().ok().filter(|number| *number >= 0.0)? * factor;
            rest = after;
        }
    }
    rest.is_empty().then_some(total)
}

/// Replicas that a deployment starts with.
pub(super) fn replicas(body: &Value) -> u64 {
    let scale = &body["properties"]["scaleSettings"];
    if scale["scaleType"] == json!("Default") {
        return body["sku"]["capacity"].as_u64().unwrap_or(1);
    }
    scale["minInstances"].as_u64().unwrap_or(1)
}

/// What a replica requests: its own, or that of its instance type where the request named none.
pub(super) fn request(given: &Value, filled: &Value, instance_type: &Value) -> Amount {
    let own = !given["containerResourceRequirements"]["containerResourceRequests"].is_null();
    let of_type = &instance_type["resources"]["requests"];
    let requests = if own || !of_type.is_object() {
        &filled["containerResourceRequirements"]["containerResourceRequests"]
    } else {
        of_type
    };
    let text = |name: &str| requests[name].as_str().unwrap_or_default();
    let gpu = text("gpu").parse().or_else(|_| text("nvidia.com/gpu").parse());
    Amount {
        cpu: room::cpu(text("cpu")).unwrap_or_default() + SIDECAR.cpu,
        memory: room::memory(text("memory")).unwrap_or_default() + SIDECAR.memory,
        gpus: gpu.unwrap_or_default(),
    }
}

pub(super) fn liveness(properties: &Value) -> Probe {
    let probe = &properties["livenessProbe"];
    Probe {
        initial_delay: seconds(&probe["initialDelay"]).unwrap_or_default(),
        period: seconds(&probe["period"]).unwrap_or_default(),
        failures: probe["failureThreshold"].as_f64().unwrap_or(30.0),
    }
}

/// Seconds that the front end waits for an answer; `PT0S` stands for the default.
pub(super) fn timeout(properties: &Value) -> f64 {
    let given = seconds(&properties["requestSettings"]["requestTimeout"]);
    given
        .filter(|timeout| *timeout > 0.0)
        .unwrap_or(super::behaviour::TIMEOUT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_filled_as_recorded() {
        let mut body = json!({ "sku": { "name": "Default" }, "properties": {
            "containerResourceRequirements": { "containerResourceRequests": { "memory": "200Mi" } } } });
        fill(&mut body).unwrap();
        let properties = &body["properties"];
        assert!(body["sku"].is_null());
        assert_eq!(properties["scaleSettings"]["pollingInterval"], "PT1S");
        assert_eq!(properties["requestSettings"]["requestTimeout"], "PT0S");
        let requests = &properties["containerResourceRequirements"]["containerResourceRequests"];
        assert_eq!(
            (requests["cpu"].as_str(), requests["memory"].as_str()),
            (Some("0.1"), Some("0.195Gi"))
        );
        let mut fixed = json!({ "properties": { "scaleSettings": { "scaleType": "Default" } } });
        fill(&mut fixed).unwrap();
        assert_eq!(fixed["sku"]["capacity"], 1);
        assert_eq!(replicas(&fixed), 1);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for properties in [
            json!({ "requestSettings": { "requestTimeout": "PT301S" } }),
            json!({ "requestSettings": { "requestTimeout": "5 s" } }),
            json!({ "livenessProbe": { "period": 10 } }),
            json!({ "scaleSettings": { "minInstances": 3, "maxInstances": 2 } }),
            json!({ "containerResourceRequirements": { "containerResourceRequests": { "cpu": "lots" } } }),
            json!({ "containerResourceRequirements": { "containerResourceRequests": { "cpu": "2" }, "containerResourceLimits": { "cpu": "1" } } }),
        ] {
            assert!(
                fill(&mut json!({ "properties": properties })).is_err(),
                "{properties}"
            );
        }
    }

    #[test]
    fn durations_are_read() {
        assert_eq!(seconds(&json!("PT0.5S")), Some(0.5));
        assert_eq!(seconds(&json!("PT1M30S")), Some(90.0));
        assert_eq!(
            [
                seconds(&json!("P1D")),
                seconds(&json!("PT-1S")),
                seconds(&json!(5))
            ],
            [None, None, None]
        );
    }
}
