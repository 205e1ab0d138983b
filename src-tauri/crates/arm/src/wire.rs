//! Sends a request: adds the token, retries, and limits the size of the response.

use crate::client::Arm;
use crate::error::{ArmError, BadJson, TokenError};
use crate::exchange::{ApiRequest, ApiResponse};
use crate::json::Allowance;
use crate::retry::{self, ATTEMPTS, AttemptFailure};
use ::http::Method;
use berth_http::{BodyError, Room, SMALL_BYTES, TooLarge, distrust, host_of, read_limited, redirects_to};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

impl Arm {
    /// Sends a read and parses the response within `allowance`; also returns the size of the body in bytes. If Azure does not
    /// support the api-version, repeats the request with one that its error message lists.
    pub(crate) async fn read_sized<T: DeserializeOwned>(
        &self,
        request: &ApiRequest<'_>,
        allowance: &mut Allowance,
    ) -> Result<(T, usize), ArmError> {
        self.read_with(request, allowance, |body| Ok(serde_json::from_slice(body)?))
            .await
    }

    /// Like [`Self::read_sized`], with a custom parser.
    pub(crate) async fn read_with<T>(
        &self,
        request: &ApiRequest<'_>,
        allowance: &mut Allowance,
        mut read: impl FnMut(&[u8]) -> Result<T, BadJson> + Send,
    ) -> Result<(T, usize), ArmError> {
        let error = match self.read_with_version(request, allowance, &mut read).await {
            Ok(read) => return Ok(read),
            Err(error) => error,
        };
        match self.with_supported_version(request, &error) {
            // Boxed, because it would double the size of every read's future.
            Some(again) => Box::pin(self.read_with_version(&again, allowance, &mut read)).await,
            None => Err(error),
        }
    }

    async fn read_with_version<T>(
        &self,
        request: &ApiRequest<'_>,
        allowance: &mut Allowance,
        read: &mut (impl FnMut(&[u8]) -> Result<T, BadJson> + Send),
    ) -> Result<(T, usize), ArmError> {
        let mut attempt = 1;
        loop {
            let body = self.send_cached(request, &mut allowance.room).await?;
            let found = allowance.read_with(&body, &mut *read).await;
            if let (Err(_), Some(cache)) = (&found, &self.cache) {
                cache.forget(&request.url);
            }
            match found {
                Ok(value) => return Ok((value, body.len())),
                Err(source) if attempt >= ATTEMPTS || !source.is_truncated() => {
                    return Err(request.bad_response(source));
                }
                // The body was truncated in transit.
                Err(_) => tokio::time::sleep(self.retry_wait(attempt, None).unwrap_or_default()).await,
            }
            attempt += 1;
        }
    }

    /// Sends a request, or takes the response from the cache if this connection has one.
    async fn send_cached(&self, request: &ApiRequest<'_>, room: &mut Room) -> Result<Arc<Vec<u8>>, ArmError> {
        let cache = self.cache.as_deref().filter(|_| request.method == Method::GET);
        let Some(cache) = cache else {
            return Ok(Arc::new(self.send_with_retries(request, room).await?.body));
        };
        let slot = cache.slot(&request.url);
        let fetch = async || {
            let body = self.send_with_retries(request, room).await?.body;
            cache.record(&request.url, body.len());
            Ok(Arc::new(body))
        };
        slot.get_or_try_init(fetch).await.cloned()
    }

    /// Sends a request, with retries and one token renewal, until it succeeds or fails for good.
    pub(crate) async fn send_with_retries(
        &self,
        request: &ApiRequest<'_>,
        room: &mut Room,
    ) -> Result<ApiResponse, ArmError> {
        let mut attempt = 1;
        let mut token_renewed = false;
        loop {
            let tokens = self.token_cache();
            let token = tokens.token().await.map_err(|source| self.no_token(source))?;
            let error = match self.send_once(request, token.token.secret(), room).await {
                Ok(None) => {
                    room.take().await;
                    continue;
                }
                Ok(Some(response)) if response.status.is_success() => return Ok(response),
                Ok(Some(response)) if response.status == 401 && !token_renewed => {
                    token_renewed = true;
                    tokens.forget(&token);
                    continue;
                }
                Ok(Some(response)) => request.refused(&response),
                Err(error) => error,
            };
            let Some(wait) = self.wait_before_retry(request, attempt, &error) else {
                return Err(error);
            };
            tracing::debug!(method = %request.method, path = request.url.path(), attempt, ?wait, "retrying");
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    /// How long to wait before the next attempt; `None` if the request must not be retried.
    fn wait_before_retry(
        &self,
        request: &ApiRequest<'_>,
        attempt: u32,
        error: &ArmError,
    ) -> Option<Duration> {
        let (failure, asked) = match error {
            ArmError::Refused {
                status, retry_after, ..
            } => (AttemptFailure::Status(*status), *retry_after),
            // The full timeout has passed: the caller decides whether to try again.
            ArmError::Unreachable { source, .. } | ArmError::CutOff { source, .. } if source.is_timeout() => {
                return None;
            }
            ArmError::Unreachable { .. } => (AttemptFailure::NeverConnected, None),
            ArmError::CutOff { .. } => (AttemptFailure::CutOff, None),
            _ => return None,
        };
        let repeat = retry::may_repeat(failure, request.is_read);
        self.retry_wait(attempt, asked)
            .filter(|_| repeat && attempt < ATTEMPTS)
    }

    fn retry_wait(&self, attempt: u32, asked: Option<Duration>) -> Option<Duration> {
        retry::wait(self.inner.options.first_retry, attempt, asked)
    }

    /// Sends a request once. Returns `None` if there was no room for the response, which happens to reads only.
    async fn send_once(
        &self,
        request: &ApiRequest<'_>,
        token: &str,
        room: &mut Room,
    ) -> Result<Option<ApiResponse>, ArmError> {
        let _permit = self.inner.throttle.enter().await;
        self.inner.requests.fetch_add(1, Ordering::Relaxed);
        let started = std::time::Instant::now();
        let mut builder = self
            .inner
            .http
            .request(request.method.clone(), request.url.clone())
            .bearer_auth(token)
            .header("accept", "application/json")
            .header("x-ms-client-request-id", request.client_request_id.to_string())
            .header("x-ms-return-client-request-id", "true");
        for (name, value) in &request.conditions {
            builder = builder.header(*name, value);
        }
        builder = match request.body {
            // A list of operations is a JSON Patch (RFC 6902), which has a type of its own.
            Some(body) if request.method == Method::PATCH && body.is_array() => builder
                .header("content-type", "application/json-patch+json")
                .body(body.to_string()),
            Some(body) => builder.json(body),
            // A POST without a body still needs a content-length.
            None if request.method == Method::POST => builder.header("content-length", "0"),
            None => builder,
        };
        let sent = builder.send().await;
        let response = sent.map_err(|source| broken(request, source))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let points_to = redirects_to(status, &headers, &request.url);
        let Some(body) = body(request, response, room).await? else {
            return Ok(None);
        };
        let took_ms = started.elapsed().as_millis();
        tracing::info!(method = %request.method, path = request.url.path(), status = status.as_u16(), took_ms, "request to Azure");
        match points_to {
            Some(to) => Err(ArmError::Elsewhere {
                host: host_of(&request.url),
                to,
            }),
            None => Ok(Some(ApiResponse {
                status,
                headers,
                body,
            })),
        }
    }

    pub(crate) fn no_token(&self, source: TokenError) -> ArmError {
        ArmError::NoToken {
            host: self.host(),
            source,
        }
    }
}

/// Reads the body of a response. Refusals and responses to writes are judged by status and headers, so a body that breaks
/// off or is too large is dropped there instead of being an error. Returns `None` if there is no room for the body.
async fn body(
    request: &ApiRequest<'_>,
    response: reqwest::Response,
    room: &mut Room,
) -> Result<Option<Vec<u8>>, ArmError> {
    let is_needed = request.is_read && response.status().is_success();
    let limit = if is_needed { request.limit } else { SMALL_BYTES };
    match read_limited(response, limit, room).await {
        Ok(body) => Ok(Some(body)),
        Err(_) if !is_needed => Ok(Some(Vec::new())),
        Err(BodyError::NoRoom) => Ok(None),
        Err(BodyError::TooLarge(TooLarge { limit })) => Err(ArmError::TooLarge {
            method: request.method.to_string(),
            path: request.url.path().to_owned(),
            limit,
        }),
        Err(BodyError::Broken(source)) => Err(broken(request, source)),
    }
}

fn broken(request: &ApiRequest<'_>, source: reqwest::Error) -> ArmError {
    // URLs may contain signed parameters.
    let source = source.without_url();
    let host = host_of(&request.url);
    if let Some(distrust) = distrust(&source) {
        ArmError::Untrusted {
            host,
            distrust,
            source,
        }
    } else if source.is_connect() {
        ArmError::Unreachable { host, source }
    } else {
        ArmError::CutOff {
            method: request.method.to_string(),
            path: request.url.path().to_owned(),
            source,
        }
    }
}
