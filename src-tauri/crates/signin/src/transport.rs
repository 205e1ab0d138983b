//! Connects credentials to Entra ID through Berth's own client, which limits sizes, redirects and waits. Permanent
//! errors are converted so that the library does not retry them.

use async_trait::async_trait;
use azure_core::error::{Error, ErrorKind, Result};
use azure_core::http::headers::{HeaderName, Headers};
use azure_core::http::{
    AsyncRawResponse, ClientOptions, ExponentialRetryOptions, HttpClient, Request, RetryOptions,
};
use azure_core::http::{StatusCode, Transport};
use azure_core::time::Duration as Span;
use berth_arm::ArmError;
use berth_http::{Collected, SMALL_BYTES, distrust, host_of, read_asked_wait};
use futures::StreamExt as _;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Limit on one request.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(20);
/// The longest wait that Entra ID may ask for before a credential retries.
const LONGEST_ASKED: Duration = Duration::from_secs(5);

/// Client options with this transport, whose retries end before the caller gives up.
pub(crate) fn options(client: reqwest::Client) -> ClientOptions {
    ClientOptions {
        transport: Some(Transport::new(Arc::new(Bounded(client)))),
        retry: RetryOptions::exponential(ExponentialRetryOptions {
            max_retries: 2,
            max_total_elapsed: Span::seconds(10),
            ..ExponentialRetryOptions::default()
        }),
        ..ClientOptions::default()
    }
}

#[derive(Debug)]
struct Bounded(reqwest::Client);

#[async_trait]
impl HttpClient for Bounded {
    async fn execute_request(&self, request: &Request) -> Result<AsyncRawResponse> {
        let answer = self.0.execute_request(request).await.map_err(told_apart)?;
        let (status, headers, mut stream) = answer.deconstruct();
        let host = host_of(request.url());
        if status.is_redirection() {
            let to = header(&headers, "location").and_then(|to| request.url().join(to).ok());
            let to = to.as_ref().map(host_of).unwrap_or_default();
            return Err(lasting(ArmError::Elsewhere { host, to }));
        }
        let mut body = Collected::new(SMALL_BYTES);
        while let Some(chunk) = stream.next().await {
            body.push(&chunk?).map_err(|too_large| {
                lasting(ArmError::TooLarge {
                    method: request.method().to_string(),
                    path: request.url().path().to_owned(),
                    limit: too_large.limit,
                })
            })?;
        }
        if asks_for_long(status, &headers) {
            let kind = ErrorKind::HttpResponse {
                status,
                error_code: None,
                raw_response: None,
            };
            return Err(Error::with_message(
                kind,
                format!("{host} is too busy ({status})"),
            ));
        }
        Ok(AsyncRawResponse::from_bytes(status, headers, body.into_bytes()))
    }
}

/// The library retries what looks like a connection error; an untrusted server must not be retried.
fn told_apart(error: Error) -> Error {
    if distrust(&error).is_some() {
        Error::with_error(ErrorKind::Other, error, "the server is not trusted")
    } else {
        error
    }
}

fn lasting(error: ArmError) -> Error {
    Error::new(ErrorKind::Other, error)
}

fn asks_for_long(status: StatusCode, headers: &Headers) -> bool {
    let busy = matches!(
        status,
        StatusCode::TooManyRequests | StatusCode::ServiceUnavailable
    );
    let milliseconds = header(headers, "x-ms-retry-after-ms").or_else(|| header(headers, "retry-after-ms"));
    let now = SystemTime::now();
    let asked = read_asked_wait(header(headers, "retry-after"), milliseconds, now);
    busy && asked.is_some_and(|asked| asked > LONGEST_ASKED)
}

fn header<'a>(headers: &'a Headers, name: &'static str) -> Option<&'a str> {
    headers.get_optional_str(&HeaderName::from_static(name))
}
