//! What can go wrong between Berth and Azure, one variant for each thing tried.

use crate::fault::AzureFault;
use std::time::Duration;

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
        source: reqwest::Error,
    },
    /// No token was to be had.
    #[error("no token for {host}")]
    NoToken {
        /// Host.
        host: String,
        /// What the credential said.
        #[source]
        source: azure_core::Error,
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
        /// Why.
        #[source]
        source: reqwest::Error,
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
        source: serde_json::Error,
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

    /// Whether the thing asked for is not there.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// Whether asking again later makes sense: the trouble is on the way, not in the request.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::CutOff { .. } | Self::BadAnswer { .. } => true,
            Self::Refused { status, .. } => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            Self::SetUp { .. } | Self::NoToken { .. } | Self::BadPath { .. } | Self::Untrusted { .. } => {
                false
            }
        }
    }

    /// Whether the sign-in has ended.
    pub fn is_sign_in(&self) -> bool {
        matches!(self, Self::NoToken { .. }) || self.status() == Some(401)
    }

    /// The chain of causes in one line.
    pub fn chain(&self) -> String {
        berth_domain::causes::chain(self)
    }
}
