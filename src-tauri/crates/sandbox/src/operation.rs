//! Long-running operations. Their progress depends on time only, not on how often they are polled.
//!
//! What happens on completion is a closed enum, [`Effect`], applied by the module that owns the resource.

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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum OperationState {
    InProgress,
    Succeeded,
    Failed,
    Canceled,
}

impl OperationState {
    /// The value of `status`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::InProgress => "InProgress",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Canceled => "Canceled",
        }
    }
}

/// How an operation ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    Succeeded,
    Failed(ErrorBody),
    Canceled,
}

/// A long-running operation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Operation {
    pub(crate) id: String,
    /// Id of the resource it works on.
    pub(crate) resource: String,
    /// When it started, in Azure milliseconds.
    pub(crate) started: u64,
    /// Duration in Azure milliseconds.
    pub(crate) lasts: u64,
    pub(crate) state: OperationState,
    /// The error it ended with; while it runs, the error it will end with.
    pub(crate) error: Option<ErrorBody>,
    /// What happens when it completes.
    pub(crate) effect: Effect,
    /// Members beside `status` in the status answer once it has completed.
    #[serde(default)]
    pub(crate) properties: Value,
    /// Whether the status includes `percentComplete`.
    #[serde(default)]
    pub(crate) tells_percent: bool,
    /// Whether polling it answers 404 although it continues.
    #[serde(default)]
    pub(crate) forgotten: bool,
    /// Start on the wall clock.
    pub(crate) started_wall: jiff::Timestamp,
    /// End on the wall clock.
    #[serde(default)]
    pub(crate) ended_wall: Option<jiff::Timestamp>,
}

impl Operation {
    /// When it ends, in Azure milliseconds.
    pub(crate) fn ends(&self) -> u64 {
        self.started + self.lasts
    }

    pub(crate) fn running(&self) -> bool {
        self.state == OperationState::InProgress
    }

    /// Percent complete, 0 to 100.
    pub(crate) fn percent(&self, now: Now) -> u64 {
        if !self.running() || self.lasts == 0 {
            return 100;
        }
        ((now.at.saturating_sub(self.started)) * 100 / self.lasts).min(99)
    }
}

/// Parameters of a new operation.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    /// Id of the resource it works on.
    pub(crate) resource: String,
    /// Duration in Azure seconds.
    pub(crate) seconds: u64,
    /// What happens when it completes.
    pub(crate) effect: Effect,
    /// The error it will end with, if it is to fail.
    pub(crate) fails: Option<ErrorBody>,
    /// Whether the status includes `percentComplete`.
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

    #[must_use]
    pub(crate) fn with_failure(mut self, error: Option<ErrorBody>) -> Self {
        self.fails = error;
        self
    }

    #[must_use]
    pub(crate) fn reporting_percent(mut self) -> Self {
        self.tells_percent = true;
        self
    }
}

/// Completes every operation that is due, in the order of their ends, and applies their effects. Returns
/// whether there was one.
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
        // Effects see the instant at which the operation ended, not the one at which it was noticed.
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

/// Cancels a running operation. Returns false if it was not running.
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

/// Answers an `Azure-AsyncOperation` URL
/// (learn.microsoft.com/azure/azure-resource-manager/management/async-operations).
///
/// # Errors
/// 404 if there is no such operation.
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

/// Answers a `Location` URL: 202 while the operation runs, then 200 with `properties`, or 204.
///
/// # Errors
/// 404 if there is no such operation; the operation's own error if it failed.
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

/// Path and query of a call, encoded.
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
