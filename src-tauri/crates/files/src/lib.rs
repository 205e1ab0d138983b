//! Files and folders for their owner alone, whatever the umask says: folders are 0700 and files 0600 from the moment they
//! exist. A file is replaced whole or not at all, and is on disk when the call returns.
//!
//! On Windows a new file or folder has the rights of the folder it is in.

mod folders;
mod tighten;

pub use folders::{create_private_folder, own_folder};
pub use tighten::tighten;

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;
use tempfile::NamedTempFile;

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Its owner.
    Owner,
    /// Everyone whom its folder and the umask allow.
    Everyone,
}

/// Replaces a file for its owner alone. The new content is on disk before the old one goes.
///
/// # Errors
/// When it cannot be written; the old content is then still there.
pub fn write_atomic(path: &Path, content: &[u8]) -> io::Result<()> {
    write_atomic_for(Readers::Owner, path, content)
}

/// As [`write_atomic`], for other readers.
///
/// # Errors
/// As [`write_atomic`].
pub fn write_atomic_for(readers: Readers, path: &Path, content: &[u8]) -> io::Result<()> {
    staged(path, content, readers)?.persist(path)?;
    sync_folder(folder_of(path))
}

/// Writes a new file, whole or not at all.
///
/// # Errors
/// `AlreadyExists` when there is something of that name, which stays as it is; and when it cannot be written.
pub fn create_new(readers: Readers, path: &Path, content: &[u8]) -> io::Result<()> {
    staged(path, content, readers)?.persist_noclobber(path)?;
    sync_folder(folder_of(path))
}

/// Opens a file of its owner for appending, and makes it if need be.
///
/// # Errors
/// When it cannot be opened.
pub fn append(path: &Path) -> io::Result<File> {
    owner_only(OpenOptions::new().read(true).append(true).create(true)).open(path)
}

/// Opens a file whose content does not matter, such as a lock or a mark, and makes it if need be.
///
/// # Errors
/// When it cannot be opened.
pub fn mark(path: &Path) -> io::Result<File> {
    owner_only(OpenOptions::new().write(true).create(true).truncate(false)).open(path)
}

/// Waits until nobody else holds the lock of a file, which is made if need be. Dropping the file lets it go.
///
/// # Errors
/// When the file cannot be opened or locked.
pub fn lock(path: &Path) -> io::Result<File> {
    let file = mark(path)?;
    file.lock()?;
    Ok(file)
}

/// Removes a file; one that is not there is fine.
///
/// # Errors
/// When it cannot be removed.
pub fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The content under a name of its own beside the file, on disk. It goes when it is dropped.
fn staged(path: &Path, content: &[u8], readers: Readers) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    if readers == Readers::Everyone {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    #[cfg(not(unix))]
    let _ = readers;
    let mut file = builder.prefix(".berth-").tempfile_in(folder_of(path))?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or_else(|| Path::new("."))
}

/// Puts the entries of a folder on disk.
fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    return File::open(folder)?.sync_all();
    #[cfg(not(unix))]
    {
        // Windows offers no such call for folders.
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
