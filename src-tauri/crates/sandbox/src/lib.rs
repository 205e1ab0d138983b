//! An Azure on loopback: Entra, Azure Resource Manager and Kubernetes over real HTTPS.
//!
//! It speaks as the service does, with its status codes, headers, long-running operations and refusals, in
//! scaled time. It depends on none of Berth's other crates, so that it cannot agree with a mistake of theirs.
//!
//! Not here: anything that stands in for the service halfway. What the sandbox cannot do, it refuses.

pub mod aks;
pub mod answer;
pub mod authorization;
pub mod call;
pub mod clock;
pub mod compute;
pub mod control;
pub mod control_token;
pub mod directory;
pub mod effect;
pub mod entra;
pub mod error;
pub mod extensions;
pub mod faults;
pub mod front;
pub mod front_door;
pub mod front_page;
pub mod gate;
pub mod held;
pub mod inside;
pub mod keyvault;
pub mod ml;
pub mod network;
pub mod operation;
pub mod options;
pub mod pki;
pub mod policy;
pub mod record;
pub mod resource_id;
pub mod resources;
pub mod router;
pub mod sandbox;
pub mod sealed;
pub mod seeds;
pub mod server;
pub mod shared;
pub mod spoilt;
pub mod state_key;
pub mod store;
pub mod throttle;
pub mod transport;
pub mod world;

pub use error::SandboxError;
pub use options::{Options, Ready, Seed};
pub use sandbox::{Memory, Sandbox};
pub use state_key::StateKey;

use std::path::Path;

/// Writes the ready file: whole or not at all, for its owner alone, as it holds a secret.
///
/// # Errors
/// When it cannot be written.
pub fn write_ready_file(path: &Path, ready: &Ready) -> Result<(), SandboxError> {
    let json = serde_json::to_vec_pretty(ready).map_err(|source| SandboxError::State {
        path: path.to_path_buf(),
        source,
    })?;
    store::write(path, &json, store::Readers::Owner)
}
