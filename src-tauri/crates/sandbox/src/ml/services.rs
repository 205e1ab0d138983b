//! Classic web services: the model management API, as SDK version 1 uses it (package azureml-core 1.61,
//! `_model_management` and `webservice`; the service has no published description).

use super::deployed::Inner;
use super::keys::secret;
use super::service_bodies::{self as bodies, content, has_versions, part, parts};
use super::service_operations::{self as operations, Details};
use super::{COMPUTE, MlEffect, mms, service_checks, service_deploy as deploy, workspaces};
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::operation::Start;
use crate::world::{Resource, World};
use serde_json::{Value, json};

pub(crate) const SERVICE: &str = "Microsoft.MachineLearningServices/workspaces/services";
/// Path prefix of the API.
pub(crate) const PREFIX: &str = "/modelmanagement/v1.0";
/// Azure seconds of a change that restarts nothing.
pub(super) const CHANGE_SECONDS: u64 = 10;

pub(super) fn id_of(call: &Call, name: &str) -> String {
    format!("{}/services/{name}", workspaces::id_of(call))
}

fn find<'a>(world: &'a World, call: &Call) -> Result<&'a Resource, Refusal> {
    world.resource(&id_of(call, call.name(1))).ok_or_else(|| {
        Refusal::not_found(
            "ServiceNotFound",
            format!(
                "Service with name {} not found in provided workspace.",
                call.name(1)
            ),
        )
    })
}

/// Handles `/modelmanagement/v1.0/…/workspaces/{w}`.
pub(crate) fn handle(world: &mut World, call: &Call, now: Now) -> Handled {
    let workspace = workspaces::find(world, call)?.id.clone();
    let (method, shape) = call.route();
    let method = method.to_string();
    match (method.as_str(), shape.trim_start_matches("workspaces/*/")) {
        ("GET", "services") => Ok(list(world, call)),
        ("POST", "services") => create(world, call, &workspace, now),
        ("GET", "services/*") => find(world, call).map(|found| Answer::ok(found.body.clone())),
        ("PATCH", "services/*") => patch(world, call, &workspace, now),
        ("DELETE", "services/*") => Ok(delete(world, call)),
        ("POST", "services/*/listkeys") => keys(world, call),
        ("POST", "services/*/regeneratekeys") => regenerate(world, call, now),
        ("POST", "services/*/token") => token(world, call, now),
        ("GET", "services/*/logs") => logs(world, call),
        ("GET", "operations/*") => operations::get(world, call, now),
        // `validate/name/{n}`, `validate/resource`, `validate`.
        ("POST", "services/*/name/*") => Ok(service_checks::name(world, call)),
        ("POST", "services/*/resource") => Ok(service_checks::capacity(world, call, &workspace)),
        ("POST", "services/*") if call.name(1).eq_ignore_ascii_case("validate") => {
            Ok(service_checks::request(world, call))
        }
        ("POST", "assets") => mms::create_asset(world, call, &workspace, now),
        ("GET", "assets/*") => mms::get_asset(world, call, &workspace),
        ("POST", "models") => mms::register(world, call, &workspace, now),
        ("GET", "models") => Ok(mms::list_models(world, call, &workspace)),
        ("GET", "models/*") => mms::get_model(world, call, &workspace),
        ("DELETE", "models/*") => Ok(mms::delete_model(world, call, &workspace)),
        // Images of their own are older than environments: there are none.
        ("GET", "images") => Ok(Answer::ok(json!({ "value": [], "nextLink": null }))),
        _ => Err(Refusal::resource_not_found(call)),
    }
}

fn list(world: &World, call: &Call) -> Answer {
    let fits = |found: &&Resource| {
        let same = |query: &str, value: &str| {
            call.query(query)
                .is_none_or(|wanted| value.eq_ignore_ascii_case(wanted))
        };
        let models: Vec<String> = parts(&found.body)
            .iter()
            .map(|name| model_id(&found.body, name))
            .collect();
        let model = call.query("modelId").or_else(|| call.query("modelName"));
        let of_model = model.is_none_or(|wanted| {
            models
                .iter()
                .any(|id| id == wanted || id.split(':').next() == Some(wanted))
        });
        let kind = found.body["computeType"].as_str().unwrap_or_default();
        of_model
            && same("computeType", kind)
            && same("computeName", bodies::compute_name(&found.body))
            && has_pairs(call.query("tags"), &found.body["kvTags"])
            && has_pairs(call.query("properties"), &found.body["properties"])
    };
    let bodies = world.list(&workspaces::id_of(call), SERVICE).filter(fits);
    Answer::list(call, bodies.map(|found| found.body.clone()).collect())
}

/// Whether an object has all of `name=value,name`.
fn has_pairs(wanted: Option<&str>, object: &Value) -> bool {
    let mut pairs = wanted
        .unwrap_or_default()
        .split(',')
        .filter(|pair| !pair.is_empty());
    pairs.all(|pair| match pair.split_once('=') {
        Some((name, value)) => object[name] == json!(value),
        None => !object[pair].is_null(),
    })
}

/// The model of a part, as `name:version`; empty without one.
pub(super) fn model_id(body: &Value, name: &str) -> String {
    let request = &part(body, name)["environmentImageRequest"];
    request["modelIds"][0].as_str().unwrap_or_default().to_string()
}

/// The cluster that a service runs on.
pub(crate) fn cluster_of(world: &World, service: &Resource) -> Option<String> {
    let workspace = service.id.rsplit_once("/services/")?.0;
    let name = bodies::compute_name(&service.body);
    let compute = world.resource(&format!("{workspace}/computes/{name}"))?;
    compute.body["properties"]["resourceId"]
        .as_str()
        .map(str::to_string)
}

fn create(world: &mut World, call: &Call, workspace: &str, now: Now) -> Handled {
    let name = call.body["name"].as_str().unwrap_or_default().to_string();
    if let Some(why) = wrong_name(&name) {
        return Err(bad(why));
    }
    let id = id_of(call, &name);
    if world.resource(&id).is_some() && call.body["overwrite"] != json!(true) {
        return Err(Refusal::conflict(
            "ServiceAlreadyExists",
            format!(
                "Service {name} with the same name already exists, please use a different service name or delete the existing service."
            ),
        ));
    }
    check_compute(world, call)?;
    check_auth(&call.body)?;
    let mut body = call.body.clone();
    let given = body["keys"].clone();
    for member in ["keys", "overwrite"] {
        body.as_object_mut().map(|members| members.remove(member));
    }
    bodies::fill(&mut body, &name, call, now);
    if has_versions(&body) {
        bodies::settle(&mut body).map_err(bad)?;
    }
    let mut resource = Resource::new(&id, SERVICE, body);
    let key = |member: &str| given[member].as_str().map_or_else(secret, str::to_string);
    resource.secrets = json!({ "primaryKey": key("primaryKey"), "secondaryKey": key("secondaryKey"), "tokens": {}, "inner": {} });
    if let Some(old) = world.resource(&id).cloned() {
        for part in parts(&old.body) {
            deploy::stop_pods(world, &old, &part);
        }
    }
    let changed = parts(&resource.body);
    Ok(deploy::write(world, call, workspace, resource, &changed, now))
}

fn check_compute(world: &World, call: &Call) -> Result<(), Refusal> {
    let name = bodies::compute_name(&call.body);
    let compute = world.resource(&format!("{}/computes/{name}", workspaces::id_of(call)));
    let usable = compute.is_some_and(|found| {
        found.is(COMPUTE)
            && found.body["properties"]["computeType"] == "AKS"
            && found.provisioning_state() == "Succeeded"
    });
    if usable {
        return Ok(());
    }
    Err(bad(format!("Compute target {name} cannot be deployed to.")))
}

fn check_auth(body: &Value) -> Result<(), Refusal> {
    if body["authEnabled"] == json!(true) && body["aadAuthEnabled"] == json!(true) {
        return Err(bad("Key and token authentication cannot both be enabled."));
    }
    Ok(())
}

/// JSON Patch (RFC 6902): replace, add, remove.
fn patch(world: &mut World, call: &Call, workspace: &str, now: Now) -> Handled {
    let mut resource = find(world, call)?.clone();
    let before = resource.body.clone();
    let patch: json_patch::Patch =
        serde_json::from_value(call.body.clone()).map_err(|error| bad(error.to_string()))?;
    // The SDK replaces members that may not exist.
    for operation in call.body.as_array().into_iter().flatten() {
        let path = operation["path"].as_str().unwrap_or_default();
        if operation["op"] == "replace" && resource.body.pointer(path).is_none() {
            ensure_parents(&mut resource.body, path);
        }
    }
    json_patch::patch(&mut resource.body, &patch).map_err(|error| bad(error.to_string()))?;
    if !resource.body.is_object() || resource.body["computeType"] != before["computeType"] {
        return Err(bad("The patch would make it another kind of service."));
    }
    check_auth(&resource.body)?;
    let name = before["name"].as_str().unwrap_or_default().to_string();
    bodies::fill(&mut resource.body, &name, call, now);
    if has_versions(&resource.body) {
        bodies::settle(&mut resource.body).map_err(bad)?;
    }
    let differs = |name: &String| content(part(&before, name)) != content(part(&resource.body, name));
    let changed: Vec<String> = parts(&resource.body).into_iter().filter(differs).collect();
    let gone = parts(&before)
        .into_iter()
        .filter(|name| part(&resource.body, name).is_null());
    let gone: Vec<String> = gone.collect();
    for name in gone {
        deploy::stop_pods(world, &resource, &name);
        resource.secrets["inner"]
            .as_object_mut()
            .map(|all| all.remove(&name));
    }
    Ok(deploy::write(world, call, workspace, resource, &changed, now))
}

fn ensure_parents(body: &mut Value, path: &str) {
    let mut at = body;
    for part in path.trim_start_matches('/').split('/') {
        if !at.is_object() {
            *at = json!({});
        }
        at = &mut at[part];
    }
}

fn delete(world: &mut World, call: &Call) -> Answer {
    let Some(found) = world.resource(&id_of(call, call.name(1))).cloned() else {
        return Answer::no_content();
    };
    for name in parts(&found.body) {
        deploy::stop_pods(world, &found, &name);
    }
    world.remove(&found.id);
    Answer::ok(json!({}))
}

fn keys(world: &World, call: &Call) -> Handled {
    let found = find(world, call)?;
    Ok(Answer::ok(
        json!({ "primaryKey": found.secrets["primaryKey"], "secondaryKey": found.secrets["secondaryKey"] }),
    ))
}

fn regenerate(world: &mut World, call: &Call, now: Now) -> Handled {
    let found = find(world, call)?;
    let (id, service) = (found.id.clone(), found.body["name"].clone());
    let member = match call.body["keyType"].as_str() {
        Some("Primary") => "primaryKey",
        Some("Secondary") => "secondaryKey",
        _ => return Err(bad("keyType must be Primary or Secondary.")),
    };
    let value = call.body["keyValue"].as_str().map_or_else(secret, str::to_string);
    if let Some(found) = world.resource_mut(&id) {
        found.secrets[member] = json!(value);
    }
    let details = Details {
        service: service.as_str().unwrap_or_default().to_string(),
        ..Details::default()
    };
    let start = Start::new(&id, CHANGE_SECONDS, Effect::Ml(MlEffect::KeyRenewed));
    Ok(operations::started(
        world,
        call,
        start,
        &details,
        Answer::accepted(),
        now,
    ))
}

/// Lifetime of a token, in real seconds.
const TOKEN_SECONDS: i64 = 12 * 3600;

fn token(world: &mut World, call: &Call, now: Now) -> Handled {
    let id = find(world, call)?.id.clone();
    let (token, until) = (secret(), now.wall.as_second() + TOKEN_SECONDS);
    let Some(found) = world.resource_mut(&id) else {
        return Err(Refusal::resource_not_found(call));
    };
    if found.body["aadAuthEnabled"] != json!(true) {
        return Err(bad("Token authentication is not enabled for this service."));
    }
    found.secrets["tokens"][token.as_str()] = json!(until);
    Ok(Answer::ok(
        json!({ "accessToken": token, "tokenType": "Bearer", "refreshAfter": until - TOKEN_SECONDS / 2, "expiryOn": until }),
    ))
}

fn logs(world: &World, call: &Call) -> Handled {
    let found = find(world, call)?;
    let tail = call
        .query("tail")
        .and_then(|tail| tail.parse().ok())
        .unwrap_or(5000);
    let init = call
        .query("init")
        .is_some_and(|flag| flag.eq_ignore_ascii_case("true"));
    let container = if init {
        "StorageInitializer"
    } else {
        "InferenceServer"
    };
    let of_part = |name: String| {
        let inner: Option<Inner> = serde_json::from_value(found.secrets["inner"][&name].clone()).ok();
        super::logs::container(
            container,
            inner.as_ref().map(|inner| (inner.stage, inner.log.as_str())),
            tail,
        )
    };
    let text: Vec<String> = parts(&found.body).into_iter().map(of_part).collect();
    Ok(Answer::ok(json!({ "content": text.join("\n") })))
}

/// `^[a-z]([-a-z0-9]*[a-z0-9])?$`, 3 to 32 (azureml-core webservice.py).
pub(super) fn wrong_name(name: &str) -> Option<String> {
    let letters = name
        .chars()
        .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-');
    let fits = letters
        && (3..=32).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-');
    (!fits).then(|| {
        format!(
            "Service name {name} is invalid: 3 to 32 lower case letters, digits and '-', from a letter on."
        )
    })
}

fn bad(message: impl Into<String>) -> Refusal {
    Refusal::bad_request("BadRequest", message)
}
