//! What becomes of a classic service when it is written: which of its parts start, and how they answer afterwards.

use super::behaviour::Behaviour;
use super::deployed::Inner;
use super::pods::{self, Place};
use super::rollout::{BUILD, Rollout};
use super::service_bodies::{self as bodies, has_versions, part, part_mut};
use super::service_operations::{self as operations, Details, shown_error};
use super::services::{CHANGE_SECONDS, cluster_of, model_id};
use super::{MlEffect, builds, service_rollout};
use crate::answer::{Answer, ErrorBody};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::kubernetes::kinds;
use crate::operation::{Outcome, Start};
use crate::world::{Resource, World};
use serde_json::{Value, json};

/// How calls to a service, or to one of its versions, are answered.
pub(crate) fn behaviour(service: &Resource, name: &str) -> Option<Behaviour> {
    match Inner::serving(&service.secrets["inner"][name]) {
        Some(serving) => serving,
        // Written by an earlier version of the sandbox.
        None => (service.body["state"] == "Healthy" && service.secrets["inner"].is_null())
            .then(|| Behaviour::named(&model_id(&service.body, name))),
    }
}

/// Writes a service and starts what has changed.
pub(super) fn write(
    world: &mut World,
    call: &Call,
    workspace: &str,
    mut resource: Resource,
    changed: &[String],
    now: Now,
) -> Answer {
    let name = resource.body["name"].as_str().unwrap_or_default().to_string();
    let mut details = Details {
        service: name,
        deploys: !changed.is_empty(),
        ..Details::default()
    };
    let mut seconds = CHANGE_SECONDS;
    let mut fails: Option<ErrorBody> = None;
    let mut pending = json!({});
    for part_name in changed {
        if has_versions(&resource.body) {
            let compute = bodies::compute_name(&resource.body).to_string();
            let version = part_mut(&mut resource.body, part_name);
            (version["computeType"], version["computeName"]) = (json!("AKS"), json!(compute));
            bodies::fill(version, part_name, call, now);
        }
        let (mut rollout, mut inner) = planned(world, workspace, &resource, part_name);
        let log = builds::keep_log(world, &resource.id, &Value::Null, &mut rollout, now);
        if let Some(log) = log {
            details.build_log = Some(log);
            details.build = BUILD;
        }
        seconds = seconds.max(rollout.seconds);
        let before: Option<Inner> = serde_json::from_value(resource.secrets["inner"][part_name].clone()).ok();
        inner.serving = before.and_then(|inner| inner.serving);
        resource.secrets["inner"][part_name.as_str()] = json!(inner);
        pending[part_name.as_str()] = rollout.fails.as_ref().map_or(Value::Null, shown_error);
        fails = fails.or(rollout.fails);
        part_mut(&mut resource.body, part_name)["state"] = json!("Transitioning");
    }
    bodies::address(world, call, &mut resource.body);
    resource.body["state"] = json!("Transitioning");
    resource.body["error"] = Value::Null;
    resource.secrets["pending"] = pending;
    let start = Start::new(&resource.id, seconds, Effect::Ml(MlEffect::ServiceWritten)).with_failure(fails);
    world.put(resource);
    operations::started(world, call, start, &details, Answer::accepted(), now)
}

fn planned(world: &World, workspace: &str, resource: &Resource, name: &str) -> (Rollout, Inner) {
    let place = place(world, resource, name);
    let mut nodes = place
        .as_ref()
        .map_or_else(Vec::new, |place| super::deployed::beside(world, place));
    service_rollout::plan(world, workspace, part(&resource.body, name), &mut nodes)
}

/// Where the pods of a service, or of one of its versions, run.
fn place(world: &World, service: &Resource, name: &str) -> Option<Place> {
    let own = service.body["name"].as_str().unwrap_or_default();
    let name = if own == name {
        own.to_string()
    } else {
        format!("{own}-{name}")
    };
    Some(Place {
        cluster: cluster_of(world, service)?,
        namespace: service.body["namespace"]
            .as_str()
            .unwrap_or("default")
            .to_string(),
        name,
    })
}

pub(super) fn stop_pods(world: &mut World, service: &Resource, name: &str) {
    if let Some(place) = place(world, service, name) {
        pods::remove(world, &place, &service.id);
    }
}

/// Completes a change: each part that was started is healthy or has failed; one that failed leaves the old one serving.
pub(super) fn complete(world: &mut World, id: &str, outcome: &Outcome) {
    let Some(mut resource) = world.resource(id).cloned() else {
        return;
    };
    let pending = resource.secrets["pending"].take();
    let own = pending
        .as_object()
        .is_some_and(|all| all.values().any(|error| !error.is_null()));
    let outer = match outcome {
        Outcome::Succeeded => Value::Null,
        Outcome::Failed(error) => shown_error(error),
        Outcome::Canceled => json!({ "code": "OperationCanceled", "message": "The operation was canceled." }),
    };
    for (name, error) in pending.as_object().into_iter().flatten() {
        let error = if own { error } else { &outer };
        let Ok(mut inner) = serde_json::from_value::<Inner>(resource.secrets["inner"][name].clone()) else {
            continue;
        };
        let healthy = error.is_null();
        if healthy {
            inner.serving = Some(inner.next.clone());
        }
        let body = part_mut(&mut resource.body, name);
        body["state"] = json!(if healthy { "Healthy" } else { "Failed" });
        body["error"] = error.clone();
        resource.secrets["inner"][name] = json!(inner);
        if healthy || inner.serving.is_none() {
            show_pods(world, &resource, name, &inner, !healthy);
        }
    }
    let healthy = *outcome == Outcome::Succeeded;
    resource.body["state"] = json!(if healthy { "Healthy" } else { "Failed" });
    resource.body["error"] = outer;
    world.put(resource);
}

fn show_pods(world: &mut World, service: &Resource, name: &str, inner: &Inner, fails: bool) {
    let Some(place) = place(world, service, name) else {
        return;
    };
    // The service creates the namespace.
    if !pods::has_namespace(world, &place.cluster, &place.namespace) {
        let objects = world.objects_mut(&place.cluster);
        let active = json!({ "status": { "phase": "Active" } });
        objects.put(kinds::NAMESPACE, "", &place.namespace, active);
    }
    let endpoint = service.body["name"].as_str().unwrap_or_default();
    pods::put(world, &place, &inner.pod_spec(&service.id, endpoint, fails));
}
