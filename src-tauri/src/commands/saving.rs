//! The system's save dialogs. They return `None` if dismissed.

use std::path::PathBuf;
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt as _;

/// Asks for a file to save to, and suggests a name.
pub(crate) async fn file(app: &AppHandle, name: &str) -> Option<PathBuf> {
    let (answer, chosen) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .set_file_name(name)
        .save_file(move |file| drop(answer.send(file)));
    chosen.await.ok().flatten()?.into_path().ok()
}

/// Asks for a folder.
pub(crate) async fn folder(app: &AppHandle) -> Option<PathBuf> {
    let (answer, chosen) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .pick_folder(move |folder| drop(answer.send(folder)));
    chosen.await.ok().flatten()?.into_path().ok()
}
