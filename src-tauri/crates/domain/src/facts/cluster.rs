//! Facts about an existing cluster, its node pools and its extensions.

use super::ProvisioningState;
use crate::resource_id::same_resource;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An AKS cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ClusterFacts {
    /// Resource id.
    pub id: String,
    pub name: String,
    pub resource_group: String,
    pub subscription_id: String,
    pub location: String,
    /// Running version (`1.35.4`).
    pub kubernetes_version: String,
    /// `Succeeded`, `Creating`, …
    #[ts(as = "String")]
    pub provisioning_state: ProvisioningState,
    /// `Running` or `Stopped`.
    pub power_state: String,
    /// `SystemAssigned`, `UserAssigned`, or `None` for a service principal cluster.
    pub identity_type: Option<String>,
    /// Principal id of the identity of its control plane; `None` if Azure does not say which it is.
    pub principal_id: Option<String>,
    /// Node pools.
    pub pools: Vec<PoolFacts>,
    /// `standard` or `basic`.
    pub load_balancer_sku: String,
    /// `azure`, `kubenet`, `none`.
    pub network_plugin: String,
    /// Whether the API server has no public address.
    pub private_cluster: bool,
    /// Whether a private cluster also has a public host name.
    pub private_public_fqdn: bool,
    /// Whether commands may be run in it through Azure (`az aks command invoke`).
    pub run_command: bool,
    /// `Base` or `Automatic`; `None` if Azure does not say.
    pub sku_name: Option<String>,
    /// Node auto-provisioning: `Auto` or `Manual`; `None` if Azure does not say.
    pub node_provisioning: Option<String>,
    /// `overlay` for Azure CNI Overlay.
    pub network_plugin_mode: Option<String>,
    /// Ranges of the pods, unless their addresses come from a subnet.
    pub pod_cidrs: Vec<String>,
    /// Pricing tier of the control plane: `Free`, `Standard`, `Premium`.
    pub tier: String,
    /// `KubernetesOfficial` or `AKSLongTermSupport`.
    pub support_plan: String,
    /// IP ranges that may reach the API server; empty if all may.
    pub authorized_ranges: Vec<String>,
    /// Whether local accounts are disabled.
    pub local_accounts_disabled: bool,
    /// Resource group of the nodes, load balancers and addresses.
    pub node_resource_group: String,
    pub tags: std::collections::BTreeMap<String, String>,
    /// Members that Azure always returns, but did not return this time (`properties.provisioningState`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(skip)]
    pub untold: Vec<String>,
}

/// Ids without those that differ from another in case only.
fn distinct<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for id in ids {
        if !found.iter().any(|other| same_resource(other, id)) {
            found.push(id);
        }
    }
    found
}

/// A node pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PoolFacts {
    pub name: String,
    /// `VirtualMachineScaleSets`, `VirtualMachines` or `AvailabilitySet`; empty if Azure does not say.
    pub kind: String,
    /// Size of its nodes; empty if they have several.
    pub vm_size: String,
    /// Current number of nodes.
    pub count: u32,
    /// Its nodes by size, if they have several, as pools of the type `VirtualMachines` may.
    pub mixed: Vec<NodesOfSize>,
    /// `Ubuntu2204`, `AzureLinux`, `Windows2022`, …; `None` if Azure does not say.
    pub os_sku: Option<String>,
    /// `Regular` or `Spot`.
    pub priority: Option<String>,
    /// Most pods per node; `None` if Azure does not say.
    pub max_pods: Option<u32>,
    /// Resource id of the subnet of its pods, if they have one of their own.
    pub pod_subnet_id: Option<String>,
    /// Nodes that may be unavailable during an upgrade, as `1` or `33%`; `None` for the AKS default.
    pub max_unavailable: Option<String>,
    /// `System` or `User`.
    pub mode: String,
    /// `Linux` or `Windows`.
    pub os_type: String,
    /// Kubernetes version of its nodes.
    pub version: String,
    /// Nodes added during an upgrade, as `1` or `33%`; `None` for the AKS default.
    pub max_surge: Option<String>,
    /// `Running` or `Stopped`.
    pub power_state: String,
    /// Taints, as `key=value:effect`.
    pub taints: Vec<String>,
    /// `Succeeded`, `Updating`, `Failed`, …
    #[ts(as = "String")]
    pub provisioning_state: ProvisioningState,
    /// The autoscaler's minimum; `None` if the autoscaler is off.
    pub min_count: Option<u32>,
    /// The autoscaler's maximum; `None` if the autoscaler is off.
    pub max_count: Option<u32>,
    /// Resource id of the subnet, if the cluster is in a virtual network of the user's.
    pub subnet_id: Option<String>,
}

impl PoolFacts {
    /// Its nodes by size.
    pub fn sizes(&self) -> impl Iterator<Item = (&str, u32)> {
        let only = self
            .mixed
            .is_empty()
            .then_some((self.vm_size.as_str(), self.count));
        let mixed = self
            .mixed
            .iter()
            .map(|nodes| (nodes.vm_size.as_str(), nodes.count));
        only.into_iter().chain(mixed)
    }

    pub fn is_stopped(&self) -> bool {
        self.power_state.eq_ignore_ascii_case("Stopped")
    }

    /// Whether it consists of single virtual machines.
    pub fn is_of_machines(&self) -> bool {
        self.kind.eq_ignore_ascii_case("VirtualMachines")
    }

    /// Whether it consists of spot machines, which have a quota of their own
    /// (learn.microsoft.com/azure/virtual-machines/spot-vms).
    pub fn is_spot(&self) -> bool {
        self.priority
            .as_deref()
            .is_some_and(|priority| priority.eq_ignore_ascii_case("Spot"))
    }

    /// Whether it consists of a scale set, as far as Azure says.
    pub fn is_of_scale_sets(&self) -> bool {
        self.kind.is_empty() || self.kind.eq_ignore_ascii_case("VirtualMachineScaleSets")
    }

    /// Whether it is an availability set, which AKS no longer supports
    /// (learn.microsoft.com/azure/aks/availability-sets-on-aks, read 2026-11-26).
    pub fn is_availability_set(&self) -> bool {
        self.kind.eq_ignore_ascii_case("AvailabilitySet")
    }
}

impl ClusterFacts {
    /// The node pool of this name, in any case.
    pub fn pool(&self, name: &str) -> Option<&PoolFacts> {
        self.pools
            .iter()
            .find(|pool| pool.name.eq_ignore_ascii_case(name))
    }

    /// Resource ids of the subnets of its nodes, each once.
    pub fn node_subnets(&self) -> Vec<&str> {
        distinct(self.pools.iter().filter_map(|pool| pool.subnet_id.as_deref()))
    }

    /// Resource ids of the subnets of its nodes and pods, each once.
    pub fn subnets(&self) -> Vec<&str> {
        let pods = self.pools.iter().filter_map(|pool| pool.pod_subnet_id.as_deref());
        distinct(self.node_subnets().into_iter().chain(pods))
    }

    /// Whether it is an AKS Automatic cluster.
    pub fn is_automatic(&self) -> bool {
        self.sku_name
            .as_deref()
            .is_some_and(|name| name.eq_ignore_ascii_case("Automatic"))
    }

    pub fn is_stopped(&self) -> bool {
        self.power_state.eq_ignore_ascii_case("Stopped")
    }

    /// Whether its support plan is long-term support.
    pub fn has_long_term_support(&self) -> bool {
        self.support_plan.eq_ignore_ascii_case("AKSLongTermSupport")
    }

    /// Whether AKS no longer supports its version under its support plan. A version that is newer than the calendar is taken
    /// as supported.
    pub fn is_out_of_support(&self, today: &str) -> bool {
        let minor = crate::versions::minor_of(&self.kubernetes_version);
        let end = crate::versions::support_end(minor, self.has_long_term_support());
        crate::versions::is_before_calendar(minor) || end.is_some_and(|end| !today.is_empty() && end < today)
    }

    /// Whether AKS adds and removes nodes as pods need them.
    pub fn provisions_nodes(&self) -> bool {
        self.node_provisioning
            .as_deref()
            .is_some_and(|mode| mode.eq_ignore_ascii_case("Auto"))
    }
}

/// Nodes of one size in a pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NodesOfSize {
    pub vm_size: String,
    pub count: u32,
}

/// An extension on a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ExtensionFacts {
    /// Resource id.
    pub id: String,
    /// Name of the instance.
    pub name: String,
    /// `microsoft.azureml.kubernetes` and others.
    pub extension_type: String,
    /// `Succeeded`, `Failed`, …
    #[ts(as = "String")]
    pub provisioning_state: ProvisioningState,
    /// Installed version.
    pub version: Option<String>,
    /// Settings without the protected ones, which Azure never returns.
    pub settings: std::collections::BTreeMap<String, String>,
    /// Reported error as `code: message`.
    pub error: Option<String>,
    /// The extension in Azure's JSON.
    #[serde(skip)]
    #[ts(skip)]
    pub whole: serde_json::Value,
}

/// Software in a cluster that the extension brings too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OtherSoftware {
    /// The deployment of a Prometheus operator, as `namespace/name`.
    pub prometheus_operator: Option<String>,
    /// A class of ingress-nginx with the controller that the extension's own has.
    pub ingress_nginx: Option<String>,
}
