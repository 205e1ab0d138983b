//! Judges the answer of a version to a sample. The answer itself is not kept.

use super::sentence::Sentence;
use crate::scoring::{Called, ScoringError, TargetProblem};
use berth_contract::run::{ProofCheck, ProofCheckState};
use berth_domain::canary::Reply;
use berth_domain::causes::chain;
use berth_domain::resource_id::last_segment;

pub(crate) fn judge(version: &str, called: Result<Called, ScoringError>) -> ProofCheck {
    let version = version.to_owned();
    let called = match called {
        Ok(called) => called,
        Err(error) => return no_answer(version, &error),
    };
    let status = called.status.to_string();
    if (200..300).contains(&called.status) {
        let ms = called.took.as_millis().to_string();
        Sentence::Scored { version, status, ms }.check(ProofCheckState::Holds)
    } else {
        Sentence::ScoreRefused { version, status }.check(ProofCheckState::Fails)
    }
}

/// An internal address cannot be reached from everywhere.
fn no_answer(version: String, error: &ScoringError) -> ProofCheck {
    let why = chain(error);
    match error.reply() {
        Some(Reply::NotConnected) => {
            Sentence::ScoreNotFromHere { version, why }.check(ProofCheckState::NotFromHere)
        }
        _ => Sentence::NoScore { version, why }.check(ProofCheckState::Fails),
    }
}

pub(crate) fn no_target(version: &str, problem: &TargetProblem) -> ProofCheck {
    let version = version.to_owned();
    match problem {
        TargetProblem::Address { host, .. } => Sentence::ScoreElsewhere {
            version,
            host: host.clone(),
        }
        .check(ProofCheckState::NotFromHere),
        TargetProblem::NoVersion { .. }
        | TargetProblem::NoUrl
        | TargetProblem::BadUrl { .. }
        | TargetProblem::UnknownAuth => Sentence::NoScoreAddress { version }.check(ProofCheckState::Fails),
    }
}

pub(crate) fn gone(endpoint_id: &str) -> ProofCheck {
    let name = last_segment(endpoint_id).to_owned();
    Sentence::Absent { name }.check(ProofCheckState::Fails)
}
