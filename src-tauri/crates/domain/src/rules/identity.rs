//! Roles that the identities of the workspace and of the cluster need.

use super::read::CLUSTER;
use super::verdict::{block, unknown, unread, warn, when};
use super::{Case, Rule, Verdict, on_change};
use crate::change::Role;
use crate::facts::{ClusterFacts, ScopeRoles};
use crate::finding::WizardStep::{Network, Place};
use crate::resource_id::{last_segment, same_resource, subnet_label};
use crate::rights::{IDENTITY_ROLES, address_subnets, has_role};
use crate::spec::ClusterChoice;

const ATTACH: &str = "learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace";
const INTERNAL: &str = "learn.microsoft.com/azure/aks/internal-lb";
const FIELD: &str = "place.workspace";
const BALANCER: &str = "network.loadBalancer";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("ATT-31", Place, ATTACH, lacks_roles)
        .on_change(on_change::moves)
        .waivable()
        .says(&["ATT-31", "ATT-31.waived", "ATT-31.principal", "ATT-31.untold"]),
    Rule::azure("LBR-08", Network, INTERNAL, network_role)
        .on_change(on_change::load_balancer)
        .reading(&[CLUSTER], |case| case.internal() && case.uses_existing())
        .says(&["LBR-08", "LBR-08.lacks", "LBR-08.unread"]),
];

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

/// On an existing virtual network, the internal address stays pending until the cluster's identity has a role there.
fn network_role(case: &Case<'_>) -> Vec<Verdict> {
    if !case.internal() {
        return Vec::new();
    }
    if let Some(cluster) = case.existing() {
        return address_subnets(case.spec, cluster)
            .iter()
            .filter_map(|scope| role_on(case, cluster, scope))
            .collect();
    }
    let made = case.own_network().map(|vnet| {
        let name = &case.spec.place.cluster_name;
        warn(BALANCER).with("name", name).with("vnet", &vnet.name)
    });
    made.into_iter().collect()
}

/// Whether the identity of an existing cluster has its role on a subnet.
fn role_on(case: &Case<'_>, cluster: &ClusterFacts, scope: &str) -> Option<Verdict> {
    let mut read = case.facts.network_roles.iter();
    let read: Option<&ScopeRoles> = read.find(|read| same_resource(&read.scope, scope));
    let vnet = subnet_label(scope);
    let about = |verdict: Verdict| verdict.with("name", &cluster.name).with("vnet", &vnet);
    let Some(read) = read else {
        // Azure does not tell which identity it is.
        return Some(about(warn(BALANCER)));
    };
    if let Some(why) = read.roles.why_unknown() {
        return Some(about(unknown(BALANCER, why).variant("unread")));
    }
    let lacks = read
        .roles
        .known()
        .is_none_or(|have| !has_role(have, Role::NetworkContributor));
    lacks.then(|| about(warn(BALANCER).variant("lacks")))
}
