//! The calls of a canary: one at a time, at most two a second.

use super::{CanaryRun, internal};
use crate::engine::step_run::StepError;
use crate::error_class::{ErrorClass, classify};
use crate::scoring::{Caller, ScoringError, TargetProblem};
use berth_arm::Pages;
use berth_arm::resources::computes::Budget;
use berth_arm::resources::endpoints::{list_deployments, online};
use berth_certs::probe::{Bytes, CallLimits};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::canary::{
    Answer, BACK_CALLS, Event, LARGEST_SAMPLE, Reply, Side, check_sample, classify as classify_reply,
};
use berth_domain::plan::StepKind;
use berth_domain::scoring::AddressProblem;
use berth_domain::visible;
use berth_home::input_file::{self, NamedBy};
use std::path::Path;
use std::time::Duration;

/// How often the front end is looked for.
const MOST_SEARCHES: u32 = 5;
/// Time from one call to the next.
const PACE: Duration = Duration::from_millis(500);
/// Calls after which the restored traffic counts as not answering.
const MOST_PLAIN_CALLS: u32 = 10 * BACK_CALLS;

/// The longest request timeout on Kubernetes is 300 seconds
/// (learn.microsoft.com/azure/machine-learning/how-to-manage-quotas). Answers are not kept.
const LIMITS: CallLimits = CallLimits {
    connect: Duration::from_secs(10),
    whole: Duration::from_secs(310),
    body: 1024 * 1024,
};

/// What a call needs. Nothing of it is journalled.
pub(super) struct Calls {
    caller: Caller,
    sample: Bytes,
}

impl CanaryRun<'_, '_> {
    /// Calls a version, or whichever the endpoint chooses.
    pub(super) async fn call(&mut self, side: Side) -> Result<(), StepError> {
        if self.calls.is_none() && !self.prepare_calls().await? {
            return Ok(());
        }
        let version = self.version(side);
        let begun = self.step.tools().clock.ticks();
        let reply = self.reply(side, version.as_deref()).await?;
        let took = self.step.tools().clock.ticks().saturating_sub(begun);
        let Some(reply) = reply else { return Ok(()) };
        if reply == Reply::Status(404) {
            self.check_existence().await?;
        }
        let answer = classify_reply(reply);
        if let Some(failure) = self.unconfirmed().filter(|_| answer == Answer::Ours) {
            self.calls = None;
            return self.find_again(failure).await;
        }
        self.count_plain(side)?;
        self.apply(Event::Called {
            side,
            answer,
            millis: u32::try_from(took.as_millis()).unwrap_or(u32::MAX),
        })?;
        self.sleep(PACE.saturating_sub(took)).await
    }

    /// The restored traffic has to be answered.
    fn count_plain(&mut self, side: Side) -> Result<(), StepError> {
        if side != Side::Any {
            return Ok(());
        }
        self.plain_calls += 1;
        if self.plain_calls <= MOST_PLAIN_CALLS {
            return Ok(());
        }
        let failure = Failure::new(FailureCode::CanaryUnproven, Remedy::TryAgain)
            .with("traffic", self.state.canary.before());
        Err(failure.into())
    }

    /// The version to name in a call; `None` lets the endpoint choose.
    fn version(&mut self, side: Side) -> Option<String> {
        let StepKind::Canary { canary, before, .. } = &self.step.planned().kind else {
            return None;
        };
        match side {
            Side::Any => None,
            Side::New => Some(canary.version.clone()),
            Side::Old => {
                let old: Vec<&str> = before
                    .live()
                    .map(|(version, _)| version)
                    .filter(|version| !version.eq_ignore_ascii_case(&canary.version))
                    .collect();
                let next = old
                    .get(self.old_calls % old.len().max(1))
                    .map(|next| (*next).to_owned());
                self.old_calls = self.old_calls.wrapping_add(1);
                next
            }
        }
    }

    /// What came of one call; `None` if Azure gave no key, and that was waited for.
    async fn reply(&mut self, side: Side, version: Option<&str>) -> Result<Option<Reply>, StepError> {
        let calls = self.calls.as_ref().ok_or_else(internal)?;
        let target = calls.caller.target(version).map_err(Failure::from)?;
        let call = Box::pin(calls.caller.call(&target, calls.sample.clone(), LIMITS));
        match self.step.unless_cancelled(call).await? {
            Ok(called) => {
                let failed = side == Side::New && classify_reply(called.reply()) == Answer::Error;
                if failed {
                    let answer = format!("HTTP {}: {}", called.status, beginning(&called.body));
                    self.last_error = Some(self.step.engine.redactor.text(&answer));
                }
                Ok(Some(called.reply()))
            }
            Err(ScoringError::Azure(error)) => self.unread(&error).await.map(|()| None),
            Err(error) => error.reply().map(Some).ok_or_else(internal),
        }
    }

    /// Reads the sample and finds the front end. False if Azure has to be asked again.
    async fn prepare_calls(&mut self) -> Result<bool, StepError> {
        let sample = read_sample(&self.sample).await?;
        let arm = self.step.tools().arm.clone();
        let seen = match self.step.unless_cancelled(arm.resource(&self.path)).await? {
            Ok(Some(seen)) => seen,
            Ok(None) => return Err(self.gone().into()),
            Err(error) => return self.unread(&error).await.map(|()| false),
        };
        let (listed, mut pages) = (online(&seen), Pages::default());
        let budget = Budget::default();
        let listing = list_deployments(&arm, &listed, &budget, &mut pages);
        if let Err(error) = self.step.unless_cancelled(listing).await? {
            return self.unread(&error).await.map(|()| false);
        }
        let (notes, _) = self.step.tools().certificates.list_notes();
        let leaves = notes.into_iter().map(|note| note.certificate.sha256);
        let endpoint = listed.with_versions(pages.items, None);
        let clock = self.step.tools().clock.as_ref();
        let finding = Box::pin(Caller::new(arm, clock, endpoint, leaves.collect(), None));
        let caller = self.step.unless_cancelled(finding).await?;
        let unconfirmed = match caller.target(None) {
            Err(
                problem @ TargetProblem::Address {
                    problem: AddressProblem::Unconfirmed,
                    ..
                },
            ) => Some(Failure::from(problem)),
            _ => None,
        };
        if let Some(failure) = unconfirmed {
            return self.find_again(failure).await.map(|()| false);
        }
        self.calls = Some(Calls { caller, sample });
        Ok(true)
    }

    /// Why a call may have failed: the front end is not fully known, and may be once it is looked for again.
    fn unconfirmed(&self) -> Option<Failure> {
        let caller = &self.calls.as_ref()?.caller;
        if caller.knows_front_end() || self.searches >= MOST_SEARCHES {
            return None;
        }
        let host = caller.target(None).ok()?.address.authority();
        let problem = AddressProblem::Unconfirmed;
        Some(TargetProblem::Address { problem, host }.into())
    }

    /// Waits before the front end is looked for again: what says where it is may only be out of reach for a moment.
    async fn find_again(&mut self, failure: Failure) -> Result<(), StepError> {
        self.searches += 1;
        if self.searches > MOST_SEARCHES && !self.goes_back() {
            return Err(failure.into());
        }
        self.tell(&failure)?;
        self.sleep(super::writes::BACK_AGAIN).await
    }

    /// Waits after an error of a read. While the traffic is being restored, nothing ends the run.
    pub(super) async fn unread(&mut self, error: &berth_arm::ArmError) -> Result<(), StepError> {
        match classify(error) {
            ErrorClass::Permanent(failure) if !self.goes_back() => Err(StepError::Failed(failure)),
            _ if self.goes_back() => {
                self.tell(&berth_failures::from_arm(error))?;
                self.sleep(super::writes::BACK_AGAIN).await
            }
            _ => self.step.retry_or_fail(error).await,
        }
    }

    /// A call that finds nothing may have found no endpoint. What cannot be read tells nothing.
    async fn check_existence(&mut self) -> Result<(), StepError> {
        let arm = self.step.tools().arm.clone();
        match self.step.unless_cancelled(arm.resource(&self.path)).await? {
            Ok(None) => Err(self.gone().into()),
            Ok(Some(_)) | Err(_) => Ok(()),
        }
    }

    /// The endpoint does not exist any more.
    pub(super) fn gone(&self) -> Failure {
        Failure::new(FailureCode::CanaryEndpointGone, Remedy::Nothing).with("resource", &self.endpoint_id)
    }
}

/// The beginning of an answer, on one line.
fn beginning(body: &[u8]) -> String {
    const LONGEST: usize = 120;
    let text = String::from_utf8_lossy(body);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = words.chars().take(LONGEST).collect();
    let more = if short.len() < words.len() { "…" } else { "" };
    format!("“{}{more}”", visible::line(&short))
}

async fn read_sample(path: &str) -> Result<Bytes, StepError> {
    let read = input_file::read(Path::new(path), NamedBy::Document, LARGEST_SAMPLE).await;
    let bytes = read.map_err(Failure::from)?;
    check_sample(&bytes).map_err(|problem| {
        Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
            .with("what", path)
            .with("why", problem)
    })?;
    Ok(Bytes::copy_from_slice(&bytes))
}
