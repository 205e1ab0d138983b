//! Whether the state of a resource is the effect of a request.

use super::{Found, by_state};
use crate::record::{AzureReply, Intent};
use serde_json::Value;

/// Whether a request has arrived: there was no resource before, or the resource has changed since, or its operation
/// succeeded. For a resource without a fingerprint, that Azure accepted the request has to be enough.
pub(crate) fn has_arrived(intent: &Intent, found: &Value) -> bool {
    let Some(before) = &intent.before else { return true };
    let now = fingerprint(found);
    let no_fingerprint = before.is_empty() && now.is_empty();
    match intent.reply {
        AzureReply::Succeeded => true,
        AzureReply::Accepted if no_fingerprint => true,
        AzureReply::Accepted | AzureReply::Refused | AzureReply::None => *before != now,
    }
}

/// Whether a resource is in state Failed because of the request: the request was not refused, and the resource was in order
/// before or has changed since. For a resource without a fingerprint, that Azure accepted the request has to be enough.
pub(super) fn has_failed(intent: &Intent, found: &Value) -> bool {
    let Some(before) = &intent.failed_before else {
        return intent.reply != AzureReply::Refused;
    };
    let now = fingerprint(found);
    match intent.reply {
        AzureReply::Refused => false,
        AzureReply::Succeeded => true,
        AzureReply::Accepted if before.is_empty() && now.is_empty() => true,
        AzureReply::Accepted | AzureReply::None => *before != now,
    }
}

/// The fingerprint of a resource in state Failed; `None` for one in order.
pub(crate) fn fingerprint_of_failed(found: &Value) -> Option<String> {
    matches!(by_state(found), Found::Broken(_)).then(|| fingerprint(found))
}

/// Tells whether a resource has changed: the time of its last write, else its etag.
pub(crate) fn fingerprint(found: &Value) -> String {
    let texts = [
        &found["systemData"]["lastModifiedAt"],
        &found["properties"]["modifiedOn"],
        &found["eTag"],
        &found["etag"],
        &found["updatedTime"],
    ];
    texts
        .into_iter()
        .find_map(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::tests_support;
    use super::*;
    use serde_json::json;

    /// Judges a resource in state Failed after a request that found it in order or already failed.
    #[test]
    fn an_earlier_failure_is_not_a_failure_of_the_request() {
        let failed = |mark: &str| json!({ "eTag": mark, "properties": { "provisioningState": "Failed" } });
        let sent = |failed_before: Option<&str>, reply: AzureReply| Intent {
            failed_before: failed_before.map(str::to_owned),
            reply,
            ..tests_support::intent(Some("1".to_owned()))
        };
        for reply in [AzureReply::None, AzureReply::Accepted, AzureReply::Succeeded] {
            assert!(
                has_failed(&sent(None, reply), &failed("1")),
                "in order before, {reply:?}"
            );
            assert!(
                has_failed(&sent(Some("1"), reply), &failed("2")),
                "written since, {reply:?}"
            );
        }
        assert!(!has_failed(&sent(Some("1"), AzureReply::None), &failed("1")));
        assert!(!has_failed(&sent(Some("1"), AzureReply::Accepted), &failed("1")));
        assert!(has_failed(&sent(Some(""), AzureReply::Accepted), &failed("")));
        for before in [None, Some("1"), Some("")] {
            assert!(
                !has_failed(&sent(before, AzureReply::Refused), &failed("2")),
                "{before:?}"
            );
        }
        assert_eq!(fingerprint_of_failed(&failed("1")).as_deref(), Some("1"));
        assert_eq!(
            fingerprint_of_failed(&json!({ "properties": { "provisioningState": "Succeeded" } })),
            None
        );
    }
}
