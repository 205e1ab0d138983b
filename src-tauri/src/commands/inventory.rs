//! Certificates as a whole: seen, renewed, reminded of; and the DNS.

use super::saving;
use berth_app::Berth;
use berth_contract::failure::Failure;
use berth_contract::model::{DnsAnswer, DnsQuestion, DnsSeen, RenewOrder, Renewed, SubscriptionRef};
use berth_domain::dns::DnsRecord;
use berth_domain::inventory::Inventory;
use std::sync::Arc;
use tauri::{AppHandle, State};

#[tauri::command]
pub(crate) async fn read_inventory(
    app: AppHandle,
    berth: State<'_, Arc<Berth>>,
    args: SubscriptionRef,
) -> Result<Inventory, Failure> {
    let inventory = berth.read_inventory(&args).await?;
    crate::reminding::tell(&app, &berth);
    Ok(inventory)
}

#[tauri::command]
pub(crate) async fn last_inventory(
    berth: State<'_, Arc<Berth>>,
    args: SubscriptionRef,
) -> Result<Option<Inventory>, Failure> {
    berth.last_inventory(&args.subscription_id)
}

#[tauri::command]
pub(crate) async fn renew_certificates(
    berth: State<'_, Arc<Berth>>,
    args: RenewOrder,
) -> Result<Vec<Renewed>, Failure> {
    berth.renew_certificates(&args).await
}

#[tauri::command]
pub(crate) async fn save_calendar(
    app: AppHandle,
    berth: State<'_, Arc<Berth>>,
    args: SubscriptionRef,
) -> Result<Option<String>, Failure> {
    let Some(path) = saving::file(&app, "certificates.ics").await else {
        return Ok(None);
    };
    berth.write_calendar(&args.subscription_id, &path)?;
    Ok(Some(path.display().to_string()))
}

#[tauri::command]
pub(crate) async fn dns_texts(berth: State<'_, Arc<Berth>>, args: DnsQuestion) -> Result<DnsAnswer, Failure> {
    berth.dns_texts(&args)
}

#[tauri::command]
pub(crate) async fn look_up_dns(berth: State<'_, Arc<Berth>>, args: DnsRecord) -> Result<DnsSeen, Failure> {
    berth.look_up_dns(&args).await
}
