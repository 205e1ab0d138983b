//! Stores secrets in the keychain of the operating system, or in memory for this session when the keychain is missing,
//! locked or does not answer two calls of three seconds. Once it has answered, a call may take thirty seconds.
//!
//! Large secrets are split, because Windows stores at most 2,560 bytes per entry. Nothing is written to files. Start
//! at [`Vault`].

mod keychain;
mod memory;
mod shards;
mod store;
mod vault;

pub use store::{Store, StoreError};
pub use vault::{Storage, Vault, VaultError};
