//! The folders of runs: finds them by id, lists and reads them.

use super::Inner;
use crate::journal::{self, JournalError, from_journal, no_run};
use crate::record::RunRecord;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::run::{RunState, RunSummary};
use berth_files::FileError;
use std::io;
use std::path::{Path, PathBuf};

impl Inner {
    pub(super) fn summary(&self, id: &str, folder: &Path) -> Option<RunSummary> {
        if let Some(record) = self.live_record(id) {
            return Some(record.summary(true));
        }
        match journal::read(folder) {
            Ok(record) => Some(record.summary(is_live(&record, folder))),
            Err(error) if never_started(folder, &error) => None,
            Err(error) => {
                tracing::warn!(run = id, %error, "a run cannot be read");
                Some(unreadable(id, self.read_failure(folder, &error)))
            }
        }
    }

    /// The failure of reading a run, with the path of its file relative to Berth's folder.
    pub(super) fn read_failure(&self, folder: &Path, error: &JournalError) -> Failure {
        let path = journal::state_file(folder);
        let below = self.folder.parent().and_then(|home| path.strip_prefix(home).ok());
        let failure = match error {
            JournalError::Absent { .. } => Failure::new(FailureCode::FileProblem, Remedy::CorrectInput),
            other => from_journal(other),
        };
        failure.with("path", below.unwrap_or(&path).display())
    }

    /// Ids and folders of all runs.
    ///
    /// # Errors
    /// `FileProblem`.
    pub(super) fn folders(&self) -> Result<Vec<(String, PathBuf)>, Failure> {
        self.list_folders()
            .map_err(|source| from_journal(&FileError::read(&self.folder)(source).into()))
    }

    fn list_folders(&self) -> io::Result<Vec<(String, PathBuf)>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let id = path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
            if let Some(id) = id.filter(|_| path.is_dir()) {
                found.push((id, path));
            }
        }
        Ok(found)
    }

    /// Folder of a run. `None` for an invalid id, which may come from outside.
    pub(super) fn folder_of(&self, id: &str) -> Option<PathBuf> {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        let fits = !id.is_empty() && id.len() <= 64 && id.chars().all(plain);
        fits.then(|| self.folder.join(id))
    }

    pub(super) fn existing_folder(&self, id: &str) -> Result<PathBuf, Failure> {
        if id.trim().is_empty() {
            let failure = Failure::new(FailureCode::BadInput, Remedy::CorrectInput);
            return Err(failure.with("what", "run").with("why", "empty"));
        }
        let folder = self.folder_of(id).filter(|folder| folder.is_dir());
        folder.ok_or_else(|| no_run(id))
    }
}

/// Whether any program is carrying out a run. Skips the check of the lock for runs that have ended: there may be thousands.
pub(super) fn is_live(record: &RunRecord, folder: &Path) -> bool {
    record.ended.is_none() && journal::is_locked(folder)
}

/// Whether the program ended before the run began.
pub(super) fn never_started(folder: &Path, error: &JournalError) -> bool {
    matches!(error, JournalError::Absent { .. })
        && journal::events(folder).is_ok_and(|events| events.is_empty())
}

fn unreadable(id: &str, failure: Failure) -> RunSummary {
    RunSummary {
        id: id.to_owned(),
        title: failure.params.get("path").cloned().unwrap_or_default(),
        account: String::new(),
        state: RunState::Failed,
        steps_done: 0,
        steps_total: 0,
        started_at: String::new(),
        ended_at: None,
        unread: Some(failure),
    }
}
