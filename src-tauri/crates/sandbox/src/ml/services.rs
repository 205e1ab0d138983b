//! Classic web services: the model management API, as SDK version 1 uses it (package azureml-core 1.61,
//! `_model_management` and `webservice`; the service has no published description).

use super::endpoints::secret;
use super::{COMPUTE, MlEffect, workspaces};
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::operation::{OperationState, Outcome, Start};
use crate::resource_id::name_of;
use crate::scoring::{self, CLASSIC};
use crate::world::{Resource, World};
use http::StatusCode;
use serde_json::{Value, json};

pub(crate) const SERVICE: &str = "Microsoft.MachineLearningServices/workspaces/services";
/// Path prefix of the API.
pub(crate) const PREFIX: &str = "/modelmanagement/v1.0";
const SECONDS: u64 = 180;
/// Lifetime of a token, in real seconds.
const TOKEN_SECONDS: i64 = 12 * 3600;

fn id_of(call: &Call, name: &str) -> String {
    format!("{}/services/{name}", workspaces::id_of(call))
}

fn find<'a>(world: &'a World, call: &Call) -> Result<&'a Resource, Refusal> {
    world.resource(&id_of(call, call.name(1))).ok_or_else(|| {
        Refusal::not_found(
            "ServiceNotFound",
            format!(
                "Service with name {} not found in provided workspace.",
                call.name(1)
            ),
        )
    })
}

/// Handles `/modelmanagement/v1.0/…/workspaces/{w}`.
pub(crate) fn handle(world: &mut World, call: &Call, now: Now) -> Handled {
    workspaces::find(world, call)?;
    let (method, shape) = call.route();
    let method = method.to_string();
    match (method.as_str(), shape.trim_start_matches("workspaces/*/")) {
        ("GET", "services") => Ok(list(world, call)),
        ("POST", "services") => create(world, call, now),
        ("GET", "services/*") => find(world, call).map(|found| Answer::ok(found.body.clone())),
        ("PATCH", "services/*") => patch(world, call, now),
        ("DELETE", "services/*") => delete(world, call),
        ("POST", "services/*/listkeys") => keys(world, call),
        ("POST", "services/*/regeneratekeys") => regenerate(world, call, now),
        ("POST", "services/*/token") => token(world, call, now),
        ("GET", "services/*/logs") => find(world, call).map(|found| {
            Answer::ok(json!({ "content": format!("{} is {}", name_of(&found.id), found.body["state"]) }))
        }),
        ("GET", "operations/*") => operation(world, call),
        // `validate/name/{n}`, `validate/resource`, `validate`.
        ("POST", "services/*/name/*") => Ok(validate_name(world, call)),
        ("POST", "services/*/resource") => Ok(validate_capacity(world, call)),
        ("POST", "services/*") if call.name(1).eq_ignore_ascii_case("validate") => {
            Ok(Answer::ok(json!({ "error": null })))
        }
        _ => Err(Refusal::resource_not_found(call)),
    }
}

fn list(world: &World, call: &Call) -> Answer {
    let fits = |found: &&Resource| {
        let same = |query: &str, member: &str| {
            call.query(query).is_none_or(|wanted| {
                found.body[member]
                    .as_str()
                    .is_some_and(|value| value.eq_ignore_ascii_case(wanted))
            })
        };
        same("computeType", "computeType") && same("computeName", "computeName")
    };
    let bodies = world.list(&workspaces::id_of(call), SERVICE).filter(fits);
    Answer::list(call, bodies.map(|found| found.body.clone()).collect())
}

/// The cluster that a service runs on.
pub(crate) fn cluster_of(world: &World, service: &Resource) -> Option<String> {
    let workspace = service.id.rsplit_once("/services/")?.0;
    let compute = world.resource(&format!(
        "{workspace}/computes/{}",
        service.body["computeName"].as_str()?
    ))?;
    compute.body["properties"]["resourceId"]
        .as_str()
        .map(str::to_string)
}

/// Versions of an endpoint with their percentage of the traffic; empty for a plain service.
pub(crate) fn shares(service: &Resource) -> Vec<(String, u64)> {
    let versions = service.body["versions"].as_object().into_iter().flatten();
    versions
        .filter_map(|(name, version)| Some((name.clone(), version["trafficPercentile"].as_u64()?)))
        .collect()
}

/// The model that a service, or one of its versions, serves.
pub(crate) fn model_of(service: &Resource, version: &str) -> String {
    let of = |body: &Value| {
        let ids = body["environmentImageRequest"]["modelIds"]
            .as_array()
            .or(body["modelIds"].as_array());
        ids.and_then(|ids| {
            ids.first()?
                .as_str()
                .map(|id| id.split(':').next().unwrap_or(id).to_string())
        })
    };
    of(&service.body["versions"][version])
        .or_else(|| of(&service.body))
        .unwrap_or_default()
}

fn create(world: &mut World, call: &Call, now: Now) -> Handled {
    let name = call.body["name"].as_str().unwrap_or_default().to_string();
    if let Some(why) = wrong_name(&name) {
        return Err(bad(why));
    }
    let id = id_of(call, &name);
    if world.resource(&id).is_some() && call.body["overwrite"] != json!(true) {
        return Err(Refusal::conflict(
            "ServiceAlreadyExists",
            format!(
                "Service {name} with the same name already exists, please use a different service name or delete the existing service."
            ),
        ));
    }
    let compute = format!(
        "{}/computes/{}",
        workspaces::id_of(call),
        call.body["computeName"].as_str().unwrap_or_default()
    );
    let attached = |found: &&Resource| {
        found.is(COMPUTE)
            && found.body["properties"]["computeType"] == "AKS"
            && found.provisioning_state() == "Succeeded"
    };
    let Some(compute) = world.resource(&compute).filter(attached).cloned() else {
        return Err(bad(format!(
            "Compute target {} cannot be deployed to.",
            call.body["computeName"]
        )));
    };
    let mut body = call.body.clone();
    let given = body["keys"].clone();
    body.as_object_mut().map(|members| members.remove("keys"));
    let cluster = compute.body["properties"]["resourceId"]
        .as_str()
        .unwrap_or_default();
    let cname = compute.body["properties"]["properties"]["clusterFqdn"].as_str();
    let address = scoring::find(world, cluster, CLASSIC)
        .map(|front_end| front_end.url(cname))
        .unwrap_or_default();
    body["scoringUri"] = json!(format!("{address}/api/v1/service/{name}/score"));
    body["swaggerUri"] = json!(format!("{address}/api/v1/service/{name}/swagger.json"));
    body["state"] = json!("Transitioning");
    body["createdTime"] = json!(now.rfc3339());
    body["updatedTime"] = json!(now.rfc3339());
    let mut resource = Resource::new(&id, SERVICE, body);
    let key = |member: &str| given[member].as_str().map_or_else(secret, str::to_string);
    resource.secrets =
        json!({ "primaryKey": key("primaryKey"), "secondaryKey": key("secondaryKey"), "tokens": {} });
    world.put(resource);
    Ok(started(world, call, &id, Answer::accepted(), now))
}

/// JSON Patch (RFC 6902): replace, add, remove.
fn patch(world: &mut World, call: &Call, now: Now) -> Handled {
    let id = find(world, call)?.id.clone();
    let patch: json_patch::Patch =
        serde_json::from_value(call.body.clone()).map_err(|error| bad(error.to_string()))?;
    let Some(found) = world.resource_mut(&id) else {
        return Err(Refusal::resource_not_found(call));
    };
    // The SDK replaces members that may not exist.
    for operation in call.body.as_array().into_iter().flatten() {
        let path = operation["path"].as_str().unwrap_or_default();
        if operation["op"] == "replace" && found.body.pointer(path).is_none() {
            ensure_parents(&mut found.body, path);
        }
    }
    json_patch::patch(&mut found.body, &patch).map_err(|error| bad(error.to_string()))?;
    found.body["state"] = json!("Transitioning");
    found.body["updatedTime"] = json!(now.rfc3339());
    Ok(started(world, call, &id, Answer::accepted(), now))
}

fn ensure_parents(body: &mut Value, path: &str) {
    let mut at = body;
    for part in path.trim_start_matches('/').split('/') {
        if !at.is_object() {
            *at = json!({});
        }
        at = &mut at[part];
    }
}

fn delete(world: &mut World, call: &Call) -> Handled {
    match world.remove(&id_of(call, call.name(1))) {
        Some(_) => Ok(Answer::ok(json!({}))),
        None => Ok(Answer::no_content()),
    }
}

fn keys(world: &World, call: &Call) -> Handled {
    let found = find(world, call)?;
    Ok(Answer::ok(
        json!({ "primaryKey": found.secrets["primaryKey"], "secondaryKey": found.secrets["secondaryKey"] }),
    ))
}

fn regenerate(world: &mut World, call: &Call, now: Now) -> Handled {
    let id = find(world, call)?.id.clone();
    let member = match call.body["keyType"].as_str() {
        Some("Primary") => "primaryKey",
        Some("Secondary") => "secondaryKey",
        _ => return Err(bad("keyType must be Primary or Secondary.")),
    };
    let value = call.body["keyValue"].as_str().map_or_else(secret, str::to_string);
    if let Some(found) = world.resource_mut(&id) {
        found.secrets[member] = json!(value);
    }
    Ok(started(world, call, &id, Answer::accepted(), now))
}

fn token(world: &mut World, call: &Call, now: Now) -> Handled {
    let id = find(world, call)?.id.clone();
    let (token, until) = (secret(), now.wall.as_second() + TOKEN_SECONDS);
    let Some(found) = world.resource_mut(&id) else {
        return Err(Refusal::resource_not_found(call));
    };
    if found.body["aadAuthEnabled"] != json!(true) {
        return Err(bad("Token authentication is not enabled for this service."));
    }
    found.secrets["tokens"][token.as_str()] = json!(until);
    Ok(Answer::ok(
        json!({ "accessToken": token, "tokenType": "Bearer", "refreshAfter": until - TOKEN_SECONDS / 2, "expiryOn": until }),
    ))
}

fn started(world: &mut World, call: &Call, id: &str, answer: Answer, now: Now) -> Answer {
    let operation = world.start(Start::new(id, SECONDS, Effect::Ml(MlEffect::ServiceWritten)), now);
    answer.header(
        "Operation-Location",
        format!(
            "{}{PREFIX}{}/operations/{operation}",
            call.base,
            workspaces::id_of(call)
        ),
    )
}

fn operation(world: &World, call: &Call) -> Handled {
    let found = world.pollable_operation(call.name(1)).ok_or_else(|| {
        Refusal::not_found(
            "OperationNotFound",
            format!("Operation {} not found.", call.name(1)),
        )
    })?;
    let state = match found.state {
        OperationState::InProgress => "Running",
        OperationState::Succeeded => "Succeeded",
        OperationState::Failed => "Failed",
        OperationState::Canceled => "Cancelled",
    };
    Ok(Answer::ok(json!({
        "id": found.id, "operationType": "Service", "state": state, "error": found.error,
        "operationDetails": { "subOperationType": "DeployService", "subOperationState": state }, "streamingOperationLog": "",
    })))
}

fn validate_name(world: &World, call: &Call) -> Answer {
    let name = call.name(2);
    let taken = world
        .resource(&id_of(call, name))
        .is_some()
        .then(|| format!("Service {name} already exists."));
    let why = wrong_name(name).or(taken);
    Answer::ok(json!({ "error": why.map(|message| json!({ "code": "BadRequest", "message": message })) }))
}

/// Whether the cluster has the vCPU that a service requests.
fn validate_capacity(world: &World, call: &Call) -> Answer {
    let compute = format!(
        "{}/computes/{}",
        workspaces::id_of(call),
        call.body["computeName"].as_str().unwrap_or_default()
    );
    let cluster = world
        .resource(&compute)
        .and_then(|found| world.resource(found.body["properties"]["resourceId"].as_str()?));
    let wanted = call.body["containerResourceRequirements"]["cpu"]
        .as_f64()
        .unwrap_or(0.1);
    let short = cluster
        .map(|found| crate::aks::nodes::untainted_capacity(found).1 as f64)
        .filter(|vcpus| wanted > *vcpus);
    let error = short.map(|vcpus| json!({ "code": "BadRequest", "message": format!("The cluster has {vcpus} vCPU, {wanted} are asked for.") }));
    Answer::ok(json!({ "error": error }))
}

/// `^[a-z]([-a-z0-9]*[a-z0-9])?$`, 3 to 32 (azureml-core webservice.py).
fn wrong_name(name: &str) -> Option<String> {
    let letters = name
        .chars()
        .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-');
    let fits = letters
        && (3..=32).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-');
    (!fits).then(|| {
        format!(
            "Service name {name} is invalid: 3 to 32 lower case letters, digits and '-', from a letter on."
        )
    })
}

fn bad(message: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "BadRequest", message)
}

/// Completes a change.
pub(super) fn complete_write(world: &mut World, id: &str, outcome: &Outcome) {
    if let Some(found) = world.resource_mut(id) {
        found.body["state"] = json!(if *outcome == Outcome::Succeeded {
            "Healthy"
        } else {
            "Failed"
        });
        if let Outcome::Failed(error) = outcome {
            found.body["error"] = error.to_value();
        }
    }
}
