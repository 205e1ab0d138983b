//! The keychain of the operating system: Secret Service, macOS Keychain, Windows Credential Manager.

use crate::store::{Store, StoreError};
use keyring::{Entry, Error};
use zeroize::Zeroizing;

/// The entries of one service name.
pub(crate) struct Keychain {
    service: String,
}

impl Keychain {
    pub(crate) fn new(service: &str) -> Self {
        Self {
            service: service.to_owned(),
        }
    }

    fn entry(&self, key: &str) -> Result<Entry, StoreError> {
        Entry::new(&self.service, key).map_err(unavailable)
    }
}

impl Store for Keychain {
    fn put(&self, key: &str, secret: &str) -> Result<(), StoreError> {
        self.entry(key)?.set_password(secret).map_err(unavailable)
    }

    fn get(&self, key: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
        match self.entry(key)?.get_password() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    fn delete(&self, key: &str) -> Result<(), StoreError> {
        match self.entry(key)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(unavailable(error)),
        }
    }
}

fn unavailable(error: Error) -> StoreError {
    StoreError::Unavailable {
        source: Box::new(error),
    }
}
