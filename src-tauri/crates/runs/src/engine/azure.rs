//! Steps that make or change something in Azure: look, send, follow, look again. Each is safe to do twice, because what is
//! there is looked at before anything is sent, and again after every doubt.

use super::{Engine, Halt};
use crate::patience::Waited;
use crate::record::{Intent, Said, Standing};
use crate::steps::{self, Context, Found, create_cluster};
use crate::trouble::{Trouble, sort};
use berth_arm::poll::Ask;
use berth_arm::{Arm, ArmError, Bookmark, Poll};
use berth_contract::failure::Failure;
use berth_contract::run::WaitingBecause;
use berth_domain::azure_fault::AzureFault;
use berth_domain::plan::StepKind;
use berth_domain::provenance::identity;
use berth_failures::from_operation;
use serde_json::Value;
use std::time::Duration;

/// Wait before something that is being deleted is looked at again.
const AGAIN: Duration = Duration::from_secs(5);

/// What was sent in one go, and what is not known of it.
#[derive(Default)]
pub(super) struct Sending {
    /// Whether anything was.
    pub(super) sent: bool,
    /// Why the last request may have arrived or not. It is not sent again.
    pub(super) doubt: Option<Doubt>,
}

/// Azure failed, or the connection broke: the resource tells whether the request took effect.
pub(super) struct Doubt {
    /// What the step ends with when it did not.
    pub(super) failure: Failure,
    /// Whether it has had its time to arrive.
    pub(super) settled: bool,
}

/// Longest time that stopping an operation may take: whoever cancelled waits for it.
const ABORT: Duration = Duration::from_secs(15);

impl Engine {
    /// Carries out a step that Azure does. True when there was nothing to do.
    pub(super) async fn through_azure(&mut self, at: usize) -> Result<bool, Halt> {
        let mut waited = self.waited(at);
        let mut sending = Sending::default();
        if let Standing::Polling { bookmark } = self.record.steps[at].standing.clone() {
            // What is followed after a refusal is somebody else's.
            if self.record.steps[at].may_have_begun() {
                self.step_mut(at).hear(Said::Accepted);
            }
            self.follow(at, bookmark, &mut waited).await?;
        }
        loop {
            self.heed_stop()?;
            let (found, seen) = self.inspect(at, &mut waited).await?;
            let accepted = self.record.steps[at].is_accepted();
            match found {
                Found::Done => return Ok(self.record.steps[at].intent.is_none()),
                Found::Conflict(failure) => return Err(Halt::Failed(failure)),
                Found::InFlight => {
                    let bookmark = self.bookmark_of_resource(at);
                    self.polling(at, bookmark.clone())?;
                    self.follow(at, bookmark, &mut waited).await?;
                }
                Found::Leaving => {
                    let why = "it is being deleted".to_owned();
                    self.say_waiting(at, WaitingBecause::Trouble { why })?;
                    self.pause(AGAIN, &mut waited).await?;
                }
                Found::Broken(fault) if sending.sent || accepted => {
                    self.step_mut(at).hear(Said::Nothing);
                    return Err(from_operation(&fault, false).into());
                }
                Found::Absent | Found::Outdated if accepted => {
                    self.wait_to_show(at, &mut waited).await?;
                }
                Found::Absent | Found::Outdated | Found::Broken(_) if sending.doubt.is_some() => {
                    self.settle_doubt(at, &mut sending, &mut waited).await?;
                }
                Found::Absent if self.may_still_arrive(at) => {
                    self.pause(self.tools.patience.settle, &mut waited).await?;
                }
                Found::Absent | Found::Outdated | Found::Broken(_) => {
                    let sent = self.send(at, seen.as_ref(), &mut sending, &mut waited).await?;
                    if let Some(bookmark) = sent {
                        self.follow(at, bookmark, &mut waited).await?;
                    }
                }
            }
        }
    }

    /// Reads the resource and judges it; keeps asking through trouble on the way.
    pub(super) async fn inspect(
        &mut self,
        at: usize,
        waited: &mut Waited,
    ) -> Result<(Found, Option<Value>), Halt> {
        let mut troubled = false;
        loop {
            match self.unless_stopped(self.look(at)).await? {
                Ok((found, seen)) => {
                    // Why a write is not sent yet stays on screen while the resource can be read.
                    if troubled {
                        self.went_well(at, waited)?;
                    }
                    self.note_existence(at, &found, seen.as_ref());
                    return Ok((found, seen));
                }
                Err(error) => {
                    troubled = true;
                    self.bear(at, &error, waited).await?;
                }
            }
        }
    }

    async fn look(&self, at: usize) -> Result<(Found, Option<Value>), ArmError> {
        let step = self.plan_step(at);
        let seen = steps::read(&self.tools.arm, step).await?;
        let context = Context {
            plan_id: &self.record.plan.id,
            step,
            intent: self.record.steps[at].intent.as_ref(),
            target: step
                .kind
                .resource_id()
                .and_then(|id| self.record.plan.bound.target(id)),
        };
        let found = steps::judge(&self.tools.arm, &context, seen.as_ref()).await?;
        Ok((found, seen))
    }

    /// Waits out trouble that passes; the other kind ends the step.
    pub(super) async fn bear(
        &mut self,
        at: usize,
        error: &ArmError,
        waited: &mut Waited,
    ) -> Result<(), Halt> {
        match sort(error) {
            Trouble::Passing { why, wait } => self.pause_because(at, why, wait, waited).await,
            Trouble::Lasting(failure) => Err(Halt::Failed(failure)),
        }
    }

    pub(super) fn polling(&mut self, at: usize, bookmark: Bookmark) -> Result<(), Halt> {
        self.step_mut(at).standing = Standing::Polling { bookmark };
        self.event(Some(at), "accepted");
        self.save().map_err(Halt::from)
    }

    /// Follows an operation until it has ended well, or nothing is known of it any more: then the resource itself will tell.
    async fn follow(&mut self, at: usize, mut bookmark: Bookmark, waited: &mut Waited) -> Result<(), Halt> {
        loop {
            self.heed_stop()?;
            match self.unless_stopped(self.tools.arm.poll(&bookmark)).await? {
                Ok(Poll::Succeeded) => {
                    // A resource in order may be one that does not show the change yet.
                    if bookmark.ask != Ask::Resource {
                        self.step_mut(at).hear(Said::Succeeded);
                    }
                    return self.went_well(at, waited);
                }
                Ok(Poll::Gone) => {
                    self.event(Some(at), "bookmark_expired");
                    return Ok(());
                }
                Ok(Poll::InProgress {
                    percent,
                    message,
                    wait,
                }) => {
                    self.went_well(at, waited)?;
                    self.progress(at, percent, message);
                    // Registration has a state of its own, which the poll does not know.
                    if self.is_registration(at) && self.inspect(at, waited).await?.0 != Found::InFlight {
                        return Ok(());
                    }
                    self.pause(wait, waited).await?;
                }
                Ok(Poll::Failed { fault, cancelled }) => {
                    match self
                        .really_failed(at, &bookmark, &fault, cancelled, waited)
                        .await?
                    {
                        Some(other) => bookmark = other,
                        None => return Ok(()),
                    }
                }
                // The status of an operation may be closed to somebody who may read the resource.
                Err(ArmError::Refused { status: 403, .. }) if bookmark.ask != Ask::Resource => {
                    bookmark = self.bookmark_of_resource(at);
                    self.polling(at, bookmark.clone())?;
                }
                Err(error) => self.bear(at, &error, waited).await?,
            }
        }
    }

    /// Azure sometimes reports a failure and then succeeds: the resource has the last word. `Some` is how to follow it,
    /// `None` means that it is done.
    async fn really_failed(
        &mut self,
        at: usize,
        bookmark: &Bookmark,
        fault: &AzureFault,
        cancelled: bool,
        waited: &mut Waited,
    ) -> Result<Option<Bookmark>, Halt> {
        self.event(Some(at), format!("operation_failed: {}", fault.code));
        let (found, seen) = self.inspect(at, waited).await?;
        match found {
            Found::Done => return Ok(None),
            Found::InFlight if bookmark.ask != Ask::Resource => {
                let bookmark = self.bookmark_of_resource(at);
                self.polling(at, bookmark.clone())?;
                return Ok(Some(bookmark));
            }
            Found::InFlight => {}
            // Somebody else's operation, or one that this request was refused for.
            _ if !self.record.steps[at].may_have_begun() => {
                self.pause(AGAIN, waited).await?;
                return Ok(None);
            }
            _ => {}
        }
        self.step_mut(at).hear(Said::Nothing);
        let own = seen
            .as_ref()
            .map(AzureFault::of_resource)
            .filter(|_| fault.code.is_empty());
        let mut fault = own.unwrap_or_else(|| fault.clone());
        if fault.correlation_id.is_none() {
            fault.correlation_id = self.record.steps[at].correlation_id.clone();
        }
        Err(from_operation(&fault, cancelled).into())
    }

    fn progress(&mut self, at: usize, percent: Option<u8>, message: Option<String>) {
        let message = message.map(|message| self.unquoted.text(&message));
        let step = self.step_mut(at);
        let message = message.or_else(|| step.message.clone());
        if (step.percent, &step.message) != (percent, &message) {
            (step.percent, step.message) = (percent, message);
            self.show();
        }
    }

    fn is_registration(&self, at: usize) -> bool {
        matches!(self.plan_step(at).kind, StepKind::RegisterProvider { .. })
    }

    fn bookmark_of_resource(&self, at: usize) -> Bookmark {
        Bookmark {
            ask: Ask::Resource,
            resource: steps::resource_path(self.plan_step(at)).unwrap_or_default(),
            retry_after_ms: None,
        }
    }

    /// What is there because of us is certain; what is not there is not.
    fn note_existence(&mut self, at: usize, found: &Found, seen: Option<&Value>) {
        let step = self.step_mut(at);
        let Some(intent) = &step.intent else { return };
        let made = intent.before.is_none();
        match found {
            Found::InFlight | Found::Broken(_) | Found::Done if made => {
                step.exists = Some(true);
                step.identity = seen.and_then(identity).or(step.identity.take());
            }
            _ => {}
        }
    }

    /// A request that left a moment ago, perhaps from a program that was killed, may still be on its way.
    fn may_still_arrive(&self, at: usize) -> bool {
        let step = &self.record.steps[at];
        let now = self.tools.clock.now();
        let settle = i64::try_from(self.tools.patience.settle.as_secs()).unwrap_or(i64::MAX);
        let age = |intent: &Intent| now.as_second() - intent.at.as_second();
        // A clock that was set back makes ages negative: then nothing is known about it, and the look just made counts.
        step.intent
            .as_ref()
            .is_some_and(|intent| (0..settle).contains(&age(intent)))
    }

    /// The run stops: what Azure can stop is stopped; of the rest it is said that Azure still finishes it. Whether it is there
    /// by then is looked at once, for whoever clears up.
    pub(super) async fn wind_down(&mut self, at: usize) {
        let in_flight = matches!(
            self.record.steps[at].standing,
            Standing::Intent | Standing::Polling { .. }
        );
        if !in_flight {
            return;
        }
        // What runs after a refusal, or before anything left, is somebody else's.
        if self.record.steps[at].may_have_begun() {
            self.abort(at).await;
        }
        if self.record.steps[at].exists == Some(false)
            && let Ok((found, seen)) = self.look(at).await
        {
            self.note_existence(at, &found, seen.as_ref());
        }
    }

    async fn abort(&mut self, at: usize) {
        let arm: Arm = self.tools.arm.clone();
        let abort = create_cluster::abort(&arm, self.plan_step(at));
        let what = match tokio::time::timeout(ABORT, abort).await {
            Ok(Ok(false)) => return,
            Ok(Ok(true)) => {
                self.step_mut(at).hear(Said::Nothing);
                "abort_accepted".to_owned()
            }
            Ok(Err(error)) => format!("abort_refused: {}", error.status().unwrap_or_default()),
            Err(_) => "abort_unanswered".to_owned(),
        };
        self.event(Some(at), what);
    }
}
