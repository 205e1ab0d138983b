//! Users of a cluster.

use berth_domain::facts::*;

/// Sets the computes attached to the cluster.
pub(crate) fn attach(facts: &mut Facts, computes: Vec<ComputeFacts>) {
    facts.users.get_or_insert_default().computes = computes;
}

/// Sets the endpoints that the cluster's computes serve.
pub(crate) fn answering(facts: &mut Facts, dependents: Vec<Dependent>) {
    facts.users.get_or_insert_default().dependents = dependents;
}

/// Adds a workspace that could not be read.
pub(crate) fn unread(facts: &mut Facts) {
    let place = UnreadUsers {
        resource_id: UNREAD.into(),
        name: "ml-trial-old".into(),
        what: UnreadKind::Workspace,
        why: "403 Forbidden".into(),
    };
    facts.users.get_or_insert_default().unread = vec![place];
}

/// Id of the workspace that could not be read.
pub(crate) const UNREAD: &str = "/subscriptions/s-2/resourceGroups/rg-old/providers/Microsoft.MachineLearningServices/workspaces/ml-trial-old";
