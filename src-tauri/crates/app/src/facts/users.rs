//! Who uses a cluster: one reading for every rule and page. Every workspace of every subscription the account sees is
//! asked, side by side; what cannot be read is named, and everything else counts.

use super::fact;
use berth_arm::resources::computes::{self, Budget};
use berth_arm::resources::{dependents, subscriptions, workspaces};
use berth_arm::{Arm, ArmError, Pages};
use berth_domain::facts::{ClusterUsers, ComputeFacts, Dependent, Fact, UnreadKind, UnreadUsers};
use berth_domain::resource_id::{ResourceId, same_resource};
use futures::future::BoxFuture;
use futures::stream::iter;
use futures::{FutureExt as _, StreamExt as _};
use serde_json::Value;
use std::collections::HashSet;

/// Places that are asked at the same time.
const AT_ONCE: usize = 12;
/// How many times the longest time of one request a place may take, with all its pages and repetitions.
const PATIENCE: u32 = 2;
/// What stands for the list of subscriptions.
const SUBSCRIPTIONS: &str = "/subscriptions";

/// Who uses the clusters. Subscriptions of `also` are asked even where the account's list lacks them.
pub(super) async fn read(arm: &Arm, cluster_ids: &[&str], also: &[&str]) -> ClusterUsers {
    let (whole, mut unread) = attached(arm, cluster_ids, also).await;
    let computes: Vec<ComputeFacts> = whole.iter().map(computes::compute).collect();
    let (dependents, silent) = answering(arm, &computes).await;
    unread.extend(silent);
    ClusterUsers {
        computes,
        dependents,
        unread,
    }
}

/// Computes of any type that point at one of the clusters, as Azure answers them, and what could not be read.
pub(crate) async fn attached(
    arm: &Arm,
    cluster_ids: &[&str],
    also: &[&str],
) -> (Vec<Value>, Vec<UnreadUsers>) {
    let mut unread = Vec::new();
    let own = cluster_ids
        .iter()
        .filter_map(|id| Some(ResourceId::parse(id)?.subscription));
    let subscriptions = seen(arm, own.chain(also.iter().copied()), &mut unread).await;
    let workspaces = in_subscriptions(arm, &subscriptions, &mut unread).await;
    let budget = &Budget::default();
    let asked = workspaces.into_iter().map(|workspace| {
        let asking = async move {
            let answer = computes_of(arm, &workspace.resource_id, budget, cluster_ids).await;
            (workspace, answer)
        };
        asking.boxed()
    });
    let mut found = Vec::new();
    for (workspace, (all, failure)) in bounded(asked.collect()).await {
        // A workspace that is gone has no computes.
        unread.extend(
            failure
                .filter(|failure| !failure.gone)
                .map(|failure| workspace.because(failure.why)),
        );
        for compute in all {
            match place_of(&compute, cluster_ids) {
                Place::Here => found.push(compute),
                Place::Unsaid(compute) => unread.push(compute),
                Place::Elsewhere => {}
            }
        }
    }
    (found, unread)
}

/// What answers through computes, and those of which it could not be read.
pub(crate) async fn answering(arm: &Arm, all: &[ComputeFacts]) -> (Vec<Dependent>, Vec<UnreadUsers>) {
    let asked = all.iter().map(|compute| {
        let asking = async move {
            (
                compute,
                within(arm, dependents::list_dependents(arm, compute)).await,
            )
        };
        asking.boxed()
    });
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    for (compute, answer) in bounded(asked.collect()).await {
        match answer {
            Ok(all) => found.extend(all),
            Err(failure) => unread.push(place(&compute.id, UnreadKind::Services).because(failure.why)),
        }
    }
    (found, unread)
}

/// Asks side by side, a few at a time. The answers are in the order of the questions.
async fn bounded<T: Send>(asked: Vec<BoxFuture<'_, T>>) -> Vec<T> {
    iter(asked).buffered(AT_ONCE).collect().await
}

/// Subscriptions to ask: those the account sees, and those that are named.
async fn seen<'a>(
    arm: &Arm,
    named: impl Iterator<Item = &'a str>,
    unread: &mut Vec<UnreadUsers>,
) -> Vec<(String, String)> {
    let (all, failure) = list(arm, &subscriptions::all()).await;
    unread.extend(failure.map(|failure| UnreadUsers {
        resource_id: SUBSCRIPTIONS.to_owned(),
        name: SUBSCRIPTIONS.to_owned(),
        what: UnreadKind::Subscriptions,
        why: failure.why,
    }));
    let listed = all.iter().map(subscriptions::subscription);
    let live = listed.filter(|found| !found.state.eq_ignore_ascii_case("Deleted"));
    let mut known = HashSet::new();
    live.map(|found| (found.subscription_id, found.display_name))
        .chain(named.map(|id| (id.to_owned(), id.to_owned())))
        .filter(|(id, _)| !id.is_empty() && known.insert(id.to_lowercase()))
        .collect()
}

/// The workspaces of subscriptions. Those that are deleted, or being deleted, are left out: they use nothing any more.
async fn in_subscriptions(
    arm: &Arm,
    subscriptions: &[(String, String)],
    unread: &mut Vec<UnreadUsers>,
) -> Vec<UnreadUsers> {
    let asked = subscriptions.iter().map(|(id, name)| {
        let place = UnreadUsers {
            resource_id: format!("{SUBSCRIPTIONS}/{id}"),
            name: name.clone(),
            what: UnreadKind::Subscription,
            why: String::new(),
        };
        let asking = async move { (place, list(arm, &workspaces::all_of(id)).await) };
        asking.boxed()
    });
    let mut found = Vec::new();
    let mut known = HashSet::new();
    for (place_of_list, (all, failure)) in bounded(asked.collect()).await {
        let all = all.iter().map(workspaces::workspace);
        let (sound, odd): (Vec<_>, Vec<_>) = all
            .filter(|workspace| !workspace.provisioning_state.is_leaving())
            .partition(|workspace| ResourceId::parse(&workspace.id).is_some_and(|id| id.is_workspace()));
        let odd = odd.first().map(|_| "a workspace has no usable id".to_owned());
        let why = failure.map(|failure| failure.why).or(odd);
        unread.extend(why.map(|why| place_of_list.because(why)));
        let new = sound
            .iter()
            .filter(|workspace| known.insert(workspace.id.to_lowercase()));
        found.extend(new.map(|workspace| place(&workspace.id, UnreadKind::Workspace)));
    }
    found
}

/// Where a compute points.
enum Place {
    /// At one of the clusters.
    Here,
    /// Somewhere else, or it is no cluster's compute.
    Elsewhere,
    /// It is a cluster's compute and does not say of which.
    Unsaid(UnreadUsers),
}

fn place_of(value: &Value, cluster_ids: &[&str]) -> Place {
    let compute = computes::compute(value);
    match &compute.cluster_id {
        Some(id) if cluster_ids.iter().any(|cluster| same_resource(cluster, id)) => Place::Here,
        Some(_) => Place::Elsewhere,
        // Azure ML has not made its cluster yet, or never did.
        None if compute.is_attached == Some(false) => Place::Elsewhere,
        None if compute.is_classic() || compute.is_kubernetes() => {
            let why = "it does not say which cluster it is on";
            Place::Unsaid(place(&compute.id, UnreadKind::Compute).because(why.to_owned()))
        }
        None => Place::Elsewhere,
    }
}

fn place(id: &str, what: UnreadKind) -> UnreadUsers {
    let name = ResourceId::parse(id).map_or(id, |id| id.name());
    UnreadUsers {
        resource_id: id.to_owned(),
        name: name.to_owned(),
        what,
        why: String::new(),
    }
}

trait Because {
    fn because(self, why: String) -> Self;
}

impl Because for UnreadUsers {
    fn because(self, why: String) -> Self {
        Self { why, ..self }
    }
}

/// Why a place could not be read.
struct Failure {
    /// It is not there.
    gone: bool,
    why: String,
}

/// A list, as far as it could be read, and why no further.
async fn list(arm: &Arm, path: &str) -> (Vec<Value>, Option<Failure>) {
    let mut pages = Pages::default();
    let failure = within(arm, arm.list_into(path, &mut pages)).await.err();
    as_far_as_read(pages, failure)
}

/// The computes of a workspace that are on one of the clusters, or may be, as far as they could be read.
async fn computes_of(
    arm: &Arm,
    workspace_id: &str,
    budget: &Budget,
    cluster_ids: &[&str],
) -> (Vec<Value>, Option<Failure>) {
    let mut pages = Pages::default();
    let wanted = |value: &Value| !matches!(place_of(value, cluster_ids), Place::Elsewhere);
    let asking = computes::list_computes_into(arm, workspace_id, budget, &mut pages, wanted);
    let failure = within(arm, asking).await.err();
    as_far_as_read(pages, failure)
}

fn as_far_as_read(pages: Pages<Value>, failure: Option<Failure>) -> (Vec<Value>, Option<Failure>) {
    // A page that is not there is no list that is not there.
    let first = pages.read == 0;
    let failure = failure.map(|failure| Failure {
        gone: failure.gone && first,
        ..failure
    });
    (pages.items, failure)
}

/// An answer that does not take longer than a few requests may.
async fn within<T>(arm: &Arm, asking: impl Future<Output = Result<T, ArmError>>) -> Result<T, Failure> {
    let limit = arm.request_timeout().saturating_mul(PATIENCE);
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
