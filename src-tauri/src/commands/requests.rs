//! Certificates issued by others, through a signing request or ACME, and the local authority.

use super::chosen::ChosenFiles;
use super::saving;
use berth_app::Berth;
use berth_contract::commands::{Args, Reply, command};
use berth_contract::model::{AnsweredRequest, Nothing};
use berth_domain::trust;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tauri::{AppHandle, State};

#[tauri::command]
pub(crate) async fn request_certificate(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::request_certificate>,
) -> Reply<command::request_certificate> {
    berth.certificates().request(&args).await
}

#[tauri::command]
pub(crate) async fn list_certificate_requests(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::list_certificate_requests>,
) -> Reply<command::list_certificate_requests> {
    let Nothing {} = args;
    berth.certificates().requests()
}

#[tauri::command]
pub(crate) async fn save_certificate_request(
    app: AppHandle,
    berth: State<'_, Arc<Berth>>,
    args: Args<command::save_certificate_request>,
) -> Reply<command::save_certificate_request> {
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
    args: Args<command::answer_certificate_request>,
) -> Reply<command::answer_certificate_request> {
    let paths = chosen.paths(&args.files)?;
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let (request, report) = berth.certificates().answer_request_files(&paths).await?;
    Ok(AnsweredRequest { request, report })
}

#[tauri::command]
pub(crate) async fn answer_certificate_request_from_clipboard(
    app: AppHandle,
    berth: State<'_, Arc<Berth>>,
    args: Args<command::answer_certificate_request_from_clipboard>,
) -> Reply<command::answer_certificate_request_from_clipboard> {
    let Nothing {} = args;
    let contents = super::clipboard::contents(&app)?;
    let (request, report) = berth.certificates().answer_request(&contents).await?;
    Ok(AnsweredRequest { request, report })
}

#[tauri::command]
pub(crate) async fn drop_certificate_request(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::drop_certificate_request>,
) -> Reply<command::drop_certificate_request> {
    berth.certificates().drop_request(&args.id).await?;
    Ok(Nothing {})
}

#[tauri::command]
pub(crate) async fn authority_root(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::authority_root>,
) -> Reply<command::authority_root> {
    let Nothing {} = args;
    berth.certificates().authority_root().await
}

#[tauri::command]
pub(crate) async fn save_authority_root(
    app: AppHandle,
    berth: State<'_, Arc<Berth>>,
    args: Args<command::save_authority_root>,
) -> Reply<command::save_authority_root> {
    let Nothing {} = args;
    let Some(path) = saving::file(&app, "berth-root.crt").await else {
        return Ok(None);
    };
    berth.certificates().replace_authority_root(&path).await?;
    Ok(Some(path.display().to_string()))
}

#[tauri::command]
pub(crate) fn trust_commands(args: Args<command::trust_commands>) -> Reply<command::trust_commands> {
    Ok(trust::commands(&args.path))
}

#[tauri::command]
pub(crate) async fn read_authority_terms(
    args: Args<command::read_authority_terms>,
) -> Reply<command::read_authority_terms> {
    berth_app::authority_terms(&args).await
}

#[tauri::command]
pub(crate) async fn order_certificate(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::order_certificate>,
) -> Reply<command::order_certificate> {
    berth.certificates().order(&args).await
}

#[tauri::command]
pub(crate) async fn list_certificate_orders(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::list_certificate_orders>,
) -> Reply<command::list_certificate_orders> {
    let Nothing {} = args;
    berth.certificates().orders()
}

#[tauri::command]
pub(crate) async fn check_certificate_order(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::check_certificate_order>,
) -> Reply<command::check_certificate_order> {
    berth.certificates().refresh_order(&args.id).await
}

#[tauri::command]
pub(crate) async fn finish_certificate_order(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::finish_certificate_order>,
) -> Reply<command::finish_certificate_order> {
    berth.certificates().finish_order(&args.id).await
}

#[tauri::command]
pub(crate) async fn drop_certificate_order(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::drop_certificate_order>,
) -> Reply<command::drop_certificate_order> {
    berth.certificates().drop_order(&args.id).await?;
    Ok(Nothing {})
}
