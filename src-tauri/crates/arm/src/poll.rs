//! Long-running operations: first `Azure-AsyncOperation`, else `Location`, else the resource's own `provisioningState`
//! (learn.microsoft.com/azure/azure-resource-manager/management/async-operations). A bookmark holds everything needed to
//! ask again after a restart.

use berth_domain::azure_fault::{AzureFault, shortened};
use berth_domain::facts::ProvisioningState;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

/// The longest wait between two polls, whatever Azure asks for.
pub const LONGEST_POLL: Duration = Duration::from_secs(60);

/// How to ask again. The address may carry signed values: it belongs in the journal and in no log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bookmark {
    /// What to ask.
    pub ask: Ask,
    /// Path and query to read the resource itself.
    pub resource: String,
    /// What Azure asked to wait, milliseconds.
    pub retry_after_ms: Option<u64>,
}

/// What to ask about an operation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Ask {
    /// The operation's own status.
    Operation {
        /// Its address.
        url: String,
    },
    /// The result's address: 202 while it is not there.
    Location {
        /// Its address.
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

/// Where an operation stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Poll {
    /// Azure works on it.
    InProgress {
        /// Percent, where Azure tells.
        percent: Option<u8>,
        /// Its last words, where it says any.
        message: Option<String>,
        /// Ask again after this.
        wait: Duration,
    },
    /// Done.
    Succeeded,
    /// It ended badly.
    Failed {
        /// Why.
        fault: Box<AzureFault>,
        /// It was cancelled.
        cancelled: bool,
    },
    /// The bookmark has expired or leads elsewhere: the resource itself will tell.
    Gone,
}

/// Reads the status of an operation, or of a resource (`properties.provisioningState`).
pub(crate) fn read(body: &Value, wait: Duration) -> Poll {
    let status = ["status", "provisioningState"]
        .into_iter()
        .find_map(|name| body.get(name).and_then(Value::as_str))
        .or_else(|| body["properties"]["provisioningState"].as_str());
    let state = ProvisioningState::from(status.unwrap_or_default());
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
    fn statuses_in_all_their_spellings() {
        let wait = Duration::from_secs(1);
        let is = |body: Value| read(&body, wait);
        assert_eq!(is(json!({"status":"Succeeded"})), Poll::Succeeded);
        assert_eq!(is(json!({"status":"SUCCEEDED"})), Poll::Succeeded);
        assert_eq!(
            is(json!({"properties":{"provisioningState":"Succeeded"}})),
            Poll::Succeeded
        );
        for spelling in ["Canceled", "cancelled"] {
            assert!(matches!(
                is(json!({"status":spelling})),
                Poll::Failed { cancelled: true, .. }
            ));
        }
        assert!(matches!(
            is(json!({"status":"Accepted"})),
            Poll::InProgress { percent: None, .. }
        ));
        assert!(matches!(
            is(json!({"status":"BrandNewState","percentComplete":37.5})),
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
            panic!("it failed");
        };
        assert_eq!((fault.code.as_str(), fault.message.as_str()), ("E40002", "nodes"));
    }

    #[test]
    fn a_bookmark_shows_no_signed_values() {
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
