//! From a need in vCPU to VM sizes and nodes: what fits the purpose, the quota and Azure ML's own overhead.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A size with a number of nodes that fits the need.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Suggestion {
    /// VM size.
    pub vm_size: String,
    /// Nodes.
    pub nodes: u32,
    /// vCPU in all.
    pub vcpus: u32,
    /// Memory in all, GiB.
    pub memory_gib: f64,
    /// GPUs in all.
    pub gpus: u32,
    /// vCPU left for models after Azure ML's own requests.
    pub free_vcpus: f64,
    /// vCPU of quota left afterwards (the smaller of family and location); `None` when quota is unknown.
    pub quota_left: Option<u32>,
    /// Why it stands where it stands: keys of the catalogue `size` (`best_fit`, `fewer_nodes`, `more_memory`, `smallest`).
    pub reason: String,
}

/// The bar: required, chosen, Azure ML's own overhead, and quota. vCPU throughout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SizeMeter {
    /// What the purpose and the person require.
    pub required: u32,
    /// What the choice gives.
    pub chosen: u32,
    /// What Azure ML's components request.
    pub overhead: f64,
    /// What is left for models.
    pub free: f64,
    /// Quota of the family: used, limit.
    pub family: Option<QuotaBar>,
    /// Quota of the location: used, limit.
    pub location: Option<QuotaBar>,
}

/// Quota with the part this choice would take. vCPU.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct QuotaBar {
    /// Name for people.
    pub label: String,
    /// Used by others.
    pub used: u32,
    /// What this choice takes.
    pub takes: u32,
    /// Allowed.
    pub limit: u32,
}
