//! Requests held back on purpose, so that one can look, or pull a plug, at that very moment.

use crate::faults::Hold;
use serde::Serialize;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::watch;

/// A request that is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldRequest {
    /// Rises with each one.
    pub id: u64,
    /// Method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Where on its way.
    pub hold: Hold,
}

/// Those that are held now.
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
    /// Holds a request until it is released. A client that goes takes its request off the list: its future is dropped.
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
        // The sender lives as long as this borrow of it.
        let _ = seen.wait_for(|list| !list.iter().any(|held| held.id == id)).await;
    }

    /// Those held now, the longest first.
    pub(crate) fn list(&self) -> Vec<HeldRequest> {
        self.list.borrow().clone()
    }

    /// Follows the list.
    pub(crate) fn watch(&self) -> watch::Receiver<Vec<HeldRequest>> {
        self.list.subscribe()
    }

    /// Lets all go on.
    pub(crate) fn release(&self) {
        self.list.send_modify(Vec::clear);
    }
}

/// A place on the list, given up when the request goes on or its client is gone.
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
    async fn a_request_goes_on_when_it_is_released_and_is_off_the_list_when_its_client_goes() {
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
