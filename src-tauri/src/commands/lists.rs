//! Lists to choose from.

use berth_app::Berth;
use berth_contract::commands::{Args, Reply, command};
use std::sync::Arc;
use tauri::State;

#[tauri::command]
pub(crate) async fn list_place(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::list_place>,
) -> Reply<command::list_place> {
    berth.place(&args).await
}

#[tauri::command]
pub(crate) async fn list_versions(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::list_versions>,
) -> Reply<command::list_versions> {
    berth.versions(&args).await
}

#[tauri::command]
pub(crate) async fn list_sizes(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::list_sizes>,
) -> Reply<command::list_sizes> {
    berth.sizes(&args).await
}

#[tauri::command]
pub(crate) async fn suggest_sizes(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::suggest_sizes>,
) -> Reply<command::suggest_sizes> {
    berth.suggest_sizes(&args).await
}

#[tauri::command]
pub(crate) async fn list_networks(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::list_networks>,
) -> Reply<command::list_networks> {
    berth.networks(&args).await
}
