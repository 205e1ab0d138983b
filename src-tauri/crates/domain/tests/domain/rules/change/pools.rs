//! Kinds of node pool and cluster against kinds of change: what each change says in advance that it cannot do.

use super::*;
use berth_domain::facts::PoolFacts;

type Spoil = fn(&mut ClusterFacts);

fn first(found: &mut ClusterFacts) -> &mut PoolFacts {
    &mut found.pools[0]
}

const KINDS: [(&str, Spoil); 14] = [
    ("scale sets", |_| {}),
    ("stopped", |found| first(found).power_state = "Stopped".into()),
    ("tainted", |found| {
        first(found).taints = vec!["CriticalAddonsOnly=true:NoSchedule".into()];
    }),
    ("windows", |found| {
        (first(found).os_type, first(found).os_sku) = ("Windows".into(), Some("Windows2022".into()));
    }),
    ("windows 2019", |found| {
        (first(found).os_type, first(found).os_sku) = ("Windows".into(), Some("Windows2019".into()));
    }),
    ("spot", |found| {
        first(found).priority = Some("Spot".into());
        first(found).taints = vec!["kubernetes.azure.com/scalesetpriority=spot:NoSchedule".into()];
    }),
    ("gpu", |found| {
        first(found).vm_size = "Standard_NC4as_T4_v3".into()
    }),
    ("machines", |found| {
        (first(found).kind, first(found).vm_size) = ("VirtualMachines".into(), String::new());
    }),
    ("availability set", |found| {
        first(found).kind = "AvailabilitySet".into()
    }),
    ("unknown type", |found| first(found).kind = "Fleet".into()),
    ("azure linux 2", |found| {
        (first(found).os_sku, first(found).version) = (Some("AzureLinux".into()), "1.31.9".into());
    }),
    ("flatcar", |found| first(found).os_sku = Some("Flatcar".into())),
    ("node auto-provisioning", |found| {
        found.node_provisioning = Some("Auto".into())
    }),
    ("automatic", |found| found.sku_name = Some("Automatic".into())),
];

/// The codes about kinds of pool, in the order of [`changes`].
fn wanted(kind: &str) -> [&'static str; 7] {
    match kind {
        "stopped" => [
            "SCL-08.stopped",
            "SCL-08.stopped",
            "SCL-08.stopped",
            "SCL-08.stopped",
            "",
            "",
            "",
        ],
        "windows 2019" => [
            "SCL-09.ending",
            "",
            "SCL-09.ending",
            "SCL-09.ending",
            "SCL-09.ending UPG-05",
            "",
            "",
        ],
        "machines" => [
            "SCL-08.machines",
            "SCL-08.machines",
            "SCL-08.machines",
            "SCL-08.machines",
            "",
            "",
            "",
        ],
        "availability set" => [
            "ATT-34",
            "ATT-34",
            "SCL-08.set ATT-34",
            "ATT-34",
            "ATT-34",
            "SCL-10.set",
            "",
        ],
        "unknown type" => [
            "SCL-08.unknown",
            "SCL-08.unknown",
            "SCL-08.unknown",
            "SCL-08.unknown",
            "",
            "",
            "",
        ],
        "azure linux 2" => [
            "SCL-09.removed",
            "",
            "SCL-09.removed",
            "SCL-09.removed",
            "",
            "",
            "",
        ],
        "flatcar" => [
            "SCL-09.removed",
            "",
            "SCL-09.removed",
            "SCL-09.removed",
            "SCL-09.removed",
            "",
            "",
        ],
        "node auto-provisioning" => ["", "", "SCL-08.provisioning", "", "", "SCL-10", ""],
        "automatic" => [
            "SCL-08.automatic",
            "SCL-08.automatic",
            "SCL-08.automatic",
            "SCL-08.automatic",
            "",
            "",
            "",
        ],
        _ => [""; 7],
    }
}

fn changes() -> [Change; 7] {
    [
        scale(5),
        scale(2),
        autoscale(3, 5),
        autoscale_off(),
        upgrade("1.36", true),
        power(false),
        power(true),
    ]
}

#[test]
fn each_change_says_what_it_cannot_do_to_each_kind_of_pool() {
    for (kind, spoil) in KINDS {
        for (change, wanted) in changes().into_iter().zip(wanted(kind)) {
            let good = on(&classic(change.clone()), spoil);
            let rules = ["SCL-08", "SCL-09", "SCL-10", "UPG-05", "UPG-07", "ATT-34"];
            let said: BTreeSet<String> = codes(&good)
                .into_iter()
                .filter(|code| rules.iter().any(|rule| code.starts_with(rule)))
                .collect();
            let wanted: BTreeSet<String> = wanted.split_whitespace().map(str::to_owned).collect();
            assert_eq!(said, wanted, "{kind}: {change:?}");
        }
    }
}

/// The OS SKUs that Kubernetes 1.37 no longer runs on have to be changed before the upgrade, whatever the pool's state.
#[test]
fn an_os_sku_that_ends_comes_before_the_upgrade_in_every_state_of_a_pool() {
    for nodes in [true, false] {
        for os in ["Ubuntu2204", "AzureLinux3", "Windows2022"] {
            for (kind, spoil) in KINDS {
                let upgrade = classic(upgrade("1.37", nodes));
                let good = on(&upgrade, |found| {
                    spoil(found);
                    found.pools[0].os_sku = Some(os.into());
                });
                assert!(codes(&good).contains("UPG-05"), "{kind}: {os}");
            }
        }
    }
}

/// Spot machines do not count against the quota of their family.
#[test]
fn spot_pools_have_a_quota_of_their_own() {
    let spot = on(&classic(scale(5)), |found| {
        found.pools[0].priority = Some("Spot".into())
    });
    let with = |limit| {
        facing(&spot, |facts| {
            let mut usages = good::usages(0);
            usages.push(Usage {
                name: "lowPriorityCores".into(),
                label: "Total Regional Spot vCPUs".into(),
                used: 0,
                limit,
            });
            facts.usages = Fact::Known(usages);
        })
    };
    assert!(!codes(&with(8)).contains("SCL-06"));
    assert!(codes(&with(7)).contains("SCL-06"));
}
