//! The body of a cluster: the request, validated, with the service's defaults filled in.

use super::{CLUSTER, pool, refuse, support, versions};
use crate::answer::Refusal;
use crate::authorization::access;
use crate::call::Call;
use crate::compute::{quota, sizes};
use crate::network::route_tables;
use crate::resource_id::{name_of, stable_uuid};
use crate::resources::locations::{self, LOCATIONS};
use crate::world::World;
use serde_json::{Value, json};

/// Action that a cluster in an existing subnet requires there.
const JOIN: &str = "Microsoft.Network/virtualNetworks/subnets/join/action";

/// Returns the cluster's new body; `old` is its current one.
///
/// # Errors
/// The service's refusal when the request is invalid.
pub(super) fn of_call(world: &World, call: &Call, id: &str, old: Option<&Value>) -> Result<Value, Refusal> {
    let name = name_of(id);
    let mut body = call.body.clone();
    check_name(name)?;
    let location = locations::normal(body["location"].as_str().unwrap_or_default());
    if location.is_empty() {
        return Err(refuse(
            "LocationRequired",
            "The location property is required for this definition.",
        ));
    }
    if locations::find(&location).is_none() {
        let known: Vec<&str> = LOCATIONS.iter().map(|known| known.name).collect();
        return Err(Refusal::bad_request(
            "LocationNotAvailableForResourceType",
            format!(
                "The provided location '{location}' is not available for resource type '{CLUSTER}'. List of available regions for the resource type is '{}'.",
                known.join(",")
            ),
        ));
    }
    check_version(&mut body, old, name)?;
    versions::check_whole(&body, old)?;
    check_network(&mut body)?;
    let pools = pools(world, call, &mut body, &location)?;
    if old.is_none() {
        let subnets = pools.iter().filter_map(|pool| pool["vnetSubnetID"].as_str());
        for subnet in subnets {
            access::check_linked(world, call, subnet, JOIN)?;
            route_tables::check_cluster(world, &body, subnet)?;
        }
    }
    check_quota(world, call.subscription(), &location, &pools, old)?;
    complete(&mut body, id, &location, call, old);
    body["properties"]["resourceUID"] = resource_uid(world, id).into();
    body["properties"]["agentPoolProfiles"] = Value::Array(pools);
    Ok(body)
}

fn check_name(name: &str) -> Result<(), Refusal> {
    let inner = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'));
    let ends = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    if inner && (1..=63).contains(&name.len()) && ends(name.chars().next()) && ends(name.chars().last()) {
        return Ok(());
    }
    Err(refuse(
        "InvalidParameter",
        format!(
            "The value of parameter name is invalid. Error details: '{name}' is not a valid managed cluster name."
        ),
    ))
}

fn check_version(body: &mut Value, old: Option<&Value>, name: &str) -> Result<(), Refusal> {
    support::check_plan(body)?;
    let wanted = body["properties"]["kubernetesVersion"]
        .as_str()
        .unwrap_or_default()
        .to_string();
    let kept = old
        .and_then(|old| old["properties"]["kubernetesVersion"].as_str())
        .unwrap_or(versions::DEFAULT);
    let wanted = if wanted.is_empty() {
        kept.to_string()
    } else {
        wanted
    };
    let unchanged = old.is_some_and(|old| old["properties"]["kubernetesVersion"] == json!(wanted));
    if let Some(old) = old.filter(|_| unchanged) {
        support::check_leaving(body, old, name)?;
        body["properties"]["currentKubernetesVersion"] =
            old["properties"]["currentKubernetesVersion"].clone();
        body["properties"]["kubernetesVersion"] = json!(wanted);
        return Ok(());
    }
    let Some(minor) = versions::find(&wanted) else {
        return Err(refuse(
            "K8sVersionNotSupported",
            format!(
                "Managed cluster is on version {wanted}, which is not supported in this region. Please use [az aks get-versions] command to get the supported version list in this region."
            ),
        ));
    };
    support::check_version(body, minor, &wanted, name)?;
    body["properties"]["currentKubernetesVersion"] = json!(versions::resolve(&wanted));
    body["properties"]["kubernetesVersion"] = json!(wanted);
    Ok(())
}

fn check_network(body: &mut Value) -> Result<(), Refusal> {
    let profile = &mut body["properties"]["networkProfile"];
    let defaults = [
        ("networkPlugin", "azure"),
        ("loadBalancerSku", "standard"),
        ("outboundType", "loadBalancer"),
        ("serviceCidr", "10.0.0.0/16"),
        ("dnsServiceIP", "10.0.0.10"),
    ];
    for (name, value) in defaults {
        if profile[name].as_str().unwrap_or_default().is_empty() {
            profile[name] = json!(value);
        }
    }
    if profile["loadBalancerSku"]
        .as_str()
        .is_some_and(|sku| sku.eq_ignore_ascii_case("basic"))
    {
        return Err(refuse(
            "BasicLoadBalancerNotSupported",
            "Creating a managed cluster with a Basic load balancer is no longer supported. Use loadBalancerSku 'standard'.",
        ));
    }
    Ok(())
}

fn pools(world: &World, call: &Call, body: &mut Value, location: &str) -> Result<Vec<Value>, Refusal> {
    let given = body["properties"]["agentPoolProfiles"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    if !given.iter().any(|pool| {
        pool["mode"]
            .as_str()
            .unwrap_or("System")
            .eq_ignore_ascii_case("System")
    }) {
        return Err(refuse(
            "InvalidParameter",
            "At least one agent pool of mode System is required.",
        ));
    }
    let version = body["properties"]["kubernetesVersion"]
        .as_str()
        .unwrap_or_default()
        .to_string();
    given
        .iter()
        .map(|pool| pool::complete(world, call, pool, location, &version))
        .collect()
}

/// Refuses pools that need more additional vCPU than the quota has left.
fn check_quota(
    world: &World,
    subscription: &str,
    location: &str,
    pools: &[Value],
    old: Option<&Value>,
) -> Result<(), Refusal> {
    let none = Vec::new();
    let before = old
        .and_then(|old| old["properties"]["agentPoolProfiles"].as_array())
        .unwrap_or(&none);
    let taken = |pools: &[Value], family: &str| -> u64 {
        let vcpus = |pool: &Value| {
            let size = sizes::find(pool["vmSize"].as_str().unwrap_or_default())?;
            (family == "cores" || size.family == family)
                .then(|| size.vcpus * pool["count"].as_u64().unwrap_or(1))
        };
        pools.iter().filter_map(vcpus).sum()
    };
    let families = pools
        .iter()
        .filter_map(|pool| sizes::find(pool["vmSize"].as_str()?))
        .map(|size| size.family);
    for family in families.chain(["cores"]) {
        let more = taken(pools, family).saturating_sub(taken(before, family));
        let quota_left = quota::available(world, subscription, location, family);
        if more > quota_left.left {
            return Err(refuse(
                "ErrCode_InsufficientVCPUQuota",
                format!(
                    "Insufficient vcpu quota requested {more}, remaining {} for family {family} for region {location}. Current Limit: {}, Current Usage: {}, Additional Required: {more}.",
                    quota_left.left, quota_left.limit, quota_left.used
                ),
            ));
        }
    }
    Ok(())
}

/// A re-created cluster gets another uid (managedClusters.json: "uniquely identifies ManagedClusters that
/// reuse ARM ResourceIds").
fn resource_uid(world: &World, id: &str) -> String {
    let uid = match world.times_deleted(id) {
        0 => stable_uuid(id),
        times => uuid::Uuid::new_v5(&stable_uuid(id), &times.to_be_bytes()),
    };
    uid.simple().to_string()
}

/// Fills in what the service adds by itself.
fn complete(body: &mut Value, id: &str, location: &str, call: &Call, old: Option<&Value>) {
    let name = name_of(id).to_string();
    let uid = stable_uuid(id);
    body["id"] = json!(id);
    body["name"] = json!(name);
    body["type"] = json!("Microsoft.ContainerService/ManagedClusters");
    body["location"] = json!(location);
    if body["sku"].is_null() {
        body["sku"] = json!({ "name": "Base", "tier": "Free" });
    }
    identity(body, call, uid);
    let properties = &mut body["properties"];
    let prefix = properties["dnsPrefix"]
        .as_str()
        .filter(|text| !text.is_empty())
        .unwrap_or(&name)
        .to_string();
    let group = properties["nodeResourceGroup"]
        .as_str()
        .filter(|text| !text.is_empty())
        .map(str::to_string);
    let group = group.unwrap_or_else(|| format!("MC_{}_{name}_{location}", call.group()));
    let short: String = uid.simple().to_string().chars().take(8).collect();
    properties["dnsPrefix"] = json!(prefix);
    properties["nodeResourceGroup"] = json!(group);
    properties["fqdn"] = json!(format!("{prefix}-{short}.hcp.{location}.azmk8s.io"));
    properties["azurePortalFQDN"] = json!(format!("{prefix}-{short}.portal.hcp.{location}.azmk8s.io"));
    properties["powerState"] = old.map_or(json!({ "code": "Running" }), |old| {
        old["properties"]["powerState"].clone()
    });
    properties["provisioningState"] = json!(if old.is_some() { "Updating" } else { "Creating" });
    properties["maxAgentPools"] = json!(100);
    let defaults = [
        ("enableRBAC", json!(true)),
        ("disableLocalAccounts", json!(false)),
        ("supportPlan", json!("KubernetesOfficial")),
    ];
    for (member, value) in defaults {
        if properties[member].is_null() {
            properties[member] = value;
        }
    }
}

/// Fills in the ids of the cluster's and the kubelet's managed identity; `az aks update` needs them.
fn identity(body: &mut Value, call: &Call, uid: uuid::Uuid) {
    let kind = body["identity"]["type"].as_str().unwrap_or_default().to_string();
    if kind.is_empty() || kind == "None" {
        return;
    }
    let derived = |what: &str| uuid::Uuid::new_v5(&uid, what.as_bytes()).to_string();
    if kind == "SystemAssigned" {
        body["identity"]["principalId"] = json!(derived("principal"));
        body["identity"]["tenantId"] = json!(call.principal.tenant_id);
    }
    let name = body["name"].as_str().unwrap_or_default().to_string();
    body["properties"]["identityProfile"] = json!({ "kubeletidentity": {
        "clientId": derived("kubelet-client"),
        "objectId": derived("kubelet-object"),
        "resourceId": format!(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}-agentpool",
            call.subscription(), call.group()
        ),
    } });
}
