//! Names: their form, and whether they are free.

use super::{Case, Rule, Verdict, block, unread, warn, when};
use crate::finding::WizardStep;
use crate::plan::PLAN_TAG;

const AML: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
const NAMES: &str = "learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules";
const AKS: &str = "learn.microsoft.com/rest/api/aks/managed-clusters/create-or-update";
const COMPUTES: &str = "learn.microsoft.com/rest/api/azureml/compute/create-or-update";
const RESERVED: [&str; 3] = ["amlcompute", "local", "containerinstance"];

pub(super) const RULES: &[Rule] = &[
    local("NAM-01", AML, |case| {
        let name = &case.spec.place.compute_name;
        when(
            case.classic() && !name.is_empty() && !is_compute_name(name),
            || block("place.computeName").with("name", name),
        )
    }),
    local("NAM-02", NAMES, |case| {
        let name = &case.spec.place.compute_name;
        when(name.chars().count() > 16 && is_compute_name(name), || {
            warn("place.computeName")
                .with("name", name)
                .with("length", name.chars().count())
        })
    }),
    local("NAM-03", AML, |case| {
        let name = &case.spec.place.compute_name;
        when(
            case.extension() && !name.is_empty() && !is_compute_name(name),
            || block("place.computeName").with("name", name),
        )
    }),
    local(
        "NAM-04",
        "package azureml-core 1.61, core/compute/compute.py",
        |case| {
            let name = &case.spec.place.compute_name;
            let reserved = RESERVED
                .iter()
                .any(|reserved| name.eq_ignore_ascii_case(reserved));
            when(reserved, || block("place.computeName").with("name", name))
        },
    ),
    azure("NAM-05", COMPUTES, compute_taken),
    local(
        "NAM-07",
        "kubernetes.io/docs/concepts/overview/working-with-objects/names",
        |case| {
            let name = &case.spec.place.namespace;
            when(
                case.extension() && !name.is_empty() && !is_namespace(name),
                || block("place.namespace").with("name", name),
            )
        },
    ),
    local("NAM-11", AKS, |case| {
        let name = &case.spec.place.cluster_name;
        when(
            case.creates() && !name.is_empty() && !is_cluster_name(name),
            || block("place.clusterName").with("name", name),
        )
    }),
    local("NAM-14", NAMES, |case| {
        let name = &case.spec.place.resource_group;
        when(case.creates() && !name.is_empty() && !is_group_name(name), || {
            block("place.resourceGroup").with("name", name)
        })
    }),
    azure("NAM-16", AKS, cluster_taken),
    azure("NAM-17", NAMES, group_absent),
];

const fn local(id: &'static str, source: &'static str, check: fn(&Case<'_>) -> Vec<Verdict>) -> Rule {
    Rule {
        id,
        source,
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

/// A PUT on a name that is in use overwrites the compute beyond recovery.
fn compute_taken(case: &Case<'_>) -> Vec<Verdict> {
    let wanted = &case.spec.place.compute_name;
    let Some(computes) = case.facts.computes.known() else {
        return unread(&case.facts.computes, "place.computeName");
    };
    let taken = computes.iter().find(|compute| {
        let same_workspace = compute
            .workspace
            .eq_ignore_ascii_case(&case.spec.place.workspace.name);
        compute.name.eq_ignore_ascii_case(wanted) && same_workspace
    });
    taken
        .map(|compute| {
            block("place.computeName")
                .with("name", &compute.name)
                .with("workspace", &compute.workspace)
        })
        .into_iter()
        .collect()
}

/// A PUT on a cluster that is there would change it.
fn cluster_taken(case: &Case<'_>) -> Vec<Verdict> {
    if !case.creates() {
        return Vec::new();
    }
    match case.facts.cluster.known() {
        None => unread(&case.facts.cluster, "place.clusterName"),
        Some(None) => Vec::new(),
        Some(Some(cluster)) => {
            let ours = cluster.tags.contains_key(PLAN_TAG);
            let taken = block("place.clusterName")
                .with("name", &cluster.name)
                .with("group", &cluster.resource_group);
            vec![if ours { taken.variant("berth") } else { taken }]
        }
    }
}

fn group_absent(case: &Case<'_>) -> Vec<Verdict> {
    let place = &case.spec.place;
    if !case.creates() || place.resource_group.is_empty() {
        return Vec::new();
    }
    match case.facts.resource_group.known() {
        None => unread(&case.facts.resource_group, "place.resourceGroup"),
        Some(None) => when(!place.new_resource_group, || {
            block("place.resourceGroup").with("name", &place.resource_group)
        }),
        Some(Some(group)) => when(place.new_resource_group, || {
            warn("place.resourceGroup")
                .variant("exists")
                .with("name", &group.name)
                .with("location", &group.location)
        }),
    }
}

/// 3 to 24 letters, digits or dashes; a letter first, a letter or digit last.
fn is_compute_name(name: &str) -> bool {
    let letters: Vec<char> = name.chars().collect();
    (3..=24).contains(&letters.len())
        && letters.first().is_some_and(char::is_ascii_alphabetic)
        && letters.last().is_some_and(char::is_ascii_alphanumeric)
        && letters
            .iter()
            .all(|letter| letter.is_ascii_alphanumeric() || *letter == '-')
}

/// 1 to 63 letters, digits, `_` or `-`; a letter or digit at both ends.
fn is_cluster_name(name: &str) -> bool {
    let letters: Vec<char> = name.chars().collect();
    (1..=63).contains(&letters.len())
        && letters.first().is_some_and(char::is_ascii_alphanumeric)
        && letters.last().is_some_and(char::is_ascii_alphanumeric)
        && letters
            .iter()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
}

fn is_namespace(name: &str) -> bool {
    let letters: Vec<char> = name.chars().collect();
    let plain = |letter: &char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    (1..=63).contains(&letters.len())
        && letters.first().is_some_and(plain)
        && letters.last().is_some_and(plain)
        && letters.iter().all(|letter| plain(letter) || *letter == '-')
}

fn is_group_name(name: &str) -> bool {
    let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '(' | ')');
    (1..=90).contains(&name.chars().count()) && name.chars().all(fits) && !name.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_names() {
        for (name, compute, cluster, namespace) in [
            ("ml-prod-01", true, true, true),
            ("m1", false, true, true),
            ("1ml", false, true, true),
            ("ml-", false, false, false),
            ("ml_prod", false, true, false),
            ("Prod", true, true, false),
            ("", false, false, false),
            ("måne", false, false, false),
            ("abcdefghijklmnopqrstuvwxy", false, true, true),
        ] {
            assert_eq!(
                (is_compute_name(name), is_cluster_name(name), is_namespace(name)),
                (compute, cluster, namespace),
                "{name}"
            );
        }
        assert!(is_group_name("rg_1.(x)") && !is_group_name("rg.") && !is_group_name("a b"));
    }
}
