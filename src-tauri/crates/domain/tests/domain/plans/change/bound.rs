//! What a plan is made for: the very certificate and resources, and nothing of the order in which services list things.

use super::*;
use berth_domain::plan::difference::differences;

fn reversed(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.reverse();
            items.iter_mut().for_each(reversed);
        }
        Value::Object(members) => members.values_mut().for_each(reversed),
        _ => {}
    }
}

/// The same facts with every list the other way round. What a run made comes from the journal, not from a service.
fn other_way_round(facts: &Facts) -> Facts {
    let mut value = serde_json::to_value(facts).expect("JSON");
    reversed(&mut value);
    let mut turned: Facts = serde_json::from_value(value).expect("facts");
    turned.change.run = facts.change.run.clone();
    turned
}

fn crowded(change: Change) -> Good {
    let zpool = json!({ "name": "zpool", "count": 1, "availabilityZones": ["1", "2"], "nodeTaints": ["a=b:NoSchedule", "c=d:NoSchedule"] });
    facing(&moving(change), |facts| {
        good::answering(
            facts,
            vec![dependent("live-ep", CLASSIC), dependent("aaa-ep", CLASSIC)],
        );
        let mut found = good::cluster();
        found.pools.push(PoolFacts {
            name: "zpool".into(),
            mode: "User".into(),
            ..good::pool(1)
        });
        facts.cluster = Fact::Known(Some(found));
        let Fact::Known(Some(raw)) = &mut facts.change.cluster else {
            panic!("a cluster");
        };
        raw["properties"]["agentPoolProfiles"]
            .as_array_mut()
            .expect("pools")
            .push(zpool);
    })
}

#[test]
fn the_order_in_which_services_list_things_changes_no_plan() {
    let crowded = [
        upgrade("1.36", true),
        power(false),
        power(true),
        delete("aks-there"),
        finish(),
        refresh(),
        secure(classic_id(), good::own()),
    ]
    .map(crowded);
    let set_up = [good::extension(), good::classic()];
    for good in many().into_iter().chain(crowded).chain(set_up) {
        let turned = facing(&good, |facts| *facts = other_way_round(facts));
        let told = differences(&planned(&good), &planned(&turned));
        assert!(told.is_empty(), "{:?}: {told:#?}", good.change);
        let steps = |good: &Good| {
            planned(good)
                .steps
                .into_iter()
                .map(|step| step.kind.resource_id().map(str::to_owned))
        };
        assert!(steps(&good).eq(steps(&turned)), "{:?}", good.change);
    }
}

#[test]
fn a_cluster_or_compute_made_anew_is_another() {
    for change in [
        power(false),
        scale(5),
        tags(good::cluster().id, &[]),
        clean_up(),
        delete("aks-there"),
    ] {
        let good = facing(&classic(change), |facts| {
            let Fact::Known(Some(raw)) = &mut facts.change.cluster else {
                panic!("a cluster");
            };
            raw["properties"]["resourceUID"] = "first".into();
        });
        let again = facing(&good, |facts| {
            let Fact::Known(Some(raw)) = &mut facts.change.cluster else {
                panic!("a cluster");
            };
            raw["properties"]["resourceUID"] = "second".into();
        });
        let told = differences(&planned(&good), &planned(&again));
        assert_eq!(told[0].code, "replaced", "{told:#?}");
        assert!(told.iter().all(|one| one.code == "replaced"), "{told:#?}");
    }
    let good = with_made_on(&classic(detach()), "2026-01-01T00:00:00Z");
    let told = differences(
        &planned(&good),
        &planned(&with_made_on(&good, "2026-02-01T00:00:00Z")),
    );
    assert_eq!(told[0].code, "replaced", "{told:#?}");
    assert_eq!(told[0].params["name"], CLASSIC);
}

fn with_made_on(good: &Good, at: &str) -> Good {
    facing(good, |facts| {
        let Fact::Known(Some(raw)) = &mut facts.change.compute else {
            panic!("a compute");
        };
        raw["properties"]["createdOn"] = at.into();
    })
}

#[test]
fn another_certificate_under_the_same_paths_is_another_plan() {
    let given = |sha256: &str| {
        facing(&classic(secure(classic_id(), good::own())), |facts| {
            facts.certificate = Fact::Known(Ok(berth_domain::certificate::CertificateFacts {
                sha256: sha256.into(),
                ..good::certificate()
            }));
        })
    };
    let plan = planned(&given("aa"));
    assert_eq!(plan.bound.certificate.as_ref().unwrap().sha256, "aa");
    let told = differences(&plan, &planned(&given("bb")));
    assert_eq!(told[0].code, "certificate", "{told:#?}");
    assert!(told[0].params["before"].starts_with("aa") && told[0].params["now"].starts_with("bb"));
}
