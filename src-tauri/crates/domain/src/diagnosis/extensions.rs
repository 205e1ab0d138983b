//! The extension of Azure Machine Learning.

use super::symptoms::{ComputeState, ExtensionState, ReportedError, Symptoms};
use super::table::{Found, found};

/// Minutes after which an installation that takes about ten
/// (learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension) is not just slow.
const PATIENCE: u32 = 30;
fn under_way(symptoms: &Symptoms) -> Option<&ExtensionState> {
    symptoms
        .extension_there()
        .filter(|extension| !extension.facts.provisioning_state.is_settled())
}

fn state(extension: &ExtensionState) -> String {
    format!("provisioningState = {}", extension.facts.provisioning_state)
}

/// A compute that needs it is attached, and it is not there.
pub(super) fn missing(symptoms: &Symptoms) -> Vec<Found> {
    let computes: Vec<String> = symptoms
        .computes_of("Kubernetes")
        .map(ComputeState::place)
        .collect();
    if symptoms.extension.known() != Some(&None) || computes.is_empty() {
        return Vec::new();
    }
    vec![found(Vec::new()).with("computes", computes.join(", "))]
}

/// Its last operation failed.
pub(super) fn failed(symptoms: &Symptoms) -> Vec<Found> {
    let failed = symptoms
        .extension_there()
        .filter(|extension| extension.facts.provisioning_state.is_failed());
    let failed = failed.map(|extension| {
        let mut lines = vec![state(extension)];
        lines.extend(extension.errors.iter().map(ReportedError::line));
        lines.extend(extension.facts.error.clone());
        found(lines).with("extension", &extension.facts.name)
    });
    failed.into_iter().collect()
}

/// It has been under way for longer than it ever takes.
pub(super) fn stuck(symptoms: &Symptoms) -> Vec<Found> {
    let stuck = under_way(symptoms).and_then(|extension| {
        let minutes = extension.minutes.filter(|minutes| *minutes > PATIENCE)?;
        let found = found(vec![state(extension)]);
        Some(
            found
                .with("extension", &extension.facts.name)
                .with("minutes", minutes),
        )
    });
    stuck.into_iter().collect()
}

/// It is under way.
pub(super) fn unfinished(symptoms: &Symptoms) -> Vec<Found> {
    let busy =
        under_way(symptoms).filter(|extension| extension.minutes.is_none_or(|minutes| minutes <= PATIENCE));
    let busy = busy.map(|extension| {
        found(vec![state(extension)])
            .with("extension", &extension.facts.name)
            .with("state", &extension.facts.provisioning_state)
    });
    busy.into_iter().collect()
}
