//! How a step waits: for Azure, for a token, after an error. Every wait has a limit and ends when the person stops the run.

use super::Engine;
use super::step_run::{StepError, StepRun};
use crate::error_class::{ErrorClass, classify};
use crate::journal::EventKind;
use crate::waiting::WaitBudget;
use berth_arm::ArmError;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::run::WaitingBecause;
use std::time::Duration;

/// How often to look for another program's request to cancel. In real time, because a person is waiting.
const LOOK_FOR_CANCEL: Duration = Duration::from_secs(1);

impl Engine {
    fn check_cancelled(&self) -> Result<(), StepError> {
        if self.tools.stop.is_cancelled() || self.journal.cancel_requested() {
            return Err(StepError::Cancelled);
        }
        Ok(())
    }

    /// Waits, but no longer than the budget allows.
    async fn pause_within(&self, budget: &mut WaitBudget, time: Duration) -> Result<(), StepError> {
        self.check_cancelled()?;
        let clock = self.tools.clock.as_ref();
        let Some(left) = budget.left(clock) else {
            return Err(self.still_running(budget).into());
        };
        let time = time.min(left);
        self.unless_cancelled(clock.sleep(time)).await?;
        budget.count_wait(time, clock);
        self.check_cancelled()
    }

    /// Runs work that may be dropped at any point, such as a read, and drops it when the run is cancelled.
    async fn unless_cancelled<T>(&self, work: impl Future<Output = T>) -> Result<T, StepError> {
        tokio::select! {
            done = work => Ok(done),
            () = self.cancelled() => Err(StepError::Cancelled),
        }
    }

    /// Resolves when the run is cancelled, by this program or another.
    async fn cancelled(&self) {
        let by_another_program = async {
            while !self.journal.cancel_requested() {
                tokio::time::sleep(LOOK_FOR_CANCEL).await;
            }
        };
        tokio::select! {
            () = self.tools.stop.cancelled() => {}
            () = by_another_program => {}
        }
    }

    fn still_running(&self, budget: &WaitBudget) -> Failure {
        let minutes = budget.limit().as_secs() / 60;
        let mut steps = self.record.steps.iter();
        let waiting = steps.find_map(|step| match &step.waiting_because {
            Some(WaitingBecause::Failure { why }) => Some(why.clone()),
            Some(WaitingBecause::OtherOperation { said }) => Some(said.clone()),
            Some(WaitingBecause::FormerCertificate | WaitingBecause::NotVisibleYet) | None => None,
        });
        let mut failure = Failure::new(FailureCode::StillRunning, Remedy::Wait).with("minutes", minutes);
        failure.detail = waiting.unwrap_or_default();
        failure
    }
}

impl StepRun<'_> {
    pub(super) fn check_cancelled(&self) -> Result<(), StepError> {
        self.engine.check_cancelled()
    }

    /// See [`Engine::unless_cancelled`].
    pub(super) async fn unless_cancelled<T>(&self, work: impl Future<Output = T>) -> Result<T, StepError> {
        self.engine.unless_cancelled(work).await
    }

    /// Runs work that must not be interrupted, once there is a token for it. Only waiting for the token can be cancelled.
    pub(super) async fn with_token<T, E: From<ArmError>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<Result<T, E>, StepError> {
        match self.unless_cancelled(self.tools().arm.sign_in()).await? {
            Ok(()) => Ok(work.await),
            Err(error) => Ok(Err(error.into())),
        }
    }

    /// Waits, but no longer than the step may.
    pub(super) async fn pause(&mut self, time: Duration) -> Result<(), StepError> {
        self.engine.pause_within(&mut self.wait, time).await
    }

    /// Waits within a budget of its own.
    pub(super) async fn pause_within(
        &self,
        budget: &mut WaitBudget,
        time: Duration,
    ) -> Result<(), StepError> {
        self.engine.pause_within(budget, time).await
    }

    /// Waits after a transient error, so that the caller can retry. Any other error ends the step.
    pub(super) async fn retry_or_fail(&mut self, error: &ArmError) -> Result<(), StepError> {
        match classify(error) {
            ErrorClass::Transient { why, wait } => self.pause_because(why, wait).await,
            ErrorClass::Permanent(failure) => Err(StepError::Failed(failure)),
        }
    }

    /// Waits after a failed read, and shows why.
    pub(super) async fn pause_because(
        &mut self,
        why: String,
        retry_after: Option<Duration>,
    ) -> Result<(), StepError> {
        let wait = self.wait.back_off(retry_after);
        self.pause_showing(&why, wait).await
    }

    /// Waits before a write is sent again, and shows why.
    pub(super) async fn pause_before_resending(
        &mut self,
        why: String,
        retry_after: Option<Duration>,
    ) -> Result<(), StepError> {
        let wait = self.back_off_sending(retry_after);
        self.pause_showing(&why, wait).await
    }

    async fn pause_showing(&mut self, why: &str, wait: Duration) -> Result<(), StepError> {
        let why = self.engine.redactor.text(why);
        self.show_waiting(WaitingBecause::Failure { why })?;
        self.pause(wait).await
    }

    fn back_off_sending(&mut self, retry_after: Option<Duration>) -> Duration {
        self.wait
            .back_off_sending(retry_after, self.engine.tools.clock.as_ref())
    }

    /// Waits before resending a write that Azure refused because another operation is running.
    pub(super) async fn wait_for_other_operation(
        &mut self,
        refusal: Failure,
        retry_after: Option<Duration>,
    ) -> Result<(), StepError> {
        let refusal = self.engine.redactor.failure(refusal);
        let said = refusal.detail.clone();
        self.show_waiting(WaitingBecause::OtherOperation { said })?;
        self.wait_to_resend(refusal, retry_after).await
    }

    /// Waits before resending a write that Azure put off, for as long as Azure says and a limited number of times.
    pub(super) async fn wait_as_told(&mut self, refusal: Failure, wait: Duration) -> Result<(), StepError> {
        if !self.wait.count_put_off() {
            return Err(refusal.into());
        }
        let refusal = self.engine.redactor.failure(refusal);
        let why = refusal.detail.clone();
        self.show_waiting(WaitingBecause::Failure { why })?;
        self.wait_to_resend(refusal, Some(wait)).await
    }

    /// Ends the step when less time is left than Azure asks for, because nothing is sent again sooner than that.
    async fn wait_to_resend(
        &mut self,
        refusal: Failure,
        retry_after: Option<Duration>,
    ) -> Result<(), StepError> {
        let left = self.wait.left(self.engine.tools.clock.as_ref());
        if retry_after.is_some_and(|wait| wait > left.unwrap_or_default()) {
            return Err(refusal.into());
        }
        let wait = self.back_off_sending(retry_after);
        match self.pause(wait).await {
            // At the limit, the refusal says more than "still running".
            Err(StepError::Failed(_)) => Err(refusal.into()),
            other => other,
        }
    }

    /// Waits until an accepted write shows. It is not sent again, because reads lag behind writes.
    pub(super) async fn wait_until_visible(&mut self) -> Result<(), StepError> {
        let limit = self.tools().patience.shows;
        let Some(wait) = self.wait.until_visible(limit) else {
            let id = self.planned().kind.resource_id().unwrap_or_default();
            let failure = Failure::new(FailureCode::NotVisibleYet, Remedy::ResumeLater)
                .with("resource", id)
                .with("minutes", limit.as_secs() / 60);
            return Err(failure.into());
        };
        self.show_waiting(WaitingBecause::NotVisibleYet)?;
        self.pause(wait).await
    }

    /// Shows why the step waits, to this and to other programs. Each reason is journalled once.
    pub(super) fn show_waiting(&mut self, because: WaitingBecause) -> Result<(), StepError> {
        if self.step().waiting_because.as_ref() == Some(&because) {
            self.engine.show();
            return Ok(());
        }
        let reason = match &because {
            WaitingBecause::Failure { why } => why,
            WaitingBecause::OtherOperation { said } => said,
            WaitingBecause::NotVisibleYet => "accepted, not visible yet",
            WaitingBecause::FormerCertificate => "still the former certificate",
        };
        let event = EventKind::Waiting(reason.to_owned());
        self.step_mut().waiting_because = Some(because);
        self.event(event);
        self.save()
    }

    /// Resets the back-off and clears the reason for waiting.
    pub(super) fn clear_waiting(&mut self) -> Result<(), StepError> {
        self.wait.reset_back_off();
        if self.step_mut().waiting_because.take().is_none() {
            return Ok(());
        }
        self.event(EventKind::WaitOver);
        self.save()
    }
}
