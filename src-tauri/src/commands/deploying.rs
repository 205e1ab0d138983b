//! What the Deploy wizard asks of this computer, and its draft.

use super::saving;
use berth_app::{Berth, code_folder};
use berth_contract::commands::{Args, Reply, command};
use berth_contract::model::Nothing;
use std::path::PathBuf;
use std::sync::Arc;
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt as _;

/// Asks for a file or a folder with the system's dialog. Returns `None` if it is dismissed.
#[tauri::command]
pub(crate) async fn choose_path(
    app: AppHandle,
    args: Args<command::choose_path>,
) -> Reply<command::choose_path> {
    let chosen = if args.folder {
        saving::folder(&app).await
    } else {
        file(&app).await
    };
    Ok(chosen.map(|path| path.display().to_string()))
}

async fn file(app: &AppHandle) -> Option<PathBuf> {
    let (answer, chosen) = tokio::sync::oneshot::channel();
    app.dialog().file().pick_file(move |file| drop(answer.send(file)));
    chosen.await.ok().flatten()?.into_path().ok()
}

#[tauri::command]
pub(crate) async fn list_code(args: Args<command::list_code>) -> Reply<command::list_code> {
    code_folder::list(&args.folder).await
}

#[tauri::command]
pub(crate) async fn read_deploy_draft(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::read_deploy_draft>,
) -> Reply<command::read_deploy_draft> {
    let Nothing {} = args;
    berth.deploy_draft()
}

#[tauri::command]
pub(crate) async fn write_deploy_draft(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::write_deploy_draft>,
) -> Reply<command::write_deploy_draft> {
    berth.keep_deploy_draft(args).map(|()| Nothing {})
}

#[tauri::command]
pub(crate) async fn drop_deploy_draft(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::drop_deploy_draft>,
) -> Reply<command::drop_deploy_draft> {
    let Nothing {} = args;
    berth.drop_deploy_draft().map(|()| Nothing {})
}
