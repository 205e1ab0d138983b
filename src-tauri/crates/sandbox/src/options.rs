//! Options of a sandbox, and the content of its ready file.

use crate::error::SandboxError;
use crate::state_key::StateKey;
use crate::store::{self, Readers};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How to start a sandbox.
#[derive(Debug, Clone)]
pub struct Options {
    /// Loopback address to listen on. Port 0 picks any, and the same one again after a restart with
    /// `state_dir`.
    pub listen: SocketAddr,
    /// Folder to keep the state in. Without it, the state is lost when the sandbox stops.
    pub state_dir: Option<PathBuf>,
    /// Seals the secrets in that state. The default is a key of this process: another process that opens the
    /// same state finds it without its keys, so it gets a new certificate and new secrets, and everyone is
    /// signed out.
    pub state_key: Option<StateKey>,
    /// File to write the CA certificate to.
    pub ca_out: Option<PathBuf>,
    /// Initial content; ignored if there is a saved state.
    pub seed: Seed,
    /// Azure seconds per real second.
    pub time_scale: f64,
    /// Whether time stands still until `POST /_sandbox/step` advances it.
    pub step: bool,
    /// Delay of each answer, in real time.
    pub latency: Duration,
    /// File to record each exchange to, one JSON object per line.
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

/// The initial content of a sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Seed {
    /// An empty subscription.
    Empty,
    /// Two subscriptions with workspaces, networks and two clusters.
    Workspace,
    /// A grown estate with its problems.
    Fleet,
    /// A thousand clusters.
    Fleet1000,
}

/// The content of the ready file: how to reach a running sandbox and sign in to it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// Base URL of Azure Resource Manager.
    pub arm: String,
    /// Base URL of Entra ID.
    pub authority: String,
    /// File with the CA certificate, PEM.
    pub ca_file: PathBuf,
    /// Tenant id, a GUID in lower case.
    pub tenant_id: String,
    /// Client id of the service principal.
    pub client_id: String,
    /// Secret of the service principal.
    pub client_secret: String,
    /// Subscription ids, the main one first.
    pub subscription_ids: Vec<String>,
    /// A resource group to start with; empty if there is none.
    pub resource_group: String,
    /// A workspace in that group; empty if there is none.
    pub workspace: String,
    /// A healthy cluster in that group; empty if there is none.
    pub cluster: String,
    /// Location of the resource group, such as `westeurope`.
    pub location: String,
    /// Grants access to the pages under `/_sandbox/` and to the choice of who signs in.
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

/// Writes the ready file atomically and readable by its owner only, because it contains the client secret.
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
