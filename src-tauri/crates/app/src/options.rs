//! How Berth is started.

use berth_arm::ArmOptions;
use berth_home::Home;
use berth_runs::Patience;
use berth_runs::clock::{Clock, SystemClock};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What Berth is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// Its folder.
    pub home: Home,
    /// Ready file of a sandbox that runs on its own, as one more account.
    pub running_sandbox: Option<PathBuf>,
    /// How much faster than the clock time runs in the sandbox inside the program.
    pub sandbox_time_scale: f64,
    /// Shortest wait between two questions about one operation.
    pub min_poll: Duration,
    /// Account named at start, which the window signs in with.
    pub start_account: Option<String>,
    /// Keeps secrets in memory even where there is a keychain.
    pub memory_only: bool,
    /// The program ends with the one thing it is asked to do. A secret that must outlive it is then refused where there is
    /// no keychain to keep it in.
    pub one_command: bool,
    /// DNS server that is asked about records in place of the system's.
    pub nameserver: Option<SocketAddr>,
    /// Time, and how long is waited for what.
    pub waiting: Waiting,
}

/// Time, and how long is waited for what. Whoever tests Berth brings a time of their own.
#[derive(Clone)]
pub struct Waiting {
    /// Where runs take their time from.
    pub clock: Arc<dyn Clock>,
    /// Limits of runs.
    pub patience: Patience,
    /// Longest time one request may take.
    pub request_timeout: Duration,
    /// First wait before a request is tried again.
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
    /// The defaults, on a folder.
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
