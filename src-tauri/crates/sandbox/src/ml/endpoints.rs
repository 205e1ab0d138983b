//! Online endpoints on attached clusters (machinelearningservices 2024-04-01, mfe: onlineEndpoints). Keys and tokens are
//! in `keys`, the split in `traffic`.

use super::{MlEffect, keys, pods, started, traffic, workspaces};
use crate::answer::{Answer, ErrorBody, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::extensions;
use crate::operation::{Outcome, Start};
use crate::resource_id::{key, name_of, stable_uuid};
use crate::scoring::{self, EXTENSION};
use crate::world::{Resource, World};
use serde_json::{Value, json};

pub(crate) const ENDPOINT: &str = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints";
const CREATE_SECONDS: u64 = 20;
const CHANGE_SECONDS: u64 = 12;
const DELETE_SECONDS: u64 = 20;
/// Endpoints of one cluster (learn.microsoft.com/azure/machine-learning/how-to-manage-quotas).
const MOST: usize = 60;

fn id_of(call: &Call) -> String {
    format!("{}/onlineEndpoints/{}", workspaces::id_of(call), call.name(1))
}

pub(super) fn find<'a>(world: &'a World, call: &Call) -> Result<&'a Resource, Refusal> {
    let workspace = workspaces::find(world, call)?;
    let id = id_of(call);
    world.resource(&id).ok_or_else(|| {
        let message = format!(
            "There is no endpoint with name: {} in {}",
            call.name(1),
            name_of(&workspace.id)
        );
        missing(world, call, &id, ErrorBody::new("NoSuchEndpoint", message))
    })
}

/// Azure Resource Manager's 404 for what never existed; the service's own for what it has deleted.
pub(super) fn missing(world: &World, call: &Call, id: &str, detail: ErrorBody) -> Refusal {
    if world.times_deleted(id) == 0 {
        return Refusal::resource_not_found(call).header("x-ms-failure-cause", "gateway");
    }
    Refusal::not_found("NotFound", "The specified resource was not found.").detail(detail)
}

/// Refuses a write while an operation runs on one of these.
pub(super) fn check_idle(world: &World, ids: &[&str], what: &str) -> Result<(), Refusal> {
    let busy = ids.iter().find_map(|id| {
        world.running_on(id)?;
        world.resource(id)
    });
    let Some(busy) = busy else { return Ok(()) };
    let name = busy.id.split("/onlineEndpoints/").nth(1).unwrap_or_default();
    Err(Refusal::conflict(
        "Conflict",
        format!(
            "Cannot {what} endpoint {name} because it is in {} provisioning state.",
            busy.provisioning_state()
        ),
    ))
}

pub(super) fn list(world: &World, call: &Call) -> Handled {
    let workspace = workspaces::find(world, call)?;
    Ok(Answer::bodies(call, world.list(&workspace.id, ENDPOINT)))
}

pub(super) fn get(world: &World, call: &Call) -> Handled {
    find(world, call).map(|found| Answer::ok(found.body.clone()))
}

/// A change is answered with what was there before; `complete` applies it.
pub(super) fn put(world: &mut World, call: &Call, now: Now) -> Handled {
    let workspace = workspaces::find(world, call)?.clone();
    let id = id_of(call);
    let old = world.resource(&id).cloned();
    check_name(call.name(1))?;
    check_idle(world, &[&id], "update")?;
    let given = &call.body["properties"];
    let mode = given["authMode"].as_str().unwrap_or_default();
    if !["Key", "AMLToken"].contains(&mode) {
        return Err(refuse(format!(
            "authMode '{mode}' is not supported for endpoints on Kubernetes: Key or AMLToken."
        )));
    }
    if given["mirrorTraffic"]
        .as_object()
        .is_some_and(|all| !all.is_empty())
    {
        return Err(refuse(
            "Mirroring traffic is not supported on Kubernetes endpoints.",
        ));
    }
    let compute = compute_of(world, given["compute"].as_str().unwrap_or_default())?;
    traffic::check(world, &id, &given["traffic"])?;
    let seconds = if old.is_some() {
        CHANGE_SECONDS
    } else {
        CREATE_SECONDS
    };
    let fails = old.is_none().then(|| elsewhere(world, &id, &compute)).flatten();
    let mut resource = match old {
        Some(old) => old,
        None => created(world, call, &workspace, &id, &compute)?,
    };
    resource.secrets["requested"] = requested(call);
    resource.body["systemData"] = super::system_data(Some(&resource), call, now);
    let creating = resource.provisioning_state() == "Creating";
    if !creating {
        resource.body["properties"]["provisioningState"] = json!("Updating");
    }
    world.put(resource);
    let start = Start::new(&id, seconds, Effect::Ml(MlEffect::ServingWritten)).with_failure(fails);
    Ok(accepted(world, call, start, now))
}

/// What a write changes when its operation has succeeded.
fn requested(call: &Call) -> Value {
    let given = &call.body["properties"];
    let or = |value: &Value, fallback: Value| if value.is_null() { fallback } else { value.clone() };
    json!({
        "tags": call.body["tags"].as_object().cloned().unwrap_or_default(), "identity": call.body["identity"],
        "traffic": or(&given["traffic"], json!({})), "description": given["description"],
        "authMode": given["authMode"], "compute": given["compute"], "properties": or(&given["properties"], json!({})),
    })
}

fn created(
    world: &World,
    call: &Call,
    workspace: &Resource,
    id: &str,
    compute: &Resource,
) -> Result<Resource, Refusal> {
    let given = &call.body["properties"];
    let cluster = &compute.body["properties"]["resourceId"];
    let on_cluster = |found: &&Resource| {
        let compute = world.resource(found.body["properties"]["compute"].as_str().unwrap_or_default());
        compute.is_some_and(|compute| compute.body["properties"]["resourceId"] == *cluster)
    };
    if world.list("", ENDPOINT).filter(on_cluster).count() >= MOST {
        return Err(Refusal::bad_request(
            "OutOfQuota",
            format!("The cluster has {MOST} online endpoints already."),
        ));
    }
    let mut identity = call.body["identity"].clone();
    if identity["type"] == "SystemAssigned" {
        identity["principalId"] = json!(stable_uuid(&format!("{id}#identity")).to_string());
        identity["tenantId"] = json!(call.principal.tenant_id);
    }
    let body = json!({
        "id": id, "name": call.name(1), "type": ENDPOINT, "location": workspace.location(), "kind": "K8S",
        "tags": call.body["tags"].as_object().cloned().unwrap_or_default(), "identity": identity,
        "properties": {
            "description": given["description"], "authMode": given["authMode"], "compute": given["compute"],
            "properties": { "azureml.onlineendpointid": key(id) }, "scoringUri": null, "swaggerUri": null,
            "traffic": {}, "mirrorTraffic": {}, "publicNetworkAccess": "Enabled", "provisioningState": "Creating",
        },
    });
    let mut resource = Resource::new(id, ENDPOINT, body);
    resource.secrets = keys::new(given);
    Ok(resource)
}

/// An endpoint with the same name in the same namespace of the cluster, from another workspace or of a compute that
/// was detached (Azure/azure-sdk-for-python issue 35109).
fn elsewhere(world: &World, id: &str, compute: &Resource) -> Option<ErrorBody> {
    let place = pods::of_compute(&compute.body);
    let same = |found: &&Resource| {
        let compute = world.resource(found.body["properties"]["compute"].as_str().unwrap_or_default());
        let there = compute.and_then(|compute| pods::of_compute(&compute.body));
        key(&found.id) != key(id) && name_of(&found.id).eq_ignore_ascii_case(name_of(id)) && there == place
    };
    world.list("", ENDPOINT).find(same)?;
    let message = format!("OnlineEndpoint {} already exists in cluster", name_of(id));
    Some(ErrorBody::new("InferencingClientCallFailed", message))
}

/// Starts a write: 201 with the resource, whose latest operation it becomes.
pub(super) fn accepted(world: &mut World, call: &Call, start: Start, now: Now) -> Answer {
    let id = start.resource.clone();
    let answer = started(world, call, start, Answer::created(Value::Null), now);
    let status = answer
        .headers
        .iter()
        .find(|(name, _)| name == "Azure-AsyncOperation")
        .map(|(_, value)| json!(value));
    let Some(found) = world.resource_mut(&id) else {
        return answer;
    };
    found.body["properties"]["properties"]["AzureAsyncOperationUri"] = status.unwrap_or_default();
    let body = found.body.clone();
    let location = format!("{}{id}?api-version={}", call.base, call.api_version());
    Answer {
        body: Some(body),
        ..answer
    }
    .header("Location", location)
    .header("x-ms-async-operation-timeout", "PT30M")
}

/// Completes a write: applies what it asked for.
pub(super) fn complete(world: &mut World, id: &str, outcome: &Outcome, now: Now) {
    super::set_state(world, id, outcome);
    let Some(found) = world.resource_mut(id) else {
        return;
    };
    let requested = found.secrets["requested"].take();
    if *outcome != Outcome::Succeeded || requested.is_null() {
        return;
    }
    found.body["tags"] = requested["tags"].clone();
    if let (Some(identity), Some(wanted)) = (
        found.body["identity"].as_object_mut(),
        requested["identity"].as_object(),
    ) {
        identity.insert("type".to_string(), json!(wanted.get("type")));
    }
    found.body["systemData"]["lastModifiedAt"] = json!(now.rfc3339());
    let properties = &mut found.body["properties"];
    for member in ["traffic", "description", "authMode", "compute"] {
        properties[member] = requested[member].clone();
    }
    for (name, value) in requested["properties"].as_object().into_iter().flatten() {
        if name != "AzureAsyncOperationUri" {
            properties["properties"][name] = value.clone();
        }
    }
    let compute = properties["compute"].as_str().unwrap_or_default().to_string();
    let path = format!("/api/v1/endpoint/{}/", name_of(id));
    let Some(compute) = world.resource(&compute) else {
        return;
    };
    let address = scoring_address(world, compute);
    if let Some(found) = world.resource_mut(id) {
        found.body["properties"]["scoringUri"] = json!(format!("{address}{path}score"));
        found.body["properties"]["swaggerUri"] = json!(format!("{address}{path}swagger.json"));
    }
}

/// PATCH changes only tags and identity; traffic needs a PUT.
pub(super) fn patch(world: &mut World, call: &Call) -> Handled {
    let id = find(world, call)?.id.clone();
    let Some(found) = world.resource_mut(&id) else {
        return Err(Refusal::resource_not_found(call));
    };
    for member in ["tags", "identity"] {
        if !call.body[member].is_null() {
            found.body[member] = call.body[member].clone();
        }
    }
    Ok(Answer::ok(found.body.clone()))
}

pub(super) fn delete(world: &mut World, call: &Call, now: Now) -> Handled {
    let Ok(found) = find(world, call) else {
        workspaces::find(world, call)?;
        return Ok(Answer::no_content());
    };
    let id = found.id.clone();
    check_idle(world, &[&id], "delete")?;
    if let Some(found) = world.resource_mut(&id) {
        found.body["properties"]["provisioningState"] = json!("Deleting");
    }
    let start = Start::new(&id, DELETE_SECONDS, Effect::Ml(MlEffect::ServingDeleted));
    Ok(started(
        world,
        call,
        start,
        Answer::accepted().header("x-ms-async-operation-timeout", "PT1H"),
        now,
    ))
}

/// A refusal of an invalid request.
pub(super) fn refuse(message: impl Into<String>) -> Refusal {
    Refusal::bad_request("UserError", message)
}

/// 3 to 32 letters, digits and hyphens, starting with a letter and ending with a letter or digit.
fn check_name(name: &str) -> Result<(), Refusal> {
    let letters = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    let fits = letters
        && (3..=32).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && !name.ends_with('-');
    if fits {
        Ok(())
    } else {
        Err(refuse(format!("The endpoint name '{name}' is invalid.")))
    }
}

fn compute_of(world: &World, id: &str) -> Result<Resource, Refusal> {
    let found = world.resource(id).ok_or_else(|| {
        Refusal::bad_request(
            "ComputeNotFound",
            format!("The compute '{}' could not be found.", name_of(id)),
        )
    })?;
    let properties = &found.body["properties"];
    if properties["computeType"] != "Kubernetes" || properties["provisioningState"] != "Succeeded" {
        return Err(Refusal::bad_request(
            "InvalidComputeInformation",
            format!("The compute '{}' cannot serve online endpoints.", name_of(id)),
        ));
    }
    Ok(found.clone())
}

/// URL of a compute's front end.
fn scoring_address(world: &World, compute: &Resource) -> String {
    let cluster = compute.body["properties"]["resourceId"]
        .as_str()
        .unwrap_or_default();
    let Some(front_end) = scoring::find(world, cluster, EXTENSION) else {
        return String::new();
    };
    let cname = extensions::of_machine_learning(world, cluster)
        .and_then(|found| found.body["properties"]["configurationSettings"]["sslCname"].as_str())
        .filter(|name| !name.is_empty());
    front_end.url(cname)
}
