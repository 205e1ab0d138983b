//! Kubeconfigs. The page names a file and gets its path back; what is in it never enters the page.

use berth_app::Berth;
use berth_contract::failure::Failure;
use berth_contract::kubeconfig::{KubeconfigOrder, KubeconfigSaved};
use berth_contract::model::Nothing;
use std::sync::Arc;
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt as _;

#[tauri::command]
pub(crate) async fn save_kubeconfig(
    berth: State<'_, Arc<Berth>>,
    args: KubeconfigOrder,
) -> Result<KubeconfigSaved, Failure> {
    berth.save_kubeconfig(&args).await
}

/// Asks with the system's own dialog. Dismissing it is an empty answer.
#[tauri::command]
pub(crate) async fn choose_kubeconfig_file(app: AppHandle, args: Nothing) -> Result<Option<String>, Failure> {
    let Nothing {} = args;
    let (answer, chosen) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .set_file_name("config")
        .save_file(move |file| drop(answer.send(file)));
    let file = chosen.await.ok().flatten();
    Ok(file
        .and_then(|file| file.into_path().ok())
        .map(|path| path.display().to_string()))
}
