//! Long-running operations. Their progress is a function of time, never of polls: who does not poll finds
//! them just as far.
//!
//! What is done at the end is a closed enum, [`Effect`], applied by the module that owns the resource.

use crate::answer::{Answer, ErrorBody, Handled, Refusal};
use crate::call::Call;
use crate::clock::{Now, rfc3339};
use crate::effect::Effect;
use crate::world::World;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Azure seconds between two polls, before scaling.
const POLL_SECONDS: u64 = 15;

/// How an operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum OperationState {
    /// Going on.
    InProgress,
    /// Done.
    Succeeded,
    /// Ended with an error.
    Failed,
    /// Stopped by the caller.
    Canceled,
}

impl OperationState {
    /// As it stands in `status`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::InProgress => "InProgress",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Canceled => "Canceled",
        }
    }
}

/// How the outcome reaches the module that owns the resource.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    /// The effect takes place.
    Succeeded,
    /// It ended with this error.
    Failed(ErrorBody),
    /// The caller stopped it.
    Canceled,
}

/// One long-running operation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Operation {
    /// Its own id.
    pub(crate) id: String,
    /// Id of the resource it works on.
    pub(crate) resource: String,
    /// When it began, in Azure milliseconds since the world began.
    pub(crate) started: u64,
    /// How long it takes, in Azure milliseconds.
    pub(crate) lasts: u64,
    /// How it stands.
    pub(crate) state: OperationState,
    /// The error it ended with; before its end, the error it will end with.
    pub(crate) error: Option<ErrorBody>,
    /// What happens at its end.
    pub(crate) effect: Effect,
    /// Members beside `status` in the answer of its status URL once it has ended.
    #[serde(default)]
    pub(crate) properties: Value,
    /// Whether the status tells `percentComplete`.
    #[serde(default)]
    pub(crate) tells_percent: bool,
    /// Whether nobody can ask about it any more, though it goes on.
    #[serde(default)]
    pub(crate) forgotten: bool,
    /// When it began, on the wall clock.
    pub(crate) started_wall: jiff::Timestamp,
    /// When it ended, on the wall clock.
    #[serde(default)]
    pub(crate) ended_wall: Option<jiff::Timestamp>,
}

impl Operation {
    /// When it ends, in Azure milliseconds.
    pub(crate) fn ends(&self) -> u64 {
        self.started + self.lasts
    }

    /// Whether it is still going on.
    pub(crate) fn running(&self) -> bool {
        self.state == OperationState::InProgress
    }

    /// Percent done, 0 to 100.
    pub(crate) fn percent(&self, now: Now) -> u64 {
        if !self.running() || self.lasts == 0 {
            return 100;
        }
        ((now.at.saturating_sub(self.started)) * 100 / self.lasts).min(99)
    }
}

/// What a handler asks for when it starts an operation.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    /// Id of the resource it works on.
    pub(crate) resource: String,
    /// How long it takes, in Azure seconds.
    pub(crate) seconds: u64,
    /// What happens at its end.
    pub(crate) effect: Effect,
    /// The error it will end with, if it is to fail.
    pub(crate) fails: Option<ErrorBody>,
    /// Whether the status tells `percentComplete`.
    pub(crate) tells_percent: bool,
}

impl Start {
    /// An operation that will succeed.
    pub(crate) fn new(resource: impl Into<String>, seconds: u64, effect: Effect) -> Self {
        Self {
            resource: resource.into(),
            seconds,
            effect,
            fails: None,
            tells_percent: false,
        }
    }

    /// The same, ending with an error.
    #[must_use]
    pub(crate) fn failing(mut self, error: Option<ErrorBody>) -> Self {
        self.fails = error;
        self
    }

    /// The same, telling `percentComplete`.
    #[must_use]
    pub(crate) fn reporting_percent(mut self) -> Self {
        self.tells_percent = true;
        self
    }
}

/// Ends every operation whose time has come, in the order of their ends, and tells the owners. True when one
/// ended.
pub(crate) fn complete_due(world: &mut World, now: Now) -> bool {
    let mut any = false;
    while let Some(id) = world.next_due(now.at) {
        let Some(operation) = world.operation(&id) else {
            break;
        };
        let outcome = operation
            .error
            .clone()
            .map_or(Outcome::Succeeded, Outcome::Failed);
        // Effects see the instant at which the operation ended, not the one at which somebody looked.
        let then = Now {
            at: operation.ends(),
            wall: now.wall_at(operation.ends()),
            scale: now.scale,
        };
        end(world, &id, outcome, then);
        any = true;
    }
    any
}

/// Stops a running operation. False when it was not running.
pub(crate) fn cancel(world: &mut World, id: &str, now: Now) -> bool {
    let running = world.operation(id).is_some_and(Operation::running);
    if running {
        end(world, id, Outcome::Canceled, now);
    }
    running
}

fn end(world: &mut World, id: &str, outcome: Outcome, now: Now) {
    let Some(operation) = world.operation_mut(id) else {
        return;
    };
    (operation.state, operation.error) = match &outcome {
        Outcome::Succeeded => (OperationState::Succeeded, None),
        Outcome::Failed(error) => (OperationState::Failed, Some(error.clone())),
        Outcome::Canceled => (OperationState::Canceled, None),
    };
    operation.ended_wall = Some(now.wall);
    let operation = operation.clone();
    crate::effect::apply(world, &operation, &outcome, now);
}

/// The answer of an `Azure-AsyncOperation` URL
/// (learn.microsoft.com/azure/azure-resource-manager/management/async-operations).
///
/// # Errors
/// 404 when there is no such operation.
pub(crate) fn status(world: &World, call: &Call, id: &str, now: Now) -> Handled {
    let operation = world.pollable_operation(id).ok_or_else(|| unknown(id))?;
    let mut body = json!({
        "id": call.path,
        "name": operation.id,
        "status": operation.state.as_str(),
        "startTime": rfc3339(operation.started_wall),
    });
    if let Some(ended) = operation.ended_wall {
        body["endTime"] = rfc3339(ended).into();
    }
    if operation.tells_percent {
        body["percentComplete"] = (operation.percent(now) as f64).into();
    }
    if let (Some(error), false) = (&operation.error, operation.running()) {
        body["error"] = error.to_value();
    }
    if !operation.running() && !operation.properties.is_null() {
        body["properties"] = operation.properties.clone();
    }
    let answer = Answer::ok(body);
    Ok(if operation.running() {
        answer.header("Retry-After", now.retry_after(POLL_SECONDS).to_string())
    } else {
        answer
    })
}

/// The answer of a `Location` URL: 202 while it runs, then 200 with `properties` or 204, or the error it
/// ended with.
///
/// # Errors
/// 404 when there is no such operation; the operation's own error when it failed.
pub(crate) fn result(world: &World, call: &Call, id: &str, now: Now) -> Handled {
    let operation = world.pollable_operation(id).ok_or_else(|| unknown(id))?;
    match operation.state {
        OperationState::InProgress => Ok(Answer::accepted()
            .header("Location", format!("{}{}", call.base, url_path(call)))
            .header("Retry-After", now.retry_after(POLL_SECONDS).to_string())),
        OperationState::Succeeded if operation.properties.is_null() => Ok(Answer::no_content()),
        OperationState::Succeeded => Ok(Answer::ok(operation.properties.clone())),
        OperationState::Failed | OperationState::Canceled => {
            let fallback = || ErrorBody::new("OperationCanceled", "The operation was canceled.");
            Err(Refusal::of(
                StatusCode::CONFLICT,
                operation.error.clone().unwrap_or_else(fallback),
            ))
        }
    }
}

fn unknown(id: &str) -> Refusal {
    Refusal::not_found(
        "OperationNotFound",
        format!("The operation '{id}' could not be found."),
    )
}

/// Path and query of a call, encoded again.
pub(crate) fn url_path(call: &Call) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(&call.query);
    let query = query.finish();
    if query.is_empty() {
        call.path.clone()
    } else {
        format!("{}?{query}", call.path)
    }
}

/// Adds `Azure-AsyncOperation` for a status path (with its query) and `Retry-After`.
#[must_use]
pub(crate) fn with_status_url(answer: Answer, call: &Call, path: &str, now: Now) -> Answer {
    let answer = answer.header("Azure-AsyncOperation", format!("{}{path}", call.base));
    answer.header("Retry-After", now.retry_after(POLL_SECONDS).to_string())
}

/// Adds `Location` for a result path (with its query).
#[must_use]
pub(crate) fn with_location(answer: Answer, call: &Call, path: &str) -> Answer {
    answer.header("Location", format!("{}{path}", call.base))
}
