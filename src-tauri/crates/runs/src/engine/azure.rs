//! Steps that make or change something in Azure: inspect, send, follow, inspect again. Repeating a step is safe, because the
//! resource is inspected before anything is sent and again after every doubt.

use super::step_run::{StepError, StepRun};
use crate::journal::EventKind;
use crate::record::{AzureReply, Intent, StepStatus};
use crate::steps::{self, Context, Found};
use berth_arm::poll::Ask;
use berth_arm::{ArmError, Bookmark, Poll};
use berth_contract::run::WaitingBecause;
use berth_domain::azure_fault::AzureFault;
use berth_domain::plan::StepKind;
use berth_domain::provenance::identity;
use berth_failures::from_operation;
use serde_json::Value;
use std::time::Duration;

/// Wait between inspections of a resource that is being deleted.
const DELETING: Duration = Duration::from_secs(5);

/// Wait before the resource is inspected again after somebody else's operation failed.
const OTHER_OPERATION: Duration = Duration::from_secs(5);

/// Limit on stopping an operation: the person who cancelled is waiting.
const ABORT: Duration = Duration::from_secs(15);

impl StepRun<'_> {
    /// Carries out a step in Azure. True when there was nothing to do.
    pub(super) async fn run_in_azure(&mut self) -> Result<bool, StepError> {
        if let StepStatus::Polling { bookmark } = self.step().status.clone() {
            // An operation that is followed after a refusal is somebody else's.
            if self.step().may_have_begun() {
                self.step_mut().record_reply(AzureReply::Accepted);
            }
            self.follow(bookmark).await?;
        }
        loop {
            self.check_cancelled()?;
            let (found, seen) = self.inspect().await?;
            let accepted = self.step().is_accepted();
            match found {
                Found::Done => return Ok(self.step().intent.is_none()),
                Found::Conflict(failure) => return Err(StepError::Failed(failure)),
                Found::InFlight => {
                    let bookmark = self.bookmark_of_resource();
                    self.record_polling(bookmark.clone())?;
                    self.follow(bookmark).await?;
                }
                Found::Leaving => {
                    let why = "it is being deleted".to_owned();
                    self.show_waiting(WaitingBecause::Failure { why })?;
                    self.pause(DELETING).await?;
                }
                Found::Broken(fault) if self.sent || accepted => {
                    self.step_mut().record_reply(AzureReply::None);
                    return Err(from_operation(&fault, false).into());
                }
                Found::Absent | Found::Outdated if accepted => self.wait_until_visible().await?,
                Found::Absent | Found::Outdated | Found::Broken(_) if self.doubt.is_some() => {
                    self.settle_doubt().await?;
                }
                Found::Absent if self.may_still_arrive() => {
                    let settle = self.tools().patience.settle;
                    self.pause(settle).await?;
                }
                Found::Absent | Found::Outdated | Found::Broken(_) => {
                    if let Some(bookmark) = self.send(seen.as_ref()).await? {
                        self.follow(bookmark).await?;
                    }
                }
            }
        }
    }

    /// Reads the resource and judges it, retrying transient errors.
    pub(super) async fn inspect(&mut self) -> Result<(Found, Option<Value>), StepError> {
        let mut retried = false;
        loop {
            match self.unless_cancelled(self.read_and_judge()).await? {
                Ok((found, seen)) => {
                    // Only after a failed read: a write that waits to be resent keeps showing its reason.
                    if retried {
                        self.clear_waiting()?;
                    }
                    self.record_existence(&found, seen.as_ref());
                    return Ok((found, seen));
                }
                Err(error) => {
                    retried = true;
                    self.retry_or_fail(&error).await?;
                }
            }
        }
    }

    async fn read_and_judge(&self) -> Result<(Found, Option<Value>), ArmError> {
        let arm = &self.tools().arm;
        let step = self.planned();
        let seen = steps::read(self.connection().await?, step).await?;
        let context = Context {
            plan_id: &self.record().plan.id,
            step,
            intent: self.step().intent.as_ref(),
            target: step
                .kind
                .resource_id()
                .and_then(|id| self.record().plan.bound.target(id)),
        };
        let found = steps::judge(arm, &context, seen.as_ref()).await?;
        Ok((found, seen))
    }

    pub(super) fn record_polling(&mut self, bookmark: Bookmark) -> Result<(), StepError> {
        self.step_mut().status = StepStatus::Polling { bookmark };
        self.event(EventKind::Accepted);
        self.save()
    }

    /// Follows an operation until it succeeds or Azure no longer knows it. The caller then inspects the resource.
    async fn follow(&mut self, mut bookmark: Bookmark) -> Result<(), StepError> {
        loop {
            self.check_cancelled()?;
            match self.unless_cancelled(self.poll(&bookmark)).await? {
                Ok(Poll::Succeeded) => {
                    // A resource that is fine may not show the change yet.
                    if bookmark.ask != Ask::Resource {
                        self.step_mut().record_reply(AzureReply::Succeeded);
                    }
                    return self.clear_waiting();
                }
                Ok(Poll::Gone) => {
                    self.event(EventKind::BookmarkExpired);
                    return Ok(());
                }
                Ok(Poll::InProgress {
                    percent,
                    message,
                    wait,
                }) => {
                    self.clear_waiting()?;
                    self.show_progress(percent, message);
                    // Providers have a `registrationState`, which the poll does not read.
                    if self.is_registration() && self.inspect().await?.0 != Found::InFlight {
                        return Ok(());
                    }
                    self.pause(wait).await?;
                }
                Ok(Poll::Failed { fault, cancelled }) => {
                    match self.confirm_failure(&bookmark, &fault, cancelled).await? {
                        Some(other) => bookmark = other,
                        None => return Ok(()),
                    }
                }
                // A person may be allowed to read the resource but not the status of its operations.
                Err(ArmError::Refused { status: 403, .. }) if bookmark.ask != Ask::Resource => {
                    bookmark = self.bookmark_of_resource();
                    self.record_polling(bookmark.clone())?;
                }
                Err(error) => self.retry_or_fail(&error).await?,
            }
        }
    }

    async fn poll(&self, bookmark: &Bookmark) -> Result<Poll, ArmError> {
        self.connection().await?.poll(bookmark).await
    }

    /// Checks a reported failure against the resource, because Azure sometimes reports a failure and then succeeds.
    /// Returns the bookmark to follow while the resource is still in progress, `None` when it is done.
    async fn confirm_failure(
        &mut self,
        bookmark: &Bookmark,
        fault: &AzureFault,
        cancelled: bool,
    ) -> Result<Option<Bookmark>, StepError> {
        self.event(EventKind::OperationFailed(fault.code.clone()));
        let (found, seen) = self.inspect().await?;
        match found {
            Found::Done => return Ok(None),
            Found::InFlight if bookmark.ask != Ask::Resource => {
                let bookmark = self.bookmark_of_resource();
                self.record_polling(bookmark.clone())?;
                return Ok(Some(bookmark));
            }
            Found::InFlight => {}
            // Somebody else's operation, or the one that this request was refused for.
            _ if !self.step().may_have_begun() => {
                self.pause(OTHER_OPERATION).await?;
                return Ok(None);
            }
            _ => {}
        }
        self.step_mut().record_reply(AzureReply::None);
        let mut fault = match &seen {
            Some(seen) if fault.code.is_empty() => AzureFault::of_resource(seen),
            _ => fault.clone(),
        };
        if fault.correlation_id.is_none() {
            fault.correlation_id = self.step().correlation_id.clone();
        }
        Err(from_operation(&fault, cancelled).into())
    }

    pub(super) fn show_progress(&mut self, percent: Option<u8>, message: Option<String>) {
        let message = message.map(|message| self.engine.redactor.text(&message));
        let step = self.step_mut();
        let message = message.or_else(|| step.message.clone());
        if (step.percent, &step.message) != (percent, &message) {
            (step.percent, step.message) = (percent, message);
            self.engine.show();
        }
    }

    fn is_registration(&self) -> bool {
        matches!(self.planned().kind, StepKind::RegisterProvider { .. })
    }

    fn bookmark_of_resource(&self) -> Bookmark {
        Bookmark {
            ask: Ask::Resource,
            resource: steps::resource_path(self.planned()).unwrap_or_default(),
            retry_after_ms: None,
        }
    }

    /// Records that the resource exists because of this run. Not seeing it proves nothing.
    fn record_existence(&mut self, found: &Found, seen: Option<&Value>) {
        let step = self.step_mut();
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

    /// Whether a request sent a moment ago, perhaps by a program that was killed, may still arrive.
    fn may_still_arrive(&self) -> bool {
        let now = self.tools().clock.now();
        let settle = i64::try_from(self.tools().patience.settle.as_secs()).unwrap_or(i64::MAX);
        let age = |intent: &Intent| now.as_second() - intent.at.as_second();
        // A clock that was set back gives a negative age, which says nothing: then the inspection counts.
        let intent = self.step().intent.as_ref();
        intent.is_some_and(|intent| (0..settle).contains(&age(intent)))
    }

    /// Stops the operation where Azure can, after the run was cancelled. Then inspects once whether the resource is there,
    /// for a later clean-up.
    pub(super) async fn wind_down(&mut self) {
        let in_flight = matches!(
            self.step().status,
            StepStatus::Intent | StepStatus::Polling { .. }
        );
        if !in_flight {
            return;
        }
        // An operation that runs after a refusal, or before a request was sent, is somebody else's.
        if self.step().may_have_begun() {
            self.abort().await;
        }
        if self.step().exists == Some(false)
            && let Ok((found, seen)) = self.read_and_judge().await
        {
            self.record_existence(&found, seen.as_ref());
        }
    }

    async fn abort(&mut self) {
        let abort = steps::abort::abort(&self.tools().arm, self.planned());
        let outcome = match tokio::time::timeout(ABORT, abort).await {
            Ok(Ok(false)) => return,
            Ok(Ok(true)) => {
                self.step_mut().record_reply(AzureReply::None);
                EventKind::AbortAccepted
            }
            Ok(Err(error)) => EventKind::AbortRefused(error.status().unwrap_or_default()),
            Err(_) => EventKind::AbortUnanswered,
        };
        self.event(outcome);
    }
}
