//! Certificates taken, made and looked at. The page knows files by their ids, and the clipboard is read here: what is in
//! them never enters the page.

use super::chosen::ChosenFiles;
use berth_app::Berth;
use berth_contract::failure::Failure;
use berth_contract::model::{
    CertificateFiles, CertificateOrder, CertificateQuestion, CertificateReport, ClipboardCertificate,
    KeptRef, KeyVaultCertificate, KeyVaultInfo, KeyVaultOrder, KeyVaultPlace, Nothing, Passphrase,
    SubscriptionRef,
};
use berth_domain::inventory::Origin;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tauri::{AppHandle, State};

#[tauri::command]
pub(crate) async fn take_certificate(
    berth: State<'_, Arc<Berth>>,
    chosen: State<'_, ChosenFiles>,
    args: CertificateFiles,
) -> Result<CertificateReport, Failure> {
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
    args: CertificateOrder,
) -> Result<CertificateReport, Failure> {
    berth.certificates().make(&args).await
}

#[tauri::command]
pub(crate) async fn check_certificate(
    berth: State<'_, Arc<Berth>>,
    args: CertificateQuestion,
) -> Result<CertificateReport, Failure> {
    berth.certificates().check(&args).await
}

#[tauri::command]
pub(crate) async fn take_certificate_from_clipboard(
    app: AppHandle,
    berth: State<'_, Arc<Berth>>,
    args: ClipboardCertificate,
) -> Result<CertificateReport, Failure> {
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
    args: SubscriptionRef,
) -> Result<Vec<KeyVaultInfo>, Failure> {
    berth.key_vaults(&args).await
}

#[tauri::command]
pub(crate) async fn list_key_vault_certificates(
    berth: State<'_, Arc<Berth>>,
    args: KeyVaultPlace,
) -> Result<Vec<KeyVaultCertificate>, Failure> {
    berth.key_vault_certificates(&args).await
}

#[tauri::command]
pub(crate) async fn take_key_vault_certificate(
    berth: State<'_, Arc<Berth>>,
    args: KeyVaultOrder,
) -> Result<CertificateReport, Failure> {
    berth.take_key_vault_certificate(&args).await
}

/// Asks for a folder. Dismissing it is an empty answer.
#[tauri::command]
pub(crate) async fn save_certificate_files(
    app: AppHandle,
    berth: State<'_, Arc<Berth>>,
    args: KeptRef,
) -> Result<Vec<String>, Failure> {
    let Some(folder) = super::saving::folder(&app).await else {
        return Ok(Vec::new());
    };
    let written = berth.certificates().export_kept(&args.id, &folder).await?;
    Ok(written.iter().map(|path| path.display().to_string()).collect())
}

#[tauri::command]
pub(crate) async fn forget_certificate(
    berth: State<'_, Arc<Berth>>,
    args: KeptRef,
) -> Result<Nothing, Failure> {
    berth.certificates().delete(&args.id).await?;
    Ok(Nothing {})
}
