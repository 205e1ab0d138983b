//! OpenID Connect discovery documents and the signing keys.

use super::TokenKey;
use crate::answer::Answer;
use serde_json::{Value, json};

/// The OpenID configuration of a tenant, in version 1 or 2.
pub(crate) fn configuration(base: &str, tenant: &str, v2: bool) -> Answer {
    let edition = if v2 { "/v2.0" } else { "" };
    let oauth = format!("{base}/{tenant}/oauth2{edition}");
    Answer::ok(json!({
        "token_endpoint": format!("{oauth}/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "jwks_uri": format!("{base}/{tenant}/discovery{edition}/keys"),
        "response_modes_supported": ["query"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": format!("{base}/{tenant}{edition}"),
        "authorization_endpoint": format!("{oauth}/authorize"),
        "device_authorization_endpoint": format!("{oauth}/devicecode"),
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "appid", "oid", "tid", "ver"],
        "tenant_region_scope": "EU",
        "cloud_instance_name": "localhost",
    }))
}

/// The document by which clients check that an authority belongs to a Microsoft cloud; here it confirms the
/// sandbox.
pub(crate) fn instance(base: &str) -> Answer {
    let host = base.trim_start_matches("https://");
    Answer::ok(json!({
        "tenant_discovery_endpoint": format!("{base}/common/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [{ "preferred_network": host, "preferred_cache": host, "aliases": [host] }],
    }))
}

/// The public keys.
pub(crate) fn keys(key: &TokenKey) -> Answer {
    let mut jwk = serde_json::to_value(&key.jwk).unwrap_or(Value::Null);
    jwk["use"] = "sig".into();
    jwk["x5t"] = key.id.clone().into();
    Answer::ok(json!({ "keys": [jwk] }))
}
