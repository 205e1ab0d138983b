//! What a canary reads: the operation of its last write, the versions, and the endpoint last.

use super::CanaryRun;
use crate::engine::step_run::StepError;
use crate::journal::EventKind;
use berth_arm::poll::Ask;
use berth_arm::resources::computes::Budget;
use berth_arm::resources::endpoints::{list_deployments, online};
use berth_arm::{ArmError, Pages, Poll};
use berth_contract::failure::Failure;
use berth_domain::canary::{Event, Phase, Reading, Refusal, Stage, Write};
use berth_domain::facts::ProvisioningState;
use berth_domain::traffic::Traffic;
use berth_failures::from_operation;
use serde_json::Value;

/// What is known about the operation of the last write.
enum Operation {
    Running,
    Over,
    Failed(Box<Failure>),
}

impl CanaryRun<'_, '_> {
    /// Reads the endpoint and its versions, unless an operation of this run is under way.
    pub(super) async fn read(&mut self) -> Result<(), StepError> {
        let failed = match self.operation().await? {
            None => return Ok(()),
            Some(Operation::Running) => return self.apply(Event::Read(unknown())),
            Some(Operation::Over) => None,
            Some(Operation::Failed(failure)) => Some(failure),
        };
        self.read_versions().await?;
        let arm = &self.step.tools().arm;
        let seen = match self.step.unless_cancelled(arm.resource(&self.path)).await? {
            Ok(Some(seen)) => seen,
            Ok(None) => return Err(self.gone().into()),
            Err(error) => {
                self.unread(&error).await?;
                return if self.goes_back() {
                    self.apply(Event::Read(unknown()))
                } else {
                    Ok(())
                };
            }
        };
        self.seen_endpoint(seen)?;
        if let Some(failure) = failed.filter(|_| self.awaits()) {
            self.state.refusal = Some(failure);
            self.apply(Event::Refused(Refusal::Denied))?;
        }
        self.look_at_pods().await?;
        self.save()
    }

    fn seen_endpoint(&mut self, seen: Value) -> Result<(), StepError> {
        let traffic = Traffic::of_endpoint(&seen).ok();
        let busy = !ProvisioningState::of_resource(&seen).is_settled();
        if let Some(write) = self.state.writes.last_mut()
            && write.after.is_none()
            && !busy
        {
            write.after = traffic.clone().filter(|traffic| *traffic == write.target);
        }
        self.seen = Some(seen);
        self.step.wait = self.step.budget(self.step.tools().patience.at_least);
        self.step.clear_waiting()?;
        let versions = self.versions.clone();
        self.apply(Event::Read(Reading {
            traffic,
            busy,
            versions,
        }))
    }

    /// Whether a write was accepted and does not show yet.
    fn awaits(&self) -> bool {
        let phase = |write: &Write| matches!(write.phase, Phase::Await { .. });
        match self.stage() {
            Stage::Shifting { write, .. } => phase(write),
            Stage::GoingBack { write, .. } => write.as_ref().is_some_and(phase),
            _ => false,
        }
    }

    /// Polls the operation of the last write; `None` if it has to be polled again.
    async fn operation(&mut self) -> Result<Option<Operation>, StepError> {
        let bookmark = self.state.writes.last().and_then(|write| write.bookmark.clone());
        let Some(bookmark) = bookmark.filter(|bookmark| bookmark.ask != Ask::Resource) else {
            return Ok(Some(Operation::Over));
        };
        let poll = self.step.tools().arm.poll(&bookmark);
        let polled = match self.step.unless_cancelled(poll).await? {
            Ok(Poll::InProgress { .. }) => return Ok(Some(Operation::Running)),
            Ok(Poll::Succeeded) => Operation::Over,
            Ok(Poll::Gone) => {
                self.step.event(EventKind::BookmarkExpired);
                Operation::Over
            }
            Ok(Poll::Failed { fault, cancelled }) => {
                self.step.event(EventKind::OperationFailed(fault.code.clone()));
                let failure = self
                    .step
                    .engine
                    .redactor
                    .failure(from_operation(&fault, cancelled));
                Operation::Failed(Box::new(failure))
            }
            // A person may be allowed to read the resource but not the status of its operations.
            Err(ArmError::Refused { status: 403, .. }) => Operation::Over,
            Err(error) => return self.unread(&error).await.map(|()| None),
        };
        if let Some(write) = self.state.writes.last_mut() {
            write.bookmark = None;
        }
        Ok(Some(polled))
    }

    /// Reads the names of the versions. What cannot be read is unknown.
    pub(super) async fn read_versions(&mut self) -> Result<(), StepError> {
        let Some(seen) = &self.seen else { return Ok(()) };
        let (listed, budget, mut pages) = (online(seen), Budget::default(), Pages::default());
        let listing = list_deployments(&self.step.tools().arm, &listed, &budget, &mut pages);
        let read = self.step.unless_cancelled(listing).await?;
        let names = pages.items.into_iter().map(|version| version.name);
        self.versions = read.is_ok().then(|| names.collect());
        Ok(())
    }
}

fn unknown() -> Reading {
    Reading {
        traffic: None,
        busy: true,
        versions: None,
    }
}
