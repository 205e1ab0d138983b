//! Artifacts: how the classic route uploads files, each to an address of its own (package azureml-core 1.61,
//! `_restclient/artifacts_client.py`).

use crate::error::BadJson;
use crate::resources::endpoints::discovered;
use crate::resources::optional;
use crate::{Arm, ArmError};
use berth_domain::bodies::web_service::service_path;
use berth_domain::resource_id::check_part;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::fmt;

/// Origin of uploaded files.
const ORIGIN: &str = "LocalUpload";
/// Most artifacts that one request creates.
const MOST: usize = 50;

/// A file that can be uploaded. `Debug` omits the address.
pub struct Artifact {
    /// The path that was given.
    pub path: String,
    /// Id, which models and services refer to as `aml://artifact/{id}`.
    pub id: String,
    /// Address of its blob, with a signature.
    pub address: SecretString,
}

impl fmt::Debug for Artifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Artifact")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Connects to the API that stores artifacts. Reads the workspace if `discovery`, the address of its discovery document, is
/// not known.
///
/// # Errors
/// As [`model_management`](crate::resources::endpoints::model_management).
pub async fn artifact_service(arm: &Arm, workspace: &str, discovery: Option<&str>) -> Result<Arm, ArmError> {
    discovered(arm, workspace, discovery, "/history", "its artifacts").await
}

/// Creates artifacts in a container, whose name must be new, in the order of their paths.
///
/// # Errors
/// [`ArmError::BadAnswer`] if the response lacks one, otherwise see [`ArmError`].
pub async fn create_artifacts(
    service: &Arm,
    workspace: &str,
    container: &str,
    paths: &[String],
) -> Result<Vec<Artifact>, ArmError> {
    let address = format!("/artifact/v2.0{workspace}/artifacts/batch/metadata/{ORIGIN}/{container}");
    let mut all = Vec::with_capacity(paths.len());
    for paths in paths.chunks(MOST) {
        let list: Vec<Value> = paths.iter().map(|path| json!({ "path": path })).collect();
        let made: Value = service.post(&address, &json!({ "paths": list })).await?;
        for path in paths {
            let found = artifact(&made, container, path).ok_or_else(|| ArmError::BadAnswer {
                method: "POST".to_owned(),
                path: address.clone(),
                source: BadJson::other_resource(),
            })?;
            all.push(found);
        }
    }
    Ok(all)
}

/// The address, with a signature, from which an artifact can be read; `None` if it does not exist. Its id is origin,
/// container and path (package azureml-core 1.61, `_restclient/artifacts_client.py`, `get_file_uri`).
///
/// # Errors
/// [`ArmError::NoAddress`] if the response has none, otherwise see [`ArmError`].
pub async fn artifact_address(
    service: &Arm,
    workspace: &str,
    id: &str,
) -> Result<Option<SecretString>, ArmError> {
    let path = format!("/artifact/v2.0{workspace}/artifacts/contentinfo/{id}");
    let found: Value = match service.get(&path).await {
        Ok(found) => found,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error),
    };
    let address = optional(&found, "/contentUri").ok_or(ArmError::NoAddress {
        path,
        what: "a file of the service's code",
    })?;
    Ok(Some(address.into()))
}

/// Groups artifacts under an id, which a model names as `aml://asset/{id}` (package azureml-core 1.61,
/// `_restclient/assets_client.py`, `create_asset`). `management` is the connection to the model management API.
///
/// # Errors
/// [`ArmError::BadAnswer`] if the response has no usable id, otherwise see [`ArmError`].
pub async fn create_asset(
    management: &Arm,
    workspace: &str,
    name: &str,
    prefix: &str,
) -> Result<String, ArmError> {
    let path = service_path(&format!("{workspace}/assets"));
    let body = json!({ "name": name, "artifacts": [{ "prefix": prefix }] });
    let made: Value = management.post(&path, &body).await?;
    let id = optional(&made, "/id").filter(|id| check_part(id).is_ok());
    id.ok_or_else(|| ArmError::BadAnswer {
        method: "POST".to_owned(),
        path,
        source: BadJson::other_resource(),
    })
}

/// Reads a version of a model as the model management API shows it (package azureml-core 1.61,
/// `_restclient/operations/ml_models_operations.py`); `None` if it does not exist.
///
/// # Errors
/// [`ArmError::BadAnswer`] if the response is about another model, otherwise see [`ArmError`].
pub async fn classic_model(
    management: &Arm,
    workspace: &str,
    name: &str,
    version: &str,
) -> Result<Option<Value>, ArmError> {
    let id = format!("{name}:{version}");
    let path = service_path(&format!("{workspace}/models/{id}"));
    let found: Value = match management.get(&path).await {
        Ok(found) => found,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error),
    };
    if optional(&found, "/id").as_deref() == Some(id.as_str()) {
        return Ok(Some(found));
    }
    Err(ArmError::BadAnswer {
        method: "GET".to_owned(),
        path,
        source: BadJson::other_resource(),
    })
}

/// The artifact of a path. Its id is built, because that in a response may be anything.
fn artifact(made: &Value, container: &str, path: &str) -> Option<Artifact> {
    let id = format!("{ORIGIN}/{container}/{path}");
    let (told, address) = (
        &made["artifacts"][path],
        &made["artifactContentInformation"][path],
    );
    if optional(told, "/artifactId")? != id {
        return None;
    }
    Some(Artifact {
        path: path.to_owned(),
        id,
        address: optional(address, "/contentUri")?.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_artifact_that_was_asked_for_is_used() {
        let made = |id: &str, uri: Value| {
            let made = json!({ "artifacts": { "a/b": { "artifactId": id } },
                "artifactContentInformation": { "a/b": { "contentUri": uri } } });
            artifact(&made, "c", "a/b").map(|artifact| format!("{artifact:?}"))
        };
        let shown = made("LocalUpload/c/a/b", json!("https://x?sig=CANARY")).unwrap();
        assert!(
            shown.contains("LocalUpload/c/a/b") && !shown.contains("CANARY"),
            "{shown}"
        );
        assert_eq!(made("LocalUpload/other/a/b", json!("https://x")), None);
        assert_eq!(made("LocalUpload/c/a/b", json!(null)), None);
        assert!(artifact(&json!(null), "c", "a/b").is_none());
    }
}
