//! What is left of a run, for deciding whether it may be resumed.

use super::Runs;
use crate::journal;
use crate::journal::from_journal;
use crate::owner::Owner;
use crate::record::RunRecord;
use berth_contract::failure::Failure;
use berth_domain::plan::{Plan, PlanStep};

/// What is left of a run.
#[derive(Debug, Clone)]
pub struct Rest {
    /// On whose behalf it is carried out.
    pub owner: Owner,
    /// Its plan.
    pub plan: Plan,
    /// The steps that remain; none for a run that can no longer be resumed.
    pub steps: Vec<PlanStep>,
}

impl Runs {
    /// Returns what is left of a run.
    ///
    /// # Errors
    /// `NotFound`, `CorruptState`, `FileProblem`.
    pub fn rest(&self, id: &str) -> Result<Rest, Failure> {
        if let Some(record) = self.0.live_record(id) {
            return Ok(of(&record));
        }
        let folder = self.0.existing_folder(id)?;
        let record = journal::read(&folder).map_err(|error| from_journal(&error))?;
        Ok(of(&record))
    }
}

fn of(record: &RunRecord) -> Rest {
    let is_over = record.ended.is_some_and(|ended| ended.how.is_final());
    let (forward, rolls_back) = (record.plan.steps.len(), record.rollback.is_some());
    let steps = record.steps.iter().enumerate().filter(|_| !is_over);
    let open = steps.filter(|(at, step)| !step.is_done() && (*at >= forward) == rolls_back);
    Rest {
        owner: record.owner.clone(),
        plan: record.plan.clone(),
        steps: open.filter_map(|(at, _)| record.plan.step(at).cloned()).collect(),
    }
}
