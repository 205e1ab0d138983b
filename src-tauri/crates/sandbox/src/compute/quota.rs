//! vCPU quota: the subscription's limits and their usage, counted from the clusters themselves.

use super::sizes::{SIZES, find};
use super::skus::location;
use crate::answer::{Answer, Handled};
use crate::call::Call;
use crate::world::{Resource, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The regional total, listed like a family.
pub(crate) const REGIONAL: &str = "cores";
/// Limit of the regional total, and of families without a limit of their own.
const DEFAULT_LIMIT: u64 = 100;
/// Limit of GPU families until an increase is granted.
const DEFAULT_GPU_LIMIT: u64 = 0;

/// A quota, in vCPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quota {
    pub(crate) limit: u64,
    pub(crate) used: u64,
    pub(crate) left: u64,
}

/// The quota of a family (or [`REGIONAL`]) in a location.
pub(crate) fn available(world: &World, subscription: &str, location: &str, family: &str) -> Quota {
    let used = used(world, subscription, location);
    let limit = limit(world, subscription, location, family);
    let used = used
        .get(&family.to_ascii_lowercase())
        .copied()
        .unwrap_or_default();
    Quota {
        limit,
        used,
        left: limit.saturating_sub(used),
    }
}

fn limit(world: &World, subscription: &str, location: &str, family: &str) -> u64 {
    let place = format!("{location}/{family}").to_ascii_lowercase();
    let own = world
        .subscription(subscription)
        .and_then(|found| found.limits.get(&place).copied());
    let gpu = SIZES
        .iter()
        .any(|size| size.family.eq_ignore_ascii_case(family) && size.gpus > 0);
    own.unwrap_or(if gpu { DEFAULT_GPU_LIMIT } else { DEFAULT_LIMIT })
}

/// vCPU used in a location, by family in lower case, including the regional total.
fn used(world: &World, subscription: &str, location: &str) -> BTreeMap<String, u64> {
    let mut used: BTreeMap<String, u64> = BTreeMap::new();
    let elsewhere = world
        .subscription(subscription)
        .map(|found| found.used_elsewhere.clone())
        .unwrap_or_default();
    let prefix = format!("{}/", location.to_ascii_lowercase());
    for (place, vcpus) in elsewhere {
        if let Some(family) = place.strip_prefix(&prefix) {
            add(&mut used, family, vcpus);
        }
    }
    let scope = format!("/subscriptions/{subscription}");
    let clusters = world.list(&scope, "Microsoft.ContainerService/managedClusters");
    let here = |cluster: &&Resource| {
        cluster.location() == location && cluster.body["properties"]["powerState"]["code"] != "Stopped"
    };
    for cluster in clusters.filter(here) {
        let pools = cluster.body["properties"]["agentPoolProfiles"]
            .as_array()
            .into_iter()
            .flatten();
        for pool in pools {
            let Some(size) = pool["vmSize"].as_str().and_then(find) else {
                continue;
            };
            add(
                &mut used,
                size.family,
                pool["count"].as_u64().unwrap_or_default() * size.vcpus,
            );
        }
    }
    used
}

fn add(used: &mut BTreeMap<String, u64>, family: &str, vcpus: u64) {
    *used.entry(family.to_ascii_lowercase()).or_default() += vcpus;
    *used.entry(REGIONAL.to_string()).or_default() += vcpus;
}

/// `standardDSv5Family` becomes `Standard DSv5 Family vCPUs`.
fn display_name(family: &str) -> String {
    if family.contains(' ') {
        return format!("{family} vCPUs");
    }
    let core = family.trim_end_matches("Family");
    let core = core
        .strip_prefix("standard")
        .or_else(|| core.strip_prefix("Standard"))
        .unwrap_or(core);
    format!("Standard {core} Family vCPUs")
}

/// `GET /subscriptions/{s}/providers/Microsoft.Compute/locations/{l}/usages` (2024-03-01).
///
/// # Errors
/// 400 for an unknown location.
pub(crate) fn list(world: &World, call: &Call) -> Handled {
    let location = location(call)?.name;
    let subscription = call.subscription();
    let used = used(world, subscription, location);
    let usage = |value: &str, words: &str, current: u64, limit: u64| json!({ "unit": "Count", "currentValue": current, "limit": limit, "name": { "value": value, "localizedValue": words } });
    let of = |family: &str| {
        used.get(&family.to_ascii_lowercase())
            .copied()
            .unwrap_or_default()
    };
    let regional = limit(world, subscription, location, REGIONAL);
    let mut families: Vec<&str> = SIZES.iter().map(|size| size.family).collect();
    families.dedup();
    let mut usages: Vec<Value> = vec![
        usage("availabilitySets", "Availability Sets", 0, 2500),
        usage(REGIONAL, "Total Regional vCPUs", of(REGIONAL), regional),
        usage("virtualMachines", "Virtual Machines", 0, 25_000),
        usage("virtualMachineScaleSets", "Virtual Machine Scale Sets", 0, 2500),
        usage("lowPriorityCores", "Total Regional Low-priority vCPUs", 0, 100),
    ];
    usages.extend(families.into_iter().map(|family| {
        usage(
            family,
            &display_name(family),
            of(family),
            limit(world, subscription, location, family),
        )
    }));
    Ok(Answer::ok(json!({ "value": usages })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Subscription;

    #[test]
    fn running_clusters_use_quota_and_stopped_ones_do_not() {
        let mut world = World::default();
        world.add_subscription(Subscription {
            id: "s".to_string(),
            name: "S".to_string(),
            registrations: BTreeMap::new(),
            limits: BTreeMap::from([("westeurope/standarddsv5family".to_string(), 40)]),
            used_elsewhere: BTreeMap::from([("westeurope/standarddsv5family".to_string(), 10)]),
        });
        let cluster = |name: &str, power: &str| {
            let id = format!(
                "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/{name}"
            );
            let body = json!({"location": "westeurope", "properties": {
                "powerState": {"code": power}, "agentPoolProfiles": [{"vmSize": "Standard_D4s_v5", "count": 3}]}});
            Resource::new(id, "Microsoft.ContainerService/managedClusters", body)
        };
        world.put(cluster("a", "Running"));
        world.put(cluster("b", "Stopped"));
        let family = available(&world, "s", "westeurope", "standardDSv5Family");
        assert_eq!(
            family,
            Quota {
                limit: 40,
                used: 22,
                left: 18
            }
        );
        assert_eq!(
            available(&world, "s", "westeurope", REGIONAL),
            Quota {
                limit: 100,
                used: 22,
                left: 78
            }
        );
        assert_eq!(
            available(&world, "s", "westeurope", "StandardNCADSA100v4Family").limit,
            0
        );
        assert_eq!(display_name("standardDSv5Family"), "Standard DSv5 Family vCPUs");
    }
}
