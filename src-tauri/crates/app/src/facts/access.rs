//! Role assignments that a workspace's and a cluster's identities need for an attachment, beyond the person's own
//! rights (learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace, "Prerequisites"; for
//! internal load balancers learn.microsoft.com/azure/aks/internal-lb).

use super::{Fact, fact};
use berth_arm::Arm;
use berth_arm::resources::{clusters, permissions, roles, workspaces};
use berth_contract::model::{AccessQuestion, AccessReport, LackingRole};
use berth_domain::change::Role;
use berth_domain::facts::{ClusterFacts, WorkspaceFacts};
use berth_domain::rights::{IDENTITY_ROLES, allowed, grant_command, has_role};
use berth_domain::spec::Route;
use futures::future::join_all;

/// A role assignment that an identity needs.
struct Need {
    who: &'static str,
    of: String,
    name: String,
    principal_id: String,
    scope: String,
    role: Role,
    reason: &'static str,
}

/// Reports which needed role assignments are missing. Everything that cannot be read is listed as a problem.
pub async fn check(arm: &Arm, question: &AccessQuestion) -> AccessReport {
    let (workspace, cluster, rights) = tokio::join!(
        workspaces::get_workspace(arm, &question.workspace_id),
        clusters::get_cluster(arm, &question.cluster_id),
        permissions::list_rights(arm, &question.cluster_id),
    );
    let mut problems = Vec::new();
    let workspace = known(fact(workspace), &mut problems).flatten();
    let cluster = known(fact(cluster), &mut problems).flatten();
    let rights = known(fact(rights), &mut problems).unwrap_or_default();
    let needs = match (&workspace, &cluster) {
        (Some(workspace), Some(cluster)) => needs(question.route, workspace, cluster),
        _ => Vec::new(),
    };
    problems.extend(
        workspace
            .as_ref()
            .and_then(|found| unread_identity(question.route, found)),
    );
    let have = join_all(
        needs
            .iter()
            .map(|need| roles::list_roles(arm, &need.scope, &need.principal_id)),
    )
    .await;
    let mut lacks = Vec::new();
    for (need, have) in needs.into_iter().zip(have) {
        match have {
            Ok(have) if has_role(&have, need.role) => {}
            Ok(_) => lacks.push(LackingRole {
                who: need.who.to_owned(),
                of: need.of,
                name: need.name,
                command: grant_command(&need.principal_id, need.role, &need.scope).ok(),
                principal_id: need.principal_id,
                role_name: need.role.display_name().to_owned(),
                role: need.role,
                scope: need.scope,
                reason: need.reason.to_owned(),
            }),
            Err(error) => problems.push(error.chain()),
        }
    }
    AccessReport {
        lacks,
        may_grant: allowed(&rights, "Microsoft.Authorization/roleAssignments/write"),
        problems,
    }
}

/// On the extension route, a workspace attaches a compute with its user-assigned identity, if it has one. A cluster in a
/// custom network must be allowed to join its subnet to get an internal address.
fn needs(route: Route, workspace: &WorkspaceFacts, cluster: &ClusterFacts) -> Vec<Need> {
    let mut all = Vec::new();
    let identity = workspace.user_assigned.as_ref();
    let principal = identity.and_then(|identity| identity.principal_id.as_ref());
    if let (Route::Extension, Some(principal)) = (route, principal) {
        all.extend(IDENTITY_ROLES.map(|role| Need {
            who: "workspace",
            of: workspace.id.clone(),
            name: workspace.name.clone(),
            principal_id: principal.clone(),
            scope: cluster.id.clone(),
            role,
            reason: reason(role),
        }));
    }
    let subnet = cluster.pools.iter().find_map(|pool| pool.subnet_id.clone());
    if let (Some(subnet), Some(principal)) = (subnet, &cluster.principal_id) {
        all.push(Need {
            who: "cluster",
            of: cluster.id.clone(),
            name: cluster.name.clone(),
            principal_id: principal.clone(),
            scope: subnet,
            role: Role::NetworkContributor,
            reason: reason(Role::NetworkContributor),
        });
    }
    all
}

const fn reason(role: Role) -> &'static str {
    match role {
        Role::Reader => "access.reader",
        Role::ClusterAdmin => "access.cluster_admin",
        Role::NetworkContributor => "access.network",
        Role::KubernetesExtensionContributor | Role::Contributor => "access.extension",
    }
}

/// A user-assigned identity whose object id Azure does not return.
fn unread_identity(route: Route, workspace: &WorkspaceFacts) -> Option<String> {
    let identity = workspace.user_assigned.as_ref()?;
    let unread = route == Route::Extension && identity.principal_id.is_none();
    unread.then(|| format!("{}: no principalId", identity.id))
}

fn known<T>(fact: Fact<T>, problems: &mut Vec<String>) -> Option<T> {
    match fact {
        Fact::Known(value) => Some(value),
        Fact::Unknown(why) => {
            problems.push(why);
            None
        }
        Fact::NotAsked => None,
    }
}
