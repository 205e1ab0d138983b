//! Who uses a cluster: one reading for every rule and page. Every workspace of every subscription the account sees is
//! asked, side by side; what cannot be read is named, and everything else counts.

use super::{answering, fact};
use berth_arm::resources::computes::{self, Budget};
use berth_arm::resources::{subscriptions, workspaces};
use berth_arm::{Arm, ArmError, Pages};
use berth_domain::facts::{ClusterUsers, ComputeFacts, Fact, UnreadKind, UnreadUsers};
use berth_domain::resource_id::{ResourceId, check_part, same_resource};
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
    let (answering, silent) = answering::read(arm, &computes).await;
    unread.extend(silent);
    ClusterUsers {
        computes,
        dependents: answering.into_iter().map(|one| one.dependent).collect(),
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
                .map(|failure| workspace.clone().because(failure.why)),
        );
        for compute in all {
            match place_of(&compute, cluster_ids) {
                Place::Here => found.push(compute),
                Place::Unsaid => unread.push(unplaced(&workspace, &compute)),
                Place::Elsewhere => {}
            }
        }
    }
    (found, unread)
}

/// Asks side by side, a few at a time. The answers are in the order of the questions.
pub(super) async fn bounded<T: Send>(asked: Vec<BoxFuture<'_, T>>) -> Vec<T> {
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
            .filter(|workspace| !is_gone(&workspace.provisioning_state))
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

fn is_gone(state: &str) -> bool {
    ["Deleting", "SoftDeleted", "Deleted"]
        .iter()
        .any(|gone| state.eq_ignore_ascii_case(gone))
}

/// Where a compute points.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At one of the clusters.
    Here,
    /// Somewhere else, or it is no cluster's compute.
    Elsewhere,
    /// It may be a cluster's compute, and does not say of which.
    Unsaid,
}

/// Types of computes that never run on a cluster of somebody's (machinelearningservices 2024-04-01, ComputeType).
const WITHOUT_CLUSTER: [&str; 8] = [
    "AmlCompute",
    "ComputeInstance",
    "DataFactory",
    "Databricks",
    "DataLakeAnalytics",
    "HDInsight",
    "SynapseSpark",
    "VirtualMachine",
];

fn place_of(value: &Value, cluster_ids: &[&str]) -> Place {
    let compute = computes::compute(value);
    let kind = compute.compute_type.as_str();
    match &compute.cluster_id {
        Some(id) if cluster_ids.iter().any(|cluster| same_resource(cluster, id)) => Place::Here,
        _ if WITHOUT_CLUSTER
            .iter()
            .any(|known| kind.eq_ignore_ascii_case(known)) =>
        {
            Place::Elsewhere
        }
        Some(id) if ResourceId::parse(id).is_some() => Place::Elsewhere,
        // Azure ML has not made its cluster yet, or never did.
        None if compute.is_classic() && compute.is_attached == Some(false) => Place::Elsewhere,
        _ => Place::Unsaid,
    }
}

/// A compute of a workspace of which nobody knows where it is; the workspace where it has not even a name.
fn unplaced(workspace: &UnreadUsers, value: &Value) -> UnreadUsers {
    const WHY: &str = "it does not say which cluster it is on";
    let name = value["name"].as_str().unwrap_or_default();
    if check_part(name).is_err() {
        return workspace.clone().because(format!("one of its computes: {WHY}"));
    }
    let id = format!("{}/computes/{name}", workspace.resource_id);
    place(&id, UnreadKind::Compute).because(WHY.to_owned())
}

pub(super) fn place(id: &str, what: UnreadKind) -> UnreadUsers {
    let name = ResourceId::parse(id).map_or(id, |id| id.name());
    UnreadUsers {
        resource_id: id.to_owned(),
        name: name.to_owned(),
        what,
        why: String::new(),
    }
}

pub(super) trait Because {
    fn because(self, why: String) -> Self;
}

impl Because for UnreadUsers {
    fn because(self, why: String) -> Self {
        Self { why, ..self }
    }
}

/// Why a place could not be read.
pub(super) struct Failure {
    /// It is not there.
    pub(super) gone: bool,
    pub(super) why: String,
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
pub(super) async fn within<T>(
    arm: &Arm,
    asking: impl Future<Output = Result<T, ArmError>>,
) -> Result<T, Failure> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const WORKSPACE: &str =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/ml";
    const CLUSTER: &str =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks";

    #[test]
    fn a_compute_that_does_not_say_where_it_is_may_be_on_the_cluster() {
        let on = |kind: &str, at: Value| json!({ "name": "c", "properties": { "computeType": kind, "resourceId": at } });
        for (compute, here) in [
            (on("AKS", json!(CLUSTER)), Place::Here),
            (on("Kubernetes", json!(CLUSTER.to_uppercase())), Place::Here),
            (
                on("AKS", json!(CLUSTER.replace("/aks", "/other"))),
                Place::Elsewhere,
            ),
            (on("AmlCompute", Value::Null), Place::Elsewhere),
            (
                json!({ "name": "c", "properties": { "computeType": "AKS", "isAttachedCompute": false } }),
                Place::Elsewhere,
            ),
            (on("AKS", Value::Null), Place::Unsaid),
            (on("AKS", json!("aks")), Place::Unsaid),
            (on("AKS", json!(7)), Place::Unsaid),
            (on("BrandNew", Value::Null), Place::Unsaid),
            (json!({ "name": "odd" }), Place::Unsaid),
            (json!({ "name": "odd", "properties": null }), Place::Unsaid),
            (json!(null), Place::Unsaid),
        ] {
            assert!(place_of(&compute, &[CLUSTER]) == here, "{compute}");
        }
    }

    #[test]
    fn it_is_named_by_an_id_that_can_be_agreed_to() {
        let workspace = place(WORKSPACE, UnreadKind::Workspace);
        let odd = unplaced(&workspace, &json!({ "name": "odd" }));
        assert_eq!((odd.name.as_str(), odd.what), ("odd", UnreadKind::Compute));
        assert_eq!(odd.resource_id, format!("{WORKSPACE}/computes/odd"));
        for nameless in [json!({}), json!(null), json!({ "name": "../x" })] {
            let told = unplaced(&workspace, &nameless);
            assert_eq!(
                (told.what, told.resource_id.as_str()),
                (UnreadKind::Workspace, WORKSPACE)
            );
        }
    }
}
