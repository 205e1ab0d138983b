//! Judges a regenerated key, and whether the endpoint accepts it. Neither the key nor the answer is kept.

use super::sentence::Sentence;
use crate::scoring::{Called, ScoringError, TargetProblem};
use berth_contract::run::{ProofCheck, ProofCheckState};
use berth_domain::canary::Reply;
use berth_domain::causes::chain;

pub(crate) fn compared(name: &str, is_another: bool) -> ProofCheck {
    let name = name.to_owned();
    if is_another {
        Sentence::KeyChanged { name }.check(ProofCheckState::Holds)
    } else {
        Sentence::KeySame { name }.check(ProofCheckState::Fails)
    }
}

/// Any answer but a refusal comes from behind the check of the key. `sample` is the name of the saved request that was sent.
pub(crate) fn accepted(name: &str, sample: Option<&str>, called: Result<Called, ScoringError>) -> ProofCheck {
    let name = name.to_owned();
    let status = match called {
        Ok(called) => called.status,
        Err(error) => return no_answer(name, &error),
    };
    let is_refused = matches!(status, 401 | 403);
    let status = status.to_string();
    if is_refused {
        return Sentence::KeyRefused { name, status }.check(ProofCheckState::Fails);
    }
    let sentence = match sample.map(str::to_owned) {
        Some(sample) => Sentence::SampleAccepted { name, status, sample },
        None => Sentence::Accepted { name, status },
    };
    sentence.check(ProofCheckState::Holds)
}

/// An internal address cannot be reached from everywhere.
fn no_answer(name: String, error: &ScoringError) -> ProofCheck {
    let why = chain(error);
    match error.reply() {
        Some(Reply::NotConnected) => {
            Sentence::AccessNotFromHere { name, why }.check(ProofCheckState::NotFromHere)
        }
        _ => Sentence::NoAccess { name, why }.check(ProofCheckState::Fails),
    }
}

/// An endpoint without an address has keys all the same.
pub(crate) fn no_target(name: &str, problem: &TargetProblem) -> ProofCheck {
    let name = name.to_owned();
    match problem {
        TargetProblem::Address { host, .. } => {
            let host = host.clone();
            Sentence::AccessElsewhere { name, host }.check(ProofCheckState::NotFromHere)
        }
        TargetProblem::NoVersion { .. }
        | TargetProblem::NoUrl
        | TargetProblem::BadUrl { .. }
        | TargetProblem::UnknownAuth => Sentence::NoAccessAddress { name }.check(ProofCheckState::NotAsked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::CredentialKind;
    use std::time::Duration;

    fn answer(status: u16) -> Result<Called, ScoringError> {
        Ok(Called {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            is_complete: true,
            took: Duration::ZERO,
            version: None,
            with: CredentialKind::Key,
            is_plain: false,
        })
    }

    #[test]
    fn only_a_refusal_shows_that_a_key_is_not_accepted() {
        for status in [401, 403] {
            let check = accepted("churn", None, answer(status));
            assert_eq!(check.state, ProofCheckState::Fails, "{status}");
            assert_eq!(check.code, "access.refused");
        }
        for status in [200, 400, 404, 424, 500, 503] {
            let check = accepted("churn", None, answer(status));
            assert_eq!(check.state, ProofCheckState::Holds, "{status}");
            assert_eq!(check.code, "access.accepted");
        }
        assert_eq!(accepted("churn", Some("rows"), answer(200)).code, "access.sample");
    }

    #[test]
    fn an_endpoint_that_cannot_be_called_leaves_the_key_untested() {
        let no_address = || ScoringError::NoAddress {
            host: "ml.contoso.com".to_owned(),
        };
        let check = accepted("churn", None, Err(no_address()));
        assert_eq!(check.state, ProofCheckState::NotFromHere);
        let check = no_target("churn", &TargetProblem::NoUrl);
        assert_eq!(check.state, ProofCheckState::NotAsked);
        assert_eq!(compared("churn", false).state, ProofCheckState::Fails);
    }
}
