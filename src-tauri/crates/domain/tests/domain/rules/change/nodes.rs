//! Changes of nodes, autoscaler, power state and tags.

use super::*;
use berth_domain::facts::{NodesOfSize, PoolFacts};

pub(super) fn rows() -> Vec<Row> {
    let more = classic(scale(5));
    let bounds = classic(autoscale(3, 5));
    let small = |good: &Good, limit| facing(good, |facts| facts.usages = Fact::Known(good::usages(limit)));
    let scaling = on(&more, |found| {
        found.pools[0].min_count = Some(3);
        found.pools[0].max_count = Some(9);
    });
    let other = |mut change: Change| {
        if let Change::Scale { pool, .. } | Change::Autoscale { pool, .. } = &mut change {
            *pool = "gpu".into();
        }
        classic(change)
    };
    let stopped = |good: &Good| on(good, |found| found.power_state = "Stopped".into());
    let stops = classic(power(false));
    let mut rows = vec![
        told("SCL-01", Blocking, more.clone(), other(scale(5))),
        told("SCL-01", Blocking, bounds.clone(), other(autoscale(3, 5))),
        told("SCL-02", Blocking, more.clone(), scaling),
        told("SCL-03", Blocking, bounds.clone(), classic(autoscale(5, 3))),
        told("SCL-03", Blocking, bounds.clone(), classic(autoscale(0, 0))),
        told("SCL-03.nodes", Blocking, more.clone(), classic(scale(1001))),
        told("SCL-05", Blocking, more.clone(), classic(scale(0))),
        told("SCL-05", Blocking, bounds.clone(), classic(autoscale(0, 5))),
        told("SCL-06", Blocking, more.clone(), small(&more, 7)),
        told(
            "SCL-06.autoscale",
            Warning,
            bounds.clone(),
            classic(autoscale(3, 50)),
        ),
        told(
            "SCL-06.unlisted",
            Unknown,
            more.clone(),
            facing(&more, |facts| {
                facts.usages = Fact::Known(vec![]);
            }),
        ),
        told(
            "SCL-06.unlisted",
            Unknown,
            more.clone(),
            facing(&more, |facts| {
                facts.vm_sizes = Fact::Known(vec![]);
            }),
        ),
        told(
            "ATT-36",
            Unknown,
            more.clone(),
            on(&more, |found| found.untold = untold()),
        ),
        told(
            "ATT-36",
            Blocking,
            stops.clone(),
            on(&stops, |found| found.untold = untold()),
        ),
        told("SCL-07", Warning, serving(&more), serving(&classic(scale(2)))),
        told("SCL-07", Warning, classic(scale(2)), serving(&classic(scale(2)))),
        told(
            "SCL-07",
            Warning,
            serving(&bounds),
            serving(&classic(autoscale(1, 2))),
        ),
        told("CPU-26", Warning, more.clone(), classic(scale(2))),
        told("CPU-26", Warning, extension(scale(5)), extension(scale(2))),
        told("CPU-26.autoscale", Warning, bounds, classic(autoscale(1, 5))),
        told(
            "NET-16",
            Warning,
            stops.clone(),
            on(&stops, |found| found.private_cluster = true),
        ),
    ];
    let needing = [
        scale(5),
        autoscale(3, 5),
        upgrade("1.36", true),
        clean_up(),
        balance(classic_id(), internal(None)),
        secure(classic_id(), good::own()),
        back(),
        finish(),
    ];
    for change in needing {
        let good = moving(change);
        rows.push(told("SCL-04", Blocking, good.clone(), stopped(&good)));
    }
    rows.extend(names());
    rows.extend(kinds());
    rows.extend(images());
    rows
}

fn untold() -> Vec<String> {
    vec!["properties.provisioningState".into()]
}

/// Kinds of pool and cluster that a change cannot act on.
fn kinds() -> Vec<Row> {
    let (more, bounds) = (classic(scale(5)), classic(autoscale(3, 5)));
    let pool = |good: &Good, spoil: fn(&mut PoolFacts)| on(good, |found| spoil(&mut found.pools[0]));
    let machines = |pool: &mut PoolFacts| {
        pool.kind = "VirtualMachines".into();
        pool.vm_size = String::new();
        pool.mixed = [("Standard_D4s_v5", 2), ("Standard_D8s_v5", 1)]
            .map(|(size, count)| NodesOfSize {
                vm_size: size.into(),
                count,
            })
            .into();
    };
    let set = |pool: &mut PoolFacts| pool.kind = "AvailabilitySet".into();
    let stopped = |pool: &mut PoolFacts| pool.power_state = "Stopped".into();
    let provisions = |good: &Good| on(good, |found| found.node_provisioning = Some("Auto".into()));
    let stops = classic(power(false));
    let whole = classic(upgrade("1.34", true));
    let old = |good: &Good, priority: &'static str| {
        on(good, |found| {
            found.kubernetes_version = "1.31.4".into();
            found.pools[0].priority = Some(priority.into());
        })
    };
    vec![
        told("SCL-08.machines", Blocking, more.clone(), pool(&more, machines)),
        told(
            "SCL-08.machines",
            Blocking,
            bounds.clone(),
            pool(&bounds, machines),
        ),
        told("SCL-08.set", Blocking, bounds.clone(), pool(&bounds, set)),
        told("SCL-08.stopped", Blocking, more.clone(), pool(&more, stopped)),
        told(
            "SCL-08.provisioning",
            Blocking,
            bounds.clone(),
            provisions(&bounds),
        ),
        told("SCL-10", Blocking, stops.clone(), provisions(&stops)),
        told("SCL-10.set", Blocking, stops.clone(), pool(&stops, set)),
        told(
            "SCL-08.unknown",
            Unknown,
            more.clone(),
            pool(&more, |pool| pool.kind = "Fleet".into()),
        ),
        told(
            "SCL-08.automatic",
            Warning,
            more.clone(),
            on(&more, |found| found.sku_name = Some("Automatic".into())),
        ),
        told("UPG-07", Blocking, old(&whole, "Regular"), old(&whole, "Spot")),
        told("ATT-34", Warning, more.clone(), pool(&more, set)),
    ]
}

/// Node images that AKS removes.
fn images() -> Vec<Row> {
    let (more, up) = (classic(scale(5)), classic(upgrade("1.36", true)));
    let os = |good: &Good, os: &'static str, version: &'static str| {
        on(good, |found| {
            found.pools[0].os_sku = Some(os.into());
            found.pools[0].version = version.into();
        })
    };
    let far = classic(upgrade("1.37", true));
    let far = facing(&far, |facts| {
        facts.change.upgrades = Fact::Known(vec![target("1.37.1", false)])
    });
    vec![
        told(
            "SCL-09.removed",
            Blocking,
            os(&more, "AzureLinux", "1.32.1"),
            os(&more, "AzureLinux", "1.31.9"),
        ),
        told(
            "SCL-09.removed",
            Blocking,
            // The upgrade is the way out: its nodes come from the image of the new version.
            os(&up, "AzureLinux", "1.31.9"),
            os(&up, "Flatcar", "1.35.4"),
        ),
        told(
            "SCL-09.ending",
            Warning,
            more.clone(),
            os(&more, "Windows2019", "1.35.4"),
        ),
        told(
            "UPG-05",
            Blocking,
            os(&up, "Windows2022", "1.35.4"),
            os(&up, "Windows2019", "1.32.9"),
        ),
        told("UPG-05", Blocking, far.clone(), os(&far, "Ubuntu2204", "1.35.4")),
        told(
            "UPG-05",
            Blocking,
            os(&up, "AzureLinux3", "1.35.4"),
            os(&far, "AzureLinux3", "1.35.4"),
        ),
    ]
}

fn names() -> Vec<Row> {
    let id = good::cluster().id;
    let good = classic(tags(id.clone(), &[("owner", "å".repeat(256).as_str())]));
    let many: Vec<(String, String)> = (0..51)
        .map(|number| (format!("t{number}"), String::new()))
        .collect();
    let many: Vec<(&str, &str)> = many
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let long = "x".repeat(257);
    vec![
        told(
            "TAG-02",
            Warning,
            classic(tags(id.clone(), &[("ENV", "c")])),
            classic(tags(id.clone(), &[])),
        ),
        told("TAG-02.plan", Warning, good.clone(), {
            let plans = classic(tags(classic_id(), &[("a", "b")]));
            with_compute(&plans, "/tags", serde_json::json!({ "berth-plan": "p-0" }))
        }),
        told(
            "TAG-01",
            Blocking,
            good.clone(),
            classic(tags(id.clone(), &[("a/b", "c")])),
        ),
        told(
            "TAG-01",
            Blocking,
            good.clone(),
            classic(tags(id.clone(), &[("", "c")])),
        ),
        told(
            "TAG-01.twice",
            Blocking,
            good.clone(),
            classic(tags(id.clone(), &[("env", "a"), ("Env", "b")])),
        ),
        told(
            "TAG-01.reserved",
            Blocking,
            good.clone(),
            classic(tags(id.clone(), &[("Microsoft.owner", "a")])),
        ),
        told(
            "TAG-01.many",
            Blocking,
            good.clone(),
            classic(tags(id.clone(), &many)),
        ),
        told(
            "TAG-01.long",
            Blocking,
            good,
            classic(tags(id, &[("a", long.as_str())])),
        ),
    ]
}

#[test]
fn the_minimum_counts_vcpus_only_on_the_classic_route() {
    let smaller = |found: &mut ClusterFacts| found.pools[0].vm_size = "Standard_D2s_v5".into();
    assert!(codes(&on(&classic(scale(5)), smaller)).contains("CPU-26"));
    assert!(!codes(&on(&extension(scale(5)), smaller)).contains("CPU-26"));
    let for_tests = facing(&extension(scale(2)), |facts| {
        let mut found = beside(false);
        found.settings.insert("clusterPurpose".into(), "DevTest".into());
        facts.extensions = Fact::Known(vec![found]);
    });
    assert!(!codes(&for_tests).contains("CPU-26"));
    let nobody = facing(&classic(scale(1)), |facts| good::attach(facts, vec![]));
    assert!(
        !codes(&nobody).contains("CPU-26"),
        "a cluster without computes has no minimum"
    );
}
