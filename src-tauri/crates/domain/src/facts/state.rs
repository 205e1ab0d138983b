//! `provisioningState` of a resource.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// The `provisioningState` of a resource, or the status of an operation. Azure's spelling differs in case between
/// services.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum ProvisioningState {
    /// The resource has no state; role assignments, for example.
    #[default]
    Unstated,
    Succeeded,
    /// Some services report this instead of `Succeeded`.
    Ready,
    Failed,
    /// Azure spells it `Canceled` or `Cancelled`.
    Canceled,
    Creating,
    Updating,
    Deleting,
    Deleted,
    /// Deleted but recoverable; workspaces only.
    SoftDeleted,
    /// Any other state, verbatim. Azure adds new ones.
    Other(String),
}

const KNOWN: [(&str, ProvisioningState); 11] = [
    ("", ProvisioningState::Unstated),
    ("Succeeded", ProvisioningState::Succeeded),
    ("Ready", ProvisioningState::Ready),
    ("Failed", ProvisioningState::Failed),
    ("Canceled", ProvisioningState::Canceled),
    ("Cancelled", ProvisioningState::Canceled),
    ("Creating", ProvisioningState::Creating),
    ("Updating", ProvisioningState::Updating),
    ("Deleting", ProvisioningState::Deleting),
    ("Deleted", ProvisioningState::Deleted),
    ("SoftDeleted", ProvisioningState::SoftDeleted),
];

impl ProvisioningState {
    /// Reads `properties.provisioningState`; of a service on the classic route, `state`.
    pub fn of_resource(resource: &Value) -> Self {
        if is_service(resource) {
            return Self::of_service(resource["state"].as_str().unwrap_or_default());
        }
        let state = resource["properties"]["provisioningState"].as_str();
        state.unwrap_or_default().into()
    }

    /// An operation on a service is in progress while it is `Transitioning`. Whether it is healthy is another question
    /// (learn.microsoft.com/azure/machine-learning/v1/how-to-deploy-and-where).
    fn of_service(state: &str) -> Self {
        match state.to_ascii_lowercase().as_str() {
            "transitioning" => Self::Updating,
            "healthy" | "unhealthy" | "unschedulable" => Self::Succeeded,
            _ => state.into(),
        }
    }

    /// Whether the last operation succeeded.
    pub fn is_succeeded(&self) -> bool {
        matches!(self, Self::Succeeded | Self::Ready)
    }

    /// Whether the last operation failed or was cancelled.
    pub fn is_failed(&self) -> bool {
        matches!(self, Self::Failed | Self::Canceled)
    }

    /// Whether no operation is in progress. A resource without a state counts as settled, an unknown state does not.
    pub fn is_settled(&self) -> bool {
        *self == Self::Unstated || self.is_succeeded() || self.is_failed()
    }

    /// Whether the resource is deleted or being deleted.
    pub fn is_leaving(&self) -> bool {
        matches!(self, Self::Deleting | Self::Deleted | Self::SoftDeleted)
    }

    /// The state as Azure spells it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Unstated => "",
            Self::Succeeded => "Succeeded",
            Self::Ready => "Ready",
            Self::Failed => "Failed",
            Self::Canceled => "Canceled",
            Self::Creating => "Creating",
            Self::Updating => "Updating",
            Self::Deleting => "Deleting",
            Self::Deleted => "Deleted",
            Self::SoftDeleted => "SoftDeleted",
            Self::Other(state) => state,
        }
    }
}

/// Whether this is a service on the classic route, which alone has its type of compute at the top
/// (package azureml-core 1.61, `webservice.py`).
pub fn is_service(resource: &Value) -> bool {
    resource["computeType"].is_string()
}

/// Whether this is a service without versions on the classic route.
pub fn is_plain_service(resource: &Value) -> bool {
    let kind = resource["computeType"].as_str();
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case("AKS"))
}

impl From<&str> for ProvisioningState {
    fn from(text: &str) -> Self {
        let known = KNOWN
            .into_iter()
            .find(|(state, _)| state.eq_ignore_ascii_case(text));
        known.map_or_else(|| Self::Other(text.to_owned()), |(_, state)| state)
    }
}

impl From<String> for ProvisioningState {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<ProvisioningState> for String {
    fn from(state: ProvisioningState) -> Self {
        state.to_string()
    }
}

impl fmt::Display for ProvisioningState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_states_are_parsed_in_any_case_and_others_kept_verbatim() {
        for (text, state) in KNOWN {
            assert_eq!(
                ProvisioningState::from(text.to_uppercase().as_str()),
                state,
                "{text}"
            );
            assert_eq!(ProvisioningState::from(state.as_str()), state);
        }
        let new = ProvisioningState::from("BrandNewState");
        assert_eq!(new.to_string(), "BrandNewState");
        assert!(!new.is_settled() && !new.is_failed() && !new.is_leaving());
    }

    #[test]
    fn a_state_is_serialized_as_its_text() {
        let text = serde_json::to_string(&ProvisioningState::Canceled).unwrap();
        assert_eq!(text, "\"Canceled\"");
        let read: ProvisioningState = serde_json::from_str("\"scaling\"").unwrap();
        assert_eq!(read, ProvisioningState::Other("scaling".to_owned()));
    }
}
