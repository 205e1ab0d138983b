//! Diagnosis of a cluster.

use berth_app::Berth;
use berth_contract::commands::{Args, Reply, command};
use std::sync::Arc;
use tauri::State;

#[tauri::command]
pub(crate) async fn diagnose(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::diagnose>,
) -> Reply<command::diagnose> {
    berth.diagnose(&args).await
}
