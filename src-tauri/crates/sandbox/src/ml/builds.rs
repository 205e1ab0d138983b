//! Builds of images: each environment with packages is built once, with a log in the workspace's storage.

use super::datastores::{self, ARTIFACTS};
use super::rollout::{Rollout, Stage};
use super::sources::Environment;
use crate::clock::Now;
use crate::world::World;
use serde_json::{Value, json};

/// Whether the image of an environment exists.
pub(super) fn is_built(world: &World, environment: &Environment) -> bool {
    let id = environment.id.as_deref().unwrap_or_default();
    world
        .resource(id)
        .is_some_and(|found| found.secrets["built"] == json!(true))
}

/// Keeps the log of a build and returns its blob; remembers an image that was built.
pub(super) fn keep_log(
    world: &mut World,
    of: &str,
    environment: &Value,
    rollout: &mut Rollout,
    now: Now,
) -> Option<String> {
    if rollout.build_log.is_empty() {
        return None;
    }
    let workspace = datastores::workspace_of(of).unwrap_or_default();
    let path = format!("ImageLogs/{}/build.log", uuid::Uuid::new_v4());
    let account = datastores::account(world, &workspace).map(|(name, _)| name);
    if let Some(account) = account {
        let text = rollout.build_log.clone();
        world
            .storage
            .write(&account, ARTIFACTS, &path, text.into(), now.wall);
    }
    if rollout.stage != Stage::Build {
        if let Some(found) = environment.as_str().and_then(|id| world.resource_mut(id)) {
            found.secrets = json!({ "built": true });
        }
    } else if let Some(error) = &mut rollout.fails {
        error.message = format!(
            "{} The build log is {path} in the container {ARTIFACTS} of the workspace's storage account.",
            error.message
        );
    }
    Some(path)
}
