//! Operations without a description and errors in descriptions, each with a reason and a source. Anything that a change
//! to Berth or the sandbox could fix does not belong here, nor does an entry that no recorded exchange needs.

mod list;

pub(crate) use list::EXCEPTIONS;

use crate::template::Template;
use std::fmt::{self, Display, Formatter};

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Exception {
    covers: Covers,
    reason: &'static str,
    source: &'static str,
    /// The definition, below `specs`, that a successful response must match.
    answer: Option<&'static str>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Covers {
    /// An operation without a description.
    Operation {
        method: &'static str,
        path: &'static str,
    },
    /// A finding about a described operation.
    Finding {
        operation: &'static str,
        contains: &'static str,
    },
}

impl Exception {
    /// An exception for an operation without a description.
    pub(crate) const fn operation(
        method: &'static str,
        path: &'static str,
        reason: &'static str,
        source: &'static str,
    ) -> Self {
        Self {
            covers: Covers::Operation { method, path },
            reason,
            source,
            answer: None,
        }
    }

    /// An exception for a finding about a described operation.
    pub(crate) const fn finding(
        operation: &'static str,
        contains: &'static str,
        reason: &'static str,
        source: &'static str,
    ) -> Self {
        Self {
            covers: Covers::Finding { operation, contains },
            reason,
            source,
            answer: None,
        }
    }

    /// Adds the definition that a successful response must match.
    const fn answering(mut self, definition: &'static str) -> Self {
        self.answer = Some(definition);
        self
    }

    /// The definition, below `specs`, that a successful response must match.
    pub(crate) fn answer(&self) -> Option<&'static str> {
        self.answer
    }

    /// Method and path template of the undescribed operation, if this exception covers the request.
    pub(crate) fn undescribed_operation(&self, method: &str, path: &str) -> Option<String> {
        match self.covers {
            Covers::Operation {
                method: wanted,
                path: template,
            } if wanted == method && Template::parse(template).fits(path) => {
                Some(format!("{method} {template}"))
            }
            _ => None,
        }
    }

    /// Whether this exception covers a finding of an operation.
    pub(crate) fn covers_finding(&self, operation: &str, finding: &str) -> bool {
        matches!(self.covers, Covers::Finding { operation: wanted, contains }
            if wanted == operation && finding.contains(contains))
    }
}

impl Display for Exception {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.covers {
            Covers::Operation { method, path } => write!(f, "{method} {path}")?,
            Covers::Finding { operation, contains } => write!(f, "{operation}, {contains:?}")?,
        }
        write!(f, ": {} ({})", self.reason, self.source)
    }
}
