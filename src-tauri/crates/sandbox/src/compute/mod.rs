//! Microsoft.Compute, as far as one chooses machines with it: sizes, quota. No machine can be made here.

pub(crate) mod quota;
pub(crate) mod sizes;
pub(crate) mod skus;

use crate::answer::{Handled, Refusal};
use crate::call::Call;
use crate::world::World;

/// Calls on `/subscriptions/{s}/providers/Microsoft.Compute/...`.
///
/// # Errors
/// As the service refuses.
pub(crate) fn handle(world: &World, call: &Call) -> Handled {
    let (method, shape) = call.what();
    match (method, shape.as_str()) {
        ("GET", "skus") => Ok(skus::list(call)),
        ("GET", "locations/*/usages") => quota::list(world, call),
        ("GET", "locations/*/vmsizes") => skus::list_plain(call),
        _ => Err(Refusal::resource_not_found(call)),
    }
}
