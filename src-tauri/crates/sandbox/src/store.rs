//! What survives a restart, in one folder: the world with its time, the certificates, the token key, the
//! port. Each file is replaced atomically; files with secrets are for their owner alone. One sandbox at a
//! time has a folder.

use crate::clock::Anchor;
use crate::error::SandboxError;
use crate::pki::PemPair;
use crate::world::World;
use atomic_write_file::AtomicWriteFile;
use serde::{Deserialize, Serialize};
use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

const LOCK: &str = "lock";
const WORLD: &str = "world.json";
const IDENTITY: &str = "identity.json";
/// Certificate of the authority, for clients.
pub const CA: &str = "ca.pem";

/// What a sandbox is known by. It never changes, except for the port when that was taken by another.
#[derive(Clone, Serialize, Deserialize)]
pub struct Identity {
    /// The authority.
    pub authority: PemPair,
    /// PKCS#8 key that signs tokens, PEM.
    pub token_key: String,
    /// The port listened on last.
    pub port: u16,
    /// The port of the clusters' own APIs listened on last.
    #[serde(default)]
    pub inside_port: Option<u16>,
}

/// World and time as saved.
#[derive(Deserialize)]
pub struct Saved {
    /// Time.
    pub anchor: Anchor,
    /// The rest.
    pub world: World,
    /// What the ready file names first.
    pub home: crate::seeds::Home,
}

#[derive(Serialize)]
struct Saving<'a> {
    anchor: Anchor,
    home: &'a crate::seeds::Home,
    world: &'a World,
}

/// The folder.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    /// Held open: the lock goes with it.
    _lock: File,
}

impl Store {
    /// Opens the folder, making it if need be, and locks it.
    ///
    /// # Errors
    /// When it cannot be made, or another sandbox has it.
    pub fn open(folder: &Path) -> Result<Self, SandboxError> {
        let write = |path: &Path| {
            let path = path.to_path_buf();
            |source| SandboxError::Write { path, source }
        };
        std::fs::create_dir_all(folder).map_err(write(folder))?;
        let path = folder.join(LOCK);
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(write(&path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                folder: folder.to_path_buf(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(SandboxError::InUse {
                path: folder.to_path_buf(),
            }),
            Err(TryLockError::Error(source)) => Err(SandboxError::Write { path, source }),
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The saved identity, if there is one.
    ///
    /// # Errors
    /// When it cannot be read or understood.
    pub fn identity(&self) -> Result<Option<Identity>, SandboxError> {
        read(&self.folder.join(IDENTITY))
    }

    /// Saves the identity, and the authority's certificate beside it.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn save_identity(&self, identity: &Identity) -> Result<(), SandboxError> {
        write(
            &self.folder.join(CA),
            identity.authority.cert.as_bytes(),
            Readers::Everyone,
        )?;
        write_json(&self.folder.join(IDENTITY), identity)
    }

    /// The saved world, if there is one.
    ///
    /// # Errors
    /// When it cannot be read or understood.
    pub fn world(&self) -> Result<Option<Saved>, SandboxError> {
        read(&self.folder.join(WORLD))
    }

    /// Saves the world.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save_world(
        &self,
        world: &World,
        home: &crate::seeds::Home,
        anchor: Anchor,
    ) -> Result<(), SandboxError> {
        write_json(&self.folder.join(WORLD), &Saving { anchor, home, world })
    }
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Option<T>, SandboxError> {
    match std::fs::read(path) {
        Ok(bytes) => {
            let path = path.to_path_buf();
            serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|source| SandboxError::State { path, source })
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(SandboxError::Read {
            path: path.to_path_buf(),
            source,
        }),
    }
}

fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), SandboxError> {
    let bytes = serde_json::to_vec(value).map_err(|source| SandboxError::State {
        path: path.to_path_buf(),
        source,
    })?;
    write(path, &bytes, Readers::Owner)
}

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Its owner.
    Owner,
    /// Everyone.
    Everyone,
}

/// Writes a file so that nobody ever sees half of it.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), SandboxError> {
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
