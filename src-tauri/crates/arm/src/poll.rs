//! Long-running operations: polls `Azure-AsyncOperation`, or else `Location`, or else the resource's
//! `provisioningState` (learn.microsoft.com/azure/azure-resource-manager/management/async-operations). A bookmark holds
//! everything needed to continue polling after a restart.

use berth_domain::azure_fault::{AzureFault, shortened};
use berth_domain::facts::ProvisioningState;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

/// Longest wait between two polls, even if Azure asks for a longer one.
pub const LONGEST_POLL: Duration = Duration::from_secs(60);

/// How to continue polling. The URL may contain signed values: it may be written to the journal, but never to a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bookmark {
    /// What to poll.
    pub ask: Ask,
    /// Path and query to read the resource itself.
    pub resource: String,
    /// Azure's `Retry-After`, in milliseconds; `None` if it sent none.
    pub retry_after_ms: Option<u64>,
}

/// What to poll for an operation's result.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Ask {
    /// The operation's own status.
    Operation {
        /// URL from `Azure-AsyncOperation`.
        url: String,
    },
    /// The result's URL, which answers 202 until the result is ready.
    Location {
        /// URL from `Location`.
        url: String,
    },
    /// The resource's `provisioningState`.
    Resource,
}

impl std::fmt::Debug for Bookmark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, url) = match &self.ask {
            Ask::Operation { url } => ("operation", url.as_str()),
            Ask::Location { url } => ("location", url.as_str()),
            Ask::Resource => ("resource", self.resource.as_str()),
        };
        write!(
            f,
            "Bookmark({kind} {})",
            url.split('?').next().unwrap_or_default()
        )
    }
}

/// State of an operation.
#[derive(Debug, Clone, PartialEq)]
pub enum Poll {
    /// Still running.
    InProgress {
        /// Percent complete; `None` if Azure does not report it.
        percent: Option<u8>,
        /// Azure's latest progress message, if any.
        message: Option<String>,
        /// Wait before the next poll.
        wait: Duration,
    },
    /// Completed.
    Succeeded,
    /// Failed or cancelled.
    Failed {
        /// Azure's error.
        fault: Box<AzureFault>,
        /// Whether the operation was cancelled.
        cancelled: bool,
    },
    /// The bookmark has expired or points to another host. Read the resource itself instead.
    Gone,
}

/// Parses the status of an operation, or of a resource.
pub(crate) fn read(body: &Value, wait: Duration) -> Poll {
    let status = ["status", "provisioningState"]
        .into_iter()
        .find_map(|name| body.get(name).and_then(Value::as_str));
    let state = status.map_or_else(|| ProvisioningState::of_resource(body), ProvisioningState::from);
    match state {
        state if state.is_succeeded() => Poll::Succeeded,
        state if state.is_failed() => Poll::Failed {
            fault: Box::new(AzureFault::of_resource(body)),
            cancelled: state == ProvisioningState::Canceled,
        },
        _ => Poll::InProgress {
            percent: percent(body),
            message: message(body),
            wait,
        },
    }
}

fn percent(body: &Value) -> Option<u8> {
    let number = body
        .get("percentComplete")
        .or_else(|| body["properties"].get("percentComplete"))?
        .as_f64()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=100"
    )]
    let percent = number.clamp(0.0, 100.0) as u8;
    Some(percent)
}

fn message(body: &Value) -> Option<String> {
    let text = body["properties"]["message"]
        .as_str()
        .or_else(|| body["message"].as_str())?;
    Some(shortened(text.to_owned())).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn statuses_are_read_in_any_spelling() {
        let wait = Duration::from_secs(1);
        let status = |body: Value| read(&body, wait);
        assert_eq!(status(json!({"status":"Succeeded"})), Poll::Succeeded);
        assert_eq!(status(json!({"status":"SUCCEEDED"})), Poll::Succeeded);
        assert_eq!(
            status(json!({"properties":{"provisioningState":"Succeeded"}})),
            Poll::Succeeded
        );
        for spelling in ["Canceled", "cancelled"] {
            assert!(matches!(
                status(json!({"status":spelling})),
                Poll::Failed { cancelled: true, .. }
            ));
        }
        assert!(matches!(
            status(json!({"status":"Accepted"})),
            Poll::InProgress { percent: None, .. }
        ));
        assert!(matches!(
            status(json!({"status":"BrandNewState","percentComplete":37.5})),
            Poll::InProgress {
                percent: Some(37),
                ..
            }
        ));
    }

    #[test]
    fn the_cause_of_a_failure_is_read() {
        let Poll::Failed { fault, .. } = read(
            &json!({"status":"Failed","error":{"error":{"code":"UserError","message":"outer","details":[{"code":"E40002","message":"nodes"}]}}}),
            Duration::ZERO,
        ) else {
            panic!("expected a failure");
        };
        assert_eq!((fault.code.as_str(), fault.message.as_str()), ("E40002", "nodes"));
    }

    #[test]
    fn debug_output_of_a_bookmark_omits_signed_values() {
        let bookmark = Bookmark {
            ask: Ask::Operation {
                url: "https://host/op?sig=secret".to_owned(),
            },
            resource: "/r".to_owned(),
            retry_after_ms: None,
        };
        assert!(!format!("{bookmark:?}").contains("secret"));
    }
}
