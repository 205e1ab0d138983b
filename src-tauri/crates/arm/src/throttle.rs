//! One scheduler for all requests of an account: so many side by side, no more
//! (buckets: learn.microsoft.com/azure/aks/quotas-skus-regions).

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Requests under way at once. The smallest documented bucket for reads allows a burst of 60.
const SIDE_BY_SIDE: usize = 24;

/// Lets a bounded number through.
#[derive(Clone)]
pub(crate) struct Throttle(Arc<Semaphore>);

impl Throttle {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(SIDE_BY_SIDE)))
    }

    /// Waits for a place; it is free again when the answer is dropped. `None` never happens: the gate is never closed.
    pub(crate) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).acquire_owned().await.ok()
    }
}
