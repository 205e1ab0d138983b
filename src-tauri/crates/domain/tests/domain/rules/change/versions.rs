//! Kubernetes upgrades.

use super::*;

fn running(good: &Good, version: &str) -> Good {
    on(good, |found| {
        found.kubernetes_version = version.into();
        found.pools[0].version = version.into();
    })
}

fn reaching(good: &Good, version: &str, is_preview: bool) -> Good {
    facing(good, |facts| {
        facts.change.upgrades = Fact::Known(vec![target(version, is_preview)])
    })
}

pub(super) fn rows() -> Vec<Row> {
    let good = classic(upgrade("1.36", false));
    let all = classic(upgrade("1.36", true));
    let many = on(&all, |found| found.pools[0].max_surge = Some("2".into()));
    let old_nodes = |good: &Good| on(good, |found| found.pools[0].version = "1.32.1".into());
    let new = reaching(
        &running(&extension(upgrade("1.37", false)), "1.36.2"),
        "1.37.1",
        false,
    );
    let unused = facing(&new, |facts| {
        good::attach(facts, vec![]);
        facts.extensions = Fact::Known(vec![]);
    });
    vec![
        told(
            "VER-06",
            Blocking,
            good.clone(),
            classic(upgrade("1.36.9", false)),
        ),
        told("VER-07", Blocking, good.clone(), classic(upgrade("1.37", false))),
        told(
            "VER-07.back",
            Blocking,
            good.clone(),
            classic(upgrade("1.34", false)),
        ),
        told("VER-08", Blocking, good.clone(), old_nodes(&good)),
        told("VER-08", Blocking, all.clone(), old_nodes(&all)),
        told("VER-14", Blocking, good.clone(), running(&good, "1.31.4")),
        told("VER-10", Warning, good.clone(), serving(&good)),
        told("VER-12", Warning, good.clone(), all.clone()),
        told(
            "UPG-01",
            Information,
            good.clone(),
            running(&classic(upgrade("1.32", false)), "1.31.4"),
        ),
        told(
            "UPG-02",
            Warning,
            all.clone(),
            facing(&all, |facts| facts.usages = Fact::Known(good::usages(3))),
        ),
        told(
            "UPG-02.fewer",
            Information,
            many.clone(),
            facing(&many, |facts| facts.usages = Fact::Known(good::usages(7))),
        ),
        told(
            "UPG-02.unlisted",
            Unknown,
            all.clone(),
            facing(&all, |facts| facts.vm_sizes = Fact::Known(vec![])),
        ),
        told(
            "VER-06.form",
            Blocking,
            good.clone(),
            classic(upgrade("1", false)),
        ),
        told(
            "VER-06.none",
            Blocking,
            good.clone(),
            facing(&good, |facts| facts.change.upgrades = Fact::Known(vec![])),
        ),
        told("UPG-03", Warning, good.clone(), reaching(&good, "1.36.2", true)),
        told("UPG-04", Warning, unused, new.clone()),
        told(
            "UPG-04",
            Warning,
            good,
            facing(&new, |facts| facts.extensions = Fact::NotAsked),
        ),
    ]
}

#[test]
fn upgrading_nodes_to_the_control_plane_version_is_allowed() {
    let behind = |found: &mut ClusterFacts| found.pools[0].version = "1.31.1".into();
    let follow = on(&classic(upgrade("1.35", true)), behind);
    let found = codes(&follow);
    assert!(
        !found.contains("VER-08") && !found.contains("VER-06"),
        "{found:?}"
    );
}

#[test]
fn azure_decides_which_minor_versions_may_be_skipped() {
    let skip = classic(upgrade("1.37", false));
    assert!(codes(&skip).contains("VER-07"));
    assert!(!codes(&reaching(&skip, "1.37.1", false)).contains("VER-07"));
}

#[test]
fn surge_nodes_follow_the_pools_max_surge() {
    let all = classic(upgrade("1.36", true));
    let cases = [(None, 4), (Some("33%"), 4), (Some("100%"), 12), (Some("2"), 8)];
    for (surge, vcpus) in cases {
        let good = on(&all, |found| found.pools[0].max_surge = surge.map(str::to_owned));
        let with = |limit| facing(&good, |facts| facts.usages = Fact::Known(good::usages(limit)));
        assert!(!codes(&with(vcpus)).contains("UPG-02"), "{surge:?}");
        let short = codes(&with(vcpus - 1));
        assert!(
            short.contains(if vcpus > 4 { "UPG-02.fewer" } else { "UPG-02" }),
            "{surge:?}"
        );
        let older = Good {
            change: Some(upgrade("1.34", true)),
            ..with(vcpus - 1)
        };
        let older = on(&older, |found| {
            found.pools[0].max_surge = surge.map(str::to_owned)
        });
        assert!(codes(&older).contains("UPG-02"), "{surge:?}");
    }
    for none in ["0", "0%"] {
        let good = on(&all, |found| found.pools[0].max_surge = Some(none.to_owned()));
        let full = facing(&good, |facts| facts.usages = Fact::Known(good::usages(0)));
        assert!(!codes(&full).contains("UPG-02"), "{none}");
    }
}
