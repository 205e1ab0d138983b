//! Artifacts: how the classic route uploads files, each to an address of its own (package azureml-core 1.61,
//! `_restclient/artifacts_client.py`).

use crate::error::BadJson;
use crate::resources::endpoints::discovered;
use crate::resources::optional;
use crate::{Arm, ArmError};
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
