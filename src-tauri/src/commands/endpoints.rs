//! The endpoints pages.

use berth_app::Berth;
use berth_contract::commands::{Args, Reply, command};
use std::sync::Arc;
use tauri::State;

#[tauri::command]
pub(crate) async fn read_endpoints(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::read_endpoints>,
) -> Reply<command::read_endpoints> {
    berth.read_endpoints(&args.account).await
}

#[tauri::command]
pub(crate) async fn last_endpoints(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::last_endpoints>,
) -> Reply<command::last_endpoints> {
    berth.last_endpoints(&args.account).await
}

#[tauri::command]
pub(crate) async fn get_endpoint(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::get_endpoint>,
) -> Reply<command::get_endpoint> {
    berth.get_endpoint(&args).await
}

#[tauri::command]
pub(crate) async fn list_serving(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::list_serving>,
) -> Reply<command::list_serving> {
    berth.list_serving(&args).await
}
