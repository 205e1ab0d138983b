//! Code: found by its content hash, and uploaded to a container that Azure ML hands out
//! (mfe.json: CodeVersions_List, CodeVersions_CreateOrGetStartPendingUpload).

use crate::resources::{items, optional, text};
use crate::{Arm, ArmError};
use berth_domain::resource_id::{check_part, last_segment, parent, same_resource};
use berth_domain::upload::HASH_VERSION;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::fmt;

/// Where to upload. `Debug` omits the signature.
pub struct PendingUpload {
    /// Address of the container, without a signature.
    pub blob_uri: String,
    /// The same address with a signature.
    pub sas_uri: SecretString,
}

impl fmt::Debug for PendingUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingUpload")
            .field("blob_uri", &self.blob_uri)
            .finish_non_exhaustive()
    }
}

/// Finds code with this content hash, whoever uploaded it, and returns its id. Azure ML searches the whole workspace if the
/// name is that of no code (package azure-ai-ml 1.35, operations/_code_operations.py); `unused` is such a name.
///
/// # Errors
/// See [`ArmError`].
pub async fn find_code(
    arm: &Arm,
    workspace: &str,
    unused: &str,
    hash: &str,
) -> Result<Option<String>, ArmError> {
    let path = arm.path(&format!("{workspace}/codes/{unused}/versions"));
    let found = arm
        .get::<Value>(&format!("{path}&hash={hash}&hashVersion={HASH_VERSION}"))
        .await;
    match found {
        Ok(list) => Ok(items(&list, "/value").find_map(|code| id_with_hash(code, workspace, hash))),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The id of code of this workspace, unless its hash is another one.
fn id_with_hash(code: &Value, workspace: &str, hash: &str) -> Option<String> {
    let id = text(code, "/id");
    let version = last_segment(&id);
    let container = parent(&id)?;
    let name = last_segment(container);
    let of_workspace = parent(container).is_some_and(|own| same_resource(own, workspace));
    let usable = [name, version].iter().all(|part| check_part(part).is_ok());
    let stated = optional(code, "/properties/properties/hash_sha256");
    let same = stated.is_none_or(|stated| stated == hash);
    let built = format!("{workspace}/codes/{name}/versions/{version}");
    (of_workspace && usable && same && same_resource(&id, &built)).then_some(built)
}

/// Asks for a container to upload a version of code to. Each call gets a new one.
///
/// # Errors
/// [`ArmError::NoAddress`] if the response has no address with a signature, otherwise see [`ArmError`].
pub async fn start_pending_upload(arm: &Arm, code_version: &str) -> Result<PendingUpload, ArmError> {
    let path = format!("{code_version}/startPendingUpload");
    let body = json!({ "pendingUploadType": "TemporaryBlobReference" });
    let found: Value = arm.post(&arm.path(&path), &body).await?;
    let reference = &found["blobReferenceForConsumption"];
    let sas_uri = optional(reference, "/credential/sasUri").filter(|uri| uri.contains('?'));
    match (optional(reference, "/blobUri"), sas_uri) {
        (Some(blob_uri), Some(sas_uri)) => Ok(PendingUpload {
            // Only the part that is no secret is shown and stored.
            blob_uri: blob_uri
                .split(['?', '#'])
                .next()
                .unwrap_or_default()
                .trim_end_matches('/')
                .to_owned(),
            sas_uri: sas_uri.into(),
        }),
        _ => Err(ArmError::NoAddress {
            path,
            what: "the container for the upload",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKSPACE: &str =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";

    #[test]
    fn only_code_of_the_workspace_with_the_hash_is_used() {
        let code = |id: &str, hash: Value| {
            let value = json!({ "id": id, "properties": { "properties": { "hash_sha256": hash } } });
            id_with_hash(&value, WORKSPACE, "h")
        };
        let id = format!("{WORKSPACE}/codes/c/versions/1");
        assert_eq!(
            code(&id.to_uppercase(), json!("h")),
            Some(format!("{WORKSPACE}/codes/C/versions/1"))
        );
        assert_eq!(code(&id, Value::Null), Some(id.clone()));
        assert_eq!(code(&id, json!("other")), None);
        for odd in [
            "",
            "/",
            &format!("{WORKSPACE}x/codes/c/versions/1"),
            &format!("{WORKSPACE}/models/c/versions/1"),
            &format!("{WORKSPACE}/codes/c/versions/.."),
            &format!("{WORKSPACE}/codes/c?x/versions/1"),
            &format!("{WORKSPACE}/codes/c"),
        ] {
            assert_eq!(code(odd, json!("h")), None, "{odd}");
        }
    }
}
