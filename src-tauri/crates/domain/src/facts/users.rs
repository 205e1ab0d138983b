//! Who uses a cluster: the computes that point at it, what answers through them, and what could not be asked about that.

use super::{ComputeFacts, Dependent};
use serde::{Deserialize, Serialize};

/// Who uses a cluster, over every workspace of every subscription the account sees.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterUsers {
    /// Computes of any type that point at it.
    pub computes: Vec<ComputeFacts>,
    /// Services and endpoints that answer through them.
    pub dependents: Vec<Dependent>,
    /// What could not be read. While this is empty, the two lists are complete.
    pub unread: Vec<UnreadUsers>,
}

/// A place that may hold more users of the cluster and could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnreadUsers {
    /// Resource id of the place: `/subscriptions`, a subscription, a workspace, a compute or an endpoint.
    pub resource_id: String,
    /// Its name for people.
    pub name: String,
    /// What was asked of it.
    pub what: UnreadKind,
    /// Why there is no answer, in the service's words.
    pub why: String,
}

/// What could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnreadKind {
    /// The list of subscriptions.
    Subscriptions,
    /// The workspaces of a subscription.
    Subscription,
    /// The computes of a workspace.
    Workspace,
    /// Which cluster a compute points at.
    Compute,
    /// What answers through a compute that is on the cluster.
    Services,
    /// The deployments of an endpoint that is on the cluster.
    Deployments,
}

impl UnreadKind {
    /// Its name in the words of findings.
    pub const fn word(self) -> &'static str {
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
