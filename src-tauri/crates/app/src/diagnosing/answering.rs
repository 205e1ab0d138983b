//! Services, endpoints and deployments on the computes, as input to a diagnosis.

use crate::facts::answering::{self, DependentStatus};
use crate::facts::users::RequestLimiter;
use berth_arm::Arm;
use berth_arm::resources::computes::Budget;
use berth_arm::resources::dependents::Answers;
use berth_domain::diagnosis::{AnsweringState, ComputeState, Unread};
use berth_domain::facts::{ComputeFacts, UnreadUsers};
use berth_domain::resource_id::same_resource;

/// Reads the services and endpoints on the computes, and always the endpoint that was asked about.
pub(super) async fn look(
    arm: &Arm,
    computes: &[ComputeState],
    endpoint: Option<&Answers>,
) -> (Vec<AnsweringState>, Vec<Unread>) {
    let facts: Vec<ComputeFacts> = computes.iter().map(|compute| compute.facts.clone()).collect();
    let (limiter, budget) = (&RequestLimiter::default(), &Budget::default());
    let (mut found, mut unread) = answering::read(arm, &facts, limiter, budget).await;
    let missing = endpoint.filter(|endpoint| !found.iter().any(|one| is_same(one, endpoint)));
    if let Some(endpoint) = missing {
        let (own, without_deployments) =
            answering::with_deployments(arm, vec![endpoint.clone()], limiter, budget).await;
        found.extend(own);
        unread.extend(without_deployments);
    }
    let states = found.into_iter().flat_map(|one| states(one, computes)).collect();
    (states, unread.into_iter().map(to_unread).collect())
}

fn is_same(one: &DependentStatus, endpoint: &Answers) -> bool {
    let (one, endpoint) = (&one.dependent, &endpoint.dependent);
    one.name.eq_ignore_ascii_case(&endpoint.name) && same_resource(&one.compute_id, &endpoint.compute_id)
}

/// Returns the state of a service or endpoint, followed by those of its deployments.
fn states(status: DependentStatus, computes: &[ComputeState]) -> Vec<AnsweringState> {
    let dependent = status.dependent;
    let compute = computes
        .iter()
        .find(|compute| same_resource(&compute.facts.id, &dependent.compute_id));
    let is_service = compute.is_some_and(|compute| compute.facts.is_classic());
    let place = compute.map_or_else(|| dependent.compute.clone(), ComputeState::place);
    let state = |name: String, state: String, errors| AnsweringState {
        name,
        compute: place.clone(),
        is_service,
        state,
        errors,
    };
    let deployments = dependent.deployments.into_iter().zip(status.deployment_errors);
    let mut all = vec![state(dependent.name.clone(), dependent.state, status.errors)];
    all.extend(deployments.map(|(deployment, errors)| {
        let name = format!("{}/{}", dependent.name, deployment.name);
        state(name, deployment.state, errors)
    }));
    all
}

fn to_unread(place: UnreadUsers) -> Unread {
    Unread {
        what: "answering".to_owned(),
        why: format!("{}: {}", place.name, place.why),
    }
}
