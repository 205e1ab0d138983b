//! Models, environments and code of a workspace: named, versioned and stored as sent (machinelearningservices
//! 2024-04-01, mfe).

use super::workspaces;
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::world::{Resource, World};
use serde_json::json;

/// Handles `workspaces/*/{models
///
/// environments
///
/// codes}…` and `workspaces/*/datastores`.
pub(super) fn handle(world: &mut World, call: &Call, shape: &str) -> Handled {
    let workspace = workspaces::find(world, call)?.id.clone();
    let family = call
        .arm
        .rest
        .get(2)
        .map(|part| part.to_ascii_lowercase())
        .unwrap_or_default();
    let kind = format!("Microsoft.MachineLearningServices/workspaces/{family}");
    let depth = shape.trim_start_matches("workspaces/*/").split('/').count();
    let container = format!("{workspace}/{family}/{}", call.name(1));
    let version = format!("{container}/versions/{}", call.name(2));
    match (call.method.as_str(), depth) {
        ("GET", 1) if family == "datastores" => Ok(Answer::list(call, vec![default_store(&workspace)])),
        ("GET", 1) => Ok(Answer::bodies(call, world.list(&workspace, &kind))),
        ("GET", 2) => one(world, call, &container),
        ("GET", 3) => Ok(Answer::bodies(
            call,
            world.list(&container, &format!("{kind}/versions")),
        )),
        ("GET", 4) => one(world, call, &version),
        ("POST", 5) if shape.ends_with("/startpendingupload") => {
            Ok(Answer::ok(pending_upload(&workspace, &version)))
        }
        ("PUT", 4) => {
            let mut body = call.body.clone();
            body["id"] = json!(version);
            body["name"] = json!(call.name(2));
            body["type"] = json!(format!("{kind}/versions"));
            body["properties"]["provisioningState"] = json!("Succeeded");
            let known = world.resource(&version).is_some();
            if world.resource(&container).is_none() {
                let holder = json!({ "id": container, "name": call.name(1), "type": kind, "properties": { "latestVersion": call.name(2), "isArchived": false } });
                world.put(Resource::new(&container, &kind, holder));
            }
            world.put(Resource::new(&version, &format!("{kind}/versions"), body.clone()));
            Ok(if known {
                Answer::ok(body)
            } else {
                Answer::created(body)
            })
        }
        ("DELETE", 4) => Ok(if world.remove(&version).is_some() {
            Answer::ok(json!(null))
        } else {
            Answer::no_content()
        }),
        _ => Err(Refusal::resource_not_found(call)),
    }
}

fn one(world: &World, call: &Call, id: &str) -> Handled {
    let found = world
        .resource(id)
        .ok_or_else(|| Refusal::resource_not_found(call))?;
    Ok(Answer::ok(found.body.clone()))
}

fn default_store(workspace: &str) -> serde_json::Value {
    json!({ "id": format!("{workspace}/datastores/workspaceblobstore"), "name": "workspaceblobstore", "type": "Microsoft.MachineLearningServices/workspaces/datastores",
        "properties": { "datastoreType": "AzureBlob", "isDefault": true, "accountName": "sandbox", "containerName": "azureml", "endpoint": "core.windows.net", "protocol": "https" } })
}

/// There is no storage here: uploads are not kept.
fn pending_upload(workspace: &str, version: &str) -> serde_json::Value {
    json!({ "pendingUploadType": "TemporaryBlobReference", "pendingUploadId": version,
        "blobReferenceForConsumption": { "blobUri": "https://sandbox.blob.core.windows.net/azureml", "storageAccountArmId": workspace,
            "credential": { "credentialType": "SAS", "sasUri": "https://sandbox.blob.core.windows.net/azureml?sv=sandbox" } } })
}
