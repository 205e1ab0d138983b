//! Sorts errors of requests to Azure into those worth retrying and those that end a step.

use berth_arm::ArmError;
use berth_contract::failure::{Failure, FailureCode};
use berth_failures::from_arm;
use std::time::Duration;

/// Whether retrying makes sense.
#[derive(Debug)]
pub(crate) enum ErrorClass {
    /// The request was lost on the way or Azure is too busy: retry later.
    Transient {
        /// The reason in a few words.
        why: String,
        /// How long Azure asks to wait.
        wait: Option<Duration>,
    },
    /// Retrying does not help.
    Permanent(Box<Failure>),
}

/// Classifies an error.
pub(crate) fn classify(error: &ArmError) -> ErrorClass {
    let failure = from_arm(error);
    let offline = matches!(error, ArmError::NoToken { .. }) && failure.code == FailureCode::Unreachable;
    if !error.is_transient() && !offline {
        return ErrorClass::Permanent(Box::new(failure));
    }
    let with_fault = error.fault().map(|fault| format!("{error}: {fault}"));
    ErrorClass::Transient {
        why: with_fault.unwrap_or_else(|| error.to_string()),
        wait: error.retry_after(),
    }
}
