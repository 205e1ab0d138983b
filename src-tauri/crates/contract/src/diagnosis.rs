//! Asking what is wrong with a cluster, and the answer.

use berth_domain::diagnosis::{Cause, Unread, Verdict};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DiagnoseQuestion {
    /// Account.
    pub account: String,
    /// Resource id of a cluster, or of a compute that points at one.
    pub resource_id: String,
}

/// The way that was taken into the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Via {
    /// Its own API.
    Cluster,
    /// A command that Azure carried out in it.
    RunCommand,
}

/// What is wrong, what says so, and what could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DiagnosisReport {
    /// Resource id that was asked about.
    pub resource_id: String,
    /// Resource id of the cluster, where there is one.
    pub cluster_id: Option<String>,
    /// What it comes to.
    pub verdict: Verdict,
    /// Whether everything was read and is settled, and nothing keeps models from being served.
    pub healthy: bool,
    /// The causes, worst first.
    pub causes: Vec<Cause>,
    /// What could not be read: the causes may be more than these.
    pub unread: Vec<Unread>,
    /// The way into the cluster; none where there was no need or no way.
    pub via: Option<Via>,
    /// Requests to Azure that were sent to know it.
    pub requests: u32,
    /// Milliseconds it took.
    pub took_ms: u32,
}
