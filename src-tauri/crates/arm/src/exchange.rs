//! What goes out to Azure and what comes back, before and after the wire.

use crate::error::{ArmError, BadJson};
use crate::fault::of_answer;
use crate::poll::{Ask, Bookmark, LONGEST_POLL};
use ::http::{HeaderMap, Method, StatusCode};
use berth_http::asked_wait;
use serde_json::Value;
use std::fmt;
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
    pub(crate) status: StatusCode,
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
    /// Most bytes of the answer.
    pub(crate) limit: usize,
}

impl<'a> Question<'a> {
    /// A question that changes nothing.
    pub(crate) fn read(method: Method, url: Url, body: Option<&'a Value>, limit: usize) -> Self {
        Self {
            method,
            url,
            body,
            client_request_id: Uuid::new_v4(),
            conditions: Vec::new(),
            is_read: true,
            limit,
        }
    }

    pub(crate) fn refused(&self, answer: &Answer) -> ArmError {
        let status = answer.status.as_u16();
        let mut fault = of_answer(status, &answer.body);
        fault.correlation_id = correlation_id(&answer.headers);
        ArmError::Refused {
            method: self.method.to_string(),
            path: self.url.path().to_owned(),
            status,
            fault: Box::new(fault),
            retry_after: asked_wait(&answer.headers),
        }
    }

    pub(crate) fn bad_answer(&self, source: BadJson) -> ArmError {
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

/// A correlation id is a GUID, sometimes with a little before it.
const LONGEST_ID: usize = 200;

pub(crate) fn correlation_id(headers: &HeaderMap) -> Option<String> {
    let found = header(headers, "x-ms-correlation-request-id").or_else(|| header(headers, "x-ms-request-id"));
    found.filter(|id| id.len() <= LONGEST_ID).map(str::to_owned)
}

/// How to ask for the end of what was sent; `None` when the answer is the end.
pub(crate) fn bookmark(answer: &Answer, body: Option<&Value>, path_and_query: &str) -> Option<Bookmark> {
    let retry_after_ms = asked_wait(&answer.headers)
        .map(|wait| u64::try_from(wait.min(LONGEST_POLL).as_millis()).unwrap_or(u64::MAX));
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
        resource: address_of(path_and_query),
        retry_after_ms,
    })
}

/// By what a resource is read that is written at a path and query: what else the query says is for the writing.
fn address_of(path_and_query: &str) -> String {
    match (path_and_query.split_once('?'), api_version(path_and_query)) {
        (Some((path, _)), Some(version)) => format!("{path}?{version}"),
        _ => path_and_query.to_owned(),
    }
}

/// The `api-version=…` of a path and query.
pub fn api_version(path_and_query: &str) -> Option<&str> {
    let (_, query) = path_and_query.split_once('?')?;
    query.split('&').find(|pair| pair.starts_with("api-version="))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_resource_is_read_without_what_was_asked_of_its_write() {
        let answer = Answer {
            status: StatusCode::ACCEPTED,
            headers: HeaderMap::new(),
            body: Vec::new(),
        };
        let deleting = json!({ "properties": { "provisioningState": "Deleting" } });
        let resource = |sent: &str| bookmark(&answer, Some(&deleting), sent).unwrap().resource;
        assert_eq!(
            resource("/computes/c?api-version=2024-04-01&underlyingResourceAction=Detach"),
            "/computes/c?api-version=2024-04-01"
        );
        assert_eq!(
            resource("/kinds/k?force=true&api-version=1"),
            "/kinds/k?api-version=1"
        );
        assert_eq!(resource("/kinds/k"), "/kinds/k");
    }
}
