//! Rules for detaching, deleting and cleaning up.

use super::super::verdict::{block, info, on, unread, warn, when};
use super::super::{Case, Rule, Verdict};
use super::cluster;
use crate::change::{Change, ToConfirm, confirmed, to_confirm};
use crate::cluster_object::ClusterObject;
use crate::facts::Fact;
use crate::finding::WizardStep::Review;
use crate::resource_id::{ResourceGroupId, ResourceId};

const SDK: &str = "package azureml-core 1.61, core/compute/aks.py";
const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
const DELETE: &str = "machinelearningservices 2024-04-01, Compute_Delete, underlyingResourceAction";
const DELETE_CLUSTER: &str = "learn.microsoft.com/azure/aks/delete-cluster";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("ATT-17", Review, SDK, dependents),
    Rule::azure("ATT-18", Review, CLASSIC, |case| {
        let leaves = matches!(
            case.change,
            Some(Change::Detach { .. } | Change::MoveFinish { .. })
        );
        let name = case.serving().map(|serving| name_of(&serving.cluster_id));
        let gone = case.facts.cluster == Fact::Known(None);
        on(name.filter(|_| leaves), |name| {
            let verdict = if gone { warn("").variant("gone") } else { info("") };
            verdict.with("cluster", name)
        })
    })
    .says(&["ATT-18", "ATT-18.gone"]),
    Rule::azure("ATT-19", Review, SDK, |case| {
        let deletes = matches!(case.change, Some(Change::DeleteWithCluster { .. }));
        let brought = case
            .serving()
            .filter(|serving| deletes && serving.is_attached != Some(false));
        brought.map(|_| block("")).into_iter().collect()
    }),
    Rule::azure("ATT-20", Review, DELETE, typed).says(&["ATT-20", "ATT-20.unknown"]),
    Rule::azure("ATT-21", Review, DELETE_CLUSTER, attached),
    Rule::azure("DEL-01", Review, DELETE_CLUSTER, deleted_with_cluster),
    Rule::azure("DEL-02", Review, DELETE, |case| {
        let detaches = matches!(case.change, Some(Change::Detach { .. }));
        let made = case
            .serving()
            .filter(|serving| detaches && serving.is_attached == Some(false));
        made.map(|serving| warn("").with("cluster", name_of(&serving.cluster_id)))
            .into_iter()
            .collect()
    }),
    Rule::azure("CLN-01", Review, CLASSIC, still_attached),
    Rule::azure("CLN-02", Review, CLASSIC, leftovers_to_remove).says(&["CLN-02", "CLN-02.found"]),
];

/// Name of a resource or resource group, or the id if it is neither.
pub(super) fn name_of(id: &str) -> String {
    let trimmed = id.trim_end_matches('/');
    let resource = ResourceId::parse(trimmed).map(|id| id.name());
    let name = resource.or_else(|| ResourceGroupId::parse(trimmed).map(|group| group.name));
    name.unwrap_or(id).to_owned()
}

/// Lists what runs on a compute to detach.
fn dependents(case: &Case<'_>) -> Vec<Verdict> {
    if !matches!(case.change, Some(Change::Detach { .. })) {
        return Vec::new();
    }
    let all = case.interrupted();
    when(!all.is_empty(), || {
        warn("")
            .with("count", all.len())
            .with("names", super::named(&all))
    })
}

/// The user has to confirm a deletion by typing the name.
fn typed(case: &Case<'_>) -> Vec<Verdict> {
    let Some(change) = case.change.filter(|change| !confirmed(change, case.facts)) else {
        return Vec::new();
    };
    match to_confirm(change, case.facts) {
        ToConfirm::Nothing => Vec::new(),
        ToConfirm::Name(name) => vec![block("confirm").with("name", name)],
        ToConfirm::Unknown => vec![block("confirm").variant("unknown")],
    }
}

/// Lists the computes to detach before the cluster is deleted.
fn attached(case: &Case<'_>) -> Vec<Verdict> {
    let deletes = matches!(
        case.change,
        Some(Change::DeleteCluster { .. } | Change::DeleteWithCluster { .. })
    );
    on(case.others().filter(|_| deletes), |computes| {
        warn("").with("computes", computes)
    })
}

fn deleted_with_cluster(case: &Case<'_>) -> Vec<Verdict> {
    let deletes = matches!(
        case.change,
        Some(Change::DeleteCluster { .. } | Change::DeleteWithCluster { .. })
    );
    if !deletes {
        return Vec::new();
    }
    let Some(found) = cluster(case) else {
        return unread("cluster", &case.facts.cluster);
    };
    let nodes: u32 = found
        .pools
        .iter()
        .map(|pool| pool.count)
        .fold(0, u32::saturating_add);
    let verdict = warn("")
        .with("cluster", &found.name)
        .with("group", &found.node_resource_group);
    vec![verdict.with("nodes", nodes).with("pools", found.pools.len())]
}

/// The front end serves all classic computes on the cluster, in any workspace.
fn still_attached(case: &Case<'_>) -> Vec<Verdict> {
    let removes = matches!(
        case.change,
        Some(Change::CleanUp { .. } | Change::Refresh { .. } | Change::MoveFinish { .. })
    );
    on(case.others().filter(|_| removes), |computes| {
        block("").with("computes", computes)
    })
}

fn leftovers_to_remove(case: &Case<'_>) -> Vec<Verdict> {
    if !matches!(case.change, Some(Change::CleanUp { .. })) {
        return Vec::new();
    }
    match &case.facts.leftovers {
        Fact::Known(found) if found.is_empty() => vec![block("")],
        Fact::Known(found) => vec![
            info("")
                .variant("found")
                .with("count", found.len())
                .with("objects", ClusterObject::join(found)),
        ],
        other => unread("leftovers", other),
    }
}
