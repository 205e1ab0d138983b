use crate::facts::Fact;
use crate::fit::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

const GIB: u64 = 1 << 30;
const PLACE: AmlPlace<'_> = AmlPlace {
    resource_group: "rg",
    workspace: "ws",
    compute: "k8s",
};

fn amounts(cpu: u64, gib: u64) -> Amounts {
    Amounts {
        cpu,
        memory: gib * GIB,
        ..Amounts::default()
    }
}

fn linux() -> BTreeMap<String, String> {
    BTreeMap::from([("kubernetes.io/os".to_owned(), "linux".to_owned())])
}

/// A ready node of 3860 m and 12 GiB with this much requested.
fn node(name: &str, cpu: u64, gib: u64) -> Node {
    Node {
        name: name.to_owned(),
        pool: Some("system".to_owned()),
        labels: linux(),
        ready: Some(true),
        allocatable: Fact::Known(Amounts {
            pods: 30,
            ..amounts(3_860, 12)
        }),
        requested: Fact::Known(Amounts {
            pods: 12,
            ..amounts(cpu, gib)
        }),
        ..Node::default()
    }
}

fn three() -> Vec<Node> {
    vec![node("a", 2_460, 4), node("b", 1_000, 4), node("c", 500, 4)]
}

fn workload(cpu: u64, gib: u64, replicas: u32) -> Workload {
    Workload::extension(
        Some(&amounts(cpu, gib)),
        &InstanceType::default_type(),
        PLACE,
        replicas,
    )
}

fn pool(nodes: u32, most: Option<u32>) -> Pool {
    Pool {
        name: "system".to_owned(),
        nodes,
        most,
        labels: linux(),
        new_node: Fact::Known(Amounts {
            pods: 22,
            ..amounts(3_600, 12)
        }),
        vcpus: 4,
        quota: Fact::Known(100),
        ..Pool::default()
    }
}

fn checked(nodes: Vec<Node>, pools: &[Pool], workload: &Workload) -> (Fit, Vec<Remedy>) {
    let nodes = Fact::Known(nodes);
    let fit = check(&nodes, pools, workload);
    let remedies = remedies(&fit, &nodes, pools, workload);
    (fit, remedies)
}

#[test]
fn it_fits_on_two_of_three_nodes() {
    let (fit, remedies) = checked(three(), &[], &workload(2_000, 2, 1));
    assert_eq!(
        (&fit.verdict, fit.on, fit.of, fit.room, fit.needed),
        (&FitVerdict::Fits, 2, 3, 2, 2)
    );
    let short = Reason::Short {
        resource: "cpu".to_owned(),
        free: 1_400,
        needed: 2_010,
    };
    assert_eq!(
        (fit.nodes[0].room, &fit.nodes[0].reasons),
        (Some(0), &vec![short])
    );
    assert!(remedies.is_empty());
}

#[test]
fn no_node_has_two_cores_free() {
    let nodes = vec![node("a", 2_460, 4), node("b", 2_460, 4)];
    let (fit, remedies) = checked(nodes, &[pool(2, None)], &workload(2_000, 2, 1));
    assert_eq!((&fit.verdict, fit.on, fit.of), (&FitVerdict::DoesNotFit, 0, 2));
    let best = fit.best.expect("a usable node");
    assert_eq!(
        (show_thousandths(best.cpu), show_bytes(best.memory)),
        ("1.4".to_owned(), "8 GiB".to_owned())
    );
    let smaller = Remedy::SmallerRequest {
        cpu: Some(1_390),
        memory: None,
    };
    let nodes = Remedy::MoreNodes {
        pool: "system".to_owned(),
        nodes: 2,
    };
    assert_eq!(remedies, [smaller, nodes]);
}

#[test]
fn a_smaller_request_concerns_what_is_short() {
    let nodes = || vec![node("a", 2_460, 10), node("b", 2_460, 10)];
    for (cpu, gib, remedy) in [
        (1_000, 4, Some((None, Some(1_948 << 20)))),
        (2_000, 4, Some((Some(1_390), Some(1_948 << 20)))),
        (40_000, 200, Some((Some(1_390), Some(1_948 << 20)))),
    ] {
        let (_, remedies) = checked(nodes(), &[], &workload(cpu, gib, 1));
        let remedy = remedy.map(|(cpu, memory)| Remedy::SmallerRequest { cpu, memory });
        assert_eq!(remedies.first(), remedy.as_ref(), "{cpu} {gib}");
    }
    let full = vec![node("a", 3_800, 12)];
    assert_eq!(checked(full, &[], &workload(1_000, 4, 1)).1, []);
}

#[test]
fn nodes_that_take_no_pods_say_why() {
    let taint = |key: &str, value: &str, effect: &str| {
        Taint::parse(&format!("{key}={value}:{effect}")).expect("a taint")
    };
    let change = |change: fn(&mut Node)| {
        let mut node = node("a", 0, 0);
        change(&mut node);
        node
    };
    let mut tainted = node("a", 0, 0);
    tainted.taints = vec![
        taint("CriticalAddonsOnly", "true", "NoSchedule"),
        taint("x", "y", "PreferNoSchedule"),
    ];
    let mut ours = node("a", 0, 0);
    ours.taints = vec![
        taint("ml.azure.com/amlarc", "true", "NoSchedule"),
        taint("ml.azure.com/workspace", "ws", "NoExecute"),
        taint("ml.azure.com/compute", "other", "NoSchedule"),
    ];
    for (node, reasons) in [
        (change(|node| node.ready = Some(false)), vec![Reason::NotReady]),
        (change(|node| node.cordoned = true), vec![Reason::Cordoned]),
        (
            change(|node| node.labels.clear()),
            vec![Reason::Selector {
                label: "kubernetes.io/os".to_owned(),
                wanted: "linux".to_owned(),
                found: None,
            }],
        ),
        (
            tainted,
            vec![Reason::Taint {
                taint: "CriticalAddonsOnly=true:NoSchedule".to_owned(),
            }],
        ),
        (
            ours,
            vec![Reason::Taint {
                taint: "ml.azure.com/compute=other:NoSchedule".to_owned(),
            }],
        ),
    ] {
        let (fit, _) = checked(vec![node], &[], &workload(100, 1, 1));
        assert_eq!((fit.nodes[0].room, &fit.nodes[0].reasons), (Some(0), &reasons));
        assert_eq!((fit.best, &fit.verdict), (None, &FitVerdict::DoesNotFit));
    }
    let mut ours = node("a", 0, 0);
    ours.taints = vec![taint("ml.azure.com/amlarc", "true", "NoSchedule")];
    assert_eq!(
        checked(vec![ours.clone()], &[], &workload(100, 1, 1)).0.verdict,
        FitVerdict::Fits
    );
    let classic = Workload::classic(&amounts(100, 1), 1);
    assert_eq!(
        checked(vec![ours], &[], &classic).0.verdict,
        FitVerdict::DoesNotFit
    );
}

#[test]
fn an_instance_type_chooses_its_nodes() {
    let gpu = InstanceType {
        name: "gpu".to_owned(),
        requests: Amounts {
            others: BTreeMap::from([("nvidia.com/gpu".to_owned(), 1)]),
            ..amounts(1_000, 4)
        },
        selector: BTreeMap::from([("accelerator".to_owned(), "v100".to_owned())]),
        ..InstanceType::default()
    };
    let (fit, _) = checked(three(), &[], &Workload::extension(None, &gpu, PLACE, 1));
    assert_eq!(fit.on, 0);
    let mut nodes = three();
    for node in &mut nodes[1..] {
        node.labels.insert("accelerator".to_owned(), "v100".to_owned());
    }
    let (fit, _) = checked(nodes.clone(), &[], &Workload::extension(None, &gpu, PLACE, 1));
    let short = Reason::Short {
        resource: "nvidia.com/gpu".to_owned(),
        free: 0,
        needed: 1,
    };
    assert_eq!(fit.nodes[1].reasons, [short]);

    // Without the GPU, the other pool would do.
    let label = InstanceType {
        requests: amounts(1_000, 2),
        selector: BTreeMap::from([("x".to_owned(), "y".to_owned())]),
        ..gpu
    };
    let workload = Workload::extension(None, &label, PLACE, 2);
    let (_, remedies) = checked(nodes.clone(), &[], &workload);
    assert_eq!(
        remedies,
        [Remedy::OtherPool {
            pool: "system".to_owned()
        }]
    );
    let types = [label, InstanceType::default_type()];
    let fitting = other_instance_types(&Fact::Known(nodes), &[], &types, None, PLACE, 2);
    assert_eq!(fitting, ["defaultinstancetype"]);
}

#[test]
fn what_could_not_be_read_is_unknown() {
    let wanted = workload(2_000, 2, 2);
    let mut unread = three();
    unread[0].requested = Fact::Unknown("403 Forbidden".to_owned());
    let (fit, remedies) = checked(unread, &[], &wanted);
    let why = "a: what its pods request: 403 Forbidden".to_owned();
    assert_eq!(
        (&fit.verdict, fit.nodes[0].room),
        (&FitVerdict::Unknown { why }, None)
    );
    assert!(remedies.is_empty());

    let mut silent = three();
    silent[0].ready = None;
    let (fit, _) = checked(silent.clone(), &[], &wanted);
    let why = "a: the node does not say whether it is ready".to_owned();
    assert_eq!(fit.verdict, FitVerdict::Unknown { why });
    // The other nodes are enough for one replica.
    assert_eq!(
        checked(silent, &[], &workload(2_000, 2, 1)).0.verdict,
        FitVerdict::Fits
    );

    for (nodes, why) in [
        (Fact::Unknown("timeout".to_owned()), "timeout"),
        (Fact::NotAsked, "the nodes were not read"),
    ] {
        let fit = check(&nodes, &[], &wanted);
        assert_eq!(fit.verdict, FitVerdict::Unknown { why: why.to_owned() });
    }
    assert_eq!(
        checked(Vec::new(), &[], &wanted).0.verdict,
        FitVerdict::DoesNotFit
    );
}

#[test]
fn the_autoscaler_adds_nodes_within_its_limit_and_the_quota() {
    let wanted = workload(2_000, 2, 3);
    let with = |pool: Pool| checked(three(), &[pool], &wanted).0.verdict;
    let added = |nodes| FitVerdict::FitsAfterScaling {
        added: vec![AddedNodes {
            pool: "system".to_owned(),
            nodes,
        }],
    };
    assert_eq!(with(pool(3, Some(5))), added(2));
    assert_eq!(with(pool(3, Some(4))), FitVerdict::DoesNotFit);
    assert_eq!(with(pool(3, None)), FitVerdict::DoesNotFit);
    assert_eq!(
        with(Pool {
            quota: Fact::Known(7),
            ..pool(3, Some(5))
        }),
        FitVerdict::DoesNotFit
    );
    let why = "system: 403".to_owned();
    assert_eq!(
        with(Pool {
            quota: Fact::Unknown("403".to_owned()),
            ..pool(3, Some(5))
        }),
        FitVerdict::Unknown { why }
    );
    let tainted = Pool {
        taints: vec![Taint::parse("sku=gpu:NoSchedule").expect("a taint")],
        ..pool(3, Some(9))
    };
    assert_eq!(with(tainted), FitVerdict::DoesNotFit);
}

#[test]
fn workloads_take_their_room_from_each_other() {
    let nodes = Fact::Known(vec![node("a", 0, 0), node("b", 0, 0)]);
    let (small, large) = (workload(1_000, 1, 1), workload(3_000, 1, 1));
    let fits = check_together(&nodes, &[], &[small.clone(), large.clone()]);
    let verdicts: Vec<&FitVerdict> = fits.iter().map(|fit| &fit.verdict).collect();
    assert_eq!(verdicts, [&FitVerdict::DoesNotFit, &FitVerdict::Fits]);
    assert_eq!(
        check(&nodes, &[], &small).verdict,
        FitVerdict::Fits,
        "alone it fits"
    );
    let growing = [pool(2, Some(3))];
    let fits = check_together(&nodes, &growing, &[large.clone(), small, large]);
    let scaled = fits
        .iter()
        .filter(|fit| matches!(fit.verdict, FitVerdict::FitsAfterScaling { .. }))
        .count();
    assert_eq!((fits.len(), scaled), (3, 1), "one node is added once: {fits:#?}");
}

proptest! {
    #[test]
    fn more_room_never_makes_it_worse(
        used in prop::collection::vec((0u64..4_000, 0u64..12), 0..6), cpu in 100u64..4_000, gib in 1u64..12, replicas in 1u32..6,
    ) {
        let nodes: Vec<Node> = used.iter().enumerate().map(|(at, (cpu, gib))| node(&at.to_string(), *cpu, *gib)).collect();
        let wanted = workload(cpu, gib, replicas);
        let (fit, remedies) = checked(nodes.clone(), &[pool(3, None)], &wanted);
        prop_assert!(fit.on <= fit.of && fit.on <= fit.room);
        let mut more = nodes.clone();
        more.push(node("more", 0, 0));
        let (better, _) = checked(more, &[], &wanted);
        prop_assert!(better.room >= fit.room);
        prop_assert!(fit.verdict != FitVerdict::Fits || better.verdict == FitVerdict::Fits);

        for remedy in remedies {
            let (nodes, wanted) = match remedy {
                Remedy::SmallerRequest { cpu: less, memory } => {
                    let mut smaller = wanted.clone();
                    smaller.own.cpu = less.unwrap_or(cpu);
                    smaller.own.memory = memory.unwrap_or(smaller.own.memory);
                    prop_assert!(smaller.own.cpu <= cpu && smaller.own.memory <= gib * GIB);
                    (nodes.clone(), smaller)
                }
                Remedy::MoreNodes { nodes: count, .. } => {
                    let new = Node { allocatable: Fact::Known(Amounts { pods: 22, ..amounts(3_600, 12) }), ..node("new", 0, 0) };
                    let new = (0..count).map(|_| Node { requested: Fact::Known(Amounts::default()), ..new.clone() });
                    (nodes.iter().cloned().chain(new).collect(), wanted.clone())
                }
                Remedy::OtherPool { .. } => continue,
            };
            prop_assert_eq!(checked(nodes, &[], &wanted).0.verdict, FitVerdict::Fits);
        }
    }
}
