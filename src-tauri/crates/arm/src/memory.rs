//! A cache of GET responses, so that several readers of the same resource share one request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;
use url::Url;

/// Maximum size of a cached response, in bytes. A larger one is shared only by readers that wait for it at the same time.
const LARGEST: usize = 256 * 1024;
/// Maximum size of all cached responses together, in bytes.
const MOST: usize = 8 * 1024 * 1024;

/// A response body, or the slot for one that is in flight.
pub(crate) type Slot = Arc<OnceCell<Arc<Vec<u8>>>>;

/// Response bodies by URL.
#[derive(Default)]
pub(crate) struct ResponseCache(Mutex<Responses>);

#[derive(Default)]
struct Responses {
    by_key: HashMap<String, Slot>,
    bytes: usize,
}

impl ResponseCache {
    /// The slot of a URL, filled or empty.
    pub(crate) fn slot(&self, url: &Url) -> Slot {
        let mut responses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(responses.by_key.entry(key(url)).or_default())
    }

    /// Accounts for a response that has arrived, or drops it if it is too large.
    pub(crate) fn record(&self, url: &Url, bytes: usize) {
        let mut responses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if bytes > LARGEST || responses.bytes + bytes > MOST {
            responses.by_key.remove(&key(url));
        } else {
            responses.bytes += bytes;
        }
    }

    /// Drops a response that could not be parsed.
    pub(crate) fn forget(&self, url: &Url) {
        let mut responses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        responses.by_key.remove(&key(url));
    }
}

/// The cache key of a URL. Azure Resource Manager paths are case-insensitive; query strings may not be.
fn key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let (port, path) = (
        url.port_or_known_default().unwrap_or_default(),
        url.path().to_lowercase(),
    );
    format!("{host}:{port}{path}?{}", url.query().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        format!("https://management.azure.com{path}").parse().unwrap()
    }

    fn is_cached(cache: &ResponseCache, path: &str) -> bool {
        cache.slot(&url(path)).initialized()
    }

    async fn insert(cache: &ResponseCache, path: &str, bytes: usize) {
        let slot = cache.slot(&url(path));
        slot.get_or_init(|| async { Arc::new(vec![0; bytes]) }).await;
        cache.record(&url(path), bytes);
    }

    #[tokio::test]
    async fn a_cached_response_is_found_in_any_case_of_its_path() {
        let cache = ResponseCache::default();
        insert(&cache, "/Subscriptions/A?api-version=1", 10).await;
        assert!(is_cached(&cache, "/subscriptions/a?api-version=1"));
        assert!(!is_cached(&cache, "/subscriptions/a?api-version=2"));
        cache.forget(&url("/subscriptions/a?api-version=1"));
        assert!(!is_cached(&cache, "/subscriptions/a?api-version=1"));
    }

    #[tokio::test]
    async fn large_or_too_many_responses_are_not_cached() {
        let cache = ResponseCache::default();
        insert(&cache, "/large", LARGEST + 1).await;
        assert!(!is_cached(&cache, "/large"));
        for at in 0..MOST / LARGEST {
            insert(&cache, &format!("/{at}"), LARGEST).await;
        }
        insert(&cache, "/one-more", 1).await;
        assert!(is_cached(&cache, "/0") && !is_cached(&cache, "/one-more"));
    }
}
