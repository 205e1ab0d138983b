//! What a step records about a request before it is sent, and Azure's reply to it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A request that was sent, or may have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Intent {
    /// `x-ms-client-request-id`.
    pub client_request_id: Uuid,
    /// The resource it makes or changes.
    pub resource_id: String,
    /// When it was sent.
    pub at: Timestamp,
    /// Fingerprint of the resource before the request, where there was one. Tells whether the request has arrived.
    pub before: Option<String>,
    /// Fingerprint of a resource that was in state Failed when the request was sent. As long as it is unchanged, the failure
    /// is an earlier one.
    #[serde(default)]
    pub failed_before: Option<String>,
    /// How Azure replied.
    #[serde(default, rename = "said")]
    pub reply: AzureReply,
}

/// How Azure replied to a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AzureReply {
    /// No reply yet, or a failure: the request may be sent again.
    #[default]
    #[serde(rename = "nothing")]
    None,
    /// Refused, or never sent. The state of the resource is not its effect.
    Refused,
    /// Accepted. It is not sent again while it does not show, because reads lag behind writes.
    Accepted,
    /// The operation succeeded.
    Succeeded,
}

impl AzureReply {
    /// Whether Azure accepted the request.
    pub fn is_acceptance(self) -> bool {
        matches!(self, Self::Accepted | Self::Succeeded)
    }
}
