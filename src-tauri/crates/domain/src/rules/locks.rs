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
        "ATT-26.credentials",
        "ATT-26.delete",
        "ATT-26.nodes",
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
        (Some(target), _) => Some(about(warn(FIELD).variant("delete"), &target)),
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

/// AKS keeps the nodes, their disks and addresses in a group of its own (Azure/AKS issue 3291).
fn locks_of_nodes(case: &Case<'_>) -> Vec<Verdict> {
    let (Some(cluster), true) = (case.existing(), uses_node_group(case)) else {
        return Vec::new();
    };
    let Some(locks) = case.facts.node_locks.known() else {
        return unread("node_locks", &case.facts.node_locks);
    };
    let deletes = deletes_cluster(case);
    let removes = deletes || removes_nodes(case);
    let group = group_id(&cluster.subscription_id, &cluster.node_resource_group).unwrap_or_default();
    let holds_up = |lock: &&LockFacts| {
        let of_group = lock.scope.is_empty() || is_within(&group, &lock.scope);
        let of_nodes = lock.scope.to_lowercase().contains("/microsoft.compute/");
        (of_group || of_nodes || deletes) && (lock.is_read_only() || removes)
    };
    let verdict = |lock: &LockFacts| {
        let verdict = if deletes || lock.is_read_only() {
            block(FIELD)
        } else {
            warn(FIELD)
        };
        verdict
            .variant("nodes")
            .with("name", &lock.name)
            .with("level", &lock.level)
            .with("scope", &cluster.node_resource_group)
    };
    locks.iter().filter(holds_up).map(verdict).collect()
}

/// Whether AKS changes something in the group of the nodes. A set-up makes a load balancer there.
fn uses_node_group(case: &Case<'_>) -> bool {
    case.change.is_none_or(|change| {
        matches!(
            change,
            Change::Scale { .. }
                | Change::Autoscale { .. }
                | Change::Upgrade { nodes: true, .. }
                | Change::Power { .. }
                | Change::LoadBalancer { .. }
                | Change::Refresh { .. }
                | Change::Move { .. }
                | Change::MoveBack { .. }
        ) || deletes_cluster(case)
    })
}

fn deletes_cluster(case: &Case<'_>) -> bool {
    matches!(
        case.change,
        Some(Change::DeleteCluster { .. } | Change::DeleteWithCluster { .. })
    )
}

/// Whether AKS removes nodes, which a lock against deletion prevents.
fn removes_nodes(case: &Case<'_>) -> bool {
    match case.change {
        Some(Change::Scale { pool, nodes, .. }) => case.existing().is_some_and(|cluster| {
            let mut pools = cluster.pools.iter();
            let found = pools.find(|found| found.name.eq_ignore_ascii_case(pool));
            found.is_some_and(|found| *nodes < found.count)
        }),
        Some(Change::Autoscale { .. } | Change::Upgrade { .. } | Change::Power { running: false, .. }) => {
            true
        }
        _ => false,
    }
}
