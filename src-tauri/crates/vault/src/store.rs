//! The interface of a keychain.

/// Why a store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such store, or it is locked.
    #[error("the keychain is not available")]
    Unavailable {
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The store did not answer in time.
    #[error("the keychain did not answer within {seconds} s")]
    Silent {
        /// How long the caller waited.
        seconds: u64,
    },
    /// The stored value is damaged.
    #[error("the entry {key} is damaged: {what}")]
    Damaged {
        key: String,
        /// What is wrong with it.
        what: &'static str,
    },
}

/// A store of secrets. Calls may block: the vault makes them on their own threads.
pub trait Store: Send + Sync + 'static {
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn put(&self, key: &str, secret: &str) -> Result<(), StoreError>;

    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn get(&self, key: &str) -> Result<Option<zeroize::Zeroizing<String>>, StoreError>;

    /// Removes an entry. A missing entry is no error.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn delete(&self, key: &str) -> Result<(), StoreError>;
}
