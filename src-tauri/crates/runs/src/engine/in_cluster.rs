//! Steps inside a cluster: leftovers removed, the classic front end marked, answers compared, the outcome confirmed. Repeating
//! a step is safe.

use super::local::NEXT_PROOF;
use super::step_run::{StepError, StepRun};
use crate::clock::Clock;
use crate::cluster_access::{ClusterAccessError, connect, doubtful_write};
use crate::inside::Inside;
use crate::prove::{self, compare, confirm};
use crate::waiting::WaitBudget;
use berth_arm::Arm;
use berth_cluster::ClusterError;
use berth_contract::run::Proof;
use berth_domain::cluster_object::ClusterObject;
use berth_domain::plan::Check;
use std::time::Duration;

/// How long a release of the extension may take to leave a cluster: twice the ten minutes that
/// learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension names.
const RELEASE: Duration = Duration::from_secs(1200);

impl StepRun<'_> {
    /// Removes what a former front end left. True when nothing was there.
    pub(super) async fn remove_leftovers(
        &mut self,
        cluster_id: &str,
        objects: &[ClusterObject],
    ) -> Result<bool, StepError> {
        let mut doubt = None;
        loop {
            self.check_cancelled()?;
            let work = Box::pin(remove(
                &self.tools().arm,
                self.tools().clock.as_ref(),
                cluster_id,
                objects,
                &mut doubt,
            ));
            match self.with_token(work).await? {
                Ok(removed) => return Ok(!removed),
                Err(error) => self.retry_or_fail_access(&error, cluster_id).await?,
            }
        }
    }

    /// Sets or clears the mark of the classic front end. True when nothing had to change.
    pub(super) async fn mark_front_end(&mut self, cluster_id: &str, marked: bool) -> Result<bool, StepError> {
        let mut doubt = None;
        loop {
            self.check_cancelled()?;
            let work = Box::pin(mark(&self.tools().arm, cluster_id, marked, &mut doubt));
            match self.with_token(work).await? {
                Ok(unchanged) => return Ok(unchanged),
                Err(error) => self.retry_or_fail_access(&error, cluster_id).await?,
            }
        }
    }

    /// Compares the answers of both front ends until they agree.
    pub(super) async fn compare_answers(
        &mut self,
        cluster_id: &str,
        urls: &[String],
    ) -> Result<bool, StepError> {
        let mut grace = self.budget(self.tools().patience.proof);
        loop {
            self.check_cancelled()?;
            let (arm, clock) = (&self.tools().arm, self.tools().clock.as_ref());
            let compared = compare::front_ends(arm, clock, cluster_id, urls);
            match self.unless_cancelled(Box::pin(compared)).await? {
                Ok(proof) => {
                    if self.accept_proof(proof, &mut grace).await? {
                        return Ok(false);
                    }
                }
                Err(error) => self.retry_or_fail_access(&error, cluster_id).await?,
            }
        }
    }

    /// Runs the checks until all of them hold.
    pub(super) async fn confirm(&mut self, checks: &[Check]) -> Result<bool, StepError> {
        let mut grace = self.budget(self.confirm_grace(checks));
        loop {
            self.check_cancelled()?;
            let (arm, clock) = (&self.tools().arm, self.tools().clock.as_ref());
            let confirmed = confirm::run_checks(arm, clock, checks);
            match self.unless_cancelled(Box::pin(confirmed)).await? {
                Ok(proof) => {
                    if self.accept_proof(proof, &mut grace).await? {
                        return Ok(false);
                    }
                }
                Err(error) => self.retry_or_fail(&error).await?,
            }
        }
    }

    /// How long the checks may fail. A release leaves the cluster minutes after its resource.
    fn confirm_grace(&self, checks: &[Check]) -> Duration {
        let releases = checks.iter().any(|check| matches!(check, Check::Released { .. }));
        let usual = if releases { RELEASE } else { Duration::ZERO };
        usual.max(self.tools().patience.proof)
    }

    /// Records a proof. True when it holds; otherwise waits for the next one within the grace period.
    async fn accept_proof(&mut self, proof: Proof, grace: &mut WaitBudget) -> Result<bool, StepError> {
        self.clear_waiting()?;
        let holds = prove::holds(&proof);
        self.merge_proof(proof);
        if holds {
            return Ok(true);
        }
        self.check_grace(grace)?;
        self.engine.show();
        self.pause(NEXT_PROOF).await?;
        Ok(false)
    }
}

/// True when something was removed. `doubt` is an object that may or may not have been removed, and why, until the cluster
/// could be inspected again.
async fn remove(
    arm: &Arm,
    clock: &dyn Clock,
    cluster_id: &str,
    objects: &[ClusterObject],
    doubt: &mut Option<(ClusterObject, ClusterError)>,
) -> Result<bool, ClusterAccessError> {
    let mut cluster = Inside::open(arm, clock, cluster_id).await?;
    let mut removed = doubt.is_some();
    loop {
        let mut there = Box::pin(cluster.leftovers()).await?;
        there.retain(|found| objects.contains(found));
        if let Some((object, error)) = doubt.take()
            && there.contains(&object)
        {
            return Err(ClusterAccessError::NotWritten(error));
        }
        if there.is_empty() {
            return Ok(removed);
        }
        removed = true;
        for object in there {
            match Box::pin(cluster.remove(std::slice::from_ref(&object))).await {
                Ok(()) => {}
                Err(error) => {
                    *doubt = Some((object, doubtful_write(error)?));
                    break;
                }
            }
        }
        if doubt.is_none() {
            return Ok(true);
        }
    }
}

/// True when nothing had to change. A front end that is not there has no mark to clear. `doubt` is why the mark may or may
/// not have been changed, until the cluster could be inspected again.
async fn mark(
    arm: &Arm,
    cluster_id: &str,
    marked: bool,
    doubt: &mut Option<ClusterError>,
) -> Result<bool, ClusterAccessError> {
    let cluster = connect(arm, cluster_id).await?;
    loop {
        let found = cluster.classic_front_end().await?;
        let is_so = found.map_or(!marked, |found| found.marked == marked);
        if is_so {
            return Ok(doubt.is_none());
        }
        if let Some(error) = doubt.take() {
            return Err(ClusterAccessError::NotWritten(error));
        }
        match cluster.mark_front_end(marked).await {
            Ok(()) => return Ok(false),
            Err(error) => *doubt = Some(doubtful_write(error)?),
        }
    }
}
