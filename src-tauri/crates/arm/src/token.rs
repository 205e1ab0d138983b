//! The token of an account, asked for once and kept until shortly before it expires.

use crate::Credential;
use azure_core::credentials::AccessToken;
use std::time::Duration;
use tokio::sync::Mutex;

/// A token is renewed this long before its end.
const EARLY: Duration = Duration::from_secs(300);

/// Keeps a token fresh. Those who ask at once share one answer.
pub(crate) struct TokenKeeper {
    credential: Credential,
    scope: String,
    kept: Mutex<Option<AccessToken>>,
}

impl TokenKeeper {
    pub(crate) fn new(credential: Credential, scope: String) -> Self {
        Self {
            credential,
            scope,
            kept: Mutex::new(None),
        }
    }

    /// A token that is good for a while yet.
    pub(crate) async fn token(&self) -> azure_core::Result<AccessToken> {
        let mut kept = self.kept.lock().await;
        if let Some(token) = kept.as_ref().filter(|token| good_for(token) > EARLY) {
            return Ok(token.clone());
        }
        let fresh = self.credential.get_token(&[&self.scope], None).await?;
        *kept = Some(fresh.clone());
        Ok(fresh)
    }

    /// A token for another scope. Nobody asks for one often enough to keep it.
    pub(crate) async fn of_scope(&self, scope: &str) -> azure_core::Result<String> {
        let fresh = self.credential.get_token(&[scope], None).await?;
        Ok(fresh.token.secret().to_owned())
    }

    /// Forgets a token that Azure no longer takes.
    pub(crate) async fn forget(&self, refused: &AccessToken) {
        let mut kept = self.kept.lock().await;
        if kept.as_ref().is_some_and(|token| token.token == refused.token) {
            *kept = None;
        }
    }
}

fn good_for(token: &AccessToken) -> Duration {
    let now = azure_core::time::OffsetDateTime::now_utc();
    Duration::try_from(token.expires_on - now).unwrap_or_default()
}
