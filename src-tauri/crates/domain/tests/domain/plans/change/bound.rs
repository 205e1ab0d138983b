//! A plan is bound to a specific certificate and specific resources, but not to the order in which services list them.

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

/// The same facts with every list reversed, except a run's resources, which come from the journal.
fn with_reversed_lists(facts: &Facts) -> Facts {
    let reversed_facts = serde_json::to_value(facts).and_then(|mut value| {
        reversed(&mut value);
        serde_json::from_value::<Facts>(value)
    });
    let Ok(mut reversed_facts) = reversed_facts else {
        panic!("facts survive serialization");
    };
    reversed_facts.change.run = facts.change.run.clone();
    reversed_facts
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
        let Value::Array(pools) = &mut raw["properties"]["agentPoolProfiles"] else {
            panic!("pools");
        };
        pools.push(zpool);
    })
}

#[test]
fn the_order_of_lists_does_not_change_a_plan() {
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
        let reversed_facts = facing(&good, |facts| *facts = with_reversed_lists(facts));
        let found = differences(&planned(&good), &planned(&reversed_facts));
        assert!(found.is_empty(), "{:?}: {found:#?}", good.change);
        let steps = |good: &Good| {
            planned(good)
                .steps
                .into_iter()
                .map(|step| step.kind.resource_id().map(str::to_owned))
        };
        assert!(steps(&good).eq(steps(&reversed_facts)), "{:?}", good.change);
    }
}

#[test]
fn a_recreated_cluster_or_compute_counts_as_replaced() {
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
        let found = differences(&planned(&good), &planned(&again));
        assert_eq!(found[0].code, "replaced", "{found:#?}");
        assert!(found.iter().all(|one| one.code == "replaced"), "{found:#?}");
    }
    let good = with_made_on(&classic(detach()), "2026-01-01T00:00:00Z");
    let found = differences(
        &planned(&good),
        &planned(&with_made_on(&good, "2026-02-01T00:00:00Z")),
    );
    assert_eq!(found[0].code, "replaced", "{found:#?}");
    assert_eq!(found[0].params["name"], CLASSIC);
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
fn a_different_certificate_in_the_same_files_is_a_difference() {
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
    let found = differences(&plan, &planned(&given("bb")));
    assert_eq!(found[0].code, "certificate", "{found:#?}");
    assert!(found[0].params["before"].starts_with("aa") && found[0].params["now"].starts_with("bb"));
}
