//! Options of the connection to Entra ID.

use azure_core::http::{ClientOptions, ExponentialRetryOptions, RetryOptions};
use azure_core::time::Duration as Span;
use berth_http::SMALL_BYTES;
use std::time::Duration;

/// Limit on one request.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(20);
/// The longest wait that Entra ID may ask for before a credential retries.
const LONGEST_ASKED: Duration = Duration::from_secs(5);

/// Client options whose retries end before the caller gives up.
pub(crate) fn options(client: reqwest::Client) -> ClientOptions {
    ClientOptions {
        transport: Some(berth_arm::transport(client, LONGEST_ASKED, SMALL_BYTES)),
        retry: RetryOptions::exponential(ExponentialRetryOptions {
            max_retries: 2,
            max_total_elapsed: Span::seconds(10),
            ..ExponentialRetryOptions::default()
        }),
        ..ClientOptions::default()
    }
}
