//! What was read already, so that several readers of the same thing ask for it once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;
use url::Url;

/// Most bytes of an answer that is remembered; a larger one is shared by those who ask while it is on its way.
const LARGEST: usize = 256 * 1024;
/// Most bytes of all remembered answers together.
const MOST: usize = 8 * 1024 * 1024;

/// The body of an answer, or the place for one that is on its way.
pub(crate) type Kept = Arc<OnceCell<Arc<Vec<u8>>>>;

/// Answers by address.
#[derive(Default)]
pub(crate) struct Memory(Mutex<Answers>);

#[derive(Default)]
struct Answers {
    by_address: HashMap<String, Kept>,
    bytes: usize,
}

impl Memory {
    /// The answer from an address, or where to put it.
    pub(crate) fn at(&self, url: &Url) -> Kept {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(answers.by_address.entry(address(url)).or_default())
    }

    /// Keeps the answer that has come from an address, where it is not too large.
    pub(crate) fn settle(&self, url: &Url, bytes: usize) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if bytes > LARGEST || answers.bytes + bytes > MOST {
            answers.by_address.remove(&address(url));
        } else {
            answers.bytes += bytes;
        }
    }

    /// Forgets an answer that cannot be used.
    pub(crate) fn forget(&self, url: &Url) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.by_address.remove(&address(url));
    }
}

/// Paths of Azure Resource Manager are the same in upper and lower case; what follows them need not be.
fn address(url: &Url) -> String {
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

    fn is_kept(memory: &Memory, path: &str) -> bool {
        memory.at(&url(path)).initialized()
    }

    async fn keep(memory: &Memory, path: &str, bytes: usize) {
        let place = memory.at(&url(path));
        place.get_or_init(|| async { Arc::new(vec![0; bytes]) }).await;
        memory.settle(&url(path), bytes);
    }

    #[tokio::test]
    async fn an_answer_is_found_whatever_the_case_of_its_path() {
        let memory = Memory::default();
        keep(&memory, "/Subscriptions/A?api-version=1", 10).await;
        assert!(is_kept(&memory, "/subscriptions/a?api-version=1"));
        assert!(!is_kept(&memory, "/subscriptions/a?api-version=2"));
        memory.forget(&url("/subscriptions/a?api-version=1"));
        assert!(!is_kept(&memory, "/subscriptions/a?api-version=1"));
    }

    #[tokio::test]
    async fn large_answers_and_too_many_are_not_kept() {
        let memory = Memory::default();
        keep(&memory, "/large", LARGEST + 1).await;
        assert!(!is_kept(&memory, "/large"));
        for at in 0..MOST / LARGEST {
            keep(&memory, &format!("/{at}"), LARGEST).await;
        }
        keep(&memory, "/one-more", 1).await;
        assert!(is_kept(&memory, "/0") && !is_kept(&memory, "/one-more"));
    }
}
