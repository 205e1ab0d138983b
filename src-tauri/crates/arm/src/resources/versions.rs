//! Kubernetes versions of a location (containerservice aks, `KubernetesVersions_List`). The response uses
//! `values` instead of `value`, and is not paged.

use super::{flag, items, text, texts};
use crate::{Arm, ArmError};
use berth_domain::facts::{OfferedPatch, OfferedVersion};
use serde_json::Value;

/// Lists the Kubernetes versions offered in a location.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_versions(
    arm: &Arm,
    subscription: &str,
    location: &str,
) -> Result<Vec<OfferedVersion>, ArmError> {
    let path = arm.path(&format!(
        "/subscriptions/{subscription}/providers/Microsoft.ContainerService/locations/{location}/kubernetesVersions"
    ));
    let answer: Value = arm.get(&path).await?;
    Ok(items(&answer, "/values").map(version).collect())
}

fn version(value: &Value) -> OfferedVersion {
    let patches = value
        .pointer("/patchVersions")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    OfferedVersion {
        minor: text(value, "/version"),
        is_default: flag(value, "/isDefault"),
        is_preview: flag(value, "/isPreview"),
        support_plans: texts(value, "/capabilities/supportPlan"),
        patches: patches
            .map(|(version, patch)| OfferedPatch {
                version: version.clone(),
                upgrades: texts(patch, "/upgrades"),
            })
            .collect(),
    }
}
