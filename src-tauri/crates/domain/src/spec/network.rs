//! Network settings of the specification.

use crate::strict::no_members;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Network of the cluster and exposure of the scoring endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct Network {
    /// Network plugin of a new cluster.
    pub plugin: NetworkPlugin,
    /// An existing virtual network, or `None` to let AKS create one.
    pub vnet: Option<VnetChoice>,
    /// Address range of pods (overlay and kubenet).
    pub pod_cidr: String,
    pub outbound: Outbound,
    /// Exposure of the scoring endpoint; `None` until chosen.
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

/// Network plugins available for a new cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum NetworkPlugin {
    /// Azure CNI Overlay: pods get addresses from a separate range.
    AzureOverlay,
    /// Azure CNI: pods get addresses from the subnet.
    Azure,
    /// kubenet, which is retired on 2028-03-31.
    Kubenet,
}

/// How nodes reach the internet (`networkProfile.outboundType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Outbound {
    /// Through the cluster's load balancer, which needs a public address.
    LoadBalancer,
    /// Through a route table on the subnet, without a public address.
    UserDefinedRouting,
}

/// The range of services that a new cluster gets unless another is chosen.
pub(crate) const SERVICE_CIDR: &str = "10.0.0.0/16";

/// An existing virtual network and the address ranges that go with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct VnetChoice {
    /// Resource group of the virtual network.
    pub resource_group: String,
    pub name: String,
    /// Name of the nodes' subnet.
    pub subnet: String,
    /// Address range of Kubernetes services.
    pub service_cidr: String,
    /// Address of the cluster's DNS service, inside `service_cidr`.
    pub dns_service_ip: String,
    /// Docker bridge range: required by Azure ML's legacy API, but without effect on current clusters.
    pub docker_bridge_cidr: String,
}

impl Default for VnetChoice {
    fn default() -> Self {
        Self {
            resource_group: String::new(),
            name: String::new(),
            subnet: String::new(),
            service_cidr: SERVICE_CIDR.to_owned(),
            dns_service_ip: "10.0.0.10".to_owned(),
            docker_bridge_cidr: "172.17.0.1/16".to_owned(),
        }
    }
}

/// Who can reach the scoring endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
#[ts(export)]
pub enum LoadBalancer {
    /// A public address, reachable from the internet.
    #[serde(deserialize_with = "no_members")]
    Public,
    /// An address inside the virtual network.
    Internal {
        /// Subnet of the address (classic route only); `None` means Azure ML's default, `aks-subnet`.
        subnet: Option<String>,
    },
}
