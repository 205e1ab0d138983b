//! Program state, settings and accounts.

use berth_app::Berth;
use berth_contract::commands::{Args, Reply, command};
use berth_contract::model::Nothing;
use std::sync::Arc;
use tauri::State;

#[tauri::command]
pub(crate) async fn app_info(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::app_info>,
) -> Reply<command::app_info> {
    let Nothing {} = args;
    Ok(berth.app_info().await)
}

#[tauri::command]
pub(crate) async fn read_settings(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::read_settings>,
) -> Reply<command::read_settings> {
    let Nothing {} = args;
    Ok(berth.settings())
}

#[tauri::command]
pub(crate) async fn write_settings(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::write_settings>,
) -> Reply<command::write_settings> {
    berth.keep_settings(&args).map(|()| Nothing {})
}

#[tauri::command]
pub(crate) async fn list_accounts(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::list_accounts>,
) -> Reply<command::list_accounts> {
    let Nothing {} = args;
    // The page's first request: it is usable from here on.
    tracing::info!(target: "berth", "the page reads the accounts");
    berth.accounts()
}

#[tauri::command]
pub(crate) async fn add_service_principal(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::add_service_principal>,
) -> Reply<command::add_service_principal> {
    berth.add_service_principal(args).await
}

#[tauri::command]
pub(crate) async fn remove_account(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::remove_account>,
) -> Reply<command::remove_account> {
    berth.remove_account(&args.account).await.map(|()| Nothing {})
}

#[tauri::command]
pub(crate) async fn sign_in(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::sign_in>,
) -> Reply<command::sign_in> {
    berth.sign_in(&args.account).await
}
