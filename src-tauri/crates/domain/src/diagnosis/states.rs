//! Classifies Azure's state names. An unknown name is never taken as healthy.

use super::symptoms::Symptoms;
use crate::facts::{ClusterFacts, ProvisioningState};

/// Classification of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    Settled,
    Failed,
    UnderWay,
    Unknown,
}

/// States of an operation in progress, for clusters, node pools, extensions, computes, endpoints and deployments.
const UNDER_WAY: &[&str] = &[
    "Accepted",
    "Creating",
    "Deleting",
    "InProgress",
    "Migrating",
    "Pending",
    "Reconciling",
    "RotatingClusterCertificates",
    "Scaling",
    "Starting",
    "Stopping",
    "Updating",
    "Upgrading",
    "UpgradingNodeImageVersion",
];
const FAILED: &[&str] = &["Failed", "Canceled", "Cancelled"];
/// Failed states of services on the classic route (package azureml-core 1.61, `webservice/webservice.py`).
const FAILED_SERVICE: &[&str] = &["Failed", "Unhealthy", "Unschedulable"];

/// Whether a word is one of these, in any case.
pub(super) fn is_in(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// Classifies a `provisioningState`.
pub(super) fn provisioning(state: &ProvisioningState) -> Condition {
    let word = state.as_str();
    match word {
        _ if is_in(word, &["Succeeded"]) => Condition::Settled,
        _ if is_in(word, FAILED) => Condition::Failed,
        _ if is_in(word, UNDER_WAY) => Condition::UnderWay,
        _ => Condition::Unknown,
    }
}

/// Classifies the `state` of a service on the classic route.
pub(super) fn of_service(word: &str) -> Condition {
    match word {
        _ if is_in(word, &["Healthy"]) => Condition::Settled,
        _ if is_in(word, FAILED_SERVICE) => Condition::Failed,
        _ if is_in(word, &["Transitioning"]) => Condition::UnderWay,
        _ => Condition::Unknown,
    }
}

/// Lists every unknown state, as `resource: member = state`.
pub(super) fn unknown(symptoms: &Symptoms) -> Vec<String> {
    let mut all: Vec<String> = symptoms
        .cluster_there()
        .map(unknown_of_cluster)
        .unwrap_or_default();
    let mut add = |whose: &str, word: &str, condition: Condition| {
        if condition == Condition::Unknown {
            all.push(line(whose, "provisioningState", word));
        }
    };
    if let Some(extension) = symptoms.extension_there() {
        let state = &extension.facts.provisioning_state;
        add(&extension.facts.name, state.as_str(), provisioning(state));
    }
    for compute in symptoms.computes.known().into_iter().flatten() {
        let state = &compute.facts.provisioning_state;
        add(&compute.place(), state.as_str(), provisioning(state));
    }
    for one in &symptoms.answering {
        add(&one.name, &one.state, one.condition());
    }
    all
}

fn unknown_of_cluster(cluster: &ClusterFacts) -> Vec<String> {
    let own = (
        cluster.name.clone(),
        &cluster.provisioning_state,
        cluster.power_state.as_str(),
    );
    // Pools may not report a state.
    let pools = cluster.pools.iter().map(|pool| {
        let state = Some(&pool.provisioning_state).filter(|state| **state != ProvisioningState::Unstated);
        (
            format!("agentPools/{}", pool.name),
            state.unwrap_or(&ProvisioningState::Succeeded),
            pool.power_state.as_str(),
        )
    });
    let mut all = Vec::new();
    for (whose, state, power) in std::iter::once(own).chain(pools) {
        if provisioning(state) == Condition::Unknown {
            all.push(line(&whose, "provisioningState", state.as_str()));
        }
        if !is_in(power, &["Running", "Stopped"]) {
            all.push(line(&whose, "powerState.code", power));
        }
    }
    all
}

fn line(whose: &str, name: &str, word: &str) -> String {
    let word = if word.is_empty() { "null" } else { word };
    format!("{whose}: {name} = {word}")
}
