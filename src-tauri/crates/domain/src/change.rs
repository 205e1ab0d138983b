//! What a person wants to change about a cluster or a compute that is there: plain data like [`Spec`], without secrets.
//!
//! One kind of change makes one plan. Which requests a change needs is in [`crate::plan`], what speaks against it in
//! [`crate::rules`].

mod after;
pub mod clearing;
mod confirm;
mod edit;
pub(crate) mod interruption;
pub mod serving;

pub use after::after;
pub use confirm::{ToConfirm, confirmed, to_confirm};
pub use edit::{Edit, apply, holds, patch};

use crate::resource_id::{ResourceGroupId, ResourceId};
use crate::spec::{Autoscale, LoadBalancer, Spec, Tls};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// The version of the format of change files. A file with a higher number is refused.
pub const CHANGE_SCHEMA: u32 = 1;

/// Either of the two things a person can want.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Goal {
    /// One cluster attached to one workspace.
    SetUp {
        /// How.
        spec: Box<Spec>,
    },
    /// Something changed about what is there.
    Change {
        /// What.
        change: Box<Change>,
        /// What blocks and the person has agreed to knowingly: ids of rules that may be waived, and `RULE:RESOURCE` for one
        /// resource that could not be read.
        #[serde(default)]
        waived: Vec<String>,
    },
}

impl Goal {
    /// The name in it that a person has to type before it destroys something; none where nothing has to be typed.
    pub fn typed(&self) -> Option<&str> {
        match self {
            Self::SetUp { .. } => None,
            Self::Change { change, .. } => confirm::typed(change),
        }
    }
}

/// A change of something that is there. Clusters and computes are named by their resource ids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
#[ts(export)]
pub enum Change {
    /// Another number of nodes in a pool whose count is fixed.
    Scale {
        /// The cluster.
        cluster_id: String,
        /// The pool.
        pool: String,
        /// Nodes wanted.
        nodes: u32,
    },
    /// The autoscaler of a pool on with bounds, or off.
    Autoscale {
        /// The cluster.
        cluster_id: String,
        /// The pool.
        pool: String,
        /// Bounds; `None` turns it off and leaves the count as it is.
        bounds: Option<Autoscale>,
    },
    /// Another Kubernetes version.
    Upgrade {
        /// The cluster.
        cluster_id: String,
        /// `1.36` or `1.36.2`.
        version: String,
        /// Whether the nodes follow; otherwise the control plane alone.
        nodes: bool,
    },
    /// Nodes and control plane on or off.
    Power {
        /// The cluster.
        cluster_id: String,
        /// Whether it is to run.
        running: bool,
    },
    /// The tags of a cluster or compute, all of them.
    Tags {
        /// The cluster or compute.
        resource_id: String,
        /// The tags afterwards.
        tags: BTreeMap<String, String>,
    },
    /// Public to internal, or back.
    LoadBalancer {
        /// The compute it serves.
        compute_id: String,
        /// Who reaches it afterwards.
        load_balancer: LoadBalancer,
    },
    /// TLS of the scoring address set, changed or turned off.
    Tls {
        /// The compute it serves.
        compute_id: String,
        /// TLS afterwards.
        tls: Tls,
    },
    /// Microsoft's certificate of a classic compute renewed, under the same label and name.
    RenewLabel {
        /// The compute.
        compute_id: String,
    },
    /// The classic front end made anew: kept, detached, cleaned, attached again with the same TLS and load balancer.
    Refresh {
        /// The compute.
        compute_id: String,
    },
    /// The extension beside a classic front end, and a compute of the extension route on the same cluster. The classic
    /// compute stays.
    Move {
        /// The classic compute.
        compute_id: String,
        /// Name of the new compute.
        new_compute: String,
        /// Namespace of the new compute; not the classic one's.
        namespace: String,
    },
    /// Takes a move back: the new compute and the extension go, the classic compute stays.
    MoveBack {
        /// The classic compute.
        compute_id: String,
    },
    /// The last step of a move: the classic compute is detached and its remains go.
    MoveFinish {
        /// The classic compute.
        compute_id: String,
    },
    /// Removes the remains of a former classic front end from a cluster, its certificate kept.
    CleanUp {
        /// The cluster.
        cluster_id: String,
    },
    /// Takes a compute out of its workspace. The cluster stays.
    Detach {
        /// The compute.
        compute_id: String,
    },
    /// Deletes a cluster and everything in it.
    DeleteCluster {
        /// The cluster.
        cluster_id: String,
        /// The cluster's name, typed by the person.
        confirm: String,
    },
    /// Deletes a compute whose cluster Azure ML made, and with it that cluster.
    DeleteWithCluster {
        /// The compute.
        compute_id: String,
        /// The cluster's name, typed by the person.
        confirm: String,
    },
    /// Gives an identity of a workspace or cluster a role.
    Grant {
        /// Where: the id of a resource group, or of something in one.
        scope: String,
        /// Object id of who gets it.
        principal_id: String,
        /// Which.
        role: Role,
        /// Id of the workspace or cluster whose identity it is. Without it, those of the scope's subscription are searched.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        of: Option<String>,
    },
    /// Removes what a run of this computer has made, last first. Computes are detached.
    ClearUp {
        /// The run.
        run: String,
        /// Resource ids.
        resources: Vec<String>,
        /// The name of the resource group that goes, typed by the person; without a group, that of the cluster. Empty where
        /// neither goes.
        #[serde(default)]
        confirm: String,
    },
}

/// Roles that a workspace's or cluster's identity needs (learn.microsoft.com/azure/machine-learning/
/// how-to-attach-kubernetes-to-workspace; ids: learn.microsoft.com/azure/role-based-access-control/built-in-roles).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Role {
    /// Reader.
    Reader,
    /// Contributor.
    Contributor,
    /// Network Contributor.
    NetworkContributor,
    /// Kubernetes Extension Contributor.
    KubernetesExtensionContributor,
    /// Azure Kubernetes Service Cluster Admin Role.
    ClusterAdmin,
}

impl Role {
    /// Guid of the definition, the same in every tenant.
    pub const fn definition(self) -> &'static str {
        match self {
            Self::Reader => "acdd72a7-3385-48ef-bd42-f606fba81ae7",
            Self::Contributor => "b24988ac-6180-42a0-ab88-20f7382dd24c",
            Self::NetworkContributor => "4d97b98b-1d4f-4787-a291-c67834d212e7",
            Self::KubernetesExtensionContributor => "85cb6faf-e071-4c9b-8136-154b5a04f717",
            Self::ClusterAdmin => "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8",
        }
    }

    /// Its name, as the portal shows it.
    pub const fn display_name(self) -> &'static str {
        match self {
            Self::Reader => "Reader",
            Self::Contributor => "Contributor",
            Self::NetworkContributor => "Network Contributor",
            Self::KubernetesExtensionContributor => "Kubernetes Extension Contributor",
            Self::ClusterAdmin => "Azure Kubernetes Service Cluster Admin Role",
        }
    }
}

/// Whether a scope is a resource group or something in one: no role is given on anything wider.
pub fn is_narrow(scope: &str) -> bool {
    let scope = scope.trim().trim_end_matches('/');
    ResourceGroupId::parse(scope).is_some()
        || ResourceId::parse(scope).is_some_and(|id| id.resource_group.is_some())
}

impl Change {
    /// The resource it is about, as the person named it.
    pub fn subject(&self) -> &str {
        match self {
            Self::Scale { cluster_id, .. }
            | Self::Autoscale { cluster_id, .. }
            | Self::Upgrade { cluster_id, .. }
            | Self::Power { cluster_id, .. }
            | Self::CleanUp { cluster_id }
            | Self::DeleteCluster { cluster_id, .. } => cluster_id,
            Self::Tags { resource_id, .. } => resource_id,
            Self::LoadBalancer { compute_id, .. }
            | Self::Tls { compute_id, .. }
            | Self::RenewLabel { compute_id }
            | Self::Refresh { compute_id }
            | Self::Move { compute_id, .. }
            | Self::MoveBack { compute_id }
            | Self::MoveFinish { compute_id }
            | Self::Detach { compute_id }
            | Self::DeleteWithCluster { compute_id, .. } => compute_id,
            Self::Grant { scope, .. } => scope,
            Self::ClearUp { resources, run, .. } => resources.last().unwrap_or(run),
        }
    }

    /// Its name, for people.
    pub fn title(&self) -> &str {
        let subject = self.subject();
        ResourceId::parse(subject).map_or(subject, |id| id.name())
    }

    /// The cluster it names; `None` where only the compute will tell it, or where it is about none.
    pub fn cluster_id(&self) -> Option<&str> {
        let subject = self.subject();
        ResourceId::parse(subject)
            .filter(ResourceId::is_cluster)
            .map(|_| subject)
    }

    /// The compute it names.
    pub fn compute_id(&self) -> Option<&str> {
        let subject = self.subject();
        let compute = ResourceId::parse(subject).is_some_and(|id| id.is_compute());
        compute.then_some(subject)
    }

    /// The certificate it brings.
    pub fn tls(&self) -> Option<&Tls> {
        match self {
            Self::Tls { tls, .. } => Some(tls),
            _ => None,
        }
    }

    /// Its kind, as on the wire.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Scale { .. } => "scale",
            Self::Autoscale { .. } => "autoscale",
            Self::Upgrade { .. } => "upgrade",
            Self::Power { .. } => "power",
            Self::Tags { .. } => "tags",
            Self::LoadBalancer { .. } => "load_balancer",
            Self::Tls { .. } => "tls",
            Self::RenewLabel { .. } => "renew_label",
            Self::Refresh { .. } => "refresh",
            Self::Move { .. } => "move",
            Self::MoveBack { .. } => "move_back",
            Self::MoveFinish { .. } => "move_finish",
            Self::CleanUp { .. } => "clean_up",
            Self::Detach { .. } => "detach",
            Self::DeleteCluster { .. } => "delete_cluster",
            Self::DeleteWithCluster { .. } => "delete_with_cluster",
            Self::Grant { .. } => "grant",
            Self::ClearUp { .. } => "clear_up",
        }
    }
}
