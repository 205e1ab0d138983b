//! The token endpoint: client credentials with a secret
//! (learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow), authorization codes,
//! device codes and refresh tokens.

use super::errors::EntraError;
use super::grants::{self, Consent, Grant};
use super::people::Person;
use super::{TokenKey, pages};
use crate::answer::Answer;
use crate::world::{Client, Directory, World};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Header, encode};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Lifetime of a token, in real seconds.
const VALID_SECONDS: i64 = 3599;
/// The tenant name that clients use for AD FS.
pub(crate) const ADFS: &str = "adfs";
/// Resources that tokens are issued for, besides the sandbox itself.
const RESOURCES: &[&str] = &[
    "https://management.azure.com",
    "https://management.core.windows.net",
    "https://ml.azure.com",
    "https://graph.microsoft.com",
    crate::keyvault::AUDIENCE,
    crate::storage::AUDIENCE,
    super::verify::CLUSTER_APP,
];

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) aud: String,
    pub(crate) iss: String,
    pub(crate) iat: i64,
    pub(crate) nbf: i64,
    pub(crate) exp: i64,
    /// Client id.
    pub(crate) appid: String,
    /// How the client authenticated: `1` is a secret.
    pub(crate) appidacr: String,
    pub(crate) idtyp: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// User name of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) upn: Option<String>,
    /// Authentication contexts that were met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) acrs: Option<Vec<String>>,
    pub(crate) oid: String,
    /// The object id again.
    pub(crate) sub: String,
    pub(crate) tid: String,
    /// Unique id of the token.
    pub(crate) uti: String,
    pub(crate) ver: String,
    /// Token generation: the directory can expire a whole generation.
    pub(crate) generation: u64,
}

#[derive(Debug)]
pub(crate) struct TokenRequest<'a> {
    /// Base of this sandbox's URLs.
    pub(crate) base: &'a str,
    /// Tenant in the path.
    pub(crate) tenant: &'a str,
    pub(crate) form: &'a [(String, String)],
    pub(crate) wall: Timestamp,
}

impl TokenRequest<'_> {
    fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self
            .form
            .iter()
            .filter(|(key, value)| key == name && !value.is_empty());
        fields.next().map(|(_, value)| value.as_str())
    }

    fn required(&self, name: &'static str) -> Result<&str, EntraError> {
        self.field(name).ok_or(EntraError::MissingParameter(name))
    }
}

pub(crate) fn is_tenant(directory: &Directory, tenant: &str) -> bool {
    let known = [directory.tenant_id.as_str(), directory.domain.as_str(), ADFS];
    known.iter().any(|known| known.eq_ignore_ascii_case(tenant))
}

/// Whether a tenant in a path means that of whoever signs in, such as `common`.
pub(crate) fn is_multi_tenant(tenant: &str) -> bool {
    ["common", "organizations"].contains(&tenant)
}

/// Issues a token.
pub(crate) fn token(
    world: &mut World,
    key: &TokenKey,
    request: &TokenRequest<'_>,
) -> Result<Answer, EntraError> {
    let grant = request
        .field("grant_type")
        .ok_or(EntraError::MissingParameter("grant_type"))?;
    let for_people = grant != "client_credentials";
    let known =
        is_tenant(&world.directory, request.tenant) || (is_multi_tenant(request.tenant) && for_people);
    if !known {
        return Err(EntraError::TenantNotFound(request.tenant.to_string()));
    }
    match grant {
        "client_credentials" => application_token(&world.directory, key, request),
        "authorization_code" => {
            let (client, redirect) = (request.required("client_id")?, request.required("redirect_uri")?);
            let (code, verifier) = (request.required("code")?, request.field("code_verifier"));
            let consent = grants::redeem_code(world, code, client, redirect, verifier, request.wall)?;
            person_tokens(world, key, request, consent)
        }
        "urn:ietf:params:oauth:grant-type:device_code" => {
            let (client, code) = (request.required("client_id")?, request.required("device_code")?);
            let consent = grants::redeem_device(world, code, client, request.wall)?;
            person_tokens(world, key, request, consent)
        }
        "refresh_token" => {
            let (client, token) = (request.required("client_id")?, request.required("refresh_token")?);
            let mut consent = grants::redeem_refresh(world, token, client, request.wall)?;
            let asked = pages::context(request.field("claims").unwrap_or_default());
            if asked.is_some() && asked != consent.context {
                return Err(EntraError::InteractionRequired);
            }
            if let Some(scope) = request.field("scope") {
                consent.scope = scope.to_string();
            }
            person_tokens(world, key, request, consent)
        }
        other => Err(EntraError::UnsupportedGrant(other.to_string())),
    }
}

fn application_token(
    directory: &Directory,
    key: &TokenKey,
    request: &TokenRequest<'_>,
) -> Result<Answer, EntraError> {
    let client = authenticated(directory, request)?;
    let audience = audience(directory, request, None)?;
    let claims = claims(directory, Subject::Application(client), request, audience);
    Ok(Answer::ok(json!({
        "token_type": "Bearer",
        "expires_in": VALID_SECONDS,
        "ext_expires_in": VALID_SECONDS,
        "access_token": sign(key, &claims),
    })))
}

/// Issues a person's tokens: access, id token if requested, and a new refresh token.
fn person_tokens(
    world: &mut World,
    key: &TokenKey,
    request: &TokenRequest<'_>,
    consent: Consent,
) -> Result<Answer, EntraError> {
    let directory = &world.directory;
    let person = directory
        .person(&consent.person)
        .cloned()
        .ok_or(EntraError::RefreshRevoked)?;
    let audience = audience(directory, request, Some(&consent.scope))?;
    let claims = claims(directory, Subject::Person(&person, &consent), request, audience);
    let mut body = json!({
        "token_type": "Bearer",
        "scope": consent.scope,
        "expires_in": VALID_SECONDS,
        "ext_expires_in": VALID_SECONDS,
        "access_token": sign(key, &claims),
    });
    let tenant = directory.tenant_id.clone();
    let info = json!({ "uid": person.object_id, "utid": tenant }).to_string();
    body["client_info"] = URL_SAFE_NO_PAD.encode(info).into();
    let asked = |scope: &str| consent.scope.split_whitespace().any(|found| found == scope);
    if asked("openid") {
        let now = request.wall.as_second();
        let identity = json!({
            "aud": consent.client_id, "iss": format!("{}/{tenant}/v2.0", request.base), "iat": now, "nbf": now - 60,
            "exp": now + VALID_SECONDS, "name": person.name, "preferred_username": person.user_name,
            "oid": person.object_id, "sub": person.object_id, "tid": tenant, "ver": "2.0",
        });
        body["id_token"] = sign(key, &identity).into();
    }
    if asked("offline_access") {
        let refresh = grants::create_grant(world, Grant::Refresh { consent }, request.wall);
        body["refresh_token"] = refresh.into();
    }
    Ok(Answer::ok(body))
}

fn sign(key: &TokenKey, claims: &impl Serialize) -> String {
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(key.id.clone());
    header.x5t = Some(key.id.clone());
    // Signing fails only for a key of the wrong type, and this one is RSA.
    encode(&header, claims, &key.encoding).unwrap_or_default()
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

/// The resource in `scope` (`{resource}/.default`), or in `resource` for version 1.
fn audience(
    directory: &Directory,
    request: &TokenRequest<'_>,
    granted: Option<&str>,
) -> Result<String, EntraError> {
    let audience = match (request.field("scope").or(granted), request.field("resource")) {
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

enum Subject<'a> {
    Application(&'a Client),
    Person(&'a Person, &'a Consent),
}

fn claims(
    directory: &Directory,
    subject: Subject<'_>,
    request: &TokenRequest<'_>,
    audience: String,
) -> Claims {
    let now = request.wall.as_second();
    let (appid, oid, person, context) = match subject {
        Subject::Application(client) => (&client.client_id, &client.object_id, None, None),
        Subject::Person(person, consent) => (
            &consent.client_id,
            &person.object_id,
            Some(person),
            consent.context.clone(),
        ),
    };
    Claims {
        aud: audience,
        iss: issuer(request.base, &directory.tenant_id),
        iat: now,
        // A minute back, for clients and servers whose clocks differ.
        nbf: now - 60,
        exp: now + VALID_SECONDS,
        appid: appid.clone(),
        appidacr: if person.is_some() { "0" } else { "1" }.to_string(),
        idtyp: if person.is_some() { "user" } else { "app" }.to_string(),
        name: person.map(|person| person.name.clone()),
        upn: person.map(|person| person.user_name.clone()),
        acrs: context.map(|context| vec![context]),
        oid: oid.clone(),
        sub: oid.clone(),
        tid: directory.tenant_id.clone(),
        uti: uuid::Uuid::new_v4().simple().to_string(),
        ver: "1.0".to_string(),
        generation: directory.token_generation,
    }
}

pub(crate) fn issuer(base: &str, tenant_id: &str) -> String {
    format!("{base}/{tenant_id}/")
}
