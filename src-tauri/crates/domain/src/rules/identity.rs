//! Roles that the workspace's own identity needs on the cluster.

use super::verdict::{block, unknown, unread, when};
use super::{Case, Rule, Verdict, on_change};
use crate::change::Role;
use crate::finding::WizardStep::Place;
use crate::resource_id::last_segment;
use crate::rights::{IDENTITY_ROLES, has_role};
use crate::spec::ClusterChoice;

const ATTACH: &str = "learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace";
const FIELD: &str = "place.workspace";

pub(super) const RULES: &[Rule] = &[Rule::azure("ATT-31", Place, ATTACH, lacks_roles)
    .on_change(on_change::moves)
    .waivable()
    .says(&["ATT-31", "ATT-31.waived", "ATT-31.principal", "ATT-31.untold"])];

/// A system-assigned identity gets its rights from Azure ML. A user-assigned one must have its roles before the cluster is
/// attached.
fn lacks_roles(case: &Case<'_>) -> Vec<Verdict> {
    let untold = case
        .workspace()
        .filter(|found| case.extension() && found.identity_untold);
    if let Some(workspace) = untold {
        let verdict = unknown(FIELD, "identity").variant("untold");
        let roles = IDENTITY_ROLES.map(Role::display_name).join(", ");
        let verdict = verdict.with("name", &workspace.name).with("roles", roles);
        return vec![verdict.with("scope", scope(case))];
    }
    let identity = case.workspace().and_then(|found| found.user_assigned.as_ref());
    let Some(identity) = identity.filter(|_| case.extension()) else {
        return Vec::new();
    };
    let scope = scope(case);
    let verdict = |verdict: Verdict, roles: &[Role]| {
        let names: Vec<&str> = roles.iter().map(|role| role.display_name()).collect();
        verdict
            .with("identity", last_segment(&identity.id))
            .with("roles", names.join(", "))
            .with("scope", &scope)
    };
    if identity.principal_id.is_none() {
        let found = unknown(FIELD, "principalId").variant("principal");
        return vec![verdict(found, &IDENTITY_ROLES)];
    }
    let roles = &case.facts.identity_roles;
    let Some(have) = roles.known() else {
        return unread("identity_roles", roles);
    };
    let lacks: Vec<Role> = IDENTITY_ROLES
        .into_iter()
        .filter(|role| !has_role(have, *role))
        .collect();
    when(!lacks.is_empty(), || verdict(block(FIELD), &lacks))
}

/// Where the roles were read: on the cluster, or on what a new cluster inherits them from.
fn scope(case: &Case<'_>) -> String {
    let place = &case.spec.place;
    match &case.spec.cluster {
        ClusterChoice::Existing { resource_id } => last_segment(resource_id).to_owned(),
        _ if place.new_resource_group => place.subscription_id.clone(),
        _ => place.resource_group.clone(),
    }
}
