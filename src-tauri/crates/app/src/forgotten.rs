//! Secrets that were given up while the keychain was locked: noted, and taken out of it once it answers again. Otherwise
//! they would stay in it, and nobody could tell.

use crate::entries::{Entries, id_of_name};
use crate::home::Home;
use berth_contract::failure::Failure;
use berth_failures::from_vault;
use berth_vault::{Standing, Vault};

/// Removes a secret; where the keychain cannot be reached, as soon as it can.
///
/// # Errors
/// `VaultUnavailable`, `FileProblem`.
pub(crate) async fn delete(home: &Home, vault: &Vault, key: &str) -> Result<(), Failure> {
    vault.delete(key).await.map_err(|error| from_vault(&error))?;
    if vault.is_locked_out().await {
        forgotten(home).put(&id_of_name(key), &key.to_owned())?;
    }
    Ok(())
}

/// A secret of that name is wanted again.
pub(crate) fn recall(home: &Home, key: &str) -> Result<(), Failure> {
    forgotten(home).remove(&id_of_name(key))
}

/// Removes what was given up before. What cannot be removed now is tried again the next time.
pub(crate) async fn sweep(home: &Home, vault: &Vault) {
    let left = forgotten(home).readable();
    if left.is_empty() || vault.standing().await != Standing::Keychain {
        return;
    }
    for key in left {
        if vault.delete(&key).await.is_ok() {
            let _ = forgotten(home).remove(&id_of_name(&key));
        }
    }
}

fn forgotten(home: &Home) -> Entries<String> {
    Entries::of(home.forgotten())
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
    async fn what_is_given_up_while_the_keychain_is_locked_goes_later() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let keychain = Arc::new(Lockable::default());
        let session = || Vault::on(Arc::clone(&keychain) as Arc<dyn Store>, Duration::from_secs(3));
        session().put("a", &SecretString::from("secret")).await.unwrap();
        keychain.locked.store(true, Ordering::SeqCst);
        delete(&home, &session(), "a").await.unwrap();
        sweep(&home, &session()).await;
        keychain.locked.store(false, Ordering::SeqCst);
        assert!(session().get("a").await.unwrap().is_some());
        sweep(&home, &session()).await;
        assert!(session().get("a").await.unwrap().is_none());
        assert!(forgotten(&home).readable().is_empty());
    }
}
