//! What one can choose from.

use berth_app::Berth;
use berth_contract::failure::Failure;
use berth_contract::model::{
    LocationRef, NetworkCatalogue, PlaceCatalogue, SizeAnswer, SizeCatalogue, SizeQuestion, SubscriptionRef,
    VersionCatalogue,
};
use std::sync::Arc;
use tauri::State;

#[tauri::command]
pub(crate) async fn list_place(
    berth: State<'_, Arc<Berth>>,
    args: SubscriptionRef,
) -> Result<PlaceCatalogue, Failure> {
    berth.place(&args).await
}

#[tauri::command]
pub(crate) async fn list_versions(
    berth: State<'_, Arc<Berth>>,
    args: LocationRef,
) -> Result<VersionCatalogue, Failure> {
    berth.versions(&args).await
}

#[tauri::command]
pub(crate) async fn list_sizes(
    berth: State<'_, Arc<Berth>>,
    args: LocationRef,
) -> Result<SizeCatalogue, Failure> {
    berth.sizes(&args).await
}

#[tauri::command]
pub(crate) async fn suggest_sizes(
    berth: State<'_, Arc<Berth>>,
    args: SizeQuestion,
) -> Result<SizeAnswer, Failure> {
    berth.suggest_sizes(&args).await
}

#[tauri::command]
pub(crate) async fn list_networks(
    berth: State<'_, Arc<Berth>>,
    args: LocationRef,
) -> Result<NetworkCatalogue, Failure> {
    berth.networks(&args).await
}
