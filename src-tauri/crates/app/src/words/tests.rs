use super::*;
use berth_contract::failure::{FailureCode, Remedy};

#[test]
fn the_title_of_a_failure_is_a_sentence_of_its_own() {
    let text = |code| failure_told(&Failure::new(code, Remedy::TryAgain).with("reason", ""));
    assert_eq!(
        text(FailureCode::Internal),
        "A fault in Berth. Something went wrong inside Berth itself. It is not about your choices."
    );
    assert_eq!(
        text(FailureCode::VaultUnavailable),
        "The keychain cannot be used."
    );
}

#[test]
fn everything_azure_said_is_told_and_nothing_twice() {
    let told = |body: Value| {
        let mut failure = Failure::new(FailureCode::Unclassified, Remedy::TryAgain);
        failure.azure = Some(Box::new(AzureFault::of_value(&body)));
        assert!(!failure_told(&failure).contains("Azure said"), "it stands below");
        failure_details(&failure)
    };
    let details = serde_json::json!([
        { "code": "A", "message": "first reason", "target": "ta" },
        { "code": "B", "message": "second reason", "target": "tb" },
    ]);
    assert_eq!(
        told(
            serde_json::json!({ "error": { "code": "OuterCode", "message": "outer msg", "target": "t", "details": details } })
        ),
        [
            "Azure said: OuterCode: outer msg",
            "about: t",
            "detail: B: second reason (about: tb)",
            "innermost cause: A: first reason (about: ta)",
        ]
    );
    let inner = serde_json::json!({ "code": "Middle", "innererror": { "code": "InnerErr", "message": "innererr\nmsg" } });
    assert_eq!(
        told(
            serde_json::json!({ "error": { "code": "OuterCode", "message": "outer msg", "target": "t", "details": details, "innererror": inner } })
        ),
        [
            "Azure said: OuterCode: outer msg",
            "about: t",
            "detail: A: first reason (about: ta)",
            "detail: B: second reason (about: tb)",
            "inner error: Middle",
            "innermost cause: InnerErr: innererr\n  msg",
        ]
    );
    assert_eq!(
        told(
            serde_json::json!({ "error": { "code": "UserError", "message": "too small", "innererror": { "code": "ClusterTooSmall" } } })
        ),
        [
            "Azure said: UserError: too small",
            "innermost cause: ClusterTooSmall"
        ]
    );
    assert_eq!(
        told(
            serde_json::json!({ "error": { "code": "A", "message": "a", "details": [{ "code": "A", "message": "a" }] } })
        ),
        ["Azure said: A: a"]
    );
}

#[test]
fn fills_what_is_named() {
    let params = BTreeMap::from([("n".to_owned(), "12".to_owned())]);
    assert_eq!(
        fill("needs {{n}} vCPU, {{m}}left {{", &params),
        "needs 12 vCPU, left {{"
    );
    assert_eq!(fill("{{n, number}}!", &params), "12!");
}

#[test]
fn finds_dotted_keys_whole_and_nested() {
    let catalogue = serde_json::json!({"CPU-14.small": {"message": "a"}, "step": {"x": "b"}, "c.d": "e"});
    let none = BTreeMap::new();
    assert_eq!(
        look_up(&catalogue, &["CPU-14.small", "message"], &none).as_deref(),
        Some("a")
    );
    assert_eq!(look_up(&catalogue, &["step", "x"], &none).as_deref(), Some("b"));
    assert_eq!(look_up(&catalogue, &["c", "d"], &none).as_deref(), Some("e"));
    assert_eq!(look_up(&catalogue, &["none"], &none), None);
}
