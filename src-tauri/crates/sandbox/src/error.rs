//! Errors that stop a sandbox from starting or running.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a sandbox could not start or continue.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The address is in use or not local.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address that was tried.
        address: SocketAddr,
        /// The operating system's error.
        #[source]
        source: std::io::Error,
    },
    /// The address can be reached from other computers.
    #[error(
        "{address} is not a loopback address: the sandbox serves this computer only, for example on 127.0.0.1:0"
    )]
    NotLoopback {
        /// The address that was refused.
        address: SocketAddr,
    },
    /// The handlers for termination signals could not be installed.
    #[error("cannot listen for signals")]
    Signals(#[source] std::io::Error),
    /// A file or folder could not be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's error.
        #[source]
        source: std::io::Error,
    },
    /// A file could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file that could not be read.
        path: PathBuf,
        /// The operating system's error.
        #[source]
        source: std::io::Error,
    },
    /// The saved state is not in the format of this version.
    #[error("the saved state in {} is not in a format that this version can read", path.display())]
    State {
        /// The file with the state.
        path: PathBuf,
        /// What the JSON lacks.
        #[source]
        source: serde_json::Error,
    },
    /// The secrets of the state could not be sealed.
    #[error("the secrets for {} cannot be sealed", path.display())]
    Seal {
        /// The file they belong to.
        path: PathBuf,
    },
    /// Another sandbox uses this state folder.
    #[error("another sandbox is using the state in {}", path.display())]
    InUse {
        /// The state folder in use.
        path: PathBuf,
    },
    /// A certificate or its key could not be generated or read.
    #[error("cannot generate or read the {what}")]
    Certificate {
        /// Which certificate it was.
        what: &'static str,
        /// What the certificate library reports.
        #[source]
        source: rcgen::Error,
    },
    /// The certificate cannot be served.
    #[error("cannot set up TLS")]
    Tls {
        /// What the TLS library reports.
        #[source]
        source: rustls::Error,
    },
    /// The key that signs tokens cannot be used.
    #[error("cannot use the key that signs tokens")]
    TokenKey {
        /// What the token library reports.
        #[source]
        source: jsonwebtoken::errors::Error,
    },
    /// A seed's request was refused by the sandbox itself.
    #[error("the seed could not create {what}: {why}")]
    Seed {
        /// The path of the request.
        what: String,
        /// The status and body of the refusal.
        why: String,
    },
}
