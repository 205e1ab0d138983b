//! Microsoft.Network (2024-01-01): virtual networks with their subnets and, read-only, the public addresses
//! and load balancers of clusters; route tables. It routes no packets.

pub(crate) mod addresses;
mod checks;
pub(crate) mod prefixes;
pub(crate) mod route_tables;
pub(crate) mod subnets;
pub(crate) mod vnets;

use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::operation::{self, Operation, Outcome, Start, with_location, with_status_url};
use crate::world::World;
use serde::{Deserialize, Serialize};

pub(crate) const VNET: &str = "Microsoft.Network/virtualNetworks";
pub(crate) const PUBLIC_IP: &str = "Microsoft.Network/publicIPAddresses";
pub(crate) const LOAD_BALANCER: &str = "Microsoft.Network/loadBalancers";
const ROUTE_TABLE: &str = "Microsoft.Network/routeTables";
const WRITE_SECONDS: u64 = 10;

/// What an operation on a network does when it completes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum NetworkEffect {
    /// The network or one of its subnets was written.
    Written,
    DeleteVnet,
    DeleteSubnet {
        subnet: String,
    },
}

pub(crate) fn handle(world: &mut World, call: &Call, now: Now) -> Handled {
    let outermost = call
        .arm
        .rest
        .first()
        .map(|kind| kind.to_ascii_lowercase())
        .unwrap_or_default();
    match outermost.as_str() {
        "virtualnetworks" => vnets::handle(world, call, now),
        "publicipaddresses" => read_only(world, call, PUBLIC_IP),
        "loadbalancers" => read_only(world, call, LOAD_BALANCER),
        "routetables" => route_tables::handle(world, call),
        "locations" => match call.route() {
            ("GET", shape) if shape == "locations/*/operations/*" => {
                operation::status(world, call, call.name(1), now)
            }
            ("GET", shape) if shape == "locations/*/operationresults/*" => {
                operation::result(world, call, call.name(1), now)
            }
            _ => Err(Refusal::resource_not_found(call)),
        },
        _ => Err(Refusal::resource_not_found(call)),
    }
}

fn read_only(world: &World, call: &Call, kind: &str) -> Handled {
    match (call.method.as_str(), call.arm.rest.len()) {
        ("GET", 1) => Ok(Answer::bodies(call, world.list(&call.arm.scope, kind))),
        ("GET", 2) => {
            let id = format!("{}/providers/{kind}/{}", call.arm.scope, call.name(0));
            let found = world
                .resource(&id)
                .ok_or_else(|| Refusal::resource_not_found(call))?;
            Ok(Answer::ok(found.body.clone()).header("ETag", &found.etag))
        }
        _ => Err(Refusal::method_not_allowed(call)),
    }
}

/// Starts an operation on a network and adds its headers to the answer.
fn started(
    world: &mut World,
    call: &Call,
    vnet: &str,
    effect: NetworkEffect,
    answer: Answer,
    now: Now,
) -> Answer {
    let location = world
        .resource(vnet)
        .map(crate::world::Resource::location)
        .unwrap_or_default();
    let deletes = effect != NetworkEffect::Written;
    let id = world.start(Start::new(vnet, WRITE_SECONDS, Effect::Network(effect)), now);
    let path = |kind: &str| {
        let subscription = call.subscription();
        let version = call.api_version();
        format!(
            "/subscriptions/{subscription}/providers/Microsoft.Network/locations/{location}/{kind}/{id}?api-version={version}"
        )
    };
    let answer = with_status_url(answer, call, &path("operations"), now);
    if deletes {
        with_location(answer, call, &path("operationResults"))
    } else {
        answer
    }
}

pub(crate) fn finish(
    world: &mut World,
    operation: &Operation,
    effect: &NetworkEffect,
    outcome: &Outcome,
    _now: Now,
) {
    match (effect, outcome) {
        (NetworkEffect::DeleteVnet, Outcome::Succeeded) => {
            world.remove(&operation.resource);
        }
        (NetworkEffect::DeleteSubnet { subnet }, Outcome::Succeeded) => {
            vnets::remove_subnet(world, &operation.resource, subnet)
        }
        (_, Outcome::Failed(_) | Outcome::Canceled) => vnets::set_state(world, &operation.resource, "Failed"),
        (NetworkEffect::Written, Outcome::Succeeded) => {
            vnets::set_state(world, &operation.resource, "Succeeded")
        }
    }
}
