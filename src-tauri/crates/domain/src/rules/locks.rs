//! Locks that would hold up a step of the plan, or AKS.

use super::rights::planned_steps;
use super::verdict::{block, unread, warn};
use super::{Case, Rule, Verdict, on_change};
use crate::change::Change;
use crate::facts::LockFacts;
use crate::finding::WizardStep;
use crate::plan::{PlanStep, StepKind};
use crate::resource_id::{ResourceId, group_id, last_segment};

const LOCKS: &str = "learn.microsoft.com/azure/azure-resource-manager/management/lock-resources";
const FIELD: &str = "place.resourceGroup";

pub(super) const RULES: &[Rule] = &[Rule::azure("ATT-26", WizardStep::Place, LOCKS, locks)
    .on_change(on_change::of_what_is_there)
    .says(&[
        "ATT-26",
        "ATT-26.address",
        "ATT-26.credentials",
        "ATT-26.delete",
        "ATT-26.nodes",
        "ATT-26.nodes_later",
        "ATT-26.read_only",
    ])];

/// What the steps write and delete.
#[derive(Default)]
struct Targets {
    written: Vec<String>,
    deleted: Vec<String>,
    /// Whether something is made that may have to be removed again.
    makes: bool,
}

fn locks(case: &Case<'_>) -> Vec<Verdict> {
    let targets = targets(case);
    let mut found = match case.facts.locks.known() {
        None => unread("locks", &case.facts.locks),
        Some(locks) => locks
            .iter()
            .filter_map(|lock| held_up(case, lock, &targets).or_else(|| credentials(case, lock)))
            .collect(),
    };
    found.extend(locks_of_nodes(case));
    found
}

fn targets(case: &Case<'_>) -> Targets {
    let change = case.change;
    let makes = change.is_none_or(|change| matches!(change, Change::Move { .. }));
    let mut targets = Targets {
        makes,
        ..Targets::default()
    };
    for PlanStep { kind, .. } in planned_steps(case).unwrap_or_default() {
        let Some(id) = kind.resource_id().map(str::to_owned) else {
            continue;
        };
        match kind {
            StepKind::RemoveResource { .. } => targets.deleted.push(id),
            _ => targets.written.push(id),
        }
    }
    if matches!(change, Some(Change::DeleteWithCluster { .. })) {
        targets.deleted.extend(case.spec.cluster_id());
    }
    targets
}

/// The lock is on a resource, its group or its subscription. Azure lists the locks of other resources in the group too.
fn held_up(case: &Case<'_>, lock: &LockFacts, targets: &Targets) -> Option<Verdict> {
    let scope = scope_of(case, lock);
    let covered = |ids: &[String]| ids.iter().find(|id| is_within(id, &scope)).cloned();
    let written = covered(&targets.written);
    // What is below a resource is deleted with it.
    let below = || {
        let mut deleted = targets.deleted.iter();
        deleted.find(|id| is_within(&scope, id)).cloned()
    };
    let deleted = covered(&targets.deleted).or_else(below);
    let about = |verdict: Verdict, target: &str| {
        verdict
            .with("name", &lock.name)
            .with("level", &lock.level)
            .with("scope", last_segment(&scope))
            .with("target", last_segment(target))
    };
    if lock.is_read_only() {
        let target = written.or(deleted)?;
        return Some(about(block(FIELD).variant("read_only"), &target));
    }
    match (deleted, written) {
        (Some(target), _) => Some(about(block(FIELD).variant("delete"), &target)),
        (None, Some(target)) if targets.makes => Some(about(warn(FIELD), &target)),
        _ => None,
    }
}

/// The classic route needs the administrator's kubeconfig. Azure hands it out in answer to a POST, which a read-only lock forbids.
fn credentials(case: &Case<'_>, lock: &LockFacts) -> Option<Verdict> {
    let attaches = case
        .change
        .is_none_or(|change| matches!(change, Change::Refresh { .. }));
    let cluster = case.existing().filter(|_| case.classic() && attaches)?;
    let scope = scope_of(case, lock);
    let holds = lock.is_read_only() && is_within(&cluster.id, &scope);
    holds.then(|| {
        let verdict = block(FIELD).variant("credentials").with("name", &lock.name);
        verdict
            .with("scope", last_segment(&scope))
            .with("target", &cluster.name)
    })
}

/// The id of what a lock is on: the cluster's group if Azure does not tell.
fn scope_of(case: &Case<'_>, lock: &LockFacts) -> String {
    if !lock.scope.is_empty() {
        return lock.scope.clone();
    }
    let id = case.spec.cluster_id().unwrap_or_default();
    let parsed = ResourceId::parse(&id);
    let group = parsed.and_then(|id| group_id(id.subscription, id.resource_group?));
    let place = &case.spec.place;
    group
        .or_else(|| group_id(&place.subscription_id, &place.resource_group))
        .unwrap_or_default()
}

fn is_within(id: &str, scope: &str) -> bool {
    let folded = |id: &str| format!("{}/", id.trim_end_matches('/').to_lowercase());
    !scope.is_empty() && folded(id).starts_with(&folded(scope))
}

/// AKS keeps the nodes, their disks and addresses in a group of its own. It removes none of the nodes while a lock protects
/// anything in that group (Azure/AKS issue 3291).
fn locks_of_nodes(case: &Case<'_>) -> Vec<Verdict> {
    let (Some(cluster), Some(effect)) = (case.existing(), effect_on_nodes(case)) else {
        return Vec::new();
    };
    let Some(locks) = case.facts.node_locks.known() else {
        return unread("node_locks", &case.facts.node_locks);
    };
    let group = group_id(&cluster.subscription_id, &cluster.node_resource_group).unwrap_or_default();
    let about = |verdict: Verdict, lock: &LockFacts| {
        verdict
            .with("name", &lock.name)
            .with("level", &lock.level)
            .with("scope", &cluster.node_resource_group)
    };
    let verdict = |lock: &LockFacts| {
        let whole = lock.scope.is_empty() || is_within(&group, &lock.scope);
        let of = |namespace: &str| lock.scope.to_lowercase().contains(namespace);
        let found = match (effect, lock.is_read_only()) {
            (Effect::Removes, _) => block(FIELD).variant("nodes"),
            (Effect::RemovesAddress, _) | (Effect::ReplacesAddress, false) => {
                let concerned = whole || of("/microsoft.network/");
                return concerned.then(|| about(warn(FIELD).variant("address"), lock));
            }
            (_, true) if whole || of("/microsoft.compute/") => block(FIELD).variant("nodes"),
            (Effect::MayRemove, false) => warn(FIELD).variant("nodes_later"),
            (Effect::ReplacesAddress, true) if of("/microsoft.network/") => warn(FIELD).variant("address"),
            _ => return None,
        };
        Some(about(found, lock))
    };
    locks.iter().filter_map(verdict).collect()
}

/// What a goal has AKS do in the group of the nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Adds or changes something.
    Writes,
    /// Removes nodes, or everything.
    Removes,
    /// Removes nodes at some time: those that the autoscaler or an upgrade adds, or all while the cluster is stopped.
    MayRemove,
    /// Removes the address of a load balancer.
    RemovesAddress,
    /// Removes the address of a load balancer and makes another.
    ReplacesAddress,
}

/// A set-up makes a load balancer in the group.
fn effect_on_nodes(case: &Case<'_>) -> Option<Effect> {
    let Some(change) = case.change else {
        return Some(Effect::Writes);
    };
    match change {
        Change::DeleteCluster { .. } | Change::DeleteWithCluster { .. } => Some(Effect::Removes),
        Change::Scale { pool, nodes, .. } => Some(resizes(case, pool, *nodes)),
        Change::Autoscale { pool, bounds, .. } => {
            let most = bounds.map_or(u32::MAX, |bounds| bounds.max);
            let now = resizes(case, pool, most);
            let later = bounds.map_or(Effect::Writes, |_| Effect::MayRemove);
            Some(if now == Effect::Removes { now } else { later })
        }
        Change::Upgrade { nodes: true, .. } | Change::Power { running: false, .. } => Some(Effect::MayRemove),
        Change::Power { .. } | Change::Move { .. } => Some(Effect::Writes),
        Change::LoadBalancer { .. } | Change::Refresh { .. } => Some(Effect::ReplacesAddress),
        Change::MoveBack { .. }
        | Change::MoveFinish { .. }
        | Change::CleanUp { .. }
        | Change::Detach { .. } => Some(Effect::RemovesAddress),
        _ => None,
    }
}

/// Whether a pool loses nodes if it is to have so many.
fn resizes(case: &Case<'_>, pool: &str, nodes: u32) -> Effect {
    let found = case.existing().and_then(|cluster| cluster.pool(pool));
    if found.is_some_and(|found| nodes < found.count) {
        Effect::Removes
    } else {
        Effect::Writes
    }
}
