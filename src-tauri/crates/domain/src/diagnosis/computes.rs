//! Causes in the cluster's computes.

use super::states::Condition;
use super::symptoms::{ComputeState, Symptoms};
use super::table::{Found, found};

/// The cluster has several classic computes: the second takes over the first one's front end
/// (learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes). A cluster may have several
/// computes of type Kubernetes.
pub(super) fn attached_twice(symptoms: &Symptoms) -> Vec<Found> {
    let places: Vec<String> = symptoms.computes_of("AKS").map(ComputeState::place).collect();
    if places.len() < 2 {
        return Vec::new();
    }
    let lines = symptoms
        .computes_of("AKS")
        .map(|compute| format!("{}: {}", compute.place(), compute.facts.provisioning_state));
    vec![
        found(lines.collect())
            .with("count", places.len())
            .with("computes", places.join(", ")),
    ]
}

/// Computes whose last operation failed.
pub(super) fn failed(symptoms: &Symptoms) -> Vec<Found> {
    let all = symptoms.computes.known().into_iter().flatten();
    all.filter(|compute| compute.condition() == Condition::Failed)
        .map(|compute| {
            let place = compute.place();
            let errors = compute
                .errors
                .iter()
                .map(|error| format!("{place}: {}", error.line()));
            let mut lines: Vec<String> = errors.collect();
            if lines.is_empty() {
                lines.push(format!(
                    "{place}: provisioningState = {}",
                    compute.facts.provisioning_state
                ));
            }
            found(lines).with("compute", place)
        })
        .collect()
}

/// Computes that are being attached, changed or detached.
pub(super) fn unfinished(symptoms: &Symptoms) -> Vec<Found> {
    let all = symptoms.computes.known().into_iter().flatten();
    all.filter(|compute| compute.condition() == Condition::UnderWay)
        .map(|compute| {
            let state = &compute.facts.provisioning_state;
            found(vec![format!("{}: provisioningState = {state}", compute.place())])
                .with("compute", compute.place())
                .with("state", state)
        })
        .collect()
}
