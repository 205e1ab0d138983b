//! Azure's errors, unnested, with the cause picked out. Services nest errors as `error.error`, `details[]`, `innererror`, and
//! whole error bodies as JSON text inside a message.

mod reading;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use ts_rs::TS;

/// Longest message that is kept, in characters.
const MOST_CHARACTERS: usize = 4000;

/// Largest number of list entries that are kept.
const MOST_DETAILS: usize = 20;

/// An error from Azure: the innermost cause, the outermost error, and everything in between.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AzureFault {
    /// HTTP status, if the error was a response (not part of an operation).
    pub status: Option<u16>,
    /// Innermost error code.
    pub code: String,
    /// Innermost message, as written by the service.
    pub message: String,
    /// Target of the innermost error, if given.
    pub target: Option<String>,
    /// Code of the outermost error, if different.
    pub outer_code: Option<String>,
    /// Message of the outermost error, if that is not the innermost one.
    #[serde(default)]
    pub outer_message: Option<String>,
    /// Target of the outermost error, if that is not the innermost one.
    #[serde(default)]
    pub outer_target: Option<String>,
    /// Entries of `details`, up to a limit.
    #[serde(default)]
    pub details: Vec<AzureWords>,
    /// Every `innererror`, outermost first.
    #[serde(default)]
    pub inner: Vec<AzureWords>,
    /// `x-ms-correlation-request-id` (otherwise `x-ms-request-id`), for Azure support.
    pub correlation_id: Option<String>,
    /// Name of the Azure policy that denied the request, if any. Shown as a value of the text.
    #[serde(skip)]
    pub policy: Option<String>,
}

/// One of the errors that Azure nests.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AzureWords {
    pub code: String,
    pub message: String,
    /// What the error is about, if given.
    pub target: Option<String>,
}

impl AzureFault {
    /// Reads an error object, or a body that contains one.
    pub fn of_value(value: &Value) -> Self {
        reading::fault(value)
    }

    /// Reads why an operation or resource is in state `Failed`, if its body says so: operations in `error`, clusters in
    /// `status`, computes in `provisioningErrors`, extensions in `errorInfo` or in `statuses`.
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
        let mut faults = places.into_iter().filter_map(Self::of_list);
        faults.next().unwrap_or_default()
    }

    /// Reads several errors as the first one, with the others as its details. `None` if all are empty.
    fn of_list(errors: Vec<&Value>) -> Option<Self> {
        let faults = errors.into_iter().map(Self::of_value);
        let mut nonempty = faults.filter(|fault| !fault.code.is_empty() || !fault.message.is_empty());
        let mut first = nonempty.next()?;
        for other in nonempty.take(MOST_DETAILS) {
            let cause = other.is_wrapped().then(|| other.cause());
            first.details.push(other.outermost());
            first.details.extend(cause);
        }
        Some(first)
    }

    /// Whether the innermost error differs from the outermost.
    pub fn is_wrapped(&self) -> bool {
        self.outer_code.is_some() || self.outer_message.is_some()
    }

    /// The outermost error.
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

    /// The innermost error.
    pub fn cause(&self) -> AzureWords {
        AzureWords {
            code: self.code.clone(),
            message: self.message.clone(),
            target: self.target.clone(),
        }
    }

    /// Every text in the fault, so that callers can redact what must not be quoted.
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

/// Writes the outermost error, followed by the innermost in parentheses.
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

/// Truncates a message from Azure to a length that can be shown and stored.
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
