//! Reads the facts a change needs: first the affected compute, then the facts a set-up needs together with those that
//! only a change needs.

use super::existing::existing_id;
use super::{
    budgets, clearing, endpoint_change, fact, fact_if, fact_of, granting, read_but_users, rights, users,
};
use crate::cluster_reader::ClusterReader;
use berth_arm::resources::{clusters, computes, endpoints, networks, sizes, workspaces};
use berth_arm::{Arm, ArmError};
use berth_domain::certificate::{CertificateFacts, PairProblem};
use berth_domain::change::serving::{CLASSIC_SECRET, Serving, TlsNow, name_of_service};
use berth_domain::change::{Change, after};
use berth_domain::facts::{ChangeFacts, ClusterUsers, Fact, Facts, Presented, RunFacts, VnetFacts};
use berth_domain::resource_id::{ResourceId, parent};
use futures::FutureExt as _;
use futures::future::try_join_all;
use serde_json::Value;
use std::collections::BTreeSet;

/// Reads everything a change needs. `run` is the run to clear up, from the journal; `today` is `YYYY-MM-DD`.
pub(crate) async fn read_change(
    arm: &Arm,
    change: &Change,
    certificate: Fact<Result<CertificateFacts, PairProblem>>,
    inside: &ClusterReader,
    run: Fact<Option<RunFacts>>,
    today: &str,
) -> Facts {
    match change {
        Change::Grant {
            scope,
            principal_id,
            of,
            ..
        } => {
            let of = of.as_deref();
            let wanted = granting::Wanted {
                scope,
                principal_id,
                of,
            };
            return granting::read(arm, &wanted, today).await;
        }
        Change::Canary {
            endpoint_id, sample, ..
        } => {
            let (mut facts, sample) = tokio::join!(
                endpoint_change::read(arm, endpoint_id, today),
                endpoint_change::read_sample(sample)
            );
            facts.change.sample = Fact::Known(sample);
            return facts;
        }
        Change::Traffic { endpoint_id, .. }
        | Change::DeleteVersion { endpoint_id, .. }
        | Change::DeleteEndpoint { endpoint_id, .. }
        | Change::RegenerateKey { endpoint_id, .. }
        | Change::Auth { endpoint_id, .. } => {
            return Box::pin(endpoint_change::read(arm, endpoint_id, today)).await;
        }
        Change::ClearUp { resources, .. } => return clearing::read(arm, run, resources, today).await,
        _ => {}
    }
    let compute = fact_of(change.compute_id(), |id| computes::get_compute(arm, id));
    let compute = compute.boxed().shared();
    // Listing the subscriptions and workspaces that may use the cluster starts before the compute says which cluster it
    // is on.
    let users = users_of(arm, change, compute.clone());
    let prefetch = prefetch_services(arm, change, compute.clone());
    let (facts, users, ()) = tokio::join!(
        Box::pin(read_but_users_of(
            arm,
            change,
            compute,
            certificate,
            inside,
            today
        )),
        users,
        prefetch
    );
    let facts = Facts { users, ..facts };
    let other_workspaces = Box::pin(rights::of_other_workspaces(arm, change, &facts)).await;
    Facts {
        other_workspaces,
        ..facts
    }
}

/// Reads who uses the cluster of a change; `None` if the change has no cluster.
async fn users_of(
    arm: &Arm,
    change: &Change,
    compute: impl Future<Output = Fact<Option<Value>>> + Send,
) -> Option<ClusterUsers> {
    let workspace = workspace_of(change);
    let subscription = ResourceId::parse(change.subject()).map(|id| id.subscription);
    let cluster = async {
        let known = facts_of(compute.await);
        existing_id(&after(change, &[], &known))
    };
    let cluster = cluster.boxed().shared();
    let ids = cluster.clone().map(|id| id.into_iter().collect());
    let also: Vec<&str> = subscription.into_iter().collect();
    let users = users::read(arm, ids, &also, workspace).await;
    cluster.await.map(|_| users)
}

/// Finds the API that lists the services of a classic compute while the computes are still being listed. The connection
/// caches the responses; whoever needs them reports why they cannot be read.
async fn prefetch_services(
    arm: &Arm,
    change: &Change,
    compute: impl Future<Output = Fact<Option<Value>>> + Send,
) {
    let Some(workspace) = workspace_of(change) else {
        return;
    };
    let (compute, _) = tokio::join!(compute, workspaces::get_workspace(arm, workspace));
    let found = compute.known().and_then(Option::as_ref);
    if found.is_some_and(|found| computes::compute(found).compute_type.eq_ignore_ascii_case("AKS")) {
        let _ = endpoints::model_management(arm, workspace, None).await;
    }
}

/// Returns the id of the workspace of the compute that a change names.
fn workspace_of(change: &Change) -> Option<&str> {
    parent(change.compute_id()?)
}

fn facts_of(compute: Fact<Option<Value>>) -> Facts {
    Facts {
        change: ChangeFacts {
            compute,
            ..ChangeFacts::default()
        },
        ..Facts::default()
    }
}

/// Reads everything a change needs except who uses the cluster.
async fn read_but_users_of(
    arm: &Arm,
    change: &Change,
    compute: impl Future<Output = Fact<Option<Value>>> + Send,
    certificate: Fact<Result<CertificateFacts, PairProblem>>,
    inside: &ClusterReader,
    today: &str,
) -> Facts {
    let workspace = workspace_of(change);
    // The connection caches the workspace, which is needed again below.
    let (compute, _) = tokio::join!(
        compute,
        fact_of(workspace, |id| workspaces::get_workspace(arm, id))
    );
    let mut known = facts_of(compute);
    let spec = after(change, &[], &known);
    let serving = Serving::of(&known);
    let cluster_id = spec.cluster_id().unwrap_or_default();
    let (mut facts, networks, found_budgets, upgrades, inside_facts, presented, services) = tokio::join!(
        Box::pin(read_but_users(arm, &spec, certificate, inside, today)),
        read_networks(arm, change),
        Box::pin(budgets::read(arm, change, inside)),
        fact_if(
            matches!(change, Change::Upgrade { .. }),
            clusters::list_upgrades(arm, &cluster_id)
        ),
        read_front_end(change, serving.as_ref(), &cluster_id, inside),
        read_presented(change, known.change.compute.known(), &cluster_id, inside),
        fact_if(
            matches!(change, Change::Move { .. }),
            Box::pin(endpoints::service_resources(arm, workspace.unwrap_or_default())),
        ),
    );
    known.change.cluster = facts.change.cluster;
    known.change.networks = networks;
    known.change.budgets = found_budgets;
    known.change.upgrades = upgrades;
    (known.change.front_end, known.change.kept) = inside_facts;
    known.change.presented = presented;
    known.change.services = services;
    facts.change = known.change;
    facts
}

/// Reads the virtual networks of all pools of the cluster, if the change adds nodes.
async fn read_networks(arm: &Arm, change: &Change) -> Fact<Vec<VnetFacts>> {
    let adds = matches!(
        change,
        Change::Scale { .. }
            | Change::Autoscale { bounds: Some(_), .. }
            | Change::Upgrade { nodes: true, .. }
            | Change::Power { running: true, .. }
    );
    let id = change.cluster_id().filter(|_| adds);
    let cluster = match fact_of(id, |id| clusters::get_cluster(arm, id)).await {
        Fact::Known(Some(cluster)) => cluster,
        Fact::Known(None) | Fact::NotAsked => return Fact::NotAsked,
        Fact::Unknown(why) => return Fact::Unknown(why),
    };
    let subnets = cluster
        .pools
        .iter()
        .flat_map(|pool| [&pool.subnet_id, &pool.pod_subnet_id]);
    let ids: BTreeSet<String> = subnets
        .flatten()
        .filter_map(|subnet| subnet.rsplit_once("/subnets/"))
        .map(|(vnet, _)| vnet.to_lowercase())
        .collect();
    let found = ids.iter().map(|id| networks::get_vnet(arm, id));
    match try_join_all(found).await {
        Ok(found) => Fact::Known(found.into_iter().flatten().collect()),
        Err(error) => fact(Err(error)),
    }
}

/// Reads the front end and its certificate if the change affects them.
async fn read_front_end(
    change: &Change,
    serving: Option<&Serving>,
    cluster_id: &str,
    inside: &ClusterReader,
) -> (
    Fact<Option<berth_domain::facts::FrontEndFacts>>,
    Fact<Option<CertificateFacts>>,
) {
    let affected = matches!(
        change,
        Change::LoadBalancer { .. }
            | Change::Tls { .. }
            | Change::Refresh { .. }
            | Change::Move { .. }
            | Change::MoveBack { .. }
            | Change::MoveFinish { .. }
            | Change::CleanUp { .. }
    );
    if !affected || cluster_id.is_empty() {
        return (Fact::NotAsked, Fact::NotAsked);
    }
    let namespace = serving.map_or("default", Serving::front_namespace);
    let secret = serving.map_or(Some(CLASSIC_SECRET.to_owned()), |serving| serving.secret.clone());
    let name = serving.and_then(|serving| match &serving.tls {
        TlsNow::Own { cname } => Some(cname.clone()),
        _ => None,
    });
    let secret = secret.unwrap_or_default();
    let (front_end, kept) = tokio::join!(
        inside.front_end(cluster_id, namespace),
        inside.certificate(cluster_id, namespace, &secret, name.as_deref()),
    );
    (
        front_end.map_or_else(Fact::Unknown, Fact::Known),
        kept.map_or_else(Fact::Unknown, Fact::Known),
    )
}

/// Reads the certificate that clients see, if the change renews it.
async fn read_presented(
    change: &Change,
    compute: Option<&Option<Value>>,
    cluster_id: &str,
    inside: &ClusterReader,
) -> Fact<Option<Presented>> {
    if !matches!(change, Change::RenewLabel { .. }) || cluster_id.is_empty() {
        return Fact::NotAsked;
    }
    let name = compute.and_then(Option::as_ref).and_then(name_of_service);
    let answer = inside.presented(cluster_id, "default", name).await;
    answer.map_or_else(Fact::Unknown, Fact::Known)
}

/// Returns the number of vCPUs of each VM size in a location.
///
/// # Errors
/// See [`ArmError`].
pub(super) async fn vcpus(
    arm: &Arm,
    subscription: &str,
    location: &str,
) -> Result<std::collections::BTreeMap<String, u32>, ArmError> {
    let all = sizes::list_sizes(arm, subscription, location).await?;
    Ok(all.into_iter().map(|size| (size.name, size.vcpus)).collect())
}
