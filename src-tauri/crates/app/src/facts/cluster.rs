//! Everything the page of a cluster shows, read side by side.

use super::change::vcpus;
use super::{Fact, ReadInside, fact};
use berth_arm::Arm;
use berth_arm::resources::{clusters, computes, dependents, extensions, networks, workspaces};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{ClusterDetails, ComputeDetails};
use berth_domain::bodies::extension;
use berth_domain::change::serving::{Serving, TlsNow};
use berth_domain::facts::{ClusterFacts, ComputeFacts, Dependent, ExtensionFacts, UpgradeTarget};
use berth_domain::resource_id::same_resource;
use futures::future::join_all;
use serde_json::Value;

/// Looks at a cluster. What cannot be read is named; the cluster itself has to be.
///
/// # Errors
/// `NotFound`, and what Azure says.
pub async fn look(arm: &Arm, id: &str, inside: &dyn ReadInside) -> Result<ClusterDetails, Failure> {
    let (cluster, attached, extensions, upgrades, leftovers) = tokio::join!(
        clusters::get_cluster(arm, id),
        attached(arm, id),
        extensions::list_extensions(arm, id),
        clusters::list_upgrades(arm, id),
        inside.leftovers(id),
    );
    let cluster = cluster
        .map_err(|error| berth_runs::failure::from_arm(&error))?
        .ok_or_else(|| Failure::new(FailureCode::NotFound, Remedy::CorrectInput).with("what", id))?;
    let mut problems = Vec::new();
    let attached: Vec<(ComputeFacts, Value)> = known(fact(attached), &mut problems);
    let extensions: Vec<ExtensionFacts> = known(fact(extensions), &mut problems);
    let upgrades: Vec<UpgradeTarget> = known(fact(upgrades), &mut problems);
    let leftovers: Vec<String> = known(leftovers.map_or_else(Fact::Unknown, Fact::Known), &mut problems);
    let (dependents, subnets, vcpus) = tokio::join!(
        join_all(
            attached
                .iter()
                .map(|(compute, _)| dependents::list_dependents(arm, compute))
        ),
        subnets(arm, &cluster),
        vcpus(arm, &cluster.subscription_id, &cluster.location),
    );
    let dependents: Result<Vec<Vec<Dependent>>, _> = dependents.into_iter().collect();
    let dependents = known(fact(dependents.map(|all| all.concat())), &mut problems);
    // A live classic front end is no leftover.
    let classic = attached
        .iter()
        .any(|(compute, _)| compute.compute_type.eq_ignore_ascii_case("AKS"));
    let installed = extension::installed(&extensions);
    Ok(ClusterDetails {
        computes: attached
            .iter()
            .filter_map(|(compute, value)| details(compute, value, installed))
            .collect(),
        leftovers: if classic { Vec::new() } else { leftovers },
        subnets: known(subnets, &mut problems),
        vcpus: known(fact(vcpus), &mut problems),
        cluster,
        extensions,
        upgrades,
        dependents,
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

/// Computes of the subscription's workspaces that point at the cluster, each with what Azure answered.
async fn attached(arm: &Arm, id: &str) -> Result<Vec<(ComputeFacts, Value)>, berth_arm::ArmError> {
    let subscription = id.split('/').nth(2).unwrap_or_default();
    let workspaces = workspaces::list_workspaces(arm, subscription).await?;
    let lists = computes::list_computes_of_all(arm, &workspaces).await;
    let all = lists
        .into_iter()
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .flatten();
    let here = |(compute, _): &(ComputeFacts, Value)| {
        let cluster = compute.cluster_id.as_deref();
        cluster.is_some_and(|other| same_resource(other, id))
    };
    let all = all.map(|value| (computes::compute(&value), value));
    Ok(all.filter(here).collect())
}

/// Names of the subnets beside the nodes.
async fn subnets(arm: &Arm, cluster: &ClusterFacts) -> Fact<Vec<String>> {
    let subnet = cluster.pools.iter().find_map(|pool| pool.subnet_id.as_deref());
    let Some((vnet, _)) = subnet.and_then(|subnet| subnet.rsplit_once("/subnets/")) else {
        return Fact::Known(Vec::new());
    };
    let found = fact(networks::get_vnet(arm, vnet).await);
    match found {
        Fact::Known(found) => {
            let subnets = found.map(|vnet| vnet.subnets).unwrap_or_default();
            Fact::Known(subnets.into_iter().map(|subnet| subnet.name).collect())
        }
        Fact::Unknown(why) => Fact::Unknown(why),
        Fact::NotAsked => Fact::NotAsked,
    }
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
