//! What is wrong with a cluster.

use berth_app::Berth;
use berth_contract::diagnosis::{DiagnoseQuestion, DiagnosisReport};
use berth_contract::failure::Failure;
use std::sync::Arc;
use tauri::State;

#[tauri::command]
pub(crate) async fn diagnose(
    berth: State<'_, Arc<Berth>>,
    args: DiagnoseQuestion,
) -> Result<DiagnosisReport, Failure> {
    berth.diagnose(&args).await
}
