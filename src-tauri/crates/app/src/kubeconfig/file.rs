//! The file of a kubeconfig: found where links lead, locked as kubectl locks it, replaced whole or not at all, its owner's
//! alone.

use berth_files::FileError;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Largest file that is read.
const LARGEST: u64 = 8 * 1024 * 1024;

/// What did not work with the file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KubeconfigFileError {
    /// Its folder is not there.
    #[error("the folder {} is not there", path.display())]
    NoFolder {
        /// The folder.
        path: PathBuf,
    },
    /// Another program writes it, or one that was killed did.
    #[error("{} is there: another program is writing the file, or left it behind", path.display())]
    Locked {
        /// The lock.
        path: PathBuf,
    },
    /// It could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// A kubeconfig file that nobody else writes.
pub(crate) struct KubeconfigFile {
    path: PathBuf,
    lock: PathBuf,
}

impl KubeconfigFile {
    /// Takes the file of a path. Links are followed, so that what is replaced is the file and not the link.
    ///
    /// # Errors
    /// [`KubeconfigFileError::NoFolder`], [`KubeconfigFileError::Locked`], [`KubeconfigFileError::File`].
    pub(crate) fn take(path: &Path) -> Result<Self, KubeconfigFileError> {
        let path = followed(path);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return Err(KubeconfigFileError::NoFolder {
                path: folder.to_owned(),
            });
        }
        // The name that kubectl locks by (k8s.io/client-go, tools/clientcmd/loader.go).
        let mut lock = path.clone().into_os_string();
        lock.push(".lock");
        let lock = PathBuf::from(lock);
        match File::options().write(true).create_new(true).open(&lock) {
            Ok(_) => Ok(Self { path, lock }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(KubeconfigFileError::Locked { path: lock })
            }
            Err(source) => Err(FileError::Write { path, source }.into()),
        }
    }

    /// What is in it; `None` when it is not there.
    ///
    /// # Errors
    /// [`KubeconfigFileError::File`].
    pub(crate) fn read(&self) -> Result<Option<Zeroizing<String>>, KubeconfigFileError> {
        match read(&self.path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(FileError::read(&self.path)(source).into()),
        }
    }

    /// Whether others than its owner may read or write it.
    pub(crate) fn is_open_to_others(&self) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::metadata(&self.path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
        }
        #[cfg(not(unix))]
        {
            false
        }
    }

    /// Puts a text in its place: on disk before the old one goes. What was there before is kept beside it; where, is the
    /// answer.
    ///
    /// # Errors
    /// [`KubeconfigFileError::File`].
    pub(crate) fn replace(
        &self,
        text: &str,
        before: Option<&Zeroizing<String>>,
    ) -> Result<Option<PathBuf>, KubeconfigFileError> {
        let backup = match before.filter(|before| before.as_str() != text && !before.is_empty()) {
            Some(before) => {
                let mut path = self.path.clone().into_os_string();
                path.push(".bak");
                let path = PathBuf::from(path);
                write(&path, before)?;
                Some(path)
            }
            None => None,
        };
        write(&self.path, text)?;
        Ok(backup)
    }
}

/// What is in a regular file.
fn read(path: &Path) -> io::Result<Zeroizing<String>> {
    // Asked before it is opened: opening a pipe waits for somebody to write.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is not a regular file",
        ));
    }
    let mut text = Zeroizing::new(String::new());
    File::open(path)?.take(LARGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "it is larger than 8 MiB",
        ));
    }
    Ok(text)
}

fn write(path: &Path, text: &str) -> Result<(), KubeconfigFileError> {
    berth_files::write_atomic(path, text.as_bytes()).map_err(FileError::write(path))?;
    Ok(())
}

impl Drop for KubeconfigFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.lock);
    }
}

/// Where a path leads. A link to a file that is not there yet leads to where it would be.
fn followed(path: &Path) -> PathBuf {
    if let Ok(real) = fs::canonicalize(path) {
        return real;
    }
    match fs::read_link(path) {
        Ok(target) => path
            .parent()
            .map_or(target.clone(), |folder| folder.join(&target)),
        Err(_) => path.to_owned(),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).map_or(0, |found| found.permissions().mode() & 0o777)
    }

    #[test]
    fn the_file_is_its_owners_alone_even_when_it_was_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let file = KubeconfigFile::take(&path).unwrap();
        assert!(file.is_open_to_others());
        let backup = file
            .replace("new", Some(&Zeroizing::new("old".to_owned())))
            .unwrap()
            .unwrap();
        assert!(!file.is_open_to_others());
        assert_eq!(
            (fs::read_to_string(&backup).unwrap().as_str(), mode(&backup)),
            ("old", 0o600)
        );
        assert_eq!(
            backup,
            fs::canonicalize(folder.path()).unwrap().join("config.bak")
        );
        assert_eq!(
            (fs::read_to_string(&path).unwrap().as_str(), mode(&path)),
            ("new", 0o600)
        );
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (link, real) = (folder.path().join("link"), folder.path().join("real"));
        symlink("real", &link).unwrap();
        for text in ["first", "second"] {
            KubeconfigFile::take(&link).unwrap().replace(text, None).unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(fs::read_to_string(&real).unwrap(), text);
        }
    }

    #[test]
    fn what_did_not_change_needs_no_copy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        let file = KubeconfigFile::take(&path).unwrap();
        assert_eq!(file.replace("same", None).unwrap(), None);
        let before = file.read().unwrap();
        assert_eq!(file.replace("same", before.as_ref()).unwrap(), None);
    }

    #[test]
    fn a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        let file = KubeconfigFile::take(&path).unwrap();
        assert!(matches!(file.read(), Err(KubeconfigFileError::File(_))));
    }

    #[test]
    fn nobody_else_writes_it_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        let file = KubeconfigFile::take(&path).unwrap();
        assert!(matches!(
            KubeconfigFile::take(&path),
            Err(KubeconfigFileError::Locked { .. })
        ));
        drop(file);
        drop(KubeconfigFile::take(&path).unwrap());
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let Err(error) = KubeconfigFile::take(&folder.path().join("nowhere/config")) else {
            panic!("there is no such folder");
        };
        assert!(error.to_string().contains("nowhere"), "{error}");
    }
}
