//! Fetches a key or token of an endpoint.

use berth_arm::resources::endpoints::{get_token, list_keys, resource};
use berth_arm::{Arm, ArmError};
use berth_contract::model::{CredentialInfo, CredentialKind};
use berth_domain::endpoint::EndpointAuth;
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
pub(crate) async fn fetch(
    arm: &Arm,
    id: &str,
    which: CredentialKind,
) -> Result<EndpointCredential, ArmError> {
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

/// Why an endpoint has no credential of this kind; `None` if it may have one.
pub(crate) async fn why_no_credential(arm: &Arm, id: &str, which: CredentialKind) -> Option<&'static str> {
    let endpoint = resource(arm, id).await.ok()??;
    let is_token = which == CredentialKind::Token;
    match EndpointAuth::of_resource(&endpoint) {
        EndpointAuth::None => Some("open_endpoint"),
        EndpointAuth::Key if is_token => Some("takes_keys"),
        EndpointAuth::Token if !is_token => Some("takes_tokens"),
        _ => None,
    }
}
