//! Reads and replaces a kubeconfig file: follows links, locks it as kubectl does, replaces it atomically, and makes it
//! private to its owner.

use berth_files::FileError;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Largest file that is read, in bytes.
const LARGEST: u64 = 8 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub(crate) enum KubeconfigFileError {
    /// The file's folder does not exist.
    #[error("the folder {} does not exist", path.display())]
    NoFolder { path: PathBuf },
    /// Another program is writing the file, or was killed while writing it.
    #[error("{} exists: another program is writing the kubeconfig, or left this lock behind", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    #[error(transparent)]
    File(#[from] FileError),
}

/// A locked kubeconfig file. Dropping it releases the lock.
pub(crate) struct KubeconfigFile {
    path: PathBuf,
    lock: PathBuf,
}

impl KubeconfigFile {
    /// Locks the file at a path. Follows links, so that replacing the file keeps the link.
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

    /// Reads the file; `None` if it does not exist.
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

    /// Whether users other than its owner may read or write the file.
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

    /// Replaces the file atomically. A different, non-empty text from before is saved in a `.bak` file; returns the
    /// path of that backup.
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

/// Reads a regular file.
fn read(path: &Path) -> io::Result<Zeroizing<String>> {
    // Checked before opening: opening a pipe blocks until something writes to it.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let mut text = Zeroizing::new(String::new());
    File::open(path)?.take(LARGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "larger than 8 MiB"));
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

/// Resolves links in a path. A dangling link resolves to its target.
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
    fn replacing_makes_the_file_private_to_its_owner() {
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
    fn replacing_keeps_a_link() {
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
    fn an_unchanged_file_gets_no_backup() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        let file = KubeconfigFile::take(&path).unwrap();
        assert_eq!(file.replace("same", None).unwrap(), None);
        let before = file.read().unwrap();
        assert_eq!(file.replace("same", before.as_ref()).unwrap(), None);
    }

    #[test]
    fn a_pipe_is_refused_without_blocking() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        let file = KubeconfigFile::take(&path).unwrap();
        assert!(matches!(file.read(), Err(KubeconfigFileError::File(_))));
    }

    #[test]
    fn a_locked_file_cannot_be_locked_again() {
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
    fn a_missing_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let Err(error) = KubeconfigFile::take(&folder.path().join("nowhere/config")) else {
            panic!("there is no such folder");
        };
        assert!(error.to_string().contains("nowhere"), "{error}");
    }
}
