//! Sends the request of a step: fills in its secrets, writes the intent to disk first, and confirms a refusal.

use super::step_run::{Doubt, StepError, StepRun};
use crate::error_class::{ErrorClass, classify};
use crate::journal::EventKind;
use crate::record::{AzureReply, Intent, StepStatus};
use crate::secrets;
use crate::steps::{self, Found, change_resource, make_certificate, regenerate_key};
use berth_arm::retry::{AfterWrite, after_write};
use berth_arm::{Arm, ArmError, Bookmark, Outgoing, Sent};
use berth_certs::Pair;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::run::WaitingBecause;
use berth_domain::bodies::traffic::service_patch;
use berth_domain::bodies::written_back::{lacks, written_back};
use berth_domain::facts::is_service;
use berth_domain::plan::StepKind;
use berth_domain::spec::PairRef;
use berth_failures::{from_arm, is_about_another_operation};
use serde_json::Value;
use std::time::Duration;
use uuid::Uuid;

/// A request with its secrets filled in. They are wiped on drop.
struct FilledRequest {
    request: Outgoing,
    pair: Option<Pair>,
}

impl Drop for FilledRequest {
    fn drop(&mut self) {
        if let (Some(body), Some(_)) = (&mut self.request.body, &self.pair) {
            secrets::wipe(body);
        }
    }
}

impl StepRun<'_> {
    /// Sends the request of the step. Returns the bookmark to follow; `None` when the resource has to be inspected, because
    /// there is nothing to follow or it is unknown whether the request arrived.
    pub(super) async fn send(&mut self, seen: Option<&Value>) -> Result<Option<Bookmark>, StepError> {
        self.refresh_backup().await;
        let filled = self.with_secrets(seen).await?;
        // Sign in before the intent is recorded: from then on the request may have arrived, and a credential may hang.
        let connection = match self.unless_cancelled(self.connect()).await? {
            Ok(connection) => connection,
            Err(error) => return self.retry_or_fail(&error).await.map(|()| None),
        };
        let mark = match self.key_mark().await {
            Ok(mark) => mark,
            Err(error) => return self.retry_or_fail(&error).await.map(|()| None),
        };
        let earlier = self.step().intent.clone();
        self.record_intent(&filled, seen, mark)?;
        let outcome = connection.send(&filled.request).await;
        self.sent = true;
        match outcome {
            Ok(sent) => self.record_accepted(&filled, sent),
            Err(error) => self.request_failed(&error, earlier).await.map(|()| None),
        }
    }

    async fn connect(&self) -> Result<Arm, ArmError> {
        let connection = self.connection().await?;
        connection.sign_in().await?;
        Ok(connection.clone())
    }

    fn record_accepted(&mut self, filled: &FilledRequest, sent: Sent) -> Result<Option<Bookmark>, StepError> {
        self.wait.accepted();
        self.step_mut().record_reply(AzureReply::Accepted);
        self.clear_waiting()?;
        if let Some(pair) = &filled.pair
            && self.record().rollback.is_none()
        {
            self.record_mut().applied_sha256 = Some(pair.leaf_sha256().to_owned());
        }
        self.step_mut().correlation_id = sent.correlation_id;
        self.event(EventKind::RequestAnswered(sent.status));
        match sent.bookmark {
            Some(bookmark) => {
                self.record_polling(bookmark.clone())?;
                Ok(Some(bookmark))
            }
            None => self.save().map(|()| None),
        }
    }

    async fn request_failed(&mut self, error: &ArmError, earlier: Option<Intent>) -> Result<(), StepError> {
        if let Some(fault) = error.fault() {
            self.step_mut().correlation_id = fault.correlation_id.clone();
        }
        self.event(EventKind::RequestFailed(error.status().unwrap_or_default()));
        let failure = change_resource::refusal(self.planned(), from_arm(error));
        let next = match after_write(error) {
            _ if is_about_another_operation(&failure) => AfterWrite::Refused,
            next => next,
        };
        if matches!(next, AfterWrite::SendOnceConnected | AfterWrite::SendAfter(_)) {
            self.step_mut().record_reply(AzureReply::Refused);
        }
        match next {
            AfterWrite::SendOnceConnected => self.wait_for_connection(error).await,
            AfterWrite::SendAfter(wait) => self.wait_as_told(failure, wait).await,
            AfterWrite::LookAtResource => {
                let settled = false;
                self.doubt = Some(Doubt { failure, settled });
                Ok(())
            }
            AfterWrite::Refused => self.refused(earlier, failure, error.retry_after()).await,
        }
    }

    /// Gives a request that may have arrived time to show on the resource. Ends the step when it still does not.
    pub(super) async fn settle_doubt(&mut self) -> Result<(), StepError> {
        match self.doubt.take() {
            Some(Doubt {
                failure,
                settled: false,
            }) => {
                let why = self.engine.redactor.text(&failure.detail);
                self.show_waiting(WaitingBecause::Failure { why })?;
                let settled = true;
                self.doubt = Some(Doubt { failure, settled });
                let settle = self.tools().patience.settle;
                self.pause(settle).await
            }
            Some(Doubt { failure, .. }) => Err(failure.into()),
            None => Ok(()),
        }
    }

    /// Waits until Azure can be reached. The request was not sent.
    async fn wait_for_connection(&mut self, error: &ArmError) -> Result<(), StepError> {
        match classify(error) {
            ErrorClass::Transient { why, wait } => self.pause_before_resending(why, wait).await,
            ErrorClass::Permanent(failure) => Err(StepError::Failed(failure)),
        }
    }

    /// Inspects the resource after a refusal, because Azure sometimes refuses and does it all the same. The request is
    /// sent again only when the refusal says that another operation is running.
    async fn refused(
        &mut self,
        earlier: Option<Intent>,
        failure: Failure,
        retry_after: Option<Duration>,
    ) -> Result<(), StepError> {
        if failure.code == FailureCode::SignInNeeded {
            return Err(failure.into());
        }
        let (found, _) = self.inspect().await?;
        match found {
            Found::Conflict(failure) => Err(StepError::Failed(failure)),
            Found::Done | Found::InFlight | Found::Leaving => Ok(()),
            Found::Absent | Found::Outdated | Found::Broken(_) => {
                if earlier.is_none() && found == Found::Absent {
                    // The only request was refused and the resource is not there: nothing was made.
                    self.step_mut().exists = None;
                }
                // This request had no effect, but an earlier attempt may still have one.
                let refused = self.step().intent.clone();
                let failed_before = refused.as_ref().and_then(|refused| refused.failed_before.clone());
                self.step_mut().intent = earlier.or(refused).map(|intent| Intent {
                    failed_before,
                    reply: AzureReply::Refused,
                    ..intent
                });
                if is_about_another_operation(&failure) {
                    return self.wait_for_other_operation(failure, retry_after).await;
                }
                if steps::reports_existing(self.planned(), &failure) {
                    self.step_mut().record_reply(AzureReply::Accepted);
                    return Ok(());
                }
                Err(failure.into())
            }
        }
    }

    /// Fills the secrets into the request in place of their markers.
    async fn with_secrets(&mut self, seen: Option<&Value>) -> Result<FilledRequest, StepError> {
        let internal = || StepError::from(Failure::new(FailureCode::Internal, Remedy::ReportBug));
        let step = self.planned();
        let planned = step.request.clone().ok_or_else(internal)?;
        let method = planned.method.parse().map_err(|_| internal())?;
        // A cluster that appears between the inspection and the request must not be overwritten
        // (learn.microsoft.com/rest/api/aks/managed-clusters/create-or-update, If-None-Match).
        let is_new = seen.is_none() && matches!(step.kind, StepKind::CreateCluster { .. });
        let (body, if_match) = match (&step.kind, seen) {
            // The edits are applied to the resource as it is now, not as it was when the plan was made.
            (
                StepKind::ChangeResource {
                    resource_id, edits, ..
                },
                Some(seen),
            ) if planned.method == "PUT" => (Some(written_back(resource_id, seen, edits)), etag(seen)),
            (StepKind::UpdateVersion { resource_id, edits }, Some(seen)) => {
                (Some(written_back(resource_id, seen, edits)), etag(seen))
            }
            (StepKind::ChangeResource { edits, .. }, Some(seen)) if is_service(seen) => {
                (Some(service_patch(seen, edits)), None)
            }
            _ => (planned.body, None),
        };
        if let (StepKind::ChangeResource { resource_id, .. }, Some(body)) = (&step.kind, &body)
            && planned.method == "PUT"
            && let Some(member) = lacks(resource_id, body)
        {
            let failure = Failure::new(FailureCode::NotTheSame, Remedy::ChangePlan)
                .with("resource", resource_id)
                .with("reason", "incomplete")
                .with("names", member);
            return Err(failure.into());
        }
        let mut body = self.with_uploaded(body);
        if planned_again(&step.kind, seen)
            && let Some(Value::Object(members)) = &mut body
        {
            members.insert("overwrite".to_owned(), Value::Bool(true));
        }
        let mut filled = FilledRequest {
            request: Outgoing {
                method,
                path_and_query: planned.path,
                body,
                client_request_id: Uuid::new_v4(),
                if_match,
                if_none_match: is_new.then(|| "*".to_owned()),
            },
            pair: None,
        };
        if filled.request.body.as_ref().is_some_and(secrets::has_markers) {
            let pair = self.pair().await?;
            self.check_given(&pair)?;
            self.engine.redactor.add_pair(&pair);
            if let Some(body) = &mut filled.request.body {
                secrets::fill(body, &pair);
            }
            filled.pair = Some(pair);
        }
        Ok(filled)
    }

    /// Checks that a certificate that was given is still the one that the plan names: its files may have been rewritten.
    fn check_given(&self, pair: &Pair) -> Result<(), Failure> {
        let record = self.record();
        let given = record.plan.bound.certificate.as_ref();
        let given = given.filter(|_| record.rollback.is_none());
        let Some(given) = given.filter(|given| given.sha256 != pair.leaf_sha256()) else {
            return Ok(());
        };
        let resource = self.planned().kind.resource_id().unwrap_or_default();
        let failure = Failure::new(FailureCode::NotTheSame, Remedy::ChangePlan)
            .with("resource", resource)
            .with("reason", "other_pair")
            .with("then", &given.sha256)
            .with("now", pair.leaf_sha256());
        Err(failure)
    }

    /// The certificate and key to send. A pair that this run makes is made again when an in-memory vault has lost it, as
    /// long as it has not been sent.
    async fn pair(&self) -> Result<Pair, Failure> {
        let record = self.record();
        let certificates = &self.tools().certificates;
        let forward = record.rollback.is_none();
        let location = if forward {
            record.pair.as_ref()
        } else {
            record.plan.former.as_ref()
        };
        let location = location.ok_or_else(|| {
            Failure::new(FailureCode::NotFound, Remedy::ChangePlan)
                .with("what", "certificate")
                .with("step", "tls")
        })?;
        if forward
            && record.applied_sha256.is_none()
            && record.makes_pair()
            && let Some((cname, recipe)) = record.recipe()
        {
            let made = make_certificate::ensure(certificates, location, cname, recipe).await;
            return made.map(|(pair, _)| pair);
        }
        match certificates.load(location).await {
            Err(failure) if failure.code == FailureCode::NotFound => {
                let PairRef::Vault { id } = location else {
                    return Err(failure);
                };
                // The backup of the former pair must not be sent in place of the new one.
                if forward && record.plan.former.is_some() {
                    return Err(failure);
                }
                self.reread_backup(id).await?.ok_or(failure)
            }
            other => other,
        }
    }

    /// Records that the request is about to be sent. From then on it may have arrived.
    /// The mark of the key that the step is about to replace; `None` for other steps and for a repeated request.
    async fn key_mark(&self) -> Result<Option<String>, ArmError> {
        match &self.planned().kind {
            StepKind::RegenerateKey { resource_id, key } if self.step().intent.is_none() => {
                let plan_id = &self.record().plan.id;
                let mark = regenerate_key::mark(&self.tools().arm, plan_id, resource_id, *key).await?;
                Ok(Some(mark))
            }
            _ => Ok(None),
        }
    }

    /// `mark` takes the place of the resource's fingerprint.
    fn record_intent(
        &mut self,
        filled: &FilledRequest,
        seen: Option<&Value>,
        mark: Option<String>,
    ) -> Result<(), StepError> {
        let resource_id = self.planned().kind.resource_id().unwrap_or_default().to_owned();
        let now = self.tools().clock.now();
        let client_request_id = filled.request.client_request_id;
        let step = self.step_mut();
        let before = match &step.intent {
            // A repeated request keeps the fingerprint from before the first one.
            Some(earlier) => earlier.before.clone(),
            None => mark.or_else(|| seen.map(steps::fingerprint)),
        };
        step.status = StepStatus::Intent;
        step.attempts += 1;
        if before.is_none() && step.exists.is_none() {
            step.exists = Some(false);
        }
        step.intent = Some(Intent {
            client_request_id,
            resource_id,
            at: now,
            before,
            failed_before: seen.and_then(steps::fingerprint_of_failed),
            reply: AzureReply::None,
        });
        self.event(EventKind::RequestSent(client_request_id));
        self.save()
    }
}

/// Whether a service that this run made has failed and is made again, which the service refuses unless it is told to replace
/// it (package azureml-core 1.61, `webservice.py`, `overwrite`).
fn planned_again(kind: &StepKind, seen: Option<&Value>) -> bool {
    matches!(kind, StepKind::DeployService { .. }) && seen.is_some()
}

/// The etag of a cluster or pool, so that a concurrent change by somebody else is detected
/// (learn.microsoft.com/azure/aks/use-etags). Other resources have none.
fn etag(seen: &Value) -> Option<String> {
    let tag = seen["eTag"].as_str()?;
    (!tag.is_empty()).then(|| tag.to_owned())
}
