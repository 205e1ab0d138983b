//! Parses error bodies as real services write them.

use super::*;
use serde_json::json;

#[test]
fn the_innermost_cause_is_found() {
    for (body, code, message, outer) in [
        (json!({"error":{"code":"A","message":"a"}}), "A", "a", None),
        (
            json!({"error":{"error":{"code":"A","message":"a"}}}),
            "A",
            "a",
            None,
        ),
        (
            json!({"code":"Throttled","message":"slow"}),
            "Throttled",
            "slow",
            None,
        ),
        (
            json!({"error":{"code":"BadRequest","message":"outer","details":[{"code":"QuotaExceeded","message":"limit 10, need 12"}]}}),
            "QuotaExceeded",
            "limit 10, need 12",
            Some("BadRequest"),
        ),
        (
            json!({"error":{"code":"UserError","message":"x","innererror":{"code":"BadArgument","innererror":{"code":"ClusterTooSmall","message":"12 cores"}}}}),
            "ClusterTooSmall",
            "12 cores",
            Some("UserError"),
        ),
        (
            json!({"error":{"code":"DeploymentFailed","message":"failed: {\"error\":{\"code\":\"SkuNotAvailable\",\"message\":\"no\"}}"}}),
            "SkuNotAvailable",
            "no",
            Some("DeploymentFailed"),
        ),
        (
            json!({"error":{"code":"Conflict","message":"busy"}}),
            "Conflict",
            "busy",
            None,
        ),
    ] {
        let fault = AzureFault::of_value(&body);
        assert_eq!(
            (fault.code.as_str(), fault.message.as_str()),
            (code, message),
            "{body}"
        );
        assert_eq!(fault.outer_code.as_deref(), outer, "{body}");
    }
}

#[test]
fn a_policy_is_named() {
    let body = json!({"error":{"code":"RequestDisallowedByPolicy","message":"no","additionalInfo":[
        {"type":"PolicyViolation","info":{"policyAssignmentDisplayName":"No public addresses"}}]}});
    assert_eq!(
        AzureFault::of_value(&body).policy.as_deref(),
        Some("No public addresses")
    );
}

#[test]
fn each_kind_of_resource_reports_its_error_in_its_own_place() {
    let fault = json!({ "code": "InsufficientSubnetSize", "message": "too small" });
    let wrapped = json!({ "error": fault });
    for body in [
        json!({ "status": "Failed", "error": fault }),
        json!({ "properties": { "error": fault } }),
        json!({ "error": {}, "properties": { "provisioningState": "Failed", "status": { "provisioningError": fault } } }),
        json!({ "properties": { "provisioningErrors": [wrapped] } }),
        json!({ "properties": { "errorInfo": fault } }),
        json!({ "properties": { "errorInfo": {}, "statuses": [
            { "level": "Information", "code": "Installed" },
            { "level": "Error", "code": "InsufficientSubnetSize", "message": "too small" },
        ] } }),
    ] {
        let found = AzureFault::of_resource(&body);
        assert_eq!(
            (found.code.as_str(), found.message.as_str()),
            ("InsufficientSubnetSize", "too small"),
            "{body}"
        );
    }
    for body in [
        json!(null),
        json!([]),
        json!({ "properties": { "statuses": "none" } }),
    ] {
        assert_eq!(AzureFault::of_resource(&body), AzureFault::default());
    }
}

fn words(code: &str, message: &str, target: Option<&str>) -> AzureWords {
    AzureWords {
        code: code.to_owned(),
        message: message.to_owned(),
        target: target.map(str::to_owned),
    }
}

#[test]
fn every_nested_error_is_kept() {
    let body = json!({ "error": {
        "code": "OuterCode", "message": "outer msg", "target": "t",
        "details": [
            { "code": "A", "message": "first reason", "target": "ta" },
            { "code": "B", "message": "second reason", "target": "tb", "details": [{ "code": "C", "message": "third" }] },
            "in plain words",
        ],
    } });
    let fault = AzureFault::of_value(&body);
    assert_eq!(fault.outermost(), words("OuterCode", "outer msg", Some("t")));
    assert_eq!(fault.cause(), words("A", "first reason", Some("ta")));
    assert_eq!(
        fault.details,
        [
            words("A", "first reason", Some("ta")),
            words("B", "second reason", Some("tb")),
            words("C", "third", None),
            words("", "in plain words", None),
        ]
    );
    assert_eq!(fault.to_string(), "OuterCode: outer msg (A: first reason)");

    let body = json!({ "error": {
        "code": "OuterCode", "message": "outer msg", "target": "t",
        "details": [{ "code": "A", "message": "first reason" }],
        "innererror": { "code": "Middle", "innererror": { "code": "InnerErr", "message": "innererr msg" } },
    } });
    let fault = AzureFault::of_value(&body);
    assert_eq!(fault.outermost(), words("OuterCode", "outer msg", Some("t")));
    assert_eq!(fault.cause(), words("InnerErr", "innererr msg", None));
    assert_eq!(fault.details, [words("A", "first reason", None)]);
    assert_eq!(
        fault.inner,
        [words("Middle", "", None), words("InnerErr", "innererr msg", None)]
    );
}

#[test]
fn an_error_without_nesting_is_shown_once() {
    for body in [
        json!({ "error": { "code": "A", "message": "a", "target": "t" } }),
        json!({ "error": { "code": "A", "message": "a", "target": "t", "innererror": { "code": "A", "message": "a" } } }),
    ] {
        let fault = AzureFault::of_value(&body);
        assert!(!fault.is_wrapped(), "{body}");
        assert_eq!(fault.outermost(), words("A", "a", Some("t")));
        assert_eq!(fault.to_string(), "A: a");
    }
}

#[test]
fn members_next_to_error_are_the_outer_error() {
    let body = json!({ "code": 400, "message": "outer", "error": { "code": "A", "message": { "lang": "en", "value": "a" } } });
    let fault = AzureFault::of_value(&body);
    assert_eq!(fault.outermost(), words("400", "outer", None));
    assert_eq!(fault.cause(), words("A", "a", None));
}

#[test]
fn a_long_error_is_truncated() {
    let long = "x".repeat(5000);
    let details: Vec<Value> = (0..500)
        .map(|nth| json!({ "code": format!("C{nth}"), "message": long, "target": long }))
        .collect();
    let fault = AzureFault::of_value(
        &json!({ "error": { "code": long, "message": long, "target": long, "details": details } }),
    );
    assert!(fault.details.len() < 40, "{}", fault.details.len());
    assert_eq!(
        fault.details.last().map(|last| last.message.as_str()),
        Some("… +479")
    );
    let mut fault = fault;
    assert!(fault.texts_mut().iter().all(|text| text.chars().count() <= 4001));
}

#[test]
fn each_error_of_a_resource_is_kept() {
    let body = json!({ "properties": { "provisioningErrors": [
        { "error": { "code": "A", "message": "a" } },
        { "error": { "code": "Outer", "message": "b", "innererror": { "code": "B", "message": "c" } } },
    ] } });
    let fault = AzureFault::of_resource(&body);
    assert_eq!(fault.cause(), words("A", "a", None));
    assert_eq!(fault.details, [words("Outer", "b", None), words("B", "c", None)]);
}

#[test]
fn a_fault_of_an_earlier_journal_is_still_read() {
    let kept = json!({ "status": 400, "code": "A", "message": "a", "target": null, "outerCode": "BadRequest", "correlationId": null });
    let fault: AzureFault = serde_json::from_value(kept).unwrap();
    assert_eq!(fault.outermost(), words("BadRequest", "", None));
    assert_eq!(fault.cause(), words("A", "a", None));
}
