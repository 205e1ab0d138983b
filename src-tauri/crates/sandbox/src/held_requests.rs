//! Requests held on purpose, so that a test can inspect the state or kill a program at that very moment.

use crate::faults::Hold;
use serde::Serialize;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::watch;

/// A request that is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldRequest {
    /// Increases with each held request.
    pub id: u64,
    /// HTTP method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Whether it was handled yet.
    pub hold: Hold,
}

/// The requests that are held now.
#[derive(Debug)]
pub(crate) struct HeldRequests {
    list: watch::Sender<Vec<HeldRequest>>,
    next: AtomicU64,
}

impl Default for HeldRequests {
    fn default() -> Self {
        Self {
            list: watch::Sender::new(Vec::new()),
            next: AtomicU64::new(1),
        }
    }
}

impl HeldRequests {
    /// Holds a request until it is released. When its client disconnects, the future is dropped and the
    /// request leaves the list.
    pub(crate) async fn hold(&self, method: &str, path: &str, hold: Hold) {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let mut seen = self.list.subscribe();
        self.list.send_modify(|list| {
            list.push(HeldRequest {
                id,
                method: method.to_string(),
                path: path.to_string(),
                hold,
            });
        });
        let _entry = ListEntry { back: self, id };
        // Cannot fail: the sender lives as long as `self`.
        let _ = seen.wait_for(|list| !list.iter().any(|held| held.id == id)).await;
    }

    /// The held requests, oldest first.
    pub(crate) fn list(&self) -> Vec<HeldRequest> {
        self.list.borrow().clone()
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Vec<HeldRequest>> {
        self.list.subscribe()
    }

    pub(crate) fn release(&self) {
        self.list.send_modify(Vec::clear);
    }
}

/// Removes the request from the list when it continues or its client disconnects.
struct ListEntry<'a> {
    back: &'a HeldRequests,
    id: u64,
}

impl Drop for ListEntry<'_> {
    fn drop(&mut self) {
        self.back.list.send_if_modified(|list| {
            let before = list.len();
            list.retain(|held| held.id != self.id);
            list.len() != before
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt as _;

    #[tokio::test]
    async fn a_held_request_continues_when_released_and_leaves_the_list_with_its_client() {
        let back = HeldRequests::default();
        let mut first = Box::pin(back.hold("PUT", "/a", Hold::Before));
        assert!(first.as_mut().now_or_never().is_none());
        let mut second = Box::pin(back.hold("GET", "/b", Hold::After));
        assert!(second.as_mut().now_or_never().is_none());
        let paths: Vec<String> = back.list().into_iter().map(|held| held.path).collect();
        assert_eq!(paths, ["/a", "/b"]);
        drop(second);
        assert_eq!(back.list().len(), 1, "its client is gone");
        back.release();
        assert!(first.now_or_never().is_some());
        assert!(back.list().is_empty());
    }
}
