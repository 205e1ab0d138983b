//! `PUT Microsoft.ContainerService/managedClusters/{k}`
//! (learn.microsoft.com/rest/api/aks/managed-clusters/create-or-update).

use super::tagged;
use crate::spec::{Autoscale, LoadBalancer, NetworkPlugin, Outbound, Spec, Tier, VnetChoice, support_plan};
use serde_json::{Map, Value, json};

/// Longest DNS prefix AKS accepts.
const DNS_PREFIX: usize = 54;

/// The cluster for a specification.
pub fn managed_cluster(spec: &Spec, plan_id: &str) -> Value {
    let long_term = spec.version.long_term_support;
    let tier = if long_term {
        Tier::Premium
    } else {
        spec.version.tier
    };
    let mut body = json!({
        "location": spec.place.location,
        "tags": tagged(&spec.place.tags, plan_id),
        "identity": { "type": "SystemAssigned" },
        "sku": { "name": "Base", "tier": tier.name() },
        "properties": {
            "kubernetesVersion": spec.version.kubernetes,
            "dnsPrefix": dns_prefix(&spec.place.cluster_name),
            "enableRBAC": true,
            "supportPlan": support_plan(long_term),
            "agentPoolProfiles": [pool(spec)],
            "networkProfile": network(spec),
            "apiServerAccessProfile": { "enablePrivateCluster": false },
            // Azure ML connects to the cluster with its admin credentials
            // (learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace).
            "disableLocalAccounts": false,
        }
    });
    if spec.version.patch_upgrades {
        body["properties"]["autoUpgradeProfile"] = json!({ "upgradeChannel": "patch" });
    }
    body
}

fn pool(spec: &Spec) -> Value {
    let mut pool = Map::new();
    pool.insert("name".to_owned(), json!("system"));
    pool.insert("mode".to_owned(), json!("System"));
    pool.insert("count".to_owned(), json!(spec.size.nodes));
    pool.insert("vmSize".to_owned(), json!(spec.size.vm_size));
    pool.insert("osType".to_owned(), json!("Linux"));
    pool.insert("type".to_owned(), json!("VirtualMachineScaleSets"));
    if spec.version.long_term_support && starts_on_ubuntu_2204(&spec.version.kubernetes) {
        pool.insert("osSKU".to_owned(), json!("Ubuntu2404"));
    }
    if let Some(Autoscale { min, max }) = spec.size.autoscale {
        pool.insert("enableAutoScaling".to_owned(), json!(true));
        pool.insert("minCount".to_owned(), json!(min));
        pool.insert("maxCount".to_owned(), json!(max));
    }
    if let Some(vnet) = &spec.network.vnet {
        pool.insert(
            "vnetSubnetID".to_owned(),
            json!(subnet_id(&spec.place.subscription_id, vnet)),
        );
    }
    Value::Object(pool)
}

/// Whether nodes of a version get Ubuntu 22.04 by default although they can have 24.04. The older one retires on 2027-06-30,
/// before long-term support of these versions ends (MicrosoftDocs/azure-aks-docs, includes/ubuntu-22-04-retirement.md, read
/// 2026-11-26).
fn starts_on_ubuntu_2204(version: &str) -> bool {
    let minor = version
        .split('.')
        .nth(1)
        .and_then(|minor| minor.parse::<u32>().ok());
    version.starts_with("1.") && minor.is_some_and(|minor| (32..=34).contains(&minor))
}

fn network(spec: &Spec) -> Value {
    let mut profile = Map::new();
    let (plugin, overlay) = match spec.network.plugin {
        NetworkPlugin::AzureOverlay => ("azure", true),
        NetworkPlugin::Azure => ("azure", false),
        NetworkPlugin::Kubenet => ("kubenet", false),
    };
    profile.insert("networkPlugin".to_owned(), json!(plugin));
    if overlay {
        profile.insert("networkPluginMode".to_owned(), json!("overlay"));
    }
    if spec.network.plugin != NetworkPlugin::Azure {
        profile.insert("podCidr".to_owned(), json!(spec.network.pod_cidr));
    }
    profile.insert("loadBalancerSku".to_owned(), json!("standard"));
    let outbound = match spec.network.outbound {
        Outbound::LoadBalancer => "loadBalancer",
        Outbound::UserDefinedRouting => "userDefinedRouting",
    };
    profile.insert("outboundType".to_owned(), json!(outbound));
    let defaults = VnetChoice::default();
    let ranges = spec.network.vnet.as_ref().unwrap_or(&defaults);
    profile.insert("serviceCidr".to_owned(), json!(ranges.service_cidr));
    profile.insert("dnsServiceIP".to_owned(), json!(ranges.dns_service_ip));
    Value::Object(profile)
}

/// Resource id of the chosen subnet.
pub(crate) fn subnet_id(subscription: &str, vnet: &VnetChoice) -> String {
    format!(
        "/subscriptions/{subscription}/resourceGroups/{}/providers/Microsoft.Network/virtualNetworks/{}/subnets/{}",
        vnet.resource_group, vnet.name, vnet.subnet
    )
}

/// Turns a cluster name into a DNS prefix: letters, digits and hyphens, at most 54, no hyphen at either end.
fn dns_prefix(name: &str) -> String {
    let mut prefix: String = name
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .take(DNS_PREFIX)
        .collect();
    while prefix.ends_with('-') {
        prefix.pop();
    }
    prefix.trim_start_matches('-').to_owned()
}

/// Name of the internal load balancer's subnet, if one was given.
pub(crate) fn internal_subnet(load_balancer: &LoadBalancer) -> Option<&str> {
    match load_balancer {
        LoadBalancer::Public => None,
        LoadBalancer::Internal { subnet } => subnet.as_deref().filter(|name| !name.is_empty()),
    }
}
