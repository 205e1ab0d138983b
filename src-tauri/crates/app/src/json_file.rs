//! Small JSON files that are replaced whole or not at all, readable by their owner alone.

use berth_contract::failure::{Failure, FailureCode, Remedy};
use serde::{Serialize, de::DeserializeOwned};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Reads a file; `None` when there is none.
///
/// # Errors
/// `FileProblem` when it cannot be read, `CorruptState` when it is not what was written.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Failure> {
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

/// Replaces a file: the new content is on disk before the old one goes.
///
/// # Errors
/// `FileProblem` with the path.
pub(crate) fn write<T: Serialize>(path: &Path, value: &T) -> Result<(), Failure> {
    let write = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut options = atomic_write_file::OpenOptions::new();
        #[cfg(unix)]
        {
            use atomic_write_file::unix::OpenOptionsExt as _;
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600).preserve_mode(false);
        }
        let mut file = options.open(path)?;
        serde_json::to_writer_pretty(&mut file, value)?;
        file.write_all(b"\n")?;
        file.commit()
    };
    write().map_err(|error| file_problem(path, &error))
}

/// Removes a file; one that is not there is fine.
///
/// # Errors
/// `FileProblem` with the path.
pub(crate) fn remove(path: &Path) -> Result<(), Failure> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(file_problem(path, &error)),
        _ => Ok(()),
    }
}

fn file_problem(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(FailureCode::FileProblem, Remedy::CorrectInput)
        .with("path", path.display())
        .because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_only_its_owner_may() {
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
