//! Other users of the cluster that could not be read completely.

use super::verdict::{block, unknown, unread_because};
use super::{CLUSTER_ID, Case, Rule, Verdict, on_change};
use crate::bodies::extension;
use crate::change::Change;
use crate::change::interruption::unread_of_cluster;
use crate::facts::{Fact, UnreadUsers};
use crate::finding::WizardStep::Review;

/// Id of the rule on users that could not be read.
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
    // Each fact has its own rule, so that accepting one does not accept another.
    Rule::azure("USE-02", Review, EXTENSIONS, |case| {
        unread_cluster_fact(case, "extensions")
    })
    .on_change(on_change::interrupts)
    .says(&[]),
    Rule::azure("USE-03", Review, CLASSIC, |case| {
        unread_cluster_fact(case, "leftovers")
    })
    .on_change(on_change::interrupts)
    .says(&[]),
];

/// Reports an unread fact of the cluster without which Berth cannot rule out that the change interrupts someone.
fn unread_cluster_fact(case: &Case<'_>, fact: &str) -> Vec<Verdict> {
    if case.change.is_none() {
        return Vec::new();
    }
    let unread = unread_of_cluster(case.facts).into_iter();
    unread
        .filter(|(name, _)| *name == fact)
        .map(|(name, why)| unread_because(name, why))
        .collect()
}

/// Reports each resource whose users could not be read. If the goal interrupts or destroys something, the person must
/// accept each of these resources by name.
fn unread_users(case: &Case<'_>) -> Vec<Verdict> {
    // Tags do not affect users of the cluster.
    if matches!(case.change, Some(Change::Tags { .. })) {
        return Vec::new();
    }
    let unread = case.facts.unread_users().iter();
    if disrupts(case) {
        unread
            .map(|users| describe(block(field(case)), users).consent(&users.resource_id))
            .collect()
    } else {
        unread
            .map(|users| describe(unknown(field(case), &users.why), users))
            .collect()
    }
}

fn describe(verdict: Verdict, users: &UnreadUsers) -> Verdict {
    verdict
        .variant(users.what.as_str())
        .with("name", &users.name)
        .with("why", &users.why)
}

fn field(case: &Case<'_>) -> &'static str {
    if case.change.is_some() { "" } else { CLUSTER_ID }
}

/// A classic attachment takes over the front end of any other classic attachment; attaching through the extension changes
/// an extension that is already installed.
fn disrupts(case: &Case<'_>) -> bool {
    match case.change {
        Some(change) => change.disrupts(),
        None => case.uses_existing() && (case.classic() || may_have_extension(case)),
    }
}

fn may_have_extension(case: &Case<'_>) -> bool {
    match &case.facts.extensions {
        Fact::Known(all) => extension::installed(all).is_some(),
        Fact::Unknown(_) => true,
        Fact::NotAsked => false,
    }
}
