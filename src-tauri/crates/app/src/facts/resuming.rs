//! Reads the current facts that the remaining steps of a run depend on. The goal is partly done by then, so the
//! resources it names may already be gone.

use super::{clearing, existing, fact_of, users};
use crate::cluster_reader::ClusterReader;
use berth_arm::Arm;
use berth_arm::resources::{computes, extensions};
use berth_domain::change::Change;
use berth_domain::cluster_object::ClusterObject;
use berth_domain::facts::{ChangeFacts, ClusterFacts, Fact, Facts, RunFacts};
use berth_domain::plan::Plan;
use berth_domain::plan::resuming::clusters as clusters_of;
use berth_domain::resource_id::ResourceId;
use futures::future::OptionFuture;
use serde_json::Value;
use std::collections::BTreeSet;

/// Reads the cluster and compute of a change and who uses them. `run` is the run to clear up.
pub(crate) async fn read(
    arm: &Arm,
    plan: &Plan,
    change: &Change,
    run: Fact<Option<RunFacts>>,
    inside: &ClusterReader,
    today: &str,
) -> Facts {
    if let Change::ClearUp { resources, .. } = change {
        return clearing::read(arm, run, resources, today).await;
    }
    let ids: Vec<String> = clusters_of(plan);
    let named = plan
        .bound
        .targets
        .iter()
        .map(|target| target.resource_id.as_str());
    let named = named.chain([change.subject()]);
    let subscriptions: BTreeSet<&str> = named
        .filter_map(|id| Some(ResourceId::parse(id)?.subscription))
        .collect();
    let subscriptions: Vec<&str> = subscriptions.into_iter().collect();
    let of_cluster = ids.first().map(String::as_str);
    let reads = |fact: &str| of_cluster.filter(|_| change.depends_on(fact));
    let (users, (cluster, whole, leftovers), extensions, compute) = tokio::join!(
        users::read(arm, std::future::ready(ids.clone()), &subscriptions, None),
        cluster_and_inside(arm, of_cluster, reads("leftovers").is_some(), inside),
        fact_of(reads("extensions"), |id| extensions::list_extensions(arm, id)),
        fact_of(change.compute_id(), |id| computes::get_compute(arm, id)),
    );
    Facts {
        today: today.to_owned(),
        users: Some(users),
        cluster,
        extensions,
        leftovers,
        change: ChangeFacts {
            cluster: whole,
            compute,
            ..ChangeFacts::default()
        },
        ..Facts::default()
    }
}

/// Reads the cluster and, if wanted, the objects that a former front end left in it. Skips the objects of a cluster that
/// is stopping or being deleted: its API no longer responds, and the person consented to that before.
async fn cluster_and_inside(
    arm: &Arm,
    id: Option<&str>,
    leftovers: bool,
    inside: &ClusterReader,
) -> (
    Fact<Option<ClusterFacts>>,
    Fact<Option<Value>>,
    Fact<Vec<ClusterObject>>,
) {
    let (cluster, whole) = existing::cluster(arm, id).await;
    let open = match cluster.known() {
        Some(Some(found)) => !["Deleting", "Stopping"].contains(&found.provisioning_state.as_str()),
        Some(None) => false,
        None => true,
    };
    let leftovers = OptionFuture::from(id.filter(|_| open && leftovers).map(|id| inside.leftovers(id))).await;
    let leftovers = leftovers.map_or(Fact::NotAsked, |found| {
        found.map_or_else(Fact::Unknown, Fact::Known)
    });
    (cluster, whole, leftovers)
}
