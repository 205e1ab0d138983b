//! A change that was accepted and does not show is rolled back: the steps of the plan's way back follow, journalled like the
//! others. The decision and its reason are on disk before the first of them.

use super::Engine;
use crate::journal::{EventKind, JournalError};
use crate::prove;
use crate::record::{Ending, Rollback, RollbackReason, StepStatus};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::run::ProofCheckKind;
use berth_domain::plan::StepKind;

impl Engine {
    /// Whether to roll back after this failure: Azure accepted the change and then gave it up, or the scoring address does
    /// not show it.
    pub(super) fn should_roll_back(&self, at: usize, failure: &Failure) -> bool {
        self.record.can_roll_back() && self.rollback_reason(at, failure).is_some()
    }

    fn rollback_reason(&self, at: usize, failure: &Failure) -> Option<RollbackReason> {
        match self.planned(at).kind {
            StepKind::ChangeResource { .. } if operation_failed(failure) => Some(RollbackReason::GaveUp),
            StepKind::Prove { .. } if failure.code == FailureCode::ProofFailed => {
                let proof = self.record.proof.as_ref()?;
                match prove::check_not_shown(proof)?.kind {
                    ProofCheckKind::Tcp => Some(RollbackReason::NoConnection),
                    _ => Some(RollbackReason::OtherCertificate),
                }
            }
            _ => None,
        }
    }

    /// Records the rollback, so that a restarted program continues with it.
    pub(super) fn start_rollback(&mut self, at: usize, failure: Failure) -> Result<(), JournalError> {
        self.record.rollback = Some(Rollback {
            step: at,
            reason: self.rollback_reason(at, &failure),
            failure: Box::new(failure.clone()),
        });
        self.fail_step(at, failure)?;
        self.event(None, EventKind::RollbackStarted);
        Ok(())
    }

    /// The former state is in force again.
    pub(super) fn finish_rollback(&mut self) -> Result<(), JournalError> {
        self.explain_rollback(FailureCode::TakenBack, Remedy::CorrectInput);
        self.end(Ending::TakenBack)
    }

    /// Neither the change nor the rollback succeeded. Resuming tries the rollback once more.
    pub(super) fn rollback_failed(&mut self, at: usize, failure: Failure) -> Result<(), JournalError> {
        self.fail_step(at, failure)?;
        self.explain_rollback(FailureCode::NotTakenBack, Remedy::TryAgain);
        self.end(Ending::Failed)
    }

    /// Completes the failure of the step that caused the rollback: why it was rolled back, and where callers are served
    /// now.
    fn explain_rollback(&mut self, code: FailureCode, remedy: Remedy) {
        let Some(rollback) = self.record.rollback.clone() else {
            return;
        };
        // Journals of older versions have no reason.
        let reason = rollback
            .reason
            .unwrap_or_else(|| match self.planned(rollback.step).kind {
                StepKind::Prove { .. } => RollbackReason::OtherCertificate,
                _ => RollbackReason::GaveUp,
            });
        let url = self.record.proof.as_ref().and_then(|proof| proof.url.clone());
        let mut failure = rollback
            .failure
            .with("reason", reason.as_str())
            .with("url", url.unwrap_or_default());
        (failure.code, failure.remedy) = (code, remedy);
        self.step_mut(rollback.step).status = StepStatus::Failed {
            failure: Box::new(failure),
        };
    }
}

/// Whether Azure accepted the request and its operation failed: a fault reported by an operation has no status. An
/// operation that somebody cancelled in Azure is not rolled back.
fn operation_failed(failure: &Failure) -> bool {
    let in_operation = failure.azure.as_ref().is_some_and(|azure| azure.status.is_none());
    in_operation && failure.code != FailureCode::OperationCancelled
}
