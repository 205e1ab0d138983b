//! Intercepts every request on any listener: applies faults, holds requests, logs them.

use crate::faults::{Faults, Hold, MatchedFault};
use crate::held_requests::HeldRequests;
use crate::record;
use crate::request_log::{LoggedRequest, RequestLog};
use crate::response_faults;
use crate::transport::Reset;
use bytes::Bytes;
use http::{Method, Response};
use jiff::Timestamp;
use std::time::Duration;

#[derive(Debug, Default)]
pub(crate) struct Interceptor {
    pub(crate) faults: Faults,
    pub(crate) held_requests: HeldRequests,
    pub(crate) log: RequestLog,
}

impl Interceptor {
    /// Handles a request and applies the matching fault to it and its answer.
    ///
    /// # Errors
    /// [`Reset`] when a fault or the handler wants the connection reset.
    pub(crate) async fn intercept(
        &self,
        method: &Method,
        target: &str,
        handle: impl FnOnce(Option<&MatchedFault>) -> Result<Response<Bytes>, Reset>,
    ) -> Result<Response<Bytes>, Reset> {
        let hit = self.faults.take_match(method, target);
        let action = hit.as_ref().map(MatchedFault::action);
        if let Some(delay) = action.and_then(|action| action.delay_ms) {
            tokio::time::sleep(Duration::from_millis(delay)).await;
        }
        let hold = action.and_then(|action| action.hold);
        if hold == Some(Hold::Before) {
            self.held_requests
                .hold(method.as_str(), target, Hold::Before)
                .await;
        }
        if action.is_some_and(|action| action.reset) {
            return Err(Reset);
        }
        let redirected = action.and_then(|action| response_faults::redirect(action, target));
        let response = redirected.map_or_else(|| handle(hit.as_ref()), Ok)?;
        self.log.add(LoggedRequest {
            at: Timestamp::now(),
            method: method.to_string(),
            path: record::address(target),
            status: response.status().as_u16(),
        });
        if hold == Some(Hold::After) {
            self.held_requests
                .hold(method.as_str(), target, Hold::After)
                .await;
        }
        match action {
            Some(action) if action.lose_answer => Err(Reset),
            Some(action) => Ok(response_faults::apply(response, action)),
            None => Ok(response),
        }
    }
}
