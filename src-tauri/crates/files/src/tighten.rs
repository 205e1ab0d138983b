//! Tightens the permissions that older versions left open.

use std::io;
use std::path::Path;

/// Removes the permissions of everybody but the owner from a file, or from a folder and everything below it. Links are
/// neither followed nor changed. Returns the errors; a missing path is no error.
pub fn tighten(path: &Path) -> Vec<io::Error> {
    #[cfg(unix)]
    {
        let mut failed = Vec::new();
        visit(path, &mut failed);
        failed
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        Vec::new()
    }
}

/// The folder is tightened before its content, so that nobody else can put a link there in between.
#[cfg(unix)]
fn visit(path: &Path, failed: &mut Vec<io::Error>) {
    let found = match std::fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return,
        Err(error) => return failed.push(error),
    };
    let kind = found.file_type();
    if !kind.is_dir() && !kind.is_file() {
        return;
    }
    if let Err(error) = close(path, &found) {
        failed.push(error);
    }
    if kind.is_dir() {
        match std::fs::read_dir(path) {
            Ok(entries) => entries.flatten().for_each(|entry| visit(&entry.path(), failed)),
            Err(error) => failed.push(error),
        }
    }
}

#[cfg(unix)]
fn close(path: &Path, found: &std::fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = found.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode & 0o700))
}
