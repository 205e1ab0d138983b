//! Errors of accessing a cluster. They quote nothing that the cluster sent except the scrubbed message of a refusal.

use crate::access::KubeconfigProblem;
use std::error::Error;

/// Why a request to a cluster failed.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// The kubeconfig is refused.
    #[error("the kubeconfig is refused")]
    Kubeconfig {
        #[from]
        source: KubeconfigProblem,
    },
    /// The name is not valid for an object.
    #[error("{what} in the cluster needs a valid Kubernetes name")]
    Name {
        /// The action, such as "listing nodes".
        what: &'static str,
    },
    /// Neither settings nor deployment name the secret with the front end's certificate.
    #[error("neither settings nor deployment of the front end name the secret with its certificate")]
    NoSecretName,
    /// The cluster refused.
    #[error("{what} in the cluster failed: {said} ({status})")]
    Refused {
        what: &'static str,
        /// HTTP status.
        status: u16,
        /// Kubernetes' reason and message, scrubbed.
        said: String,
        /// Whether Kubernetes names the object that does not exist.
        absent: bool,
    },
    /// The connection could not be made, or broke.
    #[error("{what} in the cluster failed")]
    Broken {
        what: &'static str,
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The certificate of the cluster is not signed by the authority in its kubeconfig.
    #[error("{what} in the cluster failed: the server is not the one in the kubeconfig")]
    Untrusted {
        what: &'static str,
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The answer cannot be parsed.
    #[error("{what} in the cluster: the answer cannot be parsed ({kind} at line {line}, column {column})")]
    BadAnswer {
        what: &'static str,
        /// `syntax`, `data` or `end`.
        kind: &'static str,
        line: usize,
        column: usize,
    },
    /// The answer exceeds the size limit.
    #[error("{what} in the cluster: the answer is larger than {most} bytes")]
    TooLarge {
        what: &'static str,
        /// The limit in bytes.
        most: usize,
    },
    /// The answer contains more values than Berth reads.
    #[error("{what} in the cluster: the answer contains more values than Berth reads")]
    TooManyValues { what: &'static str },
    /// A list does not end.
    #[error("{what} in the cluster: the list does not end")]
    Endless { what: &'static str },
    /// A command that Azure ran in the cluster instead of a request to its API failed.
    #[error("{what} in the cluster failed through a command that Azure runs: {said}")]
    Command {
        what: &'static str,
        /// What Azure or kubectl said, scrubbed.
        said: String,
        /// Whether Azure may take it later.
        transient: bool,
    },
    /// The cluster did not answer in time.
    #[error("{what} in the cluster took longer than {seconds} s")]
    TimedOut {
        what: &'static str,
        /// How long Berth waited.
        seconds: u64,
    },
}

impl ClusterError {
    /// The chain of causes in one line.
    pub fn chain(&self) -> String {
        berth_domain::causes::chain(self)
    }

    /// Whether the cluster refused the request unread because it has too many. Then it may be sent again.
    pub fn is_throttled(&self) -> bool {
        matches!(self, Self::Refused { status: 429, .. })
    }

    /// Whether retrying later makes sense.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Kubeconfig { .. }
            | Self::Name { .. }
            | Self::NoSecretName
            | Self::Untrusted { .. }
            | Self::TooLarge { .. }
            | Self::TooManyValues { .. }
            | Self::Endless { .. } => false,
            // Not Kubernetes' own answer about the object: damaged, or a proxy's page.
            Self::Refused { status: 404, .. } => !self.is_absent(),
            Self::Refused { status, .. } => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            // Truncated, or replaced by something else such as a proxy's page.
            Self::BadAnswer { kind, .. } => matches!(*kind, END | SYNTAX),
            Self::Broken { .. } | Self::TimedOut { .. } => true,
            Self::Command { transient, .. } => *transient,
        }
    }

    /// Whether nothing answered from here, as where the API server is private.
    pub fn is_unreached(&self) -> bool {
        matches!(self, Self::Broken { .. } | Self::TimedOut { .. })
    }

    /// Whether the cluster did not accept the account or its rights.
    pub fn is_forbidden(&self) -> bool {
        self.is(401) || self.is(403)
    }

    /// Whether the object does not exist. A 404 of anything but Kubernetes, or for the whole API, says nothing about the
    /// object.
    pub(crate) fn is_absent(&self) -> bool {
        matches!(
            self,
            Self::Refused {
                status: 404,
                absent: true,
                ..
            }
        )
    }

    pub(crate) fn is(&self, code: u16) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == code)
    }
}

const END: &str = "end";
const SYNTAX: &str = "syntax";

/// What is wrong with the JSON. Leaves out serde's message, which quotes the text.
pub(crate) fn kind(error: &serde_json::Error) -> &'static str {
    use serde_json::error::Category;
    match error.classify() {
        Category::Eof => END,
        Category::Data => "data",
        Category::Syntax | Category::Io => SYNTAX,
    }
}
