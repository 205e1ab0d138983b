//! Microsoft.MachineLearningServices: workspaces, and the clusters attached to them as computes
//! (machinelearningservices 2024-04-01 and newer).

pub mod classic;
pub mod computes;
pub mod kubernetes;
pub mod workspaces;

use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::operation::{self, Operation, Outcome, Start, with_location, with_status_url};
use crate::world::{Resource, World};
use serde::{Deserialize, Serialize};

/// Type of a workspace.
pub const WORKSPACE: &str = "Microsoft.MachineLearningServices/workspaces";
/// Type of a compute.
pub const COMPUTE: &str = "Microsoft.MachineLearningServices/workspaces/computes";

/// What operations do at their end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum MlEffect {
    /// The workspace is ready.
    WorkspaceWritten,
    /// The cluster is attached, or its attachment changed.
    Attached,
    /// The attachment goes; the cluster stays with what is in it.
    Detached,
}

/// Calls on `{scope}/providers/Microsoft.MachineLearningServices/…`.
///
/// # Errors
/// As the service refuses.
pub fn handle(world: &mut World, call: &Call, now: Now) -> Handled {
    let (method, shape) = call.what();
    let method = method.to_string();
    match (method.as_str(), shape.as_str()) {
        ("GET", "workspaces") => Ok(Answer::bodies(call, world.list(&call.arm.scope, WORKSPACE))),
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
        _ => Err(Refusal::resource_not_found(call)),
    }
}

/// The end of an operation.
pub fn finish(world: &mut World, operation: &Operation, effect: &MlEffect, outcome: &Outcome) {
    match effect {
        MlEffect::WorkspaceWritten => set_state(world, &operation.resource, outcome),
        MlEffect::Attached => computes::attached(world, &operation.resource, outcome),
        MlEffect::Detached => computes::detached(world, &operation.resource, outcome),
    }
}

/// Writes how an operation ended into the resource.
fn set_state(world: &mut World, id: &str, outcome: &Outcome) {
    let state = match outcome {
        Outcome::Succeeded => "Succeeded",
        Outcome::Failed(_) => "Failed",
        Outcome::Canceled => "Canceled",
    };
    if let Some(found) = world.resource_mut(id) {
        found.body["properties"]["provisioningState"] = state.into();
        if let Outcome::Failed(error) = outcome {
            found.body["properties"]["provisioningErrors"] =
                serde_json::json!([{ "error": error.to_value() }]);
        }
    }
}

/// Starts an operation and adds its headers: the status address, and the result's for what goes.
fn started(world: &mut World, call: &Call, start: Start, answer: Answer, now: Now) -> Answer {
    let location = world
        .resource(&start.resource)
        .map(Resource::location)
        .unwrap_or_default();
    let goes = start.effect == Effect::Ml(MlEffect::Detached);
    let kind = if start.effect == Effect::Ml(MlEffect::WorkspaceWritten) {
        "workspace"
    } else {
        "compute"
    };
    let id = world.start(start, now);
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
