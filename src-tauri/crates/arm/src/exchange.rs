//! What goes out to Azure and what comes back, before and after the wire.

use crate::error::ArmError;
use crate::fault::of_answer;
use crate::poll::{Ask, Bookmark};
use crate::retry;
use ::http::{HeaderMap, Method};
use serde_json::Value;
use std::fmt;
use std::time::Duration;
use url::Url;
use uuid::Uuid;

/// A request that changes something. `Debug` leaves its body out: there may be a key in it.
#[derive(Clone)]
pub struct Outgoing {
    /// Method.
    pub method: Method,
    /// Path and query from the cloud's address on.
    pub path_and_query: String,
    /// Body.
    pub body: Option<Value>,
    /// Sent as `x-ms-client-request-id`, to find the request again in Azure's logs.
    pub client_request_id: Uuid,
    /// Only when the resource's etag is this.
    pub if_match: Option<String>,
    /// Only when the resource is not there (`*`).
    pub if_none_match: Option<String>,
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("method", &self.method)
            .field("path_and_query", &self.path_and_query)
            .field("client_request_id", &self.client_request_id)
            .finish_non_exhaustive()
    }
}

/// What Azure answered to it. `Debug` leaves the body out as well.
#[derive(Clone)]
pub struct Sent {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: Option<Value>,
    /// How to ask for the end of it; `None` when it has ended.
    pub bookmark: Option<Bookmark>,
    /// `x-ms-correlation-request-id`, else `x-ms-request-id`.
    pub correlation_id: Option<String>,
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sent")
            .field("status", &self.status)
            .field("bookmark", &self.bookmark)
            .field("correlation_id", &self.correlation_id)
            .finish_non_exhaustive()
    }
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct Question<'a> {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) body: Option<&'a Value>,
    pub(crate) client_request_id: Uuid,
    pub(crate) conditions: Vec<(&'static str, String)>,
    pub(crate) is_read: bool,
}

impl Question<'_> {
    pub(crate) fn refused(&self, answer: &Answer) -> ArmError {
        let mut fault = of_answer(answer.status, &answer.body);
        fault.correlation_id = correlation_id(&answer.headers);
        ArmError::Refused {
            method: self.method.to_string(),
            path: self.url.path().to_owned(),
            status: answer.status,
            fault: Box::new(fault),
            retry_after: asked_wait(&answer.headers),
        }
    }

    pub(crate) fn bad_answer(&self, source: serde_json::Error) -> ArmError {
        ArmError::BadAnswer {
            method: self.method.to_string(),
            path: self.url.path().to_owned(),
            source,
        }
    }
}

pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

pub(crate) fn correlation_id(headers: &HeaderMap) -> Option<String> {
    let found = header(headers, "x-ms-correlation-request-id").or_else(|| header(headers, "x-ms-request-id"));
    found.map(str::to_owned)
}

pub(crate) fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    retry::asked_wait(
        header(headers, "retry-after"),
        header(headers, "x-ms-retry-after-ms"),
        jiff::Timestamp::now(),
    )
}

/// How to ask for the end of what was sent; `None` when the answer is the end.
pub(crate) fn bookmark(answer: &Answer, body: Option<&Value>, path_and_query: &str) -> Option<Bookmark> {
    let retry_after_ms =
        asked_wait(&answer.headers).map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
    let ask = if let Some(url) = header(&answer.headers, "azure-asyncoperation") {
        Ask::Operation { url: url.to_owned() }
    } else if let Some(url) = header(&answer.headers, "location").filter(|_| answer.status == 202) {
        Ask::Location { url: url.to_owned() }
    } else {
        let state = body
            .and_then(|body| body["properties"]["provisioningState"].as_str())
            .unwrap_or("Succeeded");
        if state.eq_ignore_ascii_case("Succeeded") {
            return None;
        }
        Ask::Resource
    };
    Some(Bookmark {
        ask,
        resource: path_and_query.to_owned(),
        retry_after_ms,
    })
}
