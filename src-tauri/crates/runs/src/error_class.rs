//! Trouble with a request to Azure, as the engine treats it.

use berth_arm::ArmError;
use berth_contract::failure::{Failure, FailureCode};
use berth_failures::from_arm;
use std::time::Duration;

/// What to do about it.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// On the way, or Azure is too busy: asking again later makes sense.
    Passing {
        /// Why, in a few words.
        why: String,
        /// How long Azure asks to wait.
        wait: Option<Duration>,
        /// Whether it is about reaching Azure at all, or about its rate limit, so that nothing is wrong with the request.
        on_the_way: bool,
    },
    /// It will not get better by itself.
    Lasting(Box<Failure>),
}

/// Sorts an error.
pub(crate) fn sort(error: &ArmError) -> Trouble {
    let failure = from_arm(error);
    let offline = matches!(error, ArmError::NoToken { .. }) && failure.code == FailureCode::Unreachable;
    if !error.is_transient() && !offline {
        return Trouble::Lasting(Box::new(failure));
    }
    let on_the_way = offline
        || matches!(error, ArmError::Unreachable { .. } | ArmError::CutOff { .. })
        || matches!(error.status(), Some(408 | 429));
    let said = error.fault().map(|fault| format!("{error}: {fault}"));
    Trouble::Passing {
        why: said.unwrap_or_else(|| error.to_string()),
        wait: error.retry_after(),
        on_the_way,
    }
}
