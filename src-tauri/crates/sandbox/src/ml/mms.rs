//! The model management API's assets and models, as SDK version 1 registers them (package azureml-core 1.61,
//! `_restclient/operations/asset_operations.py`, `ml_models_operations.py`). A model is the same as on the extension
//! route: one registry has both.

use super::assets;
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::resource_id::name_of;
use crate::world::{Resource, World};
use serde_json::{Value, json};

const ASSET: &str = "Microsoft.MachineLearningServices/workspaces/assets";
const MODEL: &str = "Microsoft.MachineLearningServices/workspaces/models";

fn bad(message: impl Into<String>) -> Refusal {
    Refusal::bad_request("BadRequest", message)
}

/// `POST assets`: a name for artifacts below a prefix.
pub(super) fn create_asset(world: &mut World, call: &Call, workspace: &str, now: Now) -> Handled {
    if call.body["artifacts"].as_array().is_none_or(Vec::is_empty) {
        return Err(bad("An asset needs artifacts."));
    }
    let id = uuid::Uuid::new_v4().simple().to_string();
    let mut body = call.body.clone();
    body["id"] = json!(id);
    body["createdTime"] = json!(now.rfc3339());
    world.put(Resource::new(
        format!("{workspace}/assets/{id}"),
        ASSET,
        body.clone(),
    ));
    Ok(Answer::ok(body))
}

pub(super) fn get_asset(world: &World, call: &Call, workspace: &str) -> Handled {
    let found = world.resource(&format!("{workspace}/assets/{}", call.name(1)));
    found
        .map(|found| Answer::ok(found.body.clone()))
        .ok_or_else(|| Refusal::not_found("AssetNotFound", "The asset could not be found."))
}

/// `POST models`: registers the next version.
pub(super) fn register(world: &mut World, call: &Call, workspace: &str, now: Now) -> Handled {
    let name = call.body["name"].as_str().unwrap_or_default();
    let letters = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    if name.is_empty() || name.len() > 255 || !name.chars().all(letters) {
        return Err(bad(format!("The model name '{name}' is invalid.")));
    }
    let url = call.body["url"].as_str().unwrap_or_default();
    let asset = url
        .strip_prefix("aml://asset/")
        .ok_or_else(|| bad("url must be aml://asset/{id}."))?;
    let asset = world.resource(&format!("{workspace}/assets/{asset}"));
    let prefix = asset.and_then(|asset| asset.body["artifacts"][0]["prefix"].as_str());
    let prefix = prefix.ok_or_else(|| bad(format!("The asset of '{url}' could not be found.")))?;
    let uri = format!("azureml:/{workspace}/datastores/workspaceartifactstore/paths/{prefix}");
    let container = format!("{workspace}/models/{name}");
    let kind = format!("{MODEL}/versions");
    let version = assets::next_version(world, MODEL, &container);
    let id = format!("{container}/versions/{version}");
    let text = |value: &Value, fallback: Value| if value.is_null() { fallback } else { value.clone() };
    let data = super::system_data(None, call, now);
    let body = json!({
        "id": id, "name": version.to_string(), "type": kind, "systemData": data,
        "properties": { "modelUri": uri, "modelType": "custom_model", "description": call.body["description"],
            "tags": text(&call.body["kvTags"], json!({})), "properties": text(&call.body["properties"], json!({})),
            "flavors": {}, "isArchived": false, "isAnonymous": false, "provisioningState": "Succeeded" },
    });
    let mut resource = Resource::new(&id, &kind, body);
    resource.secrets = json!({ "url": url, "framework": text(&call.body["framework"], json!("Custom")),
        "frameworkVersion": call.body["frameworkVersion"], "unpack": text(&call.body["unpack"], json!(false)) });
    let shown = model(&resource);
    world.put(resource);
    assets::put_container(world, call, (&container, MODEL), &version.to_string(), false, now);
    Ok(Answer::ok(shown))
}

/// A model as this API shows it.
pub(super) fn model(found: &Resource) -> Value {
    let (container, version) = found.id.rsplit_once("/versions/").unwrap_or((&found.id, "1"));
    let (name, properties) = (name_of(container), &found.body["properties"]);
    let url = found.secrets["url"]
        .as_str()
        .map_or_else(|| properties["modelUri"].clone(), |url| json!(url));
    json!({
        "id": format!("{name}:{version}"), "name": name, "version": version.parse::<u64>().unwrap_or(1), "url": url,
        "framework": found.secrets["framework"].as_str().unwrap_or("Custom"), "frameworkVersion": found.secrets["frameworkVersion"],
        "mimeType": "application/x-python", "description": properties["description"], "unpack": found.secrets["unpack"] == json!(true),
        "createdTime": found.body["systemData"]["createdAt"], "modifiedTime": found.body["systemData"]["lastModifiedAt"],
        "createdBy": { "userObjectId": null, "userTenantId": null, "userName": found.body["systemData"]["createdBy"] },
        "kvTags": properties["tags"], "tags": properties["tags"], "properties": properties["properties"], "datasets": [],
        "parentModelId": null, "runId": null, "experimentName": null, "derivedModelIds": [], "resourceRequirements": null,
        "sampleInputData": null, "sampleOutputData": null,
    })
}

/// Id of the resource of a model named `name:version`.
pub(super) fn id_of(workspace: &str, id: &str) -> Option<String> {
    let (name, version) = id.rsplit_once(':')?;
    Some(format!("{workspace}/models/{name}/versions/{version}"))
}

pub(super) fn get_model(world: &World, call: &Call, workspace: &str) -> Handled {
    let id = id_of(workspace, call.name(1)).unwrap_or_default();
    world
        .resource(&id)
        .map(|found| Answer::ok(model(found)))
        .ok_or_else(|| {
            Refusal::not_found(
                "ModelNotFound",
                format!("The model {} could not be found.", call.name(1)),
            )
        })
}

/// `GET models?name=…&orderBy=CreatedAtDesc&count=1`.
pub(super) fn list_models(world: &World, call: &Call, workspace: &str) -> Answer {
    let kind = format!("{MODEL}/versions");
    let mut all: Vec<Value> = world
        .list(&format!("{workspace}/models"), &kind)
        .map(model)
        .collect();
    if let Some(name) = call.query("name") {
        all.retain(|model| model["name"] == json!(name));
    }
    if call.query("orderBy").is_none_or(|order| order.ends_with("Desc")) {
        all.sort_by_key(|model| std::cmp::Reverse(model["version"].as_u64()));
    }
    if let Some(count) = call.query("count").and_then(|count| count.parse::<usize>().ok()) {
        all.truncate(count);
    }
    Answer::ok(json!({ "value": all, "nextLink": null }))
}

pub(super) fn delete_model(world: &mut World, call: &Call, workspace: &str) -> Answer {
    let id = id_of(workspace, call.name(1)).unwrap_or_default();
    assets::delete(world, MODEL, &id)
}
