//! A run as stored on disk, and its conversion to what the window and the command line show.
//!
//! A record contains no secrets: request bodies carry markers, and the certificate is a reference and a fingerprint. It does
//! contain poll addresses, which may be signed, so only the owner may read the file.

mod canary;
mod intent;
mod rollback;

pub use canary::{CanaryRecord, CanaryWrite};
pub use intent::{AzureReply, Intent};
pub use rollback::{Rollback, RollbackReason};

use crate::owner::Owner;
use berth_arm::Bookmark;
use berth_contract::failure::{Failure, FailureCode};
use berth_contract::run::{
    MadeResource, Proof, RunSnapshot, RunState, RunSummary, StepProgress, StepState, WaitingBecause,
};
use berth_domain::plan::{Plan, PlanStep, StepKind};
use berth_domain::spec::{PairRef, Recipe};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The state of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunRecord {
    /// Also the name of the run's folder.
    pub id: String,
    /// On whose behalf it is carried out.
    #[serde(flatten)]
    pub owner: Owner,
    /// When the run was started.
    pub started_at: Timestamp,
    /// When and how the run ended; `None` while steps remain.
    pub ended: Option<Ended>,
    /// Increases with each change.
    pub seq: u32,
    /// The plan that is carried out.
    pub plan: Plan,
    /// Location of the certificate to apply: the plan's, or the one that the run makes, whose id is fixed in advance.
    pub pair: Option<PairRef>,
    /// SHA-256 of the certificate that was sent, in lower-case hexadecimal.
    pub applied_sha256: Option<String>,
    /// SHA-256 of the former certificate, once it is backed up.
    #[serde(default)]
    pub former_sha256: Option<String>,
    /// Why the change is rolled back; `None` while it is being made.
    #[serde(default, rename = "goingBack")]
    pub rollback: Option<Rollback>,
    /// Whether the run has succeeded once. A later proof then rolls nothing back.
    #[serde(default)]
    pub settled: bool,
    /// One record for each step of the plan, followed by those of its way back.
    pub steps: Vec<StepRecord>,
    /// The latest proof.
    pub proof: Option<Proof>,
}

/// When and how a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ended {
    /// When it ended.
    pub at: Timestamp,
    /// How it ended.
    pub how: Ending,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Every step is done.
    Succeeded,
    /// A step failed.
    Failed,
    /// The person stopped it.
    Cancelled,
    /// A canary waits for the person.
    Paused,
    /// The change did not show and was rolled back.
    TakenBack,
}

impl Ending {
    /// Whether the run can no longer be resumed.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::TakenBack)
    }
}

/// The state of one step.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepRecord {
    /// Id of the step in the plan.
    pub id: String,
    /// How far the step has come.
    #[serde(alias = "standing")]
    pub status: StepStatus,
    /// The last request that was sent, or may have been.
    pub intent: Option<Intent>,
    /// Whether its resource exists because of this run: `None` is no, false is perhaps, true is certain.
    pub exists: Option<bool>,
    /// Identity of the resource that this run made, as last read: see `berth_domain::provenance::identity`.
    #[serde(default)]
    pub identity: Option<String>,
    /// When the step began.
    pub started_at: Option<Timestamp>,
    /// When the step ended.
    pub ended_at: Option<Timestamp>,
    /// How often the step was attempted.
    pub attempts: u32,
    /// `x-ms-correlation-request-id` of the last request.
    pub correlation_id: Option<String>,
    /// Percentage complete, where Azure reports it.
    pub percent: Option<u8>,
    /// The latest message from Azure.
    pub message: Option<String>,
    /// Why the step is waiting.
    pub waiting_because: Option<WaitingBecause>,
    /// The state of a canary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<Box<CanaryRecord>>,
}

/// How far a step has come. Written to disk at every change.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum StepStatus {
    /// Not started.
    Ready,
    /// Its resource is being inspected; no request has been sent.
    Begun,
    /// Berth itself is carrying it out, so there is no operation to follow.
    Working,
    /// Written before the request is sent, so that a crash can never hide one.
    Intent,
    /// Azure accepted the request and is working on it.
    Polling {
        /// How to poll the operation.
        bookmark: Bookmark,
    },
    /// Finished.
    Done {
        /// Nothing had to be done.
        already_there: bool,
    },
    /// Failed without stopping the run.
    #[serde(rename = "passed_over")]
    Skipped {
        /// The reason.
        failure: Box<Failure>,
    },
    /// Failed.
    Failed {
        /// The reason.
        failure: Box<Failure>,
    },
    /// Stopped by the person.
    Cancelled,
}

impl RunRecord {
    /// Creates the record of a run that has not begun.
    pub fn new(id: String, owner: Owner, plan: Plan, now: Timestamp) -> Self {
        let makes_pair = plan
            .steps
            .iter()
            .any(|step| matches!(step.kind, StepKind::MakeCertificate { .. }));
        let pair = plan.pair.clone().or_else(|| {
            makes_pair.then(|| PairRef::Vault {
                id: format!("run-{id}"),
            })
        });
        let all = plan.steps.iter().chain(&plan.back);
        let steps = all.map(|step| StepRecord::new(&step.id)).collect();
        Self {
            id,
            owner,
            started_at: now,
            ended: None,
            seq: 0,
            plan,
            pair,
            applied_sha256: None,
            former_sha256: None,
            rollback: None,
            settled: false,
            steps,
            proof: None,
        }
    }

    /// Whether this run makes its certificate.
    pub fn makes_pair(&self) -> bool {
        self.plan.pair.is_none() && self.pair.is_some()
    }

    /// The name and recipe of the certificate that this run makes.
    pub(crate) fn recipe(&self) -> Option<(&str, &Recipe)> {
        let mut kinds = self.plan.steps.iter().map(|step| &step.kind);
        kinds.find_map(|kind| match kind {
            StepKind::MakeCertificate { cname, recipe } => Some((cname.as_str(), recipe)),
            _ => None,
        })
    }

    /// Whether the former state can be restored: the plan has a way back, and the backup was made.
    pub(crate) fn can_roll_back(&self) -> bool {
        let skipped = |step: &StepRecord| matches!(step.status, StepStatus::Skipped { .. });
        !self.settled && !self.plan.back.is_empty() && !self.steps.iter().any(skipped)
    }

    /// Resets the proof steps: those of the way back after a rollback, else those of the change.
    pub(crate) fn reset_proofs(&mut self) {
        let forward = self.plan.steps.len();
        for (at, step) in self.steps.iter_mut().enumerate() {
            let proves = self
                .plan
                .step(at)
                .is_some_and(|plan| matches!(plan.kind, StepKind::Prove { .. } | StepKind::Confirm { .. }));
            if proves && (at >= forward) == self.rollback.is_some() {
                step.status = StepStatus::Ready;
            }
        }
    }

    /// The entry in the list of runs. `live` says whether a program is carrying the run out.
    pub fn summary(&self, live: bool) -> RunSummary {
        let total = self.plan.steps.len();
        let steps = self.steps.iter().take(total);
        let done = steps.filter(|step| step.is_done()).count();
        RunSummary {
            id: self.id.clone(),
            title: self.plan.title.clone(),
            account: self.owner.account.clone(),
            state: match self.ended.map(|ended| ended.how) {
                Some(Ending::Succeeded) => RunState::Succeeded,
                Some(Ending::Failed) => RunState::Failed,
                Some(Ending::Cancelled) => RunState::Cancelled,
                Some(Ending::Paused) => RunState::Paused,
                Some(Ending::TakenBack) => RunState::TakenBack,
                None if live => RunState::Running,
                None => RunState::Interrupted,
            },
            steps_done: u32::try_from(done).unwrap_or(u32::MAX),
            steps_total: u32::try_from(total).unwrap_or(u32::MAX),
            started_at: self.started_at.to_string(),
            ended_at: self.ended.map(|ended| ended.at.to_string()),
            unread: None,
        }
    }

    /// The full view. `live` says whether a program is carrying the run out.
    pub fn snapshot(&self, live: bool, now: Timestamp) -> RunSnapshot {
        let steps = self.plan.steps.iter().zip(&self.steps);
        let back = self.steps.get(self.plan.steps.len()..).unwrap_or_default();
        let back = self.plan.back.iter().zip(back);
        RunSnapshot {
            summary: self.summary(live),
            seq: self.seq,
            plan: self.plan.clone(),
            steps: steps
                .clone()
                .map(|(plan, step)| step.progress(plan, now))
                .collect(),
            back: back.map(|(plan, step)| step.progress(plan, now)).collect(),
            goes_back: self.rollback.is_some(),
            proof: self.proof.clone(),
            made: steps.filter_map(|(plan, step)| step.made(plan)).collect(),
        }
    }
}

impl StepRecord {
    fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            status: StepStatus::Ready,
            intent: None,
            exists: None,
            identity: None,
            started_at: None,
            ended_at: None,
            attempts: 0,
            correlation_id: None,
            percent: None,
            message: None,
            waiting_because: None,
            canary: None,
        }
    }

    /// Whether the step is finished or skipped.
    pub fn is_done(&self) -> bool {
        matches!(self.status, StepStatus::Done { .. } | StepStatus::Skipped { .. })
    }

    /// Whether Azure accepted the last request and has not reported a failure since.
    pub(crate) fn is_accepted(&self) -> bool {
        self.intent
            .as_ref()
            .is_some_and(|intent| intent.reply.is_acceptance())
    }

    /// Whether a request was sent that Azure did not refuse, so that the state of the resource may be its effect.
    pub(crate) fn may_have_begun(&self) -> bool {
        self.intent
            .as_ref()
            .is_some_and(|intent| intent.reply != AzureReply::Refused)
    }

    /// Records how Azure replied to the last request.
    pub(crate) fn record_reply(&mut self, reply: AzureReply) {
        if let Some(intent) = &mut self.intent {
            intent.reply = reply;
        }
    }

    /// Ends the step and clears what only matters while it is in progress.
    pub(crate) fn settle(&mut self, status: StepStatus, now: Timestamp) {
        self.status = status;
        self.ended_at = Some(now);
        self.percent = None;
        self.waiting_because = None;
    }

    fn state(&self) -> StepState {
        match &self.status {
            StepStatus::Ready => StepState::Waiting,
            StepStatus::Working if self.canary.as_ref().is_some_and(|canary| canary.waits()) => {
                StepState::Waiting
            }
            StepStatus::Begun | StepStatus::Intent => StepState::Starting,
            StepStatus::Working | StepStatus::Polling { .. } => StepState::InProgress,
            StepStatus::Done { already_there: true } => StepState::AlreadyThere,
            StepStatus::Done { already_there: false } => StepState::Done,
            StepStatus::Skipped { .. } => StepState::PassedOver,
            // Somebody asked for it.
            StepStatus::Failed { failure } if failure.code == FailureCode::CanaryStopped => {
                StepState::Cancelled
            }
            StepStatus::Failed { .. } => StepState::Failed,
            StepStatus::Cancelled => StepState::Cancelled,
        }
    }

    fn progress(&self, plan: &PlanStep, now: Timestamp) -> StepProgress {
        let state = self.state();
        let running = matches!(state, StepState::Starting | StepState::InProgress);
        let so_far = self
            .started_at
            .map_or(0, |started| now.as_second() - started.as_second());
        StepProgress {
            id: self.id.clone(),
            state,
            started_at: self.started_at.map(|at| at.to_string()),
            ended_at: self.ended_at.map(|at| at.to_string()),
            percent: self.percent,
            message: self.message.clone(),
            correlation_id: self.correlation_id.clone(),
            client_request_id: self
                .intent
                .as_ref()
                .map(|intent| intent.client_request_id.to_string()),
            attempts: self.attempts,
            slower_than_usual: running && so_far > i64::from(plan.usual.to_seconds),
            waiting_because: self.waiting_because.clone(),
            failure: match &self.status {
                StepStatus::Failed { failure } | StepStatus::Skipped { failure } => {
                    Some(failure.as_ref().clone())
                }
                _ => None,
            },
            canary: self.canary.as_ref().map(|canary| canary.progress()),
        }
    }

    fn made(&self, plan: &PlanStep) -> Option<MadeResource> {
        Some(MadeResource {
            resource_id: plan.kind.resource_id()?.to_owned(),
            certain: self.exists?,
            costs: !plan.costs.is_empty(),
        })
    }
}
