//! Locks that may hold up the steps of a plan.

use super::existing::existing_id;
use super::home::Home;
use super::{Fact, fact_of};
use berth_arm::Arm;
use berth_arm::resources::{clusters, locks};
use berth_domain::facts::LockFacts;
use berth_domain::resource_id::{group_id, same_resource};
use berth_domain::spec::Spec;

/// Reads the locks on the cluster's resource group and on the workspace's, with those above. A group that Berth makes has
/// those of the subscription.
pub(super) async fn of_groups(arm: &Arm, spec: &Spec, home: &Home) -> Fact<Vec<LockFacts>> {
    let cluster_group = home.existing_group();
    let whole = home.subscription_to_inherit_from();
    let workspace = &spec.place.workspace;
    let other = group_id(&workspace.subscription_id, &workspace.resource_group)
        .filter(|id| cluster_group.is_none_or(|group| !same_resource(group, id)));
    let (of_subscription, of_cluster, of_workspace) = tokio::join!(
        fact_of(whole.as_deref(), |id| locks::list_locks_above(arm, id)),
        fact_of(cluster_group, |id| locks::list_locks(arm, id)),
        fact_of(other.as_deref(), |id| locks::list_locks(arm, id)),
    );
    both(of_subscription, both(of_cluster, of_workspace))
}

/// Two lists as one. A lock on the subscription is in both.
fn both(one: Fact<Vec<LockFacts>>, other: Fact<Vec<LockFacts>>) -> Fact<Vec<LockFacts>> {
    match (one, other) {
        (Fact::Unknown(why), _) | (_, Fact::Unknown(why)) => Fact::Unknown(why),
        (Fact::NotAsked, found) | (found, Fact::NotAsked) => found,
        (Fact::Known(mut all), Fact::Known(more)) => {
            all.extend(more);
            let mut seen: Vec<LockFacts> = Vec::with_capacity(all.len());
            for lock in all {
                if !seen.contains(&lock) {
                    seen.push(lock);
                }
            }
            Fact::Known(seen)
        }
    }
}

/// Reads the locks on the resource group of an existing cluster's nodes.
pub(super) async fn of_nodes(arm: &Arm, spec: &Spec) -> Fact<Vec<LockFacts>> {
    let id = existing_id(spec);
    let cluster = match fact_of(id.as_deref(), |id| clusters::get_cluster(arm, id)).await {
        Fact::Known(Some(cluster)) => cluster,
        Fact::Unknown(why) => return Fact::Unknown(why),
        Fact::Known(None) | Fact::NotAsked => return Fact::NotAsked,
    };
    let group = group_id(&cluster.subscription_id, &cluster.node_resource_group);
    fact_of(group.as_deref(), |id| locks::list_locks(arm, id)).await
}
