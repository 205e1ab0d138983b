//! Steps inside a cluster: the certificate kept, remains removed, the front end marked, answers compared, and the look
//! afterwards. Each is safe to do twice.

use super::local::NEXT_LOOK;
use super::{Engine, Halt};
use crate::failure::{Filled, Trouble, failing, from_pair, sort};
use crate::pair;
use crate::patience::Waited;
use crate::prove::{self, compare, confirm};
use crate::steps::ensure_namespace::{NoWayIn, connect};
use berth_certs::Pair;
use berth_cluster::{ClusterError, Inside};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::run::Proof;
use berth_domain::plan::{Check, StepKind};
use berth_domain::spec::PairRef;
use secrecy::ExposeSecret as _;
use std::time::Duration;

/// How long a release of the extension may take to leave a cluster: twice the ten minutes that
/// learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension names.
const RELEASE: Duration = Duration::from_secs(1200);

impl Engine {
    /// Reads certificate and key into the vault. True when they were there.
    pub(super) async fn keep_certificate(
        &mut self,
        at: usize,
        cluster_id: &str,
        namespace: &str,
        secret: &str,
    ) -> Result<bool, Halt> {
        let Some(PairRef::Vault { id }) = self.record.pair.clone() else {
            return Err(failing(FailureCode::Internal, Remedy::ReportBug).into());
        };
        if pair::find(&self.tools.vault, &id).await?.is_some() {
            return Ok(true);
        }
        let mut waited = self.waited(at);
        loop {
            self.heed_stop()?;
            match self.read_pair(cluster_id, namespace, secret).await {
                Ok(found) => {
                    let found = found?;
                    pair::store(&self.tools.vault, &id, &found).await?;
                    return Ok(false);
                }
                Err(no_way) => self.bear_no_way(at, &no_way, cluster_id, &mut waited).await?,
            }
        }
    }

    /// The pair in the front end's secret, decoded and checked: what cannot be used again is no backup.
    async fn read_pair(
        &self,
        cluster_id: &str,
        namespace: &str,
        secret: &str,
    ) -> Result<Result<Pair, Failure>, NoWayIn> {
        let inside = connect(&self.tools.arm, cluster_id).await?;
        let kept = inside
            .front_end_pair(namespace, secret)
            .await
            .map_err(NoWayIn::Cluster)?;
        let Some(kept) = kept else {
            let what = format!(
                "{namespace}/{}",
                if secret.is_empty() { "cert.pem" } else { secret }
            );
            return Ok(Err(failing(FailureCode::NotFound, Remedy::ChangePlan)
                .with("what", what)
                .with("step", "tls")));
        };
        let key = kept.key.expose_secret().as_bytes();
        let files = [("cert.pem", kept.certificate.as_bytes()), ("key.pem", key)];
        Ok(Pair::from_files(&files).map_err(|problem| from_pair(&problem)))
    }

    /// The kept pair, read once more where a vault in memory has forgotten it and the cluster still has it.
    pub(super) async fn kept_again(&self, id: &str) -> Result<Option<Pair>, Failure> {
        let kinds = self.record.plan.steps.iter().map(|step| &step.kind);
        let Some((cluster_id, namespace, secret)) = kinds
            .filter_map(|kind| match kind {
                StepKind::KeepCertificate {
                    cluster_id,
                    namespace,
                    secret,
                } => Some((cluster_id, namespace, secret)),
                _ => None,
            })
            .next()
        else {
            return Ok(None);
        };
        match self.read_pair(cluster_id, namespace, secret).await {
            Ok(found) => {
                let found = found?;
                pair::store(&self.tools.vault, id, &found).await?;
                Ok(Some(found))
            }
            Err(no_way) => Err(no_way.failure(cluster_id)),
        }
    }

    /// Removes what a former front end left. True when nothing was there.
    pub(super) async fn remove_leftovers(
        &mut self,
        at: usize,
        cluster_id: &str,
        objects: &[String],
    ) -> Result<bool, Halt> {
        let mut waited = self.waited(at);
        loop {
            self.heed_stop()?;
            match remove(self, cluster_id, objects).await {
                Ok(there) => return Ok(!there),
                Err(no_way) => self.bear_no_way(at, &no_way, cluster_id, &mut waited).await?,
            }
        }
    }

    /// Marks the classic front end, or takes the mark away. True when it was so.
    pub(super) async fn mark_front_end(
        &mut self,
        at: usize,
        cluster_id: &str,
        marked: bool,
    ) -> Result<bool, Halt> {
        let mut waited = self.waited(at);
        loop {
            self.heed_stop()?;
            match mark(self, cluster_id, marked).await {
                Ok(was_so) => return Ok(was_so),
                Err(no_way) => self.bear_no_way(at, &no_way, cluster_id, &mut waited).await?,
            }
        }
    }

    /// Compares what both front ends say, until they say the same.
    pub(super) async fn compare_answers(
        &mut self,
        at: usize,
        cluster_id: &str,
        urls: &[String],
    ) -> Result<bool, Halt> {
        let mut waited = self.waited(at);
        let mut doubts = Waited::new(self.tools.patience.proof, self.tools.clock.as_ref());
        loop {
            self.heed_stop()?;
            let now = self.tools.clock.now().to_string();
            match compare::look(&self.tools.arm, now, cluster_id, urls).await {
                Ok(proof) => {
                    if self.seen(at, proof, &mut waited, &mut doubts).await? {
                        return Ok(false);
                    }
                }
                Err(no_way) => self.bear_no_way(at, &no_way, cluster_id, &mut waited).await?,
            }
        }
    }

    /// Looks until everything is as it should be.
    pub(super) async fn confirm(&mut self, at: usize, checks: &[Check]) -> Result<bool, Halt> {
        let mut waited = self.waited(at);
        let mut doubts = Waited::new(self.doubt(checks), self.tools.clock.as_ref());
        loop {
            self.heed_stop()?;
            let now = self.tools.clock.now().to_string();
            match confirm::look(&self.tools.arm, now, checks).await {
                Ok(proof) => {
                    if self.seen(at, proof, &mut waited, &mut doubts).await? {
                        return Ok(false);
                    }
                }
                Err(error) => match sort(&error) {
                    Trouble::Passing { why, wait, .. } => {
                        self.pause_because(at, why, wait, &mut waited).await?
                    }
                    Trouble::Lasting(failure) => return Err(Halt::Failed(failure)),
                },
            }
        }
    }

    /// How long it may take until everything is as it should be. A release leaves the cluster minutes after its resource.
    fn doubt(&self, checks: &[Check]) -> Duration {
        let releases = checks.iter().any(|check| matches!(check, Check::Released { .. }));
        let usual = if releases { RELEASE } else { Duration::ZERO };
        usual.max(self.tools.patience.proof)
    }

    /// Takes note of a look. True when it holds; otherwise it waits for the next one, as long as there is doubt.
    async fn seen(
        &mut self,
        at: usize,
        proof: Proof,
        waited: &mut Waited,
        doubts: &mut Waited,
    ) -> Result<bool, Halt> {
        self.went_well(at, waited);
        let holds = prove::holds(&proof);
        self.record.proof = Some(prove::joined(self.record.proof.take(), proof));
        if holds {
            return Ok(true);
        }
        if !doubts.count(self.tools.clock.as_ref()) {
            return Err(self.not_proven().into());
        }
        self.show();
        self.pause(NEXT_LOOK, waited).await?;
        Ok(false)
    }
}

async fn way_in(engine: &Engine, cluster_id: &str) -> Result<Inside, NoWayIn> {
    connect(&engine.tools.arm, cluster_id).await
}

async fn remove(engine: &Engine, cluster_id: &str, objects: &[String]) -> Result<bool, NoWayIn> {
    let inside = way_in(engine, cluster_id).await?;
    let there = Box::pin(inside.leftovers()).await.map_err(NoWayIn::Cluster)?;
    let there: Vec<String> = there
        .into_iter()
        .filter(|found| objects.contains(found))
        .collect();
    let removed: Result<(), ClusterError> = Box::pin(inside.remove_leftovers(&there)).await;
    removed.map_err(NoWayIn::Cluster)?;
    Ok(!there.is_empty())
}

/// A front end that is not there needs no mark taken away.
async fn mark(engine: &Engine, cluster_id: &str, marked: bool) -> Result<bool, NoWayIn> {
    let inside = way_in(engine, cluster_id).await?;
    let found = inside.classic_front_end().await.map_err(NoWayIn::Cluster)?;
    match found {
        Some(found) if found.marked == marked => Ok(true),
        None if !marked => Ok(true),
        _ => {
            inside.mark_front_end(marked).await.map_err(NoWayIn::Cluster)?;
            Ok(false)
        }
    }
}
