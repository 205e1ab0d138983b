//! Causes in the Azure ML extension.

use super::states::Condition;
use super::symptoms::{ComputeState, ExtensionState, ReportedError, Symptoms};
use super::table::{Found, found};

/// Minutes after which an installation counts as stuck. It usually takes about ten
/// (learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension).
const STUCK_AFTER: u32 = 30;

fn in_progress(symptoms: &Symptoms) -> Option<&ExtensionState> {
    symptoms
        .extension_there()
        .filter(|extension| extension.condition() == Condition::UnderWay)
}

fn state(extension: &ExtensionState) -> String {
    format!("provisioningState = {}", extension.facts.provisioning_state)
}

/// A compute that needs the extension is attached, but the extension is not installed.
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

/// The extension's last operation failed.
pub(super) fn failed(symptoms: &Symptoms) -> Vec<Found> {
    let failed = symptoms
        .extension_there()
        .filter(|extension| extension.condition() == Condition::Failed);
    let failed = failed.map(|extension| {
        let mut lines = vec![state(extension)];
        lines.extend(extension.errors.iter().map(ReportedError::line));
        lines.extend(extension.facts.error.clone());
        found(lines).with("extension", &extension.facts.name)
    });
    failed.into_iter().collect()
}

/// An operation has been in progress for longer than it should take.
pub(super) fn stuck(symptoms: &Symptoms) -> Vec<Found> {
    let stuck = in_progress(symptoms).and_then(|extension| {
        let minutes = extension.minutes.filter(|minutes| *minutes > STUCK_AFTER)?;
        let found = found(vec![state(extension)]);
        Some(
            found
                .with("extension", &extension.facts.name)
                .with("minutes", minutes),
        )
    });
    stuck.into_iter().collect()
}

/// An operation is in progress.
pub(super) fn unfinished(symptoms: &Symptoms) -> Vec<Found> {
    let busy = in_progress(symptoms)
        .filter(|extension| extension.minutes.is_none_or(|minutes| minutes <= STUCK_AFTER));
    let busy = busy.map(|extension| {
        found(vec![state(extension)])
            .with("extension", &extension.facts.name)
            .with("state", &extension.facts.provisioning_state)
    });
    busy.into_iter().collect()
}
