//! Rules for the traffic of endpoints, and for removing versions and endpoints.

use super::*;
use berth_domain::canary::TAG;
use berth_domain::deployment_spec::Auth;
use berth_domain::endpoint::EndpointKey;
use berth_domain::traffic::Traffic;
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
    let classic = serving_classic(split_classic(json!({ "v1": 50, "v2": 50 }), Some("v2")));
    let answering = |edit: fn(&mut serde_json::Value)| {
        facing(&classic, |facts| {
            let mut service = raw_service();
            edit(&mut service);
            facts.change.endpoint = Fact::Known(Some(service));
        })
    };
    let without_any = |change: Change| match change {
        Change::Traffic { endpoint_id, .. } => Change::Traffic {
            endpoint_id,
            traffic: Traffic::default(),
            none: true,
            default_version: None,
            control_version: None,
        },
        other => other,
    };
    let same = serving_endpoint(authenticate(Auth::Key));
    let by_token = |auth| with_auth(&spoilt(authenticate(auth)), json!("AMLToken"));
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
        told(
            "EPT-03.default_gets_rest",
            Blocking,
            classic.clone(),
            serving_classic(without_any(split_classic(json!({}), None))),
        ),
        told(
            "EPT-03.roles",
            Blocking,
            half.clone(),
            serving_endpoint(split_classic(json!({ "blue": 50, "green": 50 }), Some("green"))),
        ),
        told(
            "EPT-03.no_default",
            Blocking,
            classic.clone(),
            answering(|service| service["versions"]["v1"]["isDefault"] = json!(false)),
        ),
        told(
            "EPT-03.two_defaults",
            Blocking,
            classic.clone(),
            answering(|service| service["versions"]["v2"]["isDefault"] = json!(true)),
        ),
        told("EPT-03.none", Warning, half, none),
        told(
            "EPT-13.has_traffic",
            Blocking,
            removes.clone(),
            spoilt(delete_version("blue")),
        ),
        told(
            "EPT-13.has_traffic",
            Blocking,
            removes.clone(),
            facing(&serving_endpoint(delete_version("blue")), |facts| {
                facts.change.endpoint_versions = Fact::Unknown("403".into());
            }),
        ),
        told(
            "EPT-03.canary",
            Warning,
            spoilt(split(json!({ "green": 100 }))),
            in_canary(&serving_endpoint(split(json!({ "green": 100 })))),
        ),
        told("EPT-13.canary", Warning, removes.clone(), in_canary(&removes)),
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
            "SVC-18.open",
            Blocking,
            serving_classic(regenerate_classic(EndpointKey::Primary)),
            with_classic_auth(
                &serving_classic(regenerate_classic(EndpointKey::Primary)),
                json!(false),
                json!(false),
            ),
        ),
        told("EPT-18.key", Blocking, same.clone(), by_token(Auth::Key)),
        told(
            "EPT-18.token",
            Blocking,
            same.clone(),
            spoilt(authenticate(Auth::Token)),
        ),
        told(
            "EPT-18.none",
            Blocking,
            same.clone(),
            serving_classic(authenticate_classic(Auth::None)),
        ),
        told(
            "EPT-18.not_without",
            Blocking,
            same.clone(),
            spoilt(authenticate(Auth::None)),
        ),
        told(
            "EPT-18.may_stay",
            Information,
            same,
            spoilt(authenticate(Auth::Token)),
        ),
        told(
            "EPT-13.endpoint",
            Warning,
            removes,
            serving_endpoint(delete_endpoint(ENDPOINT)),
        ),
    ]
}

/// The same endpoint during a canary.
fn in_canary(good: &Good) -> Good {
    facing(good, |facts| {
        let mut endpoint = raw_endpoint();
        endpoint["tags"][TAG] = json!("run=r step=1 before=blue:100");
        facts.change.endpoint = Fact::Known(Some(endpoint));
    })
}

#[test]
fn the_shares_of_a_classic_endpoint_include_the_rest_of_its_default() {
    let codes = |change: Change| {
        let mut found = findings(&serving_classic(change));
        found.retain(|finding| finding.severity == Blocking);
        found.into_iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    let remove = |version: &str| Change::DeleteVersion {
        endpoint_id: service_id(),
        version: version.to_owned(),
    };
    // The same shares are written, so that no rest is left to the default.
    assert_eq!(codes(split_classic(json!({ "v1": 80, "v2": 20 }), None)), [""; 0]);
    assert_eq!(
        codes(split_classic(json!({ "v1": 80, "v2": 19 }), None)),
        ["EPT-03.sum"]
    );
    assert_eq!(
        codes(split_classic(json!({ "v1": 100 }), Some("v3"))),
        ["EPT-03.unknown_version"]
    );
    assert_eq!(codes(remove("v2")), ["EPT-13.has_traffic"]);
    assert_eq!(codes(remove("V2")), ["EPT-13.has_traffic"]);
    assert_eq!(codes(remove("v3")), ["EPT-13.unknown_version"]);
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
fn keys_of_a_service_are_switched_on_separately_from_tokens() {
    let good = serving_classic(regenerate_classic(EndpointKey::Secondary));
    for (keys, tokens, expected) in [
        (json!(true), json!(false), "SVC-18.secondary"),
        (json!(true), json!(true), "SVC-18.secondary"),
        (json!(false), json!(true), "SVC-18.no_keys"),
        (json!(false), json!(false), "SVC-18.open"),
        (json!(null), json!(false), "SVC-18.unknown"),
        (json!("true"), json!(false), "SVC-18.unknown"),
    ] {
        let found = findings(&with_classic_auth(&good, keys, tokens));
        let codes: Vec<&str> = found.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, [expected]);
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
