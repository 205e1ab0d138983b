//! Finds out who uses a cluster, for all rules and pages. Reads every workspace of every subscription that the account
//! can see, each as soon as it is found. What cannot be read is listed; the rest still counts.

use super::answering;
use super::fact;
use super::placing::{Place, is_of, place, place_of, unplaced};
use berth_arm::resources::computes::{self, Budget};
use berth_arm::resources::{subscriptions, workspaces};
use berth_arm::{Arm, ArmError, Pages};
use berth_domain::facts::{ClusterUsers, ComputeFacts, Dependent, Fact, UnreadKind, UnreadUsers};
use berth_domain::resource_id::{ResourceId, check_part};
use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared, join_all};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Subscriptions and workspaces read concurrently.
const AT_ONCE: usize = 12;
/// Time limit for one list with all its pages and retries, as a multiple of the request timeout.
const TIMEOUT_FACTOR: u32 = 2;
/// Path and display name of the list of subscriptions.
const SUBSCRIPTIONS: &str = "/subscriptions";

/// Reads who uses the clusters. `clusters` may resolve while subscriptions are already being read. The subscriptions in
/// `also` and the `workspace` are read even if the account's list lacks them.
pub(super) async fn read(
    arm: &Arm,
    clusters: impl Future<Output = Vec<String>> + Send,
    also: &[&str],
    workspace: Option<&str>,
) -> ClusterUsers {
    let reading = Reading::new(arm, clusters, true);
    // Boxed, because it holds the futures of all concurrent requests.
    let found = Box::pin(reading.of_account(also, workspace)).await;
    ClusterUsers {
        computes: found.computes.iter().map(computes::compute).collect(),
        dependents: found.dependents,
        unread: found.unread,
    }
}

#[derive(Default)]
pub(crate) struct Found {
    /// Computes of any type on one of the clusters, in Azure's JSON.
    pub(crate) computes: Vec<Value>,
    /// Endpoints, deployments and services on those computes.
    pub(crate) dependents: Vec<Dependent>,
    pub(crate) unread: Vec<UnreadUsers>,
}

impl Found {
    fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::default();
        for part in parts {
            all.computes.extend(part.computes);
            all.dependents.extend(part.dependents);
            all.unread.extend(part.unread);
        }
        all
    }
}

/// The computes of a cluster, and the endpoints, deployments and services on them.
pub(super) async fn of_cluster(arm: &Arm, cluster_id: &str) -> Found {
    let clusters = std::future::ready(vec![cluster_id.to_owned()]);
    let reading = Reading::new(arm, clusters, true);
    Box::pin(reading.of_account(&[], None)).await
}

/// The computes of a cluster, without what is deployed on them.
pub(crate) async fn attached(arm: &Arm, cluster_id: &str, also: &[&str]) -> Found {
    let clusters = std::future::ready(vec![cluster_id.to_owned()]);
    let reading = Reading::new(arm, clusters, false);
    Box::pin(reading.of_account(also, None)).await
}

/// One pass over all subscriptions and workspaces.
struct Reading<'a> {
    arm: &'a Arm,
    clusters: Shared<BoxFuture<'a, Vec<String>>>,
    /// Whether to read endpoints, deployments and services too.
    services: bool,
    /// Limits concurrent requests.
    limiter: RequestLimiter,
    /// Memory limit for the computes of all workspaces together.
    budget: Budget,
    /// Memory limit for endpoints, deployments and services.
    budget_of_services: Budget,
    /// Ids of workspaces already read or being read, in lower case.
    workspaces: Mutex<HashSet<String>>,
}

impl<'a> Reading<'a> {
    fn new(arm: &'a Arm, clusters: impl Future<Output = Vec<String>> + Send + 'a, services: bool) -> Self {
        Self {
            arm,
            clusters: clusters.boxed().shared(),
            services,
            limiter: RequestLimiter::default(),
            budget: Budget::default(),
            budget_of_services: Budget::default(),
            workspaces: Mutex::default(),
        }
    }

    /// Reads every subscription that the account can see, those of the clusters, and the `named` ones, which need no
    /// list.
    async fn of_account(&self, named: &[&str], workspace: Option<&str>) -> Found {
        let mut known = HashSet::new();
        let named: Vec<(String, String)> = named
            .iter()
            .filter(|id| !id.is_empty() && known.insert(id.to_lowercase()))
            .map(|id| ((*id).to_owned(), (*id).to_owned()))
            .collect();
        let workspace = workspace.filter(|id| is_workspace(id) && self.is_new(id));
        let (of_workspace, of_named, (of_others, names)) = tokio::join!(
            join_all(workspace.map(|id| self.of_workspace(id))),
            self.of_subscriptions(&named),
            self.of_others(known),
        );
        let mut found = Found::all(of_workspace.into_iter().chain([of_named, of_others]));
        for unread in &mut found.unread {
            let same =
                |(id, _): &&(String, String)| unread.resource_id.eq_ignore_ascii_case(&subscription_id(id));
            if let Some((_, name)) = names.iter().find(same) {
                unread.name.clone_from(name);
            }
        }
        found
    }

    /// Reads the subscriptions that are not `known`: those that the account can see and those of the clusters. Also
    /// returns the id and display name of each visible subscription.
    async fn of_others(&self, mut known: HashSet<String>) -> (Found, Vec<(String, String)>) {
        let path = subscriptions::all(self.arm);
        let list = self.limited(list(self.arm, &path));
        let ((all, failure), clusters) = tokio::join!(list, self.clusters.clone());
        let listed = all.iter().map(subscriptions::subscription);
        let (listed, odd): (Vec<_>, Vec<_>) =
            listed.partition(|found| check_part(&found.subscription_id).is_ok());
        let odd = odd.first().map(|_| "a subscription has no usable id".to_owned());
        let unread = failure.map(|failure| failure.why).or(odd).map(|why| UnreadUsers {
            resource_id: SUBSCRIPTIONS.to_owned(),
            name: SUBSCRIPTIONS.to_owned(),
            what: UnreadKind::Subscriptions,
            why,
        });
        let names: Vec<(String, String)> = listed
            .into_iter()
            .filter(|found| !found.state.eq_ignore_ascii_case("Deleted"))
            .map(|found| (found.subscription_id, found.display_name))
            .collect();
        let of_clusters = clusters
            .iter()
            .filter_map(|id| Some(ResourceId::parse(id)?.subscription.to_owned()))
            .map(|id| (id.clone(), id));
        let others: Vec<(String, String)> = names
            .iter()
            .cloned()
            .chain(of_clusters)
            .filter(|(id, _)| !id.is_empty() && known.insert(id.to_lowercase()))
            .collect();
        let mut found = self.of_subscriptions(&others).await;
        found.unread.splice(0..0, unread);
        (found, names)
    }

    async fn of_subscriptions(&self, all: &[(String, String)]) -> Found {
        let reads = all.iter().map(|(id, name)| self.of_subscription(id, name));
        Found::all(join_all(reads).await)
    }

    /// Reads the workspaces of a subscription, except those that are deleted or being deleted: they use nothing any
    /// more.
    async fn of_subscription(&self, id: &str, name: &str) -> Found {
        let (all, failure) = self
            .limited(list(self.arm, &workspaces::all_of(self.arm, id)))
            .await;
        let all = all.iter().map(workspaces::workspace);
        let (sound, odd): (Vec<_>, Vec<_>) = all
            .filter(|workspace| !workspace.provisioning_state.is_leaving())
            .partition(|workspace| is_workspace(&workspace.id));
        let odd = odd.first().map(|_| "a workspace has no usable id".to_owned());
        let unread = failure.map(|failure| failure.why).or(odd).map(|why| UnreadUsers {
            resource_id: subscription_id(id),
            name: name.to_owned(),
            what: UnreadKind::Subscription,
            why,
        });
        let new = sound.iter().filter(|workspace| self.is_new(&workspace.id));
        let mut found = Found::all(join_all(new.map(|workspace| self.of_workspace(&workspace.id))).await);
        found.unread.splice(0..0, unread);
        found
    }

    fn is_new(&self, workspace_id: &str) -> bool {
        let mut known = self.workspaces.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(workspace_id.to_lowercase())
    }

    /// Reads the computes of a workspace, and what is deployed on those that are on one of the clusters.
    async fn of_workspace(&self, id: &str) -> Found {
        let clusters = self.clusters.clone().await;
        let (all, failure) = self.limited(Box::pin(self.computes_of(id, &clusters))).await;
        let mut found = Found::default();
        // A workspace that no longer exists has no computes.
        let failure = match failure {
            Some(failure) if failure.gone && exists_no_more(self.arm, id).await => None,
            other => other,
        };
        found
            .unread
            .extend(failure.map(|failure| place(id, UnreadKind::Workspace).because(failure.why)));
        for compute in all {
            match place_of(&compute, &clusters) {
                Place::Here if is_of(&compute, id) => found.computes.push(compute),
                Place::Here | Place::Unknown => found
                    .unread
                    .push(unplaced(&place(id, UnreadKind::Workspace), &compute)),
                Place::Elsewhere => {}
            }
        }
        if self.services {
            let here: Vec<ComputeFacts> = found.computes.iter().map(computes::compute).collect();
            let (behind, unread) =
                answering::read(self.arm, &here, &self.limiter, &self.budget_of_services).await;
            found
                .dependents
                .extend(behind.into_iter().map(|one| one.dependent));
            found.unread.extend(unread);
        }
        found
    }

    /// The computes of a workspace that are, or may be, on one of the clusters, and why the list is incomplete.
    async fn computes_of(&self, id: &str, clusters: &[String]) -> (Vec<Value>, Option<Failure>) {
        let mut pages = Pages::default();
        let wanted = |value: &Value| !matches!(place_of(value, clusters), Place::Elsewhere);
        let asking = computes::list_computes_into(self.arm, id, &self.budget, &mut pages, wanted);
        let failure = within(self.arm, asking).await.err();
        as_far_as_read(pages, failure)
    }

    async fn limited<T>(&self, asking: impl Future<Output = T>) -> T {
        self.limiter.run(asking).await
    }
}

/// Limits how many requests run concurrently.
pub(crate) struct RequestLimiter(Semaphore);

impl Default for RequestLimiter {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

impl RequestLimiter {
    /// Sends a request once a permit is free. Waiting for the permit does not count towards the time limit.
    pub(super) async fn run<T>(&self, asking: impl Future<Output = T>) -> T {
        // The semaphore is never closed.
        let _permit = self.0.acquire().await.ok();
        asking.await
    }
}

fn subscription_id(id: &str) -> String {
    format!("{SUBSCRIPTIONS}/{id}")
}

fn is_workspace(id: &str) -> bool {
    ResourceId::parse(id).is_some_and(|id| id.is_workspace())
}

/// Whether Azure confirms that a resource no longer exists. A 404 for a list below it is not enough.
pub(super) async fn exists_no_more(arm: &Arm, id: &str) -> bool {
    matches!(within(arm, arm.resource(&arm.path(id))).await, Ok(None))
}

/// Why a list could not be read completely.
pub(super) struct Failure {
    /// Azure answered 404.
    pub(super) gone: bool,
    pub(super) why: String,
}

/// Reads a list as far as possible, and returns why it is incomplete.
async fn list(arm: &Arm, path: &str) -> (Vec<Value>, Option<Failure>) {
    let mut pages = Pages::default();
    let failure = within(arm, arm.list_into(path, &mut pages)).await.err();
    as_far_as_read(pages, failure)
}

fn as_far_as_read(pages: Pages<Value>, failure: Option<Failure>) -> (Vec<Value>, Option<Failure>) {
    // Only a 404 for the first page means that the list does not exist.
    let first = pages.read == 0;
    let failure = failure.map(|failure| Failure {
        gone: failure.gone && first,
        ..failure
    });
    (pages.items, failure)
}

/// Awaits an answer, for at most `TIMEOUT_FACTOR` times the request timeout.
pub(super) async fn within<T>(
    arm: &Arm,
    asking: impl Future<Output = Result<T, ArmError>>,
) -> Result<T, Failure> {
    let limit = arm.request_timeout().saturating_mul(TIMEOUT_FACTOR);
    let answer = tokio::time::timeout(limit, asking).await;
    let answer = answer.map_err(|_| Failure {
        gone: false,
        why: format!("no answer within {} s", limit.as_secs()),
    })?;
    let gone = answer.as_ref().is_err_and(ArmError::is_not_found);
    match fact(answer) {
        Fact::Known(found) => Ok(found),
        Fact::Unknown(why) => Err(Failure { gone, why }),
        Fact::NotAsked => Err(Failure {
            gone,
            why: String::new(),
        }),
    }
}
