//! Attaching: the existing cluster, other attachments, leftovers.

use super::{Case, Rule, Verdict, block, info, unread, warn, when};
use crate::finding::WizardStep;
use crate::resource_id::{ResourceId, same_resource};
use crate::spec::ClusterChoice;

const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
const ATTACH: &str = "learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace";
const DEPLOY: &str = "learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension";
const TROUBLE: &str = "learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-compute";
const HEALTH: &str = "learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension";
const FIELD: &str = "cluster.resourceId";

pub(super) const RULES: &[Rule] = &[
    local("ATT-01", |case| {
        let ClusterChoice::Existing { resource_id } = &case.spec.cluster else {
            return Vec::new();
        };
        let sound = ResourceId::parse(resource_id).is_some_and(|id| id.is_cluster());
        when(!resource_id.is_empty() && !sound, || {
            block(FIELD).with("id", resource_id)
        })
    }),
    azure("ATT-02", ATTACH, |case| {
        match (&case.spec.cluster, case.facts.cluster.known()) {
            (ClusterChoice::Existing { resource_id }, Some(None)) => {
                vec![block(FIELD).with("id", resource_id)]
            }
            (ClusterChoice::Existing { .. }, None) => unread(&case.facts.cluster, FIELD),
            _ => Vec::new(),
        }
    }),
    azure("ATT-04", CLASSIC, attached_elsewhere),
    azure("ATT-05", ATTACH, |case| {
        let others = attachments(case, "Kubernetes");
        when(case.extension() && !others.is_empty(), || {
            info(FIELD).with("computes", others.join(", "))
        })
    }),
    local("ATT-06", |case| {
        let ClusterChoice::Existing { resource_id } = &case.spec.cluster else {
            return other_subscription(case, &case.spec.place.subscription_id);
        };
        let subscription = ResourceId::parse(resource_id).map_or("", |id| id.subscription);
        other_subscription(case, subscription)
    }),
    azure("ATT-07", TROUBLE, |case| {
        let Some(cluster) = case.existing() else {
            return Vec::new();
        };
        if !cluster.power_state.eq_ignore_ascii_case("Running") {
            return vec![block(FIELD).variant("stopped").with("name", &cluster.name)];
        }
        let busy = !cluster.provisioning_state.eq_ignore_ascii_case("Succeeded");
        when(busy, || {
            block(FIELD)
                .with("name", &cluster.name)
                .with("state", &cluster.provisioning_state)
        })
    }),
    azure("ATT-08", CLASSIC, |case| {
        let private = case.existing().is_some_and(|cluster| cluster.private_cluster);
        when(private, || warn(FIELD))
    }),
    Rule {
        waivable: true,
        ..azure("ATT-09", CLASSIC, |case| unreachable(case, case.classic()))
    },
    azure("ATT-10", DEPLOY, |case| unreachable(case, false)),
    azure(
        "ATT-11",
        "learn.microsoft.com/azure/aks/deploy-extensions-az-cli",
        |case| {
            let principal = case
                .existing()
                .is_some_and(|cluster| cluster.identity_type.is_none());
            when(case.extension() && principal, || block(FIELD))
        },
    ),
    azure("ATT-14", HEALTH, |case| {
        let Some(leftovers) = case.facts.leftovers.known() else {
            return unread(&case.facts.leftovers, FIELD);
        };
        when(case.extension() && !leftovers.is_empty(), || {
            block(FIELD).with("objects", leftovers.join(", "))
        })
    }),
    azure("ATT-16", CLASSIC, |case| {
        let left = case
            .facts
            .leftovers
            .known()
            .map(Vec::as_slice)
            .unwrap_or_default();
        when(case.classic() && !left.is_empty(), || {
            warn(FIELD).with("objects", left.join(", "))
        })
    }),
    Rule {
        step: WizardStep::Purpose,
        ..local("ATT-29", |case| {
            when(case.through_aml() && case.extension(), || block("route"))
        })
    },
];

const fn local(id: &'static str, check: fn(&Case<'_>) -> Vec<Verdict>) -> Rule {
    Rule {
        id,
        source: ATTACH,
        step: WizardStep::Place,
        local: true,
        waivable: false,
        check,
    }
}

const fn azure(id: &'static str, source: &'static str, check: fn(&Case<'_>) -> Vec<Verdict>) -> Rule {
    Rule {
        id,
        source,
        step: WizardStep::Place,
        local: false,
        waivable: false,
        check,
    }
}

/// Computes of a type that point at the chosen cluster, as `compute (workspace)`.
fn attachments(case: &Case<'_>, compute_type: &str) -> Vec<String> {
    let Some(cluster) = case.existing() else {
        return Vec::new();
    };
    let all = case
        .facts
        .attachments
        .known()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let here = all.iter().filter(|compute| {
        compute.compute_type.eq_ignore_ascii_case(compute_type)
            && compute
                .cluster_id
                .as_deref()
                .is_some_and(|id| same_resource(id, &cluster.id))
    });
    here.map(|compute| format!("{} ({})", compute.name, compute.workspace))
        .collect()
}

/// A second classic attachment breaks the first.
fn attached_elsewhere(case: &Case<'_>) -> Vec<Verdict> {
    if !case.classic() || !case.uses_existing() {
        return Vec::new();
    }
    if case.facts.attachments.known().is_none() {
        return unread(&case.facts.attachments, FIELD);
    }
    let others = attachments(case, "AKS");
    when(!others.is_empty(), || {
        block(FIELD).with("computes", others.join(", "))
    })
}

/// The extension route stays within one subscription.
fn other_subscription(case: &Case<'_>, subscription: &str) -> Vec<Verdict> {
    let workspace = &case.spec.place.workspace.subscription_id;
    let differ =
        !subscription.is_empty() && !workspace.is_empty() && !subscription.eq_ignore_ascii_case(workspace);
    when(case.extension() && differ, || {
        block("place.workspace")
            .with("cluster", subscription)
            .with("workspace", workspace)
    })
}

/// What keeps Azure ML from reaching the API server. The extension route may get in through Trusted Access, which the
/// public cloud has and the pages disagree about; the classic route cannot.
fn unreachable(case: &Case<'_>, classic: bool) -> Vec<Verdict> {
    let Some(cluster) = case.existing().filter(|_| classic == case.classic()) else {
        return Vec::new();
    };
    let reasons = [
        ("local_accounts", cluster.local_accounts_disabled),
        (
            "public_fqdn",
            cluster.private_cluster && cluster.private_public_fqdn,
        ),
        ("ranges", !cluster.authorized_ranges.is_empty()),
    ];
    reasons
        .into_iter()
        .filter(|(_, holds)| *holds)
        .map(|(reason, _)| {
            let refused = if classic {
                reason != "ranges"
            } else {
                !case.facts.trusted_access
            };
            let verdict = if refused { block(FIELD) } else { warn(FIELD) };
            verdict.variant(reason).with("name", &cluster.name)
        })
        .collect()
}
