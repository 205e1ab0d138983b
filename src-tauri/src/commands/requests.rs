//! Certificates that others issue: requested with a file, ordered by ACME; and the authority of this machine.

use super::chosen::ChosenFiles;
use super::saving;
use berth_app::Berth;
use berth_contract::failure::Failure;
use berth_contract::model::{
    AcmeOrder, AcmeWish, AnsweredRequest, AuthorityQuestion, AuthorityRoot, AuthorityTerms, CertificateFiles,
    CertificateReport, CertificateRequestOrder, KeptRef, Nothing, RootFile, WaitingRequest,
};
use berth_domain::trust::{self, TrustCommand};
use std::path::{Path, PathBuf};

use std::sync::Arc;
use tauri::{AppHandle, State};

#[tauri::command]
pub(crate) async fn request_certificate(
    berth: State<'_, Arc<Berth>>,
    args: CertificateRequestOrder,
) -> Result<WaitingRequest, Failure> {
    berth.certificates().request(&args).await
}

#[tauri::command]
pub(crate) async fn list_certificate_requests(
    berth: State<'_, Arc<Berth>>,
    args: Nothing,
) -> Result<Vec<WaitingRequest>, Failure> {
    let Nothing {} = args;
    berth.certificates().requests()
}

#[tauri::command]
pub(crate) async fn save_certificate_request(
    app: AppHandle,
    berth: State<'_, Arc<Berth>>,
    args: KeptRef,
) -> Result<Option<String>, Failure> {
    let request = berth.certificates().find_request(&args.id)?;
    let Some(path) = saving::file(&app, "request.csr").await else {
        return Ok(None);
    };
    berth.certificates().replace_request(&request, &path)?;
    Ok(Some(path.display().to_string()))
}

#[tauri::command]
pub(crate) async fn answer_certificate_request(
    berth: State<'_, Arc<Berth>>,
    chosen: State<'_, ChosenFiles>,
    args: CertificateFiles,
) -> Result<AnsweredRequest, Failure> {
    let paths = chosen.paths(&args.files)?;
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let (request, report) = berth.certificates().answer_request_files(&paths).await?;
    Ok(AnsweredRequest { request, report })
}

#[tauri::command]
pub(crate) async fn answer_certificate_request_from_clipboard(
    app: AppHandle,
    berth: State<'_, Arc<Berth>>,
    args: Nothing,
) -> Result<AnsweredRequest, Failure> {
    let Nothing {} = args;
    let contents = super::clipboard::contents(&app)?;
    let (request, report) = berth.certificates().answer_request(&contents).await?;
    Ok(AnsweredRequest { request, report })
}

#[tauri::command]
pub(crate) async fn drop_certificate_request(
    berth: State<'_, Arc<Berth>>,
    args: KeptRef,
) -> Result<Nothing, Failure> {
    berth.certificates().drop_request(&args.id).await?;
    Ok(Nothing {})
}

#[tauri::command]
pub(crate) async fn authority_root(
    berth: State<'_, Arc<Berth>>,
    args: Nothing,
) -> Result<AuthorityRoot, Failure> {
    let Nothing {} = args;
    berth.certificates().authority_root().await
}

#[tauri::command]
pub(crate) async fn save_authority_root(
    app: AppHandle,
    berth: State<'_, Arc<Berth>>,
    args: Nothing,
) -> Result<Option<String>, Failure> {
    let Nothing {} = args;
    let Some(path) = saving::file(&app, "berth-root.crt").await else {
        return Ok(None);
    };
    berth.certificates().replace_authority_root(&path).await?;
    Ok(Some(path.display().to_string()))
}

#[tauri::command]
pub(crate) fn trust_commands(args: RootFile) -> Vec<TrustCommand> {
    trust::commands(&args.path)
}

#[tauri::command]
pub(crate) async fn read_authority_terms(args: AuthorityQuestion) -> Result<AuthorityTerms, Failure> {
    berth_app::authority_terms(&args).await
}

#[tauri::command]
pub(crate) async fn order_certificate(
    berth: State<'_, Arc<Berth>>,
    args: AcmeWish,
) -> Result<AcmeOrder, Failure> {
    berth.certificates().order(&args).await
}

#[tauri::command]
pub(crate) async fn list_certificate_orders(
    berth: State<'_, Arc<Berth>>,
    args: Nothing,
) -> Result<Vec<AcmeOrder>, Failure> {
    let Nothing {} = args;
    berth.certificates().orders()
}

#[tauri::command]
pub(crate) async fn look_at_certificate_order(
    berth: State<'_, Arc<Berth>>,
    args: KeptRef,
) -> Result<AcmeOrder, Failure> {
    berth.certificates().refresh_order(&args.id).await
}

#[tauri::command]
pub(crate) async fn finish_certificate_order(
    berth: State<'_, Arc<Berth>>,
    args: KeptRef,
) -> Result<CertificateReport, Failure> {
    berth.certificates().finish_order(&args.id).await
}

#[tauri::command]
pub(crate) async fn drop_certificate_order(
    berth: State<'_, Arc<Berth>>,
    args: KeptRef,
) -> Result<Nothing, Failure> {
    berth.certificates().drop_order(&args.id).await?;
    Ok(Nothing {})
}
