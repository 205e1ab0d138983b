//! From a goal to its run, as a user gets there: a review, then its start.

use berth_app::Berth;
use berth_contract::failure::Failure;
use berth_contract::model::GoalOn;
use berth_contract::review::{ResumeRun, StartRun, Started};
use berth_contract::run::RunSummary;

/// Reviews a goal and starts its plan.
pub async fn begin(berth: &Berth, goal: &GoalOn) -> Result<RunSummary, Failure> {
    Box::pin(begin_agreed(berth, goal, &[])).await
}

/// Like [`begin`], with consents.
pub async fn begin_agreed(berth: &Berth, goal: &GoalOn, consents: &[String]) -> Result<RunSummary, Failure> {
    let start = StartRun {
        typed: goal.goal.typed().map(str::to_owned),
        review: Box::pin(berth.review(goal)).await?.id,
        consents: consents.to_vec(),
    };
    match Box::pin(berth.start(&start)).await? {
        Started::Running { run } => Ok(run),
        Started::Changed { differences, .. } => panic!("unexpected differences: {differences:#?}"),
    }
}

/// Resumes a run without new consents.
pub fn resuming(run: &str) -> ResumeRun {
    ResumeRun {
        run: run.to_owned(),
        consents: Vec::new(),
    }
}
