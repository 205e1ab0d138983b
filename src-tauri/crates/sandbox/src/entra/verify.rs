//! Verifies tokens for Azure Resource Manager, Key Vault and clusters.

use super::TokenKey;
use super::issue::Claims;
use crate::answer::Refusal;
use crate::call::Principal;
use crate::world::Directory;
use crate::{keyvault, storage};
use http::StatusCode;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Validation, decode};

/// Audiences that Azure Resource Manager accepts, besides the sandbox's own address.
const AUDIENCES: &[&str] = &[
    "https://management.azure.com",
    "https://management.core.windows.net",
];

/// The application that clusters with Entra ID accept tokens for
/// (learn.microsoft.com/azure/aks/kubelogin-authentication).
pub(crate) const CLUSTER_APP: &str = "6dae42f8-4368-4678-94ff-3960e28e3630";

/// Returns the caller named by the `Authorization` header.
///
/// # Errors
/// 401, with the reason in `WWW-Authenticate`.
pub(crate) fn principal(
    directory: &Directory,
    key: &TokenKey,
    base: &str,
    authorization: Option<&str>,
    wall: Timestamp,
    plane: Plane,
) -> Result<Principal, Refusal> {
    let challenge = Challenge {
        base,
        tenant_id: &directory.tenant_id,
        plane,
    };
    let Some(authorization) = authorization else {
        return Err(challenge.refuse(
            "AuthenticationFailed",
            "Authentication failed. The 'Authorization' header is missing.",
        ));
    };
    let scheme = authorization
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let Some((_, token)) = scheme else {
        let message = "Authentication failed. The 'Authorization' header is provided in an invalid format.";
        return Err(challenge.refuse("AuthenticationFailedInvalidHeader", message));
    };
    let mut validation = Validation::new(Algorithm::RS256);
    // Expiry and audience are checked below, to refuse them in Azure's words.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let Ok(token) = decode::<Claims>(token.trim(), &key.decoding, &validation) else {
        return Err(challenge.refuse("InvalidAuthenticationToken", "The access token is invalid."));
    };
    let claims = token.claims;
    check_audience(&challenge, &claims)?;
    check_time(&challenge, directory, &claims, wall)?;
    if !claims.tid.eq_ignore_ascii_case(&directory.tenant_id) {
        let message = format!(
            "The access token is from the wrong issuer '{}'. It must match the tenant '{}' associated with this subscription. Please use the authority (URL) '{base}/{}' to get the token.",
            claims.iss, directory.tenant_id, directory.tenant_id
        );
        return Err(challenge.refuse("InvalidAuthenticationTokenTenant", message));
    }
    Ok(Principal {
        object_id: claims.oid,
        client_id: claims.appid,
        tenant_id: claims.tid,
    })
}

/// The API that a token is checked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plane {
    /// Azure Resource Manager.
    Management,
    /// A Key Vault's data plane.
    KeyVault,
    /// A cluster's API, with Entra ID.
    Cluster,
    /// Blob Storage.
    Storage,
}

struct Challenge<'a> {
    base: &'a str,
    tenant_id: &'a str,
    plane: Plane,
}

impl Challenge<'_> {
    fn refuse(&self, code: &str, message: impl Into<String>) -> Refusal {
        let message = message.into();
        let said = message.replace('"', "'");
        if self.plane == Plane::KeyVault {
            // learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses
            let header = format!(
                "Bearer authorization=\"{}/{}\", resource=\"{}\"",
                self.base,
                self.tenant_id,
                keyvault::AUDIENCE
            );
            return Refusal::new(StatusCode::UNAUTHORIZED, "Unauthorized", message)
                .header("WWW-Authenticate", header);
        }
        let header = format!(
            "Bearer authorization_uri=\"{}/{}\", error=\"invalid_token\", error_description=\"{said}\"",
            self.base, self.tenant_id
        );
        Refusal::new(StatusCode::UNAUTHORIZED, code, message).header("WWW-Authenticate", header)
    }
}

fn check_audience(challenge: &Challenge<'_>, claims: &Claims) -> Result<(), Refusal> {
    let audience = claims.aud.trim_end_matches('/');
    let right = match challenge.plane {
        Plane::Management => audience == challenge.base || AUDIENCES.contains(&audience),
        Plane::KeyVault => audience == keyvault::AUDIENCE,
        Plane::Cluster => audience == CLUSTER_APP,
        Plane::Storage => audience == storage::AUDIENCE,
    };
    if right {
        return Ok(());
    }
    let message = format!(
        "The access token has been obtained for wrong audience or resource '{}'. It should exactly match with one of the allowed audiences 'https://management.core.windows.net/','https://management.core.windows.net','https://management.azure.com/','https://management.azure.com'.",
        claims.aud
    );
    Err(challenge.refuse("InvalidAuthenticationTokenAudience", message))
}

fn check_time(
    challenge: &Challenge<'_>,
    directory: &Directory,
    claims: &Claims,
    wall: Timestamp,
) -> Result<(), Refusal> {
    let ended = claims.generation < directory.token_generation;
    if claims.exp > wall.as_second() && !ended {
        return Ok(());
    }
    let until = if ended {
        wall
    } else {
        Timestamp::from_second(claims.exp).unwrap_or(wall)
    };
    let words = |at: Timestamp| at.strftime("%-m/%-d/%Y %-I:%M:%S %p").to_string();
    let message = format!(
        "The access token expiry UTC time '{}' is earlier than current UTC time '{}'.",
        words(until),
        words(wall)
    );
    Err(challenge.refuse("ExpiredAuthenticationToken", message))
}
