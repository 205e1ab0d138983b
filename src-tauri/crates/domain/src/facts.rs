//! Facts: what Azure and the cluster reported, read concurrently before planning and plain data afterwards. A fact that
//! could not be read is [`Fact::Unknown`] with the reason. Rules report it as unknown and never let it pass silently.

mod budgets;
mod change;
mod clearing;
mod cluster;
mod deploy;
mod identities;
mod network;
mod offer;
mod state;
mod users;

pub use budgets::BudgetFacts;
pub use change::{
    ChangeFacts, Dependent, Deployment, FrontEndFacts, Presented, RENEWED_BELOW_DAYS, UpgradeTarget,
};
pub use clearing::{MadeFacts, RunFacts};
pub use cluster::{ClusterFacts, ExtensionFacts, NodesOfSize, OtherSoftware, PoolFacts};
pub use deploy::{DeployFacts, LocalFiles, Namesake, Namesakes};
pub use identities::{IdentityFacts, IdentityKind, OwnerFacts};
pub use network::{RouteTableFacts, SubnetFacts, VnetFacts};
pub use offer::{OfferedPatch, OfferedVersion, Usage, VmSize};
pub use state::{ProvisioningState, is_plain_service, is_service};
pub use users::{ClusterUsers, UnreadKind, UnreadUsers};

use crate::api_versions::ApiVersions;
use crate::certificate::{CertificateFacts, PairProblem};
use crate::cluster_object::ClusterObject;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something read from Azure or a cluster.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "state", content = "value", rename_all = "snake_case")]
pub enum Fact<T> {
    Known(T),
    /// It could not be read; the service's message.
    Unknown(String),
    /// It was not requested, because the specification is incomplete or does not need it.
    #[default]
    NotAsked,
}

impl<T> Fact<T> {
    /// The value, if known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) | Self::NotAsked => None,
        }
    }

    /// The reason, if it could not be read.
    pub fn why_unknown(&self) -> Option<&str> {
        match self {
            Self::Unknown(why) => Some(why),
            Self::Known(_) | Self::NotAsked => None,
        }
    }

    /// What follows from the value. What is not known stays so, with its reason.
    pub fn map<U>(self, follows: impl FnOnce(T) -> U) -> Fact<U> {
        self.and_then(|value| Fact::Known(follows(value)))
    }

    /// As [`Fact::map`], where what follows may be unknown too.
    pub fn and_then<U>(self, follows: impl FnOnce(T) -> Fact<U>) -> Fact<U> {
        match self {
            Self::Known(value) => follows(value),
            Self::Unknown(why) => Fact::Unknown(why),
            Self::NotAsked => Fact::NotAsked,
        }
    }
}

/// All facts that preflight and planning use for one specification or change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Facts {
    /// Date of reading, `YYYY-MM-DD`, UTC.
    pub today: String,
    /// The cloud: `AzureCloud`, `AzureUSGovernment`, `AzureChinaCloud` or a custom name.
    pub cloud: String,
    /// Whether the cloud offers Trusted Access for Azure ML; only the public cloud does.
    pub trusted_access: bool,
    /// The cluster's subscription.
    pub subscription: Fact<SubscriptionFacts>,
    /// `None` if the workspace does not exist.
    pub workspace: Fact<Option<WorkspaceFacts>>,
    /// Resource providers of the cluster's subscription.
    pub providers: Fact<Vec<ProviderFacts>>,
    /// Locations of the cluster's subscription.
    pub locations: Fact<Vec<LocationFacts>>,
    /// The cluster's resource group; `None` if it does not exist.
    pub resource_group: Fact<Option<ResourceGroupFacts>>,
    /// The cluster with the chosen id; `None` if it does not exist.
    pub cluster: Fact<Option<ClusterFacts>>,
    /// Computes of the chosen workspace.
    pub computes: Fact<Vec<ComputeFacts>>,
    /// Who uses the cluster; `None` if no existing cluster is chosen.
    pub users: Option<ClusterUsers>,
    /// Kubernetes versions offered in the location.
    pub versions: Fact<Vec<OfferedVersion>>,
    /// VM sizes offered in the location.
    pub vm_sizes: Fact<Vec<VmSize>>,
    /// vCPU quotas and usage in the location.
    pub usages: Fact<Vec<Usage>>,
    /// The chosen virtual network, or the one that an existing cluster's nodes are in; `None` if it does not exist.
    pub vnet: Fact<Option<VnetFacts>>,
    /// The route table of the chosen subnet, if outbound traffic goes through it; `None` if it does not exist.
    pub route_table: Fact<Option<RouteTableFacts>>,
    /// Extensions on the existing cluster.
    pub extensions: Fact<Vec<ExtensionFacts>>,
    /// Effective rights on the cluster's subscription.
    pub subscription_rights: Fact<Vec<Rights>>,
    /// Effective rights on the resource group of a new cluster.
    pub group_rights: Fact<Vec<Rights>>,
    /// Effective rights on an existing cluster, which a role on the cluster alone gives too.
    pub cluster_rights: Fact<Vec<Rights>>,
    /// Effective rights on the workspace.
    pub workspace_rights: Fact<Vec<Rights>>,
    /// Effective rights on the chosen subnet of a new cluster.
    pub subnet_rights: Fact<Vec<Rights>>,
    /// Effective rights on the other workspaces with a compute on the cluster, if the change deletes the cluster.
    pub other_workspaces: Vec<WorkspaceRights>,
    /// Roles of the cluster's identity where it needs them for an internal address.
    pub network_roles: Vec<ScopeRoles>,
    /// Ids of the role definitions that the workspace's user-assigned identity has on the cluster, or on what a new cluster
    /// inherits them from.
    pub identity_roles: Fact<Vec<String>>,
    /// Azure Policy's denials for the cluster to create.
    pub cluster_policy: Fact<Vec<PolicyDenial>>,
    /// Azure Policy's denials for a public address in the cluster's resource group.
    pub address_policy: Fact<Vec<PolicyDenial>>,
    /// Locks on the resource groups of the cluster and the workspace, with those above and below.
    pub locks: Fact<Vec<LockFacts>>,
    /// Locks on the resource group of an existing cluster's nodes, with those above and below.
    pub node_locks: Fact<Vec<LockFacts>>,
    /// Namespaces inside the existing cluster.
    pub namespaces: Fact<Vec<String>>,
    /// Software in the existing cluster that the extension would collide with.
    pub software: Fact<OtherSoftware>,
    /// Objects of a former Azure ML front end inside the existing cluster.
    pub leftovers: Fact<Vec<ClusterObject>>,
    /// The chosen certificate, or why its files are unusable.
    pub certificate: Fact<Result<CertificateFacts, PairProblem>>,
    /// Facts that only changes need, and those of the endpoint that gets a version.
    pub change: ChangeFacts,
    /// Facts that only a version to deploy needs.
    pub deploy: DeployFacts,
    /// The api-versions that these facts were read with. Requests planned from them use the same ones.
    #[serde(skip)]
    pub api_versions: ApiVersions,
}

impl Facts {
    /// Known computes on the cluster.
    pub fn attachments(&self) -> &[ComputeFacts] {
        self.users.as_ref().map_or(&[], |users| &users.computes)
    }

    /// Known endpoints, deployments and services on the cluster.
    pub fn dependents(&self) -> &[Dependent] {
        self.users.as_ref().map_or(&[], |users| &users.dependents)
    }

    /// Where users of the cluster could not be read.
    pub fn unread_users(&self) -> &[UnreadUsers] {
        self.users.as_ref().map_or(&[], |users| &users.unread)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SubscriptionFacts {
    pub subscription_id: String,
    pub display_name: String,
    /// `Enabled`, `Warned`, `PastDue`, `Disabled` or `Deleted`.
    pub state: String,
    /// The subscription's tenant.
    pub tenant_id: String,
}

/// A location of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LocationFacts {
    /// `westeurope`.
    pub name: String,
    /// `West Europe`.
    pub display_name: String,
    /// Whether AKS is offered there, by the provider's list; `None` if that list was not read.
    pub offers_aks: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ResourceGroupFacts {
    pub name: String,
    pub location: String,
    /// Id of the resource that manages the group, such as the cluster of a node resource group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub managed_by: Option<String>,
}

impl ResourceGroupFacts {
    /// Whether a service manages the group, so that nothing else may be put there.
    pub fn is_managed(&self) -> bool {
        self.managed_by.is_some() || is_node_group(&self.name)
    }
}

/// Whether a resource group has the name that AKS gives to the group of a cluster's nodes, `MC_group_cluster_location`
/// (learn.microsoft.com/azure/aks/faq).
pub fn is_node_group(name: &str) -> bool {
    let prefix = name.get(..3).unwrap_or_default();
    prefix.eq_ignore_ascii_case("MC_") && name.matches('_').count() >= 3
}

/// A resource provider of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ProviderFacts {
    /// `Microsoft.ContainerService`.
    pub namespace: String,
    /// `Registered`, `Registering`, `NotRegistered` or `Unregistering`.
    pub registration_state: String,
    /// Resource types with the api-versions that this cloud accepts.
    pub resource_types: Vec<ProviderResourceType>,
}

/// A resource type of a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ProviderResourceType {
    /// `managedClusters`.
    pub resource_type: String,
    /// Locations, by display name.
    pub locations: Vec<String>,
    pub api_versions: Vec<String>,
}

/// An Azure Machine Learning workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WorkspaceFacts {
    /// Resource id.
    pub id: String,
    pub name: String,
    pub location: String,
    /// `Default`, `Hub`, `Project`, `FeatureStore`.
    pub kind: String,
    /// Whether the workspace may block v2 API calls.
    pub v1_legacy_mode: bool,
    /// Whether it has a private endpoint.
    pub private_endpoint: bool,
    /// Principal id of the system-assigned identity, if there is one.
    pub principal_id: Option<String>,
    /// The user-assigned identity with which it acts, if it has one.
    pub user_assigned: Option<UserAssigned>,
    /// Whether Azure does not say with which identity it acts.
    #[serde(default)]
    #[ts(skip)]
    pub identity_untold: bool,
    /// `Succeeded`, `Failed`, …
    #[ts(as = "String")]
    pub provisioning_state: ProvisioningState,
}

/// A user-assigned identity of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct UserAssigned {
    /// Resource id.
    pub id: String,
    /// `None` if Azure does not say.
    pub principal_id: Option<String>,
}

/// A compute: the attachment of a cluster in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ComputeFacts {
    /// Resource id.
    pub id: String,
    pub name: String,
    /// Name of the workspace.
    pub workspace: String,
    /// `AKS` or `Kubernetes`.
    pub compute_type: String,
    /// The cluster's resource id, if Azure returns it.
    pub cluster_id: Option<String>,
    /// `Succeeded`, `Failed`, …
    #[ts(as = "String")]
    pub provisioning_state: ProvisioningState,
    /// True if the user attached an existing cluster, false if Azure ML created it.
    pub is_attached: Option<bool>,
    /// Namespace (type `Kubernetes`).
    pub namespace: Option<String>,
    /// `FastProd`, `DenseProd` or `DevTest` (type `AKS`).
    pub purpose: Option<String>,
    /// Tags. Berth adds one with the id of the plan that made the compute.
    pub tags: std::collections::BTreeMap<String, String>,
    /// See [`crate::provenance::identity`]; `None` if Azure returns none.
    #[serde(default)]
    #[ts(skip)]
    pub identity: Option<String>,
}

impl ComputeFacts {
    pub fn is_classic(&self) -> bool {
        self.compute_type.eq_ignore_ascii_case("AKS")
    }

    pub fn is_kubernetes(&self) -> bool {
        self.compute_type.eq_ignore_ascii_case("Kubernetes")
    }
}

/// One entry of effective rights: allowed when `actions` match and `not_actions` do not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Rights {
    /// Allowed actions, with `*` wildcards.
    pub actions: Vec<String>,
    /// Exceptions from `actions`, with `*` wildcards.
    pub not_actions: Vec<String>,
}

/// Effective rights on a workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceRights {
    /// Resource id of the workspace.
    pub workspace: String,
    pub rights: Fact<Vec<Rights>>,
}

/// Roles of an identity on a scope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScopeRoles {
    /// Resource id of the scope.
    pub scope: String,
    /// Ids of the role definitions.
    pub roles: Fact<Vec<String>>,
}

/// A denial of a resource by Azure Policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PolicyDenial {
    /// Display name of the assignment or definition.
    pub policy: String,
    /// Azure's explanation.
    pub reason: String,
    /// `Deny`, `Audit`.
    pub effect: String,
    /// Names of the tags that it is about.
    #[serde(default)]
    pub tags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LockFacts {
    pub name: String,
    /// `ReadOnly` or `CanNotDelete`.
    pub level: String,
    /// Id of the resource, resource group or subscription that it is on.
    pub scope: String,
}

impl LockFacts {
    /// Whether it prevents every change.
    pub fn is_read_only(&self) -> bool {
        self.level.eq_ignore_ascii_case("ReadOnly")
    }
}
