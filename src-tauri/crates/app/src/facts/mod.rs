//! Reads the facts for one specification from Azure: concurrently, nothing twice, and only what is needed. What cannot
//! be read becomes [`Fact::Unknown`] with the service's message.

pub mod access;
mod budgets;
pub mod catalogue;
pub mod change;
mod clearing;
pub mod cluster;
pub(crate) mod deploy;
mod endpoint_change;
pub(crate) mod endpoints;
mod existing;
mod granting;
mod home;
mod identity;
mod locks;
mod namesakes;
pub(crate) mod placing;
mod policy;
pub(crate) mod resuming;
mod rights;
mod room;
mod sample;
pub(crate) mod users;
pub(crate) mod walk;

pub(crate) use clearing::run_to_clear_up;

use crate::cluster_reader::ClusterReader;
use berth_arm::resources::{computes, groups, providers, sizes, subscriptions, versions, workspaces};
use berth_arm::{Arm, ArmError};
use berth_domain::certificate::{CertificateFacts, PairProblem};
use berth_domain::facts::{
    ChangeFacts, DeployFacts, Fact, Facts, LocationFacts, OfferedVersion, ProviderFacts, Usage, VmSize,
};
use berth_domain::resource_id::ResourceId;
use berth_domain::spec::{ClusterChoice, Spec};
use futures::future::{OptionFuture, join_all};
use home::Home;

const NAMESPACES: [&str; 3] = [
    "Microsoft.ContainerService",
    "Microsoft.KubernetesConfiguration",
    "Microsoft.MachineLearningServices",
];

/// Reads everything a specification needs. `today` is `YYYY-MM-DD`.
pub(crate) async fn read_facts(
    arm: &Arm,
    spec: &Spec,
    certificate: Fact<Result<CertificateFacts, PairProblem>>,
    inside: &ClusterReader,
    today: &str,
) -> Facts {
    let existing = existing::existing_id(spec).map(|id| {
        let of_cluster = ResourceId::parse(&id).map(|id| id.subscription.to_owned());
        let (id, workspace) = (std::future::ready(vec![id]), spec.place.workspace.resource_id());
        let of_workspace = spec.place.workspace.subscription_id.as_str();
        async move {
            let also = [of_workspace, of_cluster.as_deref().unwrap_or_default()];
            users::read(arm, id, &also, workspace.as_deref()).await
        }
    });
    let (facts, users) = tokio::join!(
        Box::pin(read_but_users(arm, spec, certificate, inside, today)),
        OptionFuture::from(existing)
    );
    Facts { users, ..facts }
}

/// Reads everything but the cluster's users.
async fn read_but_users(
    arm: &Arm,
    spec: &Spec,
    certificate: Fact<Result<CertificateFacts, PairProblem>>,
    inside: &ClusterReader,
    today: &str,
) -> Facts {
    let place = &spec.place;
    let creates = spec.cluster == ClusterChoice::Create;
    let home = Home::of(spec);
    let (usable, subscription) = (home.is_usable(), home.subscription.as_str());
    let scope = home.inherits_from();
    let workspace_id = place.workspace.resource_id();
    let workspace = workspace_id.as_deref();

    // The policy check uses an api-version from the provider, so the provider is read first.
    let providers_and_policy = async {
        let providers = fact_if(usable, read_providers(arm, subscription)).await;
        let denied = policy::read(arm, spec, home.existing_group()).await;
        (providers, denied)
    };
    let of_place = async {
        tokio::join!(
            fact_if(usable, subscriptions::get_subscription(arm, subscription)),
            fact_of(workspace, |id| workspaces::get_workspace(arm, id)),
            fact_if(usable, subscriptions::list_locations(arm, subscription)),
            fact_if(
                home.group_id.is_some() && creates,
                groups::get_group(arm, subscription, &place.resource_group)
            ),
            locks::of_groups(arm, spec, &home),
            locks::of_nodes(arm, spec),
        )
    };
    let of_account = async {
        tokio::join!(
            rights::read(arm, spec, &home),
            identity::roles(arm, spec, scope.as_deref()),
            identity::network_roles(arm, spec),
        )
    };
    // All run concurrently; each only if its condition holds. Boxed, because together they would not fit on the stack.
    let (
        (provider_facts, denied),
        (subscription_facts, workspace_facts, locations, group, locked, node_locks),
        (rights, identity_roles, network_roles),
        (offered, vm_sizes, usages),
        own_computes,
        existing,
    ) = tokio::join!(
        Box::pin(providers_and_policy),
        Box::pin(of_place),
        Box::pin(of_account),
        Box::pin(read_offer(arm, spec, &home)),
        fact_of(workspace, |id| computes::list_computes(arm, id)),
        Box::pin(existing::read(arm, spec, inside)),
    );
    Facts {
        today: today.to_owned(),
        cloud: arm.cloud().name.clone(),
        trusted_access: arm.cloud().trusted_access,
        subscription: subscription_facts,
        workspace: workspace_facts,
        locations: with_aks(locations, provider_facts.known()),
        providers: provider_facts,
        resource_group: group,
        cluster: existing.cluster,
        computes: own_computes,
        users: None,
        versions: offered,
        vm_sizes,
        usages,
        vnet: existing.vnet,
        route_table: existing.route_table,
        extensions: existing.extensions,
        subscription_rights: rights.subscription,
        group_rights: rights.group,
        cluster_rights: rights.cluster,
        workspace_rights: rights.workspace,
        subnet_rights: rights.subnet,
        other_workspaces: Vec::new(),
        network_roles,
        identity_roles,
        cluster_policy: denied.cluster,
        address_policy: denied.address,
        locks: locked,
        node_locks,
        namespaces: existing.namespaces,
        software: existing.software,
        leftovers: existing.leftovers,
        certificate,
        change: ChangeFacts {
            cluster: existing.whole,
            ..ChangeFacts::default()
        },
        deploy: DeployFacts::default(),
        api_versions: arm.api_versions(),
    }
}

/// Reads what the cluster's location offers.
async fn read_offer(
    arm: &Arm,
    spec: &Spec,
    home: &Home,
) -> (Fact<Vec<OfferedVersion>>, Fact<Vec<VmSize>>, Fact<Vec<Usage>>) {
    let location = home::location(arm, spec).await;
    let location = location.as_deref().filter(|_| home.is_usable());
    let subscription = home.subscription.as_str();
    tokio::join!(
        fact_of(location, |location| versions::list_versions(
            arm,
            subscription,
            location
        )),
        fact_of(location, |location| sizes::list_sizes(
            arm,
            subscription,
            location
        )),
        fact_of(location, |location| sizes::list_usages(
            arm,
            subscription,
            location
        )),
    )
}

/// Awaits the request if the condition holds, else returns `NotAsked`.
pub(super) async fn fact_if<T>(holds: bool, asking: impl Future<Output = Result<T, ArmError>>) -> Fact<T> {
    OptionFuture::from(holds.then_some(asking))
        .await
        .map_or(Fact::NotAsked, fact)
}

/// Sends the request if the id has been chosen, else returns `NotAsked`.
pub(crate) async fn fact_of<'a, T, F>(id: Option<&'a str>, ask: impl FnOnce(&'a str) -> F) -> Fact<T>
where
    F: Future<Output = Result<T, ArmError>>,
{
    OptionFuture::from(id.map(ask)).await.map_or(Fact::NotAsked, fact)
}

/// Turns an answer into a fact; an error becomes `Unknown` with the service's message.
pub(crate) fn fact<T>(answer: Result<T, ArmError>) -> Fact<T> {
    match answer {
        Ok(value) => Fact::Known(value),
        Err(error) => Fact::Unknown(error.fault().map_or_else(|| error.chain(), ToString::to_string)),
    }
}

async fn read_providers(arm: &Arm, subscription: &str) -> Result<Vec<ProviderFacts>, ArmError> {
    let all = NAMESPACES
        .iter()
        .map(|namespace| providers::get_provider(arm, subscription, namespace));
    join_all(all).await.into_iter().collect()
}

/// Sets `offers_aks` on each location. The provider lists locations by display name.
pub(super) fn with_aks(
    locations: Fact<Vec<LocationFacts>>,
    providers: Option<&Vec<ProviderFacts>>,
) -> Fact<Vec<LocationFacts>> {
    let Fact::Known(mut locations) = locations else {
        return locations;
    };
    let offered = providers.and_then(|all| {
        let service = all
            .iter()
            .find(|provider| provider.namespace.eq_ignore_ascii_case(NAMESPACES[0]))?;
        service
            .resource_types
            .iter()
            .find(|kind| kind.resource_type.eq_ignore_ascii_case("managedClusters"))
    });
    if let Some(kind) = offered {
        for location in &mut locations {
            let named = |name: &String| {
                name.eq_ignore_ascii_case(&location.display_name) || name.eq_ignore_ascii_case(&location.name)
            };
            location.offers_aks = Some(kind.locations.iter().any(named));
        }
    }
    Fact::Known(locations)
}
