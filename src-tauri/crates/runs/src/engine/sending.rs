//! The request of a step leaves: its secrets are put in, its intent is on disk first, and a refusal is looked at twice.

use super::azure::{Doubt, Sending};
use super::{Engine, Halt};
use crate::patience::Waited;
use crate::record::{Intent, Said, Standing};
use crate::secrets;
use crate::steps::{self, Found, change_resource, make_certificate};
use crate::trouble::{Trouble, sort};
use berth_arm::retry::{AfterWrite, after_write};
use berth_arm::{ArmError, Bookmark, Outgoing};
use berth_certs::Pair;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::run::WaitingBecause;
use berth_domain::bodies::written_back::written_back;
use berth_domain::plan::StepKind;
use berth_domain::spec::PairRef;
use berth_failures::{from_arm, is_about_another_operation};
use serde_json::Value;
use std::time::Duration;
use uuid::Uuid;

/// A request with its secrets in it. They are wiped when it goes.
struct Armed {
    request: Outgoing,
    pair: Option<Pair>,
}

impl Drop for Armed {
    fn drop(&mut self) {
        if let (Some(body), Some(_)) = (&mut self.request.body, &self.pair) {
            secrets::wipe(body);
        }
    }
}

impl Engine {
    /// Sends the request of a step. `None` when the resource is to be looked at: there is nothing to follow, or it is not
    /// known whether the request arrived.
    pub(super) async fn send(
        &mut self,
        at: usize,
        seen: Option<&Value>,
        sending: &mut Sending,
        waited: &mut Waited,
    ) -> Result<Option<Bookmark>, Halt> {
        self.keep_at_hand().await;
        let armed = self.arm_request(at, seen).await?;
        // From the intent on, the request may have arrived; a credential that hangs must not stand in between.
        if let Err(error) = self.unless_stopped(self.tools.arm.sign_in()).await? {
            return self.bear(at, &error, waited).await.map(|()| None);
        }
        let had = self.record.steps[at].intent.clone();
        self.intend(at, &armed, seen)?;
        let outcome = self.tools.arm.send(&armed.request).await;
        sending.sent = true;
        match outcome {
            Ok(sent) => {
                waited.accepted();
                self.step_mut(at).hear(Said::Accepted);
                self.went_well(at, waited)?;
                if let Some(pair) = armed.pair.as_ref().filter(|_| self.record.going_back.is_none()) {
                    self.record.applied_sha256 = Some(pair.leaf_sha256().to_owned());
                }
                self.step_mut(at).correlation_id = sent.correlation_id;
                self.event(Some(at), format!("request_answered: {}", sent.status));
                match sent.bookmark {
                    Some(bookmark) => {
                        self.polling(at, bookmark.clone())?;
                        Ok(Some(bookmark))
                    }
                    None => self.save().map(|()| None).map_err(Halt::from),
                }
            }
            Err(error) => {
                if let Some(fault) = error.fault() {
                    self.step_mut(at).correlation_id = fault.correlation_id.clone();
                }
                self.event(
                    Some(at),
                    format!("request_failed: {}", error.status().unwrap_or_default()),
                );
                let failure = change_resource::refusal(self.plan_step(at), from_arm(&error));
                let asked = error.retry_after();
                let next = match after_write(&error) {
                    _ if is_about_another_operation(&failure) => AfterWrite::Refused,
                    next => next,
                };
                if matches!(next, AfterWrite::SendOnceConnected | AfterWrite::SendAfter(_)) {
                    self.step_mut(at).hear(Said::Refused);
                }
                match next {
                    AfterWrite::SendOnceConnected => self.wait_for_connection(at, &error, waited).await?,
                    AfterWrite::SendAfter(asked) => self.wait_as_told(at, failure, asked, waited).await?,
                    AfterWrite::LookAtResource => {
                        let settled = false;
                        sending.doubt = Some(Doubt { failure, settled });
                    }
                    AfterWrite::Refused => self.refused(at, had, failure, asked, waited).await?,
                }
                Ok(None)
            }
        }
    }

    /// The resource does not show a request that may have arrived: it is given time to, and then the step ends.
    pub(super) async fn settle_doubt(
        &mut self,
        at: usize,
        sending: &mut Sending,
        waited: &mut Waited,
    ) -> Result<(), Halt> {
        match sending.doubt.take() {
            Some(Doubt {
                failure,
                settled: false,
            }) => {
                let why = self.unquoted.text(&failure.detail);
                self.say_waiting(at, WaitingBecause::Trouble { why })?;
                let settled = true;
                sending.doubt = Some(Doubt { failure, settled });
                self.pause(self.tools.patience.settle, waited).await
            }
            Some(Doubt { failure, .. }) => Err(failure.into()),
            None => Ok(()),
        }
    }

    /// Nothing has left: it is sent once Azure can be reached.
    async fn wait_for_connection(
        &mut self,
        at: usize,
        error: &ArmError,
        waited: &mut Waited,
    ) -> Result<(), Halt> {
        match sort(error) {
            Trouble::Passing { why, wait } => self.pause_before_resending(at, why, wait, waited).await,
            Trouble::Lasting(failure) => Err(Halt::Failed(failure)),
        }
    }

    /// Azure said no. It is looked at once more, because it sometimes says no and does it all the same. Only where it says
    /// that another operation is running is the request sent again later.
    async fn refused(
        &mut self,
        at: usize,
        had: Option<Intent>,
        failure: Failure,
        asked: Option<Duration>,
        waited: &mut Waited,
    ) -> Result<(), Halt> {
        if failure.code == FailureCode::SignInNeeded {
            return Err(failure.into());
        }
        let (found, _) = self.inspect(at, waited).await?;
        match found {
            Found::Conflict(failure) => Err(Halt::Failed(failure)),
            Found::Done | Found::InFlight | Found::Leaving => Ok(()),
            Found::Absent | Found::Outdated | Found::Broken(_) => {
                if had.is_none() && found == Found::Absent {
                    // Refused and not there: nothing of it remains.
                    self.step_mut(at).exists = None;
                }
                // What was refused has not arrived, whatever was sent before may have.
                let refused = self.record.steps[at].intent.clone();
                let failed_before = refused.as_ref().and_then(|refused| refused.failed_before.clone());
                self.step_mut(at).intent = had.or(refused).map(|intent| Intent {
                    failed_before,
                    said: Said::Refused,
                    ..intent
                });
                if is_about_another_operation(&failure) {
                    return self.wait_for_other(at, failure, asked, waited).await;
                }
                if steps::says_it_is_there(self.plan_step(at), &failure) {
                    self.step_mut(at).hear(Said::Accepted);
                    return Ok(());
                }
                Err(failure.into())
            }
        }
    }

    /// The request with its secrets in place of the markers.
    async fn arm_request(&mut self, at: usize, seen: Option<&Value>) -> Result<Armed, Halt> {
        let internal = || Halt::from(Failure::new(FailureCode::Internal, Remedy::ReportBug));
        let step = self.plan_step(at);
        let planned = step.request.clone().ok_or_else(internal)?;
        let method = planned.method.parse().map_err(|_| internal())?;
        // A cluster that appears between the look and the request must not be overwritten
        // (learn.microsoft.com/rest/api/aks/managed-clusters/create-or-update, If-None-Match).
        let is_new = seen.is_none() && matches!(step.kind, StepKind::CreateCluster { .. });
        let (body, if_match) = match (&step.kind, seen) {
            // What is written back is what is there at this moment, not when the plan was made.
            (
                StepKind::ChangeResource {
                    resource_id, edits, ..
                },
                Some(seen),
            ) if planned.method == "PUT" => (Some(written_back(resource_id, seen, edits)), etag(seen)),
            _ => (planned.body, None),
        };
        let mut armed = Armed {
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
        if armed.request.body.as_ref().is_some_and(secrets::wants_pair) {
            let pair = self.pair().await?;
            self.check_given(at, &pair)?;
            self.unquoted.know(&pair);
            if let Some(body) = &mut armed.request.body {
                secrets::fill(body, &pair);
            }
            armed.pair = Some(pair);
        }
        Ok(armed)
    }

    /// A certificate that was given is the very one that the plan names: files can be written anew.
    fn check_given(&self, at: usize, pair: &Pair) -> Result<(), Failure> {
        let given = self.record.plan.bound.certificate.as_ref();
        let given = given.filter(|_| self.record.going_back.is_none());
        let Some(given) = given.filter(|given| given.sha256 != pair.leaf_sha256()) else {
            return Ok(());
        };
        let resource = self.plan_step(at).kind.resource_id().unwrap_or_default();
        let failure = Failure::new(FailureCode::NotTheSame, Remedy::ChangePlan)
            .with("resource", resource)
            .with("reason", "other_pair")
            .with("then", &given.sha256)
            .with("now", pair.leaf_sha256());
        Err(failure)
    }

    /// The certificate and key of the run. One that the run made is made again when a vault in memory has forgotten it,
    /// as long as it has not been sent.
    pub(super) async fn pair(&self) -> Result<Pair, Failure> {
        let place = match self.record.going_back {
            Some(_) => self.record.plan.former.as_ref(),
            None => self.record.pair.as_ref(),
        };
        let place = place.ok_or_else(|| {
            Failure::new(FailureCode::NotFound, Remedy::ChangePlan)
                .with("what", "certificate")
                .with("step", "tls")
        })?;
        if let (Some((cname, recipe)), None, true, None) = (
            self.record.recipe(),
            &self.record.applied_sha256,
            self.record.makes_pair(),
            &self.record.going_back,
        ) {
            let made = make_certificate::ensure(&self.tools.certificates, place, cname, recipe).await;
            return made.map(|(pair, _)| pair);
        }
        match self.tools.certificates.load(place).await {
            Err(failure) if failure.code == FailureCode::NotFound => {
                let PairRef::Vault { id } = place else {
                    return Err(failure);
                };
                // What was kept for the way back is no stand-in for what is applied.
                if self.record.going_back.is_none() && self.record.plan.former.is_some() {
                    return Err(failure);
                }
                self.kept_again(id).await?.ok_or(failure)
            }
            other => other,
        }
    }

    /// Writes down that a request leaves. From here on it may have arrived, whatever happens.
    fn intend(&mut self, at: usize, armed: &Armed, seen: Option<&Value>) -> Result<(), Halt> {
        let id = self
            .plan_step(at)
            .kind
            .resource_id()
            .unwrap_or_default()
            .to_owned();
        let now = self.tools.clock.now();
        let client_request_id = armed.request.client_request_id;
        let step = self.step_mut(at);
        let before = match &step.intent {
            // A repetition: what was there before the first is what was there before.
            Some(earlier) => earlier.before.clone(),
            None => seen.map(steps::fingerprint),
        };
        step.standing = Standing::Intent;
        step.attempts += 1;
        if before.is_none() && step.exists.is_none() {
            step.exists = Some(false);
        }
        step.intent = Some(Intent {
            client_request_id,
            resource_id: id,
            at: now,
            before,
            failed_before: seen.and_then(steps::mark_of_failed),
            said: Said::Nothing,
        });
        self.event(Some(at), format!("request_leaves: {client_request_id}"));
        self.save().map_err(Halt::from)
    }
}

/// The etag of clusters and pools, so that a change of somebody else in between is noticed
/// (learn.microsoft.com/azure/aks/use-etags). Other resources have none.
fn etag(seen: &Value) -> Option<String> {
    seen["eTag"]
        .as_str()
        .filter(|tag| !tag.is_empty())
        .map(str::to_owned)
}
