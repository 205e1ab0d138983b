//! Kubernetes versions as lanes on a support time line.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One minor version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Lane {
    /// `1.36`.
    pub minor: String,
    /// First day of general availability, `YYYY-MM-DD` (month start where only the month is published).
    pub available: Option<String>,
    /// Last day of community support, `YYYY-MM-DD` (month end where only the month is published).
    pub community_end: Option<String>,
    /// Last day of long-term support.
    pub lts_end: Option<String>,
    /// Standing today.
    pub standing: Standing,
    /// Days until the support that counts today ends (community, else long-term).
    pub days_left: Option<i32>,
    /// Chosen by Azure when none is named.
    pub is_default: bool,
    /// Whether long-term support is offered.
    pub offers_lts: bool,
    /// Within the window that Azure ML supports (newest general minor N down to N-2).
    pub in_aml_window: bool,
    /// Whether it can be chosen without long-term support.
    pub selectable: bool,
    /// Whether it can be chosen with long-term support.
    pub selectable_with_lts: bool,
    /// Why it cannot be chosen, or only so: key of the catalogue `version` (`lts_only`, `not_offered`, `ended`).
    pub reason: Option<String>,
    /// Patch versions, newest first.
    pub patches: Vec<LanePatch>,
}

/// One patch version inside a lane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LanePatch {
    /// `1.36.2`.
    pub version: String,
    /// Versions it can go to.
    pub upgrades: Vec<String>,
    /// The newest of its lane.
    pub newest: bool,
}

/// Where a minor version stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Standing {
    /// Not generally available yet.
    Preview,
    /// Community support.
    Supported,
    /// Community support, ending within 60 days.
    Ending,
    /// Only long-term support is left.
    LtsOnly,
    /// No support.
    Ended,
}
