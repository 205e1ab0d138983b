//! Microsoft.Authorization: permissions, role assignments, locks and policy assignments.

pub(crate) mod access;
pub(crate) mod assignments;
pub(crate) mod locks;
mod principals;
pub(crate) mod roles;

use crate::answer::{Handled, Refusal};
use crate::call::Call;
use crate::world::World;

pub(crate) fn handle(world: &mut World, call: &Call) -> Handled {
    let outermost = call
        .arm
        .rest
        .first()
        .map(|kind| kind.to_ascii_lowercase())
        .unwrap_or_default();
    match outermost.as_str() {
        "permissions" => access::list(world, call),
        "roleassignments" => assignments::handle(world, call),
        "roledefinitions" => roles::handle(call),
        "locks" => locks::handle(world, call),
        "policyassignments" => crate::policy::assignments::handle(world, call),
        _ => Err(Refusal::resource_not_found(call)),
    }
}
