//! Small JSON files, replaced atomically and readable only by their owner.

use crate::input_file::display_path;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_files::Readers;
use serde::{Serialize, de::DeserializeOwned};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// Reads a file; `None` if it does not exist.
///
/// # Errors
/// `FileProblem` if it cannot be read, `CorruptState` if it cannot be parsed.
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Failure> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(file_problem(path, &error)),
    };
    serde_json::from_slice(&text).map(Some).map_err(|error| {
        Failure::new(FailureCode::CorruptState, Remedy::CorrectInput)
            .with("path", path.display())
            .because(&error)
    })
}

/// Reads several files. Returns the values of the readable ones and a failure for each of the others; skips files that
/// no longer exist.
pub fn read_each<T: DeserializeOwned>(paths: &[PathBuf]) -> (Vec<T>, Vec<Failure>) {
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    for path in paths {
        match read(path) {
            Ok(entry) => found.extend(entry),
            Err(failure) => unread.push(failure),
        }
    }
    (found, unread)
}

/// Writes or replaces a file atomically: the new content is on disk before the old file is removed.
///
/// # Errors
/// `FileProblem` with the path.
pub fn write<T: Serialize>(path: &Path, value: &T) -> Result<(), Failure> {
    let write = || {
        if let Some(folder) = path.parent() {
            berth_files::create_private_folder(folder)?;
        }
        berth_files::write_atomic(path, &text_of(value)?)
    };
    write().map_err(|error| file_problem(path, &error))
}

/// Writes a new file. Returns `false`, without changing it, if the file already exists.
///
/// # Errors
/// `FileProblem` with the path.
pub fn create<T: Serialize>(path: &Path, value: &T) -> Result<bool, Failure> {
    let write = || {
        if let Some(folder) = path.parent() {
            berth_files::create_private_folder(folder)?;
        }
        berth_files::create_new(Readers::Owner, path, &text_of(value)?)
    };
    match write() {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        other => other.map(|()| true).map_err(|error| file_problem(path, &error)),
    }
}

/// Removes a file; does nothing if it does not exist.
///
/// # Errors
/// `FileProblem` with the path.
pub fn remove(path: &Path) -> Result<(), Failure> {
    berth_files::remove(path).map_err(|error| file_problem(path, &error))
}

/// Builds the failure for an I/O error on a file or folder. Says in one sentence what the system reported, or what Berth says
/// itself.
pub fn file_problem(path: &Path, error: &Error) -> Failure {
    if error.get_ref().is_some() {
        return problem(path, &error.to_string()).because(error);
    }
    let kind = error.kind();
    let why = match kind {
        ErrorKind::NotFound if has_no_folder(path) => "no_folder",
        ErrorKind::NotFound => "missing",
        ErrorKind::PermissionDenied => "protected",
        ErrorKind::AlreadyExists => "exists",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "disk_full",
        ErrorKind::ReadOnlyFilesystem => "read_only",
        ErrorKind::IsADirectory | ErrorKind::NotADirectory => "not_a_file",
        _ => return problem(path, &kind.to_string()).because(error),
    };
    problem(path, why).because(error)
}

/// The failure for a file or folder, with a reason of the catalogue or in words.
pub fn problem(path: &Path, why: &str) -> Failure {
    Failure::new(FailureCode::FileProblem, Remedy::CorrectInput)
        .with("path", display_path(path))
        .with("why", why)
}

fn has_no_folder(path: &Path) -> bool {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.is_some_and(|folder| !folder.is_dir())
}

fn text_of<T: Serialize>(value: &T) -> std::io::Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_file_reads_back_and_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/file.json");
        write(&path, &vec![1, 2]).unwrap();
        assert_eq!(read::<Vec<i32>>(&path).unwrap(), Some(vec![1, 2]));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(
                std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        remove(&path).unwrap();
        assert_eq!(read::<Vec<i32>>(&path).unwrap(), None);
    }

    #[test]
    fn a_broken_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.json");
        std::fs::write(&path, b"{").unwrap();
        let failure = read::<Vec<i32>>(&path).unwrap_err();
        assert_eq!(failure.code, FailureCode::CorruptState);
        assert!(failure.params["path"].ends_with("file.json"));
    }
}
