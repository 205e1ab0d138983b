//! The vault: one place for secrets, whatever the machine offers.

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

/// Longest wait for the first answer of a keychain, asked twice: some hang when no one can unlock them.
const LIMIT: Duration = Duration::from_secs(3);
/// How many times as long a keychain has that has answered: one that many programs use at once is slow, not gone.
const BUSY: u32 = 10;
/// Longest wait for the others who share the keychain.
const LONGEST_TURNS: Duration = Duration::from_secs(60);
/// Entry that is read to learn whether the keychain works.
const TRIAL: &str = "berth/trial";

/// Why a secret could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// It could not be stored.
    #[error("the secret {key} could not be stored")]
    Store {
        /// Its name.
        key: String,
        /// Why.
        #[source]
        source: StoreError,
    },
    /// It could not be read.
    #[error("the secret {key} could not be read")]
    Read {
        /// Its name.
        key: String,
        /// Why.
        #[source]
        source: StoreError,
    },
    /// It could not be removed.
    #[error("the secret {key} could not be removed")]
    Remove {
        /// Its name.
        key: String,
        /// Why.
        #[source]
        source: StoreError,
    },
}

/// Where secrets go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Into the keychain of the operating system.
    Keychain,
    /// Into memory, until the program ends.
    Memory {
        /// Why not into a keychain.
        why: String,
    },
}

/// Secrets by name. Cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    keychain: Option<Arc<dyn Store>>,
    memory: Arc<dyn Store>,
    limit: Duration,
    standing: OnceCell<Standing>,
    /// One writer at a time: a late one must not undo a newer one, nor leave parts behind that no head names.
    writing: Arc<Mutex<()>>,
    /// File by which programs that share the keychain take turns.
    turns: Option<PathBuf>,
}

impl Vault {
    /// The operating system's keychain, under a service name. Asks nothing yet.
    pub fn open(service: &str) -> Self {
        Self::with(Some(Arc::new(Keychain::new(service))), LIMIT, None)
    }

    /// The same for programs that name the same file and take turns, so that each has the whole limit for itself: many at
    /// once would only see the keychain silent.
    pub fn open_in_turn(service: &str, turns: PathBuf) -> Self {
        Self::with(Some(Arc::new(Keychain::new(service))), LIMIT, Some(turns))
    }

    /// A vault of this session only.
    pub fn memory() -> Self {
        Self::with(None, LIMIT, None)
    }

    /// A vault on a store of the caller's, with a limit on its first answer; each later call may take ten times as long.
    pub fn on(store: Arc<dyn Store>, limit: Duration) -> Self {
        Self::with(Some(store), limit, None)
    }

    fn with(keychain: Option<Arc<dyn Store>>, limit: Duration, turns: Option<PathBuf>) -> Self {
        let memory: Arc<dyn Store> = Arc::new(Memory::default());
        Self(Arc::new(Inner {
            keychain,
            memory,
            limit,
            standing: OnceCell::new(),
            writing: Arc::default(),
            turns,
        }))
    }

    /// Where secrets go. The first question tries the keychain; the answer holds for the session, so that a secret is
    /// looked for where it was put.
    pub async fn standing(&self) -> Standing {
        self.0.standing.get_or_init(|| self.try_keychain()).await.clone()
    }

    /// Keeps a secret in place of the one before.
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

    /// Keeps a secret unless there is one of that name, and answers the one that is there then. Of programs that each make
    /// one at the same time, all get the same.
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

    /// Whether there may be a keychain with secrets in it that this session cannot reach.
    pub async fn is_locked_out(&self) -> bool {
        self.0.keychain.is_some() && self.standing().await != Standing::Keychain
    }

    /// Reads a secret; `None` when there is none of that name.
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

    /// Removes a secret; one that is not there is fine.
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

    async fn try_keychain(&self) -> Standing {
        let Some(keychain) = &self.0.keychain else {
            return Standing::Memory {
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
            // It may only be busy.
            tried = trial().await;
        }
        match tried {
            Ok(()) => Standing::Keychain,
            Err(error) => {
                let first: &dyn std::error::Error = &error;
                let links = std::iter::successors(Some(first), |link| (*link).source());
                Standing::Memory {
                    why: links.map(ToString::to_string).collect::<Vec<_>>().join(": "),
                }
            }
        }
    }

    /// A call that changes something. One that waits for a writer that hangs ends like that one, in time; what it would
    /// have written is then not written.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (writing, limit) = (Arc::clone(&self.0.writing), self.0.limit * BUSY);
        let turns = match self.standing().await {
            Standing::Keychain => self.0.turns.clone(),
            Standing::Memory { .. } => None,
        };
        let work = move |store: &dyn Store| {
            let begun = std::time::Instant::now();
            // A panic of another writer leaves whole entries behind.
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
        let store = match (self.standing().await, &self.0.keychain) {
            (Standing::Keychain, Some(keychain)) => keychain,
            _ => &self.0.memory,
        };
        Arc::clone(store)
    }
}

/// Makes a blocking call off the async workers, for so long and no longer, once its turn has come.
async fn within<T: Send + 'static>(
    limit: Duration,
    store: Arc<dyn Store>,
    turns: Option<PathBuf>,
    work: impl FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    // A thread of its own: one that hangs must not use up a pool, nor keep the program from ending.
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
    // Whoever has the turn is limited too, so this ends; and a turn that does not come is not waited for.
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

/// A turn at the keychain, among the programs that share it. It is passed on when the call has ended or has taken too
/// long, whether or not its thread still hangs.
#[derive(Clone, Default)]
struct Turn(Arc<Mutex<Option<File>>>);

impl Turn {
    /// Waits for it. Where the file cannot be used, nobody takes turns.
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
