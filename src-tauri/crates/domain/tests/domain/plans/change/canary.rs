//! The plan of a canary shows every request that it may send.

use super::*;
use berth_domain::canary::TAG;

#[test]
fn every_request_of_a_canary_and_its_way_back_are_in_the_plan() {
    let good = serving_endpoint(canary("green"));
    assert_eq!(ids(&good), ["canary", "change_resource_tags"]);
    let made = step(&good, "canary");
    let sent: Vec<(&str, Value, Value)> = made
        .stages
        .iter()
        .map(|stage| {
            let body = stage.request.body.as_ref().expect("a body");
            assert_eq!(
                (&body["tags"]["team"], stage.request.method.as_str()),
                (&json!("a"), "PUT")
            );
            let (traffic, tag) = (&body["properties"]["traffic"], &body["tags"][TAG]);
            (stage.note.code.as_str(), traffic.clone(), tag.clone())
        })
        .collect();
    assert_eq!(
        sent,
        [
            (
                "stage.first",
                json!({ "blue": 90, "green": 10 }),
                json!("run=p-1 step=1 before=blue:100")
            ),
            (
                "stage.next",
                json!({ "green": 100 }),
                json!("run=p-1 step=2 before=blue:100")
            ),
            ("stage.back", json!({ "blue": 100 }), Value::Null),
        ]
    );
    assert_eq!(made.undo.params["traffic"], "blue 100 %");
    assert_eq!(made.interrupts[0].params["names"], "blue");
    let untagged = body(&good, "change_resource_tags");
    assert_eq!(untagged["properties"]["traffic"], json!({ "green": 100 }));
    assert_eq!(untagged["tags"], json!({ "team": "a" }));
}

#[test]
fn setting_the_traffic_ends_a_canary_that_nobody_continues() {
    let good = facing(&serving_endpoint(split(json!({ "blue": 100 }))), |facts| {
        let mut endpoint = raw_endpoint();
        endpoint["tags"][TAG] = json!("run=r step=1 before=blue:100");
        facts.change.endpoint = Fact::Known(Some(endpoint));
    });
    assert_eq!(
        body(&good, "change_resource_traffic")["tags"],
        json!({ "team": "a" })
    );
}
