//! The clipboard of the desktop session.

use arboard::{Clipboard, Error};
use berth_e2e::window::Outcome;
use std::time::{Duration, Instant};

/// Berth removes a secret after a minute.
const LIMIT: Duration = Duration::from_secs(90);

/// The text on it; `None` if there is none.
pub(super) fn text() -> Outcome<Option<String>> {
    match Clipboard::new()?.get_text() {
        Ok(text) => Ok(Some(text)),
        Err(Error::ContentNotAvailable) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Waits until a secret is no longer on it.
pub(super) async fn expect_no_more(secret: &str) -> Outcome {
    let until = Instant::now() + LIMIT;
    while text()?.is_some_and(|text| text.contains(secret)) {
        if Instant::now() > until {
            return Err("the secret is still on the clipboard".into());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}
