//! A change that was accepted and does not show is taken back by itself: the steps of the plan's way back follow, journalled
//! like the others. That it goes back, and why, is on disk before the first of them.

use super::Engine;
use crate::journal::JournalError;
use crate::prove;
use crate::record::{Ending, GoingBack, Standing};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::plan::StepKind;

impl Engine {
    /// Whether a failure is one that the way back is for: Azure took the change and then gave it up, or the scoring address
    /// does not show it.
    pub(super) fn goes_back(&self, at: usize, failure: &Failure) -> bool {
        if !self.record.has_way_back() {
            return false;
        }
        match self.plan_step(at).kind {
            StepKind::ChangeResource { .. } => ended_badly(failure),
            StepKind::Prove { .. } => {
                let unseen = self.record.proof.as_ref().and_then(prove::not_shown);
                failure.code == FailureCode::ProofFailed && unseen.is_some()
            }
            _ => false,
        }
    }

    /// From here on the run goes back, whatever happens to the program.
    pub(super) fn turn_back(&mut self, at: usize, failure: Failure) -> Result<(), JournalError> {
        self.record.going_back = Some(GoingBack {
            step: at,
            failure: Box::new(failure.clone()),
        });
        self.failed(at, failure)?;
        self.event(None, "goes_back");
        Ok(())
    }

    /// What was there before is in force again.
    pub(super) fn taken_back(&mut self) -> Result<(), JournalError> {
        self.told_of_way_back(FailureCode::TakenBack, Remedy::CorrectInput);
        self.end(Ending::TakenBack)
    }

    /// Neither the change nor the way back came about. Going on tries the way back once more.
    pub(super) fn way_back_failed(&mut self, at: usize, failure: Failure) -> Result<(), JournalError> {
        self.failed(at, failure)?;
        self.told_of_way_back(FailureCode::NotTakenBack, Remedy::TryAgain);
        self.end(Ending::Failed)
    }

    /// The step that failed says what became of it: why it went back, and where callers are served now.
    fn told_of_way_back(&mut self, code: FailureCode, remedy: Remedy) {
        let Some(GoingBack { step, failure }) = self.record.going_back.clone() else {
            return;
        };
        let reason = match failure.params.get("rung").map(String::as_str) {
            Some("tcp") => "no_connection",
            Some(_) => "other_certificate",
            None => "gave_up",
        };
        let url = self.record.proof.as_ref().and_then(|proof| proof.url.clone());
        let mut failure = failure
            .with("reason", reason)
            .with("url", url.unwrap_or_default());
        (failure.code, failure.remedy) = (code, remedy);
        self.step_mut(step).standing = Standing::Failed {
            failure: Box::new(failure),
        };
    }
}

/// Azure accepted the request, and its operation failed: a fault that came inside an operation has no status. What somebody
/// cancelled in Azure is left to them.
fn ended_badly(failure: &Failure) -> bool {
    let inside = failure.azure.as_ref().is_some_and(|azure| azure.status.is_none());
    inside && failure.code != FailureCode::OperationCancelled
}
