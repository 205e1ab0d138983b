//! A workspace's data stores on its storage account, and the containers that uploads of code get
//! (machinelearningservices 2024-04-01, mfe: Datastores, CodeVersions_CreateOrGetStartPendingUpload).

use super::WORKSPACE;
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::resource_id::{ArmPath, name_of, stable_uuid};
use crate::storage::Account;
use crate::storage::address;
use crate::storage::sas::Grant;
use crate::world::World;
use serde_json::{Value, json};

pub(crate) const BLOB_STORE: &str = "workspaceblobstore";
const ARTIFACT_STORE: &str = "workspaceartifactstore";
/// Container of artifacts, and of the logs of image builds.
pub(crate) const ARTIFACTS: &str = "azureml";
const KIND: &str = "Microsoft.MachineLearningServices/workspaces/datastores";
/// Hours for which an upload's SAS is valid.
const UPLOAD_HOURS: i64 = 24;

/// The storage account of a workspace, from its body or, where that names none, as the service would create it.
pub(super) fn account_id(workspace: &str, given: &Value) -> String {
    if let Some(id) = given.as_str().filter(|id| !id.is_empty()) {
        return id.to_string();
    }
    let scope = workspace.split("/providers/").next().unwrap_or_default();
    let letters = stable_uuid(workspace).simple().to_string();
    let letters = letters.get(..12).unwrap_or_default();
    format!("{scope}/providers/Microsoft.Storage/storageAccounts/st{letters}")
}

fn container_of(workspace: &str, store: &str) -> String {
    if store == ARTIFACT_STORE {
        return ARTIFACTS.to_string();
    }
    format!("azureml-blobstore-{}", stable_uuid(workspace))
}

/// Creates a workspace's storage account with its containers, unless they exist.
pub(super) fn ensure(
    world: &mut World,
    workspace: &str,
    account: &str,
    location: &str,
    wall: jiff::Timestamp,
) {
    world.storage.ensure_account(account, location);
    let name = name_of(account).to_ascii_lowercase();
    for store in [BLOB_STORE, ARTIFACT_STORE] {
        world
            .storage
            .ensure_container(&name, &container_of(workspace, store), wall);
    }
}

/// Creates what workspaces of a state that an earlier version saved lack.
pub(crate) fn ensure_all(world: &mut World, wall: jiff::Timestamp) {
    let all: Vec<(String, String, String)> = world
        .list("", WORKSPACE)
        .map(|found| {
            let account = account_id(&found.id, &found.body["properties"]["storageAccount"]);
            (found.id.clone(), account, found.location())
        })
        .collect();
    for (workspace, account, location) in all {
        ensure(world, &workspace, &account, &location, wall);
    }
}

/// The name of a workspace's storage account, and the account.
pub(crate) fn account<'a>(world: &'a World, workspace: &str) -> Option<(String, &'a Account)> {
    let found = world.resource(workspace)?;
    let id = account_id(&found.id, &found.body["properties"]["storageAccount"]);
    let name = name_of(&id).to_ascii_lowercase();
    world
        .storage
        .account(&name)
        .map(|account| (name.clone(), account))
}

/// Account, container and path of an address in a workspace's storage: a blob's own, or that of a data store
/// (`azureml://…/datastores/{name}/paths/{path}`).
pub(crate) fn located(workspace: &str, account: &str, uri: &str) -> Option<address::Target> {
    let Some(rest) = uri.strip_prefix("azureml://") else {
        return address::Target::parse(uri);
    };
    let (_, rest) = format!("/{rest}")
        .split_once("/datastores/")
        .map(|(before, after)| (before.to_string(), after.to_string()))?;
    let (store, path) = rest.split_once("/paths/")?;
    Some(address::Target {
        account: account.to_string(),
        container: container_of(workspace, store),
        blob: path.trim_matches('/').to_string(),
    })
}

pub(super) fn handle(world: &mut World, call: &Call, workspace: &str, now: Now) -> Handled {
    let missing = || Refusal::resource_not_found(call);
    let (name, account) = account(world, workspace).ok_or_else(missing)?;
    let (method, shape) = call.route();
    match (method, shape.as_str()) {
        ("GET", "workspaces/*/datastores") => {
            let only_default = call
                .query("isDefault")
                .is_some_and(|flag| flag.eq_ignore_ascii_case("true"));
            let stores = [BLOB_STORE, ARTIFACT_STORE].into_iter();
            let stores = stores.filter(|store| !only_default || *store == BLOB_STORE);
            let bodies = stores
                .map(|store| body(call, workspace, store, &name, account))
                .collect();
            Ok(Answer::list(call, bodies))
        }
        ("GET", "workspaces/*/datastores/*") => {
            let store = known(call.name(1)).ok_or_else(missing)?;
            Ok(Answer::ok(body(call, workspace, store, &name, account)))
        }
        ("POST", "workspaces/*/datastores/*/listsecrets") => {
            let store = known(call.name(1)).ok_or_else(missing)?;
            secrets(call, &name, account, &container_of(workspace, store), now)
        }
        _ => Err(missing()),
    }
}

fn known(name: &str) -> Option<&'static str> {
    [BLOB_STORE, ARTIFACT_STORE]
        .into_iter()
        .find(|store| store.eq_ignore_ascii_case(name))
}

fn body(call: &Call, workspace: &str, store: &str, account_name: &str, account: &Account) -> Value {
    let own = ArmPath::parse(&account.id);
    let credentials = if account.keys_allowed {
        "AccountKey"
    } else {
        "None"
    };
    json!({
        "id": format!("{workspace}/datastores/{store}"), "name": store, "type": KIND,
        "systemData": { "createdAt": "2026-01-01T00:00:00Z", "createdBy": "Service Principal", "createdByType": "Application" },
        "properties": {
            "datastoreType": "AzureBlob", "isDefault": store == BLOB_STORE, "accountName": account_name,
            "containerName": container_of(workspace, store), "endpoint": address::suffix(&call.base), "protocol": "https",
            "subscriptionId": own.subscription, "resourceGroup": own.group, "serviceDataAccessAuthIdentity": "None",
            "credentials": { "credentialsType": credentials }, "description": null, "tags": {}, "properties": {},
        },
    })
}

fn keys_off() -> Refusal {
    Refusal::forbidden(
        "KeyBasedAuthenticationNotPermitted",
        "Key based authentication is not permitted on this storage account.",
    )
}

/// What a shared access signature allows.
pub(super) struct Allows<'a> {
    pub(super) container: &'a str,
    /// A blob's name; `None` for the container.
    pub(super) blob: Option<&'a str>,
    /// In the documented order: `racwdl`.
    pub(super) permissions: &'static str,
    pub(super) hours: i64,
}

/// The query of an address with a signature, without `?`.
///
/// # Errors
/// 403 when the keys of the account are off.
pub(super) fn signature(
    (name, account): (&str, &Account),
    allows: &Allows<'_>,
    now: Now,
) -> Result<String, Refusal> {
    if !account.keys_allowed {
        return Err(keys_off());
    }
    let grant = Grant {
        account: name,
        key: &account.key1,
        container: allows.container,
        blob: allows.blob,
        permissions: allows.permissions,
        now: now.wall,
        hours: allows.hours,
    };
    Ok(grant.query())
}

/// The address of an artifact, with a signature that allows what is needed.
///
/// # Errors
/// 403 when the keys of the account are off.
pub(super) fn artifact_address(
    call: &Call,
    (name, account): (&str, &Account),
    blob: &str,
    permissions: &'static str,
    hours: i64,
    now: Now,
) -> Result<String, Refusal> {
    let allows = Allows {
        container: ARTIFACTS,
        blob: Some(blob),
        permissions,
        hours,
    };
    let query = signature((name, account), &allows, now)?;
    let host = address::by_host(&call.base, name);
    Ok(format!("{host}/{ARTIFACTS}/{}?{query}", address::encoded(blob)))
}

/// `listSecrets`: a SAS that expires, or the account's key.
fn secrets(call: &Call, name: &str, account: &Account, container: &str, now: Now) -> Handled {
    if !account.keys_allowed {
        return Err(keys_off());
    }
    if call.body["expirableSecret"] != json!(true) {
        return Ok(Answer::ok(
            json!({ "secretsType": "AccountKey", "key": account.key1 }),
        ));
    }
    let hours = call.body["expireAfterHours"].as_i64().unwrap_or(1);
    if !(1..=24).contains(&hours) {
        return Err(Refusal::bad_request(
            "UserError",
            "expireAfterHours must be from 1 to 24.",
        ));
    }
    let allows = Allows {
        container,
        blob: None,
        permissions: "racwdl",
        hours,
    };
    let token = signature((name, account), &allows, now)?;
    Ok(Answer::ok(json!({ "secretsType": "Sas", "sasToken": token })))
}

/// `codes/…/startPendingUpload`: a new container with each call.
pub(super) fn start_pending_upload(world: &mut World, call: &Call, workspace: &str, now: Now) -> Handled {
    if call.body["pendingUploadType"] != json!("TemporaryBlobReference") {
        return Err(Refusal::bad_request(
            "UserError",
            "pendingUploadType must be TemporaryBlobReference.",
        ));
    }
    let upload = uuid::Uuid::new_v4();
    let owner = stable_uuid(workspace).to_string();
    let container = format!("{}-{upload}", owner.get(..8).unwrap_or_default());
    let (name, account) = account(world, workspace).ok_or_else(|| Refusal::resource_not_found(call))?;
    let allows = Allows {
        container: &container,
        blob: None,
        permissions: "rcwl",
        hours: UPLOAD_HOURS,
    };
    let query = signature((&name, account), &allows, now)?;
    let blob_uri = format!("{}/{container}", address::by_path(&call.base, &name));
    let answer = Answer::ok(json!({
        "pendingUploadId": upload, "pendingUploadType": "TemporaryBlobReference",
        "blobReferenceForConsumption": {
            "blobUri": blob_uri, "storageAccountArmId": account.id,
            "credential": { "credentialType": "SAS", "sasUri": format!("{blob_uri}?{query}") },
        },
    }));
    world.storage.ensure_container(&name, &container, now.wall);
    world.touch();
    Ok(answer)
}

/// The workspace that a resource belongs to.
pub(crate) fn workspace_of(id: &str) -> Option<String> {
    let marker = format!("/providers/{WORKSPACE}/").to_ascii_lowercase();
    let at = id.to_ascii_lowercase().find(&marker)?;
    let name = id.get(at + marker.len()..)?.split('/').next()?;
    Some(format!("{}{name}", id.get(..at + marker.len())?))
}

/// Handles a workspace that is written.
pub(super) fn of_workspace(world: &mut World, id: &str, body: &mut Value, location: &str, now: Now) {
    let account = account_id(id, &body["properties"]["storageAccount"]);
    body["properties"]["storageAccount"] = json!(account);
    ensure(world, id, &account, location, now.wall);
}
