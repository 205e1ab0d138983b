//! Keys and tokens of online endpoints.

use super::endpoints::{ENDPOINT, find, refuse};
use super::services::SERVICE;
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::world::{Resource, World};
use rand::Rng as _;
use rand::distr::Alphanumeric;
use serde_json::{Value, json};

/// Lifetime of a token, in real seconds: it is to be renewed after half of it.
const TOKEN_SECONDS: i64 = 24 * 3600;

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
    // azure-ai-ml sends the present key when it asks for a new one (`_online_endpoint_operations.py`).
    let present = world.resource(&id).map(|found| found.secrets[member].clone());
    let value = call.body["keyValue"]
        .as_str()
        .filter(|value| !value.is_empty() && present != Some(json!(value)))
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

pub(super) fn secret() -> String {
    rand::rng()
        .sample_iter(Alphanumeric)
        .take(32)
        .map(char::from)
        .collect()
}

/// Generates new keys for endpoints and services whose keys are lost.
pub(crate) fn renew_keys(world: &mut World) {
    let answers = |found: &&Resource| found.is(ENDPOINT) || found.is(SERVICE);
    let ids: Vec<String> = world
        .resources()
        .filter(answers)
        .map(|found| found.id.clone())
        .collect();
    for id in ids {
        if let Some(found) = world
            .resource_mut(&id)
            .filter(|found| found.secrets["primaryKey"].is_string())
        {
            found.secrets["primaryKey"] = json!(secret());
            found.secrets["secondaryKey"] = json!(secret());
        }
    }
}

pub(super) fn new(given: &Value) -> Value {
    let key = |name: &str| given["keys"][name].as_str().map_or_else(secret, str::to_string);
    json!({ "primaryKey": key("primaryKey"), "secondaryKey": key("secondaryKey"), "tokens": {} })
}
