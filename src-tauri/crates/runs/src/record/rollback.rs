//! Why a run is rolled back.

use berth_contract::failure::Failure;
use serde::{Deserialize, Serialize};

/// The change did not come about, so the former state is restored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rollback {
    /// Index of the step that failed.
    pub step: usize,
    /// Why the change is rolled back; `None` in journals of older versions.
    #[serde(default)]
    pub reason: Option<RollbackReason>,
    /// The failure of that step.
    pub failure: Box<Failure>,
}

/// Why a change is rolled back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RollbackReason {
    /// Azure accepted the change and its operation failed.
    GaveUp,
    /// The scoring address does not accept connections.
    NoConnection,
    /// The scoring address shows another certificate.
    OtherCertificate,
}

impl RollbackReason {
    /// The serialized name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GaveUp => "gave_up",
            Self::NoConnection => "no_connection",
            Self::OtherCertificate => "other_certificate",
        }
    }
}
