//! Kubeconfigs. The page names a file and gets its path back; what is in it never enters the page.

use berth_app::Berth;
use berth_contract::failure::Failure;
use berth_contract::kubeconfig::{KubeconfigOrder, KubeconfigOutcome};
use berth_contract::model::Nothing;
use std::sync::Arc;
use tauri::{AppHandle, State};

#[tauri::command]
pub(crate) async fn save_kubeconfig(
    berth: State<'_, Arc<Berth>>,
    args: KubeconfigOrder,
) -> Result<KubeconfigOutcome, Failure> {
    berth.save_kubeconfig(&args).await
}

/// Asks with the system's own dialog. Dismissing it is an empty answer.
#[tauri::command]
pub(crate) async fn choose_kubeconfig_file(app: AppHandle, args: Nothing) -> Result<Option<String>, Failure> {
    let Nothing {} = args;
    let file = super::saving::file(&app, "config").await;
    Ok(file.map(|path| path.display().to_string()))
}
