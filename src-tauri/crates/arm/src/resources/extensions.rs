//! A cluster's extensions (kubernetesconfiguration, extensions.json).

use super::{errors, items, optional, pairs, text};
use crate::error::BadJson;
use crate::{Arm, ArmError};
use berth_domain::diagnosis::{ExtensionState, ReportedError};
use berth_domain::facts::ExtensionFacts;
use jiff::Timestamp;
use serde_json::Value;

/// Lists the extensions of a cluster.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_extensions(arm: &Arm, cluster_id: &str) -> Result<Vec<ExtensionFacts>, ArmError> {
    let all = list(arm, cluster_id).await?;
    Ok(all.iter().map(extension).collect())
}

/// Reads an extension; `None` if it does not exist.
///
/// # Errors
/// See [`ArmError`].
pub async fn get_extension(arm: &Arm, id: &str) -> Result<Option<ExtensionFacts>, ArmError> {
    Ok(arm.resource(&arm.path(id)).await?.as_ref().map(extension))
}

/// Lists the extensions of a cluster as a diagnosis needs them. Ages are counted up to `now`.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_extension_states(
    arm: &Arm,
    cluster_id: &str,
    now: Timestamp,
) -> Result<Vec<ExtensionState>, ArmError> {
    let all = list(arm, cluster_id).await?;
    Ok(all.iter().map(|value| state(value, now)).collect())
}

/// Lists the extensions of a cluster in Azure's JSON. Refuses a list with an entry that lacks a type or an id on this
/// cluster: such an entry could be Azure ML's, so its absence could not be concluded.
pub(super) async fn list(arm: &Arm, cluster_id: &str) -> Result<Vec<Value>, ArmError> {
    let list = format!("{cluster_id}/providers/Microsoft.KubernetesConfiguration/extensions");
    let all: Vec<Value> = arm.list(&arm.path(&list)).await?;
    let below = format!("{}/", list.to_ascii_lowercase());
    let identified = |found: &Value| {
        text(found, "/id").to_ascii_lowercase().starts_with(&below)
            && optional(found, "/properties/extensionType").is_some()
    };
    if all.iter().all(identified) {
        return Ok(all);
    }
    Err(ArmError::BadAnswer {
        method: "GET".to_owned(),
        path: list,
        source: BadJson::unidentified(),
    })
}

fn state(value: &Value, now: Timestamp) -> ExtensionState {
    let mut reported: Vec<ReportedError> = errors(value, "/properties/errorInfo");
    reported.extend(
        items(value, "/properties/statuses")
            .filter(|status| text(status, "/level").eq_ignore_ascii_case("Error"))
            .map(|status| ReportedError {
                code: text(status, "/code"),
                message: text(status, "/message"),
            }),
    );
    let changed = optional(value, "/systemData/lastModifiedAt").and_then(|at| at.parse::<Timestamp>().ok());
    let minutes = changed.map(|changed| now.duration_since(changed).as_secs().max(0) / 60);
    ExtensionState {
        facts: extension(value),
        errors: reported,
        minutes: minutes.and_then(|minutes| u32::try_from(minutes).ok()),
    }
}

fn extension(value: &Value) -> ExtensionFacts {
    ExtensionFacts {
        id: text(value, "/id"),
        name: text(value, "/name"),
        extension_type: text(value, "/properties/extensionType"),
        provisioning_state: text(value, "/properties/provisioningState").into(),
        version: optional(value, "/properties/currentVersion")
            .or_else(|| optional(value, "/properties/version")),
        settings: pairs(value, "/properties/configurationSettings"),
        error: error(value),
        whole: value.clone(),
    }
}

fn error(value: &Value) -> Option<String> {
    let joined = |code: String, message: String| {
        [code, message]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(": ")
    };
    let info = value
        .pointer("/properties/errorInfo")
        .filter(|info| info.is_object());
    let status = || {
        items(value, "/properties/statuses")
            .find(|status| text(status, "/level").eq_ignore_ascii_case("Error"))
    };
    let found = info.or_else(status)?;
    Some(joined(text(found, "/code"), text(found, "/message"))).filter(|text| !text.is_empty())
}
