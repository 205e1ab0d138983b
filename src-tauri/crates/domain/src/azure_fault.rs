//! Azure's errors, with everything they say and the cause picked out. The services nest them: `error.error`, `details[]`,
//! `innererror`, and whole error bodies as JSON text inside a message.

mod reading;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use ts_rs::TS;

/// The most of a message that is kept.
const MOST_CHARACTERS: usize = 4000;

/// The most entries of a list that are kept.
const MOST_DETAILS: usize = 20;

/// Azure's own error: its innermost cause, what stands around it, and everything in between.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AzureFault {
    /// HTTP status, where the fault came as an answer (not inside an operation).
    pub status: Option<u16>,
    /// Innermost error code.
    pub code: String,
    /// Innermost message, as the service wrote it.
    pub message: String,
    /// What the innermost error is about, where the service says.
    pub target: Option<String>,
    /// Code of the outermost error, where it differs.
    pub outer_code: Option<String>,
    /// Message of the outermost error, where that is another than the innermost.
    #[serde(default)]
    pub outer_message: Option<String>,
    /// What the outermost error is about, where that is another than the innermost.
    #[serde(default)]
    pub outer_target: Option<String>,
    /// Every entry of `details`, up to a number.
    #[serde(default)]
    pub details: Vec<AzureWords>,
    /// Every `innererror`, from the outermost in.
    #[serde(default)]
    pub inner: Vec<AzureWords>,
    /// `x-ms-correlation-request-id` (else `x-ms-request-id`), to give to support.
    pub correlation_id: Option<String>,
    /// Name of the policy that refused, where one did. People get it among the values of the words.
    #[serde(skip)]
    pub policy: Option<String>,
}

/// One error among those that Azure nests.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AzureWords {
    /// Its code.
    pub code: String,
    /// Its message.
    pub message: String,
    /// What it is about.
    pub target: Option<String>,
}

impl AzureFault {
    /// Reads an error object, or what contains one.
    pub fn of_value(value: &Value) -> Self {
        reading::fault(value)
    }

    /// Why an operation or a resource is in state `Failed`, as far as its body tells: operations in `error`, clusters in
    /// `status`, computes in `provisioningErrors`, extensions in `errorInfo` or among their `statuses`.
    pub fn of_resource(body: &Value) -> Self {
        let properties = &body["properties"];
        let listed = |name: &str| properties[name].as_array().into_iter().flatten();
        let is_error = |status: &&Value| {
            let level = status["level"].as_str();
            level.is_some_and(|level| level.eq_ignore_ascii_case("error"))
        };
        let places: [Vec<&Value>; 6] = [
            vec![&body["error"]],
            vec![&properties["error"]],
            vec![&properties["status"]["provisioningError"]],
            listed("provisioningErrors").collect(),
            vec![&properties["errorInfo"]],
            listed("statuses").filter(is_error).collect(),
        ];
        let mut told = places.into_iter().filter_map(Self::of_list);
        told.next().unwrap_or_default()
    }

    /// The first of several errors, with the others among its details. `None` when none says anything.
    fn of_list(errors: Vec<&Value>) -> Option<Self> {
        let faults = errors.into_iter().map(Self::of_value);
        let mut telling = faults.filter(|fault| !fault.code.is_empty() || !fault.message.is_empty());
        let mut first = telling.next()?;
        for other in telling.take(MOST_DETAILS) {
            let cause = other.is_wrapped().then(|| other.cause());
            first.details.push(other.outermost());
            first.details.extend(cause);
        }
        Some(first)
    }

    /// Whether the innermost error is another than the outermost.
    pub fn is_wrapped(&self) -> bool {
        self.outer_code.is_some() || self.outer_message.is_some()
    }

    /// What Azure said first.
    pub fn outermost(&self) -> AzureWords {
        if !self.is_wrapped() {
            return self.cause();
        }
        AzureWords {
            code: self.outer_code.clone().unwrap_or_else(|| self.code.clone()),
            message: self.outer_message.clone().unwrap_or_default(),
            target: self.outer_target.clone(),
        }
    }

    /// The innermost cause.
    pub fn cause(&self) -> AzureWords {
        AzureWords {
            code: self.code.clone(),
            message: self.message.clone(),
            target: self.target.clone(),
        }
    }

    /// Every text in it, to take out what must not be quoted.
    pub fn texts_mut(&mut self) -> Vec<&mut String> {
        let Self {
            status: _,
            code,
            message,
            target,
            outer_code,
            outer_message,
            outer_target,
            details,
            inner,
            correlation_id,
            policy,
        } = self;
        let mut texts = vec![code, message];
        let named = [
            target,
            outer_code,
            outer_message,
            outer_target,
            correlation_id,
            policy,
        ];
        texts.extend(named.into_iter().flatten());
        for AzureWords {
            code,
            message,
            target,
        } in details.iter_mut().chain(inner)
        {
            texts.extend([code, message]);
            texts.extend(target);
        }
        texts
    }
}

impl fmt::Display for AzureWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code.is_empty(), self.message.is_empty()) {
            (false, false) => write!(f, "{}: {}", self.code, self.message),
            (false, true) => f.write_str(&self.code),
            (true, false) => f.write_str(&self.message),
            (true, true) => f.write_str("no explanation"),
        }
    }
}

/// The outermost error, and in parentheses the innermost.
impl fmt::Display for AzureFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (outermost, mut cause) = (self.outermost(), self.cause());
        if !self.is_wrapped() {
            return cause.fmt(f);
        }
        if outermost.message == cause.message {
            cause.message.clear();
        }
        write!(f, "{outermost} ({cause})")
    }
}

impl std::error::Error for AzureFault {}

/// What Azure said, cut to a length that can be shown and kept.
pub fn shortened(message: String) -> String {
    cut(message, MOST_CHARACTERS)
}

fn cut(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push('…');
    }
    text
}
