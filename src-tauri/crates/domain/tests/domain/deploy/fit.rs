//! A cluster for every code of the rules on room for the replicas.

use super::rules::{Row, deploy_findings, row};
use super::*;
use berth_domain::facts::{Fact, Facts, VmSize};
use berth_domain::finding::Severity::{self, Blocking, Information, Unknown, Warning};
use berth_domain::fit::{Amounts, InstanceType, Node, Taint};
use serde_json::json;
use std::collections::BTreeMap;

const GIB: u64 = 1 << 30;

fn amounts(cpu: u64, gib: u64) -> Amounts {
    Amounts {
        cpu,
        memory: gib * GIB,
        pods: 30,
        ..Amounts::default()
    }
}

/// A ready node with this much free.
fn node(cpu: u64, gib: u64) -> Node {
    Node {
        name: text("n"),
        pool: Some(text("work")),
        labels: BTreeMap::from([(text("kubernetes.io/os"), text("linux"))]),
        ready: Some(true),
        allocatable: Fact::Known(amounts(cpu, gib)),
        requested: Fact::Known(Amounts::default()),
        daemon_sets: Fact::Known(Amounts::default()),
        ..Node::default()
    }
}

fn size() -> VmSize {
    VmSize {
        name: text("Standard_D4s_v5"),
        family: text("standardDSv5Family"),
        vcpus: 4,
        memory_gib: 16.0,
        gpus: 0,
        architecture: text("x64"),
        zones: Vec::new(),
        restricted: None,
        premium_io: true,
    }
}

fn usage(name: &str) -> berth_domain::facts::Usage {
    berth_domain::facts::Usage {
        name: text(name),
        label: text(name),
        used: 0,
        limit: 100,
    }
}

fn facts(nodes: Vec<Node>) -> Facts {
    let pool = json!({ "name": "work", "count": nodes.len(), "vmSize": "Standard_D4s_v5", "maxPods": 30, "maxCount": 9 });
    let mut facts = Facts::default();
    facts.deploy.nodes = Fact::Known(nodes);
    facts.deploy.cluster = Fact::Known(Some(json!({ "properties": { "agentPoolProfiles": [pool] } })));
    facts.vm_sizes = Fact::Known(vec![size()]);
    facts.usages = Fact::Known(vec![usage("cores"), usage("standardDSv5Family")]);
    facts
}

/// Two replicas of 2 vCPU and 4 GiB.
fn large() -> DeploySpec {
    let mut spec = extension();
    spec.resources.cpu = text("2");
    spec.resources.memory = text("4Gi");
    spec
}

fn on(
    code: &'static str,
    severity: Severity,
    nodes: Vec<Node>,
    spoil: impl FnOnce(&mut DeploySpec, &mut Facts),
) -> Row {
    let mut row = row(code, severity, large(), |_| {});
    row.facts = facts(nodes);
    if code.starts_with("DEP-23") || code.starts_with("DEP-24") {
        row.spec.waived = vec![text("DEP-22")];
    }
    spoil(&mut row.spec, &mut row.facts);
    row
}

fn selecting(label: &str) -> Fact<Option<Vec<InstanceType>>> {
    let mut chosen = InstanceType::default_type();
    chosen.selector = BTreeMap::from([(text(label), text("x"))]);
    Fact::Known(Some(vec![
        chosen,
        InstanceType {
            name: text("small"),
            ..InstanceType::default_type()
        },
    ]))
}

fn rooms() -> Vec<Row> {
    vec![
        on(
            "DEP-21.fits",
            Information,
            vec![node(3_000, 16), node(6_100, 16), node(1_000, 16)],
            |_, _| {},
        ),
        on(
            "DEP-21.surge",
            Warning,
            vec![node(3_000, 16), node(3_000, 16)],
            |_, _| {},
        ),
        on("DEP-21.scaling", Warning, vec![node(3_000, 16)], |_, facts| {
            if let Fact::Known(Some(cluster)) = &mut facts.deploy.cluster {
                cluster["properties"]["agentPoolProfiles"][0]["enableAutoScaling"] = true.into();
            }
        }),
        on("DEP-21.unread", Unknown, vec![], |_, facts| {
            facts.deploy.nodes = Fact::Unknown(text("403"))
        }),
        on("DEP-21.unread", Unknown, vec![node(3_000, 16)], |_, facts| {
            facts.deploy.instance_types = Fact::Unknown(text("403"));
        }),
        on("DEP-21.unread", Unknown, vec![node(9_000, 64)], |spec, _| {
            spec.instance_type = text("gpu")
        }),
        on("DEP-21.unread", Unknown, vec![node(9_000, 64)], |_, facts| {
            if let Fact::Known(nodes) = &mut facts.deploy.nodes {
                nodes[0].requested = Fact::Unknown(text("403"));
            }
        }),
        on("DEP-22", Blocking, vec![node(3_000, 16)], |_, _| {}),
        on("DEP-22", Blocking, vec![], |_, _| {}),
        on("DEP-22.waived", Warning, vec![node(1_000, 16)], |spec, _| {
            spec.waived = vec![text("DEP-22")]
        }),
    ]
}

fn reasons() -> Vec<Row> {
    vec![
        on(
            "DEP-23.cpu",
            Information,
            vec![node(1_400, 16), node(900, 16)],
            |_, _| {},
        ),
        on("DEP-23.memory", Information, vec![node(4_000, 4)], |_, _| {}),
        on("DEP-23.other", Information, vec![node(4_000, 16)], |spec, _| {
            spec.resources.gpu = 1
        }),
        on(
            "DEP-23.split",
            Information,
            vec![node(4_000, 1), node(100, 16)],
            |_, _| {},
        ),
        on(
            "DEP-23.not_ready",
            Information,
            vec![Node {
                ready: Some(false),
                ..node(4_000, 16)
            }],
            |_, _| {},
        ),
        on(
            "DEP-23.selector",
            Information,
            vec![node(4_000, 16)],
            |_, facts| {
                facts.deploy.instance_types = selecting("team");
            },
        ),
        on(
            "DEP-23.taint",
            Information,
            vec![Node {
                taints: Taint::parse("sku=gpu:NoSchedule").into_iter().collect(),
                ..node(4_000, 16)
            }],
            |_, _| {},
        ),
    ]
}

fn remedies() -> Vec<Row> {
    vec![
        on("DEP-24.cpu", Information, vec![node(3_000, 16)], |_, _| {}),
        on("DEP-24.memory", Information, vec![node(9_000, 8)], |_, _| {}),
        on("DEP-24.both", Information, vec![node(3_000, 9)], |_, _| {}),
        on("DEP-24.nodes", Information, vec![node(3_000, 16)], |_, _| {}),
        on("DEP-24.pool", Information, vec![node(9_000, 64)], |_, facts| {
            facts.deploy.instance_types = selecting("team");
        }),
        on("DEP-24.type", Information, vec![node(9_000, 64)], |_, facts| {
            facts.deploy.instance_types = selecting("team");
        }),
    ]
}

pub(super) fn rows() -> Vec<Row> {
    rooms().into_iter().chain(reasons()).chain(remedies()).collect()
}

#[test]
fn a_type_is_suggested_only_if_it_is_another_one_and_fits() {
    let mut spec = large();
    spec.resources.cpu = text("64");
    spec.resources.memory = String::new();
    let mut facts = facts(vec![node(3_000, 16)]);
    let other = InstanceType {
        name: text("other"),
        ..InstanceType::default_type()
    };
    facts.deploy.instance_types = Fact::Known(Some(vec![InstanceType::default_type(), other]));
    let found = deploy_findings(&spec, &facts);
    assert!(found.iter().any(|finding| finding.code == "DEP-22"), "{found:#?}");
    assert!(
        found.iter().all(|finding| finding.code != "DEP-24.type"),
        "{found:#?}"
    );
}
