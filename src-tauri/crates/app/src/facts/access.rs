//! Role assignments that a workspace's and a cluster's identities need for an attachment, beyond the person's own
//! rights (learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace, "Prerequisites"; for
//! internal load balancers learn.microsoft.com/azure/aks/internal-lb).

use super::{Fact, fact};
use berth_arm::Arm;
use berth_arm::resources::{clusters, networks, permissions, roles, workspaces};
use berth_contract::model::{AccessQuestion, AccessReport, LackingRole};
use berth_domain::change::Role;
use berth_domain::facts::{ClusterFacts, WorkspaceFacts};
use berth_domain::resource_id::{parent, same_resource};
use berth_domain::rights::{IDENTITY_ROLES, allowed, grant_command, has_role};
use berth_domain::spec::Route;
use futures::future::join_all;
use std::collections::BTreeSet;

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
    let tables = match &cluster {
        Some(cluster) => route_tables(arm, cluster, &mut problems).await,
        None => BTreeSet::new(),
    };
    let needs = match (&workspace, &cluster) {
        (Some(workspace), Some(cluster)) => needs(question.route, workspace, cluster, &tables),
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

/// Resource ids of the route tables of the cluster's subnets, in which kubenet writes the routes of the nodes
/// (learn.microsoft.com/azure/aks/configure-kubenet).
async fn route_tables(arm: &Arm, cluster: &ClusterFacts, problems: &mut Vec<String>) -> BTreeSet<String> {
    if !cluster.network_plugin.eq_ignore_ascii_case("kubenet") {
        return BTreeSet::new();
    }
    let subnets = cluster.node_subnets();
    let networks: BTreeSet<String> = subnets
        .iter()
        .filter_map(|subnet| parent(subnet))
        .map(str::to_lowercase)
        .collect();
    let read = join_all(networks.iter().map(|id| networks::get_vnet(arm, id))).await;
    let mut tables = BTreeSet::new();
    for network in read {
        let Some(network) = known(fact(network), problems).flatten() else {
            continue;
        };
        let used = network
            .subnets
            .into_iter()
            .filter(|found| subnets.iter().any(|id| same_resource(id, &found.id)));
        tables.extend(used.filter_map(|found| found.route_table_id));
    }
    tables
}

/// On the extension route, a workspace attaches a compute with its user-assigned identity, if it has one. A cluster in a
/// custom network must be allowed to use its subnets and route tables, among others to get an internal address.
fn needs(
    route: Route,
    workspace: &WorkspaceFacts,
    cluster: &ClusterFacts,
    tables: &BTreeSet<String>,
) -> Vec<Need> {
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
    if let Some(principal) = &cluster.principal_id {
        let subnets = cluster.subnets().into_iter().map(str::to_owned);
        all.extend(subnets.chain(tables.iter().cloned()).map(|scope| Need {
            who: "cluster",
            of: cluster.id.clone(),
            name: cluster.name.clone(),
            principal_id: principal.clone(),
            scope,
            role: Role::NetworkContributor,
            reason: reason(Role::NetworkContributor),
        }));
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
