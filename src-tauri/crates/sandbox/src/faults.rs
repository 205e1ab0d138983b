//! Faults on demand, to test how clients handle them: `PUT /_sandbox/faults`.

use crate::answer::{Answer, ErrorBody, Refusal};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Upper limit of [`FaultAction::pad_to_mib`].
pub(crate) const MAX_MIB: usize = 256;

/// A fault: which requests it applies to, what it does and how often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The requests it applies to.
    #[serde(rename = "match", default)]
    pub matches: FaultMatch,
    /// What it does to them.
    #[serde(rename = "do")]
    pub action: FaultAction,
    /// How often it applies; once by default.
    #[serde(default = "once")]
    pub times: u32,
    /// How many matching requests to let through first.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub skip: u32,
}

fn once() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The requests a fault applies to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultMatch {
    /// HTTP method; any by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Part of path and query or, with `*` wildcards, all of it; ignores case. Any by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// What a fault does. Actions can be combined, such as a delay and a status.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FaultAction {
    /// Answers with this status and an Azure-style error body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// `error.code` of that body, instead of the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// `error.message` of that body, instead of the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// `Retry-After` of that answer in seconds, instead of the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// Resets the connection without handling the request.
    #[serde(skip_serializing_if = "is_false")]
    pub reset: bool,
    /// Handles the request, then resets the connection instead of answering.
    #[serde(skip_serializing_if = "is_false")]
    pub lose_answer: bool,
    /// Real milliseconds to wait before answering.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// Makes the operation that the request starts fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_operation: Option<FailOperation>,
    /// Holds the request until it is released or its client disconnects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// Cuts off the answer in the middle of its body and closes the connection, like a proxy that gives up.
    #[serde(skip_serializing_if = "is_false")]
    pub truncate: bool,
    /// Breaks the JSON of the answer and changes nothing else.
    #[serde(skip_serializing_if = "is_false")]
    pub garble: bool,
    /// Answers with this body instead of the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<serde_json::Value>,
    /// Pads the answer with spaces to this many MiB, at most 256.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pad_to_mib: Option<usize>,
    /// Splits a list into pages of this many items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<NonZeroUsize>,
    /// Answers 307 with the same path on this host (`https://host:port`) without handling the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect: Option<String>,
    /// Makes the operation that the request starts or polls unknown: its URLs answer 404 from then on.
    #[serde(skip_serializing_if = "is_false")]
    pub expire_bookmark: bool,
    /// Expires every token issued so far.
    #[serde(skip_serializing_if = "is_false")]
    pub expire_tokens: bool,
    /// Answers 401 and requests a token with this authentication context
    /// (learn.microsoft.com/entra/identity-platform/claims-challenge).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims_challenge: Option<String>,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// When a request is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hold {
    /// Before it is handled: the state does not show it yet.
    Before,
    /// After it was handled, before it is answered.
    After,
}

impl FaultAction {
    /// Whether it concerns an operation, so that the fault lasts until a request with one matches.
    fn affects_operation(&self) -> bool {
        self.fail_operation.is_some() || self.expire_bookmark
    }
}

/// `true`, or the error that the operation ends with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FailOperation {
    /// Fails with an internal error if true.
    Plain(bool),
    /// Fails with this error.
    With {
        /// The error's code.
        code: String,
        /// The error's message.
        #[serde(default)]
        message: String,
    },
}

impl FailOperation {
    pub(crate) fn error(&self) -> Option<ErrorBody> {
        match self {
            Self::Plain(false) => None,
            Self::Plain(true) => {
                let message =
                    "Internal server error. Please retry the operation; if it persists, contact support.";
                Some(ErrorBody::new("InternalOperationError", message))
            }
            Self::With { code, message } => Some(ErrorBody::new(code, message)),
        }
    }
}

impl FaultMatch {
    fn matches(&self, method: &Method, target: &str) -> bool {
        let method_fits = self
            .method
            .as_ref()
            .is_none_or(|wanted| wanted == "*" || method.as_str().eq_ignore_ascii_case(wanted));
        method_fits
            && self
                .path
                .as_ref()
                .is_none_or(|wanted| path_matches(wanted, target))
    }
}

fn path_matches(wanted: &str, target: &str) -> bool {
    if wanted.contains('*') {
        return crate::authorization::roles::matches(wanted, target);
    }
    target.to_ascii_lowercase().contains(&wanted.to_ascii_lowercase())
}

/// The faults that are set.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

/// A fault that matched a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MatchedFault {
    fault: Fault,
}

impl MatchedFault {
    pub(crate) fn action(&self) -> &FaultAction {
        &self.fault.action
    }

    /// The answer to send instead of handling the request, if any.
    pub(crate) fn answer(&self) -> Option<Answer> {
        let challenged = self.action().claims_challenge.as_deref().map(challenge);
        challenged.or_else(|| self.action().status.map(|status| refusal(status, self.action())))
    }
}

impl Faults {
    fn lock(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, faults: Vec<Fault>) {
        self.lock().extend(faults);
    }

    /// The faults with their remaining times.
    pub(crate) fn list(&self) -> Vec<Fault> {
        self.lock().clone()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// Returns the first fault that matches a request and counts it as used, unless it concerns an operation:
    /// see [`Self::mark_used`].
    pub(crate) fn take_match(&self, method: &Method, target: &str) -> Option<MatchedFault> {
        let mut faults = self.lock();
        let mut met = None;
        for (index, fault) in faults.iter_mut().enumerate() {
            if fault.times == 0 || !fault.matches.matches(method, target) {
                continue;
            }
            if fault.skip == 0 {
                met = Some(index);
                break;
            }
            fault.skip -= 1;
        }
        let index = met?;
        let fault = faults[index].clone();
        if !fault.action.affects_operation() {
            use_up(&mut faults, index);
        }
        Some(MatchedFault { fault })
    }

    /// Counts a fault as used, once it has affected an operation.
    pub(crate) fn mark_used(&self, hit: &MatchedFault) {
        let mut faults = self.lock();
        let same = |fault: &Fault| fault.matches == hit.fault.matches && fault.action == hit.fault.action;
        if let Some(index) = faults.iter().position(same) {
            use_up(&mut faults, index);
        }
    }
}

fn use_up(faults: &mut Vec<Fault>, index: usize) {
    faults[index].times -= 1;
    if faults[index].times == 0 {
        faults.remove(index);
    }
}

/// A Conditional Access challenge, with the claims that the next token must contain.
fn challenge(context: &str) -> Answer {
    let claims = serde_json::json!({ "access_token": { "acrs": { "essential": true, "value": context } } });
    let claims = STANDARD.encode(claims.to_string());
    let message =
        "Continuous access evaluation resulted in a challenge: the request needs an authentication context.";
    let header = format!("Bearer realm=\"\", error=\"insufficient_claims\", claims=\"{claims}\"");
    Answer::from(Refusal::new(
        StatusCode::UNAUTHORIZED,
        "InvalidAuthenticationToken",
        message,
    ))
    .header("WWW-Authenticate", header)
}

/// An Azure-style answer for a status.
fn refusal(status: u16, action: &FaultAction) -> Answer {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (code, message) = match status.as_u16() {
        400 => ("BadRequest", "The request was invalid."),
        401 => ("InvalidAuthenticationToken", "The access token is invalid."),
        403 => (
            "AuthorizationFailed",
            "The client does not have authorization to perform the action over the scope.",
        ),
        404 => ("ResourceNotFound", "The resource was not found."),
        409 => (
            "Conflict",
            "The request could not be completed due to a conflict with the current state of the resource.",
        ),
        412 => (
            "PreconditionFailed",
            "The condition given by the request headers was not met.",
        ),
        429 => (
            "TooManyRequests",
            "The request is being throttled. Please retry after the interval given in the Retry-After header.",
        ),
        502 => (
            "BadGateway",
            "The gateway received an invalid response from the upstream server.",
        ),
        503 => ("ServerBusy", "The server is busy. Please retry later."),
        504 => (
            "GatewayTimeout",
            "The gateway did not receive a response from the resource provider within the specified time period.",
        ),
        _ => (
            "InternalServerError",
            "The server encountered an internal error. Please retry the request.",
        ),
    };
    let code = action.code.as_deref().unwrap_or(code);
    let message = action.message.as_deref().unwrap_or(message);
    let answer = Answer::from(Refusal::new(status, code, message));
    match status.as_u16() {
        429 | 503 => answer.header("Retry-After", action.retry_after.unwrap_or(1).to_string()),
        401 => answer.header("WWW-Authenticate", "Bearer error=\"invalid_token\""),
        _ => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Fault {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_fault_applies_to_its_matches_as_often_as_set() {
        let faults = Faults::default();
        faults.add(vec![fault(
            r#"{"match":{"method":"put","path":"/managedClusters/"},"do":{"status":429},"times":2}"#,
        )]);
        let met = |method: Method, path: &str| faults.take_match(&method, path).is_some();
        assert!(!met(Method::GET, "/x/managedclusters/k"));
        assert!(met(Method::PUT, "/x/managedclusters/k") && met(Method::PUT, "/x/managedClusters/k"));
        assert!(!met(Method::PUT, "/x/managedclusters/k"), "two times are over");
        assert!(faults.list().is_empty());
    }

    #[test]
    fn a_fault_skips_the_first_matches() {
        let faults = Faults::default();
        faults.add(vec![fault(r#"{"do":{"hold":"before"},"skip":2}"#)]);
        let met: Vec<bool> = (0..4)
            .map(|_| faults.take_match(&Method::GET, "/a").is_some())
            .collect();
        assert_eq!(met, [false, false, true, false]);
    }

    #[test]
    fn wildcards_match_the_whole_path() {
        assert!(path_matches(
            "*/computes/*",
            "/subscriptions/s/workspaces/w/Computes/c"
        ));
        assert!(!path_matches(
            "*/computes",
            "/subscriptions/s/workspaces/w/computes/c"
        ));
    }

    #[test]
    fn throttling_sends_retry_after() {
        let answer = refusal(429, &FaultAction::default());
        assert!(
            answer
                .headers
                .contains(&("Retry-After".to_string(), "1".to_string()))
        );
        assert_eq!(answer.body.unwrap()["error"]["code"], "TooManyRequests");
    }

    #[test]
    fn an_operation_fault_stays_until_an_operation_starts() {
        let faults = Faults::default();
        faults.add(vec![fault(r#"{"do":{"fail_operation":{"code":"Boom"}}}"#)]);
        let hit = faults.take_match(&Method::GET, "/a").unwrap();
        assert_eq!(faults.list().len(), 1);
        faults.mark_used(&hit);
        assert!(faults.list().is_empty());
        assert_eq!(
            hit.action()
                .fail_operation
                .as_ref()
                .and_then(FailOperation::error)
                .unwrap()
                .code,
            "Boom"
        );
    }
}
