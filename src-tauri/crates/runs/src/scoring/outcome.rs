//! What came of a call.

use super::Target;
use super::credential::Credential;
pub use super::credential::CredentialKind;
use berth_arm::ArmError;
use berth_certs::probe::{CallAnswer, CallError, LookupError, ProbeError, Stage};
use berth_domain::canary::Reply;
use berth_domain::scoring::VERSION_HEADER;
use std::time::Duration;

/// Replaces the credential in an answer that repeats it.
const HIDDEN: &str = "[hidden]";

/// The answer to a call, with any status. It never holds the credential.
#[derive(Debug, Clone)]
pub struct Called {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, up to a limit.
    pub body: Vec<u8>,
    /// Whether `body` is all of it.
    pub is_complete: bool,
    /// From the first packet to the last byte.
    pub took: Duration,
    /// The version that answered, if the front end says so (extension route).
    pub version: Option<String>,
    /// What the call was made with.
    pub with: CredentialKind,
    /// Whether request and credential were sent in clear text.
    pub is_plain: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ScoringError {
    /// Azure gave no key or token.
    #[error("Azure gave no key or token for the endpoint")]
    Azure(#[from] ArmError),
    /// The host has no address.
    #[error("{host} has no address")]
    NoAddress {
        /// The host.
        host: String,
    },
    /// The host could not be looked up.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// The request could not be formed.
    #[error("the request could not be formed")]
    NotSent,
    /// The connection failed, or its certificate is not accepted.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl Called {
    pub(super) fn of(answer: CallAnswer, target: &Target, credential: Option<&Credential>) -> Self {
        let headers: Vec<(String, String)> = answer
            .headers
            .into_iter()
            .map(|(name, value)| (name, without(value, credential)))
            .collect();
        let version = headers.iter().find(|(name, _)| name == VERSION_HEADER);
        Self {
            status: answer.status,
            version: version.map(|(_, value)| value.clone()),
            headers,
            body: without_bytes(answer.body, credential),
            is_complete: answer.is_complete,
            took: answer.took,
            with: credential.map_or(CredentialKind::None, |credential| credential.kind),
            is_plain: !target.address.tls,
        }
    }

    /// For [`berth_domain::canary::classify`].
    pub fn reply(&self) -> Reply {
        Reply::Status(self.status)
    }
}

impl ScoringError {
    /// For [`berth_domain::canary::classify`]; `None` if Azure gave no credential, which is not a reply.
    pub fn reply(&self) -> Option<Reply> {
        match self {
            Self::Azure(_) | Self::NotSent => None,
            Self::NoAddress { .. } | Self::Lookup(_) => Some(Reply::NotConnected),
            Self::Call(CallError::Untrusted { .. }) => Some(Reply::Untrusted),
            Self::Call(CallError::Probe(error)) => Some(reply_of(error)),
        }
    }
}

fn reply_of(error: &ProbeError) -> Reply {
    match error {
        ProbeError::TimedOut {
            stage: Stage::Http, ..
        } => Reply::TimedOut,
        ProbeError::Reset {
            stage: Stage::Http, ..
        }
        | ProbeError::NotHttp { .. } => Reply::Cut,
        ProbeError::Alert { .. }
        | ProbeError::Handshake { .. }
        | ProbeError::NotTls { .. }
        | ProbeError::Unreadable { .. }
        | ProbeError::ServerName { .. }
        | ProbeError::Setup(_)
        | ProbeError::Reset {
            stage: Stage::Handshake,
            ..
        } => Reply::Untrusted,
        ProbeError::Refused { .. }
        | ProbeError::TimedOut { .. }
        | ProbeError::Unreachable { .. }
        | ProbeError::Reset { .. }
        | ProbeError::Request { .. } => Reply::NotConnected,
    }
}

fn without(text: String, credential: Option<&Credential>) -> String {
    match credential {
        Some(credential) if text.contains(credential.expose()) => text.replace(credential.expose(), HIDDEN),
        _ => text,
    }
}

fn without_bytes(body: Vec<u8>, credential: Option<&Credential>) -> Vec<u8> {
    let Some(secret) = credential.map(|credential| credential.expose().as_bytes()) else {
        return body;
    };
    let mut rest = body.as_slice();
    let mut clean = Vec::new();
    while let Some(at) = rest.windows(secret.len()).position(|part| part == secret) {
        clean.extend_from_slice(&rest[..at]);
        clean.extend_from_slice(HIDDEN.as_bytes());
        rest = &rest[at + secret.len()..];
    }
    if clean.is_empty() && rest.len() == body.len() {
        return body;
    }
    clean.extend_from_slice(rest);
    clean
}
