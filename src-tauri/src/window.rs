//! The window: a single instance, its commands, and its events.

use crate::commands::chosen::ChosenFiles;
use crate::commands::secret_clipboard::SecretClipboard;
use crate::{commands, navigation, reminding};
use berth_app::{Berth, Options};
use berth_contract::commands::{FILES_DROPPED, RUN_CHANGED};
use berth_contract::model::RunRef;
use std::process::ExitCode;
use std::sync::Arc;
use tauri::{AppHandle, DragDropEvent, Emitter as _, Manager as _, Window, WindowEvent};
use tokio::sync::broadcast::error::RecvError;

/// Opens the window and stays until it is closed.
pub(crate) fn open(options: Options) -> ExitCode {
    if !has_display() {
        crate::cli::complain(
            "No display is available. Start Berth in a desktop session, or see `berth --help` for the command line.",
        );
        return ExitCode::FAILURE;
    }
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| show(app)))
        .plugin(navigation::guard())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .setup(move |app| {
            let berth = Arc::new(Berth::open(options).map_err(|failure| failure.detail)?);
            app.manage(Arc::clone(&berth));
            reminding::start(app.handle().clone(), Arc::clone(&berth));
            announce_runs(app.handle().clone(), Arc::clone(&berth));
            tauri::async_runtime::spawn(async move { resume_interrupted(&berth).await });
            Ok(())
        })
        .manage(ChosenFiles::default())
        .manage(SecretClipboard::default())
        .on_window_event(on_event)
        .invoke_handler(commands::handler())
        .run(tauri::generate_context!());
    match built {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            crate::cli::complain(&format!("Cannot open the window: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Whether there is a desktop session. Without one, GTK would panic.
fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(is_set)
}

fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

/// Tells the page which runs change. A lost event does no harm, because the page reads the state again anyway.
fn announce_runs(app: AppHandle, berth: Arc<Berth>) {
    let mut changes = berth.watch_runs();
    tauri::async_runtime::spawn(async move {
        loop {
            match changes.recv().await {
                Ok(run) => drop(app.emit(RUN_CHANGED, RunRef { run })),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    });
}

/// Registers files dropped on the window and sends their ids to the page. Removes a copied secret when the window closes,
/// because nobody would remove it later.
fn on_event(window: &Window, event: &WindowEvent) {
    match event {
        WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) => {
            let files = window.state::<ChosenFiles>().remember(paths.iter().cloned());
            let _ = window.emit(FILES_DROPPED, files);
        }
        WindowEvent::Destroyed => window.state::<SecretClipboard>().remove(None),
        _ => {}
    }
}

/// Resumes interrupted runs. A run that cannot be resumed stays in the list with its failure.
async fn resume_interrupted(berth: &Berth) {
    berth.delete_pending_secrets().await;
    for (run, failure) in berth.resume_interrupted().await {
        tracing::warn!(run, code = ?failure.code, "an interrupted run could not be resumed");
    }
}
