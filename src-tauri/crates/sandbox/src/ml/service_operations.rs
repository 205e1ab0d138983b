//! Operations of the model management API: their state, and a log that is read piece by piece (package
//! azureml-core 1.61, `webservice.py`, `_wait_for_operation_to_complete`).

use super::datastores;
use super::services::PREFIX;
use super::workspaces;
use crate::answer::{Answer, ErrorBody, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::operation::{Operation, OperationState, Start};
use crate::world::World;
use serde_json::{Value, json};

/// What an operation says about itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Details {
    pub(super) service: String,
    /// Azure seconds of an image's build; 0 without one.
    pub(super) build: u64,
    /// Blob with the log of that build.
    pub(super) build_log: Option<String>,
    /// Whether it deploys anything.
    pub(super) deploys: bool,
}

/// Starts an operation and adds its address.
pub(super) fn started(
    world: &mut World,
    call: &Call,
    start: Start,
    details: &Details,
    answer: Answer,
    now: Now,
) -> Answer {
    let id = world.start(start, now);
    if let Some(operation) = world.operation_mut(&id) {
        operation.properties = json!({ "service": details.service, "build": details.build, "build_log": details.build_log, "deploys": details.deploys });
    }
    answer.header(
        "Operation-Location",
        format!("{}{PREFIX}{}/operations/{id}", call.base, workspaces::id_of(call)),
    )
}

pub(super) fn get(world: &World, call: &Call, now: Now) -> Handled {
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
    let error = found.error.as_ref().filter(|_| !found.running()).map(shown_error);
    let lines = lines(found, now);
    let building = found.properties["build"].as_u64().unwrap_or_default() > 0
        && (lines.last().is_some_and(|(_, text)| text.starts_with("Building"))
            || error
                .as_ref()
                .is_some_and(|error| error["code"] == "EnvironmentBuildFailed"));
    let log: Vec<String> = lines
        .iter()
        .map(|(at, text)| format!("{}|{text}", now.wall_at(*at).strftime("%Y%m%d%H%M%S")))
        .collect();
    let log = log.join("#");
    let offset = call
        .query("offset")
        .and_then(|offset| offset.parse::<usize>().ok())
        .unwrap_or_default();
    Ok(Answer::ok(json!({
        "id": found.id, "operationType": "Service", "state": state, "error": error,
        "createdTime": crate::clock::rfc3339(found.started_wall), "endTime": found.ended_wall.map(crate::clock::rfc3339),
        "resourceLocation": format!("{}/services/{}", workspaces::id_of(call), found.properties["service"].as_str().unwrap_or_default()),
        "operationLog": build_log(world, call, found, now),
        "operationDetails": { "subOperationType": if building { "BuildEnvironment" } else { "DeployService" }, "subOperationState": state },
        "streamingOperationLog": log.get(offset..).unwrap_or_default(),
    })))
}

/// An error as this API shows it: with its status.
pub(super) fn shown_error(error: &ErrorBody) -> Value {
    let mut shown = error.to_value();
    shown["statusCode"] = json!(if error.code == "DeploymentTimedOut" {
        504
    } else {
        400
    });
    if shown["details"].is_null() {
        shown["details"] = json!([]);
    }
    shown
}

/// The lines so far, each with its Azure instant.
fn lines(operation: &Operation, now: Now) -> Vec<(u64, String)> {
    if operation.properties["deploys"] != json!(true) {
        return Vec::new();
    }
    let service = operation.properties["service"].as_str().unwrap_or_default();
    let build = operation.properties["build"].as_u64().unwrap_or_default();
    let mut all = vec![
        (0, "Creating Container Registry if not exists.".to_string()),
        (5, "Registering the environment.".to_string()),
    ];
    if build > 0 {
        all.push((10, "Building image..".to_string()));
    } else {
        all.push((10, "Use the existing image.".to_string()));
    }
    for (after, text) in [
        (12, "Generating deployment configuration.".to_string()),
        (15, "Submitting deployment to compute.".to_string()),
        (20, format!("Checking the status of deployment {service}..")),
        (
            40,
            format!("Checking the status of inference endpoint {service}."),
        ),
    ] {
        all.push((build + after, text));
    }
    let end = operation.ends().min(now.at);
    all.into_iter()
        .map(|(after, text)| (operation.started + after * 1000, text))
        .filter(|(at, _)| *at <= end)
        .collect()
}

/// The address of a build's log, which anybody who has it can read for an hour; `None` while the keys of the account are off.
fn build_log(world: &World, call: &Call, operation: &Operation, now: Now) -> Option<String> {
    let blob = operation.properties["build_log"].as_str()?;
    let (name, account) = datastores::account(world, &workspaces::id_of(call))?;
    datastores::artifact_address(call, (&name, account), blob, "r", 1, now).ok()
}
