//! GET and DELETE of resources that have no long-running operations.

use crate::answer::{Answer, Handled, Refusal};
use crate::world::World;

/// Answers a GET with the resource's body.
///
/// # Errors
/// `not_found` if it does not exist.
pub(crate) fn get(world: &World, id: &str, not_found: impl FnOnce() -> Refusal) -> Handled {
    let found = world.resource(id).ok_or_else(not_found)?;
    Ok(Answer::ok(found.body.clone()))
}

/// Deletes a resource: 200 with its last body, or 204 if it does not exist.
pub(crate) fn delete(world: &mut World, id: &str) -> Answer {
    match world.remove(id) {
        Some(removed) => Answer::ok(removed.body),
        None => Answer::no_content(),
    }
}
