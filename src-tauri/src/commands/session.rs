//! Program, settings and accounts.

use berth_app::Berth;
use berth_contract::failure::Failure;
use berth_contract::model::{
    AccountInfo, AccountRef, AppInfo, NewServicePrincipal, Nothing, SessionInfo, Settings,
};
use std::sync::Arc;
use tauri::State;

#[tauri::command]
pub(crate) async fn app_info(berth: State<'_, Arc<Berth>>, args: Nothing) -> Result<AppInfo, Failure> {
    let Nothing {} = args;
    Ok(berth.app_info().await)
}

#[tauri::command]
pub(crate) async fn read_settings(berth: State<'_, Arc<Berth>>, args: Nothing) -> Result<Settings, Failure> {
    let Nothing {} = args;
    Ok(berth.settings())
}

#[tauri::command]
pub(crate) async fn write_settings(berth: State<'_, Arc<Berth>>, args: Settings) -> Result<Nothing, Failure> {
    berth.keep_settings(&args).map(|()| Nothing {})
}

#[tauri::command]
pub(crate) async fn list_accounts(
    berth: State<'_, Arc<Berth>>,
    args: Nothing,
) -> Result<Vec<AccountInfo>, Failure> {
    let Nothing {} = args;
    // The first thing the page asks for: from here on it can be used.
    tracing::info!(target: "berth", "the page reads the accounts");
    berth.accounts()
}

#[tauri::command]
pub(crate) async fn add_service_principal(
    berth: State<'_, Arc<Berth>>,
    args: NewServicePrincipal,
) -> Result<AccountInfo, Failure> {
    berth.add_service_principal(args).await
}

#[tauri::command]
pub(crate) async fn remove_account(
    berth: State<'_, Arc<Berth>>,
    args: AccountRef,
) -> Result<Nothing, Failure> {
    berth.remove_account(&args.account).await.map(|()| Nothing {})
}

#[tauri::command]
pub(crate) async fn sign_in(berth: State<'_, Arc<Berth>>, args: AccountRef) -> Result<SessionInfo, Failure> {
    berth.sign_in(&args.account).await
}
