//! The writes of a canary: the whole endpoint as it was just read, with other traffic and the tag.

use super::CanaryRun;
use crate::engine::step_run::StepError;
use crate::error_class::{ErrorClass, classify};
use crate::journal::EventKind;
use crate::record::{AzureReply, CanaryWrite, Intent};
use crate::steps::fingerprint;
use berth_arm::retry::{AfterWrite, after_write};
use berth_arm::{ArmError, Outgoing, Sent};
use berth_contract::failure::Failure;
use berth_contract::run::WaitingBecause;
use berth_domain::bodies::written_back::written_back;
use berth_domain::canary::{Event, Refusal, edits};
use berth_domain::traffic::Traffic;
use berth_failures::{from_arm, is_about_another_operation};
use http::Method;
use serde_json::Value;
use std::time::Duration;
use uuid::Uuid;

/// Wait after an error while the traffic is being restored.
pub(super) const BACK_AGAIN: Duration = Duration::from_secs(5);
/// The longest wait that the canary itself keeps to.
const LONGEST_OWN: Duration = Duration::from_secs(60);

impl CanaryRun<'_, '_> {
    /// Sends traffic. A write that may have arrived and does not show is sent again only to restore the traffic, or when the
    /// run is resumed.
    pub(super) async fn write(&mut self, target: &Traffic) -> Result<(), StepError> {
        if let Some(doubt) = self.doubt.take().filter(|_| !self.goes_back()) {
            return Err(doubt.into());
        }
        let Some((seen, before)) = self.last_read() else {
            return self.read().await;
        };
        let sign_in = self.step.tools().arm.sign_in();
        if let Err(error) = self.step.unless_cancelled(sign_in).await? {
            return self.unread(&error).await;
        }
        let edits = edits(&before, target, self.state.canary.tag().as_ref());
        let request = Outgoing {
            method: Method::PUT,
            path_and_query: self.path.clone(),
            body: Some(written_back(&self.endpoint_id, &seen, &edits)),
            client_request_id: Uuid::new_v4(),
            if_match: None,
            if_none_match: None,
        };
        self.record_intent(&request, &seen, before, target)?;
        match self.step.tools().arm.send(&request).await {
            Ok(sent) => self.accepted(sent),
            Err(error) => self.not_taken(&error).await,
        }
    }

    fn last_read(&self) -> Option<(Value, Traffic)> {
        let seen = self.seen.clone()?;
        let before = Traffic::of_endpoint(&seen).ok()?;
        Some((seen, before))
    }

    /// Records that traffic is about to be sent. From then on it may have arrived.
    fn record_intent(
        &mut self,
        request: &Outgoing,
        seen: &Value,
        before: Traffic,
        target: &Traffic,
    ) -> Result<(), StepError> {
        let at = self.step.tools().clock.now();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        self.state.add(CanaryWrite {
            at,
            client_request_id: request.client_request_id,
            before,
            target: target.clone(),
            modified_before: text(&seen["systemData"]["lastModifiedAt"]),
            operation_before: text(&seen["properties"]["properties"]["AzureAsyncOperationUri"]),
            bookmark: None,
            after: None,
        });
        let step = self.step.step_mut();
        step.attempts += 1;
        step.intent = Some(Intent {
            client_request_id: request.client_request_id,
            resource_id: self.endpoint_id.clone(),
            at,
            before: Some(fingerprint(seen)),
            failed_before: None,
            reply: AzureReply::None,
        });
        self.step.event(EventKind::RequestSent(request.client_request_id));
        self.save()
    }

    fn accepted(&mut self, sent: Sent) -> Result<(), StepError> {
        self.patience.accepted();
        self.step.step_mut().record_reply(AzureReply::Accepted);
        self.step.step_mut().correlation_id = sent.correlation_id;
        self.step.event(EventKind::RequestAnswered(sent.status));
        (self.state.refusal, self.doubt) = (None, None);
        if let Some(write) = self.state.writes.last_mut() {
            write.bookmark = sent.bookmark;
        }
        self.apply(Event::Accepted)?;
        self.step.clear_waiting()?;
        self.save()
    }

    async fn not_taken(&mut self, error: &ArmError) -> Result<(), StepError> {
        self.step
            .event(EventKind::RequestFailed(error.status().unwrap_or_default()));
        let failure = self.step.engine.redactor.failure(from_arm(error));
        let next = after_write(error);
        if !self.goes_back() {
            self.give_up(error, next, &failure)?;
        }
        let refusal = refusal(error, next, &failure);
        if refusal == Refusal::Unclear {
            self.doubt = Some(failure.clone());
        } else {
            self.step.step_mut().record_reply(AzureReply::Refused);
        }
        self.state.refusal = Some(Box::new(failure.clone()));
        self.apply(Event::Refused(refusal))?;
        self.tell(&failure)?;
        self.save()?;
        match next {
            // The canary itself waits a minute at most.
            AfterWrite::SendAfter(wait) if wait > LONGEST_OWN && !self.goes_back() => {
                self.step.pause_within(&mut self.patience, wait).await
            }
            _ => Ok(()),
        }
    }

    /// Ends the step when sending again makes no sense: without a token, or when Azure put the request off too often or for
    /// too long.
    fn give_up(&mut self, error: &ArmError, next: AfterWrite, failure: &Failure) -> Result<(), StepError> {
        match (next, classify(error)) {
            (AfterWrite::SendOnceConnected, ErrorClass::Permanent(failure)) => {
                Err(StepError::Failed(failure))
            }
            (AfterWrite::SendAfter(wait), _) => {
                let left = self.patience.left(self.step.tools().clock.as_ref());
                let late = wait > left.unwrap_or_default();
                if late || !self.patience.count_put_off() {
                    return Err(failure.clone().into());
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Shows why the step waits.
    pub(super) fn tell(&mut self, failure: &Failure) -> Result<(), StepError> {
        let said = self.step.engine.redactor.text(&failure.detail);
        self.step.show_waiting(if is_about_another_operation(failure) {
            WaitingBecause::OtherOperation { said }
        } else {
            WaitingBecause::Failure { why: said }
        })
    }
}

fn refusal(error: &ArmError, next: AfterWrite, failure: &Failure) -> Refusal {
    match next {
        _ if is_about_another_operation(failure) => Refusal::Busy,
        AfterWrite::SendOnceConnected => Refusal::Throttled { after: None },
        AfterWrite::SendAfter(wait) => Refusal::Throttled {
            after: Some(wait.as_secs()),
        },
        AfterWrite::LookAtResource => Refusal::Unclear,
        AfterWrite::Refused if error.status() == Some(409) => Refusal::Busy,
        AfterWrite::Refused => Refusal::Denied,
    }
}
