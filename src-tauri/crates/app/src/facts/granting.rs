//! Facts for a role assignment: which workspace or cluster owns the identity, and which scopes are related to that
//! owner.

use super::{Fact, fact, fact_if};
use berth_arm::resources::{computes, identities, networks, permissions};
use berth_arm::{Arm, ArmError};
use berth_domain::change::is_narrow;
use berth_domain::facts::{ChangeFacts, Facts, OwnerFacts, SubnetFacts};
use berth_domain::resource_id::{ResourceGroupId, ResourceId, parent, same_resource};
use futures::future::join_all;
use std::collections::BTreeSet;

/// The role assignment to make.
pub(super) struct Wanted<'a> {
    pub(super) scope: &'a str,
    pub(super) principal_id: &'a str,
    pub(super) of: Option<&'a str>,
}

/// Reads the person's rights on the scope and the owners of the identity. Sends nothing for a scope too broad for Berth
/// to assign roles on.
pub(super) async fn read(arm: &Arm, wanted: &Wanted<'_>, today: &str) -> Facts {
    let scope = wanted.scope.trim().trim_end_matches('/');
    let wanted = Wanted {
        scope,
        principal_id: wanted.principal_id.trim(),
        of: wanted.of.map(|of| of.trim().trim_end_matches('/')),
    };
    let (scope_rights, owners) = if is_narrow(scope) {
        tokio::join!(
            fact_if(true, permissions::list_rights(arm, scope)),
            owners(arm, &wanted)
        )
    } else {
        (Fact::NotAsked, Fact::NotAsked)
    };
    Facts {
        today: today.to_owned(),
        cloud: arm.cloud().name.clone(),
        change: ChangeFacts {
            scope_rights,
            owners,
            ..ChangeFacts::default()
        },
        ..Facts::default()
    }
}

/// Finds the workspaces and clusters that have the identity. Unknown if none was found and something could not be read.
async fn owners(arm: &Arm, wanted: &Wanted<'_>) -> Fact<Vec<OwnerFacts>> {
    let mut why = None;
    let mut found = Vec::new();
    for answer in candidates(arm, wanted).await {
        match fact(answer) {
            Fact::Known(all) => found.extend(all),
            Fact::Unknown(reason) => why = Some(reason),
            Fact::NotAsked => {}
        }
    }
    found.retain(|owner| owner.identity(wanted.principal_id).is_some());
    if let (true, Some(why)) = (found.is_empty(), why) {
        return Fact::Unknown(why);
    }
    for owner in &mut found {
        if owner.scope(wanted.scope).is_some() {
            continue;
        }
        match related(arm, owner, wanted.scope).await {
            Ok(scopes) => owner.scopes.extend(scopes),
            Err(error) => return fact(Err(error)),
        }
    }
    Fact::Known(found)
}

type Candidates = Vec<Result<Vec<OwnerFacts>, ArmError>>;

async fn candidates(arm: &Arm, wanted: &Wanted<'_>) -> Candidates {
    if let Some(of) = wanted.of {
        return owner_at(arm, of).await;
    }
    let Some(subscription) = subscription_of(wanted.scope) else {
        return Vec::new();
    };
    let (workspaces, clusters, mut all) = tokio::join!(
        identities::list_workspaces(arm, subscription),
        identities::list_clusters(arm, subscription),
        owner_at(arm, wanted.scope),
    );
    all.extend([workspaces, clusters]);
    all
}

/// Reads one workspace or cluster. The identities of a cluster's extensions are a separate result, because somebody who
/// may read the cluster may not be allowed to read them.
async fn owner_at(arm: &Arm, id: &str) -> Candidates {
    let owner = match identities::get_owner(arm, id).await {
        Ok(Some(owner)) => owner,
        Ok(None) => return Vec::new(),
        Err(error) => return vec![Err(error)],
    };
    if !ResourceId::parse(id).is_some_and(|id| id.is_cluster()) {
        return vec![Ok(vec![owner])];
    }
    let of_extensions = identities::list_of_extensions(arm, id).await;
    let of_extensions = of_extensions.map(|identities| {
        vec![OwnerFacts {
            identities,
            ..owner.clone()
        }]
    });
    vec![Ok(vec![owner]), of_extensions]
}

/// Returns further scopes related to an owner: for a workspace, the clusters it serves from or will serve from; for a
/// cluster, its route tables and those of the workspaces it is attached to.
async fn related(arm: &Arm, owner: &OwnerFacts, scope: &str) -> Result<Vec<String>, ArmError> {
    let Some(id) = ResourceId::parse(&owner.id) else {
        return Ok(Vec::new());
    };
    let is_of = |kind: &str| {
        let parsed = ResourceId::parse(scope);
        parsed
            .is_some_and(|id| matches!(id.types.as_slice(), [(found, _)] if found.eq_ignore_ascii_case(kind)))
    };
    if !id.is_workspace() && is_of("routeTables") {
        return route_tables(arm, owner).await;
    }
    if !id.is_workspace() {
        return scopes_of_attached_workspaces(arm, owner, scope).await;
    }
    if ResourceId::parse(scope).is_some_and(|id| id.is_cluster()) {
        let cluster = identities::get_owner(arm, scope).await?;
        return Ok(cluster.into_iter().map(|cluster| cluster.id).collect());
    }
    let attached = computes::list_computes(arm, &owner.id).await?;
    let clusters = attached
        .iter()
        .filter_map(|compute| compute.cluster_id.as_deref());
    let clusters = join_all(clusters.map(|id| identities::get_owner(arm, id))).await;
    let clusters = clusters.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(clusters
        .into_iter()
        .flatten()
        .flat_map(|cluster| cluster.scopes)
        .collect())
}

/// Resource ids of the route tables of a cluster's subnets.
async fn route_tables(arm: &Arm, cluster: &OwnerFacts) -> Result<Vec<String>, ArmError> {
    let subnet = |id: &&String| id.to_lowercase().contains("/subnets/");
    let subnets: Vec<&String> = cluster.scopes.iter().filter(subnet).collect();
    let networks: BTreeSet<String> = subnets
        .iter()
        .filter_map(|id| parent(id))
        .map(str::to_lowercase)
        .collect();
    let read = join_all(networks.iter().map(|id| networks::get_vnet(arm, id))).await;
    let read = read.into_iter().collect::<Result<Vec<_>, _>>()?;
    let of_cluster = |found: &SubnetFacts| subnets.iter().any(|id| same_resource(id, &found.id));
    let used = read
        .into_iter()
        .flatten()
        .flat_map(|network| network.subnets)
        .filter(of_cluster);
    Ok(used.filter_map(|found| found.route_table_id).collect())
}

async fn scopes_of_attached_workspaces(
    arm: &Arm,
    cluster: &OwnerFacts,
    scope: &str,
) -> Result<Vec<String>, ArmError> {
    let Some(subscription) = subscription_of(scope) else {
        return Ok(Vec::new());
    };
    let workspaces = identities::list_workspaces(arm, subscription).await?;
    let using = workspaces
        .into_iter()
        .filter(|workspace| workspace.scope(scope).is_some());
    let mut scopes = Vec::new();
    for workspace in using {
        let attached = computes::list_computes(arm, &workspace.id).await?;
        let here = |id: &str| same_resource(id, &cluster.id);
        if attached
            .iter()
            .any(|compute| compute.cluster_id.as_deref().is_some_and(here))
        {
            scopes.extend(workspace.scopes);
        }
    }
    Ok(scopes)
}

fn subscription_of(scope: &str) -> Option<&str> {
    let group = ResourceGroupId::parse(scope).map(|group| group.subscription);
    group.or_else(|| ResourceId::parse(scope).map(|id| id.subscription))
}
