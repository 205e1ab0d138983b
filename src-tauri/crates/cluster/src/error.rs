//! What does not work inside a cluster. Nothing a cluster sent is quoted, but for the words of a refusal.

use crate::access::KubeconfigProblem;
use std::error::Error;

/// What did not work.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// The kubeconfig is not used.
    #[error("the kubeconfig is not used")]
    Kubeconfig {
        /// Why.
        #[from]
        source: KubeconfigProblem,
    },
    /// A name that no object can have.
    #[error("{what} in the cluster needs a name that Kubernetes allows")]
    Name {
        /// What was asked.
        what: &'static str,
    },
    /// The front end does not say which secret holds its certificate.
    #[error("the front end does not tell the name of the secret with its certificate")]
    NoSecretName,
    /// The cluster said no.
    #[error("{what} in the cluster did not work: {said} ({status})")]
    Refused {
        /// What was asked.
        what: &'static str,
        /// HTTP status.
        status: u16,
        /// Kubernetes' reason and message, without what may be secret.
        said: String,
    },
    /// The connection could not be made, or broke.
    #[error("{what} in the cluster did not work")]
    Broken {
        /// What was asked.
        what: &'static str,
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The cluster showed a certificate that its kubeconfig does not vouch for.
    #[error("{what} in the cluster did not work: the server is not the one of the kubeconfig")]
    Untrusted {
        /// What was asked.
        what: &'static str,
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The answer cannot be understood.
    #[error(
        "{what} in the cluster: the answer cannot be understood ({kind} at line {line}, column {column})"
    )]
    BadAnswer {
        /// What was asked.
        what: &'static str,
        /// `syntax`, `data` or `end`.
        kind: &'static str,
        /// Line in the answer.
        line: usize,
        /// Column in the line.
        column: usize,
    },
    /// The answer is larger than it may be.
    #[error("{what} in the cluster: the answer is larger than {most} bytes")]
    TooLarge {
        /// What was asked.
        what: &'static str,
        /// Most bytes.
        most: usize,
    },
    /// The answer holds more values than Berth reads.
    #[error("{what} in the cluster: the answer holds more values than Berth reads")]
    TooManyValues {
        /// What was asked.
        what: &'static str,
    },
    /// A list does not come to an end.
    #[error("{what} in the cluster: the list does not come to an end")]
    Endless {
        /// What was asked.
        what: &'static str,
    },
    /// It did not answer in time.
    #[error("{what} in the cluster took longer than {seconds} s")]
    TimedOut {
        /// What was asked.
        what: &'static str,
        /// How long was waited.
        seconds: u64,
    },
}

impl ClusterError {
    /// The chain of causes in one line.
    pub fn chain(&self) -> String {
        berth_domain::causes::chain(self)
    }

    /// Whether the cluster turned the request away unread, because it has too many: it may be sent again.
    pub fn is_throttled(&self) -> bool {
        matches!(self, Self::Refused { status: 429, .. })
    }

    /// Whether asking again later makes sense.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Kubeconfig { .. }
            | Self::Name { .. }
            | Self::NoSecretName
            | Self::Untrusted { .. }
            | Self::TooLarge { .. }
            | Self::TooManyValues { .. }
            | Self::Endless { .. } => false,
            Self::Refused { status, .. } => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            // Cut short on the way, or something else in its place: a proxy's page.
            Self::BadAnswer { kind, .. } => matches!(*kind, END | SYNTAX),
            Self::Broken { .. } | Self::TimedOut { .. } => true,
        }
    }

    pub(crate) fn is(&self, code: u16) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == code)
    }
}

const END: &str = "end";
const SYNTAX: &str = "syntax";

/// What is wrong with JSON, without the text: serde's own words quote it.
pub(crate) fn kind(error: &serde_json::Error) -> &'static str {
    use serde_json::error::Category;
    match error.classify() {
        Category::Eof => END,
        Category::Data => "data",
        Category::Syntax | Category::Io => SYNTAX,
    }
}
