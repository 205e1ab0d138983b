//! The sample that each call of a canary sends.

use serde::{Deserialize, Serialize};

/// Largest sample, in bytes. It is sent twice a second.
pub const LARGEST_SAMPLE: u64 = 4 * 1024 * 1024;

/// Why a sample cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SampleProblem {
    #[error("no sample was chosen")]
    NotGiven,
    #[error("{why}")]
    NotRead { why: String },
    #[error("the sample is no JSON: {why}")]
    NotJson { why: String },
}

impl SampleProblem {
    /// Key of its text.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotGiven => "no_sample",
            Self::NotRead { .. } => "sample_not_read",
            Self::NotJson { .. } => "sample_not_json",
        }
    }

    pub fn why(&self) -> &str {
        match self {
            Self::NotGiven => "",
            Self::NotRead { why } | Self::NotJson { why } => why,
        }
    }
}

/// Checks the bytes of a sample. The reason does not quote it.
///
/// # Errors
/// [`SampleProblem::NotJson`].
pub fn check_sample(bytes: &[u8]) -> Result<(), SampleProblem> {
    let parsed = serde_json::from_slice::<serde::de::IgnoredAny>(bytes);
    parsed.map(drop).map_err(|error| SampleProblem::NotJson {
        why: format!("line {}, column {}", error.line(), error.column()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_where_and_quotes_nothing() {
        assert_eq!(check_sample(br#"{"data": [[1, 2]]}"#), Ok(()));
        let problem = check_sample(b"{\"secret\":\n oops}").expect_err("no JSON");
        assert_eq!(problem.why(), "line 2, column 2");
        assert!(check_sample(b"").is_err());
    }
}
