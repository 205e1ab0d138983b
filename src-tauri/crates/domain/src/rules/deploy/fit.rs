//! Whether the replicas of a version have room on the nodes of the cluster, and what would make room.

use crate::deployment_spec::{DeploySpec, read_quantity};
use crate::endpoint::{EndpointVersion, VersionScale};
use crate::facts::{Fact, ProvisioningState};
use crate::finding::WizardStep::Review as Step;
use crate::fit::{
    AmlPlace, Amounts, Fit, FitVerdict, InstanceType, Node, NodeFit, Pool, Reason, Remedy, Workload, check,
    other_instance_types, pools, remedies, show_bytes, show_thousandths,
};
use crate::rules::verdict::{block, info, unknown, warn, when};
use crate::rules::{Case, Rule, Verdict};
use crate::spec::Route;
use std::collections::BTreeSet;

const SCHEDULER: &str = "kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler";
const TAINTS: &str = "learn.microsoft.com/azure/machine-learning/reference-kubernetes";
/// Its type runs where a compute has no other.
const DEFAULT_TYPE: &str = "defaultinstancetype";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("DEP-21", Step, SCHEDULER, room).says(&[
        "DEP-21.fits",
        "DEP-21.surge",
        "DEP-21.scaling",
        "DEP-21.unread",
    ]),
    Rule::azure("DEP-22", Step, SCHEDULER, no_room)
        .waivable()
        .says(&["DEP-22", "DEP-22.waived"]),
    Rule::azure("DEP-23", Step, TAINTS, why_none).says(&[
        "DEP-23.cpu",
        "DEP-23.memory",
        "DEP-23.other",
        "DEP-23.split",
        "DEP-23.not_ready",
        "DEP-23.selector",
        "DEP-23.taint",
    ]),
    Rule::azure("DEP-24", Step, SCHEDULER, suggestions).says(&[
        "DEP-24.cpu",
        "DEP-24.memory",
        "DEP-24.both",
        "DEP-24.nodes",
        "DEP-24.pool",
        "DEP-24.type",
    ]),
];

/// A version with the nodes that it would run on.
struct Placement<'a> {
    spec: &'a DeploySpec,
    nodes: &'a Fact<Vec<Node>>,
    pools: Vec<Pool>,
    /// The replicas that need room besides those that run already.
    workload: Workload,
    /// Replicas of the same version that run already and are replaced.
    running: u32,
    fit: Fit,
}

impl<'a> Placement<'a> {
    /// `None` if nothing was read, or if another rule objects to what the replicas request.
    fn of(case: &Case<'a>) -> Option<Result<Self, String>> {
        let spec = case.deploy?;
        let facts = &case.facts.deploy;
        if matches!(facts.nodes, Fact::NotAsked) {
            return None;
        }
        let before = replaced(case);
        let mut workload = match workload(spec, before, &facts.instance_types)? {
            Ok(workload) => workload,
            Err(why) => return Some(Err(why)),
        };
        let running = before.map_or(0, running).min(workload.replicas);
        workload.replicas -= running;
        let nodes = &facts.nodes;
        let list = nodes.known().map_or(&[][..], Vec::as_slice);
        let cluster = facts.cluster.known().and_then(Option::as_ref);
        let (sizes, usages) = (&case.facts.vm_sizes, &case.facts.usages);
        let pools = cluster.map_or_else(Vec::new, |cluster| pools(cluster, list, sizes, usages));
        let fit = check(nodes, &pools, &workload);
        Some(Ok(Self {
            spec,
            nodes,
            pools,
            workload,
            running,
            fit,
        }))
    }

    /// The same, if it is certain that not all replicas have room.
    fn without_room(case: &Case<'a>) -> Option<Self> {
        let placement = Self::of(case)?.ok()?;
        (placement.fit.verdict == FitVerdict::DoesNotFit && placement.fit.room < placement.workload.replicas)
            .then_some(placement)
    }
}

/// The version of the same name, which is updated.
fn replaced<'a>(case: &Case<'a>) -> Option<&'a EndpointVersion> {
    let spec = case.deploy.filter(|spec| !spec.endpoint.is_new())?;
    let mut versions = case.facts.change.endpoint_versions.known()?.iter();
    versions.find(|version| version.name == spec.version)
}

/// The fewest replicas of a version that is in order; of another one, it is unknown whether any run.
fn running(version: &EndpointVersion) -> u32 {
    if ProvisioningState::from(version.state.as_str()) != ProvisioningState::Succeeded {
        return 0;
    }
    match version.scale {
        Some(VersionScale::Fixed { replicas }) => replicas,
        Some(VersionScale::Auto { min, .. }) => min,
        None => 0,
    }
}

/// `None` if a quantity cannot be read, or the instance type does not exist.
fn workload(
    spec: &DeploySpec,
    before: Option<&EndpointVersion>,
    types: &Fact<Option<Vec<InstanceType>>>,
) -> Option<Result<Workload, String>> {
    let replicas = spec.scale.fewest();
    if spec.route == Route::Classic {
        return Some(Ok(Workload::classic(&spec.replica_request()?, replicas)));
    }
    // An update without a type keeps the version's.
    let kept = before.and_then(|version| version.instance_type.as_deref());
    let name = Some(spec.instance_type.as_str()).filter(|name| !name.is_empty());
    let of = match instance_type(name.or(kept).unwrap_or(DEFAULT_TYPE), types)? {
        Ok(of) => of,
        Err(why) => return Some(Err(why)),
    };
    let own = own_request(spec, &of.requests)?;
    Some(Ok(Workload::extension(Some(&own), &of, place(spec), replicas)))
}

fn instance_type(
    name: &str,
    types: &Fact<Option<Vec<InstanceType>>>,
) -> Option<Result<InstanceType, String>> {
    let is_default = name.is_empty() || name == DEFAULT_TYPE;
    match types {
        Fact::Unknown(why) => Some(Err(why.clone())),
        Fact::Known(Some(types)) => match types.iter().find(|one| one.name == name) {
            Some(found) => Some(Ok(found.clone())),
            None => is_default.then(|| Ok(InstanceType::default_type())),
        },
        Fact::Known(None) | Fact::NotAsked if is_default => Some(Ok(InstanceType::default_type())),
        Fact::Known(None) | Fact::NotAsked => Some(Err(format!(
            "Azure does not say what the instance type {name} requests"
        ))),
    }
}

/// What a replica requests; the instance type decides what is left empty.
fn own_request(spec: &DeploySpec, of_type: &Amounts) -> Option<Amounts> {
    let mut own = of_type.clone();
    if let Some(cpu) = read_quantity(&spec.resources.cpu, true) {
        own.cpu = cpu.ok()?;
    }
    if let Some(memory) = read_quantity(&spec.resources.memory, false) {
        own.memory = memory.ok()?;
    }
    if spec.resources.gpu > 0 {
        own.others
            .insert("nvidia.com/gpu".to_owned(), spec.resources.gpu.into());
    }
    Some(own)
}

fn place(spec: &DeploySpec) -> AmlPlace<'_> {
    AmlPlace {
        resource_group: &spec.workspace.resource_group,
        workspace: &spec.workspace.name,
        compute: &spec.compute,
    }
}

fn room(case: &Case<'_>) -> Vec<Verdict> {
    let placement = match Placement::of(case) {
        None => return Vec::new(),
        Some(Err(why)) => return vec![unknown("resources", why).variant("unread")],
        Some(Ok(placement)) => placement,
    };
    let (fit, replicas) = (&placement.fit, placement.workload.replicas);
    let counted = |verdict: Verdict| {
        let verdict = verdict.with("on", fit.on).with("of", fit.of);
        let running = placement.running;
        let verdict = verdict.with("room", fit.room.saturating_add(running));
        vec![verdict.with("replicas", replicas + running)]
    };
    match &fit.verdict {
        FitVerdict::Fits => counted(info("resources").variant("fits")),
        FitVerdict::FitsAfterScaling { added } if fit.room < replicas => {
            let added: Vec<String> = added
                .iter()
                .map(|added| format!("{} + {}", added.pool, added.nodes))
                .collect();
            counted(
                warn("resources")
                    .variant("scaling")
                    .with("added", added.join(", ")),
            )
        }
        FitVerdict::Unknown { why } => vec![unknown("resources", why).variant("unread")],
        FitVerdict::FitsAfterScaling { .. } => counted(info("resources").variant("fits")),
        FitVerdict::DoesNotFit if fit.room >= replicas => counted(warn("resources").variant("surge")),
        FitVerdict::DoesNotFit => Vec::new(),
    }
}

fn no_room(case: &Case<'_>) -> Vec<Verdict> {
    let Some(placement) = Placement::without_room(case) else {
        return Vec::new();
    };
    let fit = &placement.fit;
    let running = placement.running;
    let room = fit.room.saturating_add(running);
    let verdict = block("resources").with("room", room).with("of", fit.of);
    vec![verdict.with("replicas", placement.workload.replicas + running)]
}

/// What keeps the replicas off every node.
fn why_none(case: &Case<'_>) -> Vec<Verdict> {
    let Some(fit) = Placement::without_room(case).map(|placement| placement.fit) else {
        return Vec::new();
    };
    if fit.room > 0 {
        return Vec::new();
    }
    let down = |reason: &Reason| matches!(reason, Reason::NotReady | Reason::Cordoned);
    let unselected = |reason: &Reason| matches!(reason, Reason::Selector { .. });
    let tainted = |reason: &Reason| matches!(reason, Reason::Taint { .. });
    let up: Vec<&NodeFit> = fit
        .nodes
        .iter()
        .filter(|node| !node.reasons.iter().any(down))
        .collect();
    let selected: Vec<&NodeFit> = up
        .iter()
        .copied()
        .filter(|node| !node.reasons.iter().any(unselected))
        .collect();
    match &fit.best {
        Some(best) => short(&fit, best),
        None if up.is_empty() => vec![info("resources").variant("not_ready")],
        None if selected.is_empty() => named(&up, unselected, "selector", "labels"),
        None => named(&selected, tainted, "taint", "taints"),
    }
}

fn named(nodes: &[&NodeFit], is: fn(&Reason) -> bool, variant: &'static str, what: &str) -> Vec<Verdict> {
    let reasons = nodes
        .iter()
        .flat_map(|node| &node.reasons)
        .filter(|reason| is(reason));
    let names: BTreeSet<String> = reasons.filter_map(name).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    vec![info("resources").variant(variant).with(what, names.join(", "))]
}

fn name(reason: &Reason) -> Option<String> {
    match reason {
        Reason::Selector { label, wanted, .. } => Some(format!("{label}={wanted}")),
        Reason::Taint { taint } => Some(taint.clone()),
        _ => None,
    }
}

/// Resources of which no node has enough. Where some node has enough of each, but none of all, what is short somewhere.
fn short(fit: &Fit, best: &Amounts) -> Vec<Verdict> {
    let nowhere = fit
        .request
        .each()
        .filter(|(resource, needed)| best.of(resource) < *needed);
    let found: Vec<Verdict> = nowhere
        .map(|(resource, needed)| shortage(resource, needed, best.of(resource)))
        .collect();
    if !found.is_empty() {
        return found;
    }
    let reasons = fit.nodes.iter().flat_map(|node| &node.reasons);
    let somewhere: BTreeSet<&str> = reasons
        .filter_map(|reason| match reason {
            Reason::Short { resource, .. } => Some(resource.as_str()),
            _ => None,
        })
        .collect();
    let resources: Vec<&str> = somewhere.into_iter().collect();
    vec![
        info("resources")
            .variant("split")
            .with("resources", resources.join(", ")),
    ]
}

fn shortage(resource: &str, needed: u64, free: u64) -> Verdict {
    let amounts = |verdict: Verdict, show: fn(u64) -> String| {
        verdict.with("needed", show(needed)).with("free", show(free))
    };
    match resource {
        "cpu" => amounts(info("resources.cpu").variant("cpu"), show_thousandths),
        "memory" => amounts(info("resources.memory").variant("memory"), show_bytes),
        other => {
            amounts(info("resources").variant("other"), |amount| amount.to_string()).with("resource", other)
        }
    }
}

fn suggestions(case: &Case<'_>) -> Vec<Verdict> {
    let Some(placement) = Placement::without_room(case) else {
        return Vec::new();
    };
    let Placement {
        spec,
        nodes,
        pools,
        workload,
        fit,
        ..
    } = &placement;
    let mut found: Vec<Verdict> = remedies(fit, nodes, pools, workload)
        .iter()
        .map(suggestion)
        .collect();
    if let Some(types) = case.facts.deploy.instance_types.known().and_then(Option::as_ref) {
        let fits = |of: &&InstanceType| {
            let (of, replicas) = (std::slice::from_ref(*of), workload.replicas);
            let own = of.first().and_then(|of| own_request(spec, &of.requests));
            own.is_some_and(|own| {
                !other_instance_types(nodes, pools, of, Some(&own), place(spec), replicas).is_empty()
            })
        };
        let used = Some(spec.instance_type.as_str()).filter(|name| !name.is_empty());
        let used = used.unwrap_or(DEFAULT_TYPE);
        let others = types.iter().filter(|of| of.name != used);
        let names: Vec<&str> = others.filter(fits).map(|of| of.name.as_str()).collect();
        found.extend(when(spec.route == Route::Extension && !names.is_empty(), || {
            info("instanceType")
                .variant("type")
                .with("names", names.join(", "))
        }));
    }
    found
}

fn suggestion(remedy: &Remedy) -> Verdict {
    match remedy {
        Remedy::SmallerRequest {
            cpu: Some(cpu),
            memory: None,
        } => info("resources.cpu")
            .variant("cpu")
            .with("cpu", show_thousandths(*cpu)),
        Remedy::SmallerRequest { cpu: None, memory } => info("resources.memory")
            .variant("memory")
            .with("memory", show_bytes(memory.unwrap_or_default())),
        Remedy::SmallerRequest {
            cpu: Some(cpu),
            memory: Some(memory),
        } => info("resources")
            .variant("both")
            .with("cpu", show_thousandths(*cpu))
            .with("memory", show_bytes(*memory)),
        Remedy::MoreNodes { pool, nodes } => info("resources")
            .variant("nodes")
            .with("pool", pool)
            .with("nodes", nodes),
        Remedy::OtherPool { pool } => info("instanceType").variant("pool").with("pool", pool),
    }
}
