//! Diagnosis of a cluster: the request and the report.

use berth_domain::diagnosis::{Cause, Unread, Verdict};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The resource to diagnose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DiagnoseQuestion {
    /// Id of the account.
    pub account: String,
    /// Resource id of a cluster, of its extension, of a compute attached to it, or of an online endpoint.
    pub resource_id: String,
}

/// How Berth reached the inside of the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Via {
    /// Through the cluster's API server.
    Cluster,
    /// Through AKS run command: Azure ran a command in the cluster.
    RunCommand,
}

/// The causes that were found, with evidence, and what could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DiagnosisReport {
    /// Resource id from the request.
    pub resource_id: String,
    /// Resource id of the cluster; `None` if the resource has none.
    pub cluster_id: Option<String>,
    /// The overall result.
    pub verdict: Verdict,
    /// True if everything was read, nothing is in transition and nothing prevents models from being served.
    pub healthy: bool,
    /// Causes, worst first.
    pub causes: Vec<Cause>,
    /// What could not be read, so `causes` may be incomplete.
    pub unread: Vec<Unread>,
    /// How Berth reached the inside of the cluster; `None` if it did not need to or could not.
    pub via: Option<Via>,
    /// Number of requests sent to Azure.
    pub requests: u32,
    /// Duration in milliseconds.
    pub took_ms: u32,
}
