//! Stores secrets in memory for this session.

use crate::store::{Store, StoreError};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroizing;

/// Entries that are zeroized on drop.
#[derive(Default)]
pub(crate) struct Memory(Mutex<HashMap<String, Zeroizing<String>>>);

impl Memory {
    fn entries(&self) -> std::sync::MutexGuard<'_, HashMap<String, Zeroizing<String>>> {
        // A panic while the lock was held cannot leave a half-written entry.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
impl Memory {
    pub(crate) fn keys(&self) -> Vec<String> {
        self.entries().keys().cloned().collect()
    }
}

impl Store for Memory {
    fn put(&self, key: &str, secret: &str) -> Result<(), StoreError> {
        self.entries()
            .insert(key.to_owned(), Zeroizing::new(secret.to_owned()));
        Ok(())
    }

    fn get(&self, key: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
        Ok(self.entries().get(key).cloned())
    }

    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.entries().remove(key);
        Ok(())
    }
}
