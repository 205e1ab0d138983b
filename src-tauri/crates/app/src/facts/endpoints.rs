//! Endpoints with their versions, read concurrently within common limits.

use super::placing::place;
use super::walk::{ListFailure, RequestLimiter, Seen, as_far_as_read, exists_no_more, within};
use berth_arm::resources::computes::Budget;
use berth_arm::resources::endpoints::{Listed, list_deployments, list_online, list_services};
use berth_arm::{Arm, Pages};
use berth_domain::endpoint::Endpoint;
use berth_domain::facts::{ComputeFacts, UnreadKind, UnreadUsers};
use berth_domain::resource_id::{check_part, parent, same_resource};
use berth_domain::spec::Route;
use futures::future::join_all;

/// Reads endpoints over one connection.
pub(crate) struct EndpointReader<'a> {
    pub(crate) arm: &'a Arm,
    /// Limits concurrent requests.
    pub(crate) limiter: &'a RequestLimiter,
    /// Memory limit for all endpoints and versions together.
    budget: Budget,
}

impl<'a> EndpointReader<'a> {
    pub(crate) fn new(arm: &'a Arm, limiter: &'a RequestLimiter) -> Self {
        Self {
            arm,
            limiter,
            budget: Budget::default(),
        }
    }

    /// Reads the endpoints of a workspace on one route that `wanted` accepts, and why some may be missing. `discovery` is the
    /// workspace's `discoveryUrl`, if it is known.
    pub(crate) async fn of_route(
        &self,
        workspace: &str,
        route: Route,
        discovery: Option<&str>,
        wanted: impl Fn(&Endpoint) -> bool,
    ) -> (Vec<Endpoint>, Option<ListFailure>) {
        let mut pages = Pages::default();
        let request = async {
            match route {
                Route::Extension => list_online(self.arm, workspace, &self.budget, &mut pages).await,
                Route::Classic => {
                    list_services(self.arm, workspace, discovery, &self.budget, &mut pages).await
                }
            }
        };
        let failure = self.limiter.run(within(self.arm, request)).await.err();
        let (all, failure) = as_far_as_read(pages, failure);
        let wanted = all.into_iter().filter(|one| wanted(&one.endpoint));
        let (named, nameless): (Vec<_>, Vec<_>) =
            wanted.partition(|one| check_part(&one.endpoint.name).is_ok());
        let nameless = nameless.first().map(|_| ListFailure {
            gone: false,
            why: "an endpoint has no usable name".to_owned(),
        });
        let found = join_all(named.into_iter().map(|one| self.with_versions(one))).await;
        (found.into_iter().flatten().collect(), failure.or(nameless))
    }

    /// Adds the versions of an endpoint; `None` if it was deleted in the meantime.
    pub(crate) async fn with_versions(&self, listed: Listed) -> Option<Endpoint> {
        if listed.endpoint.route == Route::Classic {
            return Some(listed.endpoint);
        }
        let mut pages = Pages::default();
        let request = list_deployments(self.arm, &listed, &self.budget, &mut pages);
        let failure = self.limiter.run(within(self.arm, request)).await.err();
        let (versions, failure) = as_far_as_read(pages, failure);
        match failure {
            Some(failure) if failure.gone && exists_no_more(self.arm, &listed.endpoint.id).await => None,
            failure => Some(listed.with_versions(versions, failure.map(|failure| failure.why))),
        }
    }

    /// Reads the endpoints on computes. `discovery` is the `discoveryUrl` of their workspace, if it is known.
    pub(crate) async fn on_computes(
        &self,
        computes: &[ComputeFacts],
        discovery: Option<&str>,
    ) -> Seen<Endpoint> {
        let mut nowhere = Seen::default();
        let mut groups: Vec<Group<'_>> = Vec::new();
        for compute in computes {
            let Some(workspace) = parent(&compute.id) else {
                let why = "Azure returned no usable id".to_owned();
                nowhere
                    .unread
                    .push(place(&compute.id, UnreadKind::Services).because(why));
                continue;
            };
            match groups.iter_mut().find(|group| group.has(workspace, compute)) {
                Some(group) => group.computes.push(compute),
                None => groups.push(Group {
                    workspace,
                    route: route_of(compute),
                    computes: vec![compute],
                }),
            }
        }
        let reads = groups.iter().map(|group| self.of_group(group, discovery));
        let parts = join_all(reads).await;
        Seen::all(parts.into_iter().chain([nowhere]))
    }

    async fn of_group(&self, group: &Group<'_>, discovery: Option<&str>) -> Seen<Endpoint> {
        let wanted = |endpoint: &Endpoint| endpoint.compute_id.as_deref().is_none_or(|id| group.is_on(id));
        let (all, failure) = self
            .of_route(group.workspace, group.route, discovery, wanted)
            .await;
        let (found, unplaced): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|endpoint| endpoint.compute_id.is_some());
        let names: Vec<&str> = unplaced.iter().map(|endpoint| endpoint.name.as_str()).collect();
        let unplaced = (!names.is_empty()).then(|| {
            format!(
                "Azure does not say which compute these are on: {}",
                names.join(", ")
            )
        });
        let reasons: Vec<String> = failure
            .map(|failure| failure.why)
            .into_iter()
            .chain(unplaced)
            .collect();
        let of_compute = |compute: &&ComputeFacts| {
            let place = place(&compute.id, UnreadKind::Services);
            reasons.iter().map(move |why| place.clone().because(why.clone()))
        };
        let unread = group.computes.iter().flat_map(of_compute);
        Seen {
            unread: unread.chain(found.iter().filter_map(unread_versions)).collect(),
            found,
        }
    }
}

/// The route on which a compute serves.
fn route_of(compute: &ComputeFacts) -> Route {
    if compute.is_classic() {
        Route::Classic
    } else {
        Route::Extension
    }
}

/// Records an endpoint some of whose versions could not be read.
pub(crate) fn unread_versions(endpoint: &Endpoint) -> Option<UnreadUsers> {
    let why = endpoint.versions_unread.clone()?;
    Some(place(&endpoint.id, UnreadKind::Deployments).because(why))
}

/// Computes whose endpoints are in the same list.
struct Group<'a> {
    workspace: &'a str,
    route: Route,
    computes: Vec<&'a ComputeFacts>,
}

impl Group<'_> {
    fn has(&self, workspace: &str, compute: &ComputeFacts) -> bool {
        same_resource(self.workspace, workspace) && self.route == route_of(compute)
    }

    fn is_on(&self, compute_id: &str) -> bool {
        self.computes
            .iter()
            .any(|compute| same_resource(&compute.id, compute_id))
    }
}
