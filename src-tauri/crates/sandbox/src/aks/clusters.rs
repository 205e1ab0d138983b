//! `managedClusters`: create, change, start, stop and delete, each as a long-running operation.

use super::{AksEffect, CLUSTER, body, drain, nodes, refuse, trimmed};
use crate::answer::{Answer, ErrorBody, Handled, Refusal};
use crate::authorization::locks;
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::operation::{self, Outcome, Start, with_location, with_status_url};
use crate::resources::groups;
use crate::world::{Resource, World};
use serde_json::{Value, json};

const CREATE_SECONDS: u64 = 300;
const CHANGE_SECONDS: u64 = 150;

pub(super) fn id_of(call: &Call) -> String {
    format!("{}/providers/{CLUSTER}/{}", call.arm.scope, call.name(0))
}

pub(super) fn find<'a>(world: &'a World, call: &Call) -> Result<&'a Resource, Refusal> {
    world
        .resource(&id_of(call))
        .ok_or_else(|| Refusal::resource_not_found(call))
}

pub(super) fn list(world: &World, call: &Call) -> Handled {
    Ok(Answer::cut(call, world.list(&call.arm.scope, CLUSTER), |found| {
        trimmed::cluster(found.body.clone(), call)
    }))
}

pub(super) fn get(world: &World, call: &Call) -> Handled {
    let found = find(world, call)?;
    Ok(Answer::ok(response_body(found, call)).header("ETag", &found.etag))
}

pub(super) fn put(world: &mut World, call: &Call, now: Now) -> Handled {
    let id = id_of(call);
    let old = world.resource(&id).cloned();
    Answer::check_conditions(call, old.as_ref().map(|found| found.etag.as_str()))?;
    check_idle(world, &id)?;
    let written_as = old.as_ref().map_or(id.as_str(), |found| &found.id).to_string();
    let mut made = body::of_call(world, call, &written_as, old.as_ref().map(|found| &found.body))?;
    let failure = match &old {
        Some(old) => check_drain(world, old, &made)?,
        None => None,
    };
    let location = made["location"].as_str().unwrap_or_default().to_string();
    let node_group = made["properties"]["nodeResourceGroup"]
        .as_str()
        .unwrap_or_default()
        .to_string();
    if made["tags"].is_null() {
        made["tags"] = json!({});
    }
    let resource = Resource::new(&written_as, CLUSTER, made);
    let (answer, seconds) = match &old {
        None => (Answer::created(response_body(&resource, call)), CREATE_SECONDS),
        Some(_) => (Answer::ok(response_body(&resource, call)), CHANGE_SECONDS),
    };
    world.put(resource);
    groups::ensure(
        world,
        call.subscription(),
        &node_group,
        &location,
        Some(&written_as),
    );
    let answer = started(world, call, &written_as, AksEffect::Written, seconds, answer, now);
    drain::fail_running(world, &written_as, failure);
    Ok(answer)
}

/// Checks the budgets if the request upgrades nodes. Returns the failure that the operation ends with, if one keeps a node
/// from being drained.
fn check_drain(world: &World, old: &Resource, made: &Value) -> Result<Option<ErrorBody>, Refusal> {
    let pools = made["properties"]["agentPoolProfiles"].as_array();
    let upgraded = drain::upgraded(&old.body, pools.map(Vec::as_slice).unwrap_or_default());
    if upgraded.is_empty() {
        return Ok(None);
    }
    drain::check_upgrade(world, old)?;
    let drained: Vec<String> = upgraded
        .iter()
        .flat_map(|pool| drain::nodes_beyond(old, pool, 0))
        .collect();
    Ok(drain::failure(world, old, &drained))
}

/// PATCH changes only tags.
pub(super) fn patch(world: &mut World, call: &Call) -> Handled {
    let id = id_of(call);
    check_idle(world, &id)?;
    let found = world
        .resource_mut(&id)
        .ok_or_else(|| Refusal::resource_not_found(call))?;
    if call.body["tags"].is_object() {
        found.body["tags"] = call.body["tags"].clone();
    }
    Ok(Answer::ok(trimmed::cluster(found.body.clone(), call)))
}

pub(super) fn delete(world: &mut World, call: &Call, now: Now) -> Handled {
    let id = id_of(call);
    if world.resource(&id).is_none() {
        return Ok(Answer::no_content());
    }
    check_idle(world, &id)?;
    check_node_group(world, &id, true)?;
    set_state(world, &id, "Deleting");
    let answer = started(
        world,
        call,
        &id,
        AksEffect::Deleted,
        CHANGE_SECONDS,
        Answer::accepted(),
        now,
    );
    Ok(with_result_url(answer, world, call, &id))
}

/// AKS cannot change the nodes where a lock protects their resource group (Azure/AKS issue 3291).
///
/// # Errors
/// 409 `ScopeLocked`.
pub(super) fn check_node_group(world: &World, id: &str, removes: bool) -> Result<(), Refusal> {
    let Some(cluster) = world.resource(id) else {
        return Ok(());
    };
    let group = cluster.body["properties"]["nodeResourceGroup"]
        .as_str()
        .unwrap_or_default();
    let subscription = id.split('/').nth(2).unwrap_or_default();
    let scope = format!("/subscriptions/{subscription}/resourceGroups/{group}");
    locks::check_scope(world, &scope, removes)
}

pub(super) fn power(world: &mut World, call: &Call, effect: AksEffect, now: Now) -> Handled {
    let id = id_of(call);
    find(world, call)?;
    check_idle(world, &id)?;
    check_node_group(world, &id, effect != AksEffect::Started)?;
    set_state(
        world,
        &id,
        if effect == AksEffect::Started {
            "Starting"
        } else {
            "Stopping"
        },
    );
    let answer = started(world, call, &id, effect, CHANGE_SECONDS, Answer::accepted(), now);
    Ok(with_result_url(answer, world, call, &id))
}

/// Cancels the running operation; a half-created cluster remains, in state Canceled.
pub(super) fn abort(world: &mut World, call: &Call, now: Now) -> Handled {
    let id = id_of(call);
    find(world, call)?;
    let Some(running) = world.running_on(&id).map(|operation| operation.id.clone()) else {
        return Err(Refusal::conflict(
            "OperationNotAllowed",
            "There is no running operation to abort on this managed cluster.",
        ));
    };
    operation::cancel(world, &running, now);
    Ok(Answer::no_content())
}

/// Removes a cluster, its node resource group, its Kubernetes objects and its front ends.
pub(crate) fn remove_cluster(world: &mut World, id: &str) {
    world.remove(id);
    groups::sweep(world);
}

pub(super) fn finish(world: &mut World, id: &str, effect: &AksEffect, outcome: &Outcome) {
    let state = match outcome {
        Outcome::Succeeded => "Succeeded",
        Outcome::Failed(_) => "Failed",
        Outcome::Canceled => "Canceled",
    };
    if *effect == AksEffect::Deleted && *outcome == Outcome::Succeeded {
        remove_cluster(world, id);
        return;
    }
    set_state(world, id, state);
    if *outcome == Outcome::Succeeded {
        nodes::create_node_resources(world, id);
    }
    let code = match effect {
        AksEffect::Started => "Running",
        AksEffect::Stopped => "Stopped",
        AksEffect::Written | AksEffect::Deleted | AksEffect::Commanded => return,
    };
    if let Some(found) = world.resource_mut(id).filter(|_| *outcome == Outcome::Succeeded) {
        found.body["properties"]["powerState"]["code"] = json!(code);
    }
}

/// Refuses a change while another operation runs.
pub(super) fn check_idle(world: &World, id: &str) -> Result<(), Refusal> {
    let Some(running) = world.running_on(id) else {
        return Ok(());
    };
    let message = format!(
        "Operation is not allowed because there's an in progress operation on the managed cluster (operation id {}). Please wait for it to finish before starting a new operation.",
        running.id
    );
    Err(Refusal::conflict("OperationNotAllowed", message.clone())
        .with_member("code", json!("OperationNotAllowed"))
        .with_member("message", json!(message)))
}

/// Starts an operation on a cluster and adds its status URL to the answer.
pub(super) fn started(
    world: &mut World,
    call: &Call,
    id: &str,
    effect: AksEffect,
    seconds: u64,
    answer: Answer,
    now: Now,
) -> Answer {
    let location = world.resource(id).map(Resource::location).unwrap_or_default();
    let operation = world.start(
        Start::new(id, seconds, Effect::Aks(effect)).reporting_percent(),
        now,
    );
    let path = format!(
        "/subscriptions/{}/providers/Microsoft.ContainerService/locations/{location}/operations/{operation}?api-version=2024-02-01",
        call.subscription()
    );
    with_status_url(answer, call, &path, now)
}

fn with_result_url(answer: Answer, world: &World, call: &Call, id: &str) -> Answer {
    let location = world.resource(id).map(Resource::location).unwrap_or_default();
    let Some(operation) = world.running_on(id) else {
        return answer;
    };
    let path = format!(
        "/subscriptions/{}/providers/Microsoft.ContainerService/locations/{location}/operationresults/{}?api-version=2024-02-01",
        call.subscription(),
        operation.id
    );
    with_location(answer, call, &path)
}

/// Sets the provisioning state of a cluster and of its pools.
pub(super) fn set_state(world: &mut World, id: &str, state: &str) {
    let Some(found) = world.resource_mut(id) else {
        return;
    };
    let properties = &mut found.body["properties"];
    properties["provisioningState"] = json!(state);
    for pool in properties["agentPoolProfiles"]
        .as_array_mut()
        .into_iter()
        .flatten()
    {
        pool["provisioningState"] = json!(state);
    }
}

fn response_body(resource: &Resource, call: &Call) -> Value {
    let mut body = trimmed::cluster(resource.body.clone(), call);
    body["eTag"] = json!(resource.etag.trim_matches('"'));
    body
}

/// The refusal for a stopped cluster.
pub(crate) fn not_running(name: &str) -> Refusal {
    refuse(
        "OperationNotAllowed",
        format!("The managed cluster {name} is stopped. Start it first."),
    )
}
