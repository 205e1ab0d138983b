//! Carries out a canary: does what [`Canary::action`] says and tells it what came of it.
//!
//! The state is on disk before each write and after it, at each new stage, and at least as often as the endpoint is read. A run
//! that waits for the person ends as paused, so that no program has to stay open. Resuming it is the decision to continue,
//! unless another one was left for it.

mod calls;
mod pods;
mod reads;
mod writes;

use super::step_run::{StepError, StepRun};
use crate::journal::EventKind;
use crate::record::{CanaryRecord, StepStatus};
use crate::waiting::WaitBudget;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::run::CanaryChoice;
use berth_domain::canary::{Action, Canary, Choice, Event, PodTrouble, Stage, WhyBack, fallback};
use berth_domain::plan::StepKind;
use berth_domain::traffic::Traffic;
use calls::Calls;
use pods::PodReader;
use serde_json::Value;
use std::time::Duration;

/// A canary while this program carries it out.
struct CanaryRun<'a, 'run> {
    step: &'a mut StepRun<'run>,
    state: CanaryRecord,
    endpoint_id: String,
    /// Path and query of the endpoint.
    path: String,
    /// Path of the file with the sample.
    sample: String,
    calls: Option<Calls>,
    /// The endpoint as it was last read.
    seen: Option<Value>,
    /// The names of its versions as they were last read.
    versions: Option<Vec<String>>,
    /// How the pods are read, once that worked.
    pods: Option<PodReader>,
    /// When the pods are read again, if they could not be read.
    pods_from: u64,
    /// Why it is unknown whether the last write arrived.
    doubt: Option<Failure>,
    /// How long the present stage may wait for Azure.
    patience: WaitBudget,
    /// Calls since the traffic was restored.
    plain_calls: u32,
    /// How often the front end was looked for in vain.
    searches: u32,
    /// Calls to the old versions, which are called in turn.
    old_calls: usize,
    /// How the last call to the new version failed. It quotes an answer, so it is only kept for the end of the run.
    last_error: Option<String>,
}

impl StepRun<'_> {
    /// Carries out a canary until it is settled, went back or waits for the person.
    pub(super) async fn run_canary(&mut self) -> Result<bool, StepError> {
        let mut run = CanaryRun::take_up(self)?;
        Box::pin(run.carry_on()).await
    }
}

fn internal() -> StepError {
    Failure::new(FailureCode::Internal, Remedy::ReportBug).into()
}

impl<'a, 'run> CanaryRun<'a, 'run> {
    fn take_up(step: &'a mut StepRun<'run>) -> Result<Self, StepError> {
        let planned = step.planned();
        let StepKind::Canary {
            resource_id,
            canary,
            before,
            sample,
        } = planned.kind.clone()
        else {
            return Err(internal());
        };
        let path = planned.requests().next().ok_or_else(internal)?.path.clone();
        let now = seconds(step);
        let state = match &step.step().canary {
            Some(state) => CanaryRecord::clone(state),
            None => CanaryRecord::new(Canary::new(&step.record().id, &canary, &before, now)),
        };
        let patience = step.budget(step.tools().patience.at_least);
        Ok(Self {
            step,
            state,
            endpoint_id: resource_id,
            path,
            sample,
            calls: None,
            seen: None,
            versions: None,
            pods: None,
            pods_from: 0,
            doubt: None,
            patience,
            plain_calls: 0,
            searches: 0,
            old_calls: 0,
            last_error: None,
        })
    }

    async fn carry_on(&mut self) -> Result<bool, StepError> {
        self.step.step_mut().status = StepStatus::Working;
        self.begin().await?;
        loop {
            self.step.check_cancelled()?;
            if let Some(choice) = self.choice()? {
                self.choose(choice)?;
            }
            match self.state.canary.action(self.now()) {
                Action::Ask => return Err(StepError::Paused),
                Action::Finish => return self.end(),
                Action::Call(side) => self.call(side).await?,
                Action::Read => self.read().await?,
                Action::Write { traffic } => self.write(&traffic).await?,
                Action::Wait { until } => self.wait(until).await?,
            }
        }
    }

    /// Starts the canary, or takes it up again. Resuming one that waits for the person is the person's decision.
    async fn begin(&mut self) -> Result<(), StepError> {
        if *self.stage() == Stage::Ready {
            return self.apply(Event::Started);
        }
        let waited = matches!(self.state.canary.action(self.now()), Action::Ask);
        self.apply(Event::Resumed)?;
        if !waited {
            return Ok(());
        }
        // What the person decides about is read first.
        self.read().await?;
        self.read_versions().await?;
        let choice = self.choice()?.unwrap_or(CanaryChoice::Continue);
        self.choose(choice)
    }

    fn choice(&self) -> Result<Option<CanaryChoice>, StepError> {
        self.step.engine.journal.take_choice().map_err(StepError::from)
    }

    fn choose(&mut self, choice: CanaryChoice) -> Result<(), StepError> {
        let choice = match choice {
            CanaryChoice::Pause => Choice::Pause,
            CanaryChoice::Continue => Choice::Continue,
            CanaryChoice::Back => self.way_back(),
        };
        self.apply(Event::Chosen(choice))
    }

    /// The traffic from before, or what is left of it if some of its versions are gone.
    fn way_back(&self) -> Choice {
        let before = self.state.canary.before();
        let names: Option<Vec<&str>> = self
            .versions
            .as_ref()
            .map(|versions| versions.iter().map(String::as_str).collect());
        let left = names.and_then(|names| fallback(before, &names));
        match left.filter(|left| left != before) {
            Some(left) => Choice::GoBackTo(left),
            None => Choice::GoBack,
        }
    }

    /// Tells the canary what happened. A new stage is journalled.
    fn apply(&mut self, event: Event) -> Result<(), StepError> {
        let earlier = word(self.stage());
        let canary = self.state.canary.clone();
        self.state.canary = canary.after(self.now(), event);
        let word = word(self.stage());
        if word == earlier {
            self.step.step_mut().canary = Some(Box::new(self.state.clone()));
            self.step.engine.show();
            return Ok(());
        }
        self.patience = self.step.budget(self.step.tools().patience.at_least);
        let text = format!("{word}, {}", self.state.canary.expected());
        self.step.event(EventKind::Canary(text));
        self.save()
    }

    /// Writes the state to disk.
    fn save(&mut self) -> Result<(), StepError> {
        self.step.step_mut().canary = Some(Box::new(self.state.clone()));
        self.step.save()
    }

    fn stage(&self) -> &Stage {
        self.state.canary.stage()
    }

    /// Whether the traffic from before is being restored, which ends only in success.
    fn goes_back(&self) -> bool {
        matches!(self.stage(), Stage::GoingBack { .. })
    }

    fn now(&self) -> u64 {
        seconds(self.step)
    }

    /// Waits until the endpoint is read again. Only going back has no limit.
    async fn wait(&mut self, until: u64) -> Result<(), StepError> {
        let time = Duration::from_secs(until.saturating_sub(self.now()));
        if self.goes_back() {
            return self.sleep(time).await;
        }
        match self.step.pause_within(&mut self.patience, time).await {
            // What Azure said tells more than "still running".
            Err(StepError::Failed(late)) => Err(StepError::Failed(self.state.refusal.take().unwrap_or(late))),
            other => other,
        }
    }

    async fn sleep(&self, time: Duration) -> Result<(), StepError> {
        let clock = self.step.tools().clock.as_ref();
        self.step.unless_cancelled(clock.sleep(time)).await
    }

    fn end(&mut self) -> Result<bool, StepError> {
        // What was in the way is over.
        self.state.refusal = None;
        self.save()?;
        match self.stage() {
            Stage::Back { why } => {
                let last = self.last_error.as_deref();
                let failure = went_back(*why, self.state.canary.before(), last);
                Err(StepError::WentBack(Box::new(failure)))
            }
            _ => Ok(false),
        }
    }
}

/// Seconds since 1970.
fn seconds(step: &StepRun<'_>) -> u64 {
    u64::try_from(step.tools().clock.now().as_second()).unwrap_or_default()
}

/// The serialized name of a stage.
fn word(stage: &Stage) -> String {
    let value = serde_json::to_value(stage).unwrap_or_default();
    value["kind"].as_str().unwrap_or_default().to_owned()
}

/// `last` is how the last call failed, unless another program made it.
fn went_back(why: WhyBack, before: &Traffic, last: Option<&str>) -> Failure {
    if why == WhyBack::Asked {
        return Failure::new(FailureCode::CanaryStopped, Remedy::Nothing).with("traffic", before);
    }
    let failure = Failure::new(FailureCode::CanaryBack, Remedy::CorrectVersion).with("traffic", before);
    match why {
        WhyBack::Asked => failure,
        WhyBack::Errors(counts) => match last {
            Some(last) => failure.with("reason", "canary_errors_last").with("last", last),
            None => failure.with("reason", "canary_errors"),
        }
        .with("errors", counts.errors)
        .with("calls", counts.calls),
        WhyBack::Slow(percentiles) => failure
            .with("reason", "canary_slow")
            .with("old", percentiles.old)
            .with("new", percentiles.new),
        WhyBack::Pods { trouble } => with_pods(failure, trouble),
    }
}

fn with_pods(failure: Failure, trouble: PodTrouble) -> Failure {
    match trouble {
        PodTrouble::Crash {
            crashing,
            all,
            restarts,
        } => failure
            .with("reason", "canary_pods_crash")
            .with("crashing", crashing)
            .with("all", all)
            .with("restarts", restarts),
        PodTrouble::Restarts { restarts } => failure
            .with("reason", "canary_pods_restarts")
            .with("restarts", restarts),
        PodTrouble::NotReady { ready, all } => failure
            .with("reason", "canary_pods_not_ready")
            .with("ready", ready)
            .with("all", all),
    }
}
