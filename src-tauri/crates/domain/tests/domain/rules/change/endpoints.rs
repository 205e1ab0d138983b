//! Rules for the traffic of endpoints, and for removing versions and endpoints.

use super::*;
use berth_domain::endpoint::EndpointKey;
use serde_json::json;

pub(super) fn rows() -> Vec<Row> {
    let half = serving_endpoint(split(json!({ "blue": 50, "green": 50 })));
    let removes = serving_endpoint(delete_version("green"));
    let none = serving_endpoint(without_traffic(json!({})));
    let spoilt = |change| serving_endpoint(change);
    let gone = facing(&half, |facts| facts.change.endpoint = Fact::Known(None));
    let failed = facing(&half, |facts| {
        facts.change.endpoint_versions =
            Fact::Known(vec![version("blue", "Succeeded"), version("green", "Failed")])
    });
    let only = facing(&removes, |facts| {
        facts.change.endpoint_versions = Fact::Known(vec![version("green", "Succeeded")])
    });
    let spelled_twice = json!({ "blue": 50, "Blue": 50 });
    vec![
        told("CHG-01.endpoint", Blocking, half.clone(), gone),
        told(
            "EPT-03.sum",
            Blocking,
            half.clone(),
            spoilt(split(json!({ "blue": 99 }))),
        ),
        told(
            "EPT-03.leaves_none",
            Blocking,
            half.clone(),
            spoilt(split(json!({}))),
        ),
        told(
            "EPT-03.not_none",
            Blocking,
            none.clone(),
            spoilt(without_traffic(json!({ "blue": 100 }))),
        ),
        told(
            "EPT-03.unknown_version",
            Blocking,
            half.clone(),
            spoilt(split(json!({ "red": 100 }))),
        ),
        told("EPT-03.not_ready", Blocking, half.clone(), failed),
        told(
            "EPT-03.not_a_percent",
            Blocking,
            half.clone(),
            with_traffic(&half, json!({ "blue": 33.3 })),
        ),
        told(
            "EPT-03.twice",
            Blocking,
            half.clone(),
            with_traffic(&half, spelled_twice),
        ),
        told(
            "EPT-03.unread",
            Blocking,
            half.clone(),
            with_traffic(&half, json!(null)),
        ),
        told("EPT-03.none", Warning, half, none),
        told(
            "EPT-13.has_traffic",
            Blocking,
            removes.clone(),
            spoilt(delete_version("Blue")),
        ),
        told("EPT-13.only_version", Blocking, removes.clone(), only),
        told(
            "EPT-13.unknown_version",
            Blocking,
            removes.clone(),
            spoilt(delete_version("red")),
        ),
        told(
            "EPT-13.unread",
            Blocking,
            removes.clone(),
            with_traffic(&removes, json!("all")),
        ),
        told(
            "SVC-18.primary",
            Warning,
            removes.clone(),
            spoilt(regenerate_key(EndpointKey::Primary)),
        ),
        told(
            "SVC-18.secondary",
            Warning,
            removes.clone(),
            spoilt(regenerate_key(EndpointKey::Secondary)),
        ),
        told(
            "SVC-18.no_keys",
            Blocking,
            spoilt(regenerate_key(EndpointKey::Primary)),
            with_auth(&spoilt(regenerate_key(EndpointKey::Primary)), json!("AMLToken")),
        ),
        told(
            "SVC-18.unknown",
            Blocking,
            spoilt(regenerate_key(EndpointKey::Primary)),
            with_auth(&spoilt(regenerate_key(EndpointKey::Primary)), json!(null)),
        ),
        told(
            "EPT-13.endpoint",
            Warning,
            removes,
            serving_endpoint(delete_endpoint(ENDPOINT)),
        ),
    ]
}

#[test]
fn what_cannot_be_read_blocks_every_change_of_an_endpoint() {
    for change in [
        split(json!({ "green": 100 })),
        without_traffic(json!({})),
        delete_version("green"),
        delete_endpoint(ENDPOINT),
    ] {
        let good = serving_endpoint(change);
        let blocking = |good: &Good| {
            let mut found = findings(good);
            found.retain(|finding| finding.severity == Blocking);
            found.into_iter().map(|finding| finding.code).collect::<Vec<_>>()
        };
        assert_eq!(blocking(&good), [""; 0]);
        let unread = facing(&good, |facts| facts.change.endpoint = Fact::Unknown("403".into()));
        assert_eq!(blocking(&unread), ["unread.endpoint"]);
        let unread = facing(&good, |facts| {
            facts.change.endpoint_versions = Fact::Unknown("403".into())
        });
        assert_eq!(blocking(&unread), ["unread.endpoint_versions"]);
    }
}

#[test]
fn an_endpoint_that_cannot_be_read_keeps_its_keys() {
    let good = serving_endpoint(regenerate_key(EndpointKey::Secondary));
    let unread = facing(&good, |facts| facts.change.endpoint = Fact::Unknown("403".into()));
    let codes: Vec<String> = findings(&unread)
        .into_iter()
        .map(|finding| finding.code)
        .collect();
    assert_eq!(codes, ["unread.endpoint"]);
}
