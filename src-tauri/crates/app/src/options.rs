//! How Berth is started.

use crate::home::Home;
use std::path::PathBuf;
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
        }
    }
}
