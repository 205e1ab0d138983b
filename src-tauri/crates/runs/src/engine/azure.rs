//! Steps that make or change something in Azure: look, send, follow, look again. Each is safe to do twice, because what is
//! there is looked at before anything is sent, and again after every doubt.

use super::{Engine, Halt};
use crate::failure::{Filled, Trouble, failing, from_arm, from_operation, sort};
use crate::pair;
use crate::patience::Waited;
use crate::record::{Intent, Standing};
use crate::steps::{self, Context, Found, create_cluster, make_certificate};
use berth_arm::poll::Ask;
use berth_arm::{Arm, ArmError, AzureFault, Bookmark, Outgoing, Poll};
use berth_certs::Pair;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::plan::StepKind;
use serde_json::Value;
use std::time::Duration;
use uuid::Uuid;

/// How often a request is sent in one go when Azure answers with errors of its own.
const SENDS: u32 = 4;
/// How often something that was just made may be missed: lists and caches of Azure lag.
const LOOKS: u32 = 5;
/// Wait before something is looked at again.
const AGAIN: Duration = Duration::from_secs(5);

/// How following an operation ended.
enum Followed {
    /// Azure says it is done.
    Succeeded,
    /// The bookmark leads nowhere any more: the resource itself will tell.
    Gone,
}

/// A request with its secrets in it. They are wiped when it goes.
struct Armed {
    request: Outgoing,
    pair: Option<Pair>,
}

impl Drop for Armed {
    fn drop(&mut self) {
        if let (Some(body), Some(_)) = (&mut self.request.body, &self.pair) {
            pair::wipe(body);
        }
    }
}

impl Engine {
    /// Carries out a step that Azure does. True when there was nothing to do.
    pub(super) async fn through_azure(&mut self, at: usize) -> Result<bool, Halt> {
        let mut waited = self.waited(at);
        let (mut sends, mut missed) = (0, 0);
        let mut followed = None;
        if let Standing::Polling { bookmark } = self.record.steps[at].standing.clone() {
            followed = Some(self.follow(at, bookmark, &mut waited).await?);
        }
        loop {
            self.heed_stop()?;
            let (found, seen) = self.inspect(at, &mut waited).await?;
            let succeeded = matches!(followed, Some(Followed::Succeeded));
            match found {
                Found::Done => return Ok(self.record.steps[at].intent.is_none()),
                // Azure said that our change is done; that nothing of it can be seen is no reason to do it again.
                Found::Outdated if succeeded => return Ok(false),
                Found::Conflict(failure) => return Err(Halt::Failed(failure)),
                Found::InFlight => {
                    let bookmark = self.bookmark_of_resource(at);
                    self.polling(at, bookmark.clone())?;
                    followed = Some(self.follow(at, bookmark, &mut waited).await?);
                }
                Found::Leaving => {
                    let why = "it is being deleted".to_owned();
                    self.pause_because(at, why, Some(AGAIN), &mut waited).await?;
                }
                Found::Broken(fault) if sends > 0 || followed.is_some() => {
                    return Err(from_operation(&fault, false).into());
                }
                Found::Absent if succeeded && missed < LOOKS => {
                    missed += 1;
                    self.pause(AGAIN, &mut waited).await?;
                }
                Found::Absent if succeeded => return Err(self.vanished(at).into()),
                Found::Absent if self.may_still_arrive(at) => {
                    self.pause(self.tools.patience.settle, &mut waited).await?;
                }
                Found::Absent | Found::Outdated | Found::Broken(_) => {
                    if let Some(bookmark) = self.send(at, seen.as_ref(), &mut sends, &mut waited).await? {
                        followed = Some(self.follow(at, bookmark, &mut waited).await?);
                    } else {
                        followed = None;
                    }
                }
            }
        }
    }

    /// Reads the resource and judges it; keeps asking through trouble on the way.
    async fn inspect(&mut self, at: usize, waited: &mut Waited) -> Result<(Found, Option<Value>), Halt> {
        loop {
            match self.look(at).await {
                Ok((found, seen)) => {
                    self.went_well(at, waited);
                    self.note_existence(at, &found);
                    return Ok((found, seen));
                }
                Err(error) => self.bear(at, &error, waited).await?,
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
        };
        let found = steps::judge(&self.tools.arm, &context, seen.as_ref()).await?;
        Ok((found, seen))
    }

    /// Waits out trouble that passes; the other kind ends the step.
    async fn bear(&mut self, at: usize, error: &ArmError, waited: &mut Waited) -> Result<(), Halt> {
        match sort(error) {
            Trouble::Passing { why, wait, .. } => self.pause_because(at, why, wait, waited).await,
            Trouble::Lasting(failure) => Err(Halt::Failed(failure)),
        }
    }

    /// Sends the request of a step. `None` when the resource is to be looked at: there is nothing to follow, or it is not
    /// known whether the request arrived.
    async fn send(
        &mut self,
        at: usize,
        seen: Option<&Value>,
        sends: &mut u32,
        waited: &mut Waited,
    ) -> Result<Option<Bookmark>, Halt> {
        let armed = self.arm_request(at, seen).await?;
        let had = self.record.steps[at].intent.clone();
        self.intend(at, &armed, seen)?;
        let outcome = self.tools.arm.send(&armed.request).await;
        *sends += 1;
        match outcome {
            Ok(sent) => {
                self.went_well(at, waited);
                if let Some(pair) = &armed.pair {
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
                match sort(&error) {
                    Trouble::Passing { on_the_way, .. } if !on_the_way && *sends >= SENDS => {
                        Err(clean(from_arm(&error), armed.pair.as_ref()).into())
                    }
                    Trouble::Passing { why, wait, .. } => {
                        let why = clean_text(why, armed.pair.as_ref());
                        self.pause_because(at, why, wait, waited).await.map(|()| None)
                    }
                    Trouble::Lasting(failure) => {
                        let failure = clean(*failure, armed.pair.as_ref());
                        self.refused(at, had, failure, waited).await.map(|()| None)
                    }
                }
            }
        }
    }

    /// Azure said no. It is looked at once more, because it sometimes says no and does it all the same; and another
    /// operation on the same resource only has to be waited for.
    async fn refused(
        &mut self,
        at: usize,
        had: Option<Intent>,
        failure: Failure,
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
                self.step_mut(at).intent = had.or_else(|| self.record.steps[at].intent.clone());
                if failure.code == FailureCode::Busy {
                    return self.pause_because(at, failure.detail, None, waited).await;
                }
                Err(failure.into())
            }
        }
    }

    /// The request with its secrets in place of the markers.
    async fn arm_request(&mut self, at: usize, seen: Option<&Value>) -> Result<Armed, Halt> {
        let internal = || Halt::from(failing(FailureCode::Internal, Remedy::ReportBug));
        let step = self.plan_step(at);
        let planned = step.request.clone().ok_or_else(internal)?;
        let method = planned.method.parse().map_err(|_| internal())?;
        // A cluster that appears between the look and the request must not be overwritten
        // (learn.microsoft.com/rest/api/aks/managed-clusters/create-or-update, If-None-Match).
        let is_new = seen.is_none() && matches!(step.kind, StepKind::CreateCluster { .. });
        let mut armed = Armed {
            request: Outgoing {
                method,
                path_and_query: planned.path,
                body: planned.body,
                client_request_id: Uuid::new_v4(),
                if_match: None,
                if_none_match: is_new.then(|| "*".to_owned()),
            },
            pair: None,
        };
        if armed.request.body.as_ref().is_some_and(pair::wants_pair) {
            let pair = self.pair().await?;
            if let Some(body) = &mut armed.request.body {
                pair::fill(body, &pair);
            }
            armed.pair = Some(pair);
        }
        Ok(armed)
    }

    /// The certificate and key of the run. One that the run made is made again when a vault in memory has forgotten it,
    /// as long as it has not been sent.
    async fn pair(&self) -> Result<Pair, Failure> {
        let place = self.record.pair.as_ref();
        let place = place.ok_or_else(|| {
            failing(FailureCode::NotFound, Remedy::ChangePlan)
                .with("what", "certificate")
                .with("step", "tls")
        })?;
        if self.record.makes_pair() && self.record.applied_sha256.is_none() {
            let made = make_certificate::ensure(&self.tools.vault, place, &self.record.plan.spec).await;
            return made.map(|(pair, _)| pair);
        }
        pair::load(&self.tools.vault, place).await
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
        });
        self.event(Some(at), format!("request_leaves: {client_request_id}"));
        self.save().map_err(Halt::from)
    }

    fn polling(&mut self, at: usize, bookmark: Bookmark) -> Result<(), Halt> {
        self.step_mut(at).standing = Standing::Polling { bookmark };
        self.event(Some(at), "accepted");
        self.save().map_err(Halt::from)
    }

    /// Follows an operation to its end.
    async fn follow(
        &mut self,
        at: usize,
        mut bookmark: Bookmark,
        waited: &mut Waited,
    ) -> Result<Followed, Halt> {
        loop {
            self.heed_stop()?;
            match self.tools.arm.poll(&bookmark).await {
                Ok(Poll::Succeeded) => {
                    self.went_well(at, waited);
                    return Ok(Followed::Succeeded);
                }
                Ok(Poll::Gone) => {
                    self.event(Some(at), "bookmark_expired");
                    return Ok(Followed::Gone);
                }
                Ok(Poll::InProgress {
                    percent,
                    message,
                    wait,
                }) => {
                    self.went_well(at, waited);
                    self.progress(at, percent, message);
                    // Registration has a state of its own, which the poll does not know.
                    if self.is_registration(at) && self.inspect(at, waited).await?.0 != Found::InFlight {
                        return Ok(Followed::Gone);
                    }
                    self.pause(wait, waited).await?;
                }
                Ok(Poll::Failed { fault, cancelled }) => {
                    match self
                        .really_failed(at, &bookmark, &fault, cancelled, waited)
                        .await?
                    {
                        Some(other) => bookmark = other,
                        None => return Ok(Followed::Succeeded),
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
            _ => {}
        }
        let own = seen.as_ref().map(steps::fault).filter(|_| fault.code.is_empty());
        let mut fault = own.unwrap_or_else(|| fault.clone());
        if fault.correlation_id.is_none() {
            fault.correlation_id = self.record.steps[at].correlation_id.clone();
        }
        let failure = from_operation(&fault, cancelled);
        let pair = self.pair().await.ok();
        Err(clean(failure, pair.as_ref()).into())
    }

    fn progress(&mut self, at: usize, percent: Option<u8>, message: Option<String>) {
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
    fn note_existence(&mut self, at: usize, found: &Found) {
        let step = self.step_mut(at);
        let Some(intent) = &step.intent else { return };
        let made = intent.before.is_none();
        match found {
            Found::InFlight | Found::Broken(_) | Found::Done if made => step.exists = Some(true),
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

    fn vanished(&self, at: usize) -> Failure {
        let id = self.plan_step(at).kind.resource_id().unwrap_or_default();
        failing(FailureCode::ResourceGone, Remedy::TryAgain).with("resource", id)
    }

    /// The run stops: what Azure can stop is stopped; of the rest it is said that Azure still finishes it.
    pub(super) async fn wind_down(&mut self, at: usize) {
        let in_flight = matches!(
            self.record.steps[at].standing,
            Standing::Intent | Standing::Polling { .. }
        );
        if in_flight && matches!(self.plan_step(at).kind, StepKind::CreateCluster { .. }) {
            self.abort(at).await;
        }
    }

    async fn abort(&mut self, at: usize) {
        let arm: Arm = self.tools.arm.clone();
        let what = match create_cluster::abort(&arm, self.plan_step(at)).await {
            Ok(()) => "abort_accepted".to_owned(),
            Err(error) => format!("abort_refused: {}", error.status().unwrap_or_default()),
        };
        self.event(Some(at), what);
    }
}

/// A failure without the key, should Azure have quoted the request.
fn clean(mut failure: Failure, pair: Option<&Pair>) -> Failure {
    let Some(pair) = pair else { return failure };
    failure.detail = pair::without_key(&failure.detail, pair);
    for value in failure.params.values_mut() {
        *value = pair::without_key(value, pair);
    }
    if let Some(azure) = &mut failure.azure {
        azure.message = pair::without_key(&azure.message, pair);
    }
    failure
}

fn clean_text(text: String, pair: Option<&Pair>) -> String {
    pair.map_or(text.clone(), |pair| pair::without_key(&text, pair))
}
