//! Files that the person chose in a dialog, dropped on the window or typed. The program keeps the paths and gives the page
//! ids, so the page can only use files that the person named.

use berth_contract::commands::{Args, Reply, command};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{ChosenFile, Nothing};
use berth_domain::visible;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt as _;
use uuid::Uuid;

/// Maximum number of registered files; the oldest is dropped first.
const MAX_FILES: usize = 256;

/// The files chosen since the window opened.
#[derive(Default)]
pub(crate) struct ChosenFiles(Mutex<VecDeque<(String, PathBuf)>>);

impl ChosenFiles {
    /// Registers files and gives each an unguessable id.
    pub(crate) fn remember(&self, paths: impl IntoIterator<Item = PathBuf>) -> Vec<ChosenFile> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut chosen = Vec::new();
        for path in paths.into_iter().take(MAX_FILES) {
            let id = Uuid::new_v4().to_string();
            let name = name_of(&path);
            known.push_back((id.clone(), path));
            if known.len() > MAX_FILES {
                known.pop_front();
            }
            chosen.push(ChosenFile { id, name });
        }
        chosen
    }

    /// Returns the paths of files in the order of their ids.
    ///
    /// # Errors
    /// `NotFound` for an unknown or dropped id.
    pub(crate) fn paths(&self, ids: &[String]) -> Result<Vec<PathBuf>, Failure> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let path = |id: &String| {
            let found = known.iter().find(|(known, _)| known == id);
            found.map(|(_, path)| path.clone())
        };
        ids.iter()
            .map(|id| {
                path(id).ok_or_else(|| {
                    Failure::new(FailureCode::NotFound, Remedy::CorrectInput).with("what", "file")
                })
            })
            .collect()
    }
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    visible::line(&name.to_string_lossy()).into_owned()
}

/// Asks for files with the system's dialog. Returns none if it is dismissed.
#[tauri::command]
pub(crate) async fn choose_certificate_files(
    app: AppHandle,
    chosen: State<'_, ChosenFiles>,
    args: Args<command::choose_certificate_files>,
) -> Reply<command::choose_certificate_files> {
    let Nothing {} = args;
    let (answer, answered) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .pick_files(move |files| drop(answer.send(files)));
    let files = answered.await.ok().flatten().unwrap_or_default();
    Ok(chosen.remember(files.into_iter().filter_map(|file| file.into_path().ok())))
}

/// Registers files by typed paths. Does not open them yet.
#[tauri::command]
pub(crate) async fn name_certificate_files(
    chosen: State<'_, ChosenFiles>,
    args: Args<command::name_certificate_files>,
) -> Reply<command::name_certificate_files> {
    Ok(chosen.remember(args.paths.into_iter().map(PathBuf::from)))
}
