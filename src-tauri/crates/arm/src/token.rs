//! The token of an account, asked for once and kept until shortly before it expires.

use crate::Credential;
use crate::error::TokenError;
use azure_core::credentials::AccessToken;
use futures::future::{BoxFuture, FutureExt as _, Shared, WeakShared};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A token is renewed this long before its end.
const EARLY: Duration = Duration::from_secs(300);

type Outcome = Result<AccessToken, TokenError>;
type Asking = BoxFuture<'static, Outcome>;

/// Keeps a token fresh. Those who ask at once share one request to the credential. It ends when nobody waits for it any
/// more, so that a caller who gives up holds nobody back.
pub(crate) struct TokenKeeper {
    credential: Credential,
    scope: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    kept: Option<AccessToken>,
    asking: Option<WeakShared<Asking>>,
}

impl TokenKeeper {
    pub(crate) fn new(credential: Credential, scope: String) -> Self {
        Self {
            credential,
            scope,
            state: Arc::default(),
        }
    }

    /// A token that is good for a while yet.
    pub(crate) async fn token(&self) -> Outcome {
        let asking = {
            let mut state = lock(&self.state);
            if let Some(token) = state.kept.as_ref().filter(|token| good_for(token) > EARLY) {
                return Ok(token.clone());
            }
            let under_way = state.asking.as_ref().and_then(WeakShared::upgrade);
            under_way.unwrap_or_else(|| {
                let asking = self.ask();
                state.asking = asking.downgrade();
                asking
            })
        };
        asking.await
    }

    fn ask(&self) -> Shared<Asking> {
        let (credential, scope) = (Arc::clone(&self.credential), self.scope.clone());
        let state = Arc::clone(&self.state);
        async move {
            let outcome = credential.get_token(&[&scope], None).await;
            let mut state = lock(&state);
            state.asking = None;
            if let Ok(fresh) = &outcome {
                state.kept = Some(fresh.clone());
            }
            outcome.map_err(TokenError::from)
        }
        .boxed()
        .shared()
    }

    /// A token for another scope. Nobody asks for one often enough to keep it.
    pub(crate) async fn of_scope(&self, scope: &str) -> azure_core::Result<String> {
        let fresh = self.credential.get_token(&[scope], None).await?;
        Ok(fresh.token.secret().to_owned())
    }

    /// Forgets a token that Azure no longer takes.
    pub(crate) fn forget(&self, refused: &AccessToken) {
        let kept = &mut lock(&self.state).kept;
        if kept.as_ref().is_some_and(|token| token.token == refused.token) {
            *kept = None;
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn good_for(token: &AccessToken) -> Duration {
    let now = azure_core::time::OffsetDateTime::now_utc();
    Duration::try_from(token.expires_on - now).unwrap_or_default()
}
