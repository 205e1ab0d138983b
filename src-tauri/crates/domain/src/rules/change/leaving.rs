//! Detaching, deleting, cleaning up, and rights.

use super::super::verdict::{block, info, unread, warn, when};
use super::super::{Case, Rule, Verdict};
use super::cluster;
use crate::change::Change;
use crate::facts::Fact;
use crate::finding::WizardStep::Review;
use crate::resource_id::ResourceId;
use crate::rights::allowed;

const SDK: &str = "package azureml-core 1.61, core/compute/aks.py";
const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
const DELETE: &str = "machinelearningservices 2024-04-01, Compute_Delete, underlyingResourceAction";
const DELETE_CLUSTER: &str = "learn.microsoft.com/azure/aks/delete-cluster";
const ROLES: &str = "learn.microsoft.com/azure/role-based-access-control/role-assignments-rest";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("ATT-17", Review, SDK, dependents),
    Rule::azure("ATT-18", Review, CLASSIC, |case| {
        let leaves = matches!(
            case.change,
            Some(Change::Detach { .. } | Change::MoveFinish { .. })
        );
        let name = case.serving().map(|serving| name_of(&serving.cluster_id));
        name.filter(|_| leaves)
            .map(|name| info("").with("cluster", name))
            .into_iter()
            .collect()
    }),
    Rule::azure("ATT-19", Review, SDK, |case| {
        let deletes = matches!(case.change, Some(Change::DeleteWithCluster { .. }));
        let brought = case
            .serving()
            .filter(|serving| deletes && serving.is_attached != Some(false));
        brought.map(|_| block("")).into_iter().collect()
    }),
    Rule::azure("ATT-20", Review, DELETE, typed),
    Rule::azure("ATT-21", Review, DELETE_CLUSTER, attached),
    Rule::azure("DEL-01", Review, DELETE_CLUSTER, goes_with_it),
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
    Rule::azure("CLN-02", Review, CLASSIC, nothing_left).says(&["CLN-02", "CLN-02.found"]),
    Rule::azure("GRT-01", Review, ROLES, may_grant),
    Rule::local("GRT-02", Review, ROLES, |case| {
        let Some(Change::Grant { principal_id, .. }) = case.change else {
            return Vec::new();
        };
        when(principal_id.trim().is_empty(), || block(""))
    }),
    Rule::azure("CLU-01", Review, DELETE_CLUSTER, clear_up).says(&["CLU-01", "CLU-01.goes"]),
];

fn name_of(id: &str) -> String {
    ResourceId::parse(id).map_or(id, |id| id.name()).to_owned()
}

/// What runs on it is listed first.
fn dependents(case: &Case<'_>) -> Vec<Verdict> {
    if !matches!(case.change, Some(Change::Detach { .. })) {
        return Vec::new();
    }
    if case.facts.change.dependents.known().is_none() {
        return unread("dependents", &case.facts.change.dependents);
    }
    let all = case.dependents();
    when(!all.is_empty(), || {
        warn("").with("count", all.len()).with("names", super::named(all))
    })
}

/// Typing the name is the confirmation.
fn typed(case: &Case<'_>) -> Vec<Verdict> {
    let (confirm, name) = match case.change {
        Some(Change::DeleteCluster { cluster_id, confirm }) => (confirm, name_of(cluster_id)),
        Some(Change::DeleteWithCluster { confirm, .. }) => match case.serving() {
            Some(serving) => (confirm, name_of(&serving.cluster_id)),
            None => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    when(*confirm != name, || block("confirm").with("cluster", &name))
}

fn attached(case: &Case<'_>) -> Vec<Verdict> {
    if !matches!(case.change, Some(Change::DeleteCluster { .. })) {
        return Vec::new();
    }
    let Some(all) = case.facts.attachments.known() else {
        return unread("attachments", &case.facts.attachments);
    };
    when(!all.is_empty(), || {
        let names = all
            .iter()
            .map(|compute| format!("{} ({})", compute.name, compute.workspace));
        warn("").with("computes", names.collect::<Vec<_>>().join(", "))
    })
}

fn goes_with_it(case: &Case<'_>) -> Vec<Verdict> {
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

fn still_attached(case: &Case<'_>) -> Vec<Verdict> {
    if !matches!(case.change, Some(Change::CleanUp { .. })) {
        return Vec::new();
    }
    let Some(all) = case.facts.attachments.known() else {
        return unread("attachments", &case.facts.attachments);
    };
    let classic: Vec<String> = all
        .iter()
        .filter(|compute| compute.compute_type.eq_ignore_ascii_case("AKS"))
        .map(|compute| format!("{} ({})", compute.name, compute.workspace))
        .collect();
    when(!classic.is_empty(), || {
        block("").with("computes", classic.join(", "))
    })
}

fn nothing_left(case: &Case<'_>) -> Vec<Verdict> {
    if !matches!(case.change, Some(Change::CleanUp { .. })) {
        return Vec::new();
    }
    match &case.facts.leftovers {
        Fact::Known(found) if found.is_empty() => vec![block("")],
        Fact::Known(found) => vec![
            info("")
                .variant("found")
                .with("count", found.len())
                .with("objects", found.join(", ")),
        ],
        other => unread("leftovers", other),
    }
}

fn may_grant(case: &Case<'_>) -> Vec<Verdict> {
    let Some(Change::Grant { scope, role, .. }) = case.change else {
        return Vec::new();
    };
    let Some(rights) = case.facts.change.scope_rights.known() else {
        return unread("scope_rights", &case.facts.change.scope_rights);
    };
    when(
        !allowed(rights, "Microsoft.Authorization/roleAssignments/write"),
        || block("").with("scope", scope).with("role", role.display_name()),
    )
}

fn clear_up(case: &Case<'_>) -> Vec<Verdict> {
    let Some(Change::ClearUp { resources, .. }) = case.change else {
        return Vec::new();
    };
    let Some(present) = case.facts.change.present.known() else {
        return unread("present", &case.facts.change.present);
    };
    if present.is_empty() {
        return vec![block("").with("count", resources.len())];
    }
    let names = present
        .iter()
        .map(|id| name_of(id))
        .collect::<Vec<_>>()
        .join(", ");
    vec![
        warn("")
            .variant("goes")
            .with("count", present.len())
            .with("names", names),
    ]
}
