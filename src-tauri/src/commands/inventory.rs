//! The certificate inventory, renewals, reminders and DNS records.

use super::saving;
use berth_app::Berth;
use berth_contract::commands::{Args, Reply, command};
use std::sync::Arc;
use tauri::{AppHandle, State};

#[tauri::command]
pub(crate) async fn read_inventory(
    app: AppHandle,
    berth: State<'_, Arc<Berth>>,
    args: Args<command::read_inventory>,
) -> Reply<command::read_inventory> {
    let inventory = berth.read_inventory(&args).await?;
    crate::reminding::notify(&app, &berth);
    Ok(inventory)
}

#[tauri::command]
pub(crate) async fn last_inventory(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::last_inventory>,
) -> Reply<command::last_inventory> {
    berth.last_inventory(&args.subscription_id)
}

#[tauri::command]
pub(crate) async fn renew_certificates(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::renew_certificates>,
) -> Reply<command::renew_certificates> {
    berth.renew_certificates(&args).await
}

#[tauri::command]
pub(crate) async fn save_calendar(
    app: AppHandle,
    berth: State<'_, Arc<Berth>>,
    args: Args<command::save_calendar>,
) -> Reply<command::save_calendar> {
    let Some(path) = saving::file(&app, "certificates.ics").await else {
        return Ok(None);
    };
    berth.write_calendar(&args.subscription_id, &path)?;
    Ok(Some(path.display().to_string()))
}

#[tauri::command]
pub(crate) async fn dns_texts(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::dns_texts>,
) -> Reply<command::dns_texts> {
    berth.dns_texts(&args)
}

#[tauri::command]
pub(crate) async fn look_up_dns(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::look_up_dns>,
) -> Reply<command::look_up_dns> {
    berth.look_up_dns(&args).await
}
