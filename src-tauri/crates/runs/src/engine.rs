//! Carries out one run step by step, while holding its lock. Every intent is on disk before it is acted on.
//!
//! [`StepRun`] is one step being carried out. Steps that Azure does are in [`azure`] and [`sending`], those that Berth does
//! itself in [`local`] and [`in_cluster`], canaries in [`canary`], and undoing a change that does not show in [`rollback`].

mod azure;
mod backup;
mod canary;
mod in_cluster;
mod key;
mod local;
mod redaction;
mod rollback;
mod sending;
mod service_files;
mod step_run;
mod uploading;
mod version;
mod waits;

use crate::clock::Clock;
use crate::journal::{EventKind, Journal, JournalError, from_journal};
use crate::record::{Ended, Ending, RunRecord, StepRecord, StepStatus};
use crate::waiting::Patience;
use berth_arm::Arm;
use berth_certstore::CertificateStore;
use berth_contract::failure::Failure;
use berth_domain::plan::PlanStep;
use redaction::Redactor;
use std::ops::Range;
use std::sync::Arc;
use step_run::{StepError, StepRun};
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

/// What a run needs to be carried out.
pub(crate) struct Tools {
    /// Acts on behalf of the run's account.
    pub(crate) arm: Arm,
    pub(crate) certificates: CertificateStore,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) patience: Patience,
    /// Cancelled when the person stops the run.
    pub(crate) stop: CancellationToken,
}

/// Where the progress of a run is published.
pub(crate) struct Progress {
    /// The current state of the run.
    pub(crate) view: watch::Sender<Arc<RunRecord>>,
    /// Ids of runs that changed.
    pub(crate) changes: broadcast::Sender<String>,
}

/// A run in progress.
pub(crate) struct Engine {
    tools: Tools,
    progress: Progress,
    journal: Journal,
    record: RunRecord,
    redactor: Redactor,
}

impl Engine {
    pub(crate) fn new(tools: Tools, progress: Progress, journal: Journal, record: RunRecord) -> Self {
        Self {
            tools,
            progress,
            journal,
            record,
            redactor: Redactor::default(),
        }
    }

    /// Carries the run out until it succeeds, fails, is cancelled or is rolled back.
    pub(crate) async fn run(mut self) {
        self.redactor
            .add_pairs_of(&self.record, &self.tools.certificates)
            .await;
        self.event(None, EventKind::RunContinues);
        if let Err(error) = self.drive().await {
            self.report_unwritable_journal(&error);
        }
    }

    async fn drive(&mut self) -> Result<(), JournalError> {
        let forward = self.record.plan.steps.len();
        if self.record.rollback.is_none() {
            match self.run_steps(0..forward).await? {
                Some((at, failure)) if self.should_roll_back(at, &failure) => {
                    self.start_rollback(at, failure)?;
                }
                Some((at, failure)) => {
                    self.fail_step(at, failure)?;
                    return self.end(Ending::Failed);
                }
                None => return self.end_unless_ended(Ending::Succeeded),
            }
        }
        match self.run_steps(forward..self.record.steps.len()).await? {
            Some((at, failure)) => self.rollback_failed(at, failure),
            None if self.record.ended.is_some() => Ok(()),
            None => self.finish_rollback(),
        }
    }

    /// Carries out steps in order. Returns the step that failed and why; `None` when all are done or the person stopped
    /// the run.
    async fn run_steps(&mut self, steps: Range<usize>) -> Result<Option<(usize, Failure)>, JournalError> {
        for at in steps {
            if self.record.steps[at].is_done() {
                continue;
            }
            self.begin_step(at)?;
            match StepRun::new(self, at).carry_out().await {
                Ok(already_there) => self.finish_step(at, already_there)?,
                Err(StepError::Failed(failure)) => {
                    return Ok(Some((at, self.redactor.failure(*failure))));
                }
                Err(StepError::Cancelled) => {
                    self.cancel_step(at).await?;
                    self.end(Ending::Cancelled)?;
                    return Ok(None);
                }
                Err(StepError::Paused) => {
                    self.end(Ending::Paused)?;
                    return Ok(None);
                }
                Err(StepError::WentBack(failure)) => {
                    self.fail_step(at, *failure)?;
                    self.end(Ending::TakenBack)?;
                    return Ok(None);
                }
                Err(StepError::Journal(error)) => return Err(error),
            }
        }
        Ok(None)
    }

    fn begin_step(&mut self, at: usize) -> Result<(), JournalError> {
        let local = self.planned(at).kind.resource_id().is_none();
        let now = self.tools.clock.now();
        let step = self.step_mut(at);
        // A step that was interrupted while waiting continues where it was, and keeps its start time.
        let continues = matches!(
            step.status,
            StepStatus::Intent | StepStatus::Polling { .. } | StepStatus::Working
        );
        if !continues {
            step.status = if local {
                StepStatus::Working
            } else {
                StepStatus::Begun
            };
            step.started_at = Some(now);
        }
        step.ended_at = None;
        if local {
            step.attempts += 1;
        }
        self.event(Some(at), EventKind::StepBegins);
        self.save()
    }

    fn finish_step(&mut self, at: usize, already_there: bool) -> Result<(), JournalError> {
        let now = self.tools.clock.now();
        let step = self.step_mut(at);
        if step.is_done() {
            // The step was skipped and keeps that status.
            return self.save();
        }
        step.settle(StepStatus::Done { already_there }, now);
        let changed_existing = step.intent.as_ref().is_some_and(|intent| intent.before.is_some());
        if !already_there && !changed_existing {
            step.exists = Some(true);
        }
        let kind = if already_there {
            EventKind::StepAlreadyThere
        } else {
            EventKind::StepDone
        };
        self.event(Some(at), kind);
        self.save()
    }

    fn fail_step(&mut self, at: usize, failure: Failure) -> Result<(), JournalError> {
        let now = self.tools.clock.now();
        self.event(Some(at), EventKind::StepFailed(failure.code));
        tracing::warn!(run = %self.record.id, step = %self.record.steps[at].id, detail = %failure.detail, "a step failed");
        let failure = Box::new(failure);
        self.step_mut(at).settle(StepStatus::Failed { failure }, now);
        self.save()
    }

    async fn cancel_step(&mut self, at: usize) -> Result<(), JournalError> {
        StepRun::new(self, at).wind_down().await;
        let now = self.tools.clock.now();
        self.event(Some(at), EventKind::StepCancelled);
        self.step_mut(at).settle(StepStatus::Cancelled, now);
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
        self.event(None, EventKind::RunEnded(how));
        self.save()
    }

    /// Shows that the journal cannot be written. This state is not on disk.
    fn report_unwritable_journal(&mut self, error: &JournalError) {
        let failure = Box::new(from_journal(error));
        tracing::error!(run = %self.record.id, detail = %failure.detail, "the journal cannot be written");
        let now = self.tools.clock.now();
        if let Some(step) = self.record.steps.iter_mut().find(|step| !step.is_done()) {
            step.settle(StepStatus::Failed { failure }, now);
        }
        self.record.ended = Some(Ended {
            at: now,
            how: Ending::Failed,
        });
        self.show();
    }

    fn planned(&self, at: usize) -> &PlanStep {
        let plan = &self.record.plan;
        let forward = plan.steps.len();
        plan.steps.get(at).unwrap_or_else(|| &plan.back[at - forward])
    }

    fn step_mut(&mut self, at: usize) -> &mut StepRecord {
        &mut self.record.steps[at]
    }

    fn event(&mut self, at: Option<usize>, kind: EventKind) {
        let step = at.map(|at| self.record.steps[at].id.as_str());
        let kind = kind.map_text(|text| self.redactor.text(text));
        self.journal.append_event(self.tools.clock.now(), step, kind);
    }

    /// Writes the run to disk, then publishes it.
    fn save(&mut self) -> Result<(), JournalError> {
        self.record.seq += 1;
        self.journal.save(&self.record)?;
        self.publish();
        Ok(())
    }

    /// Publishes changes that are not worth a write: percent, messages, reasons for waiting.
    fn show(&mut self) {
        self.record.seq += 1;
        self.publish();
    }

    fn publish(&self) {
        self.progress.view.send_replace(Arc::new(self.record.clone()));
        // Nobody may be listening.
        let _ = self.progress.changes.send(self.record.id.clone());
    }
}
