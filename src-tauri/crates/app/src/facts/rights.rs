//! The account's effective rights, each read on the scope that its steps act on.

use super::existing::existing_id;
use super::home::Home;
use super::{Fact, fact_if, fact_of};
use berth_arm::Arm;
use berth_arm::resources::permissions::list_rights;
use berth_domain::change::Change;
use berth_domain::facts::{Facts, Rights, WorkspaceRights};
use berth_domain::resource_id::parent;
use berth_domain::spec::Spec;
use futures::future::join_all;
use std::collections::BTreeMap;

/// Effective rights, as [`Facts`](berth_domain::facts::Facts) has them.
pub(super) struct RightsRead {
    pub(super) subscription: Fact<Vec<Rights>>,
    pub(super) group: Fact<Vec<Rights>>,
    pub(super) cluster: Fact<Vec<Rights>>,
    pub(super) workspace: Fact<Vec<Rights>>,
    pub(super) subnet: Fact<Vec<Rights>>,
}

/// Reads the rights. A role on an existing cluster alone does not show in its group.
pub(super) async fn read(arm: &Arm, spec: &Spec, home: &Home) -> RightsRead {
    let whole = format!("/subscriptions/{}", home.subscription);
    let cluster = existing_id(spec);
    let scope = home.inherits_from().filter(|_| cluster.is_none());
    let workspace = spec.place.workspace.resource_id();
    let subnet = spec.chosen_subnet_id();
    let (subscription, group, cluster, workspace, subnet) = tokio::join!(
        fact_if(home.is_usable(), list_rights(arm, &whole)),
        fact_of(scope.as_deref(), |id| list_rights(arm, id)),
        fact_of(cluster.as_deref(), |id| list_rights(arm, id)),
        fact_of(workspace.as_deref(), |id| list_rights(arm, id)),
        fact_of(subnet.as_deref(), |id| list_rights(arm, id)),
    );
    RightsRead {
        subscription,
        group,
        cluster,
        workspace,
        subnet,
    }
}

/// Reads the rights on the other workspaces with a compute on the cluster, which is detached before the cluster is deleted.
pub(super) async fn of_other_workspaces(arm: &Arm, change: &Change, facts: &Facts) -> Vec<WorkspaceRights> {
    let detaches = matches!(
        change,
        Change::DeleteCluster { .. } | Change::DeleteWithCluster { .. }
    );
    let own = change.compute_id().and_then(parent).map(str::to_lowercase);
    // By id in lower case, so that each is read once.
    let others: BTreeMap<String, &str> = facts
        .attachments()
        .iter()
        .filter(|_| detaches)
        .filter_map(|compute| parent(&compute.id))
        .map(|id| (id.to_lowercase(), id))
        .filter(|(id, _)| own.as_deref() != Some(id.as_str()))
        .collect();
    let read = |id| async move {
        WorkspaceRights {
            rights: fact_of(Some(id), |id| list_rights(arm, id)).await,
            workspace: id.to_owned(),
        }
    };
    join_all(others.into_values().map(read)).await
}
