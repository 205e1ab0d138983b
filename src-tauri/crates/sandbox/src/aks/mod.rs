//! Microsoft.ContainerService: clusters, node pools, versions and kubeconfigs (containerservice aks
//! 2024-02-01 and newer). The objects inside a cluster are in `kubernetes`.

pub(crate) mod access;
pub(crate) mod body;
pub(crate) mod clusters;
pub(crate) mod command;
mod drain;
pub(crate) mod kubectl;
pub(crate) mod nodes;
mod pool;
pub(crate) mod pools;
mod support;
mod trimmed;
pub(crate) mod trust;
pub(crate) mod versions;

use crate::answer::{Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::operation::{self, Operation, Outcome};
use crate::world::World;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub(crate) const CLUSTER: &str = "Microsoft.ContainerService/managedClusters";

/// What an operation on a cluster does when it completes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum AksEffect {
    /// The cluster or one of its pools was created or changed.
    Written,
    /// The cluster is removed, with its node resource group.
    Deleted,
    Started,
    Stopped,
    /// A `runCommand` completed.
    Commanded,
}

pub(crate) fn handle(world: &mut World, call: &Call, now: Now) -> Handled {
    let (method, shape) = call.route();
    let method = method.to_string();
    match (method.as_str(), shape.as_str()) {
        ("GET", "managedclusters") => clusters::list(world, call),
        ("GET", "managedclusters/*") => clusters::get(world, call),
        ("PUT", "managedclusters/*") => clusters::put(world, call, now),
        ("PATCH", "managedclusters/*") => clusters::patch(world, call),
        ("DELETE", "managedclusters/*") => clusters::delete(world, call, now),
        ("POST", "managedclusters/*/start") => clusters::power(world, call, AksEffect::Started, now),
        ("POST", "managedclusters/*/stop") => clusters::power(world, call, AksEffect::Stopped, now),
        ("POST", "managedclusters/*/abort") => clusters::abort(world, call, now),
        ("POST", "managedclusters/*/listclusteradmincredential") => access::admin(world, call),
        ("POST", "managedclusters/*/listclusterusercredential") => access::user(world, call),
        ("POST", "managedclusters/*/runcommand") => command::run(world, call, now),
        ("GET", "managedclusters/*/commandresults/*") => command::result(world, call, now),
        ("GET", "managedclusters/*/availableagentpoolversions") => pools::versions(world, call),
        ("GET", "managedclusters/*/trustedaccessrolebindings") => trust::list(world, call),
        ("GET", "managedclusters/*/trustedaccessrolebindings/*") => trust::get(world, call),
        ("PUT", "managedclusters/*/trustedaccessrolebindings/*") => trust::put(world, call),
        ("DELETE", "managedclusters/*/trustedaccessrolebindings/*") => trust::delete(world, call),
        ("GET", "locations/*/trustedaccessroles") => Ok(trust::roles(call)),
        ("GET", "managedclusters/*/agentpools/*/upgradeprofiles/*") => pools::pool_upgrades(world, call),
        ("GET", "managedclusters/*/upgradeprofiles/*") => pools::upgrades(world, call),
        ("GET", "managedclusters/*/agentpools") => pools::list(world, call),
        ("GET", "managedclusters/*/agentpools/*") => pools::get(world, call),
        ("PUT", "managedclusters/*/agentpools/*") => pools::put(world, call, now),
        ("DELETE", "managedclusters/*/agentpools/*") => pools::delete(world, call, now),
        ("GET", "locations/*/kubernetesversions") => versions::list(),
        ("GET", "locations/*/orchestrators") => versions::orchestrators(call),
        ("GET", "locations/*/operations/*") => operation::status(world, call, call.name(1), now),
        ("GET", "locations/*/operationresults/*") => operation::result(world, call, call.name(1), now),
        _ => Err(Refusal::resource_not_found(call)),
    }
}

pub(crate) fn finish(world: &mut World, operation: &Operation, effect: &AksEffect, outcome: &Outcome) {
    if *effect != AksEffect::Commanded {
        clusters::finish(world, &operation.resource, effect, outcome);
    }
}

/// A refusal in AKS's format, which repeats code and message at the top level.
pub(crate) fn refuse(code: &str, message: impl Into<String>) -> Refusal {
    let message = message.into();
    Refusal::bad_request(code, message.clone())
        .with_member("code", json!(code))
        .with_member("message", json!(message))
}
