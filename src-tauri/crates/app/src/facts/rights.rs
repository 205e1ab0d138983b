//! The account's effective rights, each read on the scope that its steps act on.

use super::existing::existing_id;
use super::{Fact, fact_if, fact_of};
use berth_arm::Arm;
use berth_arm::resources::permissions::list_rights;
use berth_domain::facts::Rights;
use berth_domain::resource_id::check_part;
use berth_domain::spec::{ClusterChoice, Spec};

/// Effective rights, as [`Facts`](berth_domain::facts::Facts) has them.
pub(super) struct RightsRead {
    pub(super) subscription: Fact<Vec<Rights>>,
    pub(super) group: Fact<Vec<Rights>>,
    pub(super) cluster: Fact<Vec<Rights>>,
    pub(super) workspace: Fact<Vec<Rights>>,
}

/// Reads the rights. `scope` is the resource group of a new cluster, or the subscription if Berth makes the group. A role
/// on an existing cluster alone does not show in its group.
pub(super) async fn read(arm: &Arm, spec: &Spec, scope: Option<&str>) -> RightsRead {
    let place = &spec.place;
    let subscription = place.subscription_id.as_str();
    let whole = format!("/subscriptions/{subscription}");
    let cluster = existing_id(spec);
    let workspace = place.workspace.resource_id();
    let makes = !matches!(spec.cluster, ClusterChoice::Existing { .. });
    let (subscription, group, cluster, workspace) = tokio::join!(
        fact_if(check_part(subscription).is_ok(), list_rights(arm, &whole)),
        fact_of(scope.filter(|_| makes), |id| list_rights(arm, id)),
        fact_of(cluster.as_deref(), |id| list_rights(arm, id)),
        fact_of(workspace.as_deref(), |id| list_rights(arm, id)),
    );
    RightsRead {
        subscription,
        group,
        cluster,
        workspace,
    }
}
