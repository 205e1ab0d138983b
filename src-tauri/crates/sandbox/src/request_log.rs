//! The most recent requests: listed on the status page, and followed by tests.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;

/// How many requests are kept.
const CAPACITY: usize = 100;

/// A request that the sandbox has handled.
#[derive(Debug, Clone)]
pub struct LoggedRequest {
    /// Wall-clock time at which it was handled.
    pub at: jiff::Timestamp,
    /// HTTP method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// HTTP status of the answer.
    pub status: u16,
}

/// The most recent requests, and those who follow them.
#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    last: VecDeque<LoggedRequest>,
    followers: Vec<mpsc::UnboundedSender<LoggedRequest>>,
}

impl RequestLog {
    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, request: LoggedRequest) {
        let mut entries = self.lock();
        entries
            .followers
            .retain(|follower| follower.send(request.clone()).is_ok());
        entries.last.truncate(CAPACITY - 1);
        entries.last.push_front(request);
    }

    /// Sends every request from now on, as soon as it is handled.
    pub(crate) fn follow(&self) -> mpsc::UnboundedReceiver<LoggedRequest> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.lock().followers.push(sender);
        receiver
    }

    pub(crate) fn list(&self) -> Vec<LoggedRequest> {
        self.lock().last.iter().cloned().collect()
    }
}
