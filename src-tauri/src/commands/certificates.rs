//! Importing, creating and checking certificates. The page names files by id, and the clipboard is read here, so their
//! contents never reach the page.

use super::chosen::ChosenFiles;
use berth_app::Berth;
use berth_contract::commands::{Args, Reply, command};
use berth_contract::model::{Nothing, Passphrase};
use berth_domain::inventory::Origin;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tauri::{AppHandle, State};

#[tauri::command]
pub(crate) async fn take_certificate(
    berth: State<'_, Arc<Berth>>,
    chosen: State<'_, ChosenFiles>,
    args: Args<command::take_certificate>,
) -> Reply<command::take_certificate> {
    let paths = chosen.paths(&args.files)?;
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let passphrase = args.passphrase.as_ref().map(Passphrase::secret);
    berth
        .certificates()
        .import_files(&paths, passphrase, &args.cname)
        .await
}

#[tauri::command]
pub(crate) async fn make_certificate(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::make_certificate>,
) -> Reply<command::make_certificate> {
    berth.certificates().make(&args).await
}

#[tauri::command]
pub(crate) async fn check_certificate(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::check_certificate>,
) -> Reply<command::check_certificate> {
    berth.certificates().check(&args).await
}

#[tauri::command]
pub(crate) async fn take_certificate_from_clipboard(
    app: AppHandle,
    berth: State<'_, Arc<Berth>>,
    args: Args<command::take_certificate_from_clipboard>,
) -> Reply<command::take_certificate_from_clipboard> {
    let contents = super::clipboard::contents(&app)?;
    let passphrase = args.passphrase.as_ref().map(Passphrase::secret);
    berth
        .certificates()
        .import(contents, passphrase, &args.cname, Origin::Taken)
        .await
}

#[tauri::command]
pub(crate) async fn list_key_vaults(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::list_key_vaults>,
) -> Reply<command::list_key_vaults> {
    berth.key_vaults(&args).await
}

#[tauri::command]
pub(crate) async fn list_key_vault_certificates(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::list_key_vault_certificates>,
) -> Reply<command::list_key_vault_certificates> {
    berth.key_vault_certificates(&args).await
}

#[tauri::command]
pub(crate) async fn take_key_vault_certificate(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::take_key_vault_certificate>,
) -> Reply<command::take_key_vault_certificate> {
    berth.take_key_vault_certificate(&args).await
}

/// Asks for a folder with the system's dialog. Returns no paths if it is dismissed.
#[tauri::command]
pub(crate) async fn save_certificate_files(
    app: AppHandle,
    berth: State<'_, Arc<Berth>>,
    args: Args<command::save_certificate_files>,
) -> Reply<command::save_certificate_files> {
    let Some(folder) = super::saving::folder(&app).await else {
        return Ok(Vec::new());
    };
    let written = berth.certificates().export_kept(&args.id, &folder).await?;
    Ok(written.iter().map(|path| path.display().to_string()).collect())
}

#[tauri::command]
pub(crate) async fn forget_certificate(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::forget_certificate>,
) -> Reply<command::forget_certificate> {
    berth.certificates().delete(&args.id).await?;
    Ok(Nothing {})
}
