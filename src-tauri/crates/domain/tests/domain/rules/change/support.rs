//! Tier and support plan of a cluster.

use super::*;
use serde_json::json;

const PREMIUM_ALONE: Support = Support {
    tier: Tier::Premium,
    ..COMMUNITY
};

/// With long-term support and a version.
fn long_term(good: &Good, version: &str) -> Good {
    let good = on(good, |found| {
        found.kubernetes_version = version.into();
        found.pools[0].version = version.into();
        found.tier = "Premium".into();
        found.support_plan = "AKSLongTermSupport".into();
    });
    facing(&good, |facts| {
        facts.change.upgrades = Fact::Known(vec![target("1.36.2", false)]);
    })
}

/// With a member of the cluster in Azure's JSON.
fn having(good: &Good, member: &str, value: serde_json::Value) -> Good {
    facing(good, |facts| {
        let Fact::Known(Some(seen)) = &mut facts.change.cluster else {
            panic!("a cluster");
        };
        seen["properties"][member] = value;
    })
}

pub(super) fn rows() -> Vec<Row> {
    let (gain, lose) = (classic(supported(LONG_TERM)), classic(supported(COMMUNITY)));
    let old = |change| {
        on(&classic(change), |found| {
            found.kubernetes_version = "1.31.4".into();
            found.pools[0].version = "1.31.4".into();
        })
    };
    let reaching = |good: &Good, version: &str| {
        let version = version.to_owned();
        facing(good, |facts| {
            facts.change.upgrades = Fact::Known(vec![target(&version, false)]);
        })
    };
    let kept = classic(upgrade("1.36", true));
    let day = |good: &Good, today: &str| facing(good, |facts| facts.today = today.into());
    let without_patches = Support {
        patch_upgrades: false,
        ..LONG_TERM
    };
    vec![
        told(
            "VER-15",
            Blocking,
            reaching(&old(upgrade_with("1.32", LONG_TERM)), "1.32.2"),
            reaching(&old(upgrade("1.32", true)), "1.32.2"),
        ),
        told(
            "VER-15.stays",
            Blocking,
            long_term(&lose, "1.34.2"),
            long_term(&lose, "1.32.2"),
        ),
        told(
            "VER-15.not_offered",
            Blocking,
            classic(upgrade_with("1.36", LONG_TERM)),
            reaching(&classic(upgrade_with("1.37", LONG_TERM)), "1.37.0"),
        ),
        told(
            "VER-16",
            Blocking,
            gain.clone(),
            classic(supported(Support {
                tier: Tier::Standard,
                ..LONG_TERM
            })),
        ),
        told(
            "VER-16.premium",
            Warning,
            lose.clone(),
            classic(supported(PREMIUM_ALONE)),
        ),
        told(
            "VER-17",
            Blocking,
            gain.clone(),
            having(&gain, "serviceMeshProfile", json!({ "mode": "Istio" })),
        ),
        told("VER-17.waived", Warning, gain.clone(), {
            let mut waived = having(
                &gain,
                "workloadAutoScalerProfile",
                json!({ "keda": { "enabled": true } }),
            );
            waived.spec.waived = vec!["VER-17".into()];
            waived
        }),
        told(
            "VER-18",
            Information,
            gain.clone(),
            classic(supported(without_patches)),
        ),
        told("VER-19", Information, lose.clone(), gain.clone()),
        told("VER-20", Information, day(&kept, "2027-06-01"), kept.clone()),
        told("VER-20.ending", Warning, kept.clone(), day(&kept, "2027-06-01")),
        told("VER-20.ended", Warning, kept.clone(), day(&kept, "2027-07-01")),
    ]
}

#[test]
fn versions_that_could_not_be_read_are_reported() {
    let gain = classic(supported(LONG_TERM));
    let unread = facing(&gain, |facts| facts.versions = Fact::Unknown("timeout".into()));
    assert!(codes(&unread).contains("unread.versions"));
}

#[test]
fn what_the_cluster_has_already_is_nothing_to_do() {
    let same = facing(&classic(supported(COMMUNITY)), |facts| {
        let Fact::Known(Some(seen)) = &mut facts.change.cluster else {
            panic!("a cluster");
        };
        seen["sku"] = json!({ "name": "Base", "tier": "Standard" });
        seen["properties"]["supportPlan"] = json!("KubernetesOfficial");
    });
    assert!(codes(&same).contains("CHG-02"));
    assert!(!codes(&classic(supported(LONG_TERM))).contains("CHG-02"));
}

#[test]
fn a_version_that_azure_no_longer_lists_is_judged_by_the_calendar() {
    let listed = |minors: &[&str]| {
        let old = long_term(&classic(supported(COMMUNITY)), "1.33.8");
        let minors: Vec<String> = minors.iter().map(|minor| (*minor).to_owned()).collect();
        facing(&old, move |facts| {
            let mut all = good::versions();
            all.retain(|version| minors.contains(&version.minor));
            facts.versions = Fact::Known(all);
        })
    };
    assert!(codes(&listed(&["1.36"])).contains("VER-15.stays"));
}

#[test]
fn long_term_support_opens_the_upgrades_of_the_version() {
    let offered = facing(&classic(upgrade_with("1.36", LONG_TERM)), |facts| {
        facts.change.upgrades = Fact::Known(vec![]);
        let Fact::Known(all) = &mut facts.versions else {
            panic!("versions");
        };
        for version in all.iter_mut().filter(|version| version.minor == "1.35") {
            version.patches[0].version = "1.35.4".into();
            version.patches[0].upgrades = vec!["1.36.2".into()];
        }
    });
    assert!(!codes(&offered).contains("VER-06.none"), "{:?}", codes(&offered));
    let community = Good {
        change: Some(upgrade("1.36", true)),
        ..offered
    };
    assert!(codes(&community).contains("VER-06.none"));
}

#[test]
fn an_add_on_hinders_only_a_cluster_that_gets_long_term_support() {
    let calico = |good: &Good| having(good, "networkProfile", json!({ "networkPolicy": "calico" }));
    assert!(codes(&calico(&classic(supported(LONG_TERM)))).contains("VER-17"));
    assert!(!codes(&calico(&long_term(&classic(supported(LONG_TERM)), "1.35.4"))).contains("VER-17"));
    let dapr = facing(&classic(supported(LONG_TERM)), |facts| {
        let mut found = good::installed("dapr");
        found.extension_type = "microsoft.dapr".into();
        facts.extensions = Fact::Known(vec![found]);
    });
    assert!(codes(&dapr).contains("VER-17"));
}
