//! Who uses a cluster: the computes attached to it, what they serve, and what could not be read.

use super::{ComputeFacts, Dependent};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Users of a cluster, across every workspace of every subscription the account can see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterUsers {
    /// Computes of any type attached to the cluster.
    pub computes: Vec<ComputeFacts>,
    /// Services and endpoints that these computes serve.
    pub dependents: Vec<Dependent>,
    /// What could not be read. If empty, the two lists above are complete.
    pub unread: Vec<UnreadUsers>,
}

/// A resource that could not be read and may hold more users of a cluster, or more endpoints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct UnreadUsers {
    /// `/subscriptions`, or the id of a subscription, workspace, compute or endpoint.
    pub resource_id: String,
    /// Display name.
    pub name: String,
    /// What could not be read.
    pub what: UnreadKind,
    /// The service's error text.
    pub why: String,
}

impl UnreadUsers {
    /// Sets the reason why it could not be read.
    #[must_use]
    pub fn because(self, why: String) -> Self {
        Self { why, ..self }
    }
}

/// A kind of information about users that could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum UnreadKind {
    /// The list of subscriptions.
    Subscriptions,
    /// The workspaces of a subscription.
    Subscription,
    /// The computes of a workspace.
    Workspace,
    /// The cluster that a compute is attached to.
    Compute,
    /// The services or endpoints of a compute on the cluster, or of a workspace.
    Services,
    /// The deployments of an endpoint.
    Deployments,
}

impl UnreadKind {
    /// Suffix of its finding code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subscriptions => "subscriptions",
            Self::Subscription => "subscription",
            Self::Workspace => "workspace",
            Self::Compute => "compute",
            Self::Services => "services",
            Self::Deployments => "deployments",
        }
    }
}
