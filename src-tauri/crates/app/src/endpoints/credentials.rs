//! Fetches a key or token of an endpoint.

use berth_arm::resources::endpoints::{get_token, list_keys};
use berth_arm::{Arm, ArmError};
use berth_contract::model::{CredentialInfo, CredentialKind};
use secrecy::SecretString;

/// A key or token. `Debug` omits the value.
#[derive(Debug)]
pub struct EndpointCredential {
    /// The key or token.
    pub value: SecretString,
    /// What is known about it.
    pub info: CredentialInfo,
}

/// Fetches a key or token of an endpoint or a service.
///
/// # Errors
/// See [`ArmError`]. Azure refuses keys of an endpoint that takes tokens, and the other way round.
pub(crate) async fn fetch(arm: &Arm, id: &str, which: CredentialKind) -> Result<EndpointCredential, ArmError> {
    let (value, refresh_after, expires_at) = match which {
        CredentialKind::Primary => (list_keys(arm, id).await?.primary, None, None),
        CredentialKind::Secondary => (list_keys(arm, id).await?.secondary, None, None),
        CredentialKind::Token => {
            let token = get_token(arm, id).await?;
            (token.value, token.refresh_after, token.expires_at)
        }
    };
    Ok(EndpointCredential {
        value,
        info: CredentialInfo {
            which,
            refresh_after: refresh_after.map(|at| at.to_string()),
            expires_at: expires_at.map(|at| at.to_string()),
        },
    })
}
