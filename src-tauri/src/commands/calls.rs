//! Calling endpoints from their page. Keys and tokens go to the clipboard here, so that they never reach the page.

use super::chosen::ChosenFiles;
use super::secret_clipboard;
use berth_app::Berth;
use berth_app::input_file::{self, NamedBy};
use berth_contract::commands::{Args, Reply, command};
use berth_contract::failure::Failure;
use berth_contract::model::{CallRequest, Nothing};
use berth_domain::scoring::REQUEST_BYTES;
use std::sync::Arc;
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt as _;

/// Bytes of an answer that the page shows.
const SHOWN_BYTES: usize = 256 * 1024;

#[tauri::command]
pub(crate) async fn call_endpoint(
    berth: State<'_, Arc<Berth>>,
    chosen: State<'_, ChosenFiles>,
    args: Args<command::call_endpoint>,
) -> Reply<command::call_endpoint> {
    let request = match args.request {
        CallRequest::Text { text } => text.into_bytes(),
        CallRequest::File { file } => read_file(&chosen, file).await?,
    };
    Box::pin(berth.call_endpoint(&args.call, request, SHOWN_BYTES)).await
}

async fn read_file(chosen: &ChosenFiles, id: String) -> Result<Vec<u8>, Failure> {
    let limit = u64::try_from(REQUEST_BYTES).unwrap_or(u64::MAX);
    let mut request = Vec::new();
    for path in chosen.paths(&[id])? {
        request = input_file::read(&path, NamedBy::Person, limit).await?.to_vec();
    }
    Ok(request)
}

/// Asks for a file with the system's dialog. Returns `None` if it is dismissed.
#[tauri::command]
pub(crate) async fn choose_request_file(
    app: AppHandle,
    chosen: State<'_, ChosenFiles>,
    args: Args<command::choose_request_file>,
) -> Reply<command::choose_request_file> {
    let Nothing {} = args;
    let (answer, answered) = tokio::sync::oneshot::channel();
    app.dialog().file().pick_file(move |file| drop(answer.send(file)));
    let file = answered.await.ok().flatten();
    let path = file.and_then(|file| file.into_path().ok());
    Ok(chosen.remember(path).pop())
}

#[tauri::command]
pub(crate) async fn copy_credential(
    app: AppHandle,
    berth: State<'_, Arc<Berth>>,
    args: Args<command::copy_credential>,
) -> Reply<command::copy_credential> {
    let credential = berth.endpoint_credential(&args).await?;
    secret_clipboard::copy(&app, credential.value)?;
    Ok(credential.info)
}

#[tauri::command]
pub(crate) async fn read_samples(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::read_samples>,
) -> Reply<command::read_samples> {
    berth.samples(&args.endpoint_id)
}

#[tauri::command]
pub(crate) async fn save_sample(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::save_sample>,
) -> Reply<command::save_sample> {
    berth.save_sample(&args)
}

#[tauri::command]
pub(crate) async fn delete_sample(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::delete_sample>,
) -> Reply<command::delete_sample> {
    berth.delete_sample(&args)
}
