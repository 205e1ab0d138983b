//! Limits how many requests of an account run in parallel
//! (buckets: learn.microsoft.com/azure/aks/quotas-skus-regions).

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Maximum number of requests in flight. The smallest documented bucket for reads allows a burst of 60.
const MAX_IN_FLIGHT: usize = 24;

/// A semaphore for requests.
#[derive(Clone)]
pub(crate) struct Throttle(Arc<Semaphore>);

impl Throttle {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(MAX_IN_FLIGHT)))
    }

    /// Waits for a permit, which is released when dropped. Never returns `None`, because the semaphore is never closed.
    pub(crate) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).acquire_owned().await.ok()
    }
}
