//! Requests that somebody other than Berth sends.

use berth_arm::Outgoing;
use reqwest::Method;
use serde_json::Value;

/// A request without conditions, with an id of its own.
pub fn outgoing(method: Method, path_and_query: String, body: Option<Value>) -> Outgoing {
    Outgoing {
        method,
        path_and_query,
        body,
        client_request_id: uuid::Uuid::new_v4(),
        if_match: None,
        if_none_match: None,
    }
}
