//! What answers through the computes, as a diagnosis looks at it.

use crate::facts::answering::{self, Behind};
use crate::facts::users::Room;
use berth_arm::Arm;
use berth_arm::resources::computes::Budget;
use berth_arm::resources::dependents::Answers;
use berth_domain::diagnosis::{AnsweringState, ComputeState, Unread};
use berth_domain::facts::{ComputeFacts, UnreadUsers};
use berth_domain::resource_id::same_resource;

/// Looks at everything that answers through the computes, and at an endpoint that was asked about in any case.
pub(super) async fn look(
    arm: &Arm,
    computes: &[ComputeState],
    endpoint: Option<&Answers>,
) -> (Vec<AnsweringState>, Vec<Unread>) {
    let facts: Vec<ComputeFacts> = computes.iter().map(|compute| compute.facts.clone()).collect();
    let (room, budget) = (&Room::default(), &Budget::default());
    let (mut found, mut unread) = answering::read(arm, &facts, room, budget).await;
    let asked = endpoint.filter(|asked| !found.iter().any(|one| is(one, asked)));
    if let Some(asked) = asked {
        let (own, silent) = answering::with_deployments(arm, vec![asked.clone()], room, budget).await;
        found.extend(own);
        unread.extend(silent);
    }
    let states = found.into_iter().flat_map(|one| states(one, computes)).collect();
    (states, unread.into_iter().map(said).collect())
}

fn is(one: &Behind, asked: &Answers) -> bool {
    let (one, asked) = (&one.dependent, &asked.dependent);
    one.name.eq_ignore_ascii_case(&asked.name) && same_resource(&one.compute_id, &asked.compute_id)
}

/// A service or endpoint, and then its deployments.
fn states(behind: Behind, computes: &[ComputeState]) -> Vec<AnsweringState> {
    let dependent = behind.dependent;
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
    let deployments = dependent.deployments.into_iter().zip(behind.of_deployments);
    let mut all = vec![state(dependent.name.clone(), dependent.state, behind.errors)];
    all.extend(deployments.map(|(deployment, errors)| {
        let name = format!("{}/{}", dependent.name, deployment.name);
        state(name, deployment.state, errors)
    }));
    all
}

fn said(place: UnreadUsers) -> Unread {
    Unread {
        what: "answering".to_owned(),
        why: format!("{}: {}", place.name, place.why),
    }
}
