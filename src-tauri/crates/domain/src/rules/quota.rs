//! Whether the VM size is available to the subscription in the location, and whether there is enough quota for it.

use super::read::{USAGES as USED, VM_SIZES};
use super::verdict::{block, info, unknown, unread, warn, when};
use super::{Case, Rule, Verdict};
use crate::facts::{Usage, VmSize};
use crate::finding::WizardStep::Size;
use crate::sizing::quota_free;

const SKUS: &str = "learn.microsoft.com/rest/api/compute/resource-skus/list";
const USAGES: &str = "learn.microsoft.com/rest/api/compute/usage/list; Azure/azureml-sdk-for-r issue 267";
const SURGE: &str = "learn.microsoft.com/azure/aks/quotas-skus-regions";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("CPU-18", Size, SKUS, available).says(&["CPU-18", "CPU-18.absent", "CPU-18.zones"]),
    Rule::azure("CPU-19", Size, USAGES, quota)
        .reading(&[VM_SIZES], |case| {
            !case.uses_existing() && !case.vm_size_name().is_empty()
        })
        .says(&["CPU-19", "CPU-19.location", "CPU-19.autoscale", "CPU-19.unlisted"]),
    Rule::azure("CPU-20", Size, SURGE, quota_for_upgrade).reading(&[VM_SIZES, USED], |case| {
        case.creates() && !case.vm_size_name().is_empty()
    }),
];

fn available(case: &Case<'_>) -> Vec<Verdict> {
    let wanted = case.vm_size_name();
    if case.uses_existing() || wanted.is_empty() {
        return Vec::new();
    }
    let Some(sizes) = case.facts.vm_sizes.known() else {
        return unread("vm_sizes", &case.facts.vm_sizes);
    };
    let about = |verdict: Verdict| verdict.with("size", wanted).with("location", case.location());
    let Some(size) = case.vm_size() else {
        return vec![about(block("size.vmSize").variant("absent"))];
    };
    if let Some(reason) = &size.restricted {
        return vec![about(block("size.vmSize")).with("reason", reason)];
    }
    // The cluster works without availability zones, but is not zone-redundant.
    let zoned_elsewhere = sizes.iter().any(|other| !other.zones.is_empty());
    when(
        case.production() && size.zones.is_empty() && zoned_elsewhere,
        || about(info("size.vmSize").variant("zones")),
    )
}

/// Checks the quota of the VM family and of the location.
fn quota(case: &Case<'_>) -> Vec<Verdict> {
    let Some(size) = case.vm_size() else {
        return Vec::new();
    };
    let Some(usages) = case.facts.usages.known() else {
        return unread("usages", &case.facts.usages);
    };
    let mut found = Vec::new();
    for (name, whole_location) in [(size.family.as_str(), false), ("cores", true)] {
        match usages.iter().find(|usage| usage.name.eq_ignore_ascii_case(name)) {
            None => found.push(
                unknown("size.vmSize", format!("no usage named {name}"))
                    .variant("unlisted")
                    .with("family", name),
            ),
            Some(usage) => found.extend(shortage(case, size, usage, whole_location)),
        }
    }
    found
}

fn shortage(case: &Case<'_>, size: &VmSize, usage: &Usage, whole_location: bool) -> Option<Verdict> {
    let need = size.vcpus.saturating_mul(case.spec.size.nodes);
    let max_need = size.vcpus.saturating_mul(case.max_nodes());
    let verdict = if usage.free() < need {
        let verdict = block("size.nodes")
            .with("need", need)
            .with("missing", need - usage.free());
        if whole_location {
            verdict.variant("location")
        } else {
            verdict
        }
    } else if usage.free() < max_need {
        warn("size.autoscale")
            .variant("autoscale")
            .with("need", max_need)
            .with("nodes", case.max_nodes())
    } else {
        return None;
    };
    Some(
        verdict
            .with("left", usage.free())
            .with("limit", usage.limit)
            .with("used", usage.used)
            .with("family", &usage.label)
            .with("location", case.location()),
    )
}

/// An upgrade needs quota for at least one extra node.
fn quota_for_upgrade(case: &Case<'_>) -> Vec<Verdict> {
    let Some(size) = case.vm_size().filter(|_| case.creates()) else {
        return Vec::new();
    };
    let Some(free) = case
        .facts
        .usages
        .known()
        .and_then(|usages| quota_free(size, usages))
    else {
        return Vec::new();
    };
    let need = size.vcpus.saturating_mul(case.spec.size.nodes);
    let Some(left) = free.checked_sub(need) else {
        return Vec::new();
    };
    when(left < size.vcpus, || {
        warn("size.nodes").with("left", left).with("need", size.vcpus)
    })
}
