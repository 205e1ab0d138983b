//! Errors of requests to Azure.

use berth_domain::azure_fault::AzureFault;
use berth_http::{Distrust, SetUpError};
use serde_json::error::Category;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A credential failed to provide a token. Cloneable, because several callers may wait for the same token.
#[derive(Debug, Clone)]
pub struct TokenError(Arc<azure_core::Error>);

impl TokenError {
    /// The credential's own error.
    pub fn cause(&self) -> &azure_core::Error {
        &self.0
    }
}

impl From<azure_core::Error> for TokenError {
    fn from(error: azure_core::Error) -> Self {
        Self(Arc::new(error))
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for TokenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

/// A credential did not answer in time, for example because the Azure CLI hangs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{credential} did not answer within {seconds} s")]
pub struct CredentialTimedOut {
    /// Name of the credential, for people.
    pub credential: &'static str,
    /// How long Berth waited.
    pub seconds: u64,
}

/// Why a response could not be parsed, and where. Quotes nothing of the response, which may hold secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what}{}", position(*line, *column))]
pub struct BadJson {
    what: &'static str,
    line: usize,
    column: usize,
}

/// The position as text; empty if the problem concerns the whole body.
fn position(line: usize, column: usize) -> String {
    if line == 0 {
        String::new()
    } else {
        format!(" at line {line}, column {column}")
    }
}

const TRUNCATED: &str = "the JSON is truncated";

impl BadJson {
    /// The JSON exceeds the size limit.
    pub(crate) fn too_many_values() -> Self {
        Self {
            what: "the JSON is larger than Berth accepts",
            line: 0,
            column: 0,
        }
    }

    /// Lists that are read in parallel exceed their common limit.
    pub(crate) fn too_much_together() -> Self {
        Self {
            what: "it exceeds the limit for all lists together",
            line: 0,
            column: 0,
        }
    }

    /// The response contains a URL that is malformed or points to another resource.
    pub(crate) fn bad_link() -> Self {
        Self {
            what: "it contains a URL that cannot be followed",
            line: 0,
            column: 0,
        }
    }

    /// The response lacks the key or token that was requested.
    pub(crate) fn incomplete() -> Self {
        Self {
            what: "it lacks a usable key or token",
            line: 0,
            column: 0,
        }
    }

    /// The response describes another resource than the requested one, or none.
    pub(crate) fn other_resource() -> Self {
        Self {
            what: "it does not describe the requested resource",
            line: 0,
            column: 0,
        }
    }

    /// An item of a list lacks what identifies it.
    pub(crate) fn unidentified() -> Self {
        Self {
            what: "an item of the list lacks its id or its type",
            line: 0,
            column: 0,
        }
    }

    /// The response lacks what a decision depends on.
    pub(crate) fn lacks(what: &'static str) -> Self {
        Self {
            what,
            line: 0,
            column: 0,
        }
    }

    /// The response is in another format than JSON, and malformed.
    pub fn malformed() -> Self {
        Self {
            what: "it is malformed",
            line: 0,
            column: 0,
        }
    }

    /// Whether the body was truncated, perhaps in transit.
    pub(crate) fn is_truncated(&self) -> bool {
        self.what == TRUNCATED
    }
}

impl From<serde_json::Error> for BadJson {
    fn from(error: serde_json::Error) -> Self {
        let what = match error.classify() {
            Category::Eof => TRUNCATED,
            Category::Data => "the JSON does not have the expected structure",
            Category::Syntax | Category::Io => "it is not JSON",
        };
        Self {
            what,
            line: error.line(),
            column: error.column(),
        }
    }
}

/// Why a request to Azure failed.
#[derive(Debug, thiserror::Error)]
pub enum ArmError {
    /// The HTTP client could not be built.
    #[error("the connection to {host} could not be set up")]
    SetUp {
        /// Host the connection was for.
        host: String,
        /// The cause.
        #[source]
        source: SetUpError,
    },
    /// The credential did not provide a token.
    #[error("no token for {host}")]
    NoToken {
        /// Host the token was for.
        host: String,
        /// The credential's error.
        #[source]
        source: TokenError,
    },
    /// A response lacks a URL that is needed for the next request.
    #[error("{path} does not say where {what} can be reached")]
    NoAddress {
        /// Path of the resource.
        path: String,
        /// What the URL is needed for.
        what: &'static str,
    },
    /// The path or URL of a request is malformed or belongs to another host.
    #[error("{path} is not a path of {host}")]
    BadPath {
        /// Host the request was for.
        host: String,
        /// The path or URL, without query.
        path: String,
    },
    /// No connection was established, so even a write is safe to repeat.
    #[error("{host} could not be reached")]
    Unreachable {
        /// Host of the request.
        host: String,
        /// The cause.
        #[source]
        source: reqwest::Error,
    },
    /// The connection broke, or no response came: a write may have reached Azure.
    #[error("{method} {path} was cut off")]
    CutOff {
        /// HTTP method.
        method: String,
        /// Path, without query.
        path: String,
        /// The cause.
        #[source]
        source: reqwest::Error,
    },
    /// The server's certificate is not trusted.
    #[error("the certificate of {host} is not trusted")]
    Untrusted {
        /// Host that presented the certificate.
        host: String,
        /// What is wrong with the certificate.
        distrust: Distrust,
        /// The cause.
        #[source]
        source: reqwest::Error,
    },
    /// A redirect or a URL in the response points to a host that must not receive this account's tokens.
    #[error("{host} points to {to}, which is not trusted with this account's token")]
    Elsewhere {
        /// Host that responded.
        host: String,
        /// Host it points to; empty if unknown.
        to: String,
    },
    /// The response exceeds the size limit.
    #[error("the response to {method} {path} is larger than {limit} bytes")]
    TooLarge {
        /// HTTP method.
        method: String,
        /// Path, without query.
        path: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// A list repeats a page, has too many pages or takes too long.
    #[error("the list at {path} does not end; stopped after {pages} pages")]
    EndlessList {
        /// Path, without query.
        path: String,
        /// Pages read.
        pages: usize,
    },
    /// Azure responded with an error status.
    #[error("{method} {path} was refused ({status})")]
    Refused {
        /// HTTP method.
        method: String,
        /// Path, without query.
        path: String,
        /// HTTP status.
        status: u16,
        /// Azure's error code and message.
        #[source]
        fault: Box<AzureFault>,
        /// The wait that Azure asks for (`Retry-After`); `None` if it does not say.
        retry_after: Option<Duration>,
    },
    /// The response could not be parsed.
    #[error("the response to {method} {path} could not be parsed")]
    BadAnswer {
        /// HTTP method.
        method: String,
        /// Path, without query.
        path: String,
        /// The cause.
        #[source]
        source: BadJson,
    },
}

impl ArmError {
    /// HTTP status of a refusal; `None` for other errors.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Azure's error code and message; `None` unless Azure refused the request.
    pub fn fault(&self) -> Option<&AzureFault> {
        match self {
            Self::Refused { fault, .. } => Some(fault),
            _ => None,
        }
    }

    /// Whether Azure says that the resource does not exist. A 404 alone does not say so: a proxy answers it too, and Azure does
    /// for types it does not know. Such codes end alike (`ResourceNotFound`, `ResourceGroupNotFound`, `NotFound`), except the two of
    /// Azure ML for endpoints and their deployments, which recorded answers have inside `NotFound`.
    pub fn is_not_found(&self) -> bool {
        let says_so = |fault: &AzureFault| {
            let code = fault.code.to_ascii_lowercase();
            code.ends_with("notfound") || ["nosuchendpoint", "nosuchservice"].contains(&code.as_str())
        };
        self.status() == Some(404) && self.fault().is_some_and(says_so)
    }

    /// Whether the same read may succeed later: the cause is in the network or the service, not in the request.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::CutOff { .. } | Self::BadAnswer { .. } => true,
            // A 404 without a code of Azure is a proxy's, or was damaged on the way.
            Self::Refused {
                status: 404, fault, ..
            } => fault.code == "Http404",
            Self::Refused { status, .. } => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            Self::SetUp { .. }
            | Self::NoToken { .. }
            | Self::NoAddress { .. }
            | Self::BadPath { .. }
            | Self::Untrusted { .. }
            | Self::Elsewhere { .. }
            | Self::TooLarge { .. }
            | Self::EndlessList { .. } => false,
        }
    }

    /// The wait that Azure asks for (`Retry-After`), if any.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// The error and its causes in one line.
    pub fn chain(&self) -> String {
        berth_domain::causes::chain(self)
    }
}
