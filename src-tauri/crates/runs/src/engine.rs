//! Carries out one run, step by step, as its lock's only holder. What it is about to do is on disk before it does it.
//!
//! Steps that make or change something in Azure are in [`azure`] and [`sending`], those that Berth does itself in [`local`],
//! and what becomes of a change that does not show in [`back`].

mod azure;
mod back;
mod inside;
mod kept;
mod local;
mod sending;
mod unquoted;
mod waiting;

use crate::clock::Clock;
use crate::journal::from_journal;
use crate::journal::{Journal, JournalError};
use crate::patience::Patience;
use crate::record::{Ended, Ending, RunRecord, Standing, StepRecord};
use berth_arm::Arm;
use berth_certstore::CertificateStore;
use berth_contract::failure::Failure;
use berth_domain::plan::{PlanStep, StepKind};
use std::ops::Range;
use std::sync::Arc;
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;
use unquoted::Unquoted;

/// What a run is carried out with.
pub(crate) struct Tools {
    /// The connection to Azure, on behalf of the run's account.
    pub(crate) arm: Arm,
    /// Where certificates are.
    pub(crate) certificates: CertificateStore,
    /// Time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Limits on waiting.
    pub(crate) patience: Patience,
    /// Set when the person wants it to stop.
    pub(crate) stop: CancellationToken,
}

/// Where a run is shown while it is carried out.
pub(crate) struct Board {
    /// The run as it stands.
    pub(crate) view: watch::Sender<Arc<RunRecord>>,
    /// Announces ids of runs that changed.
    pub(crate) changes: broadcast::Sender<String>,
}

/// Why a run does not go on.
enum Halt {
    /// A step failed.
    Failed(Box<Failure>),
    /// The person stopped it.
    Stopped,
    /// Its files cannot be written: going on would be going on blindly.
    Journal(JournalError),
}

impl From<JournalError> for Halt {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Self::Failed(Box::new(failure))
    }
}

/// A run on its way.
pub(crate) struct Engine {
    tools: Tools,
    board: Board,
    journal: Journal,
    record: RunRecord,
    unquoted: Unquoted,
}

impl Engine {
    /// Takes up a run.
    pub(crate) fn new(tools: Tools, board: Board, journal: Journal, record: RunRecord) -> Self {
        Self {
            tools,
            board,
            journal,
            record,
            unquoted: Unquoted::default(),
        }
    }

    /// Carries the run to its end, whichever that is.
    pub(crate) async fn run(mut self) {
        self.unquoted
            .know_those_of(&self.record, &self.tools.certificates)
            .await;
        self.event(None, "run_goes_on");
        if let Err(error) = self.drive().await {
            self.cannot_write(&error);
        }
    }

    async fn drive(&mut self) -> Result<(), JournalError> {
        let forth = self.record.plan.steps.len();
        if self.record.going_back.is_none() {
            match self.carry_out_all(0..forth).await? {
                Some((at, failure)) if self.goes_back(at, &failure) => self.turn_back(at, failure)?,
                Some((at, failure)) => {
                    self.failed(at, failure)?;
                    return self.end(Ending::Failed);
                }
                None => return self.end_unless_ended(Ending::Succeeded),
            }
        }
        match self.carry_out_all(forth..self.record.steps.len()).await? {
            Some((at, failure)) => self.way_back_failed(at, failure),
            None if self.record.ended.is_some() => Ok(()),
            None => self.taken_back(),
        }
    }

    /// Carries steps out, one after the other. The one that failed, and why; `None` when all are done or the person
    /// stopped it.
    async fn carry_out_all(&mut self, steps: Range<usize>) -> Result<Option<(usize, Failure)>, JournalError> {
        for at in steps {
            if self.record.steps[at].is_done() {
                continue;
            }
            self.begin(at)?;
            match self.carry_out(at).await {
                Ok(already_there) => self.done(at, already_there)?,
                Err(Halt::Failed(failure)) => return Ok(Some((at, self.unquoted.failure(*failure)))),
                Err(Halt::Stopped) => {
                    self.stopped(at).await?;
                    self.end(Ending::Cancelled)?;
                    return Ok(None);
                }
                Err(Halt::Journal(error)) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Carries out one step. True when there was nothing to do.
    async fn carry_out(&mut self, at: usize) -> Result<bool, Halt> {
        self.heed_stop()?;
        match self.plan_step(at).kind.clone() {
            StepKind::MakeCertificate { cname, recipe } => self.make_certificate(&cname, &recipe).await,
            StepKind::EnsureNamespace {
                cluster_id,
                namespace,
            } => self.ensure_namespace(at, &cluster_id, &namespace).await,
            StepKind::KeepCertificate {
                cluster_id,
                namespace,
                secret,
            } => self.keep_certificate(at, &cluster_id, &namespace, &secret).await,
            StepKind::RemoveLeftovers { cluster_id, objects } => {
                self.remove_leftovers(at, &cluster_id, &objects).await
            }
            StepKind::MarkFrontEnd { cluster_id, upgrade } => {
                self.mark_front_end(at, &cluster_id, upgrade).await
            }
            StepKind::CompareAnswers { cluster_id, urls } => {
                self.compare_answers(at, &cluster_id, &urls).await
            }
            StepKind::Confirm { checks } => self.confirm(at, &checks).await,
            StepKind::Prove { .. } => self.prove(at).await,
            StepKind::ChangeResource { .. }
            | StepKind::RemoveResource { .. }
            | StepKind::SetPower { .. }
            | StepKind::AssignRole { .. }
            | StepKind::RegisterProvider { .. }
            | StepKind::EnsureResourceGroup { .. }
            | StepKind::CreateCluster { .. }
            | StepKind::InstallExtension { .. }
            | StepKind::AttachCompute { .. }
            | StepKind::CreateThroughAml { .. } => self.through_azure(at).await,
        }
    }

    fn begin(&mut self, at: usize) -> Result<(), JournalError> {
        let local = self.plan_step(at).kind.resource_id().is_none();
        let now = self.tools.clock.now();
        let step = self.step_mut(at);
        // One that was waited for when the program ended goes on where it was, and so does its time.
        let goes_on = matches!(
            step.standing,
            Standing::Intent | Standing::Polling { .. } | Standing::Working
        );
        if !goes_on {
            step.standing = if local { Standing::Working } else { Standing::Begun };
            step.started_at = Some(now);
        }
        step.ended_at = None;
        if local {
            step.attempts += 1;
        }
        self.event(Some(at), "step_begins");
        self.save()
    }

    fn done(&mut self, at: usize, already_there: bool) -> Result<(), JournalError> {
        let now = self.tools.clock.now();
        let step = self.step_mut(at);
        if step.is_done() {
            // It was passed over, and says why.
            return self.save();
        }
        step.settle(Standing::Done { already_there }, now);
        // What was there before is changed at most.
        let changed = step.intent.as_ref().is_some_and(|intent| intent.before.is_some());
        if !already_there && !changed {
            step.exists = Some(true);
        }
        self.event(
            Some(at),
            if already_there {
                "step_already_there"
            } else {
                "step_done"
            },
        );
        self.save()
    }

    fn failed(&mut self, at: usize, failure: Failure) -> Result<(), JournalError> {
        let now = self.tools.clock.now();
        let code = serde_json::to_value(failure.code).unwrap_or_default();
        self.event(
            Some(at),
            format!("step_failed: {}", code.as_str().unwrap_or_default()),
        );
        tracing::warn!(run = %self.record.id, step = %self.record.steps[at].id, detail = %failure.detail, "a step failed");
        let failure = Box::new(failure);
        self.step_mut(at).settle(Standing::Failed { failure }, now);
        self.save()
    }

    async fn stopped(&mut self, at: usize) -> Result<(), JournalError> {
        self.wind_down(at).await;
        let now = self.tools.clock.now();
        self.event(Some(at), "step_cancelled");
        self.step_mut(at).settle(Standing::Cancelled, now);
        self.save()
    }

    fn end_unless_ended(&mut self, how: Ending) -> Result<(), JournalError> {
        match self.record.ended {
            Some(_) => Ok(()),
            None => self.end(how),
        }
    }

    fn end(&mut self, how: Ending) -> Result<(), JournalError> {
        let at = self.tools.clock.now();
        self.record.ended = Some(Ended { at, how });
        self.record.settled |= how == Ending::Succeeded;
        self.event(None, format!("run_ended: {how:?}").to_lowercase());
        self.save()
    }

    /// The last resort: what cannot be written is at least shown.
    fn cannot_write(&mut self, error: &JournalError) {
        let failure = Box::new(from_journal(error));
        tracing::error!(run = %self.record.id, detail = %failure.detail, "the journal cannot be written");
        let now = self.tools.clock.now();
        if let Some(step) = self.record.steps.iter_mut().find(|step| !step.is_done()) {
            step.settle(Standing::Failed { failure }, now);
        }
        self.record.ended = Some(Ended {
            at: now,
            how: Ending::Failed,
        });
        self.show();
    }

    fn plan_step(&self, at: usize) -> &PlanStep {
        let plan = &self.record.plan;
        let forth = plan.steps.len();
        plan.steps.get(at).unwrap_or_else(|| &plan.back[at - forth])
    }

    fn step_mut(&mut self, at: usize) -> &mut StepRecord {
        &mut self.record.steps[at]
    }

    fn event(&mut self, at: Option<usize>, what: impl Into<String>) {
        let step = at.map(|at| self.record.steps[at].id.as_str());
        let what = self.unquoted.text(&what.into());
        self.journal.note(self.tools.clock.now(), step, what);
    }

    /// Puts the run on disk, then shows it.
    fn save(&mut self) -> Result<(), JournalError> {
        self.record.seq += 1;
        self.journal.save(&self.record)?;
        self.publish();
        Ok(())
    }

    /// Shows what is not worth a write: percent, messages, why it waits.
    fn show(&mut self) {
        self.record.seq += 1;
        self.publish();
    }

    fn publish(&self) {
        self.board.view.send_replace(Arc::new(self.record.clone()));
        // Nobody may be listening.
        let _ = self.board.changes.send(self.record.id.clone());
    }
}
