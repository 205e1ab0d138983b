//! Time, so that tests need not sleep and a laptop may.

use async_trait::async_trait;
use jiff::Timestamp;
use std::time::{Duration, Instant};

/// Where runs take their time from.
#[async_trait]
pub trait Clock: Send + Sync + 'static {
    /// What the calendar says; for people and for the journal. Somebody may set it back.
    fn now(&self) -> Timestamp;

    /// Time that nobody can set, since some moment. How long a run has waited is counted in it.
    fn ticks(&self) -> Duration;

    /// Waits.
    async fn sleep(&self, time: Duration);
}

/// The machine's own time.
#[derive(Debug)]
pub struct SystemClock {
    since: Instant,
}

impl SystemClock {
    /// A clock that ticks from now on.
    pub fn new() -> Self {
        Self {
            since: Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn ticks(&self) -> Duration {
        self.since.elapsed()
    }

    async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}
