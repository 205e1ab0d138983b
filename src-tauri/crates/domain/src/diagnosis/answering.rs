//! What answers through the computes: endpoints, their deployments, services of the classic route.

use super::states::Stand;
use super::symptoms::{AnsweringState, ReportedError, Symptoms};
use super::table::{Found, found};

fn standing(symptoms: &Symptoms, stand: Stand) -> impl Iterator<Item = Found> {
    let such = symptoms.answering.iter().filter(move |one| one.stand() == stand);
    such.map(|one| {
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
    let said = one.errors.iter().map(ReportedError::line);
    let lines = std::iter::once(state).chain(said);
    lines.map(|line| format!("{}: {line}", one.name)).collect()
}

/// Those whose last operation failed.
pub(super) fn failed(symptoms: &Symptoms) -> Vec<Found> {
    standing(symptoms, Stand::Failed).collect()
}

/// Those that are being made, changed or removed.
pub(super) fn unfinished(symptoms: &Symptoms) -> Vec<Found> {
    standing(symptoms, Stand::UnderWay).collect()
}
