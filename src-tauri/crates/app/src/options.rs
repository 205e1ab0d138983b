//! Options for opening Berth.

use berth_arm::ArmOptions;
use berth_home::Home;
use berth_runs::Patience;
use berth_runs::clock::{Clock, SystemClock};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Options for opening [`crate::Berth`].
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder for everything Berth stores.
    pub home: Home,
    /// Ready file of a stand-alone sandbox, which is offered as an additional account.
    pub running_sandbox: Option<PathBuf>,
    /// How many times faster than real time the embedded sandbox runs.
    pub sandbox_time_scale: f64,
    /// Shortest wait between two polls of an operation.
    pub min_poll: Duration,
    /// Account the window signs in with at start.
    pub start_account: Option<String>,
    /// Keeps secrets in memory even if there is a keychain.
    pub memory_only: bool,
    /// The program ends after one command. Without a keychain, it then refuses to create secrets that must outlive it.
    pub one_command: bool,
    /// DNS server to use instead of the system's.
    pub nameserver: Option<SocketAddr>,
    /// Clock and time limits.
    pub waiting: Waiting,
}

/// Clock and time limits. Tests supply their own.
#[derive(Clone)]
pub struct Waiting {
    /// Clock used by runs.
    pub clock: Arc<dyn Clock>,
    /// Time limits of runs.
    pub patience: Patience,
    pub request_timeout: Duration,
    /// Wait before the first retry of a request.
    pub first_retry: Duration,
}

impl Default for Waiting {
    fn default() -> Self {
        let arm = ArmOptions::default();
        Self {
            clock: Arc::new(SystemClock::new()),
            patience: Patience::default(),
            request_timeout: arm.request_timeout,
            first_retry: arm.first_retry,
        }
    }
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waiting")
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

impl Options {
    /// Returns the default options for a folder.
    pub fn new(home: Home) -> Self {
        Self {
            home,
            running_sandbox: None,
            sandbox_time_scale: 60.0,
            min_poll: Duration::from_secs(1),
            start_account: None,
            memory_only: false,
            one_command: false,
            nameserver: None,
            waiting: Waiting::default(),
        }
    }
}
