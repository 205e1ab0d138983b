//! Connects clients of Azure's libraries through Berth's own HTTP client, which limits sizes, redirects and waits. Permanent
//! errors are converted so that the library does not retry them, and addresses, which may be signed, are left out of all.

use crate::ArmError;
use async_trait::async_trait;
use azure_core::error::{Error, ErrorKind, Result};
use azure_core::http::headers::{HeaderName, Headers};
use azure_core::http::{AsyncRawResponse, HttpClient, Request, StatusCode, Transport};
use berth_http::{Collected, distrust, host_of, read_asked_wait};
use futures::StreamExt as _;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Wraps an HTTP client for one of Azure's libraries. A server that asks for a longer wait than `longest_wait` is not asked
/// again, and an answer of more than `most_bytes` is an error.
pub fn transport(client: reqwest::Client, longest_wait: Duration, most_bytes: usize) -> Transport {
    Transport::new(Arc::new(Bounded {
        client,
        longest_wait,
        most_bytes,
    }))
}

#[derive(Debug)]
struct Bounded {
    client: reqwest::Client,
    longest_wait: Duration,
    most_bytes: usize,
}

#[async_trait]
impl HttpClient for Bounded {
    async fn execute_request(&self, request: &Request) -> Result<AsyncRawResponse> {
        let sent = self.client.execute_request(request).await;
        let (status, headers, mut stream) = sent.map_err(told_apart)?.deconstruct();
        let host = host_of(request.url());
        if status.is_redirection() {
            let to = header(&headers, "location").and_then(|to| request.url().join(to).ok());
            let to = to.as_ref().map(host_of).unwrap_or_default();
            return Err(lasting(ArmError::Elsewhere { host, to }));
        }
        let mut body = Collected::new(self.most_bytes);
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(without_address)?;
            body.push(&chunk).map_err(|too_large| {
                lasting(ArmError::TooLarge {
                    method: request.method().to_string(),
                    path: request.url().path().to_owned(),
                    limit: too_large.limit,
                })
            })?;
        }
        if self.asks_for_long(status, &headers) {
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

impl Bounded {
    fn asks_for_long(&self, status: StatusCode, headers: &Headers) -> bool {
        let busy = matches!(
            status,
            StatusCode::TooManyRequests | StatusCode::ServiceUnavailable
        );
        let milliseconds =
            header(headers, "x-ms-retry-after-ms").or_else(|| header(headers, "retry-after-ms"));
        let now = SystemTime::now();
        let asked = read_asked_wait(header(headers, "retry-after"), milliseconds, now);
        busy && asked.is_some_and(|asked| asked > self.longest_wait)
    }
}

/// The library retries what looks like a connection error; an untrusted server must not be retried.
fn told_apart(error: Error) -> Error {
    let error = without_address(error);
    if distrust(&error).is_some() {
        Error::with_error(ErrorKind::Other, error, "the server is not trusted")
    } else {
        error
    }
}

fn without_address(error: Error) -> Error {
    let kind = error.kind().clone();
    match error.into_downcast::<reqwest::Error>() {
        Ok(source) => Error::with_error(kind, source.without_url(), "the request failed"),
        Err(error) => error,
    }
}

fn lasting(error: ArmError) -> Error {
    Error::new(ErrorKind::Other, error)
}

fn header<'a>(headers: &'a Headers, name: &'static str) -> Option<&'a str> {
    headers.get_optional_str(&HeaderName::from_static(name))
}
