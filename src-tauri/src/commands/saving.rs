//! Places to save something, asked for with the system's own dialogs. Dismissing one is `None`.

use std::path::PathBuf;
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt as _;

/// A file, with a name to begin with.
pub(crate) async fn file(app: &AppHandle, name: &str) -> Option<PathBuf> {
    let (answer, chosen) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .set_file_name(name)
        .save_file(move |file| drop(answer.send(file)));
    chosen.await.ok().flatten()?.into_path().ok()
}

/// A folder.
pub(crate) async fn folder(app: &AppHandle) -> Option<PathBuf> {
    let (answer, chosen) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .pick_folder(move |folder| drop(answer.send(folder)));
    chosen.await.ok().flatten()?.into_path().ok()
}
