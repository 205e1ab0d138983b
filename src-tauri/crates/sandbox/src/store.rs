//! What survives a restart, in one folder: the world with its time, the certificates, the token key, the
//! port. Each file is replaced atomically and for its owner alone; secrets in it are sealed. One sandbox at a
//! time has a folder.

use crate::clock::Anchor;
use crate::error::SandboxError;
use crate::pki::PemPair;
use crate::sealed::{self, Secrets};
use crate::state_key::StateKey;
use crate::world::World;
use atomic_write_file::AtomicWriteFile;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

const LOCK: &str = "lock";
const WORLD: &str = "world.json";
const IDENTITY: &str = "identity.json";
/// Certificate of the authority, for clients.
pub(crate) const CA: &str = "ca.pem";

/// What a sandbox is known by. It never changes, except for the port when that was taken by another.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Identity {
    /// The authority.
    pub(crate) authority: PemPair,
    /// PKCS#8 key that signs tokens, PEM.
    pub(crate) token_key: String,
    /// Opens the control pages, see `control_token`.
    #[serde(default)]
    pub(crate) control_token: String,
    /// The port listened on last.
    pub(crate) port: u16,
    /// The port of the clusters' own APIs listened on last.
    #[serde(default, alias = "inside_port")]
    pub(crate) kubernetes_port: Option<u16>,
}

/// World and time as saved.
#[derive(Deserialize)]
pub(crate) struct Saved {
    /// Time.
    pub(crate) anchor: Anchor,
    /// The rest.
    pub(crate) world: World,
    /// What the ready file names first.
    pub(crate) home: crate::seeds::StartingPoint,
}

#[derive(Serialize)]
struct Saving<'a> {
    anchor: Anchor,
    home: &'a crate::seeds::StartingPoint,
    world: &'a World,
}

/// The folder.
#[derive(Debug)]
pub(crate) struct Store {
    folder: PathBuf,
    key: StateKey,
    /// Held open: the lock goes with it.
    _lock: File,
}

impl Store {
    /// Opens the folder, making it if need be, and locks it.
    ///
    /// # Errors
    /// When it cannot be made, or another sandbox has it.
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
                Ok(Self {
                    folder: folder.to_path_buf(),
                    key,
                    _lock: lock,
                })
            }
            Err(TryLockError::WouldBlock) => Err(SandboxError::InUse {
                path: folder.to_path_buf(),
            }),
            Err(TryLockError::Error(source)) => Err(SandboxError::Write { path, source }),
        }
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The saved identity, if there is one, and whether it still has its keys.
    ///
    /// # Errors
    /// When it cannot be read or understood.
    pub(crate) fn identity(&self) -> Result<Option<(Identity, Secrets)>, SandboxError> {
        self.read(IDENTITY)
    }

    /// Saves the identity, and the authority's certificate beside it.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub(crate) fn save_identity(&self, identity: &Identity) -> Result<(), SandboxError> {
        write(
            &self.folder.join(CA),
            identity.authority.cert.as_bytes(),
            Readers::Everyone,
        )?;
        self.write(IDENTITY, identity)
    }

    /// The saved world, if there is one, and whether it still has its keys.
    ///
    /// # Errors
    /// When it cannot be read or understood.
    pub(crate) fn world(&self) -> Result<Option<(Saved, Secrets)>, SandboxError> {
        self.read(WORLD)
    }

    /// Saves the world.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn save_world(
        &self,
        world: &World,
        home: &crate::seeds::StartingPoint,
        anchor: Anchor,
    ) -> Result<(), SandboxError> {
        self.write(WORLD, &Saving { anchor, home, world })
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

/// Takes the rights of everybody but the owner from a file that an earlier version may have left open; one that is not there
/// is fine.
///
/// # Errors
/// When it cannot be changed.
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

/// Makes a folder and what is missing above it, for its owner alone.
///
/// # Errors
/// When it cannot be made.
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
    /// Its owner.
    Owner,
    /// Everyone.
    Everyone,
}

/// Writes a file so that nobody ever sees half of it.
///
/// # Errors
/// When it cannot be written.
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
    fn state_that_was_open_to_others_is_closed_at_the_start() {
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
