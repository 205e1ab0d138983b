//! The cluster page.

use berth_app::Berth;
use berth_contract::commands::{Args, Reply, command};
use std::sync::Arc;
use tauri::State;

#[tauri::command]
pub(crate) async fn look_at_cluster(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::look_at_cluster>,
) -> Reply<command::look_at_cluster> {
    berth.look_at_cluster(&args).await
}

#[tauri::command]
pub(crate) async fn check_access(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::check_access>,
) -> Reply<command::check_access> {
    berth.check_access(&args).await
}
