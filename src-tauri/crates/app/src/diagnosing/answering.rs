//! Endpoints and their versions on the computes, as input to a diagnosis.

use crate::facts::endpoints::{EndpointReader, unread_versions};
use crate::facts::walk::RequestLimiter;
use berth_arm::Arm;
use berth_arm::resources::endpoints::Listed;
use berth_domain::diagnosis::{AnsweringState, ComputeState, ReportedError, Unread};
use berth_domain::endpoint::Endpoint;
use berth_domain::facts::{ComputeFacts, UnreadUsers};
use berth_domain::resource_id::same_resource;
use berth_domain::spec::Route;

/// Reads the endpoints on the computes, and always the endpoint that was asked about.
pub(super) async fn look(
    arm: &Arm,
    computes: &[ComputeState],
    endpoint: Option<&Listed>,
) -> (Vec<AnsweringState>, Vec<Unread>) {
    let facts: Vec<ComputeFacts> = computes.iter().map(|compute| compute.facts.clone()).collect();
    let limiter = RequestLimiter::default();
    let reader = EndpointReader::new(arm, &limiter);
    let mut seen = reader.on_computes(&facts, None).await;
    let is_found = |wanted: &&Listed| {
        seen.found
            .iter()
            .any(|one| same_resource(&one.id, &wanted.endpoint.id))
    };
    if let Some(wanted) = endpoint.filter(|wanted| !is_found(wanted)) {
        let own = reader.with_versions(wanted.clone()).await;
        seen.unread.extend(own.as_ref().and_then(unread_versions));
        seen.found.extend(own);
    }
    let states = seen.found.into_iter().flat_map(|one| states(one, computes));
    (states.collect(), seen.unread.into_iter().map(to_unread).collect())
}

/// Returns the state of an endpoint, followed by those of its versions.
fn states(endpoint: Endpoint, computes: &[ComputeState]) -> Vec<AnsweringState> {
    let is_its_compute = |compute: &&ComputeState| {
        let id = endpoint.compute_id.as_deref();
        id.is_some_and(|id| same_resource(&compute.facts.id, id))
    };
    let place = computes.iter().find(is_its_compute).map(ComputeState::place);
    let place = place
        .or_else(|| endpoint.compute_name.clone())
        .unwrap_or_default();
    let state = |name: String, state: &str, errors: &[ReportedError]| AnsweringState {
        name,
        compute: place.clone(),
        is_service: endpoint.route == Route::Classic,
        state: state.to_owned(),
        errors: errors.to_vec(),
    };
    let own = state(endpoint.name.clone(), &endpoint.state, &endpoint.errors);
    let versions = endpoint.own_versions().iter().map(|version| {
        let name = format!("{}/{}", endpoint.name, version.name);
        state(name, &version.state, &version.errors)
    });
    std::iter::once(own).chain(versions).collect()
}

fn to_unread(place: UnreadUsers) -> Unread {
    Unread {
        what: "answering".to_owned(),
        why: format!("{}: {}", place.name, place.why),
    }
}
