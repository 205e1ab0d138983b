//! How a run waits: for Azure, for its credential, after trouble. Every wait ends, and hears that the person wants to stop.

use super::{Engine, Halt};
use crate::patience::Waited;
use berth_arm::ArmError;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::run::WaitingBecause;
use std::time::Duration;

/// How often another program's request to cancel is looked for while this one waits. In real time: it is a person's.
const LOOK_FOR_CANCEL: Duration = Duration::from_secs(1);

impl Engine {
    pub(super) fn heed_stop(&self) -> Result<(), Halt> {
        if self.tools.stop.is_cancelled() || self.journal.cancel_asked() {
            return Err(Halt::Stopped);
        }
        Ok(())
    }

    pub(super) fn waited(&self, at: usize) -> Waited {
        let limit = self.tools.patience.limit(self.plan_step(at).usual);
        Waited::new(limit, self.tools.clock.as_ref())
    }

    /// Waits, unless it is told to stop or has waited long enough. Never beyond the limit.
    pub(super) async fn pause(&self, time: Duration, waited: &mut Waited) -> Result<(), Halt> {
        self.heed_stop()?;
        let clock = self.tools.clock.as_ref();
        let Some(left) = waited.left(clock) else {
            return Err(self.still_running(waited).into());
        };
        let time = time.min(left);
        self.unless_stopped(clock.sleep(time)).await?;
        waited.count_wait(time, clock);
        self.heed_stop()
    }

    /// Does something that may be broken off at any point, as a read or a wait may, and breaks it off when the person wants
    /// the run to stop.
    pub(super) async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, Halt> {
        tokio::select! {
            done = work => Ok(done),
            () = self.stop_asked() => Err(Halt::Stopped),
        }
    }

    /// Does something that must not be broken off, once there is a token for it: waiting for that may take long, and may be.
    pub(super) async fn with_token<T, E: From<ArmError>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<Result<T, E>, Halt> {
        match self.unless_stopped(self.tools.arm.sign_in()).await? {
            Ok(()) => Ok(work.await),
            Err(error) => Ok(Err(error.into())),
        }
    }

    /// Ends when the person wants the run to stop, here or by another program.
    async fn stop_asked(&self) {
        let by_another_program = async {
            while !self.journal.cancel_asked() {
                tokio::time::sleep(LOOK_FOR_CANCEL).await;
            }
        };
        tokio::select! {
            () = self.tools.stop.cancelled() => {}
            () = by_another_program => {}
        }
    }

    /// Waits after a read failed, and says why.
    pub(super) async fn pause_because(
        &mut self,
        at: usize,
        why: String,
        asked: Option<Duration>,
        waited: &mut Waited,
    ) -> Result<(), Halt> {
        let wait = waited.back_off(asked);
        self.pause_in_trouble(at, &why, wait, waited).await
    }

    /// Waits before a write is sent again, and says why.
    pub(super) async fn pause_before_resending(
        &mut self,
        at: usize,
        why: String,
        asked: Option<Duration>,
        waited: &mut Waited,
    ) -> Result<(), Halt> {
        let wait = waited.back_off_sending(asked, self.tools.clock.as_ref());
        self.pause_in_trouble(at, &why, wait, waited).await
    }

    async fn pause_in_trouble(
        &mut self,
        at: usize,
        why: &str,
        wait: Duration,
        waited: &mut Waited,
    ) -> Result<(), Halt> {
        let why = self.unquoted.text(why);
        self.say_waiting(at, WaitingBecause::Trouble { why })?;
        self.pause(wait, waited).await
    }

    /// Waits before a write is sent again that Azure refused because another operation is running.
    pub(super) async fn wait_for_other(
        &mut self,
        at: usize,
        refused: Failure,
        asked: Option<Duration>,
        waited: &mut Waited,
    ) -> Result<(), Halt> {
        let refused = self.unquoted.failure(refused);
        let said = refused.detail.clone();
        self.say_waiting(at, WaitingBecause::OtherOperation { said })?;
        let wait = waited.back_off_sending(asked, self.tools.clock.as_ref());
        match self.pause(wait, waited).await {
            // What kept it waiting to the end is why it failed.
            Err(Halt::Failed(_)) => Err(refused.into()),
            other => other,
        }
    }

    /// Waits for what Azure accepted to show. It is not sent again: reads lag behind writes.
    pub(super) async fn wait_to_show(&mut self, at: usize, waited: &mut Waited) -> Result<(), Halt> {
        let Some(wait) = waited.wait_to_show(self.tools.patience.shows) else {
            let id = self.plan_step(at).kind.resource_id().unwrap_or_default();
            let minutes = self.tools.patience.shows.as_secs() / 60;
            let failure = Failure::new(FailureCode::NotVisibleYet, Remedy::ResumeLater)
                .with("resource", id)
                .with("minutes", minutes);
            return Err(failure.into());
        };
        self.say_waiting(at, WaitingBecause::NotVisibleYet)?;
        self.pause(wait, waited).await
    }

    /// Shows why a step waits, here and to other programs; said once for each reason.
    pub(super) fn say_waiting(&mut self, at: usize, because: WaitingBecause) -> Result<(), Halt> {
        let step = self.step_mut(at);
        if step.waiting_because.as_ref() == Some(&because) {
            self.show();
            return Ok(());
        }
        let said = match &because {
            WaitingBecause::Trouble { why } => why,
            WaitingBecause::OtherOperation { said } => said,
            WaitingBecause::NotVisibleYet => "accepted, not visible yet",
            WaitingBecause::FormerCertificate => "still the former certificate",
        };
        let event = format!("waiting: {said}");
        step.waiting_because = Some(because);
        self.event(Some(at), event);
        self.save().map_err(Halt::from)
    }

    /// Trouble is over.
    pub(super) fn went_well(&mut self, at: usize, waited: &mut Waited) -> Result<(), Halt> {
        waited.went_well();
        if self.step_mut(at).waiting_because.take().is_none() {
            return Ok(());
        }
        self.event(Some(at), "goes_on");
        self.save().map_err(Halt::from)
    }

    fn still_running(&self, waited: &Waited) -> Failure {
        let minutes = waited.limit().as_secs() / 60;
        let waiting = self
            .record
            .steps
            .iter()
            .find_map(|step| match &step.waiting_because {
                Some(WaitingBecause::Trouble { why }) => Some(why.clone()),
                Some(WaitingBecause::OtherOperation { said }) => Some(said.clone()),
                Some(WaitingBecause::FormerCertificate | WaitingBecause::NotVisibleYet) | None => None,
            });
        let mut failure = Failure::new(FailureCode::StillRunning, Remedy::Wait).with("minutes", minutes);
        failure.detail = waiting.unwrap_or_default();
        failure
    }
}
