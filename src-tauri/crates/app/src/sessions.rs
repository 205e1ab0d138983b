//! Open sessions. Concurrent requests for the same account share one sign-in and its failure, so that a hanging
//! credential is waited for once, not once per request.

use crate::session::Session;
use berth_contract::failure::Failure;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Open sessions by account.
pub(crate) struct Sessions<T = Session>(Mutex<HashMap<String, Arc<Slot<T>>>>);

struct Slot<T> {
    /// Number of finished sign-ins.
    finished: AtomicU64,
    outcome: tokio::sync::Mutex<Option<Result<T, Failure>>>,
}

impl<T> Default for Sessions<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Sessions<T> {
    /// Returns an account's session, signing in if there is none.
    ///
    /// # Errors
    /// Those of this sign-in, or of the one already in progress.
    pub(crate) async fn get(
        &self,
        id: &str,
        sign_in: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let slot = self.slot(id);
        let finished = slot.finished.load(Ordering::SeqCst);
        let mut outcome = slot.outcome.lock().await;
        match outcome.as_ref() {
            Some(Ok(session)) => return Ok(session.clone()),
            Some(Err(failure)) if slot.finished.load(Ordering::SeqCst) > finished => {
                return Err(failure.clone());
            }
            _ => {}
        }
        let found = sign_in.await;
        *outcome = Some(found.clone());
        slot.finished.fetch_add(1, Ordering::SeqCst);
        found
    }

    /// Returns an account's session if it is signed in. Waits for a sign-in that is in progress, and starts none.
    pub(crate) async fn open(&self, id: &str) -> Option<T> {
        let slot = self.slot(id);
        let outcome = slot.outcome.lock().await;
        outcome
            .as_ref()
            .and_then(|outcome| outcome.as_ref().ok().cloned())
    }

    /// Drops an account's session; the next request signs in again.
    pub(crate) fn forget(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }

    fn slot(&self, id: &str) -> Arc<Slot<T>> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.entry(id.to_owned()).or_insert_with(|| {
            Arc::new(Slot {
                finished: AtomicU64::new(0),
                outcome: tokio::sync::Mutex::new(None),
            })
        });
        Arc::clone(slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use berth_contract::failure::{FailureCode, Remedy};
    use tokio::sync::Semaphore;

    #[tokio::test]
    async fn waiting_requests_share_a_failed_sign_in_and_the_next_one_retries() {
        let sessions = Sessions::<u8>::default();
        let (attempts, gate) = (AtomicU64::new(0), Semaphore::new(0));
        let failing = async || {
            attempts.fetch_add(1, Ordering::SeqCst);
            gate.acquire().await.unwrap().forget();
            Err(Failure::new(FailureCode::SignInTimedOut, Remedy::TryAgain))
        };
        let (first, second) = (sessions.get("a", failing()), sessions.get("a", failing()));
        let release = async { gate.add_permits(1) };
        let (first, second, ()) = tokio::join!(first, second, release);
        assert_eq!(first.unwrap_err().code, FailureCode::SignInTimedOut);
        assert_eq!(second.unwrap_err().code, FailureCode::SignInTimedOut);
        assert_eq!(attempts.load(Ordering::SeqCst), 1);

        assert_eq!(sessions.open("a").await, None);
        assert_eq!(sessions.get("a", async { Ok(1) }).await, Ok(1));
        assert_eq!(sessions.open("a").await, Some(1));
        assert_eq!(
            sessions.get("a", async { Ok(2) }).await,
            Ok(1),
            "the session is reused"
        );
        sessions.forget("a");
        assert_eq!(sessions.get("a", async { Ok(2) }).await, Ok(2));
    }
}
