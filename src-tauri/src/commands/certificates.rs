//! Certificates. Files are named by path: what is in them never enters the page.

use berth_app::Berth;
use berth_contract::failure::Failure;
use berth_contract::model::{
    CertificateFiles, CertificateOrder, CertificateQuestion, CertificateReport, Nothing,
};
use std::sync::Arc;
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt as _;

#[tauri::command]
pub(crate) async fn take_certificate(
    berth: State<'_, Arc<Berth>>,
    args: CertificateFiles,
) -> Result<CertificateReport, Failure> {
    berth.take_certificate(&args).await
}

#[tauri::command]
pub(crate) async fn make_certificate(
    berth: State<'_, Arc<Berth>>,
    args: CertificateOrder,
) -> Result<CertificateReport, Failure> {
    berth.make_certificate(&args).await
}

#[tauri::command]
pub(crate) async fn check_certificate(
    berth: State<'_, Arc<Berth>>,
    args: CertificateQuestion,
) -> Result<CertificateReport, Failure> {
    berth.check_certificate(&args).await
}

/// Asks with the system's own dialog. Dismissing it is an empty answer.
#[tauri::command]
pub(crate) async fn choose_certificate_files(app: AppHandle, args: Nothing) -> Result<Vec<String>, Failure> {
    let Nothing {} = args;
    let (answer, chosen) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .pick_files(move |files| drop(answer.send(files)));
    let files = chosen.await.ok().flatten().unwrap_or_default();
    Ok(files
        .into_iter()
        .filter_map(|file| file.into_path().ok())
        .map(|path| path.display().to_string())
        .collect())
}
