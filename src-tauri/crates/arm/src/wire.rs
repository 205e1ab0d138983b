//! One question over the wire: its token, its repetitions, the limits on its answer.

use crate::client::Arm;
use crate::error::{ArmError, BadJson, TokenError};
use crate::exchange::{Answer, Question};
use crate::json::Allowance;
use crate::retry::{self, ATTEMPTS, Trouble};
use ::http::Method;
use berth_http::{BodyError, Room, SMALL_BYTES, TooLarge, distrust, host_of, read_limited, redirects_to};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

impl Arm {
    /// Reads an answer within what it may take, and says how many bytes that were. Where Azure does not know the
    /// api-version, it is asked once more, with one that it names.
    pub(crate) async fn read_sized<T: DeserializeOwned>(
        &self,
        question: &Question<'_>,
        allowance: &mut Allowance,
    ) -> Result<(T, usize), ArmError> {
        self.read_with(question, allowance, |body| Ok(serde_json::from_slice(body)?))
            .await
    }

    /// The same, with somebody who makes sense of the answer.
    pub(crate) async fn read_with<T>(
        &self,
        question: &Question<'_>,
        allowance: &mut Allowance,
        mut read: impl FnMut(&[u8]) -> Result<T, BadJson> + Send,
    ) -> Result<(T, usize), ArmError> {
        let error = match self.read_as_asked(question, allowance, &mut read).await {
            Ok(read) => return Ok(read),
            Err(error) => error,
        };
        match self.in_another_version(question, &error) {
            // Boxed: it would double the future of every read.
            Some(again) => Box::pin(self.read_as_asked(&again, allowance, &mut read)).await,
            None => Err(error),
        }
    }

    async fn read_as_asked<T>(
        &self,
        question: &Question<'_>,
        allowance: &mut Allowance,
        read: &mut (impl FnMut(&[u8]) -> Result<T, BadJson> + Send),
    ) -> Result<(T, usize), ArmError> {
        let mut attempt = 1;
        loop {
            let body = self.ask_or_remember(question, &mut allowance.room).await?;
            let found = allowance.read_with(&body, &mut *read).await;
            if let (Err(_), Some(memory)) = (&found, &self.memory) {
                memory.forget(&question.url);
            }
            match found {
                Ok(value) => return Ok((value, body.len())),
                Err(source) if attempt >= ATTEMPTS || !source.ends_early() => {
                    return Err(question.bad_answer(source));
                }
                // Cut short on the way.
                Err(_) => tokio::time::sleep(self.retry_wait(attempt, None).unwrap_or_default()).await,
            }
            attempt += 1;
        }
    }

    /// The body of an answer, shared with whoever asks the same through a connection that remembers.
    async fn ask_or_remember(
        &self,
        question: &Question<'_>,
        room: &mut Room,
    ) -> Result<Arc<Vec<u8>>, ArmError> {
        let memory = self.memory.as_deref().filter(|_| question.method == Method::GET);
        let Some(memory) = memory else {
            return Ok(Arc::new(self.ask(question, room).await?.body));
        };
        let place = memory.at(&question.url);
        let asking = async || {
            let body = self.ask(question, room).await?.body;
            memory.settle(&question.url, body.len());
            Ok(Arc::new(body))
        };
        place.get_or_try_init(asking).await.cloned()
    }

    /// Sends a question until there is an answer worth having.
    pub(crate) async fn ask(&self, question: &Question<'_>, room: &mut Room) -> Result<Answer, ArmError> {
        let mut attempt = 1;
        let mut token_renewed = false;
        loop {
            let keeper = self.token_keeper();
            let token = keeper.token().await.map_err(|source| self.no_token(source))?;
            let error = match self.ask_once(question, token.token.secret(), room).await {
                Ok(None) => {
                    room.take().await;
                    continue;
                }
                Ok(Some(answer)) if answer.status.is_success() => return Ok(answer),
                Ok(Some(answer)) if answer.status == 401 && !token_renewed => {
                    token_renewed = true;
                    keeper.forget(&token);
                    continue;
                }
                Ok(Some(answer)) => question.refused(&answer),
                Err(error) => error,
            };
            let Some(wait) = self.wait_to_repeat(question, attempt, &error) else {
                return Err(error);
            };
            tracing::debug!(method = %question.method, path = question.url.path(), attempt, ?wait, "asking again");
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    /// How long to wait before a question is sent again; `None` when it is not.
    fn wait_to_repeat(&self, question: &Question<'_>, attempt: u32, error: &ArmError) -> Option<Duration> {
        let (trouble, asked) = match error {
            ArmError::Refused {
                status, retry_after, ..
            } => (Trouble::Status(*status), *retry_after),
            // It has had its time. Whoever asked decides whether to wait as long again.
            ArmError::Unreachable { source, .. } | ArmError::CutOff { source, .. } if source.is_timeout() => {
                return None;
            }
            ArmError::Unreachable { .. } => (Trouble::NeverConnected, None),
            ArmError::CutOff { .. } => (Trouble::CutOff, None),
            _ => return None,
        };
        let repeat = retry::may_repeat(trouble, question.is_read);
        self.retry_wait(attempt, asked)
            .filter(|_| repeat && attempt < ATTEMPTS)
    }

    fn retry_wait(&self, attempt: u32, asked: Option<Duration>) -> Option<Duration> {
        retry::wait(self.inner.options.first_retry, attempt, asked)
    }

    /// One request; `None` when there is no room for its answer, which only a read can lack.
    async fn ask_once(
        &self,
        question: &Question<'_>,
        token: &str,
        room: &mut Room,
    ) -> Result<Option<Answer>, ArmError> {
        let _place = self.inner.throttle.enter().await;
        self.inner.requests.fetch_add(1, Ordering::Relaxed);
        let started = std::time::Instant::now();
        let mut request = self
            .inner
            .http
            .request(question.method.clone(), question.url.clone())
            .bearer_auth(token)
            .header("accept", "application/json")
            .header("x-ms-client-request-id", question.client_request_id.to_string())
            .header("x-ms-return-client-request-id", "true");
        for (name, value) in &question.conditions {
            request = request.header(*name, value);
        }
        request = match question.body {
            Some(body) => request.json(body),
            // A POST without a body still says so.
            None if question.method == Method::POST => request.header("content-length", "0"),
            None => request,
        };
        let sent = request.send().await;
        let response = sent.map_err(|source| broken(question, source))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let points_to = redirects_to(status, &headers, &question.url);
        let Some(body) = body(question, response, room).await? else {
            return Ok(None);
        };
        let took_ms = started.elapsed().as_millis();
        tracing::info!(method = %question.method, path = question.url.path(), status = status.as_u16(), took_ms, "asked Azure");
        match points_to {
            Some(to) => Err(ArmError::Elsewhere {
                host: host_of(&question.url),
                to,
            }),
            None => Ok(Some(Answer {
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

/// The body, where it is needed. A refusal, and the answer to a write, count by their status and headers: a body that
/// breaks off or is too large does not make them doubtful. `None` when there is no room for it.
async fn body(
    question: &Question<'_>,
    response: reqwest::Response,
    room: &mut Room,
) -> Result<Option<Vec<u8>>, ArmError> {
    let is_needed = question.is_read && response.status().is_success();
    let limit = if is_needed { question.limit } else { SMALL_BYTES };
    match read_limited(response, limit, room).await {
        Ok(body) => Ok(Some(body)),
        Err(_) if !is_needed => Ok(Some(Vec::new())),
        Err(BodyError::NoRoom) => Ok(None),
        Err(BodyError::TooLarge(TooLarge { limit })) => Err(ArmError::TooLarge {
            method: question.method.to_string(),
            path: question.url.path().to_owned(),
            limit,
        }),
        Err(BodyError::Broken(source)) => Err(broken(question, source)),
    }
}

fn broken(question: &Question<'_>, source: reqwest::Error) -> ArmError {
    // Addresses may carry signed values.
    let source = source.without_url();
    let host = host_of(&question.url);
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
            method: question.method.to_string(),
            path: question.url.path().to_owned(),
            source,
        }
    }
}
