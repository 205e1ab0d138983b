//! Resolves names with the system's resolver, as callers do.

use std::io;
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::timeout;

/// Limit on resolving a name.
const LIMIT: Duration = Duration::from_secs(5);

/// Why a name did not resolve.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    /// The name does not exist, or the resolver does not know it: both look the same from here.
    #[error("{name} has no address")]
    Unknown {
        name: String,
        /// The error of the system.
        #[source]
        cause: io::Error,
    },
    /// The resolver does not answer.
    #[error("{name}: no answer within {LIMIT:?}")]
    TimedOut { name: String },
}

/// Resolves a name.
///
/// # Errors
/// [`LookupError`].
pub async fn addresses(name: &str) -> Result<Vec<IpAddr>, LookupError> {
    match timeout(LIMIT, tokio::net::lookup_host((name, 0))).await {
        Ok(Ok(found)) => Ok(found.map(|address| address.ip()).collect()),
        Ok(Err(cause)) => Err(LookupError::Unknown {
            name: name.to_owned(),
            cause,
        }),
        Err(_) => Err(LookupError::TimedOut {
            name: name.to_owned(),
        }),
    }
}
