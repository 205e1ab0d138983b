//! Converts Kubernetes objects to facts, whether they come from the API or from kubectl.

use crate::scrub;
use berth_domain::diagnosis::{ContainerFacts, EndpointFacts, EventFacts, NodeFacts, PodFacts, ServiceFacts};
use k8s_openapi::api::core::v1::{ContainerStatus, Event, Node, Pod, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Annotation of an internal load balancer (learn.microsoft.com/azure/aks/internal-lb).
const INTERNAL: &str = "service.beta.kubernetes.io/azure-load-balancer-internal";

/// Maximum number of warnings to keep.
const MOST_EVENTS: usize = 60;

pub(crate) fn node(node: &Node) -> NodeFacts {
    let status = node.status.as_ref();
    let conditions: Vec<_> = status
        .and_then(|status| status.conditions.as_ref())
        .into_iter()
        .flatten()
        .collect();
    let ready = conditions.iter().find(|condition| condition.type_ == "Ready");
    let bad = |kind: &str, status: &str| match kind {
        "Ready" => status != "True",
        _ => kind.ends_with("Pressure") && status == "True",
    };
    let trouble = conditions
        .iter()
        .filter(|condition| bad(&condition.type_, &condition.status))
        .map(|condition| {
            let message = condition.message.as_deref().unwrap_or_default();
            format!(
                "{}={}: {}",
                condition.type_,
                condition.status,
                scrub::line(message)
            )
        });
    let taints = node.spec.as_ref().and_then(|spec| spec.taints.as_ref());
    let cpu = status
        .and_then(|status| status.capacity.as_ref())
        .and_then(|all| all.get("cpu"));
    NodeFacts {
        name: node.metadata.name.clone().unwrap_or_default(),
        ready: ready.is_some_and(|condition| condition.status == "True"),
        trouble: trouble.collect(),
        cpu_millis: cpu.map_or(0, millis),
        taints: taints
            .into_iter()
            .flatten()
            .map(|taint| {
                let value = taint
                    .value
                    .as_deref()
                    .map(|value| format!("={value}"))
                    .unwrap_or_default();
                format!("{}{value}:{}", taint.key, taint.effect)
            })
            .collect(),
    }
}

/// Parses a CPU quantity such as `4` or `3860m`.
fn millis(quantity: &Quantity) -> u64 {
    match quantity.0.strip_suffix('m') {
        Some(millis) => millis.parse().unwrap_or_default(),
        None => quantity.0.parse::<u64>().unwrap_or_default().saturating_mul(1000),
    }
}

/// An entry of the health check, scrubbed.
pub(crate) fn health((name, value): (String, String)) -> (String, String) {
    (scrub::line(&name), scrub::lines(&value).join("\n"))
}

pub(crate) fn pod(pod: &Pod) -> PodFacts {
    let status = pod.status.as_ref();
    let conditions = status
        .and_then(|status| status.conditions.as_ref())
        .into_iter()
        .flatten();
    let unschedulable = conditions
        .filter(|condition| condition.type_ == "PodScheduled" && condition.status == "False")
        .find(|condition| condition.reason.as_deref() == Some("Unschedulable"))
        .map(|condition| scrub::line(condition.message.as_deref().unwrap_or("Unschedulable")));
    let first = status.and_then(|status| status.init_container_statuses.as_ref());
    let then = status.and_then(|status| status.container_statuses.as_ref());
    let init = first.into_iter().flatten().map(|one| container(one, true));
    let main = then.into_iter().flatten().map(|one| container(one, false));
    let labels = pod.metadata.labels.as_ref();
    let label = |name: &str| labels.and_then(|labels| labels.get(name)).cloned();
    PodFacts {
        namespace: pod.metadata.namespace.clone().unwrap_or_default(),
        name: pod.metadata.name.clone().unwrap_or_default(),
        phase: status.and_then(|status| status.phase.clone()).unwrap_or_default(),
        node: pod.spec.as_ref().and_then(|spec| spec.node_name.clone()),
        reason: status.and_then(|status| status.reason.clone()),
        unschedulable,
        containers: init.chain(main).collect(),
        deployment: label("ml.azure.com/deployment-name"),
        endpoint: label("ml.azure.com/endpoint-name"),
    }
}

fn container(status: &ContainerStatus, prepares: bool) -> ContainerFacts {
    let state = status.state.as_ref();
    let waiting = state.and_then(|state| state.waiting.as_ref());
    let now = state.and_then(|state| state.terminated.as_ref());
    let before = status
        .last_state
        .as_ref()
        .and_then(|state| state.terminated.as_ref());
    let ended = now.or(before);
    let message = waiting
        .and_then(|waiting| waiting.message.as_deref())
        .or_else(|| ended.and_then(|ended| ended.message.as_deref()));
    ContainerFacts {
        name: status.name.clone(),
        image: status.image.clone(),
        ready: status.ready,
        restarts: u32::try_from(status.restart_count).unwrap_or_default(),
        waiting: waiting.and_then(|waiting| waiting.reason.clone()),
        message: message.map(scrub::line).filter(|text| !text.is_empty()),
        ended: ended.and_then(|ended| ended.reason.clone()),
        exit_code: ended.map(|ended| ended.exit_code),
        done: prepares && now.is_some_and(|now| now.exit_code == 0),
    }
}

pub(crate) fn warning(one: &Event) -> Option<EventFacts> {
    (one.type_.as_deref() == Some("Warning")).then(|| event(one))
}

/// Sorts warnings newest first and keeps the newest.
pub(crate) fn newest(all: Vec<Option<EventFacts>>) -> Vec<EventFacts> {
    let mut found: Vec<EventFacts> = all.into_iter().flatten().collect();
    found.sort_by(|left, right| right.last.cmp(&left.last));
    found.truncate(MOST_EVENTS);
    found
}

fn event(event: &Event) -> EventFacts {
    let series = event.series.as_ref();
    let seen = series.and_then(|series| series.last_observed_time.as_ref());
    let last = event
        .last_timestamp
        .as_ref()
        .map(|time| time.0)
        .or_else(|| seen.map(|time| time.0))
        .or_else(|| event.event_time.as_ref().map(|time| time.0))
        .or_else(|| event.metadata.creation_timestamp.as_ref().map(|time| time.0));
    let count = event.count.or_else(|| series.and_then(|series| series.count));
    EventFacts {
        namespace: event.metadata.namespace.clone().unwrap_or_default(),
        kind: event.involved_object.kind.clone().unwrap_or_default(),
        name: event.involved_object.name.clone().unwrap_or_default(),
        reason: event.reason.clone().unwrap_or_default(),
        message: scrub::lines(event.message.as_deref().unwrap_or_default()).join(" "),
        count: count.and_then(|count| u32::try_from(count).ok()).unwrap_or(1),
        last: last.map(|time| time.to_string()).unwrap_or_default(),
    }
}

pub(crate) fn service(service: &Service) -> ServiceFacts {
    let spec = service.spec.as_ref();
    let balancer = service
        .status
        .as_ref()
        .and_then(|status| status.load_balancer.as_ref());
    let ingress = balancer
        .and_then(|balancer| balancer.ingress.as_ref())
        .and_then(|ingress| ingress.first());
    let annotation = service
        .metadata
        .annotations
        .as_ref()
        .and_then(|all| all.get(INTERNAL));
    let ports = spec.and_then(|spec| spec.ports.as_ref()).into_iter().flatten();
    ServiceFacts {
        namespace: service.metadata.namespace.clone().unwrap_or_default(),
        name: service.metadata.name.clone().unwrap_or_default(),
        kind: spec
            .and_then(|spec| spec.type_.clone())
            .unwrap_or_else(|| "ClusterIP".to_owned()),
        address: ingress.and_then(|first| first.ip.clone().or_else(|| first.hostname.clone())),
        internal: annotation.is_some_and(|value| value.eq_ignore_ascii_case("true")),
        ports: ports
            .filter_map(|port| {
                Some((
                    port.name.clone().unwrap_or_default(),
                    u16::try_from(port.port).ok()?,
                ))
            })
            .collect(),
    }
}

/// Counts the endpoints of a slice.
pub(crate) fn slice(slice: &EndpointSlice) -> Option<EndpointFacts> {
    let labels = slice.metadata.labels.as_ref();
    let service = labels.and_then(|labels| labels.get("kubernetes.io/service-name"))?;
    let mut found = EndpointFacts {
        namespace: slice.metadata.namespace.clone().unwrap_or_default(),
        service: service.clone(),
        ..EndpointFacts::default()
    };
    for endpoint in slice.endpoints.iter().flatten() {
        // An unset condition means ready (kubernetes.io/docs/concepts/services-networking/endpoint-slices).
        let conditions = endpoint.conditions.as_ref();
        let ready = conditions.and_then(|conditions| conditions.ready).unwrap_or(true);
        let count = if ready {
            &mut found.ready
        } else {
            &mut found.not_ready
        };
        *count = count.saturating_add(1);
    }
    Some(found)
}

/// Adds up the slices of each service.
pub(crate) fn endpoints(slices: Vec<Option<EndpointFacts>>) -> Vec<EndpointFacts> {
    let mut found: BTreeMap<(String, String), EndpointFacts> = BTreeMap::new();
    for slice in slices.into_iter().flatten() {
        let of = (slice.namespace.clone(), slice.service.clone());
        match found.entry(of) {
            Entry::Vacant(first) => {
                first.insert(slice);
            }
            Entry::Occupied(mut sum) => {
                let sum = sum.get_mut();
                sum.ready = sum.ready.saturating_add(slice.ready);
                sum.not_ready = sum.not_ready.saturating_add(slice.not_ready);
            }
        }
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests;
