//! The account's effective rights, each read on the scope that its steps act on.

use super::existing::existing_id;
use super::home::Home;
use super::{Fact, fact_if, fact_of};
use berth_arm::Arm;
use berth_arm::resources::permissions::list_rights;
use berth_domain::facts::Rights;
use berth_domain::spec::Spec;

/// Effective rights, as [`Facts`](berth_domain::facts::Facts) has them.
pub(super) struct RightsRead {
    pub(super) subscription: Fact<Vec<Rights>>,
    pub(super) group: Fact<Vec<Rights>>,
    pub(super) cluster: Fact<Vec<Rights>>,
    pub(super) workspace: Fact<Vec<Rights>>,
}

/// Reads the rights. A role on an existing cluster alone does not show in its group.
pub(super) async fn read(arm: &Arm, spec: &Spec, home: &Home) -> RightsRead {
    let whole = format!("/subscriptions/{}", home.subscription);
    let cluster = existing_id(spec);
    let scope = home.inherits_from().filter(|_| cluster.is_none());
    let workspace = spec.place.workspace.resource_id();
    let (subscription, group, cluster, workspace) = tokio::join!(
        fact_if(home.is_usable(), list_rights(arm, &whole)),
        fact_of(scope.as_deref(), |id| list_rights(arm, id)),
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
