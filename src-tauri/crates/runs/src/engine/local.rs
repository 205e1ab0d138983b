//! Steps that Berth does itself: the certificate, the namespace inside the cluster, the proof.

use super::{Engine, Halt};
use crate::patience::{Patience, Waited};
use crate::prove::{self, Asked, Blind};
use crate::steps::ensure_namespace;
use crate::steps::make_certificate;
use crate::trouble::{Trouble, sort};
use crate::way_in::NoWayIn;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::run::{Proof, WaitingBecause};
use berth_domain::plan::StepKind;
use berth_domain::spec::Recipe;
use std::time::Duration;

/// Wait before the next look from outside.
pub(super) const NEXT_LOOK: Duration = Duration::from_secs(3);

impl Engine {
    /// Makes the certificate. True when it was there.
    pub(super) async fn make_certificate(&mut self, cname: &str, recipe: &Recipe) -> Result<bool, Halt> {
        let place = self.record.pair.clone();
        let place = place.ok_or_else(|| Failure::new(FailureCode::Internal, Remedy::ReportBug))?;
        let (_, there) = make_certificate::ensure(&self.tools.certificates, &place, cname, recipe).await?;
        Ok(there)
    }

    /// Makes the namespace. True when it was there.
    pub(super) async fn ensure_namespace(
        &mut self,
        at: usize,
        cluster_id: &str,
        namespace: &str,
    ) -> Result<bool, Halt> {
        let mut waited = self.waited(at);
        let mut doubt = None;
        loop {
            self.heed_stop()?;
            let work = ensure_namespace::ensure(&self.tools.arm, cluster_id, namespace, &mut doubt);
            match self.with_token(work).await? {
                Ok(there) => return Ok(there),
                Err(no_way) => self.bear_no_way(at, &no_way, cluster_id, &mut waited).await?,
            }
        }
    }

    /// Looks from outside until it holds. A front end that was just told something new needs a while; what is slow is waited
    /// for by itself.
    pub(super) async fn prove(&mut self, at: usize) -> Result<bool, Halt> {
        let Patience { renewal, .. } = self.tools.patience;
        let mut waited = self.waited(at);
        let mut slow = Waited::new(renewal, self.tools.clock.as_ref());
        let mut doubts = Waited::new(self.doubt_of_proof(), self.tools.clock.as_ref());
        loop {
            self.heed_stop()?;
            match self.unless_stopped(Box::pin(self.look_from_outside(at))).await? {
                Ok(proof) => {
                    let (holds, waits) = (prove::holds(&proof), prove::waits(&proof));
                    self.record.proof = Some(prove::joined(self.record.proof.take(), proof));
                    if waits {
                        doubts = Waited::new(self.doubt_of_proof(), self.tools.clock.as_ref());
                        self.still_former(at, &mut slow).await?;
                        continue;
                    }
                    self.went_well(at, &mut waited)?;
                    if holds {
                        return Ok(false);
                    }
                    if !doubts.count(self.tools.clock.as_ref()) {
                        return Err(self.not_proven().into());
                    }
                    self.show();
                    self.pause(NEXT_LOOK, &mut waited).await?;
                }
                Err(blind) => self.bear_blindness(at, blind, &mut waited, &mut doubts).await?,
            }
        }
    }

    /// The former certificate is still shown, as is usual for hours: rarely looked at, and said once.
    async fn still_former(&mut self, at: usize, slow: &mut Waited) -> Result<(), Halt> {
        if slow.left(self.tools.clock.as_ref()).is_none() {
            return Err(self.not_proven().into());
        }
        self.say_waiting(at, WaitingBecause::FormerCertificate)?;
        self.pause(self.tools.patience.slow_look, slow).await
    }

    /// How long the front end may show something else. Taking a change back is worth more patience than saying so.
    fn doubt_of_proof(&self) -> Duration {
        let patience = &self.tools.patience;
        if self.record.going_back.is_none() && self.record.has_way_back() {
            patience.taken_back
        } else {
            patience.proof
        }
    }

    async fn look_from_outside(&self, at: usize) -> Result<Proof, Blind> {
        let applied = match self.record.going_back {
            Some(_) => self.record.former_sha256.as_deref(),
            None => self.record.applied_sha256.as_deref(),
        };
        match Asked::of(&self.plan_step(at).kind, applied) {
            Some(asked) => prove::look(&self.tools.arm, self.tools.clock.as_ref(), asked).await,
            None => Err(Blind::NoAddress),
        }
    }

    async fn bear_blindness(
        &mut self,
        at: usize,
        blind: Blind,
        waited: &mut Waited,
        doubts: &mut Waited,
    ) -> Result<(), Halt> {
        match blind {
            Blind::Azure(error) => match sort(&error) {
                Trouble::Passing { why, wait } => self.pause_because(at, why, wait, waited).await,
                Trouble::Lasting(failure) => Err(Halt::Failed(failure)),
            },
            // A cluster that does not let us in will not do so by waiting long.
            Blind::NoWayIn(no_way) => {
                if !doubts.count(self.tools.clock.as_ref()) {
                    return Err(no_way.failure(&self.record.plan.id).into());
                }
                let cluster = match &self.plan_step(at).kind {
                    StepKind::Prove { cluster_id, .. } => cluster_id.clone().unwrap_or_default(),
                    _ => String::new(),
                };
                self.bear_no_way(at, &no_way, &cluster, waited).await
            }
            Blind::NoAddress => {
                let why = "the front end has no address yet".to_owned();
                self.pause_because(at, why, Some(NEXT_LOOK), waited).await
            }
            Blind::Gone(id) => Err(Failure::new(FailureCode::ResourceGone, Remedy::TryAgain)
                .with("resource", id)
                .into()),
        }
    }

    pub(super) async fn bear_no_way(
        &mut self,
        at: usize,
        no_way: &NoWayIn,
        cluster_id: &str,
        waited: &mut Waited,
    ) -> Result<(), Halt> {
        match no_way {
            NoWayIn::Azure(error) => match sort(error) {
                Trouble::Passing { why, wait } => self.pause_because(at, why, wait, waited).await,
                Trouble::Lasting(failure) => Err(Halt::Failed(failure)),
            },
            NoWayIn::Cluster(error) if error.is_transient() => {
                self.pause_because(at, error.to_string(), None, waited).await
            }
            NoWayIn::PutOff(error) if waited.told_to_wait() => {
                self.pause_before_resending(at, error.to_string(), None, waited)
                    .await
            }
            NoWayIn::Cluster(_) | NoWayIn::NotWritten(_) | NoWayIn::PutOff(_) | NoWayIn::NoLocalAccounts => {
                Err(no_way.failure(cluster_id).into())
            }
        }
    }

    pub(super) fn not_proven(&self) -> Failure {
        let wrong = self.record.proof.as_ref().and_then(prove::first_wrong);
        let (rung, code) = wrong.map_or(("", String::new()), |rung| {
            (prove::word(rung.kind), rung.code.clone())
        });
        let mut failure = Failure::new(FailureCode::ProofFailed, Remedy::TryAgain)
            .with("rung", rung)
            .with("code", code);
        if let Some(why) = wrong.and_then(|rung| rung.params.get("why")) {
            failure.detail.clone_from(why);
        }
        failure
    }
}
