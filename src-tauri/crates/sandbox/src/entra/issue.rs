//! The token endpoint: client credentials with a secret
//! (learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow).

use super::TokenKey;
use super::errors::EntraError;
use crate::answer::Answer;
use crate::world::{Client, Directory};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Header, encode};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Real seconds a token is valid.
const VALID_SECONDS: i64 = 3599;
/// The tenant by which clients ask in the way of AD FS.
pub const ADFS: &str = "adfs";
/// Resources tokens are given for, besides the sandbox itself.
const RESOURCES: &[&str] = &[
    "https://management.azure.com",
    "https://management.core.windows.net",
    "https://ml.azure.com",
    "https://graph.microsoft.com",
];

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
pub struct Claims {
    /// Resource it is for.
    pub aud: String,
    /// Who issued it.
    pub iss: String,
    /// Issued, seconds since 1970.
    pub iat: i64,
    /// Not before.
    pub nbf: i64,
    /// Not after.
    pub exp: i64,
    /// Client id.
    pub appid: String,
    /// How the client proved itself: `1` is a secret.
    pub appidacr: String,
    /// Kind of identity.
    pub idtyp: String,
    /// Object id.
    pub oid: String,
    /// Subject: the object id again.
    pub sub: String,
    /// Tenant id.
    pub tid: String,
    /// Identifier of this token.
    pub uti: String,
    /// Edition.
    pub ver: String,
    /// Generation of tokens it belongs to: the directory can let a generation expire.
    pub generation: u64,
}

/// A request for a token.
#[derive(Debug)]
pub struct TokenRequest<'a> {
    /// Base of this sandbox's URLs.
    pub base: &'a str,
    /// Tenant in the path.
    pub tenant: &'a str,
    /// Form fields.
    pub form: &'a [(String, String)],
    /// Now.
    pub wall: Timestamp,
}

impl TokenRequest<'_> {
    fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self
            .form
            .iter()
            .filter(|(key, value)| key == name && !value.is_empty());
        fields.next().map(|(_, value)| value.as_str())
    }
}

/// Whether a tenant of a path is the directory's.
pub fn is_tenant(directory: &Directory, tenant: &str) -> bool {
    let known = [directory.tenant_id.as_str(), directory.domain.as_str(), ADFS];
    known.iter().any(|known| known.eq_ignore_ascii_case(tenant))
}

/// Gives a token.
///
/// # Errors
/// As Entra refuses.
pub fn token(
    directory: &Directory,
    key: &TokenKey,
    request: &TokenRequest<'_>,
) -> Result<Answer, EntraError> {
    if !is_tenant(directory, request.tenant) {
        return Err(EntraError::TenantNotFound(request.tenant.to_string()));
    }
    let grant = request
        .field("grant_type")
        .ok_or(EntraError::MissingParameter("grant_type"))?;
    if grant != "client_credentials" {
        return Err(EntraError::UnsupportedGrant(grant.to_string()));
    }
    let client = authenticated(directory, request)?;
    let audience = audience(directory, request)?;
    let claims = claims(directory, client, request, audience);
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(key.id.clone());
    header.x5t = Some(key.id.clone());
    // Signing fails only for a key of the wrong kind, and this one was made for it.
    let token = encode(&header, &claims, &key.encoding).unwrap_or_default();
    Ok(Answer::ok(json!({
        "token_type": "Bearer",
        "expires_in": VALID_SECONDS,
        "ext_expires_in": VALID_SECONDS,
        "access_token": token,
    })))
}

fn authenticated<'a>(directory: &'a Directory, request: &TokenRequest<'_>) -> Result<&'a Client, EntraError> {
    let id = request
        .field("client_id")
        .ok_or(EntraError::MissingParameter("client_id"))?;
    let known = directory
        .clients
        .iter()
        .find(|client| client.client_id.eq_ignore_ascii_case(id));
    let client = known.ok_or_else(|| EntraError::ApplicationNotFound {
        client: id.to_string(),
        tenant: directory.display_name.clone(),
    })?;
    match request.field("client_secret") {
        None => Err(EntraError::MissingCredential),
        Some(secret) if secret == client.secret => Ok(client),
        Some(_) => Err(EntraError::InvalidSecret(client.client_id.clone())),
    }
}

/// The resource of `scope` (`{resource}/.default`) or of `resource`, as the older edition has it.
fn audience(directory: &Directory, request: &TokenRequest<'_>) -> Result<String, EntraError> {
    let audience = match (request.field("scope"), request.field("resource")) {
        (Some(scope), _) => {
            let mut wanted = scope
                .split_whitespace()
                .filter(|scope| !["openid", "profile", "offline_access"].contains(scope));
            let resource = wanted.next().and_then(|scope| scope.strip_suffix("/.default"));
            resource.ok_or_else(|| EntraError::InvalidScope(scope.to_string()))?
        }
        (None, Some(resource)) => resource,
        (None, None) => return Err(EntraError::MissingParameter("scope")),
    };
    let bare = audience.trim_end_matches('/');
    if bare != request.base && !RESOURCES.contains(&bare) {
        return Err(EntraError::ResourceNotFound {
            resource: audience.to_string(),
            tenant: directory.display_name.clone(),
        });
    }
    Ok(audience.to_string())
}

fn claims(directory: &Directory, client: &Client, request: &TokenRequest<'_>, audience: String) -> Claims {
    let now = request.wall.as_second();
    Claims {
        aud: audience,
        iss: issuer(request.base, &directory.tenant_id),
        iat: now,
        // A minute back, for clients and servers whose clocks differ.
        nbf: now - 60,
        exp: now + VALID_SECONDS,
        appid: client.client_id.clone(),
        appidacr: "1".to_string(),
        idtyp: "app".to_string(),
        oid: client.object_id.clone(),
        sub: client.object_id.clone(),
        tid: directory.tenant_id.clone(),
        uti: uuid::Uuid::new_v4().simple().to_string(),
        ver: "1.0".to_string(),
        generation: directory.token_generation,
    }
}

/// The issuer of a tenant's tokens.
pub fn issuer(base: &str, tenant_id: &str) -> String {
    format!("{base}/{tenant_id}/")
}
