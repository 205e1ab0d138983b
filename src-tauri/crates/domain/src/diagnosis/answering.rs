//! Problems with endpoints, their deployments, and services on the classic route.

use super::states::Condition;
use super::symptoms::{AnsweringState, ReportedError, Symptoms};
use super::table::{Found, found};

fn in_state(symptoms: &Symptoms, condition: Condition) -> impl Iterator<Item = Found> {
    let matching = symptoms
        .answering
        .iter()
        .filter(move |one| one.condition() == condition);
    matching.map(|one| {
        found(evidence(one))
            .with("name", &one.name)
            .with("compute", &one.compute)
            .with("state", &one.state)
    })
}

fn evidence(one: &AnsweringState) -> Vec<String> {
    let member = if one.is_service {
        "state"
    } else {
        "provisioningState"
    };
    let state = format!("{member} = {}", one.state);
    let errors = one.errors.iter().map(ReportedError::line);
    let lines = std::iter::once(state).chain(errors);
    lines.map(|line| format!("{}: {line}", one.name)).collect()
}

/// The last operation failed.
pub(super) fn failed(symptoms: &Symptoms) -> Vec<Found> {
    in_state(symptoms, Condition::Failed).collect()
}

/// An operation is still in progress.
pub(super) fn unfinished(symptoms: &Symptoms) -> Vec<Found> {
    in_state(symptoms, Condition::UnderWay).collect()
}
