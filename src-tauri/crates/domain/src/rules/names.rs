//! Names: whether they are valid and still free.

use super::verdict::{block, on, unread, warn, when};
use super::{Case, Rule, Verdict, on_change};
use crate::facts::{ResourceGroupFacts, is_node_group};
use crate::finding::WizardStep::Place;
use crate::secrets::PLAN_TAG;
use std::ops::RangeInclusive;

const AML: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
const NAMES: &str = "learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules";
const AKS: &str = "learn.microsoft.com/rest/api/aks/managed-clusters/create-or-update";
const COMPUTES: &str = "learn.microsoft.com/rest/api/azureml/compute/create-or-update";
const WORKSPACES: &str = "learn.microsoft.com/rest/api/azureml/workspaces/get";
const NAMESPACES: &str = "kubernetes.io/docs/concepts/overview/working-with-objects/names";
const SDK: &str = "package azureml-core 1.61, core/compute/compute.py";
/// Names reserved by the SDK.
const RESERVED: [&str; 3] = ["amlcompute", "local", "containerinstance"];
/// A refusal of Azure ML with its rule: 2 to 16 characters.
const REFUSAL: &str = "github.com/MicrosoftDocs/azure-docs/issues/55961";
const AKS_FAQ: &str = "learn.microsoft.com/azure/aks/faq";
/// Longest name of a resource group of nodes.
const MOST_OF_NODE_GROUP: usize = 80;
/// Shortest name that one of the two official rules allows.
const SHORTEST: usize = 2;
/// Lengths that satisfy both official rules, which contradict each other (3 to 24, and 2 to 16).
const UNDISPUTED: RangeInclusive<usize> = 3..=16;
/// Namespaces of Kubernetes, AKS and their add-ons, besides those that begin with `kube-`
/// (learn.microsoft.com/azure/aks/faq, learn.microsoft.com/azure/aks/istio-deploy-addon,
/// learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-agent-overview, and Azure ML's own).
const SYSTEM_NAMESPACES: [&str; 13] = [
    "aks-command",
    "aks-istio-egress",
    "aks-istio-ingress",
    "aks-istio-system",
    "app-routing-system",
    "azure-arc",
    "azure-extensions-usage-system",
    "azureml",
    "calico-system",
    "dapr-system",
    "flux-system",
    "gatekeeper-system",
    "tigera-operator",
];

pub(super) const RULES: &[Rule] = &[
    Rule::local("NAM-01", Place, AML, |case| {
        let name = &case.spec.place.compute_name;
        let bad = case.classic() && !name.is_empty() && !is_compute_name(name);
        when(bad, || block("place.computeName").with("name", name))
    }),
    Rule::local("NAM-02", Place, REFUSAL, |case| {
        let name = &case.spec.place.compute_name;
        let length = name.chars().count();
        let verdict = || {
            warn("place.computeName")
                .with("name", name)
                .with("length", length)
        };
        if !is_compute_name(name) || UNDISPUTED.contains(&length) {
            return Vec::new();
        }
        vec![if length < *UNDISPUTED.start() {
            verdict().variant("short")
        } else {
            verdict()
        }]
    })
    .on_change(on_change::moves)
    .says(&["NAM-02", "NAM-02.short"]),
    // No pattern is published for this route, so only names that do not work in a resource id are refused.
    Rule::local("NAM-03", Place, AML, |case| {
        let name = &case.spec.place.compute_name;
        if !case.extension() || name.is_empty() || is_compute_name(name) {
            return Vec::new();
        }
        let verdict = if !is_path_part(name) {
            block("place.computeName").variant("unusable")
        } else if is_compute_name(&name.replace('_', "-")) {
            warn("place.computeName").variant("underscore")
        } else {
            warn("place.computeName")
        };
        vec![verdict.with("name", name)]
    })
    .on_change(on_change::moves)
    .says(&["NAM-03", "NAM-03.underscore", "NAM-03.unusable"]),
    Rule::local("NAM-04", Place, SDK, |case| {
        let name = &case.spec.place.compute_name;
        let reserved = RESERVED
            .iter()
            .any(|reserved| name.eq_ignore_ascii_case(reserved));
        when(reserved, || block("place.computeName").with("name", name))
    })
    .on_change(on_change::moves),
    Rule::azure("NAM-05", Place, COMPUTES, compute_taken)
        .on_change(on_change::moves)
        .says(&["NAM-05", "NAM-05.berth"]),
    Rule::local("NAM-07", Place, NAMESPACES, |case| {
        let name = &case.spec.place.namespace;
        let verdict = || block("place.namespace").with("name", name);
        if !case.extension() || name.is_empty() {
            return Vec::new();
        }
        if is_system_namespace(name) {
            return vec![verdict().variant("system")];
        }
        when(!is_namespace(name), verdict)
    })
    .on_change(on_change::moves)
    .says(&["NAM-07", "NAM-07.system"]),
    Rule::local("NAM-11", Place, AKS, |case| {
        let name = &case.spec.place.cluster_name;
        let bad = case.creates() && !name.is_empty() && !is_cluster_name(name);
        when(bad, || block("place.clusterName").with("name", name))
    }),
    Rule::local("NAM-13", Place, WORKSPACES, |case| {
        let name = &case.spec.place.workspace.name;
        when(!name.is_empty() && !is_workspace_name(name), || {
            block("place.workspace").with("name", name)
        })
    }),
    Rule::local("NAM-14", Place, NAMES, groups).says(&["NAM-14", "NAM-14.managed"]),
    Rule::azure("NAM-16", Place, AKS, cluster_taken).says(&["NAM-16", "NAM-16.berth"]),
    Rule::local("NAM-24", Place, AKS_FAQ, node_group_too_long),
    Rule::azure("NAM-17", Place, NAMES, group_exists).says(&["NAM-17", "NAM-17.exists", "NAM-17.managed"]),
];

/// Berth leaves the name of the nodes' resource group to AKS, which composes it.
fn node_group_too_long(case: &Case<'_>) -> Vec<Verdict> {
    let place = &case.spec.place;
    let name = format!(
        "MC_{}_{}_{}",
        place.resource_group, place.cluster_name, place.location
    );
    let length = name.chars().count();
    when(case.creates() && length > MOST_OF_NODE_GROUP, || {
        block("place.clusterName")
            .with("name", name)
            .with("length", length)
            .with("most", MOST_OF_NODE_GROUP)
    })
}

/// A PUT on a name in use would irrecoverably overwrite the compute.
fn compute_taken(case: &Case<'_>) -> Vec<Verdict> {
    let wanted = &case.spec.place.compute_name;
    let Some(computes) = case.facts.computes.known() else {
        return unread("computes", &case.facts.computes);
    };
    on(
        computes
            .iter()
            .find(|compute| compute.name.eq_ignore_ascii_case(wanted)),
        |compute| {
            let verdict = block("place.computeName")
                .with("name", &compute.name)
                .with("workspace", &case.spec.place.workspace.name)
                .with("type", &compute.compute_type);
            if compute.tags.contains_key(PLAN_TAG) {
                verdict.variant("berth")
            } else {
                verdict
            }
        },
    )
}

/// A PUT on an existing cluster would change it.
fn cluster_taken(case: &Case<'_>) -> Vec<Verdict> {
    if !case.creates() {
        return Vec::new();
    }
    let Some(cluster) = case.facts.cluster.known() else {
        return unread("cluster", &case.facts.cluster);
    };
    on(cluster.as_ref(), |cluster| {
        let verdict = block("place.clusterName")
            .with("name", &cluster.name)
            .with("group", &cluster.resource_group);
        if cluster.tags.contains_key(PLAN_TAG) {
            verdict.variant("berth")
        } else {
            verdict
        }
    })
}

fn groups(case: &Case<'_>) -> Vec<Verdict> {
    let place = &case.spec.place;
    let own = case
        .creates()
        .then_some(("place.resourceGroup", place.resource_group.as_str()));
    let groups = own
        .into_iter()
        .chain([("place.workspace", place.workspace.resource_group.as_str())]);
    let invalid = groups
        .filter(|(_, name)| !name.is_empty() && !is_group_name(name))
        .map(|(field, name)| block(field).with("name", name));
    let vnet = case
        .own_network()
        .map(|vnet| ("network.vnet.resourceGroup", vnet.resource_group.as_str()));
    // Azure lets a person make a group with such a name.
    let managed = own
        .filter(|_| !place.new_resource_group)
        .into_iter()
        .chain(vnet)
        .filter(|(_, name)| is_node_group(name))
        .map(|(field, name)| block(field).variant("managed").with("name", name));
    invalid.chain(managed).collect()
}

fn group_exists(case: &Case<'_>) -> Vec<Verdict> {
    let place = &case.spec.place;
    if !case.creates() || place.resource_group.is_empty() {
        return Vec::new();
    }
    match case.facts.resource_group.known() {
        None => unread("resource_group", &case.facts.resource_group),
        Some(None) => when(!place.new_resource_group, || {
            block("place.resourceGroup").with("name", &place.resource_group)
        }),
        // NAM-14 refuses the names that AKS gives.
        Some(Some(group)) if is_node_group(&group.name) => Vec::new(),
        Some(Some(ResourceGroupFacts {
            name,
            managed_by: Some(owner),
            ..
        })) => {
            let verdict = block("place.resourceGroup").variant("managed");
            vec![verdict.with("name", name).with("owner", owner)]
        }
        Some(Some(group)) => when(place.new_resource_group, || {
            let verdict = warn("place.resourceGroup").variant("exists");
            verdict
                .with("name", &group.name)
                .with("location", &group.location)
        }),
    }
}

/// 2 to 24 letters, digits or hyphens, starting with a letter and ending with a letter or digit: what at least one of the
/// two official rules allows.
fn is_compute_name(name: &str) -> bool {
    (SHORTEST..=24).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.ends_with(|last: char| last.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
}

/// Whether the name can be a segment of a resource id.
pub(super) fn is_path_part(name: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    (1..=80).contains(&name.len()) && name.chars().all(fits) && !name.starts_with('.')
}

/// 1 to 63 letters, digits, `_` or `-`, starting and ending with a letter or digit.
fn is_cluster_name(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.ends_with(|last: char| last.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
}

/// 3 to 33 letters, digits, `_` or `-`, starting with a letter or digit.
fn is_workspace_name(name: &str) -> bool {
    (3..=33).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
}

pub(super) fn is_namespace(name: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    (1..=63).contains(&name.len())
        && name.starts_with(plain)
        && name.ends_with(plain)
        && name.chars().all(|letter| plain(letter) || letter == '-')
}

/// Whether a namespace belongs to Kubernetes, AKS or Azure ML, so that nothing of a person may run there.
pub(super) fn is_system_namespace(name: &str) -> bool {
    name.starts_with("kube-") || SYSTEM_NAMESPACES.contains(&name)
}

/// 1 to 90 letters of any script, digits, `-`, `_`, `.`, `(`, `)`, not ending with a dot.
pub(super) fn is_group_name(name: &str) -> bool {
    let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '(' | ')');
    (1..=90).contains(&name.chars().count()) && name.chars().all(fits) && !name.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_kind_of_name_has_its_own_pattern() {
        for (name, compute, cluster, workspace, namespace) in [
            ("ml-prod-01", true, true, true, true),
            ("m1", true, true, false, true),
            ("m", false, true, false, true),
            ("1ml", false, true, true, true),
            ("ml-", false, false, true, false),
            ("ml_prod", false, true, true, false),
            ("Prod", true, true, true, false),
            ("", false, false, false, false),
            ("måne", false, false, false, false),
            ("abcdefghijklmnopqrstuvwx", true, true, true, true),
            ("abcdefghijklmnopqrstuvwxy", false, true, true, true),
        ] {
            let found = (
                is_compute_name(name),
                is_cluster_name(name),
                is_workspace_name(name),
                is_namespace(name),
            );
            assert_eq!(found, (compute, cluster, workspace, namespace), "{name}");
        }
        assert!(
            is_group_name("rg_1.(x)")
                && is_group_name("måne")
                && !is_group_name("rg.")
                && !is_group_name("a b")
        );
        assert!(
            is_path_part("a_b.c-1") && !is_path_part("a/b") && !is_path_part("..") && !is_path_part("a?b")
        );
    }

    #[test]
    fn system_namespaces_are_known() {
        for name in [
            "kube-system",
            "kube-public",
            "azureml",
            "gatekeeper-system",
            "azure-arc",
        ] {
            assert!(is_namespace(name) && is_system_namespace(name), "{name}");
        }
        for name in ["default", "models", "kubeflow", "azureml-ws-prod", "azure"] {
            assert!(!is_system_namespace(name), "{name}");
        }
        assert!(SYSTEM_NAMESPACES.is_sorted());
    }

    #[test]
    fn groups_of_nodes_are_told_by_their_name() {
        for (name, expected) in [
            ("MC_rg-ml_aks_westeurope", true),
            ("mc_rg_ml_aks_westeurope", true),
            ("MC_team", false),
            ("rg_MC_aks_westeurope", false),
            ("åäö_a_b_c", false),
            ("", false),
        ] {
            assert_eq!(is_node_group(name), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn compute_names_follow_the_published_pattern(name in "[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]") {
            prop_assert!(is_compute_name(&name) && is_path_part(&name));
        }

        #[test]
        fn cluster_names_follow_the_published_pattern(name in "[a-zA-Z0-9]([-_a-zA-Z0-9]{0,61}[a-zA-Z0-9])?") {
            prop_assert!(is_cluster_name(&name));
        }

        #[test]
        fn namespaces_follow_the_published_pattern(name in "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?") {
            prop_assert!(is_namespace(&name));
        }

        #[test]
        fn an_invalid_character_makes_every_name_invalid(name in "[a-z]{4,8}", at in 0usize..4, stray in "[ /?#%&+:;@~é\u{0}]") {
            let invalid = format!("{}{stray}{}", &name[..at], &name[at..]);
            let fits = [is_compute_name, is_cluster_name, is_workspace_name, is_namespace, is_path_part];
            prop_assert!(fits.iter().all(|fits| !fits(&invalid)), "{invalid}");
        }
    }
}
