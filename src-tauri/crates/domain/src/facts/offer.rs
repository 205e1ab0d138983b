//! What a location offers a subscription: Kubernetes versions, VM sizes, quota.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A minor version offered in a location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct OfferedVersion {
    /// `1.36`.
    pub minor: String,
    /// Whether AKS uses it when no version is given.
    pub is_default: bool,
    pub is_preview: bool,
    /// Support plans: `KubernetesOfficial`, `AKSLongTermSupport`.
    pub support_plans: Vec<String>,
    /// Patch versions, each with its upgrade targets.
    pub patches: Vec<OfferedPatch>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct OfferedPatch {
    /// `1.36.2`.
    pub version: String,
    /// Versions it can be upgraded to.
    pub upgrades: Vec<String>,
}

/// A VM size, as available to the subscription in a location.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct VmSize {
    /// `Standard_D4s_v5`.
    pub name: String,
    /// Quota family (`standardDSv5Family`).
    pub family: String,
    /// vCPUs: `vCPUsAvailable` if present, otherwise `vCPUs`.
    pub vcpus: u32,
    pub memory_gib: f64,
    pub gpus: u32,
    /// `x64` or `Arm64`.
    pub architecture: String,
    /// Availability zones that the subscription can use.
    pub zones: Vec<String>,
    /// Why the subscription cannot use it here (`NotAvailableForSubscription`, `QuotaId`); `None` if it can.
    pub restricted: Option<String>,
    /// Whether it supports premium disks.
    pub premium_io: bool,
}

/// vCPU usage and quota, for the whole location or one VM family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Usage {
    /// `cores` for the location, otherwise the family.
    pub name: String,
    /// Display name.
    pub label: String,
    /// vCPUs in use.
    pub used: u32,
    /// vCPU quota.
    pub limit: u32,
}

impl Usage {
    /// vCPUs left in the quota.
    pub fn free(&self) -> u32 {
        self.limit.saturating_sub(self.used)
    }
}
