//! Computes: clusters attached to a workspace, on either route.

use super::{COMPUTE, MlEffect, classic, kubernetes, set_state, started, workspaces};
use crate::aks::{access, clusters};
use crate::answer::{Answer, ErrorBody, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::operation::{Outcome, Start};
use crate::resource_id::stable_uuid;
use crate::world::{Resource, World};
use serde_json::{Value, json};

const ATTACH_SECONDS: u64 = 300;
/// Azure seconds until an attachment that cannot work fails.
const REFUSE_SECONDS: u64 = 60;
const DETACH_SECONDS: u64 = 60;

fn id_of(call: &Call) -> String {
    format!("{}/computes/{}", workspaces::id_of(call), call.name(1))
}

fn find<'a>(world: &'a World, call: &Call) -> Result<&'a Resource, Refusal> {
    workspaces::find(world, call)?;
    world.resource(&id_of(call)).ok_or_else(|| {
        Refusal::not_found(
            "ComputeNotFound",
            format!("The compute resource '{}' was not found.", call.name(1)),
        )
    })
}

pub(super) fn list(world: &World, call: &Call) -> Handled {
    let workspace = workspaces::find(world, call)?;
    Ok(Answer::bodies(call, world.list(&workspace.id, COMPUTE)))
}

pub(super) fn get(world: &World, call: &Call) -> Handled {
    find(world, call).map(|found| Answer::ok(found.body.clone()))
}

/// A requested compute, and the error its attachment will end with if it cannot work.
pub(super) struct RequestedCompute {
    pub(super) properties: Value,
    /// Members that are never returned.
    pub(super) secrets: Value,
    pub(super) fails: Option<ErrorBody>,
}

pub(super) fn put(world: &mut World, call: &Call, now: Now) -> Handled {
    let workspace = workspaces::find(world, call)?.clone();
    let name = call.name(1).to_string();
    check_name(&name)?;
    let id = format!("{}/computes/{name}", workspace.id);
    let old = world.resource(&id).cloned();
    if world.running_on(&id).is_some() {
        return Err(Refusal::conflict(
            "Conflict",
            format!("The compute '{name}' has an operation in progress."),
        ));
    }
    let wanted = match call.body["properties"]["computeType"].as_str() {
        Some("AKS") => classic::requested(world, call, old.as_ref())?,
        Some("Kubernetes") => kubernetes::requested(world, call, old.as_ref())?,
        other => {
            let message = format!(
                "The compute type '{}' is not supported here.",
                other.unwrap_or_default()
            );
            return Err(bad_argument(message));
        }
    };
    let mut properties = wanted.properties;
    properties["provisioningState"] = json!(if old.is_some() { "Updating" } else { "Creating" });
    // The SDKs read these members without checking that they exist.
    for member in ["description", "provisioningErrors"] {
        properties[member] = call.body["properties"][member].clone();
    }
    properties["modifiedOn"] = json!(now.rfc3339());
    properties["createdOn"] = old.as_ref().map_or(json!(now.rfc3339()), |old| {
        old.body["properties"]["createdOn"].clone()
    });
    let body = json!({
        "id": old.as_ref().map_or(id.clone(), |old| old.id.clone()), "name": name, "type": COMPUTE,
        "location": workspace.location(), "tags": tags(call), "identity": identity(call),
        "properties": properties,
    });
    let mut resource = Resource::new(&id, COMPUTE, body.clone());
    resource.secrets = wanted.secrets;
    world.put(resource);
    let seconds = if wanted.fails.is_some() {
        REFUSE_SECONDS
    } else {
        ATTACH_SECONDS
    };
    let start = Start::new(&id, seconds, Effect::Ml(MlEffect::Attached)).with_failure(wanted.fails);
    let answer = Answer::ok_or_created(old.is_some(), body);
    Ok(started(world, call, start, answer, now))
}

fn tags(call: &Call) -> Value {
    call.body
        .get("tags")
        .filter(|tags| tags.is_object())
        .cloned()
        .unwrap_or_else(|| json!({}))
}

fn identity(call: &Call) -> Value {
    let mut identity = call.body["identity"].clone();
    if identity["type"] == "SystemAssigned" {
        identity["principalId"] = json!(stable_uuid(&call.path).to_string());
        identity["tenantId"] = json!(call.principal.tenant_id);
    }
    identity
}

/// 2 to 24 letters, digits and hyphens, starting with a letter.
fn check_name(name: &str) -> Result<(), Refusal> {
    let letters = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if letters
        && (2..=24).contains(&name.len())
        && name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && !name.ends_with('-')
    {
        return Ok(());
    }
    Err(bad_argument(format!(
        "The compute name '{name}' is invalid. It must be 2 to 24 characters long, start with a letter, and contain only letters, digits and '-'."
    )))
}

pub(super) fn bad_argument(message: impl Into<String>) -> Refusal {
    Refusal::bad_request("BadArgument", message)
}

/// PATCH changes scale settings of training clusters, which do not exist here.
pub(super) fn patch(world: &World, call: &Call) -> Handled {
    find(world, call)?;
    Err(bad_argument(
        "Only the scale settings of a compute of type AmlCompute can be patched.",
    ))
}

/// `Detach` must be explicit; `Delete` is for clusters that a workspace created.
pub(super) fn delete(world: &mut World, call: &Call, now: Now) -> Handled {
    let action = call
        .query("underlyingResourceAction")
        .unwrap_or_default()
        .to_ascii_lowercase();
    if action != "detach" && action != "delete" {
        return Err(bad_argument(
            "The query parameter 'underlyingResourceAction' is required: 'Detach' or 'Delete'.",
        ));
    }
    let Ok(found) = find(world, call) else {
        workspaces::find(world, call)?;
        return Ok(Answer::no_content());
    };
    let id = found.id.clone();
    if action == "delete" && found.body["properties"]["isAttachedCompute"] != json!(false) {
        return Err(bad_argument(
            "Compute of an attached cluster cannot be deleted. Use underlyingResourceAction 'Detach'.",
        ));
    }
    if world.running_on(&id).is_some() {
        return Err(Refusal::conflict(
            "Conflict",
            format!("The compute '{}' has an operation in progress.", call.name(1)),
        ));
    }
    if let Some(found) = world.resource_mut(&id) {
        found.body["properties"]["provisioningState"] = json!("Deleting");
    }
    let effect = if action == "delete" {
        MlEffect::DeletedWithCluster
    } else {
        MlEffect::Detached
    };
    let start = Start::new(&id, DETACH_SECONDS, Effect::Ml(effect));
    Ok(started(world, call, start, Answer::accepted(), now))
}

/// Completes a deletion that includes the cluster.
pub(super) fn complete_delete(world: &mut World, id: &str, outcome: &Outcome) {
    let cluster = world.resource(id).and_then(|found| {
        found.body["properties"]["resourceId"]
            .as_str()
            .map(str::to_string)
    });
    super::complete_deletion(world, id, outcome);
    if let Some(cluster) = cluster.filter(|_| *outcome == Outcome::Succeeded) {
        clusters::remove_cluster(world, &cluster);
    }
}

/// `listKeys`: kubeconfigs of a classic compute's cluster.
pub(super) fn list_keys(world: &World, call: &Call) -> Handled {
    let compute = find(world, call)?;
    let properties = &compute.body["properties"];
    if properties["computeType"] != "AKS" {
        return Err(bad_argument(format!(
            "The compute '{}' has no keys.",
            call.name(1)
        )));
    }
    let cluster = world.resource(properties["resourceId"].as_str().unwrap_or_default());
    let cluster = cluster.ok_or_else(|| {
        Refusal::not_found(
            "ClusterNotFound",
            "The cluster of this compute could not be found.",
        )
    })?;
    let kubeconfig = access::administrator(world, cluster)?;
    Ok(Answer::ok(json!({
        "computeType": "AKS", "userKubeConfig": kubeconfig, "adminKubeConfig": kubeconfig, "imagePullSecretName": "azuremlpullsecret",
    })))
}

/// Completes an attachment.
pub(super) fn complete_attach(world: &mut World, id: &str, outcome: &Outcome, now: Now) {
    set_state(world, id, outcome);
    let Some(compute) = world.resource(id).cloned() else {
        return;
    };
    if *outcome == Outcome::Succeeded && compute.body["properties"]["computeType"] == "AKS" {
        classic::install(world, &compute, now);
    }
}

/// The cluster in the request's `resourceId`.
pub(super) fn cluster_of<'a>(world: &'a World, call: &Call) -> Result<&'a Resource, Refusal> {
    let id = call.body["properties"]["resourceId"].as_str().unwrap_or_default();
    if !id
        .to_ascii_lowercase()
        .contains("/providers/microsoft.containerservice/managedclusters/")
    {
        return Err(bad_argument(format!(
            "The resource id '{id}' is not that of a managed cluster."
        )));
    }
    world.resource(id).ok_or_else(|| {
        Refusal::bad_request(
            "ClusterNotFound",
            format!("The cluster '{id}' could not be found."),
        )
    })
}

/// Refuses to change the cluster or the type of an existing compute.
pub(super) fn check_same(call: &Call, old: Option<&Resource>) -> Result<(), Refusal> {
    let Some(old) = old else { return Ok(()) };
    for member in ["computeType", "resourceId"] {
        let text = |value: &Value| {
            value["properties"][member]
                .as_str()
                .unwrap_or_default()
                .to_ascii_lowercase()
        };
        if text(&old.body) != text(&call.body) {
            return Err(bad_argument(format!(
                "The compute '{}' exists already with another {member}.",
                call.name(1)
            )));
        }
    }
    Ok(())
}
