//! What can go wrong between Berth and Azure, one variant for each thing tried.

use berth_domain::azure_fault::AzureFault;
use berth_http::{Distrust, SetUpError};
use serde_json::error::Category;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A credential that gave no token. It can be told to everybody who waited for it.
#[derive(Debug, Clone)]
pub struct TokenError(Arc<azure_core::Error>);

impl TokenError {
    /// What the credential said.
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

/// A credential that did not answer in time, as when the Azure CLI waits for something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{credential} did not answer within {seconds} s")]
pub struct CredentialTimedOut {
    /// Which credential.
    pub credential: &'static str,
    /// How long was waited.
    pub seconds: u64,
}

/// Where an answer stops making sense. It quotes nothing of the answer, which may hold secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what}{}", place(*line, *column))]
pub struct BadJson {
    what: &'static str,
    line: usize,
    column: usize,
}

/// Where it is; nothing for what is about the whole.
fn place(line: usize, column: usize) -> String {
    if line == 0 {
        String::new()
    } else {
        format!(" at line {line}, column {column}")
    }
}

const ENDS_EARLY: &str = "the JSON ends too early";

impl BadJson {
    /// More than Berth reads.
    pub(crate) fn too_many_values() -> Self {
        Self {
            what: "the JSON holds more than Berth reads",
            line: 0,
            column: 0,
        }
    }

    /// More than Berth keeps of lists that are read side by side.
    pub(crate) fn too_much_together() -> Self {
        Self {
            what: "with the lists beside it, it holds more than Berth keeps",
            line: 0,
            column: 0,
        }
    }

    /// An address in it that leads to another resource, or is none.
    pub(crate) fn bad_link() -> Self {
        Self {
            what: "an address in it cannot be followed",
            line: 0,
            column: 0,
        }
    }

    /// It is about another resource than the one that was asked for, or about none.
    pub(crate) fn other_resource() -> Self {
        Self {
            what: "it is not about the resource that was asked for",
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

    /// Whether it was cut short, perhaps on the way.
    pub(crate) fn ends_early(&self) -> bool {
        self.what == ENDS_EARLY
    }
}

impl From<serde_json::Error> for BadJson {
    fn from(error: serde_json::Error) -> Self {
        let what = match error.classify() {
            Category::Eof => ENDS_EARLY,
            Category::Data => "the JSON has another form than expected",
            Category::Syntax | Category::Io => "it is not JSON",
        };
        Self {
            what,
            line: error.line(),
            column: error.column(),
        }
    }
}

/// A request that did not work.
#[derive(Debug, thiserror::Error)]
pub enum ArmError {
    /// The client could not be set up.
    #[error("the connection to {host} could not be set up")]
    SetUp {
        /// Host.
        host: String,
        /// Why.
        #[source]
        source: SetUpError,
    },
    /// No token was to be had.
    #[error("no token for {host}")]
    NoToken {
        /// Host.
        host: String,
        /// What the credential said.
        #[source]
        source: TokenError,
    },
    /// An answer lacks the address of what is to be asked next.
    #[error("{path} does not say where {what} can be reached")]
    NoAddress {
        /// Path of the resource.
        path: String,
        /// What was to be asked.
        what: &'static str,
    },
    /// The address of a request could not be read.
    #[error("{path} is not a path of {host}")]
    BadPath {
        /// Host.
        host: String,
        /// The path.
        path: String,
    },
    /// The connection was never made: even a write is safe to repeat.
    #[error("{host} could not be reached")]
    Unreachable {
        /// Host.
        host: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The connection broke, or the answer never came: a write may have arrived.
    #[error("{method} {path} was cut off")]
    CutOff {
        /// Method.
        method: String,
        /// Path.
        path: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The server's certificate is not trusted.
    #[error("the certificate of {host} is not trusted")]
    Untrusted {
        /// Host.
        host: String,
        /// What is wrong with it.
        distrust: Distrust,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The answer, or an address in it, points to a host that gets no token of this account.
    #[error("{host} points to {to}, which gets no token")]
    Elsewhere {
        /// Host that answered.
        host: String,
        /// Host it points to; empty when that cannot be read.
        to: String,
    },
    /// The answer is larger than any real one.
    #[error("the answer to {method} {path} is larger than {limit} bytes")]
    TooLarge {
        /// Method.
        method: String,
        /// Path, without query.
        path: String,
        /// Bytes allowed.
        limit: usize,
    },
    /// A list that repeats a page, or has more pages than any real one.
    #[error("the list at {path} has no end: given up after {pages} pages")]
    EndlessList {
        /// Path, without query.
        path: String,
        /// Pages read.
        pages: usize,
    },
    /// Azure said no.
    #[error("{method} {path} was refused ({status})")]
    Refused {
        /// Method.
        method: String,
        /// Path, without query.
        path: String,
        /// HTTP status.
        status: u16,
        /// What Azure said.
        #[source]
        fault: Box<AzureFault>,
        /// How long Azure asks to wait.
        retry_after: Option<Duration>,
    },
    /// The answer could not be understood.
    #[error("the answer to {method} {path} could not be understood")]
    BadAnswer {
        /// Method.
        method: String,
        /// Path, without query.
        path: String,
        /// Why.
        #[source]
        source: BadJson,
    },
}

impl ArmError {
    /// HTTP status of a refusal.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// What Azure said, where it said something.
    pub fn fault(&self) -> Option<&AzureFault> {
        match self {
            Self::Refused { fault, .. } => Some(fault),
            _ => None,
        }
    }

    /// Whether Azure says that the resource does not exist. A 404 alone does not say so: a proxy answers it too, and Azure does
    /// for types it does not know. Every such code ends alike: `ResourceNotFound`, `ResourceGroupNotFound`, `NotFound`.
    pub fn is_not_found(&self) -> bool {
        let says_so = |fault: &AzureFault| fault.code.to_ascii_lowercase().ends_with("notfound");
        self.status() == Some(404) && self.fault().is_some_and(says_so)
    }

    /// Whether asking again later makes sense: the trouble is on the way, not in the request.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::CutOff { .. } | Self::BadAnswer { .. } => true,
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

    /// How long Azure asks to wait, where it does.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// The chain of causes in one line.
    pub fn chain(&self) -> String {
        berth_domain::causes::chain(self)
    }
}
