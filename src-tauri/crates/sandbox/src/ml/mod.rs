//! Microsoft.MachineLearningServices: workspaces, and clusters attached to them as computes
//! (machinelearningservices 2024-04-01 and newer).

mod archive;
pub(crate) mod artifacts;
pub(crate) mod assets;
pub(crate) mod behaviour;
mod builds;
pub(crate) mod capacity;
pub(crate) mod classic;
pub(crate) mod computes;
mod conda;
pub(crate) mod curated;
pub(crate) mod datastores;
mod defaults;
pub(crate) mod deployed;
pub(crate) mod deployments;
pub(crate) mod endpoints;
mod keys;
pub(crate) mod kubernetes;
mod logs;
mod mms;
mod pods;
mod rollout;
mod script;
pub(crate) mod service_bodies;
mod service_checks;
pub(crate) mod service_deploy;
mod service_operations;
mod service_rollout;
pub(crate) mod services;
pub(crate) mod sources;
pub(crate) mod traffic;
pub(crate) mod workspaces;

pub(crate) use keys::renew_keys;

use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::operation::{self, Operation, Outcome, Start, with_location, with_status_url};
use crate::world::{Resource, World};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(crate) const WORKSPACE: &str = "Microsoft.MachineLearningServices/workspaces";
pub(crate) const COMPUTE: &str = "Microsoft.MachineLearningServices/workspaces/computes";

/// What an Azure ML operation does when it completes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum MlEffect {
    WorkspaceWritten,
    /// The cluster is attached, or its attachment changed.
    Attached,
    /// The attachment is removed; the cluster and its contents stay.
    Detached,
    /// The attachment is removed together with the cluster that the workspace created.
    DeletedWithCluster,
    /// An endpoint or deployment was written.
    ServingWritten,
    ServingDeleted,
    /// A Microsoft-issued certificate was renewed.
    Renewed,
    /// A classic web service was written.
    ServiceWritten,
    /// A key of a classic web service was regenerated.
    KeyRenewed,
}

pub(crate) fn handle(world: &mut World, call: &Call, now: Now) -> Handled {
    let (method, shape) = call.route();
    let method = method.to_string();
    match (method.as_str(), shape.as_str()) {
        ("GET", "workspaces") => workspaces::list(world, call),
        ("GET", "workspaces/*") => workspaces::get(world, call),
        ("PUT", "workspaces/*") => workspaces::put(world, call, now),
        ("GET", "workspaces/*/computes") => computes::list(world, call),
        ("GET", "workspaces/*/computes/*") => computes::get(world, call),
        ("PUT", "workspaces/*/computes/*") => computes::put(world, call, now),
        ("DELETE", "workspaces/*/computes/*") => computes::delete(world, call, now),
        ("POST", "workspaces/*/computes/*/listkeys") => computes::list_keys(world, call),
        ("GET", "locations/*/computeoperationsstatus/*" | "locations/*/workspaceoperationsstatus/*") => {
            operation::status(world, call, call.name(1), now)
        }
        ("GET", "locations/*/computeoperationresults/*") => operation::result(world, call, call.name(1), now),
        ("PATCH", "workspaces/*/computes/*") => computes::patch(world, call),
        ("GET", "locations/*/vmsizes") => Ok(capacity::sizes(call)),
        ("GET", "locations/*/usages") => Ok(capacity::usages(world, call)),
        ("GET", "locations/*/quotas") => Ok(capacity::quotas(world, call)),
        ("GET", "locations/*/mfeoperationsstatus/*") => {
            operation::status(world, call, operation_id(call.name(1)), now)
        }
        ("GET", "locations/*/mfeoperationresults/*") => {
            operation::result(world, call, operation_id(call.name(1)), now)
        }
        (_, shape) if shape.starts_with("workspaces/*/onlineendpoints") => serving(world, call, shape, now),
        (_, shape) if is_asset(shape) => assets::handle(world, call, shape, now),
        _ => Err(Refusal::resource_not_found(call)),
    }
}

/// The operation in a name such as `oe:{workspace}:{operation}`.
pub(crate) fn operation_id(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or_default()
}

fn is_asset(shape: &str) -> bool {
    let below = shape.strip_prefix("workspaces/*/").unwrap_or_default();
    let family = below.split('/').next().unwrap_or_default();
    ["models", "environments", "codes", "datastores"].contains(&family)
}

fn serving(world: &mut World, call: &Call, shape: &str, now: Now) -> Handled {
    let below = shape.trim_start_matches("workspaces/*/onlineendpoints");
    match (call.method.as_str(), below) {
        ("GET", "") => endpoints::list(world, call),
        ("GET", "/*") => endpoints::get(world, call),
        ("PUT", "/*") => endpoints::put(world, call, now),
        ("PATCH", "/*") => endpoints::patch(world, call),
        ("DELETE", "/*") => endpoints::delete(world, call, now),
        ("POST", "/*/listkeys") => keys::list_keys(world, call),
        ("POST", "/*/regeneratekeys") => keys::regenerate(world, call),
        ("POST", "/*/token") => keys::token(world, call, now),
        ("GET", "/*/deployments") => deployments::list(world, call),
        ("GET", "/*/deployments/*") => deployments::get(world, call),
        ("PUT", "/*/deployments/*") => deployments::put(world, call, now),
        ("PATCH", "/*/deployments/*") => deployments::patch(world, call, now),
        ("DELETE", "/*/deployments/*") => deployments::delete(world, call, now),
        ("POST", "/*/deployments/*/getlogs") => deployments::logs(world, call),
        ("GET", "/*/deployments/*/skus") => deployments::skus(world, call),
        _ => Err(Refusal::resource_not_found(call)),
    }
}

pub(crate) fn finish(
    world: &mut World,
    operation: &Operation,
    effect: &MlEffect,
    outcome: &Outcome,
    now: Now,
) {
    match effect {
        MlEffect::WorkspaceWritten => set_state(world, &operation.resource, outcome),
        MlEffect::ServingWritten if operation.resource.contains("/deployments/") => {
            deployed::complete(world, &operation.resource, outcome)
        }
        MlEffect::ServingWritten => endpoints::complete(world, &operation.resource, outcome, now),
        MlEffect::Attached => computes::complete_attach(world, &operation.resource, outcome, now),
        MlEffect::Renewed => classic::complete_renewal(world, &operation.resource, outcome),
        // The front end stays in the cluster.
        MlEffect::Detached => complete_deletion(world, &operation.resource, outcome),
        MlEffect::DeletedWithCluster => computes::complete_delete(world, &operation.resource, outcome),
        MlEffect::ServingDeleted => {
            if *outcome == Outcome::Succeeded {
                deployed::forget(world, &operation.resource);
            }
            complete_deletion(world, &operation.resource, outcome);
        }
        MlEffect::KeyRenewed => {}
        MlEffect::ServiceWritten => service_deploy::complete(world, &operation.resource, outcome),
    }
}

/// `systemData`: who created a resource and when, kept from an earlier write.
fn system_data(old: Option<&Resource>, call: &Call, now: Now) -> Value {
    let created = old
        .map(|old| &old.body["systemData"])
        .filter(|data| data.is_object());
    let who = json!(call.principal.client_id);
    let (created_at, created_by) = match created {
        Some(data) => (data["createdAt"].clone(), data["createdBy"].clone()),
        None => (json!(now.rfc3339()), who.clone()),
    };
    json!({
        "createdAt": created_at, "createdBy": created_by, "createdByType": "Application",
        "lastModifiedAt": now.rfc3339(), "lastModifiedBy": who, "lastModifiedByType": "Application",
    })
}

fn complete_deletion(world: &mut World, id: &str, outcome: &Outcome) {
    if *outcome == Outcome::Succeeded {
        world.remove(id);
    } else {
        set_state(world, id, outcome);
    }
}

/// Writes an operation's outcome into its resource.
fn set_state(world: &mut World, id: &str, outcome: &Outcome) {
    let state = match outcome {
        Outcome::Succeeded => "Succeeded",
        Outcome::Failed(_) => "Failed",
        Outcome::Canceled => "Canceled",
    };
    if let Some(found) = world.resource_mut(id) {
        found.body["properties"]["provisioningState"] = state.into();
        let errors = &mut found.body["properties"]["provisioningErrors"];
        *errors = match outcome {
            Outcome::Failed(error) => json!([{ "error": error.to_value() }]),
            _ => Value::Null,
        };
    }
}

/// Starts an operation and adds its headers: the status URL, and the result URL for deletions.
fn started(world: &mut World, call: &Call, start: Start, answer: Answer, now: Now) -> Answer {
    let location = world
        .resource(&start.resource)
        .map(Resource::location)
        .unwrap_or_default();
    let goes = [
        MlEffect::Detached,
        MlEffect::DeletedWithCluster,
        MlEffect::ServingDeleted,
    ]
    .map(Effect::Ml)
    .contains(&start.effect);
    let kind = match &start.effect {
        Effect::Ml(MlEffect::WorkspaceWritten) => "workspace",
        Effect::Ml(MlEffect::ServingWritten | MlEffect::ServingDeleted) => "mfe",
        _ => "compute",
    };
    let prefix = mfe_prefix(&start);
    let id = format!("{prefix}{}", world.start(start, now));
    let path = |what: &str| {
        format!(
            "/subscriptions/{}/providers/Microsoft.MachineLearningServices/locations/{location}/{kind}{what}/{id}?api-version={}",
            call.subscription(),
            call.api_version()
        )
    };
    let answer = with_status_url(answer, call, &path("OperationsStatus"), now);
    if goes {
        with_location(answer, call, &path("OperationResults"))
    } else {
        answer
    }
}

/// What comes before an operation's id: `oe:{workspace}:` for endpoints, `od:{workspace}:` for deployments.
fn mfe_prefix(start: &Start) -> String {
    if !matches!(
        start.effect,
        Effect::Ml(MlEffect::ServingWritten | MlEffect::ServingDeleted)
    ) {
        return String::new();
    }
    let workspace = datastores::workspace_of(&start.resource).unwrap_or_default();
    let kind = if start.resource.contains("/deployments/") {
        "od"
    } else {
        "oe"
    };
    format!("{kind}:{}:", crate::resource_id::stable_uuid(&workspace))
}
