//! Online endpoints on attached clusters: address, keys, tokens and traffic split (machinelearningservices
//! 2024-04-01, mfe: onlineEndpoints).

use super::{MlEffect, started, workspaces};
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::extensions;
use crate::operation::Start;
use crate::resource_id::name_of;
use crate::scoring::{self, EXTENSION};
use crate::world::{Resource, World};
use rand::Rng as _;
use rand::distr::Alphanumeric;
use serde_json::{Value, json};

pub(crate) const ENDPOINT: &str = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints";
const SECONDS: u64 = 60;
/// Lifetime of a token, in real seconds.
const TOKEN_SECONDS: i64 = 12 * 3600;

fn id_of(call: &Call) -> String {
    format!("{}/onlineEndpoints/{}", workspaces::id_of(call), call.name(1))
}

pub(super) fn find<'a>(world: &'a World, call: &Call) -> Result<&'a Resource, Refusal> {
    workspaces::find(world, call)?;
    world.resource(&id_of(call)).ok_or_else(|| {
        Refusal::not_found(
            "ResourceNotFound",
            format!("The online endpoint '{}' could not be found.", call.name(1)),
        )
    })
}

pub(super) fn list(world: &World, call: &Call) -> Handled {
    let workspace = workspaces::find(world, call)?;
    Ok(Answer::bodies(call, world.list(&workspace.id, ENDPOINT)))
}

pub(super) fn get(world: &World, call: &Call) -> Handled {
    find(world, call).map(|found| Answer::ok(found.body.clone()))
}

pub(super) fn put(world: &mut World, call: &Call, now: Now) -> Handled {
    let workspace = workspaces::find(world, call)?.clone();
    let id = id_of(call);
    let old = world.resource(&id).cloned();
    check_name(call.name(1))?;
    let given = &call.body["properties"];
    let mode = given["authMode"].as_str().unwrap_or_default();
    if !["Key", "AMLToken"].contains(&mode) {
        return Err(refuse(format!(
            "authMode '{mode}' is not supported for endpoints on Kubernetes: Key or AMLToken."
        )));
    }
    let compute = compute_of(world, given["compute"].as_str().unwrap_or_default())?;
    check_traffic(world, &id, &given["traffic"])?;
    let mut body = call.body.clone();
    body["id"] = json!(id);
    body["name"] = json!(call.name(1));
    body["type"] = json!(ENDPOINT);
    body["location"] = json!(workspace.location());
    let secrets = old
        .as_ref()
        .map_or_else(|| new_keys(given), |old| old.secrets.clone());
    let properties = &mut body["properties"];
    properties.as_object_mut().map(|members| members.remove("keys"));
    for (member, fallback) in [
        ("traffic", json!({})),
        ("mirrorTraffic", json!({})),
        ("description", json!("")),
        ("properties", json!({})),
    ] {
        if properties[member].is_null() {
            properties[member] = fallback;
        }
    }
    let address = scoring_address(world, &compute);
    let path = format!("/api/v1/endpoint/{}/", call.name(1));
    properties["scoringUri"] = json!(format!("{address}{path}score"));
    properties["swaggerUri"] = json!(format!("{address}{path}swagger.json"));
    properties["provisioningState"] = json!(if old.is_some() { "Updating" } else { "Creating" });
    let answer = Answer::ok_or_created(old.is_some(), body.clone());
    let mut resource = Resource::new(&id, ENDPOINT, body);
    resource.secrets = secrets;
    world.put(resource);
    let start = Start::new(&id, SECONDS, Effect::Ml(MlEffect::ServingWritten));
    Ok(started(world, call, start, answer, now))
}

/// PATCH changes only tags and identity; traffic needs a PUT.
pub(super) fn patch(world: &mut World, call: &Call) -> Handled {
    let id = find(world, call)?.id.clone();
    let Some(found) = world.resource_mut(&id) else {
        return Err(Refusal::resource_not_found(call));
    };
    for member in ["tags", "identity"] {
        if !call.body[member].is_null() {
            found.body[member] = call.body[member].clone();
        }
    }
    Ok(Answer::ok(found.body.clone()))
}

pub(super) fn delete(world: &mut World, call: &Call, now: Now) -> Handled {
    let Ok(found) = find(world, call) else {
        workspaces::find(world, call)?;
        return Ok(Answer::no_content());
    };
    let id = found.id.clone();
    if let Some(found) = world.resource_mut(&id) {
        found.body["properties"]["provisioningState"] = json!("Deleting");
    }
    let start = Start::new(&id, SECONDS, Effect::Ml(MlEffect::ServingDeleted));
    Ok(started(
        world,
        call,
        start,
        Answer::accepted().header("x-ms-async-operation-timeout", "PT1H"),
        now,
    ))
}

pub(super) fn list_keys(world: &World, call: &Call) -> Handled {
    let found = find(world, call)?;
    if found.body["properties"]["authMode"] != "Key" {
        return Err(refuse("Keys are only available for endpoints with authMode Key."));
    }
    Ok(Answer::ok(
        json!({ "primaryKey": found.secrets["primaryKey"], "secondaryKey": found.secrets["secondaryKey"] }),
    ))
}

pub(super) fn regenerate(world: &mut World, call: &Call) -> Handled {
    let id = find(world, call)?.id.clone();
    let member = match call.body["keyType"].as_str() {
        Some("Primary") => "primaryKey",
        Some("Secondary") => "secondaryKey",
        _ => return Err(refuse("keyType must be Primary or Secondary.")),
    };
    let value = call.body["keyValue"]
        .as_str()
        .filter(|value| !value.is_empty())
        .map_or_else(secret, str::to_string);
    if let Some(found) = world.resource_mut(&id) {
        found.secrets[member] = json!(value);
    }
    Ok(Answer::ok(Value::Null))
}

pub(super) fn token(world: &mut World, call: &Call, now: Now) -> Handled {
    let id = find(world, call)?.id.clone();
    let until = now.wall.as_second() + TOKEN_SECONDS;
    let token = secret();
    let Some(found) = world.resource_mut(&id) else {
        return Err(Refusal::resource_not_found(call));
    };
    if found.body["properties"]["authMode"] != "AMLToken" {
        return Err(refuse(
            "Tokens are only available for endpoints with authMode AMLToken.",
        ));
    }
    found.secrets["tokens"][token.as_str()] = json!(until);
    Ok(Answer::ok(
        json!({ "accessToken": token, "tokenType": "Bearer", "expiryTimeUtc": until, "refreshAfterTimeUtc": until - TOKEN_SECONDS / 2 }),
    ))
}

/// A refusal of an invalid request.
pub(super) fn refuse(message: impl Into<String>) -> Refusal {
    Refusal::bad_request("UserError", message)
}

pub(super) fn secret() -> String {
    rand::rng()
        .sample_iter(Alphanumeric)
        .take(32)
        .map(char::from)
        .collect()
}

fn new_keys(given: &Value) -> Value {
    let key = |name: &str| given["keys"][name].as_str().map_or_else(secret, str::to_string);
    json!({ "primaryKey": key("primaryKey"), "secondaryKey": key("secondaryKey"), "tokens": {} })
}

/// 3 to 32 letters, digits and hyphens, starting with a letter and ending with a letter or digit.
fn check_name(name: &str) -> Result<(), Refusal> {
    let letters = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    let fits = letters
        && (3..=32).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && !name.ends_with('-');
    if fits {
        Ok(())
    } else {
        Err(refuse(format!("The endpoint name '{name}' is invalid.")))
    }
}

fn compute_of(world: &World, id: &str) -> Result<Resource, Refusal> {
    let found = world.resource(id).ok_or_else(|| {
        Refusal::bad_request(
            "ComputeNotFound",
            format!("The compute '{}' could not be found.", name_of(id)),
        )
    })?;
    let properties = &found.body["properties"];
    if properties["computeType"] != "Kubernetes" || properties["provisioningState"] != "Succeeded" {
        return Err(Refusal::bad_request(
            "InvalidComputeInformation",
            format!("The compute '{}' cannot serve online endpoints.", name_of(id)),
        ));
    }
    Ok(found.clone())
}

/// Percentages must name existing deployments and add up to 100 or 0.
fn check_traffic(world: &World, endpoint: &str, traffic: &Value) -> Result<(), Refusal> {
    let mut sum = 0;
    for (name, percent) in traffic.as_object().into_iter().flatten() {
        if world
            .resource(&format!("{endpoint}/deployments/{name}"))
            .is_none()
        {
            return Err(refuse(format!(
                "Traffic is set for the deployment '{name}', which does not exist."
            )));
        }
        sum += percent
            .as_u64()
            .ok_or_else(|| refuse("Traffic percentages must be whole numbers from 0 to 100."))?;
    }
    if sum != 0 && sum != 100 {
        return Err(refuse(format!(
            "Traffic percentages must add up to 0 or 100; they add up to {sum}."
        )));
    }
    Ok(())
}

/// URL of a compute's front end.
fn scoring_address(world: &World, compute: &Resource) -> String {
    let cluster = compute.body["properties"]["resourceId"]
        .as_str()
        .unwrap_or_default();
    let Some(front_end) = scoring::find(world, cluster, EXTENSION) else {
        return String::new();
    };
    let cname = extensions::of_machine_learning(world, cluster)
        .and_then(|found| found.body["properties"]["configurationSettings"]["sslCname"].as_str())
        .filter(|name| !name.is_empty());
    front_end.url(cname)
}
