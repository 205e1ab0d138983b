//! Which pods serve a version of an endpoint, and why a version does not serve.

use crate::diagnosis::{AnsweringState, Cause, InsideFacts, PodFacts, ReportedError, Symptoms, diagnose};
use crate::endpoint::{Endpoint, EndpointVersion};
use crate::facts::Fact;
use crate::spec::Route;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The pods of a version, and the reasons why it does not serve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct VersionPods {
    /// Name of the version.
    pub version: String,
    /// `None` if the pods could not be read.
    pub pods: Option<PodCount>,
    /// The newest warning about one of them; `None` if there is none, or the warnings could not be read.
    pub last_warning: Option<PodWarning>,
    /// From Azure and, as far as they could be read, from the pods; worst first.
    pub causes: Vec<Cause>,
}

/// Numbers of pods and of restarts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PodCount {
    pub ready: u32,
    pub all: u32,
    /// Of all their containers.
    pub restarts: u32,
}

/// A warning event about a pod.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PodWarning {
    pub reason: String,
    pub message: String,
    /// Time of the last occurrence, RFC 3339; empty if unknown.
    pub last: String,
}

impl VersionPods {
    /// Finds the pods of a version among those of a cluster.
    pub fn of(endpoint: &Endpoint, version: &EndpointVersion, inside: &InsideFacts) -> Self {
        let pods = only(&inside.pods, |pod| serves(pod, endpoint, &version.name));
        let own = pods.known().map(Vec::as_slice).unwrap_or_default();
        let is_own = |namespace: &str, pod: &str| {
            own.iter()
                .any(|one| one.namespace == namespace && one.name == pod)
        };
        let events = only(&inside.events, |event| {
            event.kind == "Pod" && is_own(&event.namespace, &event.name)
        });
        let logs = only(&inside.logs, |log| is_own(&log.namespace, &log.pod));
        let count = pods.known().map(count);
        let last_warning = events
            .known()
            .and_then(|all| all.first())
            .map(|event| PodWarning {
                reason: event.reason.clone(),
                message: event.message.clone(),
                last: event.last.clone(),
            });
        let symptoms = Symptoms {
            answering: vec![state(endpoint, version)],
            inside: InsideFacts {
                pods,
                events,
                logs,
                ..InsideFacts::default()
            },
            ..Symptoms::default()
        };
        Self {
            version: version.name.clone(),
            pods: count,
            last_warning,
            causes: diagnose(&symptoms).causes,
        }
    }
}

/// The items that are wanted; what is unknown stays unknown.
fn only<T: Clone>(all: &Fact<Vec<T>>, wanted: impl Fn(&T) -> bool) -> Fact<Vec<T>> {
    match all {
        Fact::Known(all) => Fact::Known(all.iter().filter(|one| wanted(one)).cloned().collect()),
        other => other.clone(),
    }
}

pub(crate) fn count<'a>(pods: impl IntoIterator<Item = &'a PodFacts>) -> PodCount {
    let running = pods
        .into_iter()
        .filter(|pod| !matches!(pod.phase.as_str(), "Succeeded" | "Failed"));
    running.fold(PodCount::default(), |sum, pod| PodCount {
        ready: sum.ready + u32::from(is_ready(pod)),
        all: sum.all + 1,
        restarts: pod.containers.iter().fold(sum.restarts, |sum, container| {
            sum.saturating_add(container.restarts)
        }),
    })
}

fn is_ready(pod: &PodFacts) -> bool {
    let mut containers = pod
        .containers
        .iter()
        .filter(|container| !container.done)
        .peekable();
    containers.peek().is_some() && containers.all(|container| container.ready)
}

fn state(endpoint: &Endpoint, version: &EndpointVersion) -> AnsweringState {
    let (name, errors): (String, &[ReportedError]) = if endpoint.own_versions().is_empty() {
        // Azure reports the error of a plain service on the service.
        (endpoint.name.clone(), &endpoint.errors)
    } else {
        (format!("{}/{}", endpoint.name, version.name), &version.errors)
    };
    AnsweringState {
        name,
        compute: endpoint.compute_name.clone().unwrap_or_default(),
        is_service: endpoint.route == Route::Classic,
        state: version.state.clone(),
        errors: errors.to_vec(),
    }
}

/// Whether a pod serves a version: by its labels or, without them, by the name of the Kubernetes deployment that it was
/// made from. On the extension route that is the version's name alone (Azure/azure-sdk-for-python issue 28096).
pub(crate) fn serves(pod: &PodFacts, endpoint: &Endpoint, version: &str) -> bool {
    let names = match endpoint.route {
        Route::Extension => vec![version.to_owned()],
        Route::Classic if endpoint.own_versions().is_empty() => vec![endpoint.name.clone()],
        Route::Classic => vec![format!("{}-{version}", endpoint.name)],
    };
    let of_endpoint = pod
        .endpoint
        .as_ref()
        .is_none_or(|name| name.eq_ignore_ascii_case(&endpoint.name));
    let deployment = match &pod.deployment {
        Some(label) => label.as_str(),
        None => made_from(&pod.name),
    };
    of_endpoint && names.iter().any(|name| name.eq_ignore_ascii_case(deployment))
}

/// The deployment in the name of a pod: `{deployment}-{hash}-{random}`
/// (kubernetes.io/docs/concepts/workloads/controllers/deployment).
fn made_from(pod: &str) -> &str {
    pod.rsplitn(3, '-').nth(2).unwrap_or_default()
}

#[cfg(test)]
mod tests;
