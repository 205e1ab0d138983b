//! Reads tenant and object id from an access token (learn.microsoft.com/entra/identity-platform/access-token-claims-reference).
//! Used only to tell one sign-in from another, never for authorization.

use crate::{Arm, ArmError};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

/// The principal that a token was issued to. A claim that is missing from the token is an empty string.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Holder {
    /// Tenant id (claim `tid`).
    #[serde(rename = "tid")]
    pub tenant_id: String,
    /// Object id of the user or service principal (claim `oid`).
    #[serde(rename = "oid")]
    pub object_id: String,
}

impl Arm {
    /// Returns the principal of the current token. Gets a token first if none is cached.
    ///
    /// # Errors
    /// [`ArmError::NoToken`].
    pub async fn holder(&self) -> Result<Holder, ArmError> {
        let token = self.token_cache().token().await;
        let token = token.map_err(|source| self.no_token(source))?;
        Ok(holder_of(token.token.secret()))
    }
}

fn holder_of(token: &str) -> Holder {
    let claims = token.split('.').nth(1).unwrap_or_default();
    let claims = URL_SAFE_NO_PAD
        .decode(claims.trim_end_matches('='))
        .unwrap_or_default();
    serde_json::from_slice(&claims).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_token_gives_an_empty_holder() {
        let token = |claims: &str| format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(claims));
        let known = Holder {
            tenant_id: "t-1".to_owned(),
            object_id: "o-1".to_owned(),
        };
        assert_eq!(holder_of(&token(r#"{"oid":"o-1","tid":"t-1","aud":"x"}"#)), known);
        for odd in [
            "",
            "opaque",
            "a.b.c",
            &token("[]"),
            &token(r#"{"oid":1}"#),
            &token("{}"),
        ] {
            assert_eq!(holder_of(odd), Holder::default(), "{odd}");
        }
    }
}
