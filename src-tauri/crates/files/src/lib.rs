//! Private files and folders, whatever the umask: folders have mode 0700 and files 0600 from creation. Files are
//! replaced atomically and are on disk when a call returns.
//!
//! On Windows a new file or folder inherits the permissions of its folder.

mod error;
mod folders;
mod tighten;

pub use error::FileError;
pub use folders::{create_private_folder, own_folder};
pub use tighten::tighten;

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;
use tempfile::NamedTempFile;

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    Owner,
    /// Everyone whom the folder and the umask allow.
    Everyone,
}

/// Replaces a private file atomically. The new content is on disk before the old one is removed.
///
/// # Errors
/// When the file cannot be written; the old content stays.
pub fn write_atomic(path: &Path, content: &[u8]) -> io::Result<()> {
    write_atomic_for(Readers::Owner, path, content)
}

/// Like [`write_atomic`], for the given readers.
///
/// # Errors
/// As [`write_atomic`].
pub fn write_atomic_for(readers: Readers, path: &Path, content: &[u8]) -> io::Result<()> {
    staged(path, content, readers)?.persist(path)?;
    sync_folder(folder_of(path))
}

/// Creates a new file atomically.
///
/// # Errors
/// `AlreadyExists` when the name is taken; or when the file cannot be written.
pub fn create_new(readers: Readers, path: &Path, content: &[u8]) -> io::Result<()> {
    staged(path, content, readers)?.persist_noclobber(path)?;
    sync_folder(folder_of(path))
}

/// Opens a private file for appending, creating it if necessary.
///
/// # Errors
/// When it cannot be opened.
pub fn append(path: &Path) -> io::Result<File> {
    owner_only(OpenOptions::new().read(true).append(true).create(true)).open(path)
}

/// Opens a private file whose content does not matter, such as a lock, creating it if necessary.
///
/// # Errors
/// When it cannot be opened.
pub fn mark(path: &Path) -> io::Result<File> {
    owner_only(OpenOptions::new().write(true).create(true).truncate(false)).open(path)
}

/// Waits for the lock of a file, creating the file if necessary. Dropping the file releases the lock.
///
/// # Errors
/// When the file cannot be opened or locked.
pub fn lock(path: &Path) -> io::Result<File> {
    let file = mark(path)?;
    file.lock()?;
    Ok(file)
}

/// Removes a file. A missing file is no error.
///
/// # Errors
/// When it cannot be removed.
pub fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes the content to a temporary file beside the target and syncs it. The file is removed on drop.
fn staged(path: &Path, content: &[u8], readers: Readers) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    if readers == Readers::Everyone {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    #[cfg(not(unix))]
    let _ = readers;
    let made = builder.prefix(".berth-").tempfile_in(folder_of(path));
    // The name of the temporary file is of no use to a person.
    let mut file = made.map_err(|error| io::Error::from(error.kind()))?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or_else(|| Path::new("."))
}

/// Syncs the entries of a folder to disk.
fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    return File::open(folder)?.sync_all();
    #[cfg(not(unix))]
    {
        // Windows cannot sync folders.
        let _ = folder;
        Ok(())
    }
}

fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

#[cfg(test)]
mod tests;
