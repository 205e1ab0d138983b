//! Steps that Berth does itself: the certificate, the namespace inside the cluster, the proof.

use super::step_run::{StepError, StepRun};
use crate::cluster_access::ClusterAccessError;
use crate::prove::{self, ProofError, ProofTarget};
use crate::steps::ensure_namespace;
use crate::steps::make_certificate;
use crate::waiting::WaitBudget;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::run::{Proof, WaitingBecause};
use berth_domain::plan::StepKind;
use berth_domain::spec::Recipe;
use std::time::Duration;

/// Wait between two proofs.
pub(super) const NEXT_PROOF: Duration = Duration::from_secs(3);

impl StepRun<'_> {
    /// Makes the certificate. True when the vault already had it.
    pub(super) async fn make_certificate(&mut self, cname: &str, recipe: &Recipe) -> Result<bool, StepError> {
        let location = self.record().pair.clone();
        let location = location.ok_or_else(|| Failure::new(FailureCode::Internal, Remedy::ReportBug))?;
        let made = make_certificate::ensure(&self.tools().certificates, &location, cname, recipe).await?;
        Ok(made.1)
    }

    /// Makes the namespace. True when it was there.
    pub(super) async fn ensure_namespace(
        &mut self,
        cluster_id: &str,
        namespace: &str,
    ) -> Result<bool, StepError> {
        let mut doubt = None;
        loop {
            self.check_cancelled()?;
            let (arm, clock) = (&self.tools().arm, self.tools().clock.as_ref());
            let work = ensure_namespace::ensure(arm, clock, cluster_id, namespace, &mut doubt);
            match self.with_token(Box::pin(work)).await? {
                Ok(there) => return Ok(there),
                Err(error) => self.retry_or_fail_access(&error, cluster_id).await?,
            }
        }
    }

    /// Proves from outside until everything holds. A front end needs a while to pick up a change, and what is known to be
    /// slow, such as a renewal, has a budget of its own.
    pub(super) async fn prove(&mut self) -> Result<bool, StepError> {
        let mut slow = self.budget(self.tools().patience.renewal);
        let mut grace = self.budget(self.proof_grace());
        loop {
            self.check_cancelled()?;
            match self.unless_cancelled(Box::pin(self.observe())).await? {
                Ok(proof) => {
                    let (holds, waits) = (prove::holds(&proof), prove::waits(&proof));
                    self.merge_proof(proof);
                    if waits {
                        grace = self.budget(self.proof_grace());
                        self.wait_for_renewal(&mut slow).await?;
                        continue;
                    }
                    self.clear_waiting()?;
                    if holds {
                        return Ok(false);
                    }
                    self.check_grace(&mut grace)?;
                    self.engine.show();
                    self.pause(NEXT_PROOF).await?;
                }
                Err(error) => self.retry_or_fail_proof(error, &mut grace).await?,
            }
        }
    }

    /// Waits while the former certificate is still shown, which takes hours. Proofs are rare and the reason is journalled
    /// once.
    async fn wait_for_renewal(&mut self, slow: &mut WaitBudget) -> Result<(), StepError> {
        if slow.left(self.tools().clock.as_ref()).is_none() {
            return Err(self.not_proven().into());
        }
        self.show_waiting(WaitingBecause::FormerCertificate)?;
        let interval = self.tools().patience.slow_look;
        self.pause_within(slow, interval).await
    }

    pub(super) fn budget(&self, limit: Duration) -> WaitBudget {
        WaitBudget::new(limit, self.tools().clock.as_ref())
    }

    pub(super) fn merge_proof(&mut self, proof: Proof) {
        let record = self.record_mut();
        record.proof = Some(prove::merge_proofs(record.proof.take(), proof));
    }

    /// Fails once a proof has not held for the whole grace period.
    pub(super) fn check_grace(&self, grace: &mut WaitBudget) -> Result<(), StepError> {
        if grace.count(self.tools().clock.as_ref()) {
            return Ok(());
        }
        Err(self.not_proven().into())
    }

    /// How long the front end may show something else. Longer where the alternative is a rollback.
    fn proof_grace(&self) -> Duration {
        let patience = &self.tools().patience;
        if self.record().rollback.is_none() && self.record().can_roll_back() {
            patience.rollback
        } else {
            patience.proof
        }
    }

    async fn observe(&self) -> Result<Proof, ProofError> {
        let record = self.record();
        let applied = match record.rollback {
            Some(_) => record.former_sha256.as_deref(),
            None => record.applied_sha256.as_deref(),
        };
        match ProofTarget::of(&self.planned().kind, applied) {
            Some(target) => prove::observe(&self.tools().arm, self.tools().clock.as_ref(), target).await,
            None => Err(ProofError::NoAddress),
        }
    }

    async fn retry_or_fail_proof(
        &mut self,
        error: ProofError,
        grace: &mut WaitBudget,
    ) -> Result<(), StepError> {
        match error {
            ProofError::Azure(error) => self.retry_or_fail(&error).await,
            // Waiting longer does not open a cluster that refuses access.
            ProofError::Access(error) => {
                if !grace.count(self.tools().clock.as_ref()) {
                    return Err(error.failure(&self.record().plan.id).into());
                }
                let cluster = match &self.planned().kind {
                    StepKind::Prove { cluster_id, .. } => cluster_id.clone().unwrap_or_default(),
                    _ => String::new(),
                };
                self.retry_or_fail_access(&error, &cluster).await
            }
            ProofError::NoAddress => {
                let why = "the front end has no address yet".to_owned();
                self.pause_because(why, Some(NEXT_PROOF)).await
            }
            ProofError::Gone(id) => Err(Failure::new(FailureCode::ResourceGone, Remedy::TryAgain)
                .with("resource", id)
                .into()),
        }
    }

    /// Waits after a transient error of reaching the cluster, so that the caller can retry. Any other error ends the step.
    pub(super) async fn retry_or_fail_access(
        &mut self,
        error: &ClusterAccessError,
        cluster_id: &str,
    ) -> Result<(), StepError> {
        match error {
            ClusterAccessError::Azure(error) => self.retry_or_fail(error).await,
            ClusterAccessError::Cluster(error) if error.is_transient() => {
                self.pause_because(error.to_string(), None).await
            }
            // Where its network can be reached from here, the connection may only have been lost.
            ClusterAccessError::Private => self.pause_because(error.chain(), None).await,
            ClusterAccessError::PutOff(error) if self.wait.count_put_off() => {
                self.pause_because(error.to_string(), None).await
            }
            ClusterAccessError::Cluster(_)
            | ClusterAccessError::NotWritten(_)
            | ClusterAccessError::PutOff(_)
            | ClusterAccessError::NoLocalAccounts
            | ClusterAccessError::Unnamed => Err(error.failure(cluster_id).into()),
        }
    }

    fn not_proven(&self) -> Failure {
        let wrong = self.record().proof.as_ref().and_then(prove::first_wrong);
        let (check, code) = wrong.map_or(("", ""), |check| (prove::check_name(check.kind), &check.code));
        let mut failure = Failure::new(FailureCode::ProofFailed, Remedy::TryAgain)
            .with("check", check)
            .with("code", code);
        if let Some(why) = wrong.and_then(|check| check.params.get("why")) {
            failure.detail.clone_from(why);
        }
        failure
    }
}
