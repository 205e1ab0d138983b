//! The lists a person chooses from.

use super::{Fact, fact, with_aks};
use berth_arm::resources::{
    clusters, computes, groups, networks, providers, sizes, subscriptions, versions, workspaces,
};
use berth_arm::{Arm, ArmError};
use berth_contract::model::{NetworkCatalogue, PlaceCatalogue, SizeCatalogue};
use berth_domain::facts::{ComputeFacts, OfferedVersion, WorkspaceFacts, is_node_group};
use futures::future::join_all;

/// Lists the workspaces, groups, locations, clusters and computes of a subscription, without groups that a service
/// manages. `problems` holds what could not be read.
pub async fn place(arm: &Arm, subscription: &str) -> PlaceCatalogue {
    let ((workspaces, computes), groups, locations, clusters, provider) = tokio::join!(
        workspaces_and_computes(arm, subscription),
        groups::list_groups(arm, subscription),
        subscriptions::list_locations(arm, subscription),
        clusters::list_clusters(arm, subscription),
        providers::get_provider(arm, subscription, "Microsoft.ContainerService"),
    );
    let mut problems = Vec::new();
    let provider = provider.ok().map(|provider| vec![provider]);
    let locations = with_aks(fact(locations), provider.as_ref());
    PlaceCatalogue {
        workspaces: known(workspaces, &mut problems),
        resource_groups: known(fact(groups), &mut problems)
            .into_iter()
            .filter(|group| !group.is_managed())
            .collect(),
        locations: known(locations, &mut problems),
        clusters: known(fact(clusters), &mut problems),
        computes: known(computes, &mut problems),
        problems,
    }
}

/// Lists the Kubernetes versions offered in a location.
///
/// # Errors
/// See [`ArmError`].
pub async fn versions(
    arm: &Arm,
    subscription: &str,
    location: &str,
) -> Result<Vec<OfferedVersion>, ArmError> {
    versions::list_versions(arm, subscription, location).await
}

/// Lists the VM sizes of a location, and its quota if that can be read.
///
/// # Errors
/// See [`ArmError`].
pub async fn sizes(arm: &Arm, subscription: &str, location: &str) -> Result<SizeCatalogue, ArmError> {
    let (sizes, usages) = tokio::join!(
        sizes::list_sizes(arm, subscription, location),
        sizes::list_usages(arm, subscription, location),
    );
    let mut problems = Vec::new();
    let usages = known(fact(usages), &mut problems);
    Ok(SizeCatalogue {
        sizes: sizes?,
        usages,
        usages_problem: problems.pop(),
    })
}

/// Lists the virtual networks of a location, except those that AKS made for its nodes, with the free addresses of their subnets if those can be read.
///
/// # Errors
/// See [`ArmError`].
pub async fn networks(arm: &Arm, subscription: &str, location: &str) -> Result<NetworkCatalogue, ArmError> {
    let mut vnets = networks::list_vnets(arm, subscription, location).await?;
    vnets.retain(|vnet| !is_node_group(&vnet.resource_group));
    // Free addresses are optional: a network can be chosen without them.
    let _ = join_all(
        vnets
            .iter_mut()
            .map(|vnet| networks::read_free_addresses(arm, vnet)),
    )
    .await;
    Ok(NetworkCatalogue { vnets })
}

async fn workspaces_and_computes(
    arm: &Arm,
    subscription: &str,
) -> (Fact<Vec<WorkspaceFacts>>, Fact<Vec<ComputeFacts>>) {
    let workspaces = fact(workspaces::list_workspaces(arm, subscription).await);
    let found = workspaces.known().map(Vec::as_slice).unwrap_or_default();
    let lists = computes::list_computes_of_all(arm, found).await;
    let computes = lists
        .into_iter()
        .collect::<Result<Vec<_>, _>>()
        .map(|lists| lists.iter().flatten().map(computes::compute).collect());
    (workspaces, fact(computes))
}

fn known<T>(fact: Fact<Vec<T>>, problems: &mut Vec<String>) -> Vec<T> {
    match fact {
        Fact::Known(found) => found,
        Fact::Unknown(why) => {
            problems.push(why);
            Vec::new()
        }
        Fact::NotAsked => Vec::new(),
    }
}
