//! Rules for attaching: the existing cluster, other attachments, leftovers.

use super::names::is_path_part;
use super::read::CLUSTER;
use super::verdict::{block, info, unread, warn, when};
use super::{Case, Rule, Verdict, on_change};
use crate::change::interruption::listed;
use crate::cluster_object::ClusterObject;
use crate::facts::{ComputeFacts, ProvisioningState};
use crate::finding::WizardStep::{self, Place};
use crate::resource_id::{ResourceId, id_in_address, same_resource};
use crate::spec::ClusterChoice;

const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
const ATTACH: &str = "learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace";
const DEPLOY: &str = "learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension";
const ADMIN: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes; \
                     Azure/AML-Kubernetes docs/azureml-aks-ta-support.md";
const TRUSTED: &str = "learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension; \
                       Azure/AML-Kubernetes docs/azureml-aks-ta-support.md";
const TROUBLE: &str = "learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-compute";
const HEALTH: &str = "learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension";
const COEXIST: &str = "Azure/AML-Kubernetes docs/attach-compute-on-aks-v1-cluster.md";
const SDK: &str = "package azureml-core 1.61, core/compute/aks.py and kubernetescompute.py";
const IDENTITY: &str = "learn.microsoft.com/azure/aks/deploy-extensions-az-cli";
const CLUSTERS: &str = "learn.microsoft.com/rest/api/aks/managed-clusters/get";
const FIELD: &str = "cluster.resourceId";

pub(super) const RULES: &[Rule] = &[
    Rule::local("ATT-01", Place, SDK, |case| {
        if case.classic() {
            wrong_id(case)
        } else {
            Vec::new()
        }
    })
    .says(&["ATT-01", "ATT-01.arc", "ATT-01.address"]),
    Rule::local("ATT-02", Place, SDK, |case| {
        if case.extension() {
            wrong_id(case)
        } else {
            Vec::new()
        }
    })
    .says(&["ATT-02", "ATT-02.arc", "ATT-02.address"]),
    Rule::azure("ATT-04", Place, CLASSIC, attached_elsewhere),
    Rule::azure("ATT-05", Place, ATTACH, other_attachments)
        .on_change(on_change::moves)
        .says(&["ATT-05", "ATT-05.namespace"]),
    Rule::local("ATT-06", Place, DEPLOY, other_subscription).on_change(on_change::moves),
    Rule::azure("ATT-07", Place, TROUBLE, running)
        .on_change(on_change::attaches)
        .reading(&[CLUSTER], |case| case.uses_existing())
        .says(&["ATT-07", "ATT-07.failed", "ATT-07.stopped"]),
    Rule::azure("ATT-08", Place, CLASSIC, |case| {
        let private = case
            .existing()
            .filter(|cluster| cluster.private_cluster && case.classic());
        private
            .map(|cluster| info(FIELD).with("name", &cluster.name))
            .into_iter()
            .collect()
    })
    .reading(&[CLUSTER], |case| case.uses_existing() && case.classic()),
    Rule::azure("ATT-09", Place, ADMIN, |case| {
        if case.classic() {
            unreachable_api_server(case)
        } else {
            Vec::new()
        }
    })
    .reading(&[CLUSTER], |case| case.uses_existing() && case.classic())
    .waivable()
    .says(&[
        "ATT-09.local_accounts",
        "ATT-09.local_accounts.waived",
        "ATT-09.public_fqdn",
        "ATT-09.public_fqdn.waived",
        "ATT-09.ranges",
    ]),
    Rule::azure("ATT-10", Place, TRUSTED, |case| {
        if case.extension() {
            unreachable_api_server(case)
        } else {
            Vec::new()
        }
    })
    .on_change(on_change::moves)
    .reading(&[CLUSTER], |case| case.uses_existing() && case.extension())
    .says(&[
        "ATT-10.local_accounts",
        "ATT-10.public_fqdn",
        "ATT-10.ranges",
        "ATT-10.sovereign",
    ]),
    Rule::azure("ATT-11", Place, IDENTITY, |case| {
        let principal = case.existing().filter(|cluster| {
            let kind = cluster.identity_type.as_deref().unwrap_or("None");
            case.extension() && kind.eq_ignore_ascii_case("None")
        });
        principal
            .map(|cluster| block(FIELD).with("name", &cluster.name))
            .into_iter()
            .collect()
    })
    .on_change(on_change::moves)
    .reading(&[CLUSTER], |case| case.uses_existing() && case.extension()),
    Rule::azure("ATT-13", Place, ATTACH, missing_namespace).on_change(on_change::moves),
    Rule::azure("ATT-14", Place, HEALTH, |case| {
        // With a classic compute attached, ATT-15 applies instead.
        if !case.extension() || !case.uses_existing() || !attachments(case, "AKS").is_empty() {
            return Vec::new();
        }
        leftovers(case, block(FIELD))
    }),
    Rule::azure("ATT-15", Place, COEXIST, classic_attached),
    Rule::azure("ATT-16", Place, CLASSIC, |case| {
        if !case.classic() || !case.uses_existing() || !attachments(case, "AKS").is_empty() {
            return Vec::new();
        }
        leftovers(case, warn(FIELD))
    }),
    Rule::local("ATT-29", WizardStep::Purpose, CLASSIC, |case| {
        when(case.through_aml(), || info("cluster"))
    }),
    Rule::azure("ATT-30", Place, CLUSTERS, |case| {
        match (&case.spec.cluster, case.facts.cluster.known()) {
            (ClusterChoice::Existing { resource_id }, Some(None)) => {
                vec![block(FIELD).with("name", ResourceId::parse(resource_id).map_or("", |id| id.name()))]
            }
            (ClusterChoice::Existing { .. }, None) => unread("cluster", &case.facts.cluster),
            _ => Vec::new(),
        }
    }),
    Rule::local("RTE-01", WizardStep::Purpose, CLASSIC, |case| {
        when(case.through_aml() && case.extension(), || block("route"))
    }),
];

/// The id is not that of an AKS cluster. Azure Arc clusters have a different type of id; Berth attaches AKS only.
fn wrong_id(case: &Case<'_>) -> Vec<Verdict> {
    let ClusterChoice::Existing { resource_id } = &case.spec.cluster else {
        return Vec::new();
    };
    if resource_id.is_empty() {
        return Vec::new();
    }
    let Some(id) = ResourceId::parse(resource_id) else {
        let inside =
            id_in_address(resource_id).filter(|id| ResourceId::parse(id).is_some_and(|id| id.is_cluster()));
        return vec![match inside {
            Some(inside) => {
                let verdict = block(FIELD).variant("address");
                verdict.with("value", resource_id).with("id", inside)
            }
            None => block(FIELD).with("id", resource_id),
        }];
    };
    if id.provider.eq_ignore_ascii_case("Microsoft.Kubernetes") {
        return vec![block(FIELD).variant("arc").with("name", id.name())];
    }
    let group = id.resource_group.is_some_and(super::names::is_group_name);
    let sound = id.is_cluster() && group && is_path_part(id.name()) && is_path_part(id.subscription);
    when(!sound, || block(FIELD).with("id", resource_id))
}

/// Computes of a type on the existing cluster.
fn attachments<'a>(case: &Case<'a>, compute_type: &str) -> Vec<&'a ComputeFacts> {
    let Some(cluster) = case.existing() else {
        return Vec::new();
    };
    let here = case.facts.attachments().iter().filter(|compute| {
        compute.compute_type.eq_ignore_ascii_case(compute_type)
            && compute
                .cluster_id
                .as_deref()
                .is_some_and(|id| same_resource(id, &cluster.id))
    });
    here.collect()
}

/// A second classic attachment breaks the first.
fn attached_elsewhere(case: &Case<'_>) -> Vec<Verdict> {
    if !case.classic() || !case.uses_existing() {
        return Vec::new();
    }
    let others = attachments(case, "AKS");
    when(!others.is_empty(), || {
        block(FIELD).with("computes", listed(&others))
    })
}

/// The extension route allows several attachments. Those with the same namespace share its workloads.
fn other_attachments(case: &Case<'_>) -> Vec<Verdict> {
    if !case.extension() || !case.uses_existing() {
        return Vec::new();
    }
    let others = attachments(case, "Kubernetes");
    let namespace = case.spec.place.namespace_or_default();
    let (sharing, apart): (Vec<_>, Vec<_>) = others.into_iter().partition(|compute| {
        compute
            .namespace
            .as_deref()
            .unwrap_or("default")
            .eq_ignore_ascii_case(namespace)
    });
    let mut found = when(!apart.is_empty(), || info(FIELD).with("computes", listed(&apart)));
    found.extend(when(!sharing.is_empty(), || {
        let verdict = warn("place.namespace").variant("namespace");
        verdict
            .with("computes", listed(&sharing))
            .with("namespace", namespace)
    }));
    found
}

/// On the extension route, cluster and workspace must be in the same subscription.
fn other_subscription(case: &Case<'_>) -> Vec<Verdict> {
    let subscription = match &case.spec.cluster {
        ClusterChoice::Existing { resource_id } => {
            ResourceId::parse(resource_id).map_or("", |id| id.subscription)
        }
        ClusterChoice::Create | ClusterChoice::CreateThroughAml => &case.spec.place.subscription_id,
    };
    let workspace = &case.spec.place.workspace.subscription_id;
    let apart =
        !subscription.is_empty() && !workspace.is_empty() && !subscription.eq_ignore_ascii_case(workspace);
    when(case.extension() && apart, || {
        block("place.workspace")
            .with("cluster", subscription)
            .with("workspace", workspace)
    })
}

fn running(case: &Case<'_>) -> Vec<Verdict> {
    let Some(cluster) = case.existing() else {
        return Vec::new();
    };
    if !cluster.power_state.eq_ignore_ascii_case("Running") {
        return vec![block(FIELD).variant("stopped").with("name", &cluster.name)];
    }
    let state = &cluster.provisioning_state;
    // ATT-36 reports a state that Azure does not tell.
    let verdict = if state.is_succeeded() || *state == ProvisioningState::Unstated {
        return Vec::new();
    } else if state.is_failed() {
        // No page says whether a failed cluster can be attached.
        warn(FIELD).variant("failed")
    } else {
        block(FIELD)
    };
    vec![verdict.with("name", &cluster.name).with("state", state)]
}

/// Why Azure ML may not reach the API server. On the extension route, Trusted Access may help; only the public cloud
/// has it, and the documentation is contradictory. On the classic route, only access from authorized IP ranges is
/// possible.
fn unreachable_api_server(case: &Case<'_>) -> Vec<Verdict> {
    let Some(cluster) = case.existing() else {
        return Vec::new();
    };
    let ranges = &cluster.authorized_ranges;
    let reasons = [
        ("local_accounts", cluster.local_accounts_disabled),
        (
            "public_fqdn",
            cluster.private_cluster && cluster.private_public_fqdn,
        ),
        ("ranges", !ranges.is_empty()),
    ];
    let verdict = |reason: &'static str| {
        let classic = case.classic();
        let verdict = match (classic, reason) {
            (true, "ranges") => warn(FIELD).variant(reason),
            (true, _) => block(FIELD).variant(reason),
            (false, _) if case.facts.trusted_access => warn(FIELD).variant(reason),
            (false, _) => block(FIELD).variant("sovereign").with("cloud", &case.facts.cloud),
        };
        let verdict = verdict.with("name", &cluster.name);
        if reason == "ranges" {
            verdict.with("ranges", ranges.join(", "))
        } else {
            verdict
        }
    };
    let mut found: Vec<Verdict> = reasons
        .into_iter()
        .filter(|(_, holds)| *holds)
        .map(|(reason, _)| verdict(reason))
        .collect();
    if case.extension() && !case.facts.trusted_access {
        // One finding covers all reasons in these clouds.
        found.truncate(1);
    }
    found
}

/// Attaching neither creates nor checks the namespace, so Berth creates it.
fn missing_namespace(case: &Case<'_>) -> Vec<Verdict> {
    let namespace = case.spec.place.namespace_or_default();
    if !case.extension() || !case.uses_existing() || namespace == "default" {
        return Vec::new();
    }
    let Some(known) = case.facts.namespaces.known() else {
        return unread("namespaces", &case.facts.namespaces);
    };
    when(!known.iter().any(|name| name == namespace), || {
        info("place.namespace").with("namespace", namespace)
    })
}

/// Objects of a former Azure ML front end are in the cluster.
fn leftovers(case: &Case<'_>, verdict: Verdict) -> Vec<Verdict> {
    let Some(objects) = case.facts.leftovers.known() else {
        return unread("leftovers", &case.facts.leftovers);
    };
    when(!objects.is_empty(), || {
        verdict.with("objects", ClusterObject::join(objects))
    })
}

/// A classic compute prevents the extension's front end from being installed. A move annotates the classic front end, so
/// that both can stand side by side, also where Azure ML created the cluster.
fn classic_attached(case: &Case<'_>) -> Vec<Verdict> {
    let others = attachments(case, "AKS");
    if !case.extension() || others.is_empty() {
        return Vec::new();
    }
    vec![block(FIELD).with("computes", listed(&others))]
}
