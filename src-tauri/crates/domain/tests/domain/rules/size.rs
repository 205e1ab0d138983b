//! Nodes, sizes, quota.

use super::{Blocking, Information, Row, Unknown, Warning, row};
use crate::good;
use berth_domain::facts::*;
use berth_domain::spec::*;

pub(crate) fn rows() -> Vec<Row> {
    [purpose(), sizes(), quota()].into_iter().flatten().collect()
}

fn nodes(count: u32) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |spec, _| spec.size.nodes = count
}

fn size(name: &'static str) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |spec, _| spec.size.vm_size = name.into()
}

/// The memory of the chosen size, in GiB.
fn with_memory(gib: f64) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |spec, facts| {
        let Fact::Known(sizes) = &mut facts.vm_sizes else {
            return;
        };
        let chosen = sizes.iter_mut().find(|size| size.name == spec.size.vm_size);
        chosen.expect("the chosen size").memory_gib = gib;
    }
}

fn pools(pools: Vec<PoolFacts>) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |_, facts| {
        facts.cluster = Fact::Known(Some(ClusterFacts {
            pools,
            ..good::cluster()
        }))
    }
}

fn dev_test(good: good::Good) -> good::Good {
    good.with(|spec, _| {
        spec.purpose = Purpose::DevTest;
        spec.size.need_vcpus = 2;
    })
}

fn scaling(min: u32, max: u32) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |spec, _| spec.size.autoscale = Some(Autoscale { min, max })
}

fn purpose() -> Vec<Row> {
    let waiving = |rule: &str| good::classic().with(|spec, _| spec.waived = vec![rule.into()]);
    let tainted = PoolFacts {
        taints: vec!["gpu=yes:NoSchedule".into()],
        ..good::pool(2)
    };
    let shrinking = PoolFacts {
        min_count: Some(1),
        max_count: Some(5),
        ..good::pool(3)
    };
    vec![
        row("CPU-01", Blocking, good::classic(), size("Standard_D2s_v5")),
        row(
            "CPU-01",
            Blocking,
            good::existing(Route::Classic),
            pools(vec![
                good::pool(2),
                PoolFacts {
                    os_type: "Windows".into(),
                    ..good::pool(9)
                },
            ]),
        ),
        row(
            "CPU-01.waived",
            Warning,
            waiving("CPU-01"),
            size("Standard_D2s_v5"),
        ),
        row("CPU-02", Blocking, good::classic(), nodes(2)),
        row("CPU-02.waived", Warning, waiving("CPU-02"), nodes(2)),
        row("CPU-03", Blocking, good::extension(), nodes(0)),
        row(
            "CPU-03",
            Blocking,
            dev_test(good::existing(Route::Classic)),
            pools(vec![tainted.clone()]),
        ),
        row("CPU-04", Warning, dev_test(good::classic()), |spec, _| {
            spec.size.vm_size = "Standard_A1_v2".into();
            spec.size.nodes = 1;
        }),
        row("CPU-05", Information, good::extension(), |spec, _| {
            spec.purpose = Purpose::DevTest
        }),
        row("CPU-08", Blocking, good::through_aml(), nodes(0)),
        row(
            "CPU-09",
            Information,
            good::existing(Route::Classic),
            pools(vec![good::pool(3), tainted.clone()]),
        ),
        row("CPU-10", Warning, good::extension(), scaling(2, 5)),
        row(
            "CPU-10",
            Warning,
            good::existing(Route::Extension),
            pools(vec![shrinking]),
        ),
        row("CPU-15", Warning, good::extension(), nodes(2)),
        row("CPU-23", Warning, good::extension(), size("Standard_D2s_v5")),
        row(
            "CPU-23",
            Warning,
            good::existing(Route::Extension),
            pools(vec![good::pool(2)]),
        ),
        row(
            "CPU-23.test",
            Warning,
            dev_test(good::extension()),
            size("Standard_A1_v2"),
        ),
        row("CPU-24", Information, good::extension(), nodes(2)),
        row(
            "CPU-24",
            Information,
            good::existing(Route::Extension),
            pools(vec![good::pool(2), tainted.clone()]),
        ),
        row(
            "CPU-25",
            Warning,
            good::existing(Route::Extension),
            pools(vec![tainted]),
        ),
        row("CPU-28", Blocking, good::extension(), scaling(4, 5)),
        row("CPU-28", Blocking, good::extension(), scaling(0, 5)),
        row("CPU-28", Blocking, good::extension(), scaling(1, 2)),
        row("CPU-29", Warning, good::extension(), |spec, _| {
            spec.size.need_vcpus = 13
        }),
    ]
}

fn sizes() -> Vec<Row> {
    vec![
        row(
            "CPU-11.pool",
            Warning,
            good::existing(Route::Classic),
            |_, facts| {
                let Fact::Known(Some(found)) = &mut facts.cluster else {
                    panic!("a cluster");
                };
                found.pools.push(PoolFacts {
                    name: "gpu".into(),
                    vm_size: "Standard_NC4as_T4_v3".into(),
                    ..good::pool(1)
                });
            },
        ),
        row("CPU-11", Warning, good::classic(), size("Standard_NC4as_T4_v3")),
        row("CPU-12", Information, good::through_aml(), |spec, _| {
            spec.size.vm_size.clear()
        }),
        row("CPU-13", Warning, good::extension(), size("Standard_B4ms")),
        row("CPU-14", Blocking, good::extension(), size("Standard_A1_v2")),
        row("CPU-14", Blocking, good::extension(), with_memory(1.75)),
        row(
            "CPU-14.memory",
            Warning,
            good::extension().with(with_memory(4.0)),
            with_memory(2.0),
        ),
        row(
            "CPU-14.small",
            Warning,
            good::extension(),
            size("Standard_D2s_v5"),
        ),
        row("CPU-17", Blocking, good::through_aml(), size("Standard_A1_v2")),
        row("CPU-18", Blocking, good::extension(), size("Standard_D4s_v6")),
        row(
            "CPU-18.absent",
            Blocking,
            good::extension(),
            size("Standard_D4s_v9"),
        ),
        row(
            "CPU-18.zones",
            Information,
            good::extension(),
            size("Standard_D4as_v4"),
        ),
        row("CPU-22", Warning, good::extension(), size("Standard_D4ps_v5")),
    ]
}

fn used(name: &'static str, used: u32) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |_, facts| {
        if let Fact::Known(usages) = &mut facts.usages {
            for usage in usages.iter_mut().filter(|usage| usage.name == name) {
                usage.used = used;
            }
        }
    }
}

fn quota() -> Vec<Row> {
    let full = good::extension().with(used("standardDSv5Family", 88));
    vec![
        row("CPU-19", Blocking, full, used("standardDSv5Family", 89)),
        row(
            "CPU-19.location",
            Blocking,
            good::extension().with(used("cores", 88)),
            used("cores", 89),
        ),
        row(
            "CPU-19.autoscale",
            Warning,
            good::extension().with(scaling(3, 25)),
            scaling(3, 26),
        ),
        row("CPU-19.unlisted", Unknown, good::extension(), |_, facts| {
            facts.usages = Fact::Known(vec![Usage {
                name: "cores".into(),
                label: "Cores".into(),
                used: 0,
                limit: 99,
            }]);
        }),
        row(
            "CPU-20",
            Warning,
            good::extension().with(used("cores", 84)),
            used("cores", 85),
        ),
    ]
}

#[test]
fn production_needs_12_vcpus_and_3_nodes() {
    for (size, nodes, rules) in [
        ("Standard_D4s_v5", 3, vec![]),
        ("Standard_D2s_v5", 6, vec![]),
        ("Standard_D4s_v5", 2, vec!["CPU-01", "CPU-02"]),
        ("Standard_D8s_v5", 2, vec!["CPU-02"]),
        ("Standard_D2s_v5", 5, vec!["CPU-01"]),
    ] {
        let good = good::classic().with(|spec, _| {
            spec.size.vm_size = size.into();
            spec.size.nodes = nodes;
        });
        let found = super::findings(&good)
            .into_iter()
            .filter(|finding| finding.severity == Blocking);
        assert_eq!(
            found.map(|finding| finding.rule).collect::<Vec<_>>(),
            rules,
            "{nodes} × {size}"
        );
    }
}

#[test]
fn quota_findings_carry_their_numbers() {
    let short = good::extension().with(used("standardDSv5Family", 89));
    let found = super::findings(&short);
    let quota = found
        .iter()
        .find(|finding| finding.code == "CPU-19")
        .expect("CPU-19");
    for (name, value) in [
        ("need", "12"),
        ("left", "11"),
        ("missing", "1"),
        ("used", "89"),
        ("limit", "100"),
    ] {
        assert_eq!(quota.params[name], value, "{name}");
    }
}

#[test]
fn extreme_numbers_do_not_overflow() {
    let huge = good::classic().with(|spec, facts| {
        spec.size.nodes = u32::MAX;
        spec.size.autoscale = Some(Autoscale {
            min: 0,
            max: u32::MAX,
        });
        spec.size.need_vcpus = u32::MAX;
        facts.cluster = Fact::Known(None);
    });
    assert!(
        super::findings(&huge)
            .iter()
            .any(|finding| finding.rule == "CPU-19")
    );
    let there = good::existing(Route::Classic).with(pools(vec![good::pool(u32::MAX), good::pool(u32::MAX)]));
    let _ = super::findings(&there);
    let vnet = good::own_network(NetworkPlugin::Azure).with(|spec, _| spec.size.nodes = u32::MAX);
    assert!(
        super::findings(&vnet)
            .iter()
            .any(|finding| finding.rule == "NET-09")
    );
}
