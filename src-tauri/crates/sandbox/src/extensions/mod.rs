//! Microsoft.KubernetesConfiguration: cluster extensions (kubernetesconfiguration 2023-05-01 and newer), in
//! particular the Azure ML extension.

pub(crate) mod settings;

use crate::aks::CLUSTER;
use crate::answer::{Answer, ErrorBody, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::operation::{self, Operation, Outcome, Start, with_status_url};
use crate::resource_id::{key, stable_uuid};
use crate::scoring::{self, EXTENSION};
use crate::world::{Resource, World};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(crate) const KIND: &str = "Microsoft.KubernetesConfiguration/extensions";
/// Type of the Azure ML extension, in lower case.
pub(crate) const MACHINE_LEARNING: &str = "microsoft.azureml.kubernetes";
/// The newest version of the release train.
const NEWEST: &str = "1.1.92";
const INSTALL_SECONDS: u64 = 600;
const CHANGE_SECONDS: u64 = 180;
/// Azure seconds after which the service gives up on a cluster whose agent does not respond.
const SILENT_SECONDS: u64 = 48 * 3600;

/// What an operation on an extension does when it completes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum ExtensionEffect {
    Written,
    /// The release was removed from the cluster.
    Removed,
}

pub(crate) fn handle(world: &mut World, call: &Call, now: Now) -> Handled {
    let (method, shape) = call.route();
    let method = method.to_string();
    if !shape.starts_with("extensions") {
        return Err(Refusal::resource_not_found(call));
    }
    let cluster = world
        .resource(&call.arm.scope)
        .filter(|found| found.is(CLUSTER))
        .ok_or_else(|| {
            Refusal::not_found(
                "ResourceNotFound",
                format!("The cluster '{}' could not be found.", call.arm.scope),
            )
        })?
        .clone();
    match (method.as_str(), shape.as_str()) {
        ("GET", "extensions") => Ok(Answer::bodies(call, world.list(&cluster.id, KIND))),
        ("GET", "extensions/*") => find(world, call).map(|found| Answer::ok(found.body.clone())),
        ("PUT", "extensions/*") => put(world, call, &cluster, now),
        ("PATCH", "extensions/*") => patch(world, call, &cluster, now),
        ("DELETE", "extensions/*") => delete(world, call, &cluster, now),
        ("GET", "extensions/*/operations/*") => operation::status(world, call, call.name(1), now),
        _ => Err(Refusal::resource_not_found(call)),
    }
}

fn id_of(call: &Call) -> String {
    format!("{}/providers/{KIND}/{}", call.arm.scope, call.name(0))
}

fn find<'a>(world: &'a World, call: &Call) -> Result<&'a Resource, Refusal> {
    world
        .resource(&id_of(call))
        .ok_or_else(|| Refusal::resource_not_found(call))
}

/// The Azure ML extension of a cluster.
pub(crate) fn of_machine_learning<'a>(world: &'a World, cluster: &str) -> Option<&'a Resource> {
    let ours = |found: &&Resource| is_ours(&found.body);
    world.list(cluster, KIND).find(ours)
}

fn is_ours(body: &Value) -> bool {
    body["properties"]["extensionType"]
        .as_str()
        .is_some_and(|kind| kind.eq_ignore_ascii_case(MACHINE_LEARNING))
}

fn put(world: &mut World, call: &Call, cluster: &Resource, now: Now) -> Handled {
    // Ids ignore case, and are returned as they were first written.
    let id = find(world, call).map_or_else(|_| id_of(call), |found| found.id.clone());
    check_idle(world, &id)?;
    let given = &call.body["properties"];
    if given["extensionType"].as_str().unwrap_or_default().is_empty() {
        return Err(Refusal::bad_request(
            "InvalidRequestContent",
            "properties.extensionType is required.",
        ));
    }
    settings::check(given)?;
    let other = of_machine_learning(world, &cluster.id)
        .filter(|found| key(&found.id) != key(&id) && is_ours(&call.body));
    if let Some(other) = other {
        let message = format!(
            "An extension of type {} exists already on this cluster: {}.",
            given["extensionType"], other.id
        );
        return Err(Refusal::conflict("ExtensionTypeAlreadyExists", message));
    }
    let old = world.resource(&id).cloned();
    let mut body = call.body.clone();
    let protected = given["configurationProtectedSettings"].clone();
    complete(&mut body, &id, call);
    body["properties"]["provisioningState"] = json!(if old.is_some() { "Updating" } else { "Creating" });
    let answer = Answer::ok_or_created(old.is_some(), body.clone());
    stamp(&mut body, old.as_ref(), now);
    write(world, &id, body, protected);
    Ok(start(world, call, cluster, &id, INSTALL_SECONDS, answer, now))
}

/// Settings are merged; protected settings are replaced as a whole.
fn patch(world: &mut World, call: &Call, cluster: &Resource, now: Now) -> Handled {
    let found = find(world, call)?.clone();
    check_idle(world, &found.id)?;
    let mut body = found.body.clone();
    let given = &call.body["properties"];
    for (name, value) in given["configurationSettings"].as_object().into_iter().flatten() {
        let settings = &mut body["properties"]["configurationSettings"];
        if value.is_null() || value == "" {
            settings.as_object_mut().map(|all| all.remove(name));
        } else {
            settings[name] = value.clone();
        }
    }
    for name in ["version", "autoUpgradeMinorVersion", "releaseTrain"] {
        if !given[name].is_null() {
            body["properties"][name] = given[name].clone();
        }
    }
    if let Some(version) = given["version"].as_str() {
        body["properties"]["currentVersion"] = json!(version);
    }
    let protected = if given["configurationProtectedSettings"].is_null() {
        found.secrets.clone()
    } else {
        given["configurationProtectedSettings"].clone()
    };
    let mut whole = body["properties"].clone();
    whole["configurationProtectedSettings"] = protected.clone();
    settings::check(&whole)?;
    body["properties"]["provisioningState"] = json!("Updating");
    stamp(&mut body, Some(&found), now);
    write(world, &found.id, body.clone(), protected);
    let answer = Answer::new(http::StatusCode::ACCEPTED, body);
    Ok(start(
        world,
        call,
        cluster,
        &found.id,
        CHANGE_SECONDS,
        answer,
        now,
    ))
}

/// The resource disappears at once, the release in the cluster later.
fn delete(world: &mut World, call: &Call, cluster: &Resource, now: Now) -> Handled {
    let Ok(found) = find(world, call) else {
        return Ok(Answer::no_content());
    };
    let (id, ours) = (found.id.clone(), is_ours(&found.body));
    check_idle(world, &id)?;
    world.remove(&id);
    if !ours {
        return Ok(Answer::no_content());
    }
    let start = Start::new(&id, INSTALL_SECONDS, Effect::Extensions(ExtensionEffect::Removed));
    let operation = world.start(start, now);
    Ok(with_status_url(
        Answer::accepted(),
        call,
        &status_path(&cluster.id, call, &operation),
        now,
    ))
}

fn check_idle(world: &World, id: &str) -> Result<(), Refusal> {
    match world.running_on(id) {
        Some(_) => Err(Refusal::conflict(
            "ConcurrentOperationInProgress",
            "Another operation on this extension is in progress.",
        )),
        None => Ok(()),
    }
}

fn status_path(cluster: &str, call: &Call, operation: &str) -> String {
    format!(
        "{cluster}/providers/{KIND}/{}/operations/{operation}?api-version={}",
        call.name(0),
        call.api_version()
    )
}

/// Fills in what the service adds; protected settings are never returned.
fn complete(body: &mut Value, id: &str, call: &Call) {
    let uid = stable_uuid(id);
    body["id"] = json!(id);
    body["name"] = json!(call.name(0));
    body["type"] = json!(KIND);
    let assigned = body["identity"]["type"] == "SystemAssigned";
    let identity = json!({ "type": "SystemAssigned", "principalId": uid.to_string(), "tenantId": call.principal.tenant_id });
    let properties = &mut body["properties"];
    properties["configurationProtectedSettings"] = json!({});
    let pinned = properties["version"].as_str().unwrap_or(NEWEST).to_owned();
    properties["currentVersion"] = json!(pinned);
    properties["isSystemExtension"] = json!(false);
    properties["statuses"] = json!([]);
    properties["errorInfo"] = Value::Null;
    if assigned {
        properties["aksAssignedIdentity"] = identity;
    }
}

/// Sets `systemData`: when the resource was created and last modified (kubernetesconfiguration 2023-05-01,
/// extensions.json).
fn stamp(body: &mut Value, old: Option<&Resource>, now: Now) {
    let made = old.and_then(|old| old.body["systemData"]["createdAt"].as_str());
    let made = made.map_or_else(|| now.rfc3339(), str::to_string);
    body["systemData"] = json!({ "createdAt": made, "lastModifiedAt": now.rfc3339() });
}

fn write(world: &mut World, id: &str, body: Value, protected: Value) {
    let mut resource = Resource::new(id, KIND, body);
    resource.secrets = protected;
    world.put(resource);
}

fn start(
    world: &mut World,
    call: &Call,
    cluster: &Resource,
    id: &str,
    seconds: u64,
    answer: Answer,
    now: Now,
) -> Answer {
    let fails = world
        .resource(id)
        .and_then(|found| settings::refusal(world, cluster, found));
    let silent = !crate::kubernetes::api_available(cluster);
    let seconds = if silent { SILENT_SECONDS } else { seconds };
    let fails = if silent {
        Some(ErrorBody::new(
            "ExtensionOperationFailed",
            "The agent of the cluster did not answer within 48 hours.",
        ))
    } else {
        fails
    };
    let start = Start::new(id, seconds, Effect::Extensions(ExtensionEffect::Written)).with_failure(fails);
    let operation = world.start(start, now);
    with_status_url(answer, call, &status_path(&cluster.id, call, &operation), now)
}

pub(crate) fn finish(
    world: &mut World,
    operation: &Operation,
    effect: &ExtensionEffect,
    outcome: &Outcome,
    now: Now,
) {
    let cluster = operation
        .resource
        .split("/providers/Microsoft.KubernetesConfiguration")
        .next()
        .unwrap_or_default()
        .to_string();
    if *effect == ExtensionEffect::Removed {
        if *outcome == Outcome::Succeeded && of_machine_learning(world, &cluster).is_none() {
            scoring::remove(world, &cluster, EXTENSION);
        }
        return;
    }
    let Some(found) = world.resource_mut(&operation.resource) else {
        return;
    };
    let properties = &mut found.body["properties"];
    match outcome {
        Outcome::Succeeded => {
            properties["provisioningState"] = json!("Succeeded");
            properties["errorInfo"] = Value::Null;
            properties["statuses"] = json!([]);
        }
        Outcome::Failed(error) => {
            properties["provisioningState"] = json!("Failed");
            properties["errorInfo"] = error.to_value();
            properties["statuses"] = json!([{
                "code": "InstallationFailed", "displayStatus": "Failed", "level": "Error", "message": error.message, "time": now.rfc3339(),
            }]);
        }
        Outcome::Canceled => properties["provisioningState"] = json!("Canceled"),
    }
    let found = found.clone();
    if *outcome == Outcome::Succeeded && is_ours(&found.body) {
        serve(world, &cluster, &found);
    }
}

/// Installs the front end as the settings specify.
fn serve(world: &mut World, cluster: &str, extension: &Resource) {
    let Some(cluster) = world.resource(cluster).cloned() else {
        return;
    };
    match settings::front_end_config(world, &cluster, extension) {
        Some(config) => scoring::install(world, &cluster.id, EXTENSION, config),
        None => scoring::remove(world, &cluster.id, EXTENSION),
    }
}
