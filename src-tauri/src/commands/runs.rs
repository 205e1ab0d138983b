//! Runs.

use berth_app::Berth;
use berth_contract::commands::{Args, Reply, command};
use berth_contract::model::Nothing;
use std::sync::Arc;
use tauri::State;

#[tauri::command]
pub(crate) async fn review(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::review>,
) -> Reply<command::review> {
    berth.review(&args).await
}

#[tauri::command]
pub(crate) async fn start(berth: State<'_, Arc<Berth>>, args: Args<command::start>) -> Reply<command::start> {
    berth.start(&args).await
}

#[tauri::command]
pub(crate) async fn list_runs(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::list_runs>,
) -> Reply<command::list_runs> {
    let Nothing {} = args;
    berth.runs().await
}

#[tauri::command]
pub(crate) async fn get_run(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::get_run>,
) -> Reply<command::get_run> {
    berth.run(&args.run).await
}

#[tauri::command]
pub(crate) async fn cancel_run(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::cancel_run>,
) -> Reply<command::cancel_run> {
    berth.cancel_run(&args.run).await.map(|()| Nothing {})
}

#[tauri::command]
pub(crate) async fn resume_run(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::resume_run>,
) -> Reply<command::resume_run> {
    berth.resume_run(&args).await
}

#[tauri::command]
pub(crate) async fn decide_canary(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::decide_canary>,
) -> Reply<command::decide_canary> {
    berth.decide_canary(&args).await
}

#[tauri::command]
pub(crate) async fn prove_again(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::prove_again>,
) -> Reply<command::prove_again> {
    berth.prove_again(&args.run).await.map(|()| Nothing {})
}
