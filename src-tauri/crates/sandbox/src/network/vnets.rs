use super::checks::{check_subnets, check_unused, checked_space};
use super::{NetworkEffect, VNET, addresses, prefixes, started, subnets};
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::resource_id::key;
use crate::resources::locations;
use crate::world::{Resource, World};
use serde_json::{Value, json};
use std::net::Ipv4Addr;

/// How many alternatives to offer for a taken address.
const ALTERNATIVES: usize = 5;

/// Handles `.../virtualNetworks[/{v}[/subnets[/{n}]]]` and the actions on them.
pub(crate) fn handle(world: &mut World, call: &Call, now: Now) -> Handled {
    let id = format!("{}/providers/{VNET}/{}", call.arm.scope, call.name(0));
    let (method, shape) = call.route();
    match (method, shape.as_str()) {
        ("GET", "virtualnetworks") => Ok(Answer::bodies(call, world.list(&call.arm.scope, VNET))),
        ("GET", "virtualnetworks/*") => {
            let vnet = get(world, call, &id)?;
            Ok(Answer::ok(vnet.body.clone()).header("ETag", &vnet.etag))
        }
        ("PUT", "virtualnetworks/*") => put(world, call, &id, now),
        ("PATCH", "virtualnetworks/*") => patch(world, call, &id),
        ("DELETE", "virtualnetworks/*") => delete(world, call, &id, now),
        ("GET", "virtualnetworks/*/usages") => usages(world, call, &id),
        ("GET", "virtualnetworks/*/checkipaddressavailability") => check_address(world, call, &id),
        ("GET", "virtualnetworks/*/subnets") => {
            let vnet = get(world, call, &id)?;
            Ok(Answer::list(
                call,
                vnet.body["properties"]["subnets"]
                    .as_array()
                    .cloned()
                    .unwrap_or_default(),
            ))
        }
        ("GET", "virtualnetworks/*/subnets/*") => {
            let vnet = get(world, call, &id)?;
            let subnet = subnets::find_in_vnet(vnet, call.name(1)).ok_or_else(|| subnet_not_found(call))?;
            Ok(Answer::ok(subnet.clone()))
        }
        ("PUT", "virtualnetworks/*/subnets/*") => put_subnet(world, call, &id, now),
        ("DELETE", "virtualnetworks/*/subnets/*") => delete_subnet(world, call, &id, now),
        ("GET", "virtualnetworks/*/virtualnetworkpeerings") => Ok(Answer::list(call, Vec::new())),
        _ => Err(Refusal::method_not_allowed(call)),
    }
}

fn get<'a>(world: &'a World, call: &Call, id: &str) -> Result<&'a Resource, Refusal> {
    let top = || {
        let message = format!(
            "The Resource 'Microsoft.Network/virtualNetworks/{}' under resource group '{}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
            call.name(0),
            call.group()
        );
        Refusal::not_found("ResourceNotFound", message)
    };
    world.resource(id).ok_or_else(top)
}

fn subnet_not_found(call: &Call) -> Refusal {
    let what = format!(
        "{}/providers/{VNET}/{}/subnets/{}",
        call.arm.scope,
        call.name(0),
        call.name(1)
    );
    Refusal::not_found("NotFound", format!("Resource {what} not found."))
}

fn busy(world: &World, id: &str) -> Result<(), Refusal> {
    match world.running_on(id) {
        Some(operation) => Err(Refusal::new(
            http::StatusCode::TOO_MANY_REQUESTS,
            "RetryableError",
            format!(
                "A retryable error occurred: operation '{}' is in progress on {id}.",
                operation.id
            ),
        )),
        None => Ok(()),
    }
}

fn put(world: &mut World, call: &Call, id: &str, now: Now) -> Handled {
    busy(world, id)?;
    Answer::check_conditions(call, world.resource(id).map(|vnet| vnet.etag.as_str()))?;
    let written = call.body["location"].as_str().unwrap_or_default();
    let location = locations::find(written).ok_or_else(|| {
        let message =
            format!("The provided location '{written}' is not available for resource type '{VNET}'.");
        Refusal::bad_request("LocationNotAvailableForResourceType", message)
    })?;
    let old = world.resource(id).cloned();
    if let Some(old) = old.as_ref().filter(|old| old.location() != location.name) {
        let message = format!(
            "The resource '{}' already exists in location '{}' in resource group '{}'. A resource with the same name cannot be created in location '{}'. Please select a new resource name.",
            call.name(0),
            old.location(),
            call.group(),
            location.name
        );
        return Err(Refusal::conflict("InvalidResourceLocation", message));
    }
    let space = checked_space(&call.body["properties"])?;
    let given = call.body["properties"]["subnets"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    check_subnets(&space, &given, call.name(0))?;
    let bodies: Vec<Value> = given
        .iter()
        .map(|subnet| {
            let name = subnet["name"].as_str().unwrap_or_default();
            let before = old.as_ref().and_then(|old| subnets::find_in_vnet(old, name));
            subnets::body(id, name, subnet, before, "Updating")
        })
        .collect();
    if let Some(old) = &old {
        let gone = old.body["properties"]["subnets"].as_array().into_iter().flatten();
        let gone = gone.filter(|subnet| {
            !bodies.iter().any(|kept| {
                key(kept["id"].as_str().unwrap_or("")) == key(subnet["id"].as_str().unwrap_or(""))
            })
        });
        for subnet in gone {
            check_unused(world, subnet["id"].as_str().unwrap_or_default())?;
        }
    }
    let body = vnet_body(call, id, location.name, bodies, old.as_ref());
    world.put(Resource::new(id, VNET, body.clone()));
    let answer = Answer::ok_or_created(old.is_some(), body);
    Ok(started(world, call, id, NetworkEffect::Written, answer, now))
}

fn vnet_body(call: &Call, id: &str, location: &str, subnets: Vec<Value>, old: Option<&Resource>) -> Value {
    let mut properties = call.body["properties"].as_object().cloned().unwrap_or_default();
    let guid = old.map(|old| old.body["properties"]["resourceGuid"].clone());
    properties.insert("subnets".to_string(), Value::Array(subnets));
    properties.insert("provisioningState".to_string(), json!("Updating"));
    properties.insert(
        "resourceGuid".to_string(),
        guid.unwrap_or_else(|| json!(uuid::Uuid::new_v4().to_string())),
    );
    properties.entry("virtualNetworkPeerings").or_insert(json!([]));
    properties.entry("enableDdosProtection").or_insert(json!(false));
    json!({
        "name": call.name(0),
        "id": id,
        "etag": format!("W/{}", crate::world::new_etag()),
        "type": VNET,
        "location": location,
        "tags": call.body.get("tags").filter(|tags| tags.is_object()).cloned().unwrap_or_else(|| json!({})),
        "properties": properties,
    })
}

fn patch(world: &mut World, call: &Call, id: &str) -> Handled {
    get(world, call, id)?;
    let tags = call
        .body
        .get("tags")
        .filter(|tags| tags.is_object())
        .cloned()
        .unwrap_or_else(|| json!({}));
    let vnet = world
        .resource_mut(id)
        .ok_or_else(|| Refusal::resource_not_found(call))?;
    vnet.body["tags"] = tags;
    Ok(Answer::ok(vnet.body.clone()))
}

fn delete(world: &mut World, call: &Call, id: &str, now: Now) -> Handled {
    let Some(vnet) = world.resource(id) else {
        return Ok(Answer::no_content());
    };
    let ids = vnet.body["properties"]["subnets"]
        .as_array()
        .into_iter()
        .flatten();
    let ids: Vec<String> = ids
        .filter_map(|subnet| subnet["id"].as_str())
        .map(str::to_string)
        .collect();
    busy(world, id)?;
    for subnet in ids {
        check_unused(world, &subnet)?;
    }
    set_state(world, id, "Deleting");
    Ok(started(
        world,
        call,
        id,
        NetworkEffect::DeleteVnet,
        Answer::accepted(),
        now,
    ))
}

fn put_subnet(world: &mut World, call: &Call, id: &str, now: Now) -> Handled {
    busy(world, id)?;
    let vnet = get(world, call, id)?;
    let space = prefixes::of_vnet(&vnet.body["properties"]);
    let old = subnets::find_in_vnet(vnet, call.name(1)).cloned();
    let body = subnets::body(id, call.name(1), &call.body, old.as_ref(), "Updating");
    let others = vnet.body["properties"]["subnets"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let is_other = |subnet: &Value| {
        !subnet["name"]
            .as_str()
            .is_some_and(|name| name.eq_ignore_ascii_case(call.name(1)))
    };
    let mut all: Vec<Value> = others.into_iter().filter(is_other).collect();
    all.push(body.clone());
    check_subnets(&space, &all, call.name(0))?;
    if let Some(vnet) = world.resource_mut(id) {
        vnet.body["properties"]["subnets"] = Value::Array(all);
    }
    let answer = Answer::ok_or_created(old.is_some(), body);
    Ok(started(world, call, id, NetworkEffect::Written, answer, now))
}

fn delete_subnet(world: &mut World, call: &Call, id: &str, now: Now) -> Handled {
    let there = world
        .resource(id)
        .is_some_and(|vnet| subnets::find_in_vnet(vnet, call.name(1)).is_some());
    if !there {
        return Ok(Answer::no_content());
    }
    busy(world, id)?;
    check_unused(world, &format!("{id}/subnets/{}", call.name(1)))?;
    let effect = NetworkEffect::DeleteSubnet {
        subnet: call.name(1).to_string(),
    };
    Ok(started(world, call, id, effect, Answer::accepted(), now))
}

pub(crate) fn remove_subnet(world: &mut World, vnet: &str, name: &str) {
    let Some(vnet) = world.resource_mut(vnet) else {
        return;
    };
    if let Some(subnets) = vnet.body["properties"]["subnets"].as_array_mut() {
        subnets.retain(|subnet| {
            !subnet["name"]
                .as_str()
                .is_some_and(|found| found.eq_ignore_ascii_case(name))
        });
    }
}

/// Sets the provisioning state of a network and of its subnets.
pub(crate) fn set_state(world: &mut World, vnet: &str, state: &str) {
    let Some(vnet) = world.resource_mut(vnet) else {
        return;
    };
    vnet.body["properties"]["provisioningState"] = state.into();
    for subnet in vnet.body["properties"]["subnets"]
        .as_array_mut()
        .into_iter()
        .flatten()
    {
        subnet["properties"]["provisioningState"] = state.into();
    }
}

fn usages(world: &World, call: &Call, id: &str) -> Handled {
    let vnet = get(world, call, id)?;
    let usage = |subnet: &Value| {
        let id = subnet["id"].as_str().unwrap_or_default();
        json!({
            "currentValue": subnets::used(world, id) as f64,
            "id": id,
            "limit": subnets::size(subnet) as f64,
            "name": { "localizedValue": "Subnet size and usage", "value": "SubnetSpace" },
            "unit": "Count",
        })
    };
    let subnets = vnet.body["properties"]["subnets"]
        .as_array()
        .into_iter()
        .flatten();
    Ok(Answer::list(call, subnets.map(usage).collect()))
}

fn check_address(world: &World, call: &Call, id: &str) -> Handled {
    let vnet = get(world, call, id)?;
    let text = call.query("ipAddress").unwrap_or_default();
    let address: Ipv4Addr = text.parse().map_err(|_| {
        Refusal::bad_request(
            "InvalidIPAddressFormat",
            format!("The IP address '{text}' has an invalid format."),
        )
    })?;
    let all = vnet.body["properties"]["subnets"]
        .as_array()
        .into_iter()
        .flatten();
    let holds = |subnet: &&Value| {
        prefixes::of_subnet(&subnet["properties"])
            .iter()
            .any(|range| range.contains(&address))
    };
    let ids = |subnet: &Value| subnet["id"].as_str().unwrap_or_default().to_string();
    let Some(subnet) = all.clone().find(holds).map(ids) else {
        let message = format!(
            "Private static IP address {text} does not belong to the range of any subnet of virtual network {id}."
        );
        return Err(Refusal::bad_request("PrivateIPAddressNotInAnySubnet", message));
    };
    if addresses::is_free(world, &subnet, address) {
        return Ok(Answer::ok(
            json!({ "available": true, "availableIPAddresses": [], "isPlatformReserved": false }),
        ));
    }
    let others: Vec<String> = addresses::free(world, &subnet)
        .take(ALTERNATIVES)
        .map(|free| free.to_string())
        .collect();
    Ok(Answer::ok(
        json!({ "available": false, "availableIPAddresses": others, "isPlatformReserved": false }),
    ))
}
