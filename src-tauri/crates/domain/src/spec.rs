//! The specification: what the wizard edits, drafts save, and `berth apply` reads. It never contains a secret.
//!
//! Every field has a default, so a half-finished wizard is a valid `Spec`: a missing choice is a preflight finding, not
//! a parse error.

mod network;
mod tls;

pub(crate) use network::SERVICE_CIDR;
pub use network::{LoadBalancer, Network, NetworkPlugin, Outbound, VnetChoice};
pub use tls::{KeyKind, PairRef, Recipe, RecipeIssuer, Tls};

use crate::bodies::managed_cluster::subnet_id;
use crate::resource_id::{ResourceId, check_part, resource_id};
use crate::strict::no_members;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Version of the file format. Files with a higher version are refused.
pub const SPEC_SCHEMA: u32 = 1;

/// A complete set-up: one cluster attached to one workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct Spec {
    /// Version of the file format.
    pub schema: u32,
    pub route: Route,
    pub purpose: Purpose,
    pub cluster: ClusterChoice,
    pub place: Place,
    /// Kubernetes version of a new cluster.
    pub version: VersionChoice,
    /// Nodes of a new cluster.
    pub size: Size,
    pub network: Network,
    /// TLS of the scoring endpoint; `None` until chosen.
    pub tls: Option<Tls>,
    /// Blocking findings the person has accepted: ids of waivable rules (`CPU-01`, `LBR-19`), and `RULE:RESOURCE` for one
    /// resource that could not be read.
    pub waived: Vec<String>,
}

impl Default for Spec {
    fn default() -> Self {
        Self {
            schema: SPEC_SCHEMA,
            route: Route::Extension,
            purpose: Purpose::Production,
            cluster: ClusterChoice::Create,
            place: Place::default(),
            version: VersionChoice::default(),
            size: Size::default(),
            network: Network::default(),
            tls: None,
            waived: Vec::new(),
        }
    }
}

/// How the cluster is attached to the workspace. The UI and the documents use the same two names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Route {
    /// Extension `Microsoft.AzureML.Kubernetes` on the cluster, then a compute of type `Kubernetes`.
    Extension,
    /// A compute of type `AKS`. Its SDK and CLI have been out of support since 2026, but existing clusters still run.
    Classic,
}

impl Route {
    /// Kubernetes namespace of the scoring front end.
    pub const fn front_namespace(self) -> &'static str {
        match self {
            Self::Extension => "azureml",
            Self::Classic => "default",
        }
    }
}

/// Purpose of the cluster; Azure ML calls the values `FastProd` and `DevTest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Purpose {
    /// At least 12 vCPU and 3 nodes; survives the loss of a node.
    Production,
    /// One node is enough; endpoints are down if it fails.
    DevTest,
}

/// Where the cluster comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
#[ts(export)]
pub enum ClusterChoice {
    /// Berth creates an AKS cluster through `Microsoft.ContainerService`.
    #[serde(deserialize_with = "no_members")]
    Create,
    /// An existing AKS cluster.
    Existing { resource_id: String },
    /// Azure ML creates the cluster itself (compute `AKS` without `resourceId`). Legacy; classic route only.
    #[serde(deserialize_with = "no_members")]
    CreateThroughAml,
}

/// Locations and names of the resources. An empty string means not chosen yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct Place {
    /// Subscription of the cluster.
    pub subscription_id: String,
    pub workspace: WorkspaceRef,
    /// Resource group of the cluster.
    pub resource_group: String,
    /// Whether Berth creates the resource group.
    pub new_resource_group: bool,
    /// Location of the cluster, as Azure writes it (`westeurope`).
    pub location: String,
    pub cluster_name: String,
    /// Name of the compute, which represents the cluster in the workspace.
    pub compute_name: String,
    /// Kubernetes namespace for the compute's workloads (extension route). Empty means `default`.
    pub namespace: String,
    /// Tags of what Berth makes: the resource group, the cluster and the compute.
    pub tags: BTreeMap<String, String>,
}

/// Identifies an Azure Machine Learning workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct WorkspaceRef {
    pub subscription_id: String,
    pub resource_group: String,
    pub name: String,
}

impl WorkspaceRef {
    /// The resource id, or `None` while a part is missing or not allowed in a resource id.
    pub fn resource_id(&self) -> Option<String> {
        let kind = "Microsoft.MachineLearningServices/workspaces";
        resource_id(&self.subscription_id, &self.resource_group, kind, &self.name)
    }

    /// The id of a resource in the workspace, such as a compute, or `None` while a part is missing or not allowed in a
    /// resource id.
    pub fn child_id(&self, kind: &str, name: &str) -> Option<String> {
        check_part(name).ok()?;
        Some(format!("{}/{kind}/{name}", self.resource_id()?))
    }
}

/// Where the classic route puts the models of a workspace
/// (learn.microsoft.com/azure/machine-learning/v1/how-to-deploy-azure-kubernetes-service).
pub fn classic_namespace(workspace: &str) -> String {
    format!("azureml-{}", workspace.to_lowercase())
}

impl Place {
    /// Resource id of the cluster Berth would create, or `None` while a part is missing or not allowed in a resource id.
    pub fn new_cluster_id(&self) -> Option<String> {
        let kind = "Microsoft.ContainerService/managedClusters";
        resource_id(
            &self.subscription_id,
            &self.resource_group,
            kind,
            &self.cluster_name,
        )
    }

    /// Resource id of the compute, or `None` while a part is missing or not allowed in a resource id.
    pub fn compute_id(&self) -> Option<String> {
        self.workspace.child_id("computes", &self.compute_name)
    }

    /// The namespace, or `default` if none is set.
    pub fn namespace_or_default(&self) -> &str {
        if self.namespace.is_empty() {
            "default"
        } else {
            &self.namespace
        }
    }
}

impl Spec {
    /// Takes the subscription from the id of an existing cluster, if it is left out.
    pub fn complete_from_id(&mut self) {
        let ClusterChoice::Existing { resource_id } = &self.cluster else {
            return;
        };
        if self.place.subscription_id.is_empty()
            && let Some(id) = ResourceId::parse(resource_id)
        {
            self.place.subscription_id = id.subscription.to_owned();
        }
    }

    /// Resource id of the new or existing cluster; `None` while unknown and for clusters that Azure ML creates.
    pub fn cluster_id(&self) -> Option<String> {
        match &self.cluster {
            ClusterChoice::Create => self.place.new_cluster_id(),
            ClusterChoice::Existing { resource_id } => (!resource_id.is_empty()).then(|| resource_id.clone()),
            ClusterChoice::CreateThroughAml => None,
        }
    }

    /// Resource id of the existing subnet chosen for a new cluster; `None` if there is none, or it cannot be part of a
    /// request.
    pub fn chosen_subnet_id(&self) -> Option<String> {
        let creates = !matches!(self.cluster, ClusterChoice::Existing { .. });
        let choice = self.network.vnet.as_ref().filter(|_| creates)?;
        let id = subnet_id(self.network_subscription(), choice);
        ResourceId::parse(&id).is_some().then_some(id)
    }

    /// Subscription of the network of a new cluster: that of the workspace if Azure ML creates the cluster.
    pub fn network_subscription(&self) -> &str {
        match self.cluster {
            ClusterChoice::CreateThroughAml => &self.place.workspace.subscription_id,
            _ => &self.place.subscription_id,
        }
    }
}

/// Kubernetes version and pricing tier of a new cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct VersionChoice {
    /// `1.36` (AKS picks the patch version) or `1.36.2`; empty while not chosen.
    pub kubernetes: String,
    /// Support plan `AKSLongTermSupport`, which requires the Premium tier.
    pub long_term_support: bool,
    pub tier: Tier,
    /// Whether AKS installs new patch versions by itself.
    pub patch_upgrades: bool,
}

/// Pricing tier of the AKS control plane.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Tier {
    /// No uptime SLA.
    Free,
    /// Uptime SLA.
    #[default]
    Standard,
    /// Standard plus long-term support.
    Premium,
}

impl Tier {
    /// Name in Azure.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Free => "Free",
            Self::Standard => "Standard",
            Self::Premium => "Premium",
        }
    }
}

/// Name of a support plan in Azure.
pub const fn support_plan(long_term: bool) -> &'static str {
    if long_term {
        "AKSLongTermSupport"
    } else {
        "KubernetesOfficial"
    }
}

/// Nodes of a new cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct Size {
    /// Total vCPU the person needs.
    pub need_vcpus: u32,
    /// VM size of the nodes (`Standard_D4s_v5`); empty while not chosen.
    pub vm_size: String,
    pub nodes: u32,
    /// Bounds of the cluster autoscaler; `None` for a fixed number of nodes.
    pub autoscale: Option<Autoscale>,
}

impl Default for Size {
    fn default() -> Self {
        Self {
            need_vcpus: 12,
            vm_size: String::new(),
            nodes: 3,
            autoscale: None,
        }
    }
}

/// Bounds of the cluster autoscaler, in nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct Autoscale {
    pub min: u32,
    pub max: u32,
}
