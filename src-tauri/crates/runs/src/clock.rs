//! Sources of time. Tests replace the clock, and a laptop may sleep.

use async_trait::async_trait;
use jiff::Timestamp;
use std::time::{Duration, Instant};

/// The source of time for runs.
#[async_trait]
pub trait Clock: Send + Sync + 'static {
    /// The wall-clock time, for people and the journal. It may be set back.
    fn now(&self) -> Timestamp;

    /// Monotonic time since an arbitrary moment. Waits are measured with it.
    fn ticks(&self) -> Duration;

    /// Waits for the given time.
    async fn sleep(&self, time: Duration);
}

/// The clock of this computer.
#[derive(Debug)]
pub struct SystemClock {
    since: Instant,
}

impl SystemClock {
    /// Creates a clock whose ticks start now.
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
