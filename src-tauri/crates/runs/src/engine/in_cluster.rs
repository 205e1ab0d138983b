//! Steps inside a cluster: remains removed, the front end marked, answers compared, and the look
//! afterwards. Each is safe to do twice.

use super::local::NEXT_LOOK;
use super::{Engine, Halt};
use crate::patience::Waited;
use crate::prove::{self, compare, confirm};
use crate::trouble::{Trouble, sort};
use crate::way_in::{NoWayIn, connect};
use berth_cluster::{ClusterError, Inside};
use berth_contract::run::Proof;
use berth_domain::plan::Check;
use std::time::Duration;

/// How long a release of the extension may take to leave a cluster: twice the ten minutes that
/// learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension names.
const RELEASE: Duration = Duration::from_secs(1200);

impl Engine {
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
            match self
                .with_token(Box::pin(remove(self, cluster_id, objects)))
                .await?
            {
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
            match self.with_token(Box::pin(mark(self, cluster_id, marked))).await? {
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
            let look = compare::look(&self.tools.arm, now, cluster_id, urls);
            match self.unless_stopped(Box::pin(look)).await? {
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
            let look = confirm::look(&self.tools.arm, now, checks);
            match self.unless_stopped(Box::pin(look)).await? {
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
        self.went_well(at, waited)?;
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
