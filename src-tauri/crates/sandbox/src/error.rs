//! Why a sandbox could not start or go on.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a sandbox could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The address is taken or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The address is reached from other computers.
    #[error("{address} is no loopback address: the sandbox serves this computer alone, as on 127.0.0.1:0")]
    NotLoopback {
        /// The address.
        address: SocketAddr,
    },
    /// The system does not say when the program is asked to end.
    #[error("cannot listen for signals")]
    Signals(#[source] std::io::Error),
    /// A file or folder could not be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The saved state is not what this version writes.
    #[error("the saved state in {} cannot be understood", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// The secrets of the state could not be sealed.
    #[error("the secrets for {} cannot be sealed", path.display())]
    Seal {
        /// The file.
        path: PathBuf,
    },
    /// Another sandbox has this state.
    #[error("another sandbox is using the state in {}", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// A certificate or its key could not be made or read.
    #[error("cannot make the {what}")]
    Certificate {
        /// Which.
        what: &'static str,
        /// Why.
        #[source]
        source: rcgen::Error,
    },
    /// The certificate cannot be served.
    #[error("cannot set up TLS")]
    Tls {
        /// Why.
        #[source]
        source: rustls::Error,
    },
    /// The key that signs tokens cannot be used.
    #[error("cannot use the key that signs tokens")]
    TokenKey {
        /// Why.
        #[source]
        source: jsonwebtoken::errors::Error,
    },
    /// A seed asked for something its own Azure refused.
    #[error("the seed could not make {what}: {why}")]
    Seed {
        /// What it asked for.
        what: String,
        /// The refusal.
        why: String,
    },
}
