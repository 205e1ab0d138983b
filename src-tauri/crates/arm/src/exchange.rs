//! Requests to Azure and their responses, independent of the HTTP client.

use crate::error::{ArmError, BadJson};
use crate::fault::from_response;
use crate::poll::{Ask, Bookmark, LONGEST_POLL};
use ::http::{HeaderMap, Method, StatusCode};
use berth_http::asked_wait;
use serde_json::Value;
use std::fmt;
use url::Url;
use uuid::Uuid;

/// A write request. `Debug` omits the body, which may hold a key.
#[derive(Clone)]
pub struct Outgoing {
    /// HTTP method, such as PUT or DELETE.
    pub method: Method,
    /// Path and query, relative to the cloud's Azure Resource Manager endpoint.
    pub path_and_query: String,
    /// JSON body; `None` sends no body.
    pub body: Option<Value>,
    /// Sent as `x-ms-client-request-id`, to find the request again in Azure's logs.
    pub client_request_id: Uuid,
    /// `If-Match`: the write applies only if the resource has this etag.
    pub if_match: Option<String>,
    /// `If-None-Match`: `*` makes the write apply only if the resource does not exist.
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

/// Azure's response to an [`Outgoing`] request. `Debug` omits the body, which may hold a key.
#[derive(Clone)]
pub struct Sent {
    /// HTTP status.
    pub status: u16,
    /// JSON body; `None` if there was none or it could not be parsed.
    pub body: Option<Value>,
    /// How to poll the long-running operation; `None` if it has already completed.
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

pub(crate) struct ApiResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct ApiRequest<'a> {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) body: Option<&'a Value>,
    pub(crate) client_request_id: Uuid,
    pub(crate) conditions: Vec<(&'static str, String)>,
    pub(crate) is_read: bool,
    /// Maximum size of the response body, in bytes.
    pub(crate) limit: usize,
}

impl<'a> ApiRequest<'a> {
    /// A request without side effects, which is safe to repeat.
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

    pub(crate) fn refused(&self, response: &ApiResponse) -> ArmError {
        let status = response.status.as_u16();
        let mut fault = from_response(status, &response.body);
        fault.correlation_id = correlation_id(&response.headers);
        ArmError::Refused {
            method: self.method.to_string(),
            path: self.url.path().to_owned(),
            status,
            fault: Box::new(fault),
            retry_after: asked_wait(&response.headers),
        }
    }

    pub(crate) fn bad_response(&self, source: BadJson) -> ArmError {
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

/// A correlation id is a GUID, sometimes with a short prefix.
const LONGEST_ID: usize = 200;

pub(crate) fn correlation_id(headers: &HeaderMap) -> Option<String> {
    let found = header(headers, "x-ms-correlation-request-id").or_else(|| header(headers, "x-ms-request-id"));
    found.filter(|id| id.len() <= LONGEST_ID).map(str::to_owned)
}

/// How to poll the operation that a write started; `None` if the response is already final.
pub(crate) fn bookmark(
    response: &ApiResponse,
    body: Option<&Value>,
    path_and_query: &str,
) -> Option<Bookmark> {
    let retry_after_ms = asked_wait(&response.headers)
        .map(|wait| u64::try_from(wait.min(LONGEST_POLL).as_millis()).unwrap_or(u64::MAX));
    let ask = if let Some(url) = header(&response.headers, "azure-asyncoperation") {
        Ask::Operation { url: url.to_owned() }
    } else if let Some(url) = header(&response.headers, "location").filter(|_| response.status == 202) {
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
        resource: read_path(path_and_query),
        retry_after_ms,
    })
}

/// The path to read a resource that was written at `path_and_query`: keeps the api-version and drops the write's other
/// query parameters.
fn read_path(path_and_query: &str) -> String {
    match (path_and_query.split_once('?'), api_version(path_and_query)) {
        (Some((path, _)), Some(version)) => format!("{path}?{version}"),
        _ => path_and_query.to_owned(),
    }
}

/// Returns the `api-version=…` parameter of a path and query, name included.
pub fn api_version(path_and_query: &str) -> Option<&str> {
    let (_, query) = path_and_query.split_once('?')?;
    query.split('&').find(|pair| pair.starts_with("api-version="))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_resource_is_read_without_the_query_parameters_of_its_write() {
        let response = ApiResponse {
            status: StatusCode::ACCEPTED,
            headers: HeaderMap::new(),
            body: Vec::new(),
        };
        let deleting = json!({ "properties": { "provisioningState": "Deleting" } });
        let resource = |sent: &str| bookmark(&response, Some(&deleting), sent).unwrap().resource;
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
