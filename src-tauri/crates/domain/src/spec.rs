//! What a person wants: the data the wizard edits, a draft saves, and `berth apply` reads. It never holds a secret.
//!
//! Every field has a default, so that a half-finished wizard is a valid `Spec`; what is missing is a finding of
//! preflight, not a parse error.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The version of this format. A file with a higher number is refused.
pub const SPEC_SCHEMA: u32 = 1;

/// The whole wish: one cluster attached to one workspace.
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
    /// Ids of rules that block but may be waived, and that the person has waived knowingly (`CPU-01`, `LBR-19`).
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
    /// The resource id, or `None` while a part is missing.
    pub fn resource_id(&self) -> Option<String> {
        let complete =
            !self.subscription_id.is_empty() && !self.resource_group.is_empty() && !self.name.is_empty();
        complete.then(|| {
            format!(
                "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.MachineLearningServices/workspaces/{}",
                self.subscription_id, self.resource_group, self.name
            )
        })
    }
}

impl Place {
    /// Resource id of the cluster Berth would make, or `None` while a part is missing.
    pub fn new_cluster_id(&self) -> Option<String> {
        let complete = !self.subscription_id.is_empty()
            && !self.resource_group.is_empty()
            && !self.cluster_name.is_empty();
        complete.then(|| {
            format!(
                "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.ContainerService/managedClusters/{}",
                self.subscription_id, self.resource_group, self.cluster_name
            )
        })
    }

    /// Resource id of the compute, or `None` while a part is missing.
    pub fn compute_id(&self) -> Option<String> {
        let workspace = self.workspace.resource_id()?;
        (!self.compute_name.is_empty()).then(|| format!("{workspace}/computes/{}", self.compute_name))
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

/// TLS of the scoring address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
#[ts(export)]
pub enum Tls {
    /// No TLS: keys and data travel in clear text.
    None,
    /// A certificate of Microsoft for `<label><6 characters>.<location>.cloudapp.azure.com` (classic route).
    Microsoft {
        /// The label, without the six characters the service adds.
        leaf_domain_label: String,
        /// Take the label over when it has a certificate already.
        #[serde(default)]
        overwrite_existing_domain: bool,
    },
    /// The person's own certificate and key.
    Own {
        /// Name the endpoint is called by.
        cname: String,
        /// Where the pair is; `None` until one was given.
        #[serde(default)]
        pair: Option<PairRef>,
    },
    /// A pair that Berth makes.
    Generated {
        /// Name the endpoint is called by.
        cname: String,
        /// How it is made.
        recipe: Recipe,
        /// Where it is once made; `None` lets the run make it.
        #[serde(default)]
        pair: Option<PairRef>,
    },
}

impl Tls {
    /// The name callers use, where the person states it.
    pub fn cname(&self) -> Option<&str> {
        match self {
            Self::None | Self::Microsoft { .. } => None,
            Self::Own { cname, .. } | Self::Generated { cname, .. } => Some(cname),
        }
    }

    /// Where the certificate and key are, where there are any.
    pub fn pair(&self) -> Option<&PairRef> {
        match self {
            Self::None | Self::Microsoft { .. } => None,
            Self::Own { pair, .. } | Self::Generated { pair, .. } => pair.as_ref(),
        }
    }
}

/// Where a certificate and its key are kept. Never the key itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
#[ts(export)]
pub enum PairRef {
    /// In the vault, under this id.
    Vault {
        /// Id of the entry.
        id: String,
    },
    /// In PEM files, read when they are needed (command line). Paths are relative to the specification's folder.
    Files {
        /// Path of the certificate chain.
        certificate: String,
        /// Path of the key.
        key: String,
    },
}

/// How Berth makes a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct Recipe {
    /// Who signs it.
    pub issuer: RecipeIssuer,
    /// Kind of key.
    pub key: KeyKind,
    /// Days it is valid.
    pub days: u32,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            issuer: RecipeIssuer::SelfSigned,
            key: KeyKind::EcdsaP256,
            days: 397,
        }
    }
}

/// Who signs a pair that Berth makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RecipeIssuer {
    /// The certificate signs itself; each caller must trust this one certificate.
    SelfSigned,
    /// A small authority on this machine; callers trust its root once.
    LocalCa,
}

/// Kinds of key Berth makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum KeyKind {
    /// ECDSA on P-256.
    EcdsaP256,
    /// RSA, 2048 bits.
    Rsa2048,
    /// RSA, 3072 bits.
    Rsa3072,
    /// RSA, 4096 bits.
    Rsa4096,
}
