//! Who a token was given to, as the token itself says (learn.microsoft.com/entra/identity-platform/access-token-claims-reference):
//! to tell one sign-in from another, never to decide what it may do.

use crate::{Arm, ArmError};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

/// Who holds a token. What the token does not say is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Holder {
    /// Tenant.
    #[serde(rename = "tid")]
    pub tenant_id: String,
    /// Object id of the person or service principal.
    #[serde(rename = "oid")]
    pub object_id: String,
}

impl Arm {
    /// Who the present token was given to.
    ///
    /// # Errors
    /// [`ArmError::NoToken`].
    pub async fn holder(&self) -> Result<Holder, ArmError> {
        let token = self.token_keeper().token().await;
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
    fn a_token_says_who_holds_it_and_an_odd_one_says_nothing() {
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
