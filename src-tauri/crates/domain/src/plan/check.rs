//! What a run checks after a change.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An expected result, checked after the change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "look", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Check {
    /// A pool has a number of ready nodes, with a given version if one is named.
    Nodes {
        cluster_id: String,
        pool: String,
        /// Fewest ready nodes.
        at_least: u32,
        /// Most ready nodes.
        at_most: u32,
        /// `1.36` or `1.36.2`.
        version: Option<String>,
    },
    /// The control plane has a version.
    Version {
        cluster_id: String,
        /// `1.36` or `1.36.2`.
        version: String,
    },
    /// A cluster has a pricing tier and a support plan.
    Support {
        cluster_id: String,
        /// Name of the tier in Azure.
        tier: String,
        /// Name of the plan in Azure.
        plan: String,
    },
    /// A cluster is running or stopped.
    Power {
        cluster_id: String,
        /// Whether it should run.
        running: bool,
    },
    /// A resource exists, and no operation on it is in progress.
    There { resource_id: String },
    /// A resource no longer exists.
    Gone { resource_id: String },
    /// A cluster has no leftovers of a former front end.
    Clean { cluster_id: String },
    /// The extension's Helm release is gone from the cluster, which takes minutes longer than its Azure resource.
    Released { cluster_id: String },
}
