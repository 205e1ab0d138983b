//! The network a person wants, and who can reach the scoring address.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The network of the cluster and of its scoring address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct Network {
    /// Network plugin of a cluster that is made.
    pub plugin: NetworkPlugin,
    /// An existing virtual network, or `None` for one that AKS makes.
    pub vnet: Option<VnetChoice>,
    /// Range of pod addresses (overlay and kubenet).
    pub pod_cidr: String,
    /// How nodes reach the internet.
    pub outbound: Outbound,
    /// Public or internal scoring address; `None` until the person has chosen.
    pub load_balancer: Option<LoadBalancer>,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            plugin: NetworkPlugin::AzureOverlay,
            vnet: None,
            pod_cidr: "10.244.0.0/16".to_owned(),
            outbound: Outbound::LoadBalancer,
            load_balancer: None,
        }
    }
}

/// Network plugins a new cluster can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum NetworkPlugin {
    /// Azure CNI overlay: pods have addresses of their own range.
    AzureOverlay,
    /// Azure CNI: pods take addresses of the subnet.
    Azure,
    /// kubenet, which retires on 2028-03-31.
    Kubenet,
}

/// How nodes reach the internet (`networkProfile.outboundType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Outbound {
    /// Through the cluster's public load balancer: needs a public address.
    LoadBalancer,
    /// Through a route table on the subnet: no public address.
    UserDefinedRouting,
}

/// An existing virtual network and the values that go with it: all six or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct VnetChoice {
    /// Resource group of the virtual network.
    pub resource_group: String,
    /// Name of the virtual network.
    pub name: String,
    /// Name of the subnet of the nodes.
    pub subnet: String,
    /// Range of service addresses inside the cluster.
    pub service_cidr: String,
    /// Address of the cluster's DNS, inside `service_cidr`.
    pub dns_service_ip: String,
    /// Docker bridge range: asked for by the legacy form only, without effect on clusters of today.
    pub docker_bridge_cidr: String,
}

impl Default for VnetChoice {
    fn default() -> Self {
        Self {
            resource_group: String::new(),
            name: String::new(),
            subnet: String::new(),
            service_cidr: "10.0.0.0/16".to_owned(),
            dns_service_ip: "10.0.0.10".to_owned(),
            docker_bridge_cidr: "172.17.0.1/16".to_owned(),
        }
    }
}

/// Who can reach the scoring address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
#[ts(export)]
pub enum LoadBalancer {
    /// A public address, open to the internet.
    Public,
    /// An address inside the virtual network.
    Internal {
        /// Name of the subnet for the address: classic route only; `None` is Azure ML's default `aks-subnet`.
        subnet: Option<String>,
    },
}
