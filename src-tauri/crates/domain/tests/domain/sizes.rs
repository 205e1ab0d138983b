//! Suggested VM sizes, and the capacity bar.

use crate::good;
use berth_domain::facts::{Fact, PoolFacts, Usage, VmSize};
use berth_domain::preflight::preflight;
use berth_domain::sizing::{Suggestion, meter, suggest};
use berth_domain::spec::*;
use proptest::prelude::*;

const REASONS: &str = include_str!("../../../../../ui/src/locales/en/size.json");

fn spec(purpose: Purpose, need_vcpus: u32) -> Spec {
    good::extension()
        .with(|spec, _| {
            spec.purpose = purpose;
            spec.size.need_vcpus = need_vcpus;
        })
        .spec
}

fn named(found: &[Suggestion]) -> Vec<(&str, u32)> {
    found
        .iter()
        .map(|one| (one.vm_size.as_str(), one.nodes))
        .collect()
}

#[test]
fn production_suggestions_have_three_nodes_and_little_surplus() {
    let found = suggest(
        &spec(Purpose::Production, 12),
        &good::vm_sizes(),
        &good::usages(100),
    );
    assert_eq!(
        named(&found),
        [
            ("Standard_D4s_v5", 3),
            ("Standard_E4s_v5", 3),
            ("Standard_D4as_v4", 3)
        ]
    );
    assert_eq!((found[0].vcpus, found[0].quota_left), (12, Some(88)));
    assert!(
        (found[0].free_vcpus - 8.4).abs() < 1e-9,
        "12 minus Azure ML's requests"
    );
    let found = suggest(
        &spec(Purpose::Production, 24),
        &good::vm_sizes(),
        &good::usages(100),
    );
    assert_eq!(
        (found[0].vm_size.as_str(), found[0].nodes),
        ("Standard_D8s_v5", 3),
        "3 larger nodes rather than 6 small ones"
    );
}

#[test]
fn dev_test_leaves_room_for_a_model() {
    let found = suggest(&spec(Purpose::DevTest, 1), &good::vm_sizes(), &good::usages(100));
    assert_eq!(
        (found[0].vm_size.as_str(), found[0].nodes),
        ("Standard_D4s_v5", 1)
    );
    assert!(found.iter().all(|one| one.free_vcpus >= 1.0), "{found:?}");
}

#[test]
fn gpu_sizes_are_suggested_only_after_choosing_one() {
    let mut goal = spec(Purpose::DevTest, 4);
    let with_gpu = |goal: &Spec| {
        let found = suggest(goal, &good::vm_sizes(), &good::usages(100));
        found.iter().map(|one| one.gpus > 0).collect::<Vec<_>>()
    };
    assert_eq!(with_gpu(&goal), [false, false, false]);
    goal.size.vm_size = "Standard_NC4as_T4_v3".into();
    assert_eq!(with_gpu(&goal), [true]);
}

#[test]
fn a_size_one_vcpu_over_quota_is_not_suggested() {
    let with_free = |free: u32| {
        let mut usages = good::usages(100);
        for usage in usages
            .iter_mut()
            .filter(|usage| usage.name == "standardDSv5Family")
        {
            usage.used = usage.limit - free;
        }
        let found = suggest(&spec(Purpose::Production, 12), &good::vm_sizes(), &usages);
        found.iter().any(|one| one.vm_size == "Standard_D4s_v5")
    };
    assert!(with_free(12) && !with_free(11));
    let unknown = suggest(&spec(Purpose::Production, 12), &good::vm_sizes(), &[]);
    assert_eq!(
        unknown[0].quota_left, None,
        "sizes are suggested even without quota"
    );
}

#[test]
fn every_reason_has_a_message() {
    let words: serde_json::Value = serde_json::from_str(REASONS).expect("JSON");
    for (purpose, need) in [
        (Purpose::Production, 12),
        (Purpose::Production, 24),
        (Purpose::DevTest, 6),
    ] {
        for found in suggest(&spec(purpose, need), &good::vm_sizes(), &good::usages(100)) {
            assert!(
                words["reason"][&found.reason].is_string(),
                "no message for {}",
                found.reason
            );
        }
    }
}

#[test]
fn the_bar_shows_required_chosen_used_and_free_vcpus() {
    let goal = spec(Purpose::Production, 8);
    let bar = meter(&goal, &good::vm_sizes(), &good::usages(100), None);
    assert_eq!((bar.required, bar.chosen), (12, 12));
    assert_eq!((bar.overhead, bar.advised), (Some(3.6), Some(12.7)));
    assert!((bar.free - 8.4).abs() < 1e-9);
    let family = bar.family.expect("the family's quota");
    assert_eq!((family.used, family.takes, family.limit), (0, 12, 100));
    assert_eq!(bar.location.map(|quota| quota.takes), Some(12));
    let huge = Spec {
        size: Size {
            nodes: u32::MAX,
            ..goal.size.clone()
        },
        ..goal
    };
    assert_eq!(
        meter(&huge, &good::vm_sizes(), &[], None).chosen,
        u32::MAX,
        "extreme numbers do not overflow"
    );
}

#[test]
fn what_azure_ml_takes_depends_on_route_and_nodes() {
    let bar = |purpose, route, nodes| {
        let mut goal = spec(purpose, 2);
        (goal.route, goal.size.nodes) = (route, nodes);
        let bar = meter(&goal, &good::vm_sizes(), &[], None);
        (bar.overhead, bar.advised)
    };
    for purpose in [Purpose::Production, Purpose::DevTest] {
        assert_eq!(bar(purpose, Route::Classic, 3), (None, None));
        assert_eq!(bar(purpose, Route::Extension, 2).0, Some(1.78));
        assert_eq!(bar(purpose, Route::Extension, 3).0, Some(3.6));
    }
    assert_eq!(bar(Purpose::Production, Route::Extension, 2).1, Some(8.3));
    assert_eq!(bar(Purpose::DevTest, Route::Extension, 3).1, None);
}

#[test]
fn the_bar_of_an_existing_cluster_counts_pools_that_take_pods() {
    let goal = good::existing(Route::Classic).spec;
    let mut cluster = good::cluster();
    let tainted = |taint: &str| PoolFacts {
        taints: vec![taint.into()],
        ..good::pool(2)
    };
    cluster.pools.extend([
        tainted("CriticalAddonsOnly=true:NoSchedule"),
        tainted("gpu=yes:PreferNoSchedule"),
        PoolFacts {
            os_type: "Windows".into(),
            ..good::pool(2)
        },
        PoolFacts {
            power_state: "Stopped".into(),
            ..good::pool(2)
        },
    ]);
    let bar = meter(&goal, &good::vm_sizes(), &good::usages(100), Some(&cluster));
    assert_eq!(
        bar.chosen, 20,
        "3 nodes, and 2 with a taint that only discourages pods"
    );
    assert_eq!(
        bar.location.map(|quota| quota.takes),
        Some(0),
        "existing nodes need no more quota"
    );
}

fn any_size() -> impl Strategy<Value = VmSize> {
    let names = prop::sample::select(vec!["D", "E", "F", "B", "NC", "L"]);
    let versions = prop::sample::select(vec!["_v2", "_v3", "_v5", "_v6", ""]);
    (
        names,
        1u32..65,
        versions,
        1u32..17,
        0u32..2,
        prop::bool::ANY,
        prop::bool::ANY,
    )
        .prop_map(|(name, vcpus, version, per_vcpu, gpus, arm, restricted)| {
            let family = format!("standard{name}{version}Family");
            let mut size = good::vm_size(
                &format!("Standard_{name}{vcpus}s{version}"),
                &family,
                vcpus,
                f64::from(vcpus * per_vcpu),
            );
            size.gpus = if name == "NC" { gpus } else { 0 };
            size.architecture = if arm { "Arm64" } else { "x64" }.into();
            size.restricted = restricted.then(|| "QuotaId".to_owned());
            size
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// A spec with a suggested size is not blocked.
    #[test]
    fn suggestions_break_no_rule(
        sizes in prop::collection::vec(any_size(), 1..30),
        need in 0u32..200,
        production: bool,
        classic: bool,
        limit in 0u32..400,
        used in 0u32..100,
    ) {
        let mut sizes = sizes;
        sizes.sort_by(|left, right| left.name.cmp(&right.name));
        sizes.dedup_by(|left, right| left.name == right.name);
        let base = if classic { good::classic() } else { good::extension() };
        let names = sizes.iter().map(|size| size.family.clone()).chain(["cores".to_owned()]);
        let usages: Vec<Usage> =
            names.map(|name| Usage { label: name.clone(), name, used, limit }).collect();
        let good = base.with(|spec, facts| {
            spec.purpose = if production { Purpose::Production } else { Purpose::DevTest };
            spec.size.need_vcpus = need;
            facts.vm_sizes = Fact::Known(sizes.clone());
            facts.usages = Fact::Known(usages.clone());
        });
        let found = suggest(&good.spec, &sizes, &usages);
        prop_assert!(found.len() <= 3);
        for one in found {
            let taken = good.clone().with(|spec, _| {
                spec.size.vm_size = one.vm_size.clone();
                spec.size.nodes = one.nodes;
            });
            let findings = preflight(&taken.goal(), &taken.facts);
            let blocking: Vec<_> = findings.iter().filter(|finding| {
                finding.severity == berth_domain::finding::Severity::Blocking
            }).collect();
            prop_assert!(blocking.is_empty(), "{one:?}: {blocking:?}");
            prop_assert!(one.vcpus >= need && one.free_vcpus >= 1.0);
        }
    }
}
