//! Bodies of classic services and of the versions of classic endpoints: what the service fills in, where they answer,
//! how they split calls (package azureml-core 1.61, `webservice/aks.py`).

use super::workspaces;
use crate::call::Call;
use crate::clock::Now;
use crate::resource_id::name_of;
use crate::scoring::{self, CLASSIC};
use crate::world::{Resource, World};
use serde_json::{Value, json};

/// Versions of one endpoint.
pub(super) const MOST: usize = 6;
/// `computeType` of an endpoint with versions.
pub(super) const ENDPOINT: &str = "AKSENDPOINT";

pub(super) fn has_versions(body: &Value) -> bool {
    body["computeType"] == json!(ENDPOINT)
}

/// Fills in what a request left out. The SDK reads these members without checking that they exist.
pub(super) fn fill(body: &mut Value, name: &str, call: &Call, now: Now) {
    for (member, value) in [
        ("description", Value::Null),
        ("kvTags", json!({})),
        ("properties", json!({})),
        ("authEnabled", json!(true)),
        ("aadAuthEnabled", json!(false)),
        ("appInsightsEnabled", json!(false)),
        (
            "namespace",
            json!(format!("azureml-{}", call.name(0).to_ascii_lowercase())),
        ),
        ("createdTime", json!(now.rfc3339())),
        (
            "createdBy",
            json!({ "userObjectId": call.principal.object_id, "userTenantId": call.principal.tenant_id, "userName": call.principal.client_id }),
        ),
        ("imageId", Value::Null),
        ("imageDigest", Value::Null),
        ("deploymentStatus", Value::Null),
        ("error", Value::Null),
    ] {
        if body[member].is_null() {
            body[member] = value;
        }
    }
    body["id"] = json!(name);
    body["name"] = json!(name);
    body["updatedTime"] = json!(now.rfc3339());
    if !has_versions(body) {
        fill_containers(body);
    }
    // Tags of a version are written under another name than they are read.
    if let Some(tags) = body.as_object_mut().and_then(|members| members.remove("tags")) {
        body["kvTags"] = tags;
    }
}

fn fill_containers(body: &mut Value) {
    let scaler = json!({ "autoscaleEnabled": true, "minReplicas": 1, "maxReplicas": 10, "targetUtilization": 70, "refreshPeriodInSeconds": 1 });
    let room =
        json!({ "cpu": 0.1, "cpuLimit": null, "memoryInGB": 0.5, "memoryInGBLimit": null, "gpu": null });
    let probe = json!({ "initialDelaySeconds": 310, "periodSeconds": 10, "failureThreshold": 3, "successThreshold": 1, "timeoutSeconds": 2 });
    let collected = json!({ "storageEnabled": false, "eventHubEnabled": false });
    let fixed = body["numReplicas"].is_u64();
    for (member, defaults) in [
        ("containerResourceRequirements", &room),
        ("livenessProbeRequirements", &probe),
        ("dataCollection", &collected),
        ("autoScaler", &scaler),
    ] {
        if member == "autoScaler" && fixed {
            body[member] = Value::Null;
            continue;
        }
        if !body[member].is_object() {
            body[member] = json!({});
        }
        for (name, value) in defaults.as_object().into_iter().flatten() {
            if body[member][name].is_null() {
                body[member][name] = value.clone();
            }
        }
    }
    for (member, value) in [
        ("maxConcurrentRequestsPerContainer", json!(1)),
        ("maxQueueWaitMs", json!(500)),
        ("scoringTimeoutMs", json!(60_000)),
        ("numReplicas", Value::Null),
    ] {
        if body[member].is_null() {
            body[member] = value;
        }
    }
}

/// The compute of a service, or of an endpoint's versions.
pub(super) fn compute_name(body: &Value) -> &str {
    let own = body["computeName"].as_str();
    let of_versions = || {
        let versions = body["versions"].as_object()?;
        versions
            .values()
            .find_map(|version| version["computeName"].as_str())
    };
    own.or_else(of_versions).unwrap_or_default()
}

/// Writes the addresses of a service and its versions.
pub(super) fn address(world: &World, call: &Call, body: &mut Value) {
    let compute = format!("{}/computes/{}", workspaces::id_of(call), compute_name(body));
    let Some(compute) = world.resource(&compute) else {
        return;
    };
    let properties = &compute.body["properties"];
    let cluster = properties["resourceId"].as_str().unwrap_or_default();
    let cname = properties["properties"]["clusterFqdn"].as_str();
    let base = scoring::find(world, cluster, CLASSIC).map(|front_end| front_end.url(cname));
    let base = base.unwrap_or_default();
    let name = body["name"].as_str().unwrap_or_default().to_string();
    let path = format!("{base}/api/v1/service/{name}");
    body["scoringUri"] = json!(format!("{path}/score"));
    body["swaggerUri"] = json!(format!("{path}/swagger.json"));
    if !has_versions(body) {
        return;
    }
    for (version, body) in body["versions"].as_object_mut().into_iter().flatten() {
        body["scoringUri"] = json!(format!("{path}/{version}/score"));
        body["swaggerUri"] = json!(format!("{path}/{version}/swagger.json"));
    }
}

/// Names of what runs for a service: its versions, or itself.
pub(super) fn parts(body: &Value) -> Vec<String> {
    if has_versions(body) {
        let versions = body["versions"].as_object().into_iter().flatten();
        return versions.map(|(name, _)| name.clone()).collect();
    }
    vec![body["name"].as_str().unwrap_or_default().to_string()]
}

/// The body of a part.
pub(super) fn part<'a>(body: &'a Value, name: &str) -> &'a Value {
    if has_versions(body) {
        &body["versions"][name]
    } else {
        body
    }
}

pub(super) fn part_mut<'a>(body: &'a mut Value, name: &str) -> &'a mut Value {
    if has_versions(body) {
        &mut body["versions"][name]
    } else {
        body
    }
}

/// What makes a part restart when it changes: everything but its share, its type and what describes it.
pub(super) fn content(part: &Value) -> Value {
    let mut content = part.clone();
    for member in [
        "trafficPercentile",
        "isDefault",
        "type",
        "kvTags",
        "tags",
        "description",
        "properties",
        "state",
        "error",
        "scoringUri",
        "swaggerUri",
        "updatedTime",
        "createdTime",
        "createdBy",
    ] {
        content.as_object_mut().map(|members| members.remove(member));
    }
    content
}

/// Checks versions after a change, and makes one of them the default.
///
/// # Errors
/// What is wrong with them.
pub(super) fn settle(body: &mut Value) -> Result<(), String> {
    let Some(versions) = body["versions"].as_object_mut().filter(|all| !all.is_empty()) else {
        return Err("An endpoint needs at least one version.".to_string());
    };
    if versions.len() > MOST {
        return Err(format!("An endpoint has at most {MOST} versions."));
    }
    let mut sum = 0.0;
    for (name, version) in versions.iter_mut() {
        if let Some(why) = super::services::wrong_name(name) {
            return Err(why);
        }
        if !version.is_object() {
            return Err(format!("The version {name} is no object."));
        }
        let percent = match &version["trafficPercentile"] {
            Value::Null => 0.0,
            given => given.as_f64().unwrap_or(-1.0),
        };
        if !(0.0..=100.0).contains(&percent) {
            return Err(format!(
                "trafficPercentile of the version {name} must be from 0 to 100."
            ));
        }
        version["trafficPercentile"] = json!(percent);
        sum += percent;
    }
    if sum > 100.0 {
        return Err(format!(
            "The traffic of all versions must not be more than 100; it is {sum}."
        ));
    }
    let defaults = versions
        .values()
        .filter(|version| version["isDefault"] == json!(true))
        .count();
    if defaults > 1 {
        return Err("Only one version can be the default.".to_string());
    }
    let mut seen = defaults == 1;
    for version in versions.values_mut() {
        let is_default = version["isDefault"] == json!(true) || !seen;
        seen = true;
        version["isDefault"] = json!(is_default);
        if version["type"].is_null() {
            version["type"] = json!("Treatment");
        }
    }
    Ok(())
}

/// How a service splits calls: each version's percentage, and what is left for the default.
pub(crate) fn shares(service: &Resource) -> Vec<(String, f64)> {
    if !has_versions(&service.body) {
        return vec![(name_of(&service.id).to_string(), 100.0)];
    }
    let versions = service.body["versions"].as_object();
    let percent = |version: &Value| version["trafficPercentile"].as_f64().unwrap_or_default();
    let sum: f64 = versions
        .into_iter()
        .flatten()
        .map(|(_, version)| percent(version))
        .sum();
    let share = |(name, version): (&String, &Value)| {
        let rest = if version["isDefault"] == json!(true) {
            (100.0 - sum).max(0.0)
        } else {
            0.0
        };
        (name.clone(), percent(version) + rest)
    };
    let all = versions.into_iter().flatten().map(share);
    all.filter(|(_, share)| *share > 0.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(versions: Value) -> Value {
        json!({ "name": "svc", "computeType": ENDPOINT, "versions": versions })
    }

    #[test]
    fn the_default_gets_the_rest() {
        let mut body = endpoint(json!({ "one": {}, "two": { "trafficPercentile": 20, "isDefault": false } }));
        settle(&mut body).unwrap();
        let found = shares(&Resource::new("/w/services/svc", "s", body));
        assert_eq!(found, [("one".to_string(), 80.0), ("two".to_string(), 20.0)]);
        let plain = Resource::new(
            "/w/services/svc",
            "s",
            json!({ "name": "svc", "computeType": "AKS" }),
        );
        assert_eq!(shares(&plain), [("svc".to_string(), 100.0)]);
    }

    #[test]
    fn versions_that_cannot_be_are_refused() {
        let many: serde_json::Map<String, Value> =
            (0..7).map(|at| (format!("version{at}"), json!({}))).collect();
        for versions in [
            json!({}),
            json!({ "one": { "trafficPercentile": 101 } }),
            json!({ "one": { "trafficPercentile": "x" } }),
            json!({ "one": { "trafficPercentile": 60 }, "two": { "trafficPercentile": 41 } }),
            json!({ "one": { "isDefault": true }, "two": { "isDefault": true } }),
            json!({ "One": {} }),
            Value::Object(many),
        ] {
            assert!(settle(&mut endpoint(versions.clone())).is_err(), "{versions}");
        }
    }
}
