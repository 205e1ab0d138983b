//! Environments: the images that serve, a person's own and Microsoft's (mfe.json: EnvironmentContainers,
//! EnvironmentVersions).

use super::{Named, list, name_of, named};
use crate::resources::{flag, optional, text};
use crate::{Arm, ArmError};
use serde_json::Value;

/// A version of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentVersion {
    /// Version.
    pub version: String,
    /// Whether Microsoft made it (`environmentType`); `None` if Azure does not say.
    pub curated: Option<bool>,
    /// Its image; `None` if it is built from a folder, or Azure does not say.
    pub image: Option<String>,
    /// Whether its packages are listed in a conda file, from which Azure ML builds the image.
    pub has_conda: bool,
    /// Whether Azure ML builds it from a folder.
    pub has_build: bool,
    /// Whether its image has a server of its own, whose scoring route it names.
    pub has_server: bool,
    /// `Linux` or `Windows`; `None` if Azure does not say.
    pub os: Option<String>,
    /// What the person wrote about it.
    pub description: String,
    /// State of its registration; empty if Azure does not say.
    pub state: String,
    /// Whether it is hidden in lists.
    pub archived: bool,
}

/// Lists the environments of a workspace, with Microsoft's.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_environments(arm: &Arm, workspace: &str) -> Result<Vec<Named>, ArmError> {
    list(arm, &arm.path(&format!("{workspace}/environments")), named).await
}

/// Whether a name is one of Microsoft's, which nobody else may use
/// (learn.microsoft.com/azure/machine-learning/concept-environments).
pub fn is_curated_name(name: &str) -> bool {
    let start = name.get(..7);
    start.is_some_and(|start| start.eq_ignore_ascii_case("AzureML"))
}

/// Lists the versions of an environment.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_environment_versions(
    arm: &Arm,
    environment: &str,
) -> Result<Vec<EnvironmentVersion>, ArmError> {
    list(arm, &arm.path(&format!("{environment}/versions")), version).await
}

/// Reads a version of an environment by its id; `None` if it does not exist.
///
/// # Errors
/// See [`ArmError`].
pub async fn get_environment_version(arm: &Arm, id: &str) -> Result<Option<EnvironmentVersion>, ArmError> {
    Ok(arm.resource(&arm.path(id)).await?.as_ref().and_then(version))
}

fn version(value: &Value) -> Option<EnvironmentVersion> {
    let made_by = optional(value, "/properties/environmentType");
    let build = value.pointer("/properties/build").is_some_and(Value::is_object);
    Some(EnvironmentVersion {
        version: name_of(value)?,
        curated: match made_by.as_deref() {
            Some("Curated") => Some(true),
            Some("UserCreated") => Some(false),
            _ => None,
        },
        image: optional(value, "/properties/image"),
        has_conda: optional(value, "/properties/condaFile").is_some(),
        has_build: build,
        has_server: optional(value, "/properties/inferenceConfig/scoringRoute/path").is_some(),
        os: optional(value, "/properties/osType"),
        description: text(value, "/properties/description"),
        state: text(value, "/properties/provisioningState"),
        archived: flag(value, "/properties/isArchived"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn who_made_an_environment_may_be_unknown() {
        let made = |kind: Value| {
            let value = json!({ "name": "1", "properties": { "environmentType": kind } });
            version(&value).unwrap().curated
        };
        assert_eq!(made(json!("Curated")), Some(true));
        assert_eq!(made(json!("UserCreated")), Some(false));
        assert_eq!((made(json!("Other")), made(json!(null))), (None, None));
        assert!(is_curated_name("AzureML-sklearn-1.5") && is_curated_name("azureml-x"));
        assert!(!is_curated_name("AzureM") && !is_curated_name("日本語日本語"));
    }
}
