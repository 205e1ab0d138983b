//! Reads the current facts that the remaining steps of a run depend on. The goal is partly done by then, so the
//! resources it names may already be gone.

use super::{ReadInside, asked_of, clearing, existing, users};
use berth_arm::Arm;
use berth_arm::resources::{computes, extensions};
use berth_domain::change::Change;
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
    inside: &dyn ReadInside,
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
    let targets = &plan.bound.targets;
    let mut targets = targets.iter().map(|target| target.resource_id.as_str());
    let of_compute = targets
        .find(|id| !ResourceId::parse(id).is_some_and(|id| id.is_cluster()))
        .or_else(|| change.compute_id());
    let of_cluster = ids.first().map(String::as_str);
    let (users, (cluster, whole, leftovers), extensions, compute) = tokio::join!(
        users::read(arm, std::future::ready(ids.clone()), &subscriptions, None),
        cluster_and_inside(arm, of_cluster, inside),
        asked_of(of_cluster, |id| extensions::list_extensions(arm, id)),
        asked_of(of_compute, |id| computes::get_compute(arm, id)),
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

/// The cluster, and what a former front end left in it. The inside of a cluster that stops or is deleted is not read: its API
/// no longer answers, and whom the run interrupts was agreed to before.
async fn cluster_and_inside(
    arm: &Arm,
    id: Option<&str>,
    inside: &dyn ReadInside,
) -> (Fact<Option<ClusterFacts>>, Fact<Option<Value>>, Fact<Vec<String>>) {
    let (cluster, whole) = existing::cluster(arm, id).await;
    let goes = |found: &ClusterFacts| {
        ["Deleting", "Stopping"]
            .iter()
            .any(|state| found.provisioning_state.eq_ignore_ascii_case(state))
    };
    let open = id.filter(|_| !matches!(cluster.known(), Some(Some(found)) if goes(found)));
    let open = open.filter(|_| cluster.known() != Some(&None));
    let leftovers = OptionFuture::from(open.map(|id| inside.leftovers(id))).await;
    let leftovers = leftovers.map_or(Fact::NotAsked, |found| {
        found.map_or_else(Fact::Unknown, Fact::Known)
    });
    (cluster, whole, leftovers)
}
