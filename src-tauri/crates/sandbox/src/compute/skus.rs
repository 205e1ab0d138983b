//! `Microsoft.Compute/skus` (2021-07-01; only the `location` filter works) and `vmSizes`.

use super::sizes::{Arch, Restriction, SIZES, Size};
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::resources::locations::{LOCATIONS, Location, find, normal};
use serde_json::{Value, json};

pub(crate) fn list(call: &Call) -> Answer {
    let wanted = call
        .query("$filter")
        .and_then(|filter| filter.split_once("location eq '"));
    let wanted = wanted.and_then(|(_, rest)| rest.split('\'').next()).map(normal);
    let here = |location: &&Location| wanted.as_ref().is_none_or(|wanted| wanted == location.name);
    let skus = LOCATIONS.iter().filter(here).flat_map(|location| {
        let sold = SIZES.iter().filter(|size| size.offered_in(location.name));
        sold.map(|size| machine(size, location)).chain(others(location))
    });
    let skus: Vec<Value> = skus.collect();
    // The service returns a single location without paging.
    if wanted.is_some() {
        Answer::ok(json!({ "value": skus }))
    } else {
        Answer::list(call, skus)
    }
}

fn machine(size: &Size, location: &Location) -> Value {
    let zones: Vec<&str> = if location.zones {
        vec!["1", "2", "3"]
    } else {
        Vec::new()
    };
    json!({
        "resourceType": "virtualMachines",
        "name": size.name,
        "tier": "Standard",
        "size": size.name.trim_start_matches("Standard_"),
        "family": size.family,
        "locations": [location.name],
        "locationInfo": [{ "location": location.name, "zones": zones, "zoneDetails": [] }],
        "capabilities": capabilities(size),
        "restrictions": restrictions(size, location),
    })
}

fn capabilities(size: &Size) -> Vec<Value> {
    let yes = |flag: bool| if flag { "True" } else { "False" }.to_string();
    let arm = size.arch == Arch::Arm64;
    let premium = !size.family.starts_with("standardDv2") && !size.family.starts_with("standardAv2");
    let mut given = vec![
        ("MaxResourceVolumeMB", (size.temp_gb * 1024).to_string()),
        ("OSVhdSizeMB", "1047552".to_string()),
        ("vCPUs", size.vcpus.to_string()),
        ("MemoryPreservingMaintenanceSupported", yes(size.gpus == 0)),
        ("HyperVGenerations", if arm { "V2" } else { "V1,V2" }.to_string()),
        ("MemoryGB", size.memory_gb.to_string()),
        ("MaxDataDiskCount", size.disks.to_string()),
        (
            "CpuArchitectureType",
            if arm { "Arm64" } else { "x64" }.to_string(),
        ),
        ("LowPriorityCapable", yes(!size.burstable())),
        ("PremiumIO", yes(premium)),
        ("VMDeploymentTypes", "IaaS".to_string()),
        ("vCPUsAvailable", size.vcpus_available.to_string()),
        (
            "vCPUsPerCore",
            if arm || size.burstable() { "1" } else { "2" }.to_string(),
        ),
        ("EphemeralOSDiskSupported", yes(premium && size.temp_gb >= 30)),
        ("EncryptionAtHostSupported", yes(premium)),
        (
            "AcceleratedNetworkingEnabled",
            yes(size.vcpus >= 2 && !size.burstable()),
        ),
        ("RdmaEnabled", yes(size.gpus >= 8)),
        ("MaxNetworkInterfaces", size.vcpus.clamp(2, 8).to_string()),
    ];
    if size.gpus > 0 {
        given.push(("GPUs", size.gpus.to_string()));
    }
    given
        .into_iter()
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect()
}

fn restrictions(size: &Size, location: &Location) -> Vec<Value> {
    let whole = |reason: &str| json!({ "type": "Location", "values": [location.name], "restrictionInfo": { "locations": [location.name] }, "reasonCode": reason });
    match size.restriction(location.name) {
        None => Vec::new(),
        Some(Restriction::NotAvailableForSubscription) => vec![whole("NotAvailableForSubscription")],
        Some(Restriction::QuotaId) => vec![whole("QuotaId")],
        Some(Restriction::Zones(zones)) => vec![json!({
            "type": "Zone",
            "values": [location.name],
            "restrictionInfo": { "locations": [location.name], "zones": zones },
            "reasonCode": "NotAvailableForSubscription",
        })],
    }
}

/// Entries of other types, which clients have to filter out.
fn others(location: &'static Location) -> impl Iterator<Item = Value> {
    let kinds = [
        ("disks", "Premium_LRS", "Premium"),
        ("disks", "StandardSSD_LRS", "Standard"),
        ("availabilitySets", "Aligned", ""),
    ];
    kinds.into_iter().map(|(kind, name, tier)| {
        let mut sku = json!({
            "resourceType": kind,
            "name": name,
            "locations": [location.name],
            "locationInfo": [{ "location": location.name, "zones": [], "zoneDetails": [] }],
            "capabilities": [],
            "restrictions": [],
        });
        if !tier.is_empty() {
            sku["tier"] = tier.into();
        }
        sku
    })
}

/// `GET /subscriptions/{s}/providers/Microsoft.Compute/locations/{l}/vmSizes`: every size offered there,
/// without restrictions.
///
/// # Errors
/// 400 for an unknown location.
pub(crate) fn list_plain(call: &Call) -> Handled {
    let location = location(call)?;
    let plain = |size: &Size| {
        json!({
            "name": size.name,
            "numberOfCores": size.vcpus,
            "osDiskSizeInMB": 1_047_552,
            "resourceDiskSizeInMB": size.temp_gb * 1024,
            "memoryInMB": (size.memory_gb * 1024.0) as u64,
            "maxDataDiskCount": size.disks,
        })
    };
    let sold = SIZES.iter().filter(|size| size.offered_in(location.name));
    Ok(Answer::ok(
        json!({ "value": sold.map(plain).collect::<Vec<_>>() }),
    ))
}

/// The location in the path.
///
/// # Errors
/// 400 if it is unknown.
pub(super) fn location(call: &Call) -> Result<&'static Location, Refusal> {
    let known = || {
        let names: Vec<&str> = LOCATIONS.iter().map(|location| location.name).collect();
        let message = format!(
            "No registered resource provider found for location '{}' and API version '{}' for type '{}'. The supported locations are '{}'.",
            call.name(0),
            call.api_version(),
            call.arm.resource_type(),
            names.join(", ")
        );
        Refusal::bad_request("NoRegisteredProviderFound", message)
    };
    find(call.name(0)).ok_or_else(known)
}
