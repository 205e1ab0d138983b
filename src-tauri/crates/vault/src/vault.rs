//! The vault: stores secrets in the keychain or in memory.

use crate::keychain::Keychain;
use crate::memory::Memory;
use crate::shards;
use crate::store::{Store, StoreError};
use secrecy::{ExposeSecret as _, SecretString};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;

/// Limit on the first answer of a keychain, which is asked twice: some hang when they cannot be unlocked.
const LIMIT: Duration = Duration::from_secs(3);
/// Factor by which the limit grows once a keychain has answered: a keychain that many programs use is slow, not gone.
const BUSY: u32 = 10;
/// Limit on waiting for other programs that use the keychain.
const LONGEST_TURNS: Duration = Duration::from_secs(60);
/// Entry that is read to test the keychain.
const TRIAL: &str = "berth/trial";

#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("the secret {key} could not be stored")]
    Store {
        /// Name of the secret.
        key: String,
        #[source]
        source: StoreError,
    },
    #[error("the secret {key} could not be read")]
    Read {
        /// Name of the secret.
        key: String,
        #[source]
        source: StoreError,
    },
    #[error("the secret {key} could not be removed")]
    Remove {
        /// Name of the secret.
        key: String,
        #[source]
        source: StoreError,
    },
}

/// Where secrets are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// In the keychain of the operating system.
    Keychain,
    /// In memory, until the program ends.
    Memory {
        /// Why the keychain is not used.
        why: String,
    },
}

/// Stores secrets by name. Cloning is cheap.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    keychain: Option<Arc<dyn Store>>,
    memory: Arc<dyn Store>,
    limit: Duration,
    storage: OnceCell<Storage>,
    /// Only one write at a time: a late write must not undo a newer one, nor leave parts behind that no head names.
    writing: Arc<Mutex<()>>,
    /// Lock file of the programs that share the keychain.
    turns: Option<PathBuf>,
}

impl Vault {
    /// Uses the keychain of the operating system under a service name. Does not access it yet.
    pub fn open(service: &str) -> Self {
        Self::with(Some(Arc::new(Keychain::new(service))), LIMIT, None)
    }

    /// Uses the keychain one call at a time among all programs that name the same lock file. Otherwise many concurrent
    /// calls would exceed the limit of each.
    pub fn open_in_turn(service: &str, turns: PathBuf) -> Self {
        Self::with(Some(Arc::new(Keychain::new(service))), LIMIT, Some(turns))
    }

    /// Stores secrets in memory only.
    pub fn memory() -> Self {
        Self::with(None, LIMIT, None)
    }

    /// Uses a given store. `limit` applies to its first answer; later calls may take ten times as long.
    pub fn on(store: Arc<dyn Store>, limit: Duration) -> Self {
        Self::with(Some(store), limit, None)
    }

    fn with(keychain: Option<Arc<dyn Store>>, limit: Duration, turns: Option<PathBuf>) -> Self {
        let memory: Arc<dyn Store> = Arc::new(Memory::default());
        Self(Arc::new(Inner {
            keychain,
            memory,
            limit,
            storage: OnceCell::new(),
            writing: Arc::default(),
            turns,
        }))
    }

    /// Where secrets are stored. The first call tests the keychain, and the result holds for the session, so that
    /// secrets are found where they were stored.
    pub async fn storage(&self) -> Storage {
        self.0.storage.get_or_init(|| self.try_keychain()).await.clone()
    }

    /// Stores a secret, replacing an earlier one.
    ///
    /// # Errors
    /// [`VaultError::Store`].
    pub async fn put(&self, key: &str, secret: &SecretString) -> Result<(), VaultError> {
        let (name, secret) = (key.to_owned(), secret.clone());
        let stored = self
            .write(move |store| shards::put(store, &name, secret.expose_secret()))
            .await;
        stored.map_err(|source| VaultError::Store {
            key: key.to_owned(),
            source,
        })
    }

    /// Stores a secret unless one of that name exists. Returns the one that is stored then, so that programs that each
    /// make one at the same time all get the same.
    ///
    /// # Errors
    /// [`VaultError::Store`].
    pub async fn put_first(&self, key: &str, secret: &SecretString) -> Result<SecretString, VaultError> {
        let (name, secret) = (key.to_owned(), secret.clone());
        let kept = self.write(move |store| {
            if let Some(first) = shards::get(store, &name)? {
                return Ok(SecretString::from(first.as_str()));
            }
            shards::put(store, &name, secret.expose_secret())?;
            Ok(secret)
        });
        kept.await.map_err(|source| VaultError::Store {
            key: key.to_owned(),
            source,
        })
    }

    /// Whether a keychain may hold secrets that this session cannot reach.
    pub async fn is_locked_out(&self) -> bool {
        self.0.keychain.is_some() && self.storage().await != Storage::Keychain
    }

    /// Reads a secret.
    ///
    /// # Errors
    /// [`VaultError::Read`].
    pub async fn get(&self, key: &str) -> Result<Option<SecretString>, VaultError> {
        let name = key.to_owned();
        let read = self
            .call(move |store| {
                Ok(shards::get(store, &name)?.map(|secret| SecretString::from(secret.as_str())))
            })
            .await;
        read.map_err(|source| VaultError::Read {
            key: key.to_owned(),
            source,
        })
    }

    /// Removes a secret. A missing secret is no error.
    ///
    /// # Errors
    /// [`VaultError::Remove`].
    pub async fn delete(&self, key: &str) -> Result<(), VaultError> {
        let name = key.to_owned();
        let removed = self.write(move |store| shards::delete(store, &name)).await;
        removed.map_err(|source| VaultError::Remove {
            key: key.to_owned(),
            source,
        })
    }

    async fn try_keychain(&self) -> Storage {
        let Some(keychain) = &self.0.keychain else {
            return Storage::Memory {
                why: "this session was asked to keep secrets in memory".to_owned(),
            };
        };
        let trial = || {
            let turns = self.0.turns.clone();
            within(self.0.limit, Arc::clone(keychain), turns, |store| {
                store.get(TRIAL).map(drop)
            })
        };
        let mut tried = trial().await;
        if matches!(tried, Err(StoreError::Silent { .. })) {
            // The keychain may only be busy.
            tried = trial().await;
        }
        match tried {
            Ok(()) => Storage::Keychain,
            Err(error) => {
                let first: &dyn std::error::Error = &error;
                let links = std::iter::successors(Some(first), |link| (*link).source());
                Storage::Memory {
                    why: links.map(ToString::to_string).collect::<Vec<_>>().join(": "),
                }
            }
        }
    }

    /// Makes a call that writes. Waiting for a hanging write times out, and the call is then not made.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (writing, limit) = (Arc::clone(&self.0.writing), self.0.limit * BUSY);
        let turns = match self.storage().await {
            Storage::Keychain => self.0.turns.clone(),
            Storage::Memory { .. } => None,
        };
        let work = move |store: &dyn Store| {
            let begun = std::time::Instant::now();
            // A panic of another writer cannot leave a half-written entry.
            let _held = writing.lock().unwrap_or_else(PoisonError::into_inner);
            if begun.elapsed() > limit {
                return Err(StoreError::Silent {
                    seconds: limit.as_secs(),
                });
            }
            work(store)
        };
        within(limit, self.store().await, turns, work).await
    }

    async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        within(self.0.limit * BUSY, self.store().await, None, work).await
    }

    async fn store(&self) -> Arc<dyn Store> {
        let store = match (self.storage().await, &self.0.keychain) {
            (Storage::Keychain, Some(keychain)) => keychain,
            _ => &self.0.memory,
        };
        Arc::clone(store)
    }
}

/// Makes a blocking call on a thread of its own, with a time limit.
async fn within<T: Send + 'static>(
    limit: Duration,
    store: Arc<dyn Store>,
    turns: Option<PathBuf>,
    work: impl FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    // A thread of its own, because a hanging call must neither block a pool nor keep the program from ending.
    let (begin, begun) = tokio::sync::oneshot::channel();
    let (answer, waiting) = tokio::sync::oneshot::channel();
    let turn = Turn::default();
    let held = turn.clone();
    let spawned = std::thread::Builder::new()
        .name("keychain".to_owned())
        .spawn(move || {
            held.take(turns.as_deref());
            let _ = begin.send(());
            let _ = answer.send(work(store.as_ref()));
            held.pass_on();
        });
    spawned.map_err(|error| StoreError::Unavailable {
        source: Box::new(error),
    })?;
    // The holder of the lock is limited too, so this normally ends. A lock that is not released in time is not waited
    // for.
    let _ = tokio::time::timeout(LONGEST_TURNS, begun).await;
    let ended = tokio::time::timeout(limit, waiting).await;
    turn.pass_on();
    match ended {
        Ok(Ok(done)) => done,
        Ok(Err(ended)) => Err(StoreError::Unavailable {
            source: Box::new(ended),
        }),
        Err(_) => Err(StoreError::Silent {
            seconds: limit.as_secs(),
        }),
    }
}

/// The lock on the keychain, among the programs that share it. Released when the call has ended or timed out, even if
/// its thread still hangs.
#[derive(Clone, Default)]
struct Turn(Arc<Mutex<Option<File>>>);

impl Turn {
    /// Waits for the lock. Where the file cannot be used, there is no lock.
    fn take(&self, turns: Option<&Path>) {
        let taken = turns.and_then(|path| berth_files::lock(path).ok());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = taken;
    }

    fn pass_on(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

#[cfg(test)]
mod tests;
