//! The key or token of an endpoint, for as long as calls need it.

use berth_arm::resources::endpoints::{get_token, list_keys};
use berth_arm::{Arm, ArmError};
use berth_domain::endpoint::{Endpoint, EndpointAuth};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

/// A key or token.
#[derive(Clone)]
pub(super) struct Credential {
    value: SecretString,
    /// When a token has to be fetched again.
    until: Option<Timestamp>,
    pub(super) kind: CredentialKind,
}

/// What a call was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialKind {
    /// A key.
    Key,
    /// A token.
    Token,
    /// The endpoint takes calls from anyone.
    None,
}

impl Credential {
    /// Fetches what the endpoint takes; `None` if it takes calls from anyone.
    pub(super) async fn fetch(arm: &Arm, endpoint: &Endpoint) -> Result<Option<Self>, ArmError> {
        match endpoint.auth {
            EndpointAuth::None | EndpointAuth::Unknown => Ok(None),
            EndpointAuth::Key | EndpointAuth::KeyAndToken => {
                let keys = list_keys(arm, &endpoint.id).await?;
                Ok(Some(Self::of_key(keys.primary)))
            }
            EndpointAuth::Token => {
                let token = get_token(arm, &endpoint.id).await?;
                Ok(Some(Self {
                    until: token.refresh_after.or(token.expires_at),
                    value: token.value,
                    kind: CredentialKind::Token,
                }))
            }
        }
    }

    pub(super) fn of_key(value: SecretString) -> Self {
        Self {
            value,
            until: None,
            kind: CredentialKind::Key,
        }
    }

    pub(super) fn is_current(&self) -> bool {
        self.until.is_none_or(|until| Timestamp::now() < until)
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.value.expose_secret() == other.value.expose_secret()
    }

    pub(super) fn expose(&self) -> &str {
        self.value.expose_secret()
    }
}
