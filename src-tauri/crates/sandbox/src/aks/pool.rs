//! The body of a node pool: the request, validated, with the service's defaults filled in.

use super::{refuse, versions};
use crate::answer::Refusal;
use crate::call::Call;
use crate::compute::sizes;
use crate::network::subnets;
use crate::world::World;
use serde_json::{Value, json};

/// The size AKS uses when the request names none.
const DEFAULT_SIZE: &str = "Standard_D4s_v5";
/// Most nodes of a pool (learn.microsoft.com/azure/aks/quotas-skus-regions).
const MOST_NODES: u64 = 1000;

/// Validates one node pool and fills in its defaults.
pub(super) fn complete(
    world: &World,
    call: &Call,
    given: &Value,
    location: &str,
    version: &str,
) -> Result<Value, Refusal> {
    let mut pool = given.clone();
    let name = pool["name"].as_str().unwrap_or_default().to_string();
    let size_name = pool["vmSize"]
        .as_str()
        .filter(|size| !size.is_empty())
        .unwrap_or(DEFAULT_SIZE)
        .to_string();
    let Some(size) = sizes::find(&size_name) else {
        return Err(refuse(
            "VMSizeNotSupported",
            format!(
                "Virtual Machine size: '{size_name}' is not supported for subscription {} in location '{location}'.",
                call.subscription()
            ),
        ));
    };
    if !size.available_in(location) {
        return Err(refuse(
            "SkuNotAvailable",
            format!(
                "The requested VM size for resource '{name}' is currently not available in location '{location}': {size_name}."
            ),
        ));
    }
    check_count(&pool)?;
    let mode = pool["mode"]
        .as_str()
        .filter(|mode| !mode.is_empty())
        .unwrap_or("System")
        .to_string();
    if let Some(subnet) = pool["vnetSubnetID"].as_str().filter(|subnet| !subnet.is_empty()) {
        check_subnet(world, subnet, location)?;
    }
    let given_or = |member: &str, default: Value| match &given[member] {
        Value::Null => default,
        given => given.clone(),
    };
    for (member, value) in [
        ("vmSize", json!(size.name)),
        ("mode", json!(mode)),
        (
            "osType",
            pool["osType"].as_str().map_or(json!("Linux"), |os| json!(os)),
        ),
        ("osSKU", given_or("osSKU", json!("Ubuntu"))),
        ("type", given_or("type", json!("VirtualMachineScaleSets"))),
        (
            "maxPods",
            pool["maxPods"].as_u64().map_or(json!(110), |pods| json!(pods)),
        ),
        (
            "count",
            pool["count"].as_u64().map_or(json!(1), |count| json!(count)),
        ),
        ("osDiskSizeGB", json!(128)),
        ("provisioningState", json!("Creating")),
        ("powerState", given_or("powerState", json!({ "code": "Running" }))),
    ] {
        pool[member] = value;
    }
    let wanted = pool["orchestratorVersion"]
        .as_str()
        .filter(|text| !text.is_empty())
        .unwrap_or(version)
        .to_string();
    pool["currentOrchestratorVersion"] = json!(versions::resolve(&wanted));
    pool["orchestratorVersion"] = json!(wanted);
    pool["nodeImageVersion"] = json!("AKSUbuntu-2404gen2containerd-202611.08.0");
    Ok(pool)
}

fn check_subnet(world: &World, subnet: &str, location: &str) -> Result<(), Refusal> {
    let wrong = |why: String| {
        refuse(
            "InvalidParameter",
            format!("The value of parameter agentPoolProfile.vnetSubnetID is invalid. Error details: {why}"),
        )
    };
    let Some(found) = subnets::find(world, subnet) else {
        return Err(refuse(
            "SubnetNotFound",
            format!("The subnet {subnet} could not be found."),
        ));
    };
    let vnet = world
        .resource(subnets::vnet_of(subnet))
        .map(crate::world::Resource::location);
    if vnet.as_deref() != Some(location) {
        return Err(wrong(format!(
            "the virtual network of {subnet} is not in location {location}."
        )));
    }
    match found["properties"]["delegations"]
        .as_array()
        .and_then(|all| all.first())
    {
        Some(delegation) => Err(wrong(format!(
            "the subnet is delegated to {}.",
            delegation["properties"]["serviceName"]
                .as_str()
                .unwrap_or_default()
        ))),
        None => Ok(()),
    }
}

/// Refuses numbers of nodes that AKS does not have, and those that contradict the autoscaler's bounds.
fn check_count(pool: &Value) -> Result<(), Refusal> {
    let wrong = |member: &str, why: String| {
        Err(refuse(
            "InvalidParameter",
            format!("The value of parameter agentPoolProfile.{member} is invalid. Error details: {why}"),
        ))
    };
    let number = |member: &str| pool[member].as_u64();
    let count = number("count").unwrap_or(1);
    if count > MOST_NODES || pool["count"].as_i64().is_some_and(|count| count < 0) {
        let count = &pool["count"];
        return wrong("count", format!("{count} is not between 0 and {MOST_NODES}."));
    }
    if pool["enableAutoScaling"] != json!(true) {
        return match (number("minCount"), number("maxCount")) {
            (None, None) => Ok(()),
            _ => wrong(
                "enableAutoScaling",
                "minCount and maxCount are only allowed with the cluster autoscaler.".to_string(),
            ),
        };
    }
    let (Some(min), Some(max)) = (number("minCount"), number("maxCount")) else {
        return wrong(
            "minCount",
            "the cluster autoscaler needs minCount and maxCount.".to_string(),
        );
    };
    if min > max || max > MOST_NODES {
        return wrong(
            "maxCount",
            format!("minCount is {min}, maxCount {max}, and the most is {MOST_NODES}."),
        );
    }
    if (min..=max).contains(&count) {
        return Ok(());
    }
    wrong(
        "count",
        format!("{count} is not between minCount {min} and maxCount {max}."),
    )
}
