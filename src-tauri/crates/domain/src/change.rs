//! Changes to an existing cluster or compute: plain data like [`Spec`], without secrets.
//!
//! Each kind of change has its own plan. [`crate::plan`] decides which requests it needs, [`crate::rules`] what is wrong
//! with it.

mod after;
pub mod clearing;
mod confirm;
mod edit;
pub(crate) mod interruption;
mod role;
pub mod serving;
mod support;

pub use after::after;
pub use confirm::{ToConfirm, confirmed, to_confirm};
pub use edit::{Edit, apply, holds, patch};
pub use role::{Role, is_narrow};
pub use support::Support;

use crate::canary::CanarySteps;
use crate::deployment_spec::{Auth, DeploySpec};
use crate::endpoint::EndpointKey;
use crate::resource_id::ResourceId;
use crate::spec::{Autoscale, LoadBalancer, Spec, Tls};
use crate::traffic::Traffic;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Format version of change files. Files with a higher version are refused.
pub const CHANGE_SCHEMA: u32 = 1;

/// What a plan is to achieve: a set-up, a change or a deployed version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
#[ts(export)]
pub enum Goal {
    /// One cluster attached to one workspace.
    SetUp { spec: Box<Spec> },
    /// A change to an existing cluster or compute.
    Change {
        change: Box<Change>,
        /// Blocking findings the person has accepted: ids of waivable rules, or `RULE:RESOURCE` for one resource that could
        /// not be read.
        #[serde(default)]
        waived: Vec<String>,
    },
    /// A version of an endpoint, and the endpoint if it is new.
    Deploy { spec: Box<DeploySpec> },
}

impl Goal {
    /// The name the person typed to confirm a deletion; `None` if the goal needs no confirmation.
    pub fn typed(&self) -> Option<&str> {
        match self {
            Self::SetUp { .. } | Self::Deploy { .. } => None,
            Self::Change { change, .. } => confirm::typed(change),
        }
    }
}

/// A change to an existing resource. Clusters and computes are identified by resource id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
#[ts(export)]
pub enum Change {
    /// Sets the number of nodes in a pool without autoscaling.
    Scale {
        cluster_id: String,
        pool: String,
        nodes: u32,
    },
    /// Turns a pool's autoscaler on, with bounds, or off.
    Autoscale {
        cluster_id: String,
        pool: String,
        /// `None` turns the autoscaler off and keeps the current number of nodes.
        #[serde(deserialize_with = "crate::strict::given")]
        bounds: Option<Autoscale>,
    },
    /// Upgrades the Kubernetes version.
    Upgrade {
        cluster_id: String,
        /// `1.36` or `1.36.2`.
        version: String,
        /// Whether to upgrade the nodes too; otherwise only the control plane.
        nodes: bool,
        /// Tier and support plan to set together with the version; absent leaves them as they are.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        support: Option<Support>,
    },
    /// Sets the pricing tier and the support plan of a cluster.
    Support { cluster_id: String, support: Support },
    /// Starts or stops nodes and control plane.
    Power {
        cluster_id: String,
        /// `true` starts the cluster, `false` stops it.
        running: bool,
    },
    /// Replaces all tags of a cluster or compute.
    Tags {
        /// Id of the cluster or compute.
        resource_id: String,
        /// The complete new set of tags.
        tags: BTreeMap<String, String>,
    },
    /// Makes the scoring address public or internal.
    LoadBalancer {
        /// The compute it serves.
        compute_id: String,
        /// The new load balancer.
        load_balancer: LoadBalancer,
    },
    /// Sets, changes or turns off TLS on the scoring address.
    Tls {
        /// The compute it serves.
        compute_id: String,
        /// The new TLS settings.
        tls: Tls,
    },
    /// Renews the Microsoft-managed certificate of a classic compute, keeping its label and name.
    RenewLabel { compute_id: String },
    /// Recreates the classic front end: backs up its certificate, detaches, removes leftovers and attaches again with the
    /// same TLS and load balancer.
    Refresh { compute_id: String },
    /// Installs the extension next to a classic front end and attaches a compute on the extension route to the same cluster.
    /// The classic compute stays.
    Move {
        /// Id of the classic compute.
        compute_id: String,
        new_compute: String,
        /// Namespace of the new compute; must differ from the classic one's.
        namespace: String,
    },
    /// Undoes a move: removes the new compute and the extension. The classic compute stays.
    MoveBack {
        /// Id of the classic compute.
        compute_id: String,
    },
    /// Finishes a move: detaches the classic compute and removes its leftovers.
    MoveFinish {
        /// Id of the classic compute.
        compute_id: String,
    },
    /// Removes the leftovers of a former classic front end from a cluster, after backing up its certificate.
    CleanUp { cluster_id: String },
    /// Detaches a compute from its workspace. The cluster stays.
    Detach { compute_id: String },
    /// Deletes a cluster and everything in it.
    DeleteCluster {
        cluster_id: String,
        /// The cluster's name, typed by the person.
        confirm: String,
    },
    /// Deletes a compute together with the cluster Azure ML created for it.
    DeleteWithCluster {
        compute_id: String,
        /// The cluster's name, typed by the person.
        confirm: String,
    },
    /// Distributes the traffic of an online endpoint, or of a classic endpoint, over its versions.
    Traffic {
        endpoint_id: String,
        /// Whole percent for each version. Versions that are not named get none.
        traffic: Traffic,
        /// Whether to leave the endpoint without traffic. It then refuses calls that name no version.
        #[serde(default)]
        none: bool,
        /// The version to make the default (classic route); absent leaves it as it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        default_version: Option<String>,
        /// The version to make the control, and all others treatments (classic route); absent leaves the types as they are.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        control_version: Option<String>,
    },
    /// Gives a version of an online endpoint all traffic step by step while Berth calls it, and goes back if it fails.
    Canary {
        endpoint_id: String,
        canary: CanarySteps,
        /// Path of a file with the JSON that each call sends.
        sample: String,
    },
    /// Deletes a version of an endpoint. It must not have traffic.
    DeleteVersion {
        endpoint_id: String,
        /// Name of the version.
        version: String,
    },
    /// Deletes an endpoint, or a service of the classic route, with all its versions.
    DeleteEndpoint {
        endpoint_id: String,
        /// The endpoint's name, typed by the person.
        confirm: String,
    },
    /// Replaces one of the two keys of an online endpoint. The former key stops working.
    RegenerateKey {
        endpoint_id: String,
        /// The key to replace.
        key: EndpointKey,
    },
    /// Changes how the callers of an endpoint prove who they are. The former way ends.
    Auth {
        endpoint_id: String,
        /// The new way.
        auth: Auth,
    },
    /// Grants a role to an identity of a workspace or cluster.
    Grant {
        /// Id of a resource group, or of a resource in one.
        scope: String,
        /// Object id of the identity.
        principal_id: String,
        /// The role to grant.
        role: Role,
        /// Id of the workspace or cluster that owns the identity. If absent, the scope's subscription is searched.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        of: Option<String>,
    },
    /// Removes what a run on this computer created, newest first. Computes are detached.
    ClearUp {
        /// Id of the run.
        run: String,
        /// Ids of the resources to remove.
        resources: Vec<String>,
        /// Typed by the person: the name of the resource group to delete, or of the cluster if no group is deleted. Empty if
        /// neither is.
        #[serde(default)]
        confirm: String,
    },
}

impl Change {
    /// Id of the resource to change, as given by the person.
    pub fn subject(&self) -> &str {
        match self {
            Self::Scale { cluster_id, .. }
            | Self::Autoscale { cluster_id, .. }
            | Self::Upgrade { cluster_id, .. }
            | Self::Support { cluster_id, .. }
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
            Self::Traffic { endpoint_id, .. }
            | Self::Canary { endpoint_id, .. }
            | Self::DeleteVersion { endpoint_id, .. }
            | Self::DeleteEndpoint { endpoint_id, .. }
            | Self::RegenerateKey { endpoint_id, .. }
            | Self::Auth { endpoint_id, .. } => endpoint_id,
            Self::Grant { scope, .. } => scope,
            Self::ClearUp { resources, run, .. } => resources.last().unwrap_or(run),
        }
    }

    /// Name of the subject, for display.
    pub fn title(&self) -> &str {
        let subject = self.subject();
        ResourceId::parse(subject).map_or(subject, |id| id.name())
    }

    /// Id of the cluster to change; `None` if the subject is not a cluster.
    pub fn cluster_id(&self) -> Option<&str> {
        let subject = self.subject();
        ResourceId::parse(subject)
            .filter(ResourceId::is_cluster)
            .map(|_| subject)
    }

    /// Id of the compute to change; `None` if the subject is not a compute.
    pub fn compute_id(&self) -> Option<&str> {
        let subject = self.subject();
        let compute = ResourceId::parse(subject).is_some_and(|id| id.is_compute());
        compute.then_some(subject)
    }

    /// Id of the online endpoint to change; `None` if the subject is not an endpoint.
    pub fn endpoint_id(&self) -> Option<&str> {
        match self {
            Self::Traffic { endpoint_id, .. }
            | Self::Canary { endpoint_id, .. }
            | Self::DeleteVersion { endpoint_id, .. }
            | Self::DeleteEndpoint { endpoint_id, .. }
            | Self::RegenerateKey { endpoint_id, .. }
            | Self::Auth { endpoint_id, .. } => Some(endpoint_id),
            _ => None,
        }
    }

    /// The pool whose number of nodes the change sets, with the smallest and the largest number.
    pub fn node_range(&self) -> Option<(&str, u32, u32)> {
        match self {
            Self::Scale { pool, nodes, .. } => Some((pool, *nodes, *nodes)),
            Self::Autoscale {
                pool,
                bounds: Some(bounds),
                ..
            } => Some((pool, bounds.min, bounds.max)),
            _ => None,
        }
    }

    /// The tier and support plan that the change sets.
    pub fn support(&self) -> Option<Support> {
        match self {
            Self::Upgrade { support, .. } => *support,
            Self::Support { support, .. } => Some(*support),
            _ => None,
        }
    }

    /// The new TLS settings, for a TLS change.
    pub fn tls(&self) -> Option<&Tls> {
        match self {
            Self::Tls { tls, .. } => Some(tls),
            _ => None,
        }
    }

    /// Serialized name of the kind.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Scale { .. } => "scale",
            Self::Autoscale { .. } => "autoscale",
            Self::Upgrade { .. } => "upgrade",
            Self::Support { .. } => "support",
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
            Self::Traffic { .. } => "traffic",
            Self::Canary { .. } => "canary",
            Self::DeleteVersion { .. } => "delete_version",
            Self::DeleteEndpoint { .. } => "delete_endpoint",
            Self::RegenerateKey { .. } => "regenerate_key",
            Self::Auth { .. } => "auth",
            Self::Grant { .. } => "grant",
            Self::ClearUp { .. } => "clear_up",
        }
    }
}
