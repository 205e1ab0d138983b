//! Providers and their registration (Microsoft.Resources 2024-03-01, `Providers_*`).

use super::namespaces::{NAMESPACES, Namespace, find};
use crate::answer::{Answer, ErrorBody, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::operation::{Outcome, Start};
use crate::world::World;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const REGISTER_SECONDS: u64 = 60;

/// What a registration does when it completes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum ProviderEffect {
    Register { subscription: String, namespace: String },
    Unregister { subscription: String, namespace: String },
}

/// The registration state of a provider in a subscription.
pub(crate) fn state(world: &World, subscription: &str, namespace: &Namespace) -> String {
    if !namespace.needs_registration {
        return "Registered".to_string();
    }
    let subscription = world.subscription(subscription);
    let state = subscription.and_then(|found| found.registrations.get(&namespace.name.to_ascii_lowercase()));
    state.cloned().unwrap_or_else(|| "NotRegistered".to_string())
}

/// Refuses a write to a provider that is not registered.
///
/// # Errors
/// 409 `MissingSubscriptionRegistration`
/// (learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-register-resource-provider).
pub(crate) fn check_registered(world: &World, subscription: &str, name: &str) -> Result<(), Refusal> {
    let Some(namespace) = find(name) else {
        return Ok(());
    };
    if matches!(
        state(world, subscription, namespace).as_str(),
        "Registered" | "Registering"
    ) {
        return Ok(());
    }
    let message = format!(
        "The subscription is not registered to use namespace '{}'. See https://aka.ms/rps-not-found for how to register subscriptions.",
        namespace.name
    );
    let mut detail = ErrorBody::new("MissingSubscriptionRegistration", &message);
    detail.target = Some(namespace.name.to_string());
    Err(Refusal::conflict("MissingSubscriptionRegistration", message).detail(detail))
}

fn body(world: &World, subscription: &str, namespace: &Namespace) -> Value {
    let types = namespace.types.iter().map(|kind| {
        let locations: Vec<&str> = kind.locations().map(|location| location.display_name).collect();
        json!({
            "resourceType": kind.name,
            "locations": locations,
            "apiVersions": kind.versions().collect::<Vec<_>>(),
            "capabilities": if kind.located { "SupportsTags, SupportsLocation" } else { "None" },
        })
    });
    json!({
        "id": format!("/subscriptions/{subscription}/providers/{}", namespace.name),
        "namespace": namespace.name,
        "registrationPolicy": if namespace.needs_registration { "RegistrationRequired" } else { "RegistrationFree" },
        "registrationState": state(world, subscription, namespace),
        "resourceTypes": types.collect::<Vec<_>>(),
    })
}

/// `GET /subscriptions/{s}/providers`. Infallible; returns `Handled` like the other handlers.
pub(crate) fn list(world: &World, call: &Call) -> Handled {
    let bodies = NAMESPACES
        .iter()
        .map(|namespace| body(world, call.subscription(), namespace));
    Ok(Answer::list(call, bodies.collect()))
}

/// `GET /subscriptions/{s}/providers/{ns}` and `POST .../register`, `.../unregister`.
///
/// # Errors
/// 404 for an unknown provider.
pub(crate) fn handle(world: &mut World, call: &Call, now: Now) -> Handled {
    let name = call.arm.namespace.as_deref().unwrap_or_default();
    let Some(namespace) = find(name) else {
        let message = format!("The resource namespace '{name}' is invalid.");
        return Err(Refusal::not_found("InvalidResourceNamespace", message));
    };
    let given = || {
        (
            call.subscription().to_string(),
            namespace.name.to_ascii_lowercase(),
        )
    };
    match call.route() {
        ("GET", shape) if shape.is_empty() => {}
        ("POST", shape) if shape == "register" => {
            let (subscription, namespace) = given();
            let effect = ProviderEffect::Register {
                subscription,
                namespace,
            };
            change(
                world,
                call,
                namespace_state("Registered", "Registering"),
                effect,
                now,
            );
        }
        ("POST", shape) if shape == "unregister" => {
            let (subscription, namespace) = given();
            let effect = ProviderEffect::Unregister {
                subscription,
                namespace,
            };
            change(
                world,
                call,
                namespace_state("NotRegistered", "Unregistering"),
                effect,
                now,
            );
        }
        _ => return Err(Refusal::method_not_allowed(call)),
    }
    Ok(Answer::ok(body(world, call.subscription(), namespace)))
}

/// The final state, and the transitional one.
struct Transition {
    last: &'static str,
    on_the_way: &'static str,
}

fn namespace_state(last: &'static str, on_the_way: &'static str) -> Transition {
    Transition { last, on_the_way }
}

fn change(world: &mut World, call: &Call, towards: Transition, effect: ProviderEffect, now: Now) {
    let name = call
        .arm
        .namespace
        .as_deref()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let needed = find(&name).is_some_and(|namespace| namespace.needs_registration);
    let Some(subscription) = world.subscription_mut(call.subscription()) else {
        return;
    };
    let state = subscription
        .registrations
        .get(&name)
        .map_or("NotRegistered", String::as_str);
    if !needed || state == towards.last || state == towards.on_the_way {
        return;
    }
    subscription
        .registrations
        .insert(name.clone(), towards.on_the_way.to_string());
    let resource = format!("/subscriptions/{}/providers/{name}", call.subscription());
    world.start(
        Start::new(resource, REGISTER_SECONDS, Effect::Providers(effect)),
        now,
    );
}

pub(crate) fn finish(world: &mut World, effect: &ProviderEffect, outcome: &Outcome) {
    let (subscription, namespace, wanted, other) = match effect {
        ProviderEffect::Register {
            subscription,
            namespace,
        } => (subscription, namespace, "Registered", "NotRegistered"),
        ProviderEffect::Unregister {
            subscription,
            namespace,
        } => (subscription, namespace, "NotRegistered", "Registered"),
    };
    let state = if *outcome == Outcome::Succeeded {
        wanted
    } else {
        other
    };
    if let Some(found) = world.subscription_mut(subscription) {
        found.registrations.insert(namespace.clone(), state.to_string());
    }
}
