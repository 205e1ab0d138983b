//! Microsoft.Compute: VM sizes and quota. It creates no machines.

pub(crate) mod quota;
pub(crate) mod sizes;
pub(crate) mod skus;

use crate::answer::{Handled, Refusal};
use crate::call::Call;
use crate::world::World;

pub(crate) fn handle(world: &World, call: &Call) -> Handled {
    let (method, shape) = call.route();
    match (method, shape.as_str()) {
        ("GET", "skus") => Ok(skus::list(call)),
        ("GET", "locations/*/usages") => quota::list(world, call),
        ("GET", "locations/*/vmsizes") => skus::list_plain(call),
        _ => Err(Refusal::resource_not_found(call)),
    }
}
