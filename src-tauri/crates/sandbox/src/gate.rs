//! What every request passes, whichever listener it came in by: faults, holding back, the list of the last ones.

use crate::faults::{Faults, Hit, Hold};
use crate::front_page::{LoggedRequest, Recent};
use crate::held::HeldRequests;
use crate::spoilt;
use crate::transport::Reset;
use bytes::Bytes;
use http::{Method, Response};
use jiff::Timestamp;
use std::time::Duration;

/// The gate.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    /// Faults set.
    pub(crate) faults: Faults,
    /// Requests held.
    pub(crate) held: HeldRequests,
    /// The last requests.
    pub(crate) recent: Recent,
}

impl Gate {
    /// Takes one request to its handler and its answer back, with what a fault does to either.
    ///
    /// # Errors
    /// [`Reset`] when a fault, or the handler, wants the connection reset.
    pub(crate) async fn pass(
        &self,
        method: &Method,
        target: &str,
        handle: impl FnOnce(Option<&Hit>) -> Result<Response<Bytes>, Reset>,
    ) -> Result<Response<Bytes>, Reset> {
        let hit = self.faults.meet(method, target);
        let act = hit.as_ref().map(Hit::act);
        if let Some(delay) = act.and_then(|act| act.delay_ms) {
            tokio::time::sleep(Duration::from_millis(delay)).await;
        }
        let hold = act.and_then(|act| act.hold);
        if hold == Some(Hold::Before) {
            self.held.hold(method.as_str(), target, Hold::Before).await;
        }
        if act.is_some_and(|act| act.reset) {
            return Err(Reset);
        }
        let redirected = act.and_then(|act| spoilt::redirect(act, target));
        let response = redirected.map_or_else(|| handle(hit.as_ref()), Ok)?;
        self.recent.add(LoggedRequest {
            at: Timestamp::now(),
            method: method.to_string(),
            path: target.to_string(),
            status: response.status().as_u16(),
        });
        if hold == Some(Hold::After) {
            self.held.hold(method.as_str(), target, Hold::After).await;
        }
        match act {
            Some(act) if act.lose_answer => Err(Reset),
            Some(act) => Ok(spoilt::spoil(response, act)),
            None => Ok(response),
        }
    }
}
