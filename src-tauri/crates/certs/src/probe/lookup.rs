//! Names, found the way callers find them: by the system's own resolver.

use std::io;
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::timeout;

/// Longest time the system may look for a name.
const LIMIT: Duration = Duration::from_secs(5);

/// Why a name has no addresses.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    /// A name that is not there and a resolver that does not know it look the same from here.
    #[error("{name} has no address")]
    Unknown {
        /// The name.
        name: String,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// The resolver does not answer.
    #[error("{name}: no answer within {LIMIT:?}")]
    TimedOut {
        /// The name.
        name: String,
    },
}

/// Addresses the system finds for a name.
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
