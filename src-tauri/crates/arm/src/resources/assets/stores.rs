//! Data stores, and what allows writing to them. `listSecrets` with an expiry returns a signature for the container; older
//! stores return the account's key (package azure-ai-ml 1.35, operations/_datastore_operations.py, `_list_secrets`).

use crate::resources::{optional, text};
use crate::{Arm, ArmError};
use berth_domain::resource_id::check_part;
use secrecy::SecretString;
use serde_json::{Value, json};

/// The data store that every workspace has for files.
pub const BLOB_STORE: &str = "workspaceblobstore";

/// A data store on Blob Storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobStore {
    /// Name of the storage account.
    pub account: String,
    /// Name of the container.
    pub container: String,
    /// Address of the container.
    pub address: String,
    /// Whether it has no secrets, so that the account that is signed in needs a data role.
    pub by_identity: bool,
}

/// What allows writing to a data store.
pub enum StoreSecret {
    /// A signature: the query of an address, without `?`.
    Sas(SecretString),
    /// The account's key.
    Key(SecretString),
}

/// Reads a data store on Blob Storage; `None` if it does not exist.
///
/// # Errors
/// [`ArmError::NoAddress`] if the response does not say where it is, or it is another kind of store. Otherwise see
/// [`ArmError`].
pub async fn get_store(arm: &Arm, workspace: &str, name: &str) -> Result<Option<BlobStore>, ArmError> {
    let id = format!("{workspace}/datastores/{name}");
    let Some(found) = arm.resource(&arm.path(&id)).await? else {
        return Ok(None);
    };
    let store = blob_store(&found, arm.cloud().blob_storage);
    store.map(Some).ok_or(ArmError::NoAddress {
        path: id,
        what: "its container",
    })
}

fn blob_store(value: &Value, domain: &str) -> Option<BlobStore> {
    let part = |pointer: &str| optional(value, pointer).filter(|part| check_part(part).is_ok());
    if text(value, "/properties/datastoreType") != "AzureBlob" {
        return None;
    }
    let (account, container) = (
        part("/properties/accountName")?,
        part("/properties/containerName")?,
    );
    // The endpoint is the domain without `blob.`.
    let endpoint = optional(value, "/properties/endpoint");
    let domain = endpoint.map_or_else(|| domain.to_owned(), |endpoint| format!("blob.{endpoint}"));
    let kind = text(value, "/properties/credentials/credentialsType");
    Some(BlobStore {
        address: format!("https://{account}.{domain}/{container}"),
        account,
        container,
        by_identity: kind.eq_ignore_ascii_case("None"),
    })
}

/// Asks for a secret of a data store that expires after an hour; `None` if it has none.
///
/// # Errors
/// See [`ArmError`]. It is refused where keys are switched off, or the account may not use them.
pub async fn store_secret(arm: &Arm, workspace: &str, name: &str) -> Result<Option<StoreSecret>, ArmError> {
    let path = arm.path(&format!("{workspace}/datastores/{name}/listSecrets"));
    let body = json!({ "expirableSecret": true, "expireAfterHours": 1 });
    let found: Value = arm.post(&path, &body).await?;
    let sas = optional(&found, "/sasToken").map(|sas| sas.trim_start_matches('?').to_owned());
    let key = || optional(&found, "/key").map(|key| StoreSecret::Key(key.into()));
    Ok(sas.map(|sas| StoreSecret::Sas(sas.into())).or_else(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(properties: Value) -> Option<BlobStore> {
        blob_store(&json!({ "properties": properties }), "blob.core.windows.net")
    }

    #[test]
    fn the_address_of_a_store_is_built_from_its_parts() {
        let full = json!({ "datastoreType": "AzureBlob", "accountName": "sta1", "containerName": "c-1",
            "endpoint": "core.windows.net", "credentials": { "credentialsType": "AccountKey" } });
        let found = store(full.clone()).unwrap();
        assert_eq!(found.address, "https://sta1.blob.core.windows.net/c-1");
        assert!(!found.by_identity);
        for (member, value) in [
            ("datastoreType", json!("AzureFile")),
            ("accountName", json!("sta1.example.com/")),
            ("accountName", json!(null)),
            ("containerName", json!("../x")),
        ] {
            let mut odd = full.clone();
            odd[member] = value;
            assert_eq!(store(odd), None, "{member}");
        }
        let mut plain = full;
        plain["endpoint"] = json!(null);
        plain["credentials"] = json!({ "credentialsType": "None" });
        let found = store(plain).unwrap();
        assert_eq!(
            (found.address.as_str(), found.by_identity),
            ("https://sta1.blob.core.windows.net/c-1", true)
        );
    }
}
