//! Reads the present state of the resources that a run made.

use super::placing::place;
use super::{Fact, fact, users};
use berth_arm::Arm;
use berth_arm::resources::{computes, groups};
use berth_domain::change::Change;
use berth_domain::facts::{ChangeFacts, ClusterUsers, Facts, MadeFacts, RunFacts, UnreadKind};
use berth_domain::provenance::Marks;
use berth_domain::resource_id::{ResourceId, same_resource};
use berth_runs::Runs;
use futures::future::join_all;

/// The run that a change clears up, read from its journal.
pub(crate) fn run_to_clear_up(runs: &Runs, change: &Change) -> Fact<Option<RunFacts>> {
    let Change::ClearUp { run, .. } = change else {
        return Fact::NotAsked;
    };
    match runs.facts_of(run) {
        Ok(found) => Fact::Known(found),
        Err(failure) => Fact::Unknown(failure.detail),
    }
}

/// Reads only the resources that the run made and that are to be cleared up.
pub(super) async fn read(arm: &Arm, run: Fact<Option<RunFacts>>, resources: &[String], today: &str) -> Facts {
    let run = match run {
        Fact::Known(Some(mut run)) => {
            let named = |made: &MadeFacts| resources.iter().any(|id| same_resource(id, &made.resource_id));
            let to_read = run.made.iter_mut().filter(|made| named(made));
            join_all(to_read.map(|made| look(arm, made))).await;
            Fact::Known(Some(run))
        }
        other => other,
    };
    let users = match run.known() {
        Some(Some(run)) => users_of(arm, run, resources).await,
        _ => None,
    };
    Facts {
        users,
        today: today.to_owned(),
        cloud: arm.cloud().name.clone(),
        change: ChangeFacts {
            run,
            ..ChangeFacts::default()
        },
        ..Facts::default()
    }
}

/// Who uses the clusters among the resources to clear up, and the clusters that those resources are on.
async fn users_of(arm: &Arm, run: &RunFacts, resources: &[String]) -> Option<ClusterUsers> {
    let named = |made: &&MadeFacts| resources.iter().any(|id| same_resource(id, &made.resource_id));
    let mut clusters: Vec<String> = Vec::new();
    let mut unread = Vec::new();
    for made in run.made.iter().filter(named) {
        if made.is_group() {
            let inside = run.made.iter().map(|other| other.resource_id.as_str());
            clusters.extend(inside.filter_map(cluster_of));
        } else if ResourceId::parse(&made.resource_id).is_some_and(|id| id.is_compute()) {
            match fact(computes::get_compute(arm, &made.resource_id).await) {
                Fact::Known(found) => {
                    clusters.extend(found.and_then(|found| computes::compute(&found).cluster_id));
                }
                // Its cluster remains unknown.
                Fact::Unknown(why) => {
                    unread.push(place(&made.resource_id, UnreadKind::Compute).because(why));
                }
                Fact::NotAsked => {}
            }
        } else {
            clusters.extend(cluster_of(&made.resource_id));
        }
    }
    if clusters.is_empty() && unread.is_empty() {
        return None;
    }
    let mut users = users::read(arm, std::future::ready(clusters), &[], None).await;
    users.unread.extend(unread);
    Some(users)
}

/// The cluster in a cluster's or an extension's id.
fn cluster_of(id: &str) -> Option<String> {
    let at = id
        .to_ascii_lowercase()
        .find("/providers/microsoft.kubernetesconfiguration/");
    let cluster = at.and_then(|at| id.get(..at)).unwrap_or(id);
    ResourceId::parse(cluster)
        .is_some_and(|id| id.is_cluster())
        .then(|| cluster.to_owned())
}

async fn look(arm: &Arm, made: &mut MadeFacts) {
    let path = format!("{}?api-version={}", made.resource_id, made.api_version);
    let found = arm.resource(&path).await;
    made.now = fact(found.map(|found| found.as_ref().map(Marks::of)));
    if made.is_group() && matches!(made.now, Fact::Known(Some(_))) {
        made.contents = fact(groups::list_contents(arm, &made.resource_id).await);
    }
}
