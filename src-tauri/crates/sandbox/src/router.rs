//! Routes calls to their handlers, after the checks that Azure Resource Manager makes before any provider, in
//! its order: api-version, subscription, rights, resource group, registration, locks, policy.

use crate::answer::{Answer, Handled, Refusal};
use crate::authorization::{self, access, locks};
use crate::call::Call;
use crate::clock::Now;
use crate::operation;
use crate::resources::{groups, metadata, namespaces, providers, subscriptions, tags};
use crate::world::World;
use crate::{aks, compute, extensions, keyvault, ml, network, policy, storage};
use http::Method;
use serde_json::json;

/// Answers a call, after completing the operations that are due.
pub(crate) fn answer(world: &mut World, call: &Call, now: Now) -> Answer {
    operation::complete_due(world, now);
    crate::answer::into_answer(route(world, call, now))
}

/// Paths that need no token, because clients read them before they sign in.
pub(crate) fn is_public(path: &str) -> bool {
    path.eq_ignore_ascii_case("/metadata/endpoints")
}

/// First segment of a path, in lower case.
pub(crate) fn first_segment(path: &str) -> String {
    let first = path.split('/').find(|part| !part.is_empty());
    first.unwrap_or_default().to_ascii_lowercase()
}

type Handler = fn(&mut World, &Call, Now) -> Handled;

/// What handles the paths with a first segment, in lower case.
const ROUTES: [(&str, Handler); 7] = [
    ("metadata", |_, call, _| match is_public(&call.path) {
        true => Ok(metadata::endpoints(&call.base, call.api_version())),
        false => Err(unknown_path(call)),
    }),
    ("tenants", |world, call, _| {
        namespaces::check_own_version(call.api_version())?;
        subscriptions::tenants(world)
    }),
    ("subscriptions", in_subscription),
    ("modelmanagement", |world, call, now| {
        web_services(world, call, now, ml::services::handle)
    }),
    ("artifact", |world, call, now| {
        web_services(world, call, now, |world, call, now| {
            ml::artifacts::handle(world, call, now)
        })
    }),
    ("providers", |world, call, _| at_tenant(world, call)),
    (keyvault::PREFIX, |world, call, _| keyvault::data(world, call)),
];

fn handler(first: &str) -> Option<Handler> {
    let mut routes = ROUTES.into_iter();
    routes.find_map(|(segment, handler)| (segment == first).then_some(handler))
}

/// Whether paths that begin with this segment are routed here.
pub(crate) fn is_own_segment(first: &str) -> bool {
    handler(first).is_some()
}

fn route(world: &mut World, call: &Call, now: Now) -> Handled {
    match handler(&first_segment(&call.path)) {
        Some(handle) => handle(world, call, now),
        None => Err(unknown_path(call)),
    }
}

fn unknown_path(call: &Call) -> Refusal {
    Refusal::not_found(
        "NotFound",
        format!("The requested path '{}' was not found.", call.path),
    )
}

/// The classic route's APIs for models and artifacts: without api-version, but with the usual access control.
fn web_services(
    world: &mut World,
    call: &Call,
    now: Now,
    handle: impl FnOnce(&mut World, &Call, Now) -> Handled,
) -> Handled {
    if world.subscription(call.subscription()).is_none() {
        return Err(subscriptions::not_found(call.subscription()));
    }
    access::check(world, call)?;
    check_group(world, call)?;
    handle(world, call, now)
}

fn at_tenant(world: &mut World, call: &Call) -> Handled {
    let namespace = call.arm.namespace.as_deref().unwrap_or_default();
    match namespace.eq_ignore_ascii_case("Microsoft.Authorization") {
        true if !call.writes() => authorization::handle(world, call),
        true => access::check(world, call).and_then(|()| authorization::handle(world, call)),
        false => Err(unknown_path(call)),
    }
}

fn in_subscription(world: &mut World, call: &Call, now: Now) -> Handled {
    match &call.arm.namespace {
        Some(namespace) if !is_registration(call) => {
            namespaces::check_version(namespace, &call.arm.resource_type(), call.api_version())?;
        }
        _ => namespaces::check_own_version(call.api_version())?,
    }
    if call.arm.subscription.is_none() {
        return subscriptions::list(world, call);
    }
    if world.subscription(call.subscription()).is_none() {
        return Err(subscriptions::not_found(call.subscription()));
    }
    access::check(world, call)?;
    tags::check(call)?;
    if call.arm.namespace.is_some() {
        provider(world, call, now)
    } else {
        without_provider(world, call, now)
    }
}

/// `/subscriptions/{s}/providers/{ns}[/register
///
/// /unregister]` belongs to Azure Resource Manager itself.
fn is_registration(call: &Call) -> bool {
    let at_subscription = call.arm.group.is_none() && call.arm.scope.matches('/').count() == 2;
    let shape = call.arm.shape();
    at_subscription
        && (shape.is_empty()
            || (call.method == Method::POST && ["register", "unregister"].contains(&shape.as_str())))
}

/// Calls without a provider: subscriptions, groups, lists of all resources.
fn without_provider(world: &mut World, call: &Call, now: Now) -> Handled {
    let parts: Vec<String> = call
        .path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let subscription = format!("/subscriptions/{}", call.subscription());
    match (call.method.as_str(), parts.as_slice()) {
        ("GET", [_, _]) => subscriptions::get(world, call),
        ("GET", [_, _, "locations"]) => subscriptions::list_locations(call),
        ("GET", [_, _, "providers"]) => providers::list(world, call),
        ("GET", [_, _, "resources"]) => subscriptions::list_resources(world, call, &subscription),
        ("GET", [_, _, "operationresults", id]) => operation::result(world, call, id, now),
        (_, [_, _, "resourcegroups"]) => groups::handle(world, call, now),
        (_, [_, _, "resourcegroups", _]) => {
            if call.writes() {
                locks::check(world, call, &call.arm.scope)?;
            }
            groups::handle(world, call, now)
        }
        ("GET", [_, _, "resourcegroups", group, "resources"]) => {
            check_group(world, call)?;
            subscriptions::list_resources(world, call, &format!("{subscription}/resourceGroups/{group}"))
        }
        _ => Err(unknown_path(call)),
    }
}

fn check_group(world: &World, call: &Call) -> Result<(), Refusal> {
    match &call.arm.group {
        Some(group) if groups::find(world, call.subscription(), group).is_none() => {
            Err(groups::not_found(group))
        }
        _ => Ok(()),
    }
}

fn provider(world: &mut World, call: &Call, now: Now) -> Handled {
    if is_registration(call) {
        return providers::handle(world, call, now);
    }
    check_group(world, call)?;
    let namespace = call.arm.namespace.as_deref().unwrap_or_default();
    if call.writes() {
        providers::check_registered(world, call.subscription(), namespace)?;
        if let Some((_, scope)) = access::needed(call) {
            locks::check(world, call, &scope)?;
        }
    }
    if call.method == Method::PUT {
        check_policy(world, call, namespace)?;
    }
    dispatch(world, call, namespace, now)
}

/// Policy evaluates the resource as it would become: the body with its type and name.
fn check_policy(world: &World, call: &Call, namespace: &str) -> Result<(), Refusal> {
    let mut content = call.body.clone();
    if !content.is_object() || namespace.eq_ignore_ascii_case("Microsoft.Authorization") {
        return Ok(());
    }
    content["type"] = json!(format!("{namespace}/{}", call.arm.resource_type()));
    content["name"] = json!(call.arm.rest.last());
    policy::check(world, &call.arm.scope, &content)
}

fn dispatch(world: &mut World, call: &Call, namespace: &str, now: Now) -> Handled {
    match namespace.to_ascii_lowercase().as_str() {
        "microsoft.containerservice" => aks::handle(world, call, now),
        "microsoft.machinelearningservices" => ml::handle(world, call, now),
        "microsoft.kubernetesconfiguration" => extensions::handle(world, call, now),
        "microsoft.compute" => compute::handle(world, call),
        "microsoft.keyvault" => keyvault::handle(world, call),
        "microsoft.storage" => storage::accounts::handle(world, call),
        "microsoft.network" => network::handle(world, call, now),
        "microsoft.authorization" => authorization::handle(world, call),
        "microsoft.policyinsights" => policy::restrictions::handle(world, call),
        _ => Err(Refusal::resource_not_found(call)),
    }
}
