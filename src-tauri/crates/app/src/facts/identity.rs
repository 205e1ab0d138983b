//! The roles of the identities of the workspace and of the cluster.

use super::existing::existing_id;
use super::{Fact, fact, fact_of};
use berth_arm::Arm;
use berth_arm::resources::{clusters, roles, workspaces};
use berth_domain::facts::ScopeRoles;
use berth_domain::rights::address_subnets;
use berth_domain::spec::{Route, Spec};
use futures::future::join_all;

/// Reads the roles of the workspace's user-assigned identity on the existing cluster, or on the scope from which a new one
/// inherits them. Not asked if the workspace acts with its system-assigned identity, which needs none.
pub(super) async fn roles(arm: &Arm, spec: &Spec, scope: Option<&str>) -> Fact<Vec<String>> {
    let id = spec.place.workspace.resource_id();
    let id = id.as_deref().filter(|_| spec.route == Route::Extension);
    let existing = existing_id(spec);
    let scope = existing.as_deref().or(scope);
    let workspace = fact_of(id, |id| workspaces::get_workspace(arm, id)).await;
    let identity = workspace
        .known()
        .and_then(Option::as_ref)
        .and_then(|found| found.user_assigned.as_ref());
    let principal = identity.and_then(|identity| identity.principal_id.as_deref());
    match (principal, scope) {
        (Some(principal), Some(scope)) => fact(roles::list_roles(arm, scope, principal).await),
        _ => Fact::NotAsked,
    }
}

/// Reads the roles of an existing cluster's identity on the subnets where an internal address needs them.
pub(super) async fn network_roles(arm: &Arm, spec: &Spec) -> Vec<ScopeRoles> {
    let id = existing_id(spec);
    let cluster = fact_of(id.as_deref(), |id| clusters::get_cluster(arm, id)).await;
    let Some(cluster) = cluster.known().and_then(Option::as_ref) else {
        return Vec::new();
    };
    let Some(principal) = cluster.principal_id.as_deref() else {
        return Vec::new();
    };
    let read = |scope: String| async move {
        ScopeRoles {
            roles: fact(roles::list_roles(arm, &scope, principal).await),
            scope,
        }
    };
    join_all(address_subnets(spec, cluster).into_iter().map(read)).await
}
