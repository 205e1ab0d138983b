//! Limits large answers to one at a time in the whole program: each is limited in size, and so is their number.

use tokio::sync::{Semaphore, SemaphorePermit};

/// Size in bytes from which an answer is large. About two dozen smaller ones are read concurrently.
pub const LARGE_BYTES: usize = 256 * 1024;
/// Weight ([`weight`](crate::weight)) from which an answer is large.
pub const LARGE_WEIGHT: usize = 20_000;

static ROOM: Semaphore = Semaphore::const_new(1);

/// The permit for one large answer or list while it is read. Small ones need none.
#[derive(Debug, Default)]
pub struct Room(Option<SemaphorePermit<'static>>);

impl Room {
    pub fn none() -> Self {
        Self::default()
    }

    /// Tries to take the permit. It is released on drop.
    pub fn try_take(&mut self) -> bool {
        if self.0.is_none() {
            self.0 = ROOM.try_acquire().ok();
        }
        self.0.is_some()
    }

    /// Waits for the permit, unless it is already held. It is released on drop.
    pub async fn take(&mut self) {
        if self.0.is_none() {
            // The semaphore is never closed.
            self.0 = ROOM.acquire().await.ok();
        }
    }
}
