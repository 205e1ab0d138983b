//! Deployments of an online endpoint (machinelearningservices 2024-04-01, mfe: onlineDeployments): the requests. What
//! becomes of a deployment is in `deployed`.

use super::deployed::{self, DEPLOYMENT};
use super::endpoints::{self, refuse};
use super::{MlEffect, assets, builds, defaults, started, traffic};
use crate::answer::{Answer, ErrorBody, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::operation::Start;
use crate::resource_id::name_of;
use crate::world::{Resource, World};
use serde_json::{Value, json};

/// Deployments of one endpoint (learn.microsoft.com/azure/machine-learning/how-to-manage-quotas).
const MOST: usize = 20;
const DELETE_SECONDS: u64 = 30;
const SCALE_SECONDS: u64 = 60;

fn id_of(call: &Call, endpoint: &Resource) -> String {
    format!("{}/deployments/{}", endpoint.id, call.name(2))
}

fn find<'a>(world: &'a World, call: &Call) -> Result<&'a Resource, Refusal> {
    let endpoint = endpoints::find(world, call)?;
    let id = id_of(call, endpoint);
    world.resource(&id).ok_or_else(|| {
        let name = format!("{}-{}", call.name(2), call.name(1));
        let detail = ErrorBody::new("NoSuchService", format!("There is no service with name: {name}"));
        endpoints::missing(world, call, &id, detail)
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
    endpoints::check_idle(world, &[&endpoint.id, &id], "create a deployment in")?;
    check(world, call, &endpoint, old.is_some())?;
    let mut body = call.body.clone();
    body["id"] = json!(id);
    body["name"] = json!(call.name(2));
    body["type"] = json!(DEPLOYMENT);
    body["kind"] = json!("K8S");
    body["location"] = json!(endpoint.location());
    if body["tags"].is_null() {
        body["tags"] = json!({});
    }
    defaults::fill(&mut body)?;
    body["systemData"] = super::system_data(old.as_ref(), call, now);
    body["properties"]["provisioningState"] = json!("Updating");
    let (mut rollout, mut inner) = deployed::plan(world, &endpoint, &call.body["properties"], &body);
    builds::keep_log(
        world,
        &endpoint.id,
        &body["properties"]["environmentId"],
        &mut rollout,
        now,
    );
    inner.serving = old.as_ref().and_then(deployed::serving);
    let mut resource = Resource::new(&id, DEPLOYMENT, body);
    resource.secrets = json!(inner);
    world.put(resource);
    let start = Start::new(&id, rollout.seconds, Effect::Ml(MlEffect::ServingWritten));
    let start = start.with_failure(rollout.fails);
    Ok(endpoints::accepted(world, call, start, now))
}

/// What a request must be for the service to accept it.
fn check(world: &World, call: &Call, endpoint: &Resource, exists: bool) -> Result<(), Refusal> {
    let given = &call.body["properties"];
    check_name(call.name(2), name_of(&endpoint.id))?;
    if given["endpointComputeType"] != "Kubernetes" {
        return Err(refuse(
            "endpointComputeType must be Kubernetes for an endpoint on an attached cluster.",
        ));
    }
    if given["model"].is_null() && given["environmentId"].is_null() {
        return Err(refuse("A deployment needs a model or an environment."));
    }
    if !exists && world.list(&endpoint.id, DEPLOYMENT).count() >= MOST {
        let message = format!(
            "The endpoint '{}' has {MOST} deployments already.",
            name_of(&endpoint.id)
        );
        return Err(Refusal::bad_request("OutOfQuota", message));
    }
    for member in ["/model", "/environmentId", "/codeConfiguration/codeId"] {
        let id = given.pointer(member).and_then(Value::as_str).unwrap_or_default();
        if id.starts_with("azureml://registries/") {
            return Err(bad_argument(
                "Assets of a registry are not supported on Kubernetes endpoints.",
            ));
        }
        if id.starts_with('/') && assets::version(world, id).is_none() {
            return Err(bad_argument(format!("The asset '{id}' could not be found.")));
        }
    }
    let script = given["codeConfiguration"]["scoringScript"].as_str();
    if !given["codeConfiguration"].is_null() && script.is_none_or(|name| name.trim().is_empty()) {
        return Err(refuse("codeConfiguration needs a scoringScript."));
    }
    check_instance_type(world, endpoint, given["instanceType"].as_str())
}

fn bad_argument(message: impl Into<String>) -> Refusal {
    Refusal::bad_request("BadArgument", message)
}

/// Letters, digits and hyphens, up to 32, and not the endpoint's own name (MicrosoftDocs/azure-docs issue 53364).
fn check_name(name: &str, endpoint: &str) -> Result<(), Refusal> {
    let letters = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    let fits = letters
        && (1..=32).contains(&name.len())
        && name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && !name.ends_with('-');
    if !fits {
        return Err(refuse(format!("The deployment name '{name}' is invalid.")));
    }
    if name.eq_ignore_ascii_case(endpoint) {
        return Err(refuse("A deployment cannot have the name of its endpoint."));
    }
    Ok(())
}

fn check_instance_type(world: &World, endpoint: &Resource, wanted: Option<&str>) -> Result<(), Refusal> {
    let compute = endpoint.body["properties"]["compute"]
        .as_str()
        .unwrap_or_default();
    let Some(wanted) = wanted.filter(|name| !name.is_empty()) else {
        return Ok(());
    };
    if world.resource(compute).is_some() && !deployed::instance_type(world, endpoint, wanted).is_object() {
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
    endpoints::check_idle(world, &[&id], "update a deployment of")?;
    let Some(found) = world.resource_mut(&id) else {
        return Err(Refusal::resource_not_found(call));
    };
    if call.body["tags"].is_object() {
        found.body["tags"] = call.body["tags"].clone();
    }
    if let Some(capacity) = call.body["sku"]["capacity"].as_u64() {
        found.body["sku"] = json!({ "name": "Default", "capacity": capacity });
        found.body["properties"]["provisioningState"] = json!("Scaling");
        if found.secrets.is_object() {
            found.secrets["replicas"] = json!(capacity);
        }
    }
    let body = found.body.clone();
    let start = Start::new(&id, SCALE_SECONDS, Effect::Ml(MlEffect::ServingWritten));
    let answer = Answer::new(http::StatusCode::ACCEPTED, body);
    Ok(started(world, call, start, answer, now))
}

/// A deployment that receives traffic is not deleted: the operation fails, and it serves on.
pub(super) fn delete(world: &mut World, call: &Call, now: Now) -> Handled {
    let endpoint = endpoints::find(world, call)?.clone();
    let Ok(found) = find(world, call) else {
        return Ok(Answer::no_content());
    };
    let id = found.id.clone();
    endpoints::check_idle(world, &[&endpoint.id, &id], "delete a deployment of")?;
    let percent = traffic::percent_of(&endpoint, call.name(2));
    let fails = (percent > 0).then(|| {
        let message = format!(
            "The deployment '{}' still gets {percent}% of the traffic. Set its traffic to 0 first.",
            call.name(2)
        );
        ErrorBody::new("UserError", message)
    });
    if let Some(found) = world.resource_mut(&id) {
        found.body["properties"]["provisioningState"] = json!("Deleting");
    }
    let start = Start::new(&id, DELETE_SECONDS, Effect::Ml(MlEffect::ServingDeleted)).with_failure(fails);
    Ok(started(world, call, start, Answer::accepted(), now))
}

pub(super) fn logs(world: &World, call: &Call) -> Handled {
    let found = find(world, call)?;
    let inner = deployed::inner(found);
    let container = call.body["containerType"].as_str().unwrap_or("InferenceServer");
    let tail = call.body["tail"].as_u64().unwrap_or(500);
    let known = inner.as_ref().map(|inner| (inner.stage, inner.log.as_str()));
    let text = super::logs::content(container, known, tail);
    Ok(Answer::ok(json!({ "content": text })))
}

pub(super) fn skus(world: &World, call: &Call) -> Handled {
    find(world, call)?;
    let sku = json!({ "resourceType": DEPLOYMENT, "sku": { "name": "Default" }, "capacity": { "minimum": 0, "maximum": 100, "default": 1, "scaleType": "Manual" } });
    Ok(Answer::list(call, vec![sku]))
}
