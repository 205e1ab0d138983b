//! What a location offers to the subscription: versions, sizes, quota.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One minor version as the region offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct OfferedVersion {
    /// `1.36`.
    pub minor: String,
    /// Whether it is chosen when none is named.
    pub is_default: bool,
    /// Whether it is a preview.
    pub is_preview: bool,
    /// Support plans: `KubernetesOfficial`, `AKSLongTermSupport`.
    pub support_plans: Vec<String>,
    /// Patch versions with what each can be upgraded to.
    pub patches: Vec<OfferedPatch>,
}

/// One patch version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct OfferedPatch {
    /// `1.36.2`.
    pub version: String,
    /// Versions it can go to.
    pub upgrades: Vec<String>,
}

/// A VM size as the subscription may use it in a location.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct VmSize {
    /// `Standard_D4s_v5`.
    pub name: String,
    /// Quota family (`standardDSv5Family`).
    pub family: String,
    /// vCPU it offers (`vCPUsAvailable` where present, else `vCPUs`).
    pub vcpus: u32,
    /// Memory in GiB.
    pub memory_gib: f64,
    /// GPUs.
    pub gpus: u32,
    /// `x64` or `Arm64`.
    pub architecture: String,
    /// Availability zones usable by this subscription.
    pub zones: Vec<String>,
    /// Why the subscription cannot use it here (`NotAvailableForSubscription`, `QuotaId`), where it cannot.
    pub restricted: Option<String>,
    /// Whether it takes premium disks.
    pub premium_io: bool,
}

/// vCPU used and allowed: `cores` for the location, a family's name for a family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Usage {
    /// `cores` or the family.
    pub name: String,
    /// Name for people.
    pub label: String,
    /// vCPU used.
    pub used: u32,
    /// vCPU allowed.
    pub limit: u32,
}

impl Usage {
    /// vCPU still free.
    pub fn free(&self) -> u32 {
        self.limit.saturating_sub(self.used)
    }
}
