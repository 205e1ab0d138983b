//! Secrets: in the keychain of the operating system, or in memory for this session where there is none, it is locked, or it
//! does not answer when asked twice for three seconds. One that has answered may take thirty seconds for a call.
//!
//! Large secrets are split, because Windows keeps at most 2,560 bytes an entry. Nothing here writes a file.
//! Start at [`Vault`].

mod keychain;
mod memory;
mod shards;
mod store;
mod vault;

pub use store::{Store, StoreError};
pub use vault::{Standing, Vault, VaultError};
