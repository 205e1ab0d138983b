//! What a person wants: the data the wizard edits, a draft saves, and `berth apply` reads. It never holds a secret.
//!
//! Every field has a default, so that a half-finished wizard is a valid `Spec`; what is missing is a finding of
//! preflight, not a parse error.

mod network;
mod tls;

pub use network::{LoadBalancer, Network, NetworkPlugin, Outbound, VnetChoice};
pub use tls::{KeyKind, PairRef, Recipe, RecipeIssuer, Tls};

use crate::resource_id::{check_part, resource_id};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The version of this format. A file with a higher number is refused.
pub const SPEC_SCHEMA: u32 = 1;

/// The whole goal: one cluster attached to one workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct Spec {
    /// Version of the format, [`SPEC_SCHEMA`].
    pub schema: u32,
    /// How the cluster is attached to the workspace.
    pub route: Route,
    /// What the cluster is for.
    pub purpose: Purpose,
    /// Whether a cluster is made or an existing one is used.
    pub cluster: ClusterChoice,
    /// Where everything lives and what it is called.
    pub place: Place,
    /// The Kubernetes version of a cluster that is made.
    pub version: VersionChoice,
    /// The nodes of a cluster that is made.
    pub size: Size,
    /// The network of the cluster and of its scoring address.
    pub network: Network,
    /// TLS of the scoring address; `None` until the person has chosen.
    pub tls: Option<Tls>,
    /// What blocks and the person has agreed to knowingly: ids of rules that may be waived (`CPU-01`, `LBR-19`), and
    /// `RULE:RESOURCE` for one resource that could not be read.
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

/// The two ways of attaching, always shown by these names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Route {
    /// Extension `Microsoft.AzureML.Kubernetes` on the cluster, then a compute of type `Kubernetes`.
    Extension,
    /// A compute of type `AKS`. Its SDK and CLI are out of support since 2026; its clusters still run.
    Classic,
}

impl Route {
    /// Namespace of the scoring front end in the cluster.
    pub const fn front_namespace(self) -> &'static str {
        match self {
            Self::Extension => "azureml",
            Self::Classic => "default",
        }
    }
}

/// What the cluster is for; on the wire `FastProd` or `DevTest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Purpose {
    /// At least 12 vCPU and 3 nodes; tolerates the loss of a node.
    Production,
    /// One node is enough; no promise when it fails.
    DevTest,
}

/// Where the cluster comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
#[ts(export)]
pub enum ClusterChoice {
    /// Berth makes the AKS cluster through `Microsoft.ContainerService`.
    Create,
    /// An AKS cluster that is there already.
    Existing {
        /// Its full resource id.
        resource_id: String,
    },
    /// Azure ML makes the cluster itself (compute `AKS` without `resourceId`): legacy, classic route only.
    CreateThroughAml,
}

/// Where everything lives and what it is called. Empty strings are choices not made yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct Place {
    /// Subscription of the cluster.
    pub subscription_id: String,
    /// The workspace the cluster is attached to.
    pub workspace: WorkspaceRef,
    /// Resource group of the cluster.
    pub resource_group: String,
    /// True when Berth makes the resource group.
    pub new_resource_group: bool,
    /// Location of the cluster, as Azure writes it (`westeurope`).
    pub location: String,
    /// Name of the cluster.
    pub cluster_name: String,
    /// Name of the compute, the attachment in the workspace.
    pub compute_name: String,
    /// Kubernetes namespace for the workloads of the compute (extension route). Empty means `default`.
    pub namespace: String,
}

/// A workspace of Azure Machine Learning, by its address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct WorkspaceRef {
    /// Subscription of the workspace.
    pub subscription_id: String,
    /// Resource group of the workspace.
    pub resource_group: String,
    /// Name of the workspace.
    pub name: String,
}

impl WorkspaceRef {
    /// The resource id, or `None` while a part is missing or cannot stand in an address.
    pub fn resource_id(&self) -> Option<String> {
        let kind = "Microsoft.MachineLearningServices/workspaces";
        resource_id(&self.subscription_id, &self.resource_group, kind, &self.name)
    }
}

impl Place {
    /// Resource id of the cluster Berth would make, or `None` while a part is missing or unusable.
    pub fn new_cluster_id(&self) -> Option<String> {
        let kind = "Microsoft.ContainerService/managedClusters";
        resource_id(
            &self.subscription_id,
            &self.resource_group,
            kind,
            &self.cluster_name,
        )
    }

    /// Resource id of the compute, or `None` while a part is missing or unusable.
    pub fn compute_id(&self) -> Option<String> {
        let workspace = self.workspace.resource_id()?;
        check_part(&self.compute_name).ok()?;
        Some(format!("{workspace}/computes/{}", self.compute_name))
    }

    /// The namespace with its default filled in.
    pub fn namespace_or_default(&self) -> &str {
        if self.namespace.is_empty() {
            "default"
        } else {
            &self.namespace
        }
    }
}

impl Spec {
    /// Resource id of the cluster, made or existing; `None` while unknown and for clusters Azure ML makes.
    pub fn cluster_id(&self) -> Option<String> {
        match &self.cluster {
            ClusterChoice::Create => self.place.new_cluster_id(),
            ClusterChoice::Existing { resource_id } => (!resource_id.is_empty()).then(|| resource_id.clone()),
            ClusterChoice::CreateThroughAml => None,
        }
    }
}

/// The Kubernetes version of a cluster that is made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct VersionChoice {
    /// `1.36` (the service picks the patch) or `1.36.2`; empty while not chosen.
    pub kubernetes: String,
    /// Long-term support: support plan `AKSLongTermSupport`, which needs the Premium tier.
    pub long_term_support: bool,
    /// Pricing tier of the control plane.
    pub tier: Tier,
}

/// Pricing tier of a cluster's control plane.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Tier {
    /// No uptime promise.
    Free,
    /// Uptime promise; the default.
    #[default]
    Standard,
    /// Standard plus long-term support.
    Premium,
}

/// The nodes of a cluster that is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct Size {
    /// vCPU the person needs in total.
    pub need_vcpus: u32,
    /// VM size of the nodes (`Standard_D4s_v5`); empty while not chosen.
    pub vm_size: String,
    /// Number of nodes.
    pub nodes: u32,
    /// Bounds of the cluster autoscaler; `None` leaves the count fixed.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct Autoscale {
    /// Fewest nodes.
    pub min: u32,
    /// Most nodes.
    pub max: u32,
}
