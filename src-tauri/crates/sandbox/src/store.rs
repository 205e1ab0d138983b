//! What survives a restart, in one folder: the world with its time, certificates, token key and ports. Each
//! file is replaced atomically and readable by its owner only; secrets in it are sealed. Only one sandbox at
//! a time can use a folder.

use crate::clock::Anchor;
use crate::error::SandboxError;
use crate::pki::PemPair;
use crate::sealed::{self, Secrets};
use crate::state_key::StateKey;
use crate::storage::contents::ContentFiles;
use crate::world::World;
use atomic_write_file::AtomicWriteFile;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

const LOCK: &str = "lock";
const WORLD: &str = "world.json";
const IDENTITY: &str = "identity.json";
/// The CA certificate, for clients.
pub(crate) const CA: &str = "ca.pem";

/// A sandbox's identity. It never changes, except for the ports if another program has taken them.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Identity {
    pub(crate) authority: PemPair,
    /// PKCS#8 key that signs tokens, PEM.
    pub(crate) token_key: String,
    /// See `control_token`.
    #[serde(default)]
    pub(crate) control_token: String,
    /// The last port of the main listener.
    pub(crate) port: u16,
    /// The last port of the clusters' APIs.
    #[serde(default, alias = "inside_port")]
    pub(crate) kubernetes_port: Option<u16>,
}

/// World and time as saved.
#[derive(Deserialize)]
pub(crate) struct Saved {
    pub(crate) anchor: Anchor,
    pub(crate) world: World,
    #[serde(rename = "home")]
    pub(crate) starting_point: crate::seeds::StartingPoint,
}

#[derive(Serialize)]
struct Saving<'a> {
    anchor: Anchor,
    #[serde(rename = "home")]
    starting_point: &'a crate::seeds::StartingPoint,
    world: &'a World,
}

/// An open state folder.
#[derive(Debug)]
pub(crate) struct Store {
    folder: PathBuf,
    key: StateKey,
    contents: Mutex<ContentFiles>,
    /// Held open, because closing it releases the lock.
    _lock: File,
}

impl Store {
    /// Opens the folder, creating it if necessary, and locks it.
    ///
    /// # Errors
    /// When it cannot be created, or another sandbox uses it.
    pub(crate) fn open(folder: &Path, key: StateKey) -> Result<Self, SandboxError> {
        let write = |path: &Path| {
            let path = path.to_path_buf();
            |source| SandboxError::Write { path, source }
        };
        private_folder(folder).map_err(write(folder))?;
        let path = folder.join(LOCK);
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let lock = options.open(&path).map_err(write(&path))?;
        match lock.try_lock() {
            Ok(()) => {
                for name in [WORLD, IDENTITY] {
                    let path = folder.join(name);
                    restrict_to_owner(&path).map_err(write(&path))?;
                }
                let contents = ContentFiles::open(folder).map_err(write(folder))?;
                Ok(Self {
                    folder: folder.to_path_buf(),
                    key,
                    contents: Mutex::new(contents),
                    _lock: lock,
                })
            }
            Err(TryLockError::WouldBlock) => Err(SandboxError::InUse {
                path: folder.to_path_buf(),
            }),
            Err(TryLockError::Error(source)) => Err(SandboxError::Write { path, source }),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The saved identity, if any, and whether its secrets could be opened.
    ///
    /// # Errors
    /// When it cannot be read or parsed.
    pub(crate) fn identity(&self) -> Result<Option<(Identity, Secrets)>, SandboxError> {
        self.read(IDENTITY)
    }

    /// Saves the identity, and the CA certificate beside it.
    pub(crate) fn save_identity(&self, identity: &Identity) -> Result<(), SandboxError> {
        write(
            &self.folder.join(CA),
            identity.authority.cert.as_bytes(),
            Readers::Everyone,
        )?;
        self.write(IDENTITY, identity)
    }

    /// The saved world, if any, and whether its secrets could be opened.
    ///
    /// # Errors
    /// When it cannot be read or parsed.
    pub(crate) fn world(&self) -> Result<Option<(Saved, Secrets)>, SandboxError> {
        let mut read: Option<(Saved, Secrets)> = self.read(WORLD)?;
        if let Some((saved, _)) = &mut read {
            self.contents().fill(&mut saved.world.storage);
        }
        Ok(read)
    }

    fn contents(&self) -> std::sync::MutexGuard<'_, ContentFiles> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn save_world(
        &self,
        world: &World,
        starting_point: &crate::seeds::StartingPoint,
        anchor: Anchor,
    ) -> Result<(), SandboxError> {
        let mut contents = self.contents();
        // A state never refers to a content that is not on disk.
        contents.add_missing(&world.storage)?;
        self.write(
            WORLD,
            &Saving {
                anchor,
                starting_point,
                world,
            },
        )?;
        contents.remove_unused(&world.storage);
        Ok(())
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<(T, Secrets)>, SandboxError> {
        let path = self.folder.join(name);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(SandboxError::Read { path, source }),
        };
        let read = || {
            let mut state: Value = serde_json::from_slice(&bytes)?;
            let secrets = sealed::open(&mut state, name, &self.key);
            Ok((serde_json::from_value(state)?, secrets))
        };
        read()
            .map(Some)
            .map_err(|source| SandboxError::State { path, source })
    }

    fn write<T: Serialize>(&self, name: &str, value: &T) -> Result<(), SandboxError> {
        let path = self.folder.join(name);
        let state = |source| SandboxError::State {
            path: path.clone(),
            source,
        };
        let value = serde_json::to_value(value).map_err(state)?;
        let sealed =
            sealed::seal(value, name, &self.key).ok_or_else(|| SandboxError::Seal { path: path.clone() })?;
        let bytes = serde_json::to_vec(&sealed).map_err(state)?;
        write(&path, &bytes, Readers::Owner)
    }
}

/// Makes a file readable by its owner only, in case an earlier version left it open; ignores a missing one.
pub(crate) fn restrict_to_owner(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        match std::fs::set_permissions(path, mode) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    let _ = path;
    Ok(())
}

/// Creates a folder and its parents, for their owner only.
pub(crate) fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    Owner,
    Everyone,
}

/// Writes a file atomically.
pub(crate) fn write(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), SandboxError> {
    let written = || -> std::io::Result<()> {
        let mut file = open(path, readers)?;
        file.write_all(bytes)?;
        file.commit()
    };
    written().map_err(|source| SandboxError::Write {
        path: path.to_path_buf(),
        source,
    })
}

#[cfg(unix)]
fn open(path: &Path, readers: Readers) -> std::io::Result<AtomicWriteFile> {
    use atomic_write_file::unix::OpenOptionsExt as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mode = if readers == Readers::Owner { 0o600 } else { 0o644 };
    AtomicWriteFile::options()
        .preserve_mode(false)
        .mode(mode)
        .open(path)
}

#[cfg(not(unix))]
fn open(path: &Path, _readers: Readers) -> std::io::Result<AtomicWriteFile> {
    AtomicWriteFile::open(path)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn open_state_files_become_private_at_start() {
        let folder = tempfile::tempdir().unwrap();
        for name in [WORLD, IDENTITY] {
            let path = folder.path().join(name);
            std::fs::write(&path, "{}").unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        }
        let _store = Store::open(folder.path(), StateKey::generate()).unwrap();
        for name in [WORLD, IDENTITY, LOCK] {
            let mode = std::fs::metadata(folder.path().join(name))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
}
