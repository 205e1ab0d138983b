//! Concurrently reads everything that a cluster's page shows.

use super::change::vcpus;
use super::{Fact, fact, users};
use crate::cluster_reader::ClusterReader;
use berth_arm::Arm;
use berth_arm::resources::{clusters, computes, extensions, networks};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{ClusterDetails, ComputeDetails};
use berth_domain::bodies::extension;
use berth_domain::change::serving::{Serving, TlsNow};
use berth_domain::cluster_object::ClusterObject;
use berth_domain::facts::{ClusterFacts, ComputeFacts, ExtensionFacts, UpgradeTarget};
use serde_json::Value;

/// Reads a cluster and what belongs to it. `problems` lists what could not be read besides the cluster itself.
///
/// # Errors
/// `NotFound`, and Azure's failures, if the cluster cannot be read.
pub(crate) async fn read_details(
    arm: &Arm,
    id: &str,
    inside: &ClusterReader,
) -> Result<ClusterDetails, Failure> {
    let (cluster, found, extensions, upgrades, leftovers) = tokio::join!(
        clusters::get_cluster(arm, id),
        users::of_cluster(arm, id),
        extensions::list_extensions(arm, id),
        clusters::list_upgrades(arm, id),
        inside.leftovers(id),
    );
    let cluster = cluster
        .map_err(|error| berth_failures::from_arm(&error))?
        .ok_or_else(|| Failure::new(FailureCode::NotFound, Remedy::CorrectInput).with("what", id))?;
    let mut problems = Vec::new();
    let attached: Vec<ComputeFacts> = found.computes.iter().map(computes::compute).collect();
    let extensions: Vec<ExtensionFacts> = known(fact(extensions), &mut problems);
    let upgrades: Vec<UpgradeTarget> = known(fact(upgrades), &mut problems);
    let leftovers: Vec<ClusterObject> =
        known(leftovers.map_or_else(Fact::Unknown, Fact::Known), &mut problems);
    let (subnets, vcpus) = tokio::join!(
        subnets(arm, &cluster),
        vcpus(arm, &cluster.subscription_id, &cluster.location),
    );
    problems.extend(
        found
            .unread
            .iter()
            .map(|place| format!("{}: {}", place.name, place.why)),
    );
    // The objects of a front end in use are not leftovers.
    let classic = attached.iter().any(ComputeFacts::is_classic);
    let installed = extension::installed(&extensions);
    Ok(ClusterDetails {
        computes: attached
            .iter()
            .zip(&found.computes)
            .filter_map(|(compute, value)| details(compute, value, installed))
            .collect(),
        leftovers: if classic {
            Vec::new()
        } else {
            leftovers.iter().map(ToString::to_string).collect()
        },
        subnets: known(subnets, &mut problems),
        vcpus: known(fact(vcpus), &mut problems),
        cluster,
        extensions,
        upgrades,
        dependents: found.dependents,
        problems,
    })
}

fn details(
    compute: &ComputeFacts,
    value: &Value,
    installed: Option<&ExtensionFacts>,
) -> Option<ComputeDetails> {
    let serving = Serving::read(value, installed)?;
    let (tls, name) = match serving.tls {
        TlsNow::Off => ("off", None),
        TlsNow::Microsoft { label } => ("microsoft", Some(label)),
        TlsNow::Own { cname } => ("own", Some(cname)),
    };
    Some(ComputeDetails {
        compute: compute.clone(),
        load_balancer: serving.load_balancer,
        tls: tls.to_owned(),
        name,
    })
}

/// Names of the subnets in the nodes' virtual network.
async fn subnets(arm: &Arm, cluster: &ClusterFacts) -> Fact<Vec<String>> {
    let subnet = cluster.pools.iter().find_map(|pool| pool.subnet_id.as_deref());
    let Some((vnet, _)) = subnet.and_then(|subnet| subnet.rsplit_once("/subnets/")) else {
        return Fact::Known(Vec::new());
    };
    let found = fact(networks::get_vnet(arm, vnet).await);
    found.map(|found| {
        let subnets = found.map(|vnet| vnet.subnets).unwrap_or_default();
        subnets.into_iter().map(|subnet| subnet.name).collect()
    })
}

fn known<T: Default>(fact: Fact<T>, problems: &mut Vec<String>) -> T {
    match fact {
        Fact::Known(value) => value,
        Fact::Unknown(why) => {
            if !problems.contains(&why) {
                problems.push(why);
            }
            T::default()
        }
        Fact::NotAsked => T::default(),
    }
}
