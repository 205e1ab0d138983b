//! What Azure says: read concurrently before a plan, plain data afterwards. A fact that could not be read is
//! [`Fact::Unknown`] with the reason; rules turn that into "could not be verified", never into a silent pass.

mod change;
mod clearing;
mod cluster;
mod identities;
mod network;
mod offer;
mod state;
mod users;

pub use change::{
    ChangeFacts, Dependent, Deployment, FrontEndFacts, Presented, RENEWED_BELOW_DAYS, UpgradeTarget,
};
pub use clearing::{MadeFacts, RunFacts};
pub use cluster::{ClusterFacts, ExtensionFacts, PoolFacts};
pub use identities::{IdentityFacts, IdentityKind, OwnerFacts};
pub use network::{SubnetFacts, VnetFacts};
pub use offer::{OfferedPatch, OfferedVersion, Usage, VmSize};
pub use state::ProvisioningState;
pub use users::{ClusterUsers, UnreadKind, UnreadUsers};

use crate::api_versions::ApiVersions;
use crate::certificate::{CertificateFacts, PairProblem};
use crate::cluster_object::ClusterObject;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One thing asked of Azure.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "state", content = "value", rename_all = "snake_case")]
pub enum Fact<T> {
    /// The answer.
    Known(T),
    /// It was asked and could not be answered: why, in the service's words.
    Unknown(String),
    /// It was not asked, because the specification does not say enough yet or has no need of it.
    #[default]
    NotAsked,
}

impl<T> Fact<T> {
    /// The answer, where there is one.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) | Self::NotAsked => None,
        }
    }

    /// Why it is unknown, where it was asked in vain.
    pub fn why_unknown(&self) -> Option<&str> {
        match self {
            Self::Unknown(why) => Some(why),
            Self::Known(_) | Self::NotAsked => None,
        }
    }
}

/// Everything preflight and planning look at, for one specification.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Facts {
    /// The day it was read, `YYYY-MM-DD`, UTC.
    pub today: String,
    /// The cloud: `AzureCloud`, `AzureUSGovernment`, `AzureChinaCloud` or a custom name.
    pub cloud: String,
    /// Whether that cloud has Trusted Access for Azure ML (the public one).
    pub trusted_access: bool,
    /// Subscription of the cluster.
    pub subscription: Fact<SubscriptionFacts>,
    /// The workspace.
    pub workspace: Fact<Option<WorkspaceFacts>>,
    /// Resource providers of the cluster's subscription.
    pub providers: Fact<Vec<ProviderFacts>>,
    /// Locations of the cluster's subscription.
    pub locations: Fact<Vec<LocationFacts>>,
    /// Resource group of the cluster; `None` when there is none of that name.
    pub resource_group: Fact<Option<ResourceGroupFacts>>,
    /// The cluster under the chosen id; `None` when there is none.
    pub cluster: Fact<Option<ClusterFacts>>,
    /// Computes of the chosen workspace.
    pub computes: Fact<Vec<ComputeFacts>>,
    /// Who uses the cluster; `None` while there is no cluster to ask about.
    pub users: Option<ClusterUsers>,
    /// Kubernetes versions offered in the location.
    pub versions: Fact<Vec<OfferedVersion>>,
    /// VM sizes of the location.
    pub vm_sizes: Fact<Vec<VmSize>>,
    /// vCPU quota of the location.
    pub usages: Fact<Vec<Usage>>,
    /// The chosen virtual network (for an existing cluster: the one its nodes are in); `None` when it is not there.
    pub vnet: Fact<Option<VnetFacts>>,
    /// Extensions on the existing cluster.
    pub extensions: Fact<Vec<ExtensionFacts>>,
    /// Effective rights on the cluster's resource group.
    pub group_rights: Fact<Vec<Rights>>,
    /// Effective rights on the workspace.
    pub workspace_rights: Fact<Vec<Rights>>,
    /// What Azure Policy says to the cluster that would be made.
    pub cluster_policy: Fact<Vec<PolicyDenial>>,
    /// What Azure Policy says to a public address in the cluster's resource group.
    pub address_policy: Fact<Vec<PolicyDenial>>,
    /// Locks on the cluster's resource group.
    pub locks: Fact<Vec<LockFacts>>,
    /// Namespaces inside the existing cluster.
    pub namespaces: Fact<Vec<String>>,
    /// Objects of a former Azure ML front end inside the existing cluster, as `kind namespace/name`.
    pub leftovers: Fact<Vec<ClusterObject>>,
    /// The certificate given: facts, or why it could not be read.
    pub certificate: Fact<Result<CertificateFacts, PairProblem>>,
    /// What only a change asks.
    pub change: ChangeFacts,
    /// The api-versions that all of it was read with, and that whatever follows from it is sent with.
    #[serde(skip)]
    pub api_versions: ApiVersions,
}

impl Facts {
    /// Computes that are known to point at the cluster.
    pub fn attachments(&self) -> &[ComputeFacts] {
        self.users.as_ref().map_or(&[], |users| &users.computes)
    }

    /// What is known to answer through any of them.
    pub fn dependents(&self) -> &[Dependent] {
        self.users.as_ref().map_or(&[], |users| &users.dependents)
    }

    /// What could not be read of who uses the cluster.
    pub fn unread_users(&self) -> &[UnreadUsers] {
        self.users.as_ref().map_or(&[], |users| &users.unread)
    }
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SubscriptionFacts {
    /// Subscription id.
    pub subscription_id: String,
    /// Name for people.
    pub display_name: String,
    /// `Enabled`, `Warned`, `PastDue`, `Disabled` or `Deleted`.
    pub state: String,
    /// Tenant it belongs to.
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
    /// Whether AKS is offered there (from the provider's own list); `None` when that list was not read.
    pub offers_aks: Option<bool>,
}

/// A resource group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ResourceGroupFacts {
    /// Its name.
    pub name: String,
    /// Its location.
    pub location: String,
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
    /// Resource types with the api-versions this cloud answers to.
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
    /// api-versions.
    pub api_versions: Vec<String>,
}

/// A workspace of Azure Machine Learning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WorkspaceFacts {
    /// Resource id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Location.
    pub location: String,
    /// `Default`, `Hub`, `Project`, `FeatureStore`.
    pub kind: String,
    /// Whether v2 calls may be blocked on it.
    pub v1_legacy_mode: bool,
    /// Whether it has a private endpoint.
    pub private_endpoint: bool,
    /// Principal id of its system-assigned identity, where it has one.
    pub principal_id: Option<String>,
    /// `Succeeded` and so on.
    #[ts(as = "String")]
    pub provisioning_state: ProvisioningState,
}

/// A compute: the attachment of a cluster in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ComputeFacts {
    /// Resource id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Name of the workspace.
    pub workspace: String,
    /// `AKS` or `Kubernetes`.
    pub compute_type: String,
    /// The cluster's resource id, where the service tells it.
    pub cluster_id: Option<String>,
    /// `Succeeded` and so on.
    #[ts(as = "String")]
    pub provisioning_state: ProvisioningState,
    /// True when the cluster was brought, false when Azure ML made it.
    pub is_attached: Option<bool>,
    /// Namespace (type `Kubernetes`).
    pub namespace: Option<String>,
    /// `FastProd`, `DenseProd` or `DevTest` (type `AKS`).
    pub purpose: Option<String>,
    /// Tags, in which Berth notes the plan that made it.
    pub tags: std::collections::BTreeMap<String, String>,
    /// See [`crate::provenance::identity`]; `None` if Azure returns none.
    #[serde(default)]
    #[ts(skip)]
    pub identity: Option<String>,
}

impl ComputeFacts {
    /// Whether it is of the classic route.
    pub fn is_classic(&self) -> bool {
        self.compute_type.eq_ignore_ascii_case("AKS")
    }

    /// Whether it is of the extension route.
    pub fn is_kubernetes(&self) -> bool {
        self.compute_type.eq_ignore_ascii_case("Kubernetes")
    }
}

/// One entry of effective rights: allowed when `actions` match and `not_actions` do not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Rights {
    /// Allowed, with `*` wildcards.
    pub actions: Vec<String>,
    /// Taken out again.
    pub not_actions: Vec<String>,
}

/// Azure Policy would refuse a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PolicyDenial {
    /// Name of the assignment or definition, for people.
    pub policy: String,
    /// What it says.
    pub reason: String,
    /// `Deny`, `Audit`.
    pub effect: String,
}

/// A lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LockFacts {
    /// Name.
    pub name: String,
    /// `ReadOnly` or `CanNotDelete`.
    pub level: String,
}
