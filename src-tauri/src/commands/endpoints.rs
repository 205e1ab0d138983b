//! The endpoints pages.

use super::saving;
use berth_app::Berth;
use berth_contract::commands::{Args, Reply, command};
use std::sync::Arc;
use tauri::{AppHandle, State};

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
pub(crate) async fn read_log(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::read_log>,
) -> Reply<command::read_log> {
    berth.read_log(&args).await
}

#[tauri::command]
pub(crate) async fn read_front_end_logs(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::read_front_end_logs>,
) -> Reply<command::read_front_end_logs> {
    berth.read_front_end_logs(&args).await
}

#[tauri::command]
pub(crate) async fn save_log(app: AppHandle, args: Args<command::save_log>) -> Reply<command::save_log> {
    let Some(path) = saving::file(&app, &args.name).await else {
        return Ok(None);
    };
    Berth::save_log(&args, &path)?;
    Ok(Some(path.display().to_string()))
}

#[tauri::command]
pub(crate) async fn export_service(
    app: AppHandle,
    berth: State<'_, Arc<Berth>>,
    args: Args<command::export_service>,
) -> Reply<command::export_service> {
    let Some(folder) = saving::folder(&app).await else {
        return Ok(None);
    };
    berth.export_service(&args, &folder).await.map(Some)
}

#[tauri::command]
pub(crate) async fn read_pods(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::read_pods>,
) -> Reply<command::read_pods> {
    berth.read_pods(&args).await
}

#[tauri::command]
pub(crate) async fn list_serving(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::list_serving>,
) -> Reply<command::list_serving> {
    berth.list_serving(&args).await
}
