//! Storage accounts as Azure Resource Manager shows them (Microsoft.Storage 2023-01-01): an account comes with its
//! workspace; its keys can be listed, and switched off.

use super::{Account, address};
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::resource_id::{key, name_of};
use crate::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::Rng as _;
use serde_json::{Value, json};

const KIND: &str = "Microsoft.Storage/storageAccounts";

/// Sixty-four random bytes, in base64.
pub(super) fn new_key() -> String {
    let bytes: [u8; 64] = std::array::from_fn(|_| rand::rng().random());
    STANDARD.encode(bytes)
}

pub(crate) fn handle(world: &mut World, call: &Call) -> Handled {
    let (method, shape) = call.route();
    match (method, shape.as_str()) {
        ("GET", "storageaccounts") => {
            let scope = format!("{}/", key(&call.arm.scope));
            let here = world
                .storage
                .accounts
                .values()
                .filter(|account| key(&account.id).starts_with(&scope));
            Ok(Answer::list(
                call,
                here.map(|account| body(account, call)).collect(),
            ))
        }
        ("GET", "storageaccounts/*") => find(world, call).map(|account| Answer::ok(body(account, call))),
        ("PUT" | "PATCH", "storageaccounts/*") => change(world, call),
        ("POST", "storageaccounts/*/listkeys") => {
            let account = find(world, call)?;
            let shown =
                |name: &str, value: &str| json!({ "keyName": name, "value": value, "permissions": "FULL" });
            Ok(Answer::ok(
                json!({ "keys": [shown("key1", &account.key1), shown("key2", &account.key2)] }),
            ))
        }
        _ => Err(Refusal::method_not_allowed(call)),
    }
}

fn id_of(call: &Call) -> String {
    format!("{}/providers/{KIND}/{}", call.arm.scope, call.name(0))
}

fn find<'a>(world: &'a World, call: &Call) -> Result<&'a Account, Refusal> {
    world
        .storage
        .account_of(&id_of(call))
        .ok_or_else(|| Refusal::resource_not_found(call))
}

/// Only `allowSharedKeyAccess` can be changed.
fn change(world: &mut World, call: &Call) -> Handled {
    let name = name_of(&find(world, call)?.id).to_ascii_lowercase();
    world.touch();
    if let Some(account) = world.storage.account_mut(&name)
        && let Some(allowed) = call.body["properties"]["allowSharedKeyAccess"].as_bool()
    {
        account.keys_allowed = allowed;
    }
    find(world, call).map(|account| Answer::ok(body(account, call)))
}

fn body(account: &Account, call: &Call) -> Value {
    let name = name_of(&account.id).to_ascii_lowercase();
    json!({
        "id": account.id, "name": name, "type": KIND, "location": account.location, "kind": "StorageV2",
        "sku": { "name": "Standard_LRS", "tier": "Standard" }, "tags": {},
        "properties": {
            "provisioningState": "Succeeded", "allowSharedKeyAccess": account.keys_allowed,
            "supportsHttpsTrafficOnly": true, "accessTier": "Hot",
            "primaryEndpoints": { "blob": format!("{}/", address::by_host(&call.base, &name)) },
        },
    })
}
