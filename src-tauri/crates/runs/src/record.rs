//! A run as it is kept on disk, and the view of it that the window and the command line get.
//!
//! No secret is in it: bodies of the plan carry markers, the certificate is a reference and a fingerprint. Poll
//! addresses are in it (they may be signed), which is why the file is its owner's alone.

mod intent;

pub use intent::{Intent, Said};

use crate::owner::Owner;
use berth_arm::Bookmark;
use berth_contract::failure::Failure;
use berth_contract::run::{
    MadeResource, Proof, RunSnapshot, RunState, RunSummary, StepProgress, StepState, WaitingBecause,
};
use berth_domain::plan::{Plan, PlanStep, StepKind};
use berth_domain::spec::{PairRef, Recipe};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunRecord {
    /// Id; names its folder.
    pub id: String,
    /// On whose behalf.
    #[serde(flatten)]
    pub owner: Owner,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it ended, and how; `None` while there is something to do.
    pub ended: Option<Ended>,
    /// Rises with each change.
    pub seq: u32,
    /// What is carried out.
    pub plan: Plan,
    /// Where the certificate is that is applied: the plan's, or the one that the run makes (its id is fixed before).
    pub pair: Option<PairRef>,
    /// SHA-256 of the certificate that was sent, lower-case hexadecimal.
    pub applied_sha256: Option<String>,
    /// SHA-256 of the certificate of before, once it is kept.
    #[serde(default)]
    pub former_sha256: Option<String>,
    /// Why what was there before is put back; `None` while the change is made.
    #[serde(default)]
    pub going_back: Option<GoingBack>,
    /// Whether it has succeeded once: what is seen later takes nothing back.
    #[serde(default)]
    pub settled: bool,
    /// Standing of each step of the plan, in the same order: first those that make the change, then those of the way back.
    pub steps: Vec<StepRecord>,
    /// What was seen from outside, once looked.
    pub proof: Option<Proof>,
}

/// The change did not come about, so what was there before is put back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GoingBack {
    /// Which step failed.
    pub step: usize,
    /// What with.
    pub failure: Box<Failure>,
}

/// The end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ended {
    /// When.
    pub at: Timestamp,
    /// How.
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
    /// The change did not show, and what was there before is in force again.
    TakenBack,
}

impl Ending {
    /// Whether nothing is left to do, so that the run is never gone on with.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::TakenBack)
    }
}

/// A step.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepRecord {
    /// Id of the step in the plan.
    pub id: String,
    /// Where it stands.
    pub standing: Standing,
    /// The last request that left, or may have.
    pub intent: Option<Intent>,
    /// Whether its resource exists because of this run: `None` no, false perhaps, true certainly.
    pub exists: Option<bool>,
    /// Its identity when it was last seen to be there because of this run: see `berth_domain::provenance::identity`.
    #[serde(default)]
    pub identity: Option<String>,
    /// When it was begun.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How often it was tried.
    pub attempts: u32,
    /// `x-ms-correlation-request-id` of the last request.
    pub correlation_id: Option<String>,
    /// Percent, where Azure tells.
    pub percent: Option<u8>,
    /// Azure's last words.
    pub message: Option<String>,
    /// Why it waits, where it does.
    pub waiting_because: Option<WaitingBecause>,
}

/// Where a step stands. Written to disk at every change.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Standing {
    /// Its turn has not come.
    Ready,
    /// It is being looked at; nothing has left.
    Begun,
    /// Berth itself works on it: there is no operation of Azure to follow.
    Working,
    /// Written before the request leaves, so that a crash can never hide one.
    Intent,
    /// Azure accepted; everything needed to ask again is here.
    Polling {
        /// How to ask.
        bookmark: Bookmark,
    },
    /// Done.
    Done {
        /// It was there before.
        already_there: bool,
    },
    /// It could not be done, and the run goes on without it.
    PassedOver {
        /// Why.
        failure: Box<Failure>,
    },
    /// It failed.
    Failed {
        /// Why.
        failure: Box<Failure>,
    },
    /// The person stopped it.
    Cancelled,
}

impl RunRecord {
    /// A run of a plan that has not begun.
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
            going_back: None,
            settled: false,
            steps,
            proof: None,
        }
    }

    /// Whether the certificate is one that this run makes.
    pub fn makes_pair(&self) -> bool {
        self.plan.pair.is_none() && self.pair.is_some()
    }

    /// What the plan says of the certificate that this run makes.
    pub(crate) fn recipe(&self) -> Option<(&str, &Recipe)> {
        let kinds = self.plan.steps.iter().map(|step| &step.kind);
        kinds
            .filter_map(|kind| match kind {
                StepKind::MakeCertificate { cname, recipe } => Some((cname.as_str(), recipe)),
                _ => None,
            })
            .next()
    }

    /// Whether what was there before can be put back: the plan says how, and what had to be kept is.
    pub(crate) fn has_way_back(&self) -> bool {
        let kept = |step: &StepRecord| !matches!(step.standing, Standing::PassedOver { .. });
        !self.settled && !self.plan.back.is_empty() && self.steps.iter().all(kept)
    }

    /// The last looks are to be taken again: those of the way back once it was taken, else those of the change.
    pub(crate) fn look_again(&mut self) {
        let forth = self.plan.steps.len();
        for (at, step) in self.steps.iter_mut().enumerate() {
            let looks = self
                .plan
                .step(at)
                .is_some_and(|plan| matches!(plan.kind, StepKind::Prove { .. } | StepKind::Confirm { .. }));
            if looks && (at >= forth) == self.going_back.is_some() {
                step.standing = Standing::Ready;
            }
        }
    }

    /// The line of the list. `live` says whether a program is carrying it out.
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

    /// Everything a screen shows.
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
            goes_back: self.going_back.is_some(),
            proof: self.proof.clone(),
            made: steps.filter_map(|(plan, step)| step.made(plan)).collect(),
        }
    }
}

impl StepRecord {
    fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            standing: Standing::Ready,
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
        }
    }

    /// Whether there is nothing left to do.
    pub fn is_done(&self) -> bool {
        matches!(self.standing, Standing::Done { .. } | Standing::PassedOver { .. })
    }

    /// Whether Azure accepted the last request, and has not said since that it failed.
    pub(crate) fn is_accepted(&self) -> bool {
        self.intent
            .as_ref()
            .is_some_and(|intent| intent.said.is_acceptance())
    }

    /// Whether a request left that Azure did not refuse, so that what becomes of the resource may come of it.
    pub(crate) fn may_have_begun(&self) -> bool {
        self.intent
            .as_ref()
            .is_some_and(|intent| intent.said != Said::Refused)
    }

    /// Notes what Azure said of the last request.
    pub(crate) fn hear(&mut self, said: Said) {
        if let Some(intent) = &mut self.intent {
            intent.said = said;
        }
    }

    /// Forgets what only matters while Azure works on it.
    pub(crate) fn settle(&mut self, standing: Standing, now: Timestamp) {
        self.standing = standing;
        self.ended_at = Some(now);
        self.percent = None;
        self.waiting_because = None;
    }

    fn state(&self) -> StepState {
        match &self.standing {
            Standing::Ready => StepState::Waiting,
            Standing::Begun | Standing::Intent => StepState::Starting,
            Standing::Working | Standing::Polling { .. } => StepState::InProgress,
            Standing::Done { already_there: true } => StepState::AlreadyThere,
            Standing::Done { already_there: false } => StepState::Done,
            Standing::PassedOver { .. } => StepState::PassedOver,
            Standing::Failed { .. } => StepState::Failed,
            Standing::Cancelled => StepState::Cancelled,
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
            failure: match &self.standing {
                Standing::Failed { failure } | Standing::PassedOver { failure } => {
                    Some(failure.as_ref().clone())
                }
                _ => None,
            },
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
