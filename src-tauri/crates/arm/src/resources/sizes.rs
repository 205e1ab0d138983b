//! VM sizes with their restrictions (compute skus), and vCPU quota (compute usages).

use super::{items, number, optional, text, texts};
use crate::{Arm, ArmError};
use berth_domain::facts::{Usage, VmSize};
use serde_json::Value;

/// Lists the VM sizes of a location, with the restrictions that apply to the subscription.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_sizes(arm: &Arm, subscription: &str, location: &str) -> Result<Vec<VmSize>, ArmError> {
    // The API supports only the location filter.
    let path = arm.path(&format!(
        "/subscriptions/{subscription}/providers/Microsoft.Compute/skus"
    ));
    let filter = format!("$filter=location%20eq%20'{location}'");
    let all: Vec<Value> = arm.list(&format!("{path}&{filter}")).await?;
    Ok(all
        .iter()
        .filter(|sku| text(sku, "/resourceType") == "virtualMachines")
        .map(|sku| size(sku, location))
        .collect())
}

/// Lists the vCPU quota of a location: `cores` for the total, plus one entry per VM family.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_usages(arm: &Arm, subscription: &str, location: &str) -> Result<Vec<Usage>, ArmError> {
    let path = arm.path(&format!(
        "/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{location}/usages"
    ));
    let all: Vec<Value> = arm.list(&path).await?;
    Ok(all.iter().filter_map(usage).collect())
}

/// A quota; `None` if a number is missing, so that nothing takes it for zero.
fn usage(value: &Value) -> Option<Usage> {
    Some(Usage {
        name: text(value, "/name/value"),
        label: optional(value, "/name/localizedValue").unwrap_or_else(|| text(value, "/name/value")),
        used: number(value, "/currentValue")?,
        limit: number(value, "/limit")?,
    })
}

fn size(sku: &Value, location: &str) -> VmSize {
    let capability = |name: &str| {
        let found = items(sku, "/capabilities").find(|entry| text(entry, "/name") == name);
        found.and_then(|entry| optional(entry, "/value"))
    };
    let whole = |name: &str| capability(name).and_then(|text| text.parse().ok());
    let here =
        items(sku, "/locationInfo").find(|info| text(info, "/location").eq_ignore_ascii_case(location));
    let restrictions: Vec<&Value> = items(sku, "/restrictions").collect();
    let closed: Vec<String> = restrictions
        .iter()
        .filter(|entry| text(entry, "/type") == "Zone")
        .flat_map(|entry| texts(entry, "/restrictionInfo/zones"))
        .collect();
    let zones = here.map(|info| texts(info, "/zones")).unwrap_or_default();
    let refused = restrictions
        .iter()
        .find(|entry| text(entry, "/type") == "Location");
    VmSize {
        name: text(sku, "/name"),
        family: text(sku, "/family"),
        // Constrained-core sizes report the usable vCPUs in addition to the hardware's.
        vcpus: whole("vCPUsAvailable")
            .or_else(|| whole("vCPUs"))
            .unwrap_or_default(),
        memory_gib: capability("MemoryGB")
            .and_then(|text| text.parse().ok())
            .unwrap_or_default(),
        gpus: whole("GPUs").unwrap_or_default(),
        architecture: capability("CpuArchitectureType").unwrap_or_else(|| "x64".to_owned()),
        zones: zones.into_iter().filter(|zone| !closed.contains(zone)).collect(),
        restricted: refused
            .map(|entry| optional(entry, "/reasonCode").unwrap_or_else(|| "Restricted".to_owned())),
        premium_io: capability("PremiumIO").is_some_and(|value| value.eq_ignore_ascii_case("true")),
    }
}
