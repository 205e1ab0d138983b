//! Sizes and quota of Azure ML's own training clusters, which clients list. AKS does not use them.

use crate::answer::Answer;
use crate::call::Call;
use crate::compute::sizes::SIZES;
use crate::world::World;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// vCPU per family for training by default (learn.microsoft.com/azure/machine-learning/how-to-manage-quotas).
const LIMIT: u64 = 24;

pub(super) fn sizes(call: &Call) -> Answer {
    let location = call.name(0).to_ascii_lowercase();
    let here = SIZES.iter().filter(|size| size.offered_in(&location));
    let shown: Vec<Value> = here
        .map(|size| {
            json!({ "name": size.name, "family": size.family, "vCPUs": size.vcpus, "gpus": size.gpus, "memoryGB": size.memory_gb,
                "osVhdSizeMB": 1_047_552, "maxResourceVolumeMB": 65_536, "lowPriorityCapable": true, "premiumIO": true,
                "supportedComputeTypes": ["AmlCompute", "ComputeInstance"] })
        })
        .collect();
    Answer::ok(json!({ "value": shown }))
}

fn families(location: &str) -> BTreeSet<&'static str> {
    SIZES
        .iter()
        .filter(|size| size.offered_in(location))
        .map(|size| size.family)
        .collect()
}

/// `locations/{l}/usages`: nothing is in use.
pub(super) fn usages(world: &World, call: &Call) -> Answer {
    let location = call.name(0).to_ascii_lowercase();
    let shown = families(&location).into_iter().map(|family| {
        json!({ "id": id(world, call, "usages", family), "type": "Microsoft.MachineLearningServices/usages", "unit": "Count",
            "currentValue": 0, "limit": LIMIT, "name": { "value": family, "localizedValue": family } })
    });
    Answer::list(call, shown.collect())
}

pub(super) fn quotas(world: &World, call: &Call) -> Answer {
    let location = call.name(0).to_ascii_lowercase();
    let shown = families(&location).into_iter().map(|family| {
        json!({ "id": id(world, call, "quotas", family), "type": "Microsoft.MachineLearningServices/workspaces/quotas", "unit": "Count",
            "limit": LIMIT, "name": { "value": family, "localizedValue": family } })
    });
    Answer::list(call, shown.collect())
}

fn id(world: &World, call: &Call, what: &str, family: &str) -> String {
    let workspace = world.list(&call.arm.scope, super::WORKSPACE).next();
    let scope = workspace.map_or(call.path.as_str(), |found| found.id.as_str());
    format!("{scope}/{what}/{family}")
}
