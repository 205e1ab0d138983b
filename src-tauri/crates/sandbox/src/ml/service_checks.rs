//! The dry runs of the model management API: 200, with an error where something is wrong (package azureml-core 1.61,
//! `webservice.py`, `_check_validate_error`).

use super::rollout::Stage;
use super::service_bodies::{self as bodies, has_versions, part, parts};
use super::{deployed, services, workspaces};
use crate::answer::Answer;
use crate::call::Call;
use crate::world::World;
use serde_json::{Value, json};

/// The SDK takes a null for an error that it cannot read, so there is none.
fn told(why: Option<String>) -> Answer {
    Answer::ok(match why {
        Some(message) => json!({ "error": { "code": "BadRequest", "message": message } }),
        None => json!({}),
    })
}

fn taken(world: &World, call: &Call, name: &str) -> Option<String> {
    let known = world.resource(&services::id_of(call, name)).is_some();
    known.then(|| format!("Service {name} already exists."))
}

/// `validate/name/{n}`.
pub(super) fn name(world: &World, call: &Call) -> Answer {
    let name = call.name(2);
    told(services::wrong_name(name).or_else(|| taken(world, call, name)))
}

/// `validate`: a request to create, update or delete.
pub(super) fn request(world: &World, call: &Call) -> Answer {
    let name = call.body["serviceName"].as_str().unwrap_or_default();
    let known = world.resource(&services::id_of(call, name));
    let missing = || known.is_none().then(|| format!("Service {name} does not exist."));
    let why = match call.body["type"].as_str() {
        Some("Create") => {
            let request = &call.body["createRequest"];
            let overwrites = request["overwrite"] == json!(true);
            let taken = taken(world, call, name).filter(|_| !overwrites);
            services::wrong_name(name).or(taken).or_else(|| versions(request))
        }
        Some("Update") => missing().or_else(|| {
            let patch: Result<json_patch::Patch, _> =
                serde_json::from_value(call.body["updateRequest"].clone());
            patch.err().map(|error| error.to_string())
        }),
        Some("Delete") => missing(),
        _ => Some("type must be Create, Update or Delete.".to_string()),
    };
    told(why)
}

fn versions(request: &Value) -> Option<String> {
    if !has_versions(request) {
        return None;
    }
    bodies::settle(&mut request.clone()).err()
}

/// `validate/resource`: whether the cluster has room.
pub(super) fn capacity(world: &World, call: &Call, workspace: &str) -> Answer {
    let compute = format!(
        "{}/computes/{}",
        workspaces::id_of(call),
        bodies::compute_name(&call.body)
    );
    let cluster = world.resource(&compute).and_then(|found| {
        found.body["properties"]["resourceId"]
            .as_str()
            .map(str::to_string)
    });
    let Some(cluster) = cluster else {
        return told(None);
    };
    let place = super::pods::Place {
        cluster,
        namespace: String::new(),
        name: String::new(),
    };
    let mut nodes = deployed::beside(world, &place);
    let short = parts(&call.body).iter().find_map(|name| {
        let (rollout, _) = super::service_rollout::plan(world, workspace, part(&call.body, name), &mut nodes);
        let error = rollout.fails.filter(|_| rollout.stage == Stage::Schedule)?;
        error.details.first().map(|detail| detail.message.clone())
    });
    told(short.map(|why| format!("Insufficient compute resource: {why}")))
}
