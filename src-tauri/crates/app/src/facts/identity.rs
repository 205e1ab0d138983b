//! The roles of the identity with which a workspace attaches a cluster.

use super::existing::existing_id;
use super::{Fact, fact, fact_of};
use berth_arm::Arm;
use berth_arm::resources::{roles, workspaces};
use berth_domain::spec::{Route, Spec};

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
