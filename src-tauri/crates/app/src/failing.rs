//! Building failures in one line.

use berth_contract::failure::{Failure, FailureCode, Remedy};
use std::fmt::Display;

/// A failure without values yet.
pub(crate) fn failing(code: FailureCode, remedy: Remedy) -> Failing {
    Failing(Failure {
        code,
        remedy,
        params: Default::default(),
        detail: String::new(),
        azure: None,
    })
}

/// A failure being filled in. Becomes a [`Failure`] by itself where one is asked for.
pub(crate) struct Failing(Failure);

impl Failing {
    /// Adds a value for the words.
    pub(crate) fn with(mut self, name: &str, value: impl Display) -> Self {
        self.0.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// Adds the chain of causes and finishes.
    pub(crate) fn because(mut self, error: &dyn std::error::Error) -> Failure {
        let links = std::iter::successors(Some(error), |link| (*link).source());
        self.0.detail = links.map(ToString::to_string).collect::<Vec<_>>().join(": ");
        self.0
    }

    /// Finishes without a cause.
    pub(crate) fn done(self) -> Failure {
        self.0
    }
}
