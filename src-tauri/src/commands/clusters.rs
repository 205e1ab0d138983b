//! The cluster page.

use berth_app::Berth;
use berth_contract::commands::{Args, Reply, command};
use std::sync::Arc;
use tauri::State;

#[tauri::command]
pub(crate) async fn get_cluster_details(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::get_cluster_details>,
) -> Reply<command::get_cluster_details> {
    berth.get_cluster_details(&args).await
}

#[tauri::command]
pub(crate) async fn check_access(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::check_access>,
) -> Reply<command::check_access> {
    berth.check_access(&args).await
}
