//! A resource that is in the way.

use super::Found;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use serde_json::Value;

/// A resource of that name exists and is not ours.
pub(crate) fn name_taken(found: &Value) -> Found {
    let id = found["id"].as_str().unwrap_or_default();
    let failure = Failure::new(FailureCode::NameTaken, Remedy::ChangePlan)
        .with("resource", id)
        .with("step", "place");
    Found::Conflict(Box::new(match version_of_model(id) {
        Some((name, version)) => Failure {
            remedy: Remedy::DeployAgain,
            ..failure
        }
        .with("why", "model_taken")
        .with("name", name)
        .with("version", version),
        None => failure,
    }))
}

/// Name and version, if the id is that of a model's version.
fn version_of_model(id: &str) -> Option<(&str, &str)> {
    let (id, version) = id.rsplit_once("/versions/")?;
    let (_, name) = id.rsplit_once("/models/")?;
    Some((name, version))
}
