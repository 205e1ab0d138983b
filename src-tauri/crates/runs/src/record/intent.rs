//! What a step notes of a request before it leaves, and of Azure's answer to it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A request that leaves, or may have left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Intent {
    /// `x-ms-client-request-id`.
    pub client_request_id: Uuid,
    /// What it makes or changes.
    pub resource_id: String,
    /// When.
    pub at: Timestamp,
    /// How the resource looked before, where there was one: by it one tells whether the request has arrived.
    pub before: Option<String>,
    /// The mark of a resource that was in state Failed when the request left: as long as it is the same, the failure is an
    /// earlier one.
    #[serde(default)]
    pub failed_before: Option<String>,
    /// What Azure said of it.
    #[serde(default)]
    pub said: Said,
}

/// What Azure said of a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// Nothing yet, or that it failed: the request may be sent again.
    #[default]
    Nothing,
    /// It refused the request, or the request never left. What the resource is in now did not come of it.
    Refused,
    /// It accepted the request. It is not sent again while nothing of it can be seen: reads lag behind writes.
    Accepted,
    /// Its operation succeeded.
    Succeeded,
}

impl Said {
    /// Whether Azure took the request.
    pub fn is_acceptance(self) -> bool {
        matches!(self, Self::Accepted | Self::Succeeded)
    }
}
