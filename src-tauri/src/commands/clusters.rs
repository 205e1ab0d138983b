//! The page of a cluster.

use berth_app::Berth;
use berth_contract::failure::Failure;
use berth_contract::model::{AccessQuestion, AccessReport, ClusterDetails, ResourceOn};
use std::sync::Arc;
use tauri::State;

#[tauri::command]
pub(crate) async fn look_at_cluster(
    berth: State<'_, Arc<Berth>>,
    args: ResourceOn,
) -> Result<ClusterDetails, Failure> {
    berth.look_at_cluster(&args).await
}

#[tauri::command]
pub(crate) async fn check_access(
    berth: State<'_, Arc<Berth>>,
    args: AccessQuestion,
) -> Result<AccessReport, Failure> {
    berth.check_access(&args).await
}
