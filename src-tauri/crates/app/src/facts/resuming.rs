//! Reads the current facts that the remaining steps of a run depend on. The goal is partly done by then, so the
//! resources it names may already be gone.

use super::{asked_of, clearing, users};
use berth_arm::Arm;
use berth_arm::resources::{clusters, computes};
use berth_domain::change::Change;
use berth_domain::facts::{ChangeFacts, Fact, Facts, RunFacts};
use berth_domain::plan::Plan;
use berth_domain::plan::resuming::clusters as clusters_of;
use berth_domain::resource_id::ResourceId;
use std::collections::BTreeSet;

/// Reads the cluster and compute of a change and who uses them. `run` is the run to clear up.
pub(crate) async fn read(
    arm: &Arm,
    plan: &Plan,
    change: &Change,
    run: Fact<Option<RunFacts>>,
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
    let target = |cluster: bool| {
        let mut targets = plan
            .bound
            .targets
            .iter()
            .map(|target| target.resource_id.as_str());
        let found = targets.find(|id| ResourceId::parse(id).is_some_and(|id| id.is_cluster()) == cluster);
        found.or_else(|| change.compute_id().filter(|_| !cluster))
    };
    let (users, cluster, compute) = tokio::join!(
        users::read(arm, std::future::ready(ids), &subscriptions, None),
        asked_of(target(true), |id| clusters::get_cluster_whole(arm, id)),
        asked_of(target(false), |id| computes::get_compute(arm, id)),
    );
    let cluster = match cluster {
        Fact::Known(found) => Fact::Known(found.map(|(_, whole)| whole)),
        Fact::Unknown(why) => Fact::Unknown(why),
        Fact::NotAsked => Fact::NotAsked,
    };
    Facts {
        today: today.to_owned(),
        users: Some(users),
        change: ChangeFacts {
            cluster,
            compute,
            ..ChangeFacts::default()
        },
        ..Facts::default()
    }
}
