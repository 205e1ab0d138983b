//! How a sandbox is started, and what it says once it answers.

use crate::error::SandboxError;
use crate::state_key::StateKey;
use crate::store::{self, Readers};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How a sandbox is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen, on loopback; port 0 takes any (and the same again after a restart with `state_dir`).
    pub listen: SocketAddr,
    /// Where the state is kept. Without it the state ends with the sandbox.
    pub state_dir: Option<PathBuf>,
    /// What seals the secrets of that state; without it a key of this process, and another process that starts the sandbox
    /// on the same state finds it without its keys: with a new certificate, new secrets, and nobody signed in.
    pub state_key: Option<StateKey>,
    /// Where the certificate of its authority is written too.
    pub ca_out: Option<PathBuf>,
    /// What is there at first; a kept state wins over it.
    pub seed: Seed,
    /// Azure seconds per real second.
    pub time_scale: f64,
    /// Whether time stands still until it is told to run: `POST /_sandbox/step`.
    pub step: bool,
    /// Added to each answer.
    pub latency: Duration,
    /// Where each exchange is recorded.
    pub record: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            state_dir: None,
            state_key: None,
            ca_out: None,
            seed: Seed::Workspace,
            time_scale: 60.0,
            step: false,
            latency: Duration::ZERO,
            record: None,
        }
    }
}

/// What is there at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Seed {
    /// A subscription with nothing in it.
    Empty,
    /// Two subscriptions with workspaces, networks and two clusters.
    Workspace,
    /// An estate of years, with its troubles.
    Fleet,
    /// A thousand clusters.
    Fleet1000,
}

/// What a sandbox says once it answers: the content of the ready file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// Base URL of Azure Resource Manager.
    pub arm: String,
    /// Base URL of Entra.
    pub authority: String,
    /// Certificate of the sandbox's authority, PEM.
    pub ca_file: PathBuf,
    /// Tenant id.
    pub tenant_id: String,
    /// Client id of the service principal.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// Subscriptions, the main one first.
    pub subscription_ids: Vec<String>,
    /// A resource group to begin with; empty where there is none.
    pub resource_group: String,
    /// A workspace in it; empty where there is none.
    pub workspace: String,
    /// A healthy cluster in it; empty where there is none.
    pub cluster: String,
    /// Its location.
    pub location: String,
    /// Opens the pages under `/_sandbox/` and lets a person be chosen who signs in.
    #[serde(default)]
    pub control_token: String,
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready")
            .field("arm", &self.arm)
            .field("ca_file", &self.ca_file)
            .finish_non_exhaustive()
    }
}

/// Writes the ready file atomically and readable by its owner only, because it holds the client secret.
///
/// # Errors
/// When it cannot be written.
pub fn write_ready_file(path: &Path, ready: &Ready) -> Result<(), SandboxError> {
    let json = serde_json::to_vec_pretty(ready).map_err(|source| SandboxError::State {
        path: path.to_path_buf(),
        source,
    })?;
    store::write(path, &json, Readers::Owner)
}
