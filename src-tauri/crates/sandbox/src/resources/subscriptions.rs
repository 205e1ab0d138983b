//! Tenants, subscriptions, their locations and lists of their resources (Microsoft.Resources subscriptions
//! 2022-12-01, resources 2024-03-01).

use super::{groups, locations};
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::resource_id::{key, name_of};
use crate::world::{Resource, Subscription, World};
use serde_json::{Value, json};

/// `GET /tenants`. Infallible; returns `Handled` like the other handlers.
pub(crate) fn tenants(world: &World) -> Handled {
    let directory = &world.directory;
    let tenant = json!({
        "id": format!("/tenants/{}", directory.tenant_id),
        "tenantId": directory.tenant_id,
        "countryCode": "SE",
        "displayName": directory.display_name,
        "domains": [directory.domain],
        "tenantCategory": "Home",
        "defaultDomain": directory.domain,
        "tenantType": "AAD",
    });
    Ok(last_page(vec![tenant]))
}

/// These two lists always contain `nextLink`: their schema requires it, empty on the last page.
fn last_page(items: Vec<Value>) -> Answer {
    Answer::ok(json!({ "value": items, "nextLink": "" }))
}

fn body(world: &World, subscription: &Subscription) -> Value {
    json!({
        "id": format!("/subscriptions/{}", subscription.id),
        "subscriptionId": subscription.id,
        "tenantId": world.directory.tenant_id,
        "displayName": subscription.name,
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "EnterpriseAgreement_2014-09-01",
            "spendingLimit": "Off",
        },
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "tags": {},
    })
}

/// `GET /subscriptions`: those in which the caller has any role. Infallible; returns `Handled` like the other
/// handlers.
pub(crate) fn list(world: &World, call: &Call) -> Handled {
    let seen = |subscription: &&Subscription| {
        let scope = format!("/subscriptions/{}", subscription.id);
        crate::authorization::access::has_any_role_under(world, &call.principal, &scope)
    };
    let bodies = world
        .subscriptions()
        .iter()
        .filter(seen)
        .map(|subscription| body(world, subscription));
    Ok(Answer::list(call, bodies.collect()))
}

/// 404 in ARM's words for a subscription that does not exist.
pub(crate) fn not_found(id: &str) -> Refusal {
    Refusal::not_found(
        "SubscriptionNotFound",
        format!("The subscription '{id}' could not be found."),
    )
}

/// `GET /subscriptions/{s}`.
///
/// # Errors
/// 404 if it does not exist.
pub(crate) fn get(world: &World, call: &Call) -> Handled {
    let subscription = world
        .subscription(call.subscription())
        .ok_or_else(|| not_found(call.subscription()))?;
    Ok(Answer::ok(body(world, subscription)))
}

/// `GET /subscriptions/{s}/locations`. Infallible; returns `Handled` like the other handlers.
pub(crate) fn list_locations(call: &Call) -> Handled {
    let bodies = locations::LOCATIONS
        .iter()
        .map(|location| location.body(call.subscription()));
    Ok(Answer::list(call, bodies.collect()))
}

/// Whether the list of all resources includes it: ARM leaves out extension resources, children and the groups
/// themselves.
fn listed(resource: &Resource) -> bool {
    let hidden = ["Microsoft.Authorization/", "Microsoft.KubernetesConfiguration/"];
    let child = resource.kind.matches('/').count() > 1;
    !child && !resource.is(groups::KIND) && !hidden.iter().any(|prefix| resource.kind.starts_with(prefix))
}

/// `GET /subscriptions/{s}/resources` and `GET /subscriptions/{s}/resourceGroups/{g}/resources`, with
/// `$filter=resourceType eq '...'`, `name eq '...'`, `resourceGroup eq '...'` or `location eq '...'`, joined
/// by `and`.
///
/// # Errors
/// 400 for an unknown filter.
pub(crate) fn list_resources(world: &World, call: &Call, scope: &str) -> Handled {
    let mut terms = Vec::new();
    for term in call
        .query("$filter")
        .unwrap_or_default()
        .split(" and ")
        .filter(|term| !term.trim().is_empty())
    {
        let known = term
            .split_once(" eq ")
            .map(|(name, value)| (name.trim(), value.trim().trim_matches('\'')));
        let Some(term) =
            known.filter(|(name, _)| FIELDS.iter().any(|field| field.eq_ignore_ascii_case(name)))
        else {
            let message = format!("Invalid $filter '{term}' specified in the query string.");
            return Err(Refusal::bad_request("InvalidFilterInQueryString", message));
        };
        terms.push(term);
    }
    let matches = |resource: &&Resource| {
        listed(resource) && terms.iter().all(|(name, value)| has(resource, name, value))
    };
    Ok(Answer::list(
        call,
        world.below(scope).filter(matches).map(generic_body).collect(),
    ))
}

const FIELDS: &[&str] = &["resourceType", "name", "resourceGroup", "location"];

fn has(resource: &Resource, field: &str, value: &str) -> bool {
    match field.to_ascii_lowercase().as_str() {
        "resourcetype" => resource.is(value),
        "name" => name_of(&resource.id).eq_ignore_ascii_case(value),
        "resourcegroup" => {
            key(&resource.id).contains(&format!("/resourcegroups/{}/", value.to_ascii_lowercase()))
        }
        _ => resource.location() == locations::normal(value),
    }
}

/// The generic resource format, without properties.
fn generic_body(resource: &Resource) -> Value {
    let mut generic_body = json!({ "id": resource.id, "name": name_of(&resource.id), "type": resource.kind });
    for member in [
        "location",
        "kind",
        "sku",
        "identity",
        "tags",
        "managedBy",
        "zones",
    ] {
        if let Some(value) = resource.body.get(member).filter(|value| !value.is_null()) {
            generic_body[member] = value.clone();
        }
    }
    generic_body
}
