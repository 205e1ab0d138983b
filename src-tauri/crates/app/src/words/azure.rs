//! Azure's error, split into labelled parts.

use berth_domain::azure_fault::{AzureFault, AzureWords};

/// Returns each part of Azure's error with the key of its label: the outermost error, its details, and the innermost
/// cause if that is a different error. `about` is the label before an error's target.
pub(super) fn parts(azure: &AzureFault, about: &str) -> Vec<(&'static str, String)> {
    let (outermost, cause) = (azure.outermost(), azure.cause());
    let says_more =
        |words: &&AzureWords| !is_repeated_by(words, &outermost) && !is_repeated_by(words, &cause);
    let listed = |key: &'static str, words: &[AzureWords]| {
        let more = words.iter().filter(says_more);
        let parts: Vec<_> = more.map(|words| (key, with_target(words, about))).collect();
        parts
    };
    let mut parts = vec![
        ("title", code_and_message(&outermost)),
        ("target", outermost.target.clone().unwrap_or_default()),
    ];
    parts.extend(listed("detail", &azure.details));
    parts.extend(listed("inner", &azure.inner));
    if azure.is_wrapped() {
        let innermost = AzureWords {
            message: Some(cause.message.clone())
                .filter(|message| *message != outermost.message)
                .unwrap_or_default(),
            target: cause.target.clone().filter(|_| cause.target != outermost.target),
            ..cause.clone()
        };
        parts.push(("cause", with_target(&innermost, about)));
    }
    parts.push(("correlation", azure.correlation_id.clone().unwrap_or_default()));
    parts.retain(|(_, text)| !text.is_empty());
    parts
}

/// Returns whether another error repeats this one; this one's message may be truncated.
fn is_repeated_by(words: &AzureWords, other: &AzureWords) -> bool {
    words.code == other.code
        && other.message.starts_with(words.message.trim_end_matches('…'))
        && (words.target.is_none() || words.target == other.target)
}

fn code_and_message(words: &AzureWords) -> String {
    let parts = [words.code.as_str(), words.message.as_str()];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(": ")
}

fn with_target(words: &AzureWords, about: &str) -> String {
    match &words.target {
        Some(target) if !target.is_empty() => format!("{} ({about}: {target})", code_and_message(words)),
        _ => code_and_message(words),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{failure_details, failure_sentence};
    use super::*;
    use berth_contract::failure::{Failure, FailureCode, Remedy};
    use serde_json::{Value, json};

    #[test]
    fn every_part_of_an_azure_error_is_shown_once() {
        let details_of = |body: Value| {
            let mut failure = Failure::new(FailureCode::Unclassified, Remedy::TryAgain);
            failure.azure = Some(Box::new(AzureFault::of_value(&body)));
            assert!(
                !failure_sentence(&failure).contains("Azure's message"),
                "it is printed below"
            );
            failure_details(&failure)
        };
        let details = json!([
            { "code": "A", "message": "first reason", "target": "ta" },
            { "code": "B", "message": "second reason", "target": "tb" },
        ]);
        assert_eq!(
            details_of(
                json!({ "error": { "code": "OuterCode", "message": "outer msg", "target": "t", "details": details } })
            ),
            [
                "Azure's message: OuterCode: outer msg",
                "target: t",
                "detail: B: second reason (target: tb)",
                "root cause: A: first reason (target: ta)",
            ]
        );
        let inner =
            json!({ "code": "Middle", "innererror": { "code": "InnerErr", "message": "innererr\nmsg" } });
        assert_eq!(
            details_of(
                json!({ "error": { "code": "OuterCode", "message": "outer msg", "target": "t", "details": details, "innererror": inner } })
            ),
            [
                "Azure's message: OuterCode: outer msg",
                "target: t",
                "detail: A: first reason (target: ta)",
                "detail: B: second reason (target: tb)",
                "inner error: Middle",
                "root cause: InnerErr: innererr\n  msg",
            ]
        );
        assert_eq!(
            details_of(
                json!({ "error": { "code": "UserError", "message": "too small", "innererror": { "code": "ClusterTooSmall" } } })
            ),
            [
                "Azure's message: UserError: too small",
                "root cause: ClusterTooSmall"
            ]
        );
        assert_eq!(
            details_of(
                json!({ "error": { "code": "A", "message": "a", "details": [{ "code": "A", "message": "a" }] } })
            ),
            ["Azure's message: A: a"]
        );
    }
}
