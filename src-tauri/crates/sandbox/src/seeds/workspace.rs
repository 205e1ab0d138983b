//! The default seed: two subscriptions with groups, networks, workspaces and clusters.

use super::StartingPoint;
use super::base::{ADA, LAB, LAB_GROUP, PIPELINE, PLATFORM, PROD, READ_ONLY_GROUP};
use super::certificates;
use super::estate::{Cluster, group};
use super::seeder::Seeder;
use crate::authorization::locks;
use crate::error::SandboxError;
use crate::keyvault::{self, VAULT};
use crate::network::VNET;
use crate::policy::{assignments::assign, rules};
use http::Method;
use serde_json::{Value, json};

const RESOURCES: &str = "2024-03-01";
const NETWORK: &str = "2024-01-01";
const KEY_VAULT: &str = "2023-07-01";
/// Group of the main workspace.
const MAIN: &str = "rg-ml-prod";

/// Seeds what workspaces and clusters depend on: groups, networks, policies, quota.
pub(super) fn seed_groups(seeder: &mut Seeder) -> Result<StartingPoint, SandboxError> {
    groups(seeder)?;
    networks(seeder)?;
    rules(seeder);
    quota(seeder);
    seeder.wait();
    Ok(StartingPoint {
        resource_group: MAIN.to_string(),
        location: "westeurope".to_string(),
        ..StartingPoint::default()
    })
}

/// Seeds the workspaces, a healthy cluster and one that is too small for production.
pub(super) fn seed_clusters(
    seeder: &mut Seeder,
    starting_point: StartingPoint,
) -> Result<StartingPoint, SandboxError> {
    let main = group(PROD, MAIN);
    seeder.workspace(&main, "ml-prod", "westeurope")?;
    seeder.workspace(&group(PROD, "rg-ml-prod-ne"), "ml-prod-ne", "northeurope")?;
    seeder.workspace(&group(LAB, LAB_GROUP), "ml-lab", "swedencentral")?;
    seeder.workspace(&group(LAB, "rg-ml-lab-us"), "ml-lab-us", "eastus")?;
    let network = format!("{}/providers/{VNET}/vnet-ml-weu", group(PROD, "rg-network-prod"));
    let healthy = Cluster {
        group: main,
        name: "aks-ml-prod",
        location: "westeurope",
        size: "Standard_D4s_v5",
        count: 3,
        subnet: Some(format!("{network}/subnets/snet-aks")),
        tags: json!({ "env": "production", "owner": "ml-platform" }),
        more: json!({}),
    };
    seeder.cluster(&healthy)?;
    seeder.cluster(&Cluster {
        name: "aks-ml-small",
        size: "Standard_D2s_v5",
        count: 2,
        subnet: None,
        ..healthy.clone()
    })?;
    vaults(seeder, &group(PROD, MAIN))?;
    seeder.wait();
    Ok(StartingPoint {
        workspace: "ml-prod".to_string(),
        cluster: healthy.name.to_string(),
        ..starting_point
    })
}

/// Two vaults: one whose certificate can be read, one whose secrets cannot.
fn vaults(seeder: &mut Seeder, group: &str) -> Result<(), SandboxError> {
    let tenant = seeder.world.directory.tenant_id.clone();
    let reads = |who: &str, secrets: &[&str]| {
        json!({ "tenantId": tenant, "objectId": who,
                "permissions": { "secrets": secrets, "certificates": ["get", "list", "import"] } })
    };
    for (name, secrets) in [("kv-ml-prod", &["get", "list"][..]), ("kv-ml-locked", &[])] {
        let policies = [
            reads(PIPELINE, secrets),
            reads(ADA, secrets),
            reads(PLATFORM, secrets),
        ];
        let body = json!({ "location": "westeurope", "properties": {
            "tenantId": tenant, "sku": { "family": "A", "name": "standard" }, "accessPolicies": policies,
        }});
        seeder.put(&format!("{group}/providers/{VAULT}/{name}"), KEY_VAULT, body)?;
        let (certificate, key) = certificates::ending_in(160, "ml.contoso.com")?;
        seeder.send(
            Method::POST,
            &format!("/{}/{name}/certificates/ml-contoso-com/import", keyvault::PREFIX),
            &[("api-version", "7.4")],
            json!({ "value": format!("{key}{certificate}") }),
        )?;
    }
    Ok(())
}

fn groups(seeder: &mut Seeder) -> Result<(), SandboxError> {
    let all = [
        (PROD, MAIN, "westeurope", "production"),
        (PROD, "rg-ml-prod-ne", "northeurope", "production"),
        (PROD, "rg-ml-restricted", "westeurope", "restricted"),
        (PROD, "rg-network-prod", "westeurope", "platform"),
        (LAB, LAB_GROUP, "swedencentral", "lab"),
        (LAB, "rg-ml-lab-us", "eastus", "lab"),
        (LAB, READ_ONLY_GROUP, "swedencentral", "platform"),
    ];
    for (subscription, name, location, purpose) in all {
        let body = json!({ "location": location, "tags": { "env": purpose, "owner": "ml-platform" } });
        seeder.put(&group(subscription, name), RESOURCES, body)?;
    }
    Ok(())
}

fn subnet(name: &str, prefix: &str) -> Value {
    json!({ "name": name, "properties": { "addressPrefix": prefix } })
}

fn delegated(name: &str, prefix: &str, to: &str) -> Value {
    let delegation = json!({ "name": "delegation", "properties": { "serviceName": to } });
    json!({ "name": name, "properties": { "addressPrefix": prefix, "delegations": [delegation] } })
}

fn networks(seeder: &mut Seeder) -> Result<(), SandboxError> {
    let prod = format!("{}/providers/{VNET}/vnet-ml-weu", group(PROD, "rg-network-prod"));
    let lab = format!("{}/providers/{VNET}/vnet-lab-swe", group(LAB, LAB_GROUP));
    let network = |location: &str, space: &str, subnets: Vec<Value>| {
        json!({ "location": location, "properties": {
            "addressSpace": { "addressPrefixes": [space] }, "subnets": subnets } })
    };
    let subnets = vec![
        subnet("snet-aks", "10.40.0.0/22"),
        subnet("snet-ilb", "10.40.4.0/27"),
        subnet("snet-legacy", "10.40.4.64/28"),
        subnet("snet-endpoints", "10.40.5.0/26"),
        delegated(
            "snet-postgres",
            "10.40.6.0/26",
            "Microsoft.DBforPostgreSQL/flexibleServers",
        ),
    ];
    seeder.put(&prod, NETWORK, network("westeurope", "10.40.0.0/16", subnets))?;
    let subnets = vec![
        subnet("aks-subnet", "10.60.0.0/24"),
        subnet("default", "10.60.1.0/24"),
        delegated("snet-functions", "10.60.2.0/27", "Microsoft.Web/serverFarms"),
    ];
    seeder.put(&lab, NETWORK, network("swedencentral", "10.60.0.0/16", subnets))?;
    seeder.wait();
    // A /28 has eleven usable addresses: nine are other teams' machines, so two are left.
    add_foreign_interfaces(seeder, &prod, "snet-legacy", 9);
    add_foreign_interfaces(seeder, &prod, "snet-endpoints", 6);
    Ok(())
}

fn add_foreign_interfaces(seeder: &mut Seeder, vnet: &str, name: &str, count: usize) {
    let Some(vnet) = seeder.world.resource_mut(vnet) else {
        return;
    };
    let subnets = vnet.body["properties"]["subnets"].as_array_mut();
    let Some(subnet) = subnets.and_then(|all| all.iter_mut().find(|found| found["name"] == name)) else {
        return;
    };
    let group = group(PROD, "rg-network-prod");
    let configuration = |n: usize| json!({ "id": format!("{group}/providers/Microsoft.Network/networkInterfaces/nic-vm{n:02}/ipConfigurations/ipconfig1") });
    subnet["properties"]["ipConfigurations"] = (1..=count).map(configuration).collect();
}

/// Policies: one group with restrictions, one with a lock, an audit for the subscription.
fn rules(seeder: &mut Seeder) {
    let restricted = group(PROD, "rg-ml-restricted");
    let world = &mut seeder.world;
    let allowed = json!({ "listOfAllowedLocations": { "value": ["westeurope", "northeurope"] } });
    assign(
        world,
        &restricted,
        "allowed-locations",
        "Allowed locations (EU)",
        rules::ALLOWED_LOCATIONS,
        allowed,
    );
    let tag = json!({ "tagName": { "value": "cost-center" } });
    assign(
        world,
        &restricted,
        "require-cost-center",
        "Require the tag cost-center",
        rules::REQUIRE_TAG,
        tag,
    );
    let name = "no-public-load-balancers";
    assign(
        world,
        &restricted,
        name,
        "Load Balancers should not have public IPs",
        rules::NO_PUBLIC_LOAD_BALANCER,
        json!({}),
    );
    let audit = json!({ "effect": { "value": "Audit" } });
    let prod = format!("/subscriptions/{PROD}");
    assign(
        world,
        &prod,
        "private-clusters",
        "Private clusters should be enabled",
        rules::PRIVATE_CLUSTERS,
        audit,
    );
    let notes = "The network belongs to the platform team.";
    locks::lock(
        world,
        &group(PROD, "rg-network-prod"),
        "keep-network",
        "CanNotDelete",
        notes,
    );
}

/// Quota: plenty in most locations, hardly any in one, GPUs in one.
fn quota(seeder: &mut Seeder) {
    let set = |subscription: &str, limits: &[(&str, u64)], used: &[(&str, u64)], seeder: &mut Seeder| {
        let Some(found) = seeder.world.subscription_mut(subscription) else {
            return;
        };
        found
            .limits
            .extend(limits.iter().map(|(place, vcpus)| (place.to_string(), *vcpus)));
        found
            .used_elsewhere
            .extend(used.iter().map(|(place, vcpus)| (place.to_string(), *vcpus)));
    };
    let limits = [
        ("westeurope/cores", 350),
        ("westeurope/standarddsv5family", 100),
        ("westeurope/standard ncasv3_t4 family", 16),
        ("northeurope/cores", 100),
        ("northeurope/standarddsv5family", 40),
        ("swedencentral/cores", 200),
    ];
    let used = [
        ("westeurope/standarddsv3family", 24),
        ("westeurope/standarddsv5family", 8),
        // 29 of 40 are used: 11 are left, one short of what production needs.
        ("northeurope/standarddsv5family", 29),
        ("northeurope/standardesv5family", 16),
    ];
    set(PROD, &limits, &used, seeder);
    let lab_limits = [
        ("swedencentral/cores", 60),
        ("eastus/cores", 20),
        ("eastus/standarddsv5family", 10),
    ];
    let lab_used = [("eastus/standarddsv3family", 12)];
    set(LAB, &lab_limits, &lab_used, seeder);
}
