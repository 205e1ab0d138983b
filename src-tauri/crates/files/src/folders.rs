//! Private folders.

use crate::{folder_of, sync_folder};
use std::fs::DirBuilder;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Makes a private folder and its missing parents. An existing folder is left as it is.
///
/// # Errors
/// When a folder cannot be made, or a file has its name.
pub fn create_private_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let above = folder_of(path);
    if above != path {
        create_private_folder(above)?;
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Ok(()) => sync_folder(above),
        // Another program made it first.
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Makes a private folder as [`create_private_folder`] does, or makes an existing one private.
///
/// # Errors
/// `PermissionDenied` when the folder belongs to another user or is shared by all users, as /tmp is: the owner of a
/// folder can read and replace its files. Otherwise as [`create_private_folder`].
pub fn own_folder(path: &Path) -> io::Result<()> {
    create_private_folder(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        const STICKY: u32 = 0o1000;
        let found = std::fs::metadata(path)?;
        let us = rustix::process::geteuid().as_raw();
        if found.uid() != us {
            let why = format!(
                "the folder belongs to another user (uid {}, this is uid {us}): choose a folder of your own",
                found.uid()
            );
            return Err(io::Error::new(ErrorKind::PermissionDenied, why));
        }
        if found.mode() & STICKY != 0 {
            let why = "the folder is shared by all users: choose a folder of your own, such as one inside it";
            return Err(io::Error::new(ErrorKind::PermissionDenied, why));
        }
        if found.mode() & 0o077 != 0 {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))?;
        }
    }
    Ok(())
}
