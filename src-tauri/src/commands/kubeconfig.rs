//! Kubeconfigs. The page names files by id, and their contents never reach it.

use super::chosen::ChosenFiles;
use berth_app::Berth;
use berth_contract::commands::{Args, Reply, command};
use berth_contract::model::Nothing;
use std::sync::Arc;
use tauri::{AppHandle, State};

#[tauri::command]
pub(crate) async fn save_kubeconfig(
    berth: State<'_, Arc<Berth>>,
    chosen: State<'_, ChosenFiles>,
    args: Args<command::save_kubeconfig>,
) -> Reply<command::save_kubeconfig> {
    let file = args.file.clone();
    let path = file
        .map(|id| chosen.paths(&[id]))
        .transpose()?
        .unwrap_or_default();
    let path = path.first().map(|path| path.display().to_string());
    berth.save_kubeconfig(&args.at(path.unwrap_or_default())).await
}

/// Asks for a file with the system's dialog. Returns `None` if it is dismissed.
#[tauri::command]
pub(crate) async fn choose_kubeconfig_file(
    app: AppHandle,
    chosen: State<'_, ChosenFiles>,
    args: Args<command::choose_kubeconfig_file>,
) -> Reply<command::choose_kubeconfig_file> {
    let Nothing {} = args;
    let file = super::saving::file(&app, "config").await;
    Ok(chosen.remember(file).pop())
}
