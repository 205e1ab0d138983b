//! Berth's entries in the keychain, and how it behaves when the keychain is missing or locked.

use crate::Home;
use crate::entries::{Entries, id_of_name};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_failures::from_vault;
use berth_vault::{Storage, Vault};

/// How long the program that holds the secrets runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// Until its one command is done: a secret held only in memory would be lost with it.
    OneCommand,
    /// Until the person closes the window, which shows when secrets are held only in memory.
    Window,
}

/// The keychain of one Berth folder.
#[derive(Clone)]
pub struct Secrets {
    home: Home,
    vault: Vault,
    lifetime: Lifetime,
}

impl Secrets {
    /// Opens the keychain entries of a folder.
    pub fn new(home: Home, vault: Vault, lifetime: Lifetime) -> Self {
        Self {
            home,
            vault,
            lifetime,
        }
    }

    /// Returns the keychain itself.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Returns the folder they belong to.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Returns why secrets are held only in memory; `None` if there is a keychain.
    pub async fn problem(&self) -> Option<String> {
        match self.vault.storage().await {
            Storage::Keychain => None,
            Storage::Memory { why } => Some(why),
        }
    }

    /// Fails if a secret that must outlive this program could only be held in memory.
    ///
    /// # Errors
    /// `VaultUnavailable` without a keychain in a program that ends with its command.
    pub async fn require_persistence(&self) -> Result<(), Failure> {
        match self.problem().await {
            Some(why) if self.lifetime == Lifetime::OneCommand => Err(keychain_missing(why)),
            _ => Ok(()),
        }
    }

    /// Deletes a secret. If the keychain is locked, notes its name so that [`Self::delete_pending`] deletes it later.
    ///
    /// # Errors
    /// `VaultUnavailable`, `FileProblem`.
    pub async fn delete(&self, key: &str) -> Result<(), Failure> {
        self.vault.delete(key).await.map_err(|error| from_vault(&error))?;
        if self.vault.is_locked_out().await {
            self.pending().put(&id_of_name(key), &key.to_owned())?;
        }
        Ok(())
    }

    /// Withdraws a pending deletion, because a secret of that name is about to be stored again.
    ///
    /// # Errors
    /// `FileProblem`.
    pub fn cancel_deletion(&self, key: &str) -> Result<(), Failure> {
        self.pending().remove(&id_of_name(key))
    }

    /// Deletes the secrets whose deletion is pending. Those it cannot delete stay pending.
    pub async fn delete_pending(&self) {
        let keys = self.pending().readable();
        if keys.is_empty() || self.vault.storage().await != Storage::Keychain {
            return;
        }
        for key in keys {
            if self.vault.delete(&key).await.is_ok() {
                let _ = self.cancel_deletion(&key);
            }
        }
    }

    fn pending(&self) -> Entries<String> {
        Entries::of(self.home.pending_deletions())
    }
}

fn keychain_missing(why: String) -> Failure {
    let mut failure =
        Failure::new(FailureCode::VaultUnavailable, Remedy::CorrectInput).with("reason", "keychain_missing");
    failure.detail = why;
    failure
}

#[cfg(test)]
mod tests {
    use super::*;
    use berth_vault::{Store, StoreError};
    use secrecy::SecretString;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, Mutex};
    use std::time::Duration;
    use zeroize::Zeroizing;

    /// A keychain that can be locked.
    #[derive(Default)]
    struct Lockable {
        locked: AtomicBool,
        entries: Mutex<std::collections::BTreeMap<String, String>>,
    }

    impl Lockable {
        fn answer(&self) -> Result<(), StoreError> {
            match self.locked.load(Ordering::SeqCst) {
                true => Err(StoreError::Unavailable {
                    source: "locked".into(),
                }),
                false => Ok(()),
            }
        }
    }

    impl Store for Lockable {
        fn put(&self, key: &str, secret: &str) -> Result<(), StoreError> {
            self.answer()?;
            self.entries
                .lock()
                .unwrap()
                .insert(key.to_owned(), secret.to_owned());
            Ok(())
        }

        fn get(&self, key: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
            self.answer()?;
            Ok(self.entries.lock().unwrap().get(key).cloned().map(Zeroizing::new))
        }

        fn delete(&self, key: &str) -> Result<(), StoreError> {
            self.answer()?;
            self.entries.lock().unwrap().remove(key);
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_secret_deleted_while_the_keychain_is_locked_is_deleted_later() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let keychain = Arc::new(Lockable::default());
        let program = || {
            let vault = Vault::on(Arc::clone(&keychain) as Arc<dyn Store>, Duration::from_secs(3));
            Secrets::new(home.clone(), vault, Lifetime::Window)
        };
        let put = |secrets: Secrets| async move {
            let secret = SecretString::from("secret");
            secrets.vault().put("a", &secret).await.unwrap();
        };
        put(program()).await;
        keychain.locked.store(true, Ordering::SeqCst);
        program().delete("a").await.unwrap();
        program().delete_pending().await;
        keychain.locked.store(false, Ordering::SeqCst);
        assert!(program().vault().get("a").await.unwrap().is_some());
        program().delete_pending().await;
        assert!(program().vault().get("a").await.unwrap().is_none());
        assert!(program().pending().readable().is_empty());
    }
}
