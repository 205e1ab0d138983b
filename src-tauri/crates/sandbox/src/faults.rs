//! Faults on demand, for who wants to see how a client takes them: `PUT /_sandbox/faults`.

use crate::answer::{Answer, ErrorBody, Refusal};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Largest answer that [`FaultAction::pad_to_mib`] makes.
pub(crate) const MAX_MIB: usize = 256;

/// One fault: which requests it meets, what it does, how often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Which requests.
    #[serde(rename = "match", default)]
    pub matches: FaultMatch,
    /// What is done to them.
    #[serde(rename = "do")]
    pub action: FaultAction,
    /// How often; once if not said.
    #[serde(default = "once")]
    pub times: u32,
    /// How many such requests go by unharmed before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub skip: u32,
}

fn once() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Which requests a fault meets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultMatch {
    /// Method; any if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Part of path and query, or with `*` the whole of it, without regard to case; any if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// What a fault does. Several may stand together, such as a delay and a status.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FaultAction {
    /// Answers with this status and a body like Azure's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// `error.code` of that body, in place of the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// `error.message` of that body, in place of the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What `Retry-After` of that answer says, in place of the usual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// Resets the connection; the request is not handled.
    #[serde(skip_serializing_if = "is_false")]
    pub reset: bool,
    /// Handles the request, then resets the connection in place of the answer.
    #[serde(skip_serializing_if = "is_false")]
    pub lose_answer: bool,
    /// Real milliseconds before the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// Makes the operation fail that the request starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_operation: Option<FailOperation>,
    /// Holds the request until it is released or its client is gone: see [`crate::held`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// Cuts the answer in the middle of its body and closes the connection, as a proxy does that gave up.
    #[serde(skip_serializing_if = "is_false")]
    pub truncate: bool,
    /// Breaks the JSON of the answer, with nothing else of it changed.
    #[serde(skip_serializing_if = "is_false")]
    pub garble: bool,
    /// Fills the answer up with spaces to so many MiB, at most [`MOST_MIB`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pad_to_mib: Option<usize>,
    /// Answers 307 to the same path on this host (`https://host:port`); the request is not handled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect: Option<String>,
    /// Forgets the operation that the request starts or asks about: from then on its addresses answer 404.
    #[serde(skip_serializing_if = "is_false")]
    pub expire_bookmark: bool,
    /// Makes every token issued so far count as expired.
    #[serde(skip_serializing_if = "is_false")]
    pub expire_tokens: bool,
    /// Answers 401 and asks for a token that meets an authentication context
    /// (learn.microsoft.com/entra/identity-platform/claims-challenge).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims_challenge: Option<String>,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// Where on its way a request is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hold {
    /// Before it is handled: to the world it has not arrived.
    Before,
    /// After it was handled, before its answer goes out.
    After,
}

impl FaultAction {
    /// Whether it is done to an operation, so that it lasts until it has met a request with one.
    fn affects_operation(&self) -> bool {
        self.fail_operation.is_some() || self.expire_bookmark
    }
}

/// `true`, or the error the operation is to end with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FailOperation {
    /// With an internal error.
    Plain(bool),
    /// With this one.
    With {
        /// Its code.
        code: String,
        /// Its message.
        #[serde(default)]
        message: String,
    },
}

impl FailOperation {
    /// The error the operation ends with.
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

/// The faults set.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

/// A fault that met a request, to be told whether it came to pass.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MatchedFault {
    fault: Fault,
}

impl MatchedFault {
    /// What is to be done.
    pub(crate) fn action(&self) -> &FaultAction {
        &self.fault.action
    }

    /// The answer in place of the real one, if there is to be one.
    pub(crate) fn answer(&self) -> Option<Answer> {
        let challenged = self.action().claims_challenge.as_deref().map(challenge);
        challenged.or_else(|| self.action().status.map(|status| refusal(status, self.action())))
    }
}

impl Faults {
    fn lock(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds faults to those there are.
    pub(crate) fn add(&self, faults: Vec<Fault>) {
        self.lock().extend(faults);
    }

    /// Those there are, with what is left of their times.
    pub(crate) fn list(&self) -> Vec<Fault> {
        self.lock().clone()
    }

    /// Takes all away.
    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// The first fault that meets a request. It counts as used, unless it is about an operation: see [`Self::used`].
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

    /// Counts a fault that met an operation.
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

/// The challenge of Conditional Access: what the next token must say.
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

/// An answer like Azure's for a status.
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
    fn a_fault_meets_what_it_names_as_often_as_it_says() {
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
    fn a_fault_waits_for_its_turn() {
        let faults = Faults::default();
        faults.add(vec![fault(r#"{"do":{"hold":"before"},"skip":2}"#)]);
        let met: Vec<bool> = (0..4)
            .map(|_| faults.take_match(&Method::GET, "/a").is_some())
            .collect();
        assert_eq!(met, [false, false, true, false]);
    }

    #[test]
    fn stars_span_the_whole_path() {
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
    fn throttling_says_when_to_come_back() {
        let answer = refusal(429, &FaultAction::default());
        assert!(
            answer
                .headers
                .contains(&("Retry-After".to_string(), "1".to_string()))
        );
        assert_eq!(answer.body.unwrap()["error"]["code"], "TooManyRequests");
    }

    #[test]
    fn a_fault_for_an_operation_lasts_until_one_was_started() {
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
