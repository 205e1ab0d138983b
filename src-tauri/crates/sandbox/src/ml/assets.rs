//! Models, environments and code of a workspace: named, versioned, and unchangeable except for what describes
//! them (machinelearningservices 2024-04-01, mfe).

use super::{curated, datastores, workspaces};
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::resource_id::name_of;
use crate::world::{Resource, World};
use serde_json::{Value, json};

/// What an asset is: the type, and the members that cannot change.
struct Family {
    name: &'static str,
    content: &'static [&'static str],
}

const FAMILIES: [Family; 3] = [
    Family {
        name: "models",
        content: &["modelUri"],
    },
    Family {
        name: "environments",
        content: &["image", "condaFile", "build"],
    },
    Family {
        name: "codes",
        content: &["codeUri"],
    },
];

/// The ids of an asset in a request.
struct Place {
    workspace: String,
    kind: String,
    container: String,
    version: String,
}

/// Handles `workspaces/*/{models, environments, codes}…` and `workspaces/*/datastores…`.
pub(super) fn handle(world: &mut World, call: &Call, shape: &str, now: Now) -> Handled {
    let workspace = workspaces::find(world, call)?.id.clone();
    let below = shape.trim_start_matches("workspaces/*/");
    if below.starts_with("datastores") {
        return datastores::handle(world, call, &workspace, now);
    }
    let name = below.split('/').next().unwrap_or_default();
    let family = FAMILIES.iter().find(|family| family.name == name);
    let family = family.ok_or_else(|| Refusal::resource_not_found(call))?;
    let container = format!("{workspace}/{}/{}", family.name, call.name(1));
    let place = Place {
        version: format!("{container}/versions/{}", call.name(2)),
        kind: format!("Microsoft.MachineLearningServices/workspaces/{}", family.name),
        workspace,
        container,
    };
    match (call.method.as_str(), below.split('/').count()) {
        ("GET", 1) => Ok(list(world, call, &place)),
        ("GET", 2) => named(world, &place.kind, &place.container)
            .map(Answer::ok)
            .ok_or_else(|| Refusal::resource_not_found(call)),
        ("GET", 3) => Ok(versions(world, call, family, &place)),
        ("GET", 4) => version(world, &place.version)
            .map(Answer::ok)
            .ok_or_else(|| Refusal::resource_not_found(call)),
        ("POST", 5) if shape.ends_with("/startpendingupload") && family.name == "codes" => {
            datastores::start_pending_upload(world, call, &place.workspace, now)
        }
        ("PUT", 4) => put(world, call, family, &place, now),
        ("DELETE", 4) => Ok(delete(world, &place.kind, &place.version)),
        _ => Err(Refusal::resource_not_found(call)),
    }
}

/// A version by its id: one of the workspace, or a curated environment.
pub(crate) fn version(world: &World, id: &str) -> Option<Value> {
    let own = world.resource(id).map(|found| found.body.clone());
    own.or_else(|| curated::version(id))
}

fn is_shown(call: &Call, body: &Value) -> bool {
    let archived = body["properties"]["isArchived"] == json!(true);
    match call.query("listViewType").unwrap_or("ActiveOnly") {
        "All" => true,
        "ArchivedOnly" => archived,
        _ => !archived,
    }
}

fn list(world: &World, call: &Call, place: &Place) -> Answer {
    let own = world.list(&place.workspace, &place.kind);
    let mut bodies: Vec<Value> = own
        .filter_map(|found| named(world, &place.kind, &found.id))
        .collect();
    if place.kind.ends_with("/environments") {
        bodies.extend(curated::containers(&place.workspace));
    }
    bodies.retain(|body| is_shown(call, body));
    Answer::list(call, bodies)
}

/// The body of a named asset, with its latest version and the next free number.
fn named(world: &World, kind: &str, id: &str) -> Option<Value> {
    let Some(found) = world.resource(id) else {
        return curated::container(id);
    };
    let mut body = found.body.clone();
    body["properties"]["nextVersion"] = json!(next_version(world, kind, id).to_string());
    Some(body)
}

/// The next free number of a named asset.
pub(super) fn next_version(world: &World, kind: &str, id: &str) -> u64 {
    let numbers = world
        .list(id, &format!("{kind}/versions"))
        .filter_map(|version| name_of(&version.id).parse::<u64>().ok());
    numbers.max().map_or(1, |most| most.saturating_add(1))
}

/// Versions of an asset; with `hash`, those of the whole workspace that have the same content.
fn versions(world: &World, call: &Call, family: &Family, place: &Place) -> Answer {
    let kind = format!("{}/versions", place.kind);
    let wanted = call.query("hash").filter(|_| family.name == "codes");
    let scope = if wanted.is_some() {
        &place.workspace
    } else {
        &place.container
    };
    let same = |body: &Value| {
        let own = &body["properties"]["properties"];
        let text = |member: &str| match &own[member] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        wanted.is_none_or(|hash| text("hash_sha256") == hash)
            && call
                .query("hashVersion")
                .is_none_or(|version| text("hash_version") == version)
    };
    let own = world.list(scope, &kind).map(|found| found.body.clone());
    let mut bodies: Vec<Value> = own.filter(|body| same(body) && is_shown(call, body)).collect();
    if family.name == "environments" {
        bodies.extend(curated::versions(&place.container));
    }
    if call
        .query("$orderBy")
        .is_some_and(|order| order.to_ascii_lowercase().contains("desc"))
    {
        let created = |body: &Value| {
            body["systemData"]["createdAt"]
                .as_str()
                .unwrap_or_default()
                .to_string()
        };
        bodies.sort_by_key(|body| std::cmp::Reverse(created(body)));
    }
    Answer::list(call, bodies)
}

fn refuse(message: impl Into<String>) -> Refusal {
    Refusal::bad_request("UserError", message)
}

fn put(world: &mut World, call: &Call, family: &Family, place: &Place, now: Now) -> Handled {
    let given = &call.body["properties"];
    check_name(call.name(1))?;
    check_name(call.name(2))?;
    if family.name == "environments" && curated::is_curated(call.name(1)) {
        return Err(refuse(
            "Names that begin with 'AzureML' are for curated environments.",
        ));
    }
    if family.content.iter().all(|member| given[*member].is_null()) {
        return Err(refuse(format!(
            "The asset has no content: one of {} is needed.",
            family.content.join(", ")
        )));
    }
    let old = world.resource(&place.version).cloned();
    if let Some(old) = &old {
        let before = &old.body["properties"];
        let changed = |member: &&&str| {
            let (before, given) = (&before[**member], &given[**member]);
            !given.is_null() && before != given
        };
        if let Some(member) = family.content.iter().find(changed) {
            return Err(Refusal::conflict(
                "UserError",
                format!(
                    "The asset '{}' exists already with version '{}', and its {member} cannot be changed.",
                    call.name(1),
                    call.name(2)
                ),
            ));
        }
    }
    let mut body = call.body.clone();
    body["id"] = json!(place.version);
    body["name"] = json!(call.name(2));
    body["type"] = json!(format!("{}/versions", place.kind));
    body["systemData"] = super::system_data(old.as_ref(), call, now);
    let properties = &mut body["properties"];
    properties["provisioningState"] = json!("Succeeded");
    for (member, fallback) in [
        ("isAnonymous", json!(false)),
        ("isArchived", json!(false)),
        ("tags", json!({})),
        ("properties", json!({})),
    ] {
        if properties[member].is_null() {
            properties[member] = fallback;
        }
    }
    // The SDK reads this member without checking that it exists.
    if family.name == "models" && properties["flavors"].is_null() {
        properties["flavors"] = json!({});
    }
    if family.name == "environments" {
        properties["environmentType"] = json!("UserCreated");
        properties["osType"] = json!(given["osType"].as_str().unwrap_or("Linux"));
    }
    let anonymous = given["isAnonymous"] == json!(true);
    put_container(
        world,
        call,
        (&place.container, &place.kind),
        call.name(2),
        anonymous,
        now,
    );
    let kind = format!("{}/versions", place.kind);
    world.put(Resource::new(&place.version, &kind, body.clone()));
    Ok(Answer::ok_or_created(old.is_some(), body))
}

/// Writes the named asset that has a new version. Anonymous ones are not listed.
pub(super) fn put_container(
    world: &mut World,
    call: &Call,
    (id, kind): (&str, &str),
    latest: &str,
    anonymous: bool,
    now: Now,
) {
    let old = world.resource(id).cloned();
    let body = json!({
        "id": id, "name": name_of(id), "type": kind, "systemData": super::system_data(old.as_ref(), call, now),
        "properties": { "latestVersion": latest, "isArchived": anonymous, "tags": {}, "properties": {} },
    });
    world.put(Resource::new(id, kind, body));
}

/// Letters, digits, `-`, `_` and `.`, up to 255, not at the beginning.
fn check_name(name: &str) -> Result<(), Refusal> {
    let letters = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let begins = name.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
    if begins && name.len() <= 255 && name.chars().all(letters) {
        return Ok(());
    }
    Err(refuse(format!(
        "The name or version '{name}' is invalid: up to 255 letters, digits, '-', '_' and '.'."
    )))
}

/// Deletes a version, and the named asset with its last one.
pub(super) fn delete(world: &mut World, kind: &str, version: &str) -> Answer {
    if world.remove(version).is_none() {
        return Answer::no_content();
    }
    let container = version
        .rsplit_once("/versions/")
        .map_or(version, |(container, _)| container);
    let last = world
        .list(container, &format!("{kind}/versions"))
        .next()
        .is_none();
    if last {
        world.remove(container);
    }
    Answer::ok(json!(null))
}
