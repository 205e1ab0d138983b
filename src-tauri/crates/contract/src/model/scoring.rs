//! Models of trying an endpoint, and of its keys.

use super::ResourceOn;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

model! {
    /// Which endpoint or version to call.
    EndpointCall {
        /// Account id.
        account: String,
        /// Id of the endpoint.
        endpoint_id: String,
        /// Name of a version; `None` to let the endpoint choose by its traffic.
        version: Option<String>,
        /// Host that may get the key although Berth cannot confirm that it is the front end; `None` for no such host.
        trusted_host: Option<String>,
    }
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CallEnd {
    /// With an answer, whatever its status.
    Answered,
    /// The connection ended before a complete answer.
    Cut,
    /// Without an answer in time.
    TimedOut,
    /// There was no connection.
    NotConnected,
    /// The certificate is not trusted. Nothing was sent.
    Untrusted,
}

/// How a call identified itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CalledWith {
    /// By the primary key.
    Key,
    /// By a token.
    Token,
    /// Not at all.
    Nothing,
}

model! {
    /// A header of an answer.
    AnswerHeader {
        /// In lower case.
        name: String,
        /// The value.
        value: String,
    }
}

model! {
    /// The answer to a call. The key or token is removed from it.
    CallAnswer {
        /// HTTP status.
        status: u16,
        /// From the first packet to the last byte, in milliseconds.
        took_ms: u32,
        /// In the order of the answer.
        headers: Vec<AnswerHeader>,
        /// The body as text, up to a limit; `None` if it is not UTF-8 text.
        body: Option<String>,
        /// Bytes of the body that were read.
        bytes: u32,
        /// Whether `body` is all of it.
        is_complete: bool,
        /// Version that answered, if the front end says so (extension route).
        version: Option<String>,
        /// How the call identified itself.
        with: CalledWith,
    }
}

model! {
    /// What came of a call.
    CallOutcome {
        /// How it ended.
        end: CallEnd,
        /// The scoring URL.
        url: String,
        /// Whether request, key and answer were readable on the way (`http`).
        is_plain: bool,
        /// The answer; `None` if there was none.
        answer: Option<CallAnswer>,
        /// Why there was no answer.
        detail: Option<String>,
    }
}


/// A key of an endpoint, or a token for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CredentialKind {
    /// The first key.
    Primary,
    /// The second key.
    Secondary,
    /// A new token.
    Token,
}

model! {
    /// Names a key or token. It is fetched when it is needed, and never reaches the window.
    CredentialRef {
        /// The endpoint.
        endpoint: ResourceOn,
        /// Which one.
        which: CredentialKind,
    }
}

model! {
    /// What is known about a key or token besides its value.
    CredentialInfo {
        /// Which one.
        which: CredentialKind,
        /// When to get a new token, RFC 3339; `None` for a key, or if Azure does not say.
        refresh_after: Option<String>,
        /// When the token stops working, RFC 3339; `None` for a key, or if Azure does not say.
        expires_at: Option<String>,
    }
}
