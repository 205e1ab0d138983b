//! What the vault needs of a place for secrets.

/// Why a place for secrets did not work.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such place here, or it is locked.
    #[error("the keychain is not available")]
    Unavailable {
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It did not answer in time.
    #[error("the keychain did not answer within {seconds} s")]
    Silent {
        /// How long was waited.
        seconds: u64,
    },
    /// What it holds is not what was stored.
    #[error("the entry {key} is damaged: {what}")]
    Damaged {
        /// The entry.
        key: String,
        /// What does not fit.
        what: &'static str,
    },
}

/// A place for secrets. Calls may block: the vault makes them off the async workers.
pub trait Store: Send + Sync + 'static {
    /// Replaces an entry.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn put(&self, key: &str, secret: &str) -> Result<(), StoreError>;

    /// Reads an entry; `None` when there is none.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn get(&self, key: &str) -> Result<Option<zeroize::Zeroizing<String>>, StoreError>;

    /// Removes an entry; one that is not there is fine.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn delete(&self, key: &str) -> Result<(), StoreError>;
}
