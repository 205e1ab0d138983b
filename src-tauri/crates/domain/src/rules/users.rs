//! Who else uses the cluster, where that could not be read completely.

use super::verdict::{block, unknown, unread_because};
use super::{CLUSTER_ID, Case, Rule, Verdict, on_change};
use crate::bodies::extension;
use crate::change::Change;
use crate::change::interruption::unread_of_cluster;
use crate::facts::{Fact, UnreadUsers};
use crate::finding::WizardStep::Review;

/// Id of the rule, which also speaks of changes.
pub(crate) const ID: &str = "USE-01";

const LIST: &str = "learn.microsoft.com/rest/api/azureml/compute/list";

const EXTENSIONS: &str = "learn.microsoft.com/rest/api/kubernetesconfiguration/extensions/list";
const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";

pub(super) const RULES: &[Rule] = &[
    Rule::azure(ID, Review, LIST, unread_users)
        .on_change(on_change::all_but_grants)
        .says(&[
            "USE-01.subscriptions",
            "USE-01.subscription",
            "USE-01.workspace",
            "USE-01.compute",
            "USE-01.services",
            "USE-01.deployments",
        ]),
    // Each fact has a rule of its own, so that consent to one is none to another.
    Rule::azure("USE-02", Review, EXTENSIONS, |case| {
        of_cluster(case, "extensions")
    })
    .on_change(on_change::interrupts)
    .says(&[]),
    Rule::azure("USE-03", Review, CLASSIC, |case| of_cluster(case, "leftovers"))
        .on_change(on_change::interrupts)
        .says(&[]),
];

/// A fact of the cluster without which nobody can be said to be spared.
fn of_cluster(case: &Case<'_>, fact: &str) -> Vec<Verdict> {
    if case.change.is_none() {
        return Vec::new();
    }
    let unread = unread_of_cluster(case.facts).into_iter();
    unread
        .filter(|(name, _)| *name == fact)
        .map(|(name, why)| unread_because(name, why))
        .collect()
}

/// Each place that could not be read, by name. Where something is interrupted or destroyed, the person has to agree to go
/// on without knowing, place by place.
fn unread_users(case: &Case<'_>) -> Vec<Verdict> {
    // Tags of a cluster concern nobody who uses it.
    if matches!(case.change, Some(Change::Tags { .. })) {
        return Vec::new();
    }
    let unread = case.facts.unread_users().iter();
    if disrupts(case) {
        unread
            .map(|place| about(block(field(case)), place).consent(&place.resource_id))
            .collect()
    } else {
        unread
            .map(|place| about(unknown(field(case), &place.why), place))
            .collect()
    }
}

fn about(verdict: Verdict, place: &UnreadUsers) -> Verdict {
    verdict
        .variant(place.what.word())
        .with("name", &place.name)
        .with("why", &place.why)
}

fn field(case: &Case<'_>) -> &'static str {
    if case.change.is_some() { "" } else { CLUSTER_ID }
}

/// A classic attachment takes the front end from another one; one by the extension changes an extension that is there.
fn disrupts(case: &Case<'_>) -> bool {
    match case.change {
        Some(change) => change.disrupts(),
        None => case.uses_existing() && (case.classic() || extension_may_be_there(case)),
    }
}

fn extension_may_be_there(case: &Case<'_>) -> bool {
    match &case.facts.extensions {
        Fact::Known(all) => extension::installed(all).is_some(),
        Fact::Unknown(_) => true,
        Fact::NotAsked => false,
    }
}
