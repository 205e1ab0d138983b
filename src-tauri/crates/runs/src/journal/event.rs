//! The history of a run: what happened, one line each.

use crate::record::Ending;
use berth_contract::failure::FailureCode;
use jiff::Timestamp;
use serde::de::{DeserializeOwned, IntoDeserializer as _, value};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// Something that happened in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Sequence number, starting at 0.
    pub seq: u64,
    /// When it happened.
    pub time: Timestamp,
    /// Id of the step, for an event of a step.
    pub step: Option<String>,
    /// What happened.
    #[serde(rename = "what")]
    pub kind: EventKind,
}

/// What happened. Stored as a word, in some cases followed by a colon and a value: `request_answered: 202`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum EventKind {
    /// A program took the run up.
    RunContinues,
    /// The run ended.
    RunEnded(Ending),
    /// The run was cancelled while no program was carrying it out.
    RunCancelledWhileIdle,
    /// A change is being rolled back.
    RollbackStarted,
    /// A step begins.
    StepBegins,
    /// A step had nothing to do.
    StepAlreadyThere,
    /// A step is done.
    StepDone,
    /// A step failed.
    StepFailed(FailureCode),
    /// A step failed and the run continues; with the details of the failure.
    StepSkipped(String),
    /// A step was cancelled.
    StepCancelled,
    /// A request is about to be sent; with its `x-ms-client-request-id`.
    RequestSent(Uuid),
    /// Azure answered a request; with the HTTP status.
    RequestAnswered(u16),
    /// A request failed; with the HTTP status, or 0 without an answer.
    RequestFailed(u16),
    /// Azure works on the resource.
    Accepted,
    /// Azure no longer knows the operation.
    BookmarkExpired,
    /// Azure reported that an operation failed; with the error code.
    OperationFailed(String),
    /// Azure stops the operation.
    AbortAccepted,
    /// Azure refused to stop the operation; with the HTTP status.
    AbortRefused(u16),
    /// Azure did not answer in time whether it stops the operation.
    AbortUnanswered,
    /// The step waits; with the reason.
    Waiting(String),
    /// The reason to wait is gone.
    WaitOver,
    /// A canary is at another stage; with the stage and the traffic.
    Canary(String),
    /// An event of another version of Berth, verbatim.
    Other(String),
}

impl EventKind {
    /// Applies `map` to every text that may come from outside.
    pub(crate) fn map_text(self, map: impl Fn(&str) -> String) -> Self {
        match self {
            Self::StepSkipped(text) => Self::StepSkipped(map(&text)),
            Self::OperationFailed(text) => Self::OperationFailed(map(&text)),
            Self::Waiting(text) => Self::Waiting(map(&text)),
            Self::Canary(text) => Self::Canary(map(&text)),
            Self::Other(text) => Self::Other(map(&text)),
            other => other,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (word, value) = text
            .split_once(": ")
            .map_or((text, None), |(word, value)| (word, Some(value)));
        Some(match (word, value) {
            ("run_goes_on", None) => Self::RunContinues,
            // Older versions wrote `takenback`.
            ("run_ended", Some("takenback")) => Self::RunEnded(Ending::TakenBack),
            ("run_ended", Some(how)) => Self::RunEnded(from_word(how)?),
            ("run_cancelled_while_nobody_carried_it_out", None) => Self::RunCancelledWhileIdle,
            ("goes_back", None) => Self::RollbackStarted,
            ("step_begins", None) => Self::StepBegins,
            ("step_already_there", None) => Self::StepAlreadyThere,
            ("step_done", None) => Self::StepDone,
            ("step_failed", Some(code)) => Self::StepFailed(from_word(code)?),
            ("passed_over", Some(detail)) => Self::StepSkipped(detail.to_owned()),
            ("step_cancelled", None) => Self::StepCancelled,
            ("request_leaves", Some(id)) => Self::RequestSent(id.parse().ok()?),
            ("request_answered", Some(status)) => Self::RequestAnswered(status.parse().ok()?),
            ("request_failed", Some(status)) => Self::RequestFailed(status.parse().ok()?),
            ("accepted", None) => Self::Accepted,
            ("bookmark_expired", None) => Self::BookmarkExpired,
            ("operation_failed", Some(code)) => Self::OperationFailed(code.to_owned()),
            ("abort_accepted", None) => Self::AbortAccepted,
            ("abort_refused", Some(status)) => Self::AbortRefused(status.parse().ok()?),
            ("abort_unanswered", None) => Self::AbortUnanswered,
            ("waiting", Some(reason)) => Self::Waiting(reason.to_owned()),
            ("goes_on", None) => Self::WaitOver,
            ("canary", Some(stage)) => Self::Canary(stage.to_owned()),
            _ => return None,
        })
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RunContinues => f.write_str("run_goes_on"),
            Self::RunEnded(how) => write!(f, "run_ended: {}", to_word(how)),
            Self::RunCancelledWhileIdle => f.write_str("run_cancelled_while_nobody_carried_it_out"),
            Self::RollbackStarted => f.write_str("goes_back"),
            Self::StepBegins => f.write_str("step_begins"),
            Self::StepAlreadyThere => f.write_str("step_already_there"),
            Self::StepDone => f.write_str("step_done"),
            Self::StepFailed(code) => write!(f, "step_failed: {}", to_word(code)),
            Self::StepSkipped(detail) => write!(f, "passed_over: {detail}"),
            Self::StepCancelled => f.write_str("step_cancelled"),
            Self::RequestSent(id) => write!(f, "request_leaves: {id}"),
            Self::RequestAnswered(status) => write!(f, "request_answered: {status}"),
            Self::RequestFailed(status) => write!(f, "request_failed: {status}"),
            Self::Accepted => f.write_str("accepted"),
            Self::BookmarkExpired => f.write_str("bookmark_expired"),
            Self::OperationFailed(code) => write!(f, "operation_failed: {code}"),
            Self::AbortAccepted => f.write_str("abort_accepted"),
            Self::AbortRefused(status) => write!(f, "abort_refused: {status}"),
            Self::AbortUnanswered => f.write_str("abort_unanswered"),
            Self::Waiting(reason) => write!(f, "waiting: {reason}"),
            Self::WaitOver => f.write_str("goes_on"),
            Self::Canary(stage) => write!(f, "canary: {stage}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

impl From<EventKind> for String {
    fn from(kind: EventKind) -> Self {
        kind.to_string()
    }
}

impl From<String> for EventKind {
    fn from(text: String) -> Self {
        Self::parse(&text).unwrap_or(Self::Other(text))
    }
}

/// The serialized name of an enum without values.
fn to_word(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

fn from_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    let word: value::StrDeserializer<'_, value::Error> = word.into_deserializer();
    T::deserialize(word).ok()
}
