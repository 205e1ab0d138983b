//! What a workspace offers for serving: instance types of its computes, models and environments
//! (machinelearningservices 2025-12-01: Kubernetes, ModelContainer, EnvironmentContainer).

use super::{optional, pairs, text};
use crate::{Arm, ArmError, Pages};
use berth_domain::fit::{Amounts, InstanceType};
use berth_domain::resource_id::check_part;
use serde_json::Value;

/// A named asset of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its name.
    pub name: String,
    /// Its latest version; `None` if Azure does not say.
    pub latest: Option<String>,
}

/// Lists the models of a workspace that are not archived, without those whose names cannot be part of an address.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_models(arm: &Arm, workspace_id: &str) -> Result<Vec<Asset>, ArmError> {
    list(arm, workspace_id, "models").await
}

/// Lists the environments of a workspace in the same way, Microsoft's included.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_environments(arm: &Arm, workspace_id: &str) -> Result<Vec<Asset>, ArmError> {
    list(arm, workspace_id, "environments").await
}

async fn list(arm: &Arm, workspace_id: &str, kind: &str) -> Result<Vec<Asset>, ArmError> {
    let mut pages = Pages::default();
    let path = format!(
        "{}&listViewType=ActiveOnly",
        arm.path(&format!("{workspace_id}/{kind}"))
    );
    arm.list_of(&path, &mut pages, |found: Value| Ok(asset(&found)))
        .await?;
    pages
        .items
        .sort_by(|one: &Asset, other| one.name.cmp(&other.name));
    Ok(pages.items)
}

fn asset(found: &Value) -> Option<Asset> {
    let name = text(found, "/name");
    check_part(&name).ok()?;
    Some(Asset {
        name,
        latest: optional(found, "/properties/latestVersion"),
    })
}

/// The instance types of a compute in Azure's JSON, by name; `None` if it names none, or one cannot be read.
pub fn instance_types(compute: &Value) -> Option<Vec<InstanceType>> {
    let all = compute
        .pointer("/properties/properties/instanceTypes")?
        .as_object()?;
    let read = |(name, found): (&String, &Value)| {
        let amounts = |list: &str| Amounts::read(found.pointer(list).unwrap_or(&Value::Null)).ok();
        Some(InstanceType {
            name: name.clone(),
            requests: amounts("/resources/requests")?,
            limits: amounts("/resources/limits")?,
            selector: pairs(found, "/nodeSelector"),
        })
    };
    let mut types = all.iter().map(read).collect::<Option<Vec<_>>>()?;
    types.sort_by(|one, other| one.name.cmp(&other.name));
    (!types.is_empty()).then_some(types)
}
