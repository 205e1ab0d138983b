//! Deployments of an online endpoint (machinelearningservices 2024-04-01, mfe: onlineDeployments).

use super::endpoints::{self, refuse};
use super::{MlEffect, started};
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::operation::Start;
use crate::resource_id::name_of;
use crate::world::{Resource, World};
use serde_json::{Value, json};

pub(crate) const DEPLOYMENT: &str =
    "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments";
const SECONDS: u64 = 240;

fn id_of(call: &Call, endpoint: &Resource) -> String {
    format!("{}/deployments/{}", endpoint.id, call.name(2))
}

fn find<'a>(world: &'a World, call: &Call) -> Result<&'a Resource, Refusal> {
    let endpoint = endpoints::find(world, call)?;
    world.resource(&id_of(call, endpoint)).ok_or_else(|| {
        Refusal::not_found(
            "ResourceNotFound",
            format!("The deployment '{}' could not be found.", call.name(2)),
        )
    })
}

pub(super) fn list(world: &World, call: &Call) -> Handled {
    let endpoint = endpoints::find(world, call)?;
    Ok(Answer::bodies(call, world.list(&endpoint.id, DEPLOYMENT)))
}

pub(super) fn get(world: &World, call: &Call) -> Handled {
    find(world, call).map(|found| Answer::ok(found.body.clone()))
}

pub(super) fn put(world: &mut World, call: &Call, now: Now) -> Handled {
    let endpoint = endpoints::find(world, call)?.clone();
    let id = id_of(call, &endpoint);
    let old = world.resource(&id).cloned();
    let given = &call.body["properties"];
    if given["endpointComputeType"] != "Kubernetes" {
        return Err(refuse(
            "endpointComputeType must be Kubernetes for an endpoint on an attached cluster.",
        ));
    }
    if given["model"].is_null() && given["environmentId"].is_null() {
        return Err(refuse("A deployment needs a model or an environment."));
    }
    check_instance_type(world, &endpoint, given["instanceType"].as_str())?;
    let mut body = call.body.clone();
    body["id"] = json!(id);
    body["name"] = json!(call.name(2));
    body["type"] = json!(DEPLOYMENT);
    body["location"] = json!(endpoint.location());
    if body["sku"].is_null() {
        body["sku"] = json!({ "name": "Default", "capacity": 1 });
    }
    complete(&mut body["properties"]);
    body["properties"]["provisioningState"] = json!(if old.is_some() { "Updating" } else { "Creating" });
    let answer = Answer::ok_or_created(old.is_some(), body.clone());
    world.put(Resource::new(&id, DEPLOYMENT, body));
    let start = Start::new(&id, SECONDS, Effect::Ml(MlEffect::ServingWritten));
    Ok(started(world, call, start, answer, now))
}

/// Fills in what the service adds, as in its own examples.
fn complete(properties: &mut Value) {
    let probe = json!({ "initialDelay": "PT10S", "period": "PT10S", "timeout": "PT2S", "failureThreshold": 30, "successThreshold": 1 });
    let room = json!({ "cpu": "0.1", "memory": "0.5Gi" });
    let most = json!({ "cpu": "2", "memory": "2Gi" });
    for (member, value) in [
        ("instanceType", json!("defaultinstancetype")),
        (
            "containerResourceRequirements",
            json!({ "containerResourceRequests": room, "containerResourceLimits": most }),
        ),
        (
            "requestSettings",
            json!({ "maxConcurrentRequestsPerInstance": 1, "maxQueueWait": "PT0.5S", "requestTimeout": "PT5S" }),
        ),
        ("livenessProbe", probe.clone()),
        ("readinessProbe", probe),
        (
            "scaleSettings",
            json!({ "scaleType": "TargetUtilization", "minInstances": 1, "maxInstances": 1, "pollingInterval": "PT1S", "targetUtilizationPercentage": 70 }),
        ),
        ("environmentVariables", json!({})),
        ("appInsightsEnabled", json!(false)),
    ] {
        if properties[member].is_null() {
            properties[member] = value;
        }
    }
}

fn check_instance_type(world: &World, endpoint: &Resource, wanted: Option<&str>) -> Result<(), Refusal> {
    let compute = endpoint.body["properties"]["compute"]
        .as_str()
        .unwrap_or_default();
    let Some(wanted) = wanted.filter(|name| !name.is_empty()) else {
        return Ok(());
    };
    let known = world
        .resource(compute)
        .map(|found| found.body["properties"]["properties"]["instanceTypes"][wanted].is_object());
    if known == Some(false) {
        return Err(refuse(format!(
            "The instance type '{wanted}' is not one of the compute '{}'.",
            name_of(compute)
        )));
    }
    Ok(())
}

/// PATCH changes only tags and capacity.
pub(super) fn patch(world: &mut World, call: &Call, now: Now) -> Handled {
    let id = find(world, call)?.id.clone();
    let Some(found) = world.resource_mut(&id) else {
        return Err(Refusal::resource_not_found(call));
    };
    if call.body["tags"].is_object() {
        found.body["tags"] = call.body["tags"].clone();
    }
    if !call.body["sku"]["capacity"].is_null() {
        found.body["sku"]["capacity"] = call.body["sku"]["capacity"].clone();
        found.body["properties"]["provisioningState"] = json!("Scaling");
    }
    let body = found.body.clone();
    let start = Start::new(&id, SECONDS / 2, Effect::Ml(MlEffect::ServingWritten));
    Ok(started(
        world,
        call,
        start,
        Answer::new(http::StatusCode::ACCEPTED, body),
        now,
    ))
}

/// Refuses to delete a deployment that receives traffic.
pub(super) fn delete(world: &mut World, call: &Call, now: Now) -> Handled {
    let endpoint = endpoints::find(world, call)?.clone();
    let Ok(found) = find(world, call) else {
        return Ok(Answer::no_content());
    };
    let id = found.id.clone();
    if endpoint.body["properties"]["traffic"][call.name(2)]
        .as_u64()
        .unwrap_or_default()
        > 0
    {
        return Err(refuse(format!(
            "The deployment '{}' still gets traffic. Set its traffic to 0 first.",
            call.name(2)
        )));
    }
    if let Some(found) = world.resource_mut(&id) {
        found.body["properties"]["provisioningState"] = json!("Deleting");
    }
    let start = Start::new(&id, SECONDS / 4, Effect::Ml(MlEffect::ServingDeleted));
    Ok(started(world, call, start, Answer::accepted(), now))
}

pub(super) fn logs(world: &World, call: &Call) -> Handled {
    let found = find(world, call)?;
    let at = found.body["properties"]["provisioningState"]
        .as_str()
        .unwrap_or_default();
    let container = call.body["containerType"].as_str().unwrap_or("InferenceServer");
    Ok(Answer::ok(
        json!({ "content": format!("Instance status:\n{container}: {at}\nAzureML inference server running\nListening at: http://0.0.0.0:31311\n") }),
    ))
}

pub(super) fn skus(world: &World, call: &Call) -> Handled {
    find(world, call)?;
    let sku = json!({ "resourceType": DEPLOYMENT, "sku": { "name": "Default" }, "capacity": { "minimum": 0, "maximum": 100, "default": 1, "scaleType": "Manual" } });
    Ok(Answer::list(call, vec![sku]))
}

/// Removes a deleted deployment from its endpoint's traffic.
pub(super) fn forget_traffic(world: &mut World, id: &str) {
    let Some((endpoint, name)) = id.rsplit_once("/deployments/") else {
        return;
    };
    if world.resource(id).is_some() {
        return;
    }
    if let Some(found) = world.resource_mut(endpoint)
        && let Some(traffic) = found.body["properties"]["traffic"].as_object_mut()
    {
        traffic.remove(name);
    }
}

/// The deployments that receive traffic, with their percentage.
pub(crate) fn shares(world: &World, endpoint: &Resource) -> Vec<(String, u64)> {
    let traffic = endpoint.body["properties"]["traffic"].as_object();
    let ready = |name: &str| {
        world
            .resource(&format!("{}/deployments/{name}", endpoint.id))
            .is_some_and(|found| found.provisioning_state() == "Succeeded")
    };
    let shares = traffic
        .into_iter()
        .flatten()
        .filter_map(|(name, share)| Some((name.clone(), share.as_u64()?)));
    shares.filter(|(name, share)| *share > 0 && ready(name)).collect()
}

pub(crate) fn model_of(deployment: &Value) -> String {
    let id = deployment["properties"]["model"].as_str().unwrap_or_default();
    let parts: Vec<&str> = id.split('/').collect();
    let at = parts.iter().position(|part| part.eq_ignore_ascii_case("models"));
    at.and_then(|at| parts.get(at + 1)).map_or_else(
        || id.trim_start_matches("azureml:").to_string(),
        ToString::to_string,
    )
}
