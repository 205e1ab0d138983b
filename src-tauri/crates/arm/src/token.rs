//! A cache for the access token of an account.

use crate::Credential;
use crate::error::TokenError;
use azure_core::credentials::AccessToken;
use futures::future::{BoxFuture, FutureExt as _, Shared, WeakShared};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A token is renewed this long before it expires.
const EARLY: Duration = Duration::from_secs(300);

type Outcome = Result<AccessToken, TokenError>;
type TokenRequest = BoxFuture<'static, Outcome>;

/// Caches a token and renews it. Concurrent callers share one request to the credential. The request is cancelled when the
/// last caller gives up, so an abandoned one never blocks the next caller.
pub(crate) struct TokenCache {
    credential: Credential,
    scope: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    cached: Option<AccessToken>,
    pending: Option<WeakShared<TokenRequest>>,
}

impl TokenCache {
    pub(crate) fn new(credential: Credential, scope: String) -> Self {
        Self {
            credential,
            scope,
            state: Arc::default(),
        }
    }

    pub(crate) fn credential(&self) -> Credential {
        Arc::clone(&self.credential)
    }

    /// Returns the cached token, or requests a new one if it is about to expire.
    pub(crate) async fn token(&self) -> Outcome {
        let pending = {
            let mut state = lock(&self.state);
            if let Some(token) = state.cached.as_ref().filter(|token| time_left(token) > EARLY) {
                return Ok(token.clone());
            }
            let running = state.pending.as_ref().and_then(WeakShared::upgrade);
            running.unwrap_or_else(|| {
                let request = self.request();
                state.pending = request.downgrade();
                request
            })
        };
        pending.await
    }

    fn request(&self) -> Shared<TokenRequest> {
        let (credential, scope) = (Arc::clone(&self.credential), self.scope.clone());
        let state = Arc::clone(&self.state);
        async move {
            let outcome = credential.get_token(&[&scope], None).await;
            let mut state = lock(&state);
            state.pending = None;
            if let Ok(fresh) = &outcome {
                state.cached = Some(fresh.clone());
            }
            outcome.map_err(TokenError::from)
        }
        .boxed()
        .shared()
    }

    /// Requests a token for another scope. Not cached, because such tokens are rarely needed.
    pub(crate) async fn for_scope(&self, scope: &str) -> azure_core::Result<String> {
        let fresh = self.credential.get_token(&[scope], None).await?;
        Ok(fresh.token.secret().to_owned())
    }

    /// Drops the cached token if it is the one that Azure rejected.
    pub(crate) fn forget(&self, refused: &AccessToken) {
        let cached = &mut lock(&self.state).cached;
        if cached.as_ref().is_some_and(|token| token.token == refused.token) {
            *cached = None;
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn time_left(token: &AccessToken) -> Duration {
    let now = azure_core::time::OffsetDateTime::now_utc();
    Duration::try_from(token.expires_on - now).unwrap_or_default()
}
