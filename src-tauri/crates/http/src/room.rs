//! Room for large answers, one at a time in the whole program: each of them is limited, and many side by side are too.

use tokio::sync::{Semaphore, SemaphorePermit};

/// From how many bytes on an answer is large. Two dozen smaller ones are read side by side.
pub const LARGE_BYTES: usize = 256 * 1024;
/// From what weight on ([`weight`](crate::weight)) an answer is large.
pub const LARGE_WEIGHT: usize = 20_000;

static ROOM: Semaphore = Semaphore::const_new(1);

/// The room that an answer or a list takes while it is read. Small ones take none.
#[derive(Debug, Default)]
pub struct Room(Option<SemaphorePermit<'static>>);

impl Room {
    /// No room yet.
    pub fn none() -> Self {
        Self::default()
    }

    /// Takes room where some is left, and says whether it is there. It is given back on drop.
    pub fn try_take(&mut self) -> bool {
        if self.0.is_none() {
            self.0 = ROOM.try_acquire().ok();
        }
        self.0.is_some()
    }

    /// Waits for room, unless it is there. It is given back on drop.
    pub async fn take(&mut self) {
        if self.0.is_none() {
            // The semaphore is never closed.
            self.0 = ROOM.acquire().await.ok();
        }
    }
}
