//! Finds out who uses a cluster, for all rules and pages. Reads every workspace of every subscription that the account
//! can see. What cannot be read is listed; the rest still counts.

use super::endpoints::EndpointReader;
use super::placing::{Place, is_of, place, place_of, unplaced};
use super::walk::{Failure, RequestLimiter, Seen, Visit, Walk, as_far_as_read, exists_no_more, within};
use berth_arm::resources::computes::{self, Budget};
use berth_arm::resources::workspaces;
use berth_arm::{Arm, Pages};
use berth_domain::endpoint::Endpoint;
use berth_domain::facts::{ClusterUsers, ComputeFacts, Dependent, UnreadKind, UnreadUsers};
use berth_domain::resource_id::{ResourceId, same_resource};
use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use serde_json::Value;

/// Reads who uses the clusters. `clusters` may resolve while subscriptions are already being read. The subscriptions in
/// `also` and the `workspace` are read even if the account's list lacks them.
pub(super) async fn read(
    arm: &Arm,
    clusters: impl Future<Output = Vec<String>> + Send,
    also: &[&str],
    workspace: Option<&str>,
) -> ClusterUsers {
    let found = of_account(arm, clusters, true, also, workspace).await;
    ClusterUsers {
        computes: found.computes.iter().map(computes::compute).collect(),
        dependents: found.dependents,
        unread: found.unread,
    }
}

/// The computes of a cluster, and the endpoints on them.
pub(super) async fn of_cluster(arm: &Arm, cluster_id: &str) -> Found {
    let clusters = std::future::ready(vec![cluster_id.to_owned()]);
    of_account(arm, clusters, true, &[], None).await
}

/// The computes of a cluster, without what is deployed on them.
pub(crate) async fn attached(arm: &Arm, cluster_id: &str, also: &[&str]) -> Found {
    let clusters = std::future::ready(vec![cluster_id.to_owned()]);
    of_account(arm, clusters, false, also, None).await
}

#[derive(Default)]
pub(crate) struct Found {
    /// Computes of any type on one of the clusters, in Azure's JSON.
    pub(crate) computes: Vec<Value>,
    /// Endpoints on those computes.
    pub(crate) dependents: Vec<Dependent>,
    pub(crate) unread: Vec<UnreadUsers>,
}

async fn of_account(
    arm: &Arm,
    clusters: impl Future<Output = Vec<String>> + Send,
    endpoints: bool,
    also: &[&str],
    workspace: Option<&str>,
) -> Found {
    let limiter = RequestLimiter::default();
    let clusters = clusters.boxed().shared();
    let users = Users {
        clusters: clusters.clone(),
        endpoints: endpoints.then(|| EndpointReader::new(arm, &limiter)),
        arm,
        limiter: &limiter,
        budget: Budget::default(),
    };
    let subscriptions = clusters.map(|ids| ids.iter().filter_map(|id| subscription_of(id)).collect());
    let walk = Walk::new(arm, &limiter, &users);
    // Boxed, because it holds the futures of all concurrent requests.
    let seen = Box::pin(walk.of_account(also, workspace, subscriptions)).await;
    let mut found = Found {
        unread: seen.unread,
        ..Found::default()
    };
    for part in seen.found {
        found.computes.extend(part.computes);
        found.dependents.extend(part.dependents);
    }
    found
}

fn subscription_of(id: &str) -> Option<String> {
    Some(ResourceId::parse(id)?.subscription.to_owned())
}

/// Finds the users of clusters in a workspace.
struct Users<'a> {
    arm: &'a Arm,
    clusters: Shared<BoxFuture<'a, Vec<String>>>,
    /// `None` if endpoints are not to be read.
    endpoints: Option<EndpointReader<'a>>,
    limiter: &'a RequestLimiter,
    /// Memory limit for the computes of all workspaces together.
    budget: Budget,
}

/// The users in one workspace.
struct OfWorkspace {
    computes: Vec<Value>,
    dependents: Vec<Dependent>,
}

impl Visit for Users<'_> {
    type Found = OfWorkspace;

    /// Reads the computes of a workspace, and what is deployed on those that are on one of the clusters.
    async fn workspace(&self, id: &str, listed: Option<&Value>) -> Seen<OfWorkspace> {
        let clusters = self.clusters.clone().await;
        let (all, failure) = self.limiter.run(Box::pin(self.computes_of(id, &clusters))).await;
        // A workspace that no longer exists has no computes.
        let failure = match failure {
            Some(failure) if failure.gone && exists_no_more(self.arm, id).await => None,
            other => other,
        };
        let workspace = place(id, UnreadKind::Workspace);
        let mut unread: Vec<UnreadUsers> = Vec::new();
        unread.extend(failure.map(|failure| workspace.clone().because(failure.why)));
        let mut computes = Vec::new();
        for compute in all {
            match place_of(&compute, &clusters) {
                Place::Here if is_of(&compute, id) => computes.push(compute),
                Place::Here | Place::Unknown => unread.push(unplaced(&workspace, &compute)),
                Place::Elsewhere => {}
            }
        }
        let mut dependents = Vec::new();
        if let Some(reader) = &self.endpoints {
            let here: Vec<ComputeFacts> = computes.iter().map(computes::compute).collect();
            let discovery = listed.and_then(workspaces::discovery);
            let behind = reader.on_computes(&here, discovery.as_deref()).await;
            dependents.extend(
                behind
                    .found
                    .iter()
                    .filter_map(|endpoint| dependent(endpoint, &here)),
            );
            unread.extend(behind.unread);
        }
        Seen {
            found: vec![OfWorkspace { computes, dependents }],
            unread,
        }
    }
}

impl Users<'_> {
    /// The computes of a workspace that are, or may be, on one of the clusters, and why the list is incomplete.
    async fn computes_of(&self, id: &str, clusters: &[String]) -> (Vec<Value>, Option<Failure>) {
        let mut pages = Pages::default();
        let wanted = |value: &Value| !matches!(place_of(value, clusters), Place::Elsewhere);
        let asking = computes::list_computes_into(self.arm, id, &self.budget, &mut pages, wanted);
        let failure = within(self.arm, asking).await.err();
        as_far_as_read(pages, failure)
    }
}

/// An endpoint as a user of the compute that it is on.
fn dependent(endpoint: &Endpoint, computes: &[ComputeFacts]) -> Option<Dependent> {
    let on = endpoint.compute_id.as_deref()?;
    let compute = computes.iter().find(|compute| same_resource(&compute.id, on))?;
    Some(Dependent::on(compute, endpoint))
}
