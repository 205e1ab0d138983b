//! Runs.

use berth_app::Berth;
use berth_contract::failure::Failure;
use berth_contract::model::{GoalOn, Nothing, RunRef};
use berth_contract::review::{ResumeRun, Resumed, Review, StartRun, Started};
use berth_contract::run::{RunSnapshot, RunSummary};
use std::sync::Arc;
use tauri::State;

#[tauri::command]
pub(crate) async fn review(berth: State<'_, Arc<Berth>>, args: GoalOn) -> Result<Review, Failure> {
    berth.review(&args).await
}

#[tauri::command]
pub(crate) async fn start(berth: State<'_, Arc<Berth>>, args: StartRun) -> Result<Started, Failure> {
    berth.start(&args).await
}

#[tauri::command]
pub(crate) async fn list_runs(
    berth: State<'_, Arc<Berth>>,
    args: Nothing,
) -> Result<Vec<RunSummary>, Failure> {
    let Nothing {} = args;
    berth.runs().await
}

#[tauri::command]
pub(crate) async fn get_run(berth: State<'_, Arc<Berth>>, args: RunRef) -> Result<RunSnapshot, Failure> {
    berth.run(&args.run).await
}

#[tauri::command]
pub(crate) async fn cancel_run(berth: State<'_, Arc<Berth>>, args: RunRef) -> Result<Nothing, Failure> {
    berth.cancel_run(&args.run).await.map(|()| Nothing {})
}

#[tauri::command]
pub(crate) async fn resume_run(berth: State<'_, Arc<Berth>>, args: ResumeRun) -> Result<Resumed, Failure> {
    berth.resume_run(&args).await
}

#[tauri::command]
pub(crate) async fn prove_again(berth: State<'_, Arc<Berth>>, args: RunRef) -> Result<Nothing, Failure> {
    berth.prove_again(&args.run).await.map(|()| Nothing {})
}
