//! Facts for the fit check: the compute's cluster, its nodes with what is free on them, and what new nodes would offer.

use super::{Fact, fact, fact_of};
use crate::cluster_reader::ClusterReader;
use crate::diagnosing::is_up;
use berth_arm::Arm;
use berth_arm::resources::serving::instance_types;
use berth_arm::resources::{clusters, computes, sizes};
use berth_domain::deployment_spec::DeploySpec;
use berth_domain::facts::{ClusterFacts, Usage, VmSize};
use berth_domain::fit::{InstanceType, Node};
use berth_domain::resource_id::last_segment;
use serde_json::Value;

/// What was read.
#[derive(Default)]
pub(super) struct Room {
    pub(super) instance_types: Fact<Option<Vec<InstanceType>>>,
    pub(super) cluster: Fact<Option<Value>>,
    pub(super) nodes: Fact<Vec<Node>>,
    pub(super) vm_sizes: Fact<Vec<VmSize>>,
    pub(super) usages: Fact<Vec<Usage>>,
}

/// Reads the compute, then its cluster.
pub(super) async fn read(arm: &Arm, spec: &DeploySpec, inside: &ClusterReader) -> Room {
    let id = spec.compute_id();
    let compute = match fact_of(id.as_deref(), |id| computes::get_compute(arm, id)).await {
        Fact::Known(Some(compute)) => compute,
        // A rule reports a compute that does not exist.
        Fact::Known(None) | Fact::NotAsked => return Room::default(),
        Fact::Unknown(why) => {
            return Room {
                instance_types: Fact::Unknown(why.clone()),
                nodes: Fact::Unknown(why),
                ..Room::default()
            };
        }
    };
    let instance_types = Fact::Known(instance_types(&compute));
    let room = match computes::compute(&compute).cluster_id {
        Some(id) => Box::pin(of_cluster(arm, &id, inside)).await,
        None => unread("Azure does not say which cluster the compute is on".to_owned()),
    };
    Room {
        instance_types,
        ..room
    }
}

fn unread(why: String) -> Room {
    Room {
        nodes: Fact::Unknown(why),
        ..Room::default()
    }
}

async fn of_cluster(arm: &Arm, id: &str, inside: &ClusterReader) -> Room {
    let (facts, whole) = match fact_of(Some(id), |id| clusters::get_cluster_whole(arm, id)).await {
        Fact::Known(Some(found)) => found,
        Fact::Known(None) => return unread(format!("the cluster {} does not exist", last_segment(id))),
        Fact::Unknown(why) => return unread(why),
        Fact::NotAsked => return Room::default(),
    };
    let (subscription, location) = (facts.subscription_id.as_str(), facts.location.as_str());
    let (nodes, vm_sizes, usages) = tokio::join!(
        nodes(&facts, inside),
        sizes::list_sizes(arm, subscription, location),
        sizes::list_usages(arm, subscription, location),
    );
    Room {
        instance_types: Fact::NotAsked,
        cluster: Fact::Known(Some(whole)),
        nodes,
        vm_sizes: fact(vm_sizes),
        usages: fact(usages),
    }
}

async fn nodes(cluster: &ClusterFacts, inside: &ClusterReader) -> Fact<Vec<Node>> {
    if !is_up(cluster) {
        return Fact::Unknown(format!(
            "{} is not running: {}",
            cluster.name, cluster.power_state
        ));
    }
    inside
        .room(&cluster.id)
        .await
        .map_or_else(Fact::Unknown, Fact::Known)
}
