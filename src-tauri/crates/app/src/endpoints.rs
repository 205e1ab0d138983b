//! Reads the endpoints of all workspaces, on both routes, and saves them so that they can be shown offline.

mod credentials;
mod details;
mod export;
mod front_end_logs;
mod logs;
mod pods;
mod saved;

pub use credentials::EndpointCredential;
pub(crate) use credentials::{fetch as fetch_credential, why_no_credential};
pub(crate) use details::read as details;
pub(crate) use export::export;
pub(crate) use front_end_logs::read as front_end_logs;
pub(crate) use logs::read as log;
pub(crate) use pods::read as pods;
pub(crate) use saved::{forget, last, save};

use crate::facts::endpoints::EndpointReader;
use crate::facts::placing::place;
use crate::facts::walk::{
    ListFailure, RequestLimiter, Seen, Visit, Walk, as_far_as_read, exists_no_more, within,
};
use berth_arm::resources::computes::{self, Budget};
use berth_arm::resources::{subscriptions, workspaces};
use berth_arm::{Arm, Pages};
use berth_contract::failure::Failure;
use berth_contract::model::EndpointList;
use berth_domain::endpoint::Endpoint;
use berth_domain::facts::{ComputeFacts, UnreadKind};
use berth_domain::resource_id::{ResourceId, same_resource};
use berth_domain::spec::Route;
use futures::future::OptionFuture;
use jiff::Timestamp;
use serde_json::Value;

/// Reads the endpoints of every workspace of every subscription that the account can see.
///
/// # Errors
/// Azure's failure if no subscription can be listed. Anything else that cannot be read is named in the list.
pub(crate) async fn of_account(arm: &Arm) -> Result<EndpointList, Failure> {
    // The connection caches the list.
    let mut pages: Pages<Value> = Pages::default();
    let list = arm.list_into(&subscriptions::all(arm), &mut pages).await;
    if let Err(error) = list
        && pages.read == 0
    {
        return Err(berth_failures::from_arm(&error));
    }
    let limiter = RequestLimiter::default();
    let reading = Reading::new(arm, &limiter);
    let walk = Walk::new(arm, &limiter, &reading);
    let nothing_more = std::future::ready(Vec::new());
    // Boxed, because it holds the futures of all concurrent requests.
    Ok(listed(Box::pin(walk.of_account(&[], None, nothing_more)).await))
}

/// Reads the endpoints of one workspace, given as Azure's JSON.
pub(crate) async fn of_workspace(arm: &Arm, id: &str, workspace: &Value) -> EndpointList {
    let limiter = RequestLimiter::default();
    let reading = Reading::new(arm, &limiter);
    listed(Box::pin(reading.workspace(id, Some(workspace))).await)
}

fn listed(seen: Seen<Endpoint>) -> EndpointList {
    let mut endpoints = seen.found;
    endpoints.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    endpoints.dedup_by(|one, other| same_resource(&one.id, &other.id));
    EndpointList {
        read_at: Timestamp::now().to_string(),
        endpoints,
        unread: seen.unread,
    }
}

/// Reads the endpoints of a workspace, and the computes that they are on.
struct Reading<'a> {
    reader: EndpointReader<'a>,
    /// Memory limit for the computes of all workspaces together.
    computes: Budget,
}

impl<'a> Reading<'a> {
    fn new(arm: &'a Arm, limiter: &'a RequestLimiter) -> Self {
        Self {
            reader: EndpointReader::new(arm, limiter),
            computes: Budget::default(),
        }
    }

    /// The computes of a workspace that can serve endpoints, and why the list is incomplete.
    async fn computes_of(&self, workspace: &str) -> (Vec<ComputeFacts>, Option<ListFailure>) {
        let mut pages = Pages::default();
        let serves = |value: &Value| {
            let compute = computes::compute(value);
            compute.is_classic() || compute.is_kubernetes()
        };
        let arm = self.reader.arm;
        let request = computes::list_computes_into(arm, workspace, &self.computes, &mut pages, serves);
        let failure = self.reader.limiter.run(within(arm, request)).await.err();
        let (all, failure) = as_far_as_read(pages, failure);
        (all.iter().map(computes::compute).collect(), failure)
    }

    /// The endpoints of one route, and why some may be missing. Failures name the list, because a workspace has two.
    async fn of_route(&self, workspace: &str, route: Route, discovery: Option<&str>) -> Part {
        let (found, failure) = self.reader.of_route(workspace, route, discovery, |_| true).await;
        let list = match route {
            Route::Extension => "onlineEndpoints",
            Route::Classic => "services",
        };
        let failure = failure.map(|failure| ListFailure {
            why: format!("{list}: {}", failure.why),
            ..failure
        });
        (found, failure)
    }
}

/// A part of a workspace's endpoints, and why some may be missing.
type Part = (Vec<Endpoint>, Option<ListFailure>);

impl Visit for Reading<'_> {
    type Found = Endpoint;

    async fn workspace(&self, id: &str, listed: Option<&Value>) -> Seen<Endpoint> {
        let discovery = listed.and_then(workspaces::discovery);
        let announced = discovery.as_deref();
        let services = announced.map(|url| self.of_route(id, Route::Classic, Some(url)));
        let ((computes, unread_computes), online, services) = tokio::join!(
            self.computes_of(id),
            self.of_route(id, Route::Extension, None),
            OptionFuture::from(services),
        );
        // A workspace may have services only if it announces their API or has a compute for them.
        let may_have = unread_computes.is_some() || computes.iter().any(ComputeFacts::is_classic);
        let services = match services {
            None if may_have => self.of_route(id, Route::Classic, None).await,
            other => other.unwrap_or_default(),
        };
        let failures = [
            (UnreadKind::Workspace, unread_computes),
            (UnreadKind::Services, online.1),
            (UnreadKind::Services, services.1),
        ];
        let gone = failures
            .iter()
            .any(|(_, failure)| failure.as_ref().is_some_and(|one| one.gone));
        if gone && exists_no_more(self.reader.arm, id).await {
            return Seen::default();
        }
        let unread = failures
            .into_iter()
            .filter_map(|(what, failure)| Some(place(id, what).because(failure?.why)));
        let endpoints = online.0.into_iter().chain(services.0);
        Seen {
            found: endpoints
                .map(|endpoint| on_cluster(endpoint, &computes))
                .collect(),
            unread: unread.collect(),
        }
    }
}

/// Adds the cluster of the compute that an endpoint is on.
fn on_cluster(endpoint: Endpoint, computes: &[ComputeFacts]) -> Endpoint {
    let compute_id = endpoint.compute_id.as_deref();
    let compute = computes
        .iter()
        .find(|compute| compute_id.is_some_and(|id| same_resource(id, &compute.id)));
    Endpoint {
        cluster_id: compute.and_then(cluster_of),
        ..endpoint
    }
}

/// The cluster of a compute, if Azure returns a usable id.
fn cluster_of(compute: &ComputeFacts) -> Option<String> {
    let id = compute.cluster_id.clone()?;
    ResourceId::parse(&id)
        .is_some_and(|id| id.is_cluster())
        .then_some(id)
}
