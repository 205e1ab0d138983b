//! Registered models and their versions (mfe.json: ModelContainers, ModelVersions).

use super::{Named, list, name_of, named};
use crate::resources::{flag, optional, pairs, text};
use crate::{Arm, ArmError};
use serde_json::Value;
use std::collections::BTreeMap;

/// A version of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelVersion {
    /// Version.
    pub version: String,
    /// `custom_model`, `mlflow_model` or `triton_model`; `None` if Azure does not say.
    pub model_type: Option<String>,
    /// Address of its files; `None` if Azure does not say.
    pub uri: Option<String>,
    /// Names of its `MLflow` flavors.
    pub flavors: Vec<String>,
    /// What the person wrote about it.
    pub description: String,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// State of its registration; empty if Azure does not say.
    pub state: String,
    /// Whether it is hidden in lists.
    pub archived: bool,
}

/// A model with the number for its next version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelSummary {
    /// The latest version; `None` if Azure does not say.
    pub latest: Option<String>,
    /// The version that Azure would give the next one; `None` if Azure does not say.
    pub next: Option<String>,
}

/// Lists the models of a workspace.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_models(arm: &Arm, workspace: &str) -> Result<Vec<Named>, ArmError> {
    list(arm, &arm.path(&format!("{workspace}/models")), named).await
}

/// Lists the versions of a model.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_model_versions(arm: &Arm, model: &str) -> Result<Vec<ModelVersion>, ArmError> {
    list(arm, &arm.path(&format!("{model}/versions")), version).await
}

/// Reads a model by its id; `None` if it does not exist.
///
/// # Errors
/// See [`ArmError`].
pub async fn get_model(arm: &Arm, id: &str) -> Result<Option<ModelSummary>, ArmError> {
    let found = arm.resource(&arm.path(id)).await?;
    Ok(found.as_ref().map(|value| ModelSummary {
        latest: optional(value, "/properties/latestVersion"),
        next: optional(value, "/properties/nextVersion"),
    }))
}

/// Reads a version of a model by its id; `None` if it does not exist.
///
/// # Errors
/// See [`ArmError`].
pub async fn get_model_version(arm: &Arm, id: &str) -> Result<Option<ModelVersion>, ArmError> {
    Ok(arm.resource(&arm.path(id)).await?.as_ref().and_then(version))
}

fn version(value: &Value) -> Option<ModelVersion> {
    let flavors = value.pointer("/properties/flavors").and_then(Value::as_object);
    Some(ModelVersion {
        version: name_of(value)?,
        model_type: optional(value, "/properties/modelType"),
        uri: optional(value, "/properties/modelUri"),
        flavors: flavors
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect(),
        description: text(value, "/properties/description"),
        tags: pairs(value, "/properties/tags"),
        state: text(value, "/properties/provisioningState"),
        archived: flag(value, "/properties/isArchived"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_azure_does_not_say_is_unknown() {
        let found = version(&json!({ "name": "3", "properties": null })).unwrap();
        assert_eq!((found.model_type, found.uri, found.flavors), (None, None, vec![]));
        let odd = json!({ "name": "3", "properties": { "flavors": { "python_function": null }, "tags": { "a": 1, "b": "c" }, "modelType": 7 } });
        let found = version(&odd).unwrap();
        assert_eq!(
            (found.flavors, found.tags.len(), found.model_type),
            (vec!["python_function".to_owned()], 1, None)
        );
        for nameless in [
            json!({}),
            json!(null),
            json!({ "name": "a/b" }),
            json!({ "name": "" }),
        ] {
            assert_eq!(version(&nameless), None, "{nameless}");
        }
    }
}
