use super::*;
use proptest::prelude::*;
use serde_json::json;

#[test]
fn maps_of_whole_percent_are_read_and_others_refused() {
    for (map, code) in [
        (json!({}), None),
        (json!({ "blue": 90, "green": 10, "red": 0 }), None),
        (json!({ "blue": 100.0 }), None),
        (json!(null), Some("unread")),
        (json!([]), Some("unread")),
        (json!("blue"), Some("unread")),
        (json!({ "blue": -1 }), Some("not_a_percent")),
        (json!({ "blue": 101 }), Some("not_a_percent")),
        (json!({ "blue": 1e300 }), Some("not_a_percent")),
        (json!({ "blue": 33.3 }), Some("not_a_percent")),
        (json!({ "blue": "90" }), Some("not_a_percent")),
        (json!({ "blue": null }), Some("not_a_percent")),
        (json!({ "blue": { "percent": 90 } }), Some("not_a_percent")),
        (json!({ "blue": 50, "BLUE": 50 }), Some("twice")),
    ] {
        let read = Traffic::read(&map);
        assert_eq!(read.err().map(|problem| problem.code()), code, "{map}");
    }
}

#[test]
fn a_problem_says_what_is_wrong_and_how_to_fix_it() {
    let problem = Traffic::read(&json!({ "blue": "90" })).expect_err("text");
    assert_eq!(
        problem.to_string(),
        "the traffic of blue is \"90\"; it must be a whole number from 0 to 100"
    );
    assert_eq!(
        problem.params(),
        [("version", "blue".to_owned()), ("value", "\"90\"".to_owned())]
    );
}

#[test]
fn a_file_that_names_a_version_twice_is_refused() {
    for text in [r#"{"blue": 50, "blue": 50}"#, r#"{"blue": 50, "Blue": 50}"#] {
        let error = serde_json::from_str::<Traffic>(text)
            .expect_err("twice")
            .to_string();
        assert!(error.contains("given twice"), "{error}");
    }
    let error = serde_json::from_str::<Traffic>("99")
        .expect_err("no map")
        .to_string();
    assert!(error.contains("a map of versions to whole percent"), "{error}");
    let goal: Result<TrafficGoal, _> = serde_json::from_str(r#"{"traffic": {"blue": 100}, "shadow": {}}"#);
    assert!(goal.is_err());
}

#[test]
fn case_and_zeros_make_no_difference() {
    let read = |map| Traffic::read(&map).expect("a map");
    let wanted = read(json!({ "Blue": 90, "green": 10, "red": 0 }));
    assert_eq!(wanted, read(json!({ "blue": 90, "GREEN": 10 })));
    assert_ne!(wanted, read(json!({ "blue": 90, "red": 10 })));
    assert_eq!(read(json!({ "red": 0 })), Traffic::default());
    assert_eq!(
        (wanted.share("BLUE"), wanted.share("red"), wanted.share("black")),
        (90, 0, 0)
    );
}

#[test]
fn zeros_are_not_sent_and_names_keep_their_spelling() {
    let wanted = Traffic::read(&json!({ "Blue": 90, "green": 10, "red": 0 })).expect("a map");
    assert_eq!(wanted.to_body(), json!({ "Blue": 90, "green": 10 }));
    assert_eq!(Traffic::default().to_body(), json!({}));
    let endpoint = json!({ "properties": { "traffic": { "blue": 90, "Green": 10 } } });
    assert_eq!(Traffic::of_endpoint(&endpoint), Ok(wanted));
    assert_eq!(Traffic::of_endpoint(&json!({})), Err(TrafficProblem::Unread));
}

proptest! {
    #[test]
    fn a_map_survives_being_written_and_read(shares in prop::collection::btree_map("[a-z]{1,8}", 0u8..=100, 0..20)) {
        let traffic = Traffic::of(shares).expect("a map");
        let text = serde_json::to_string(&traffic).expect("JSON");
        prop_assert_eq!(&serde_json::from_str::<Traffic>(&text).expect("a map"), &traffic);
        prop_assert_eq!(Traffic::read(&traffic.to_body()), Ok(traffic));
    }

    #[test]
    fn any_json_is_read_or_refused(text in "\\PC{0,40}") {
        if let Ok(value) = serde_json::from_str::<Value>(&text) {
            let read = Traffic::read(&value);
            prop_assert!(read.is_err() || value.is_object());
        }
    }
}
