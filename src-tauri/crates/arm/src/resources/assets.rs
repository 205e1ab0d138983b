//! What a workspace has to serve: code, models, environments, and the data stores with their files
//! (machinelearningservices 2025-12-01, mfe.json).
//!
//! Ids are built from names, because an id in a response may be anything.

pub mod artifacts;
pub mod codes;
pub mod environments;
pub mod models;
pub mod stores;

use super::{flag, optional, text};
use crate::error::BadJson;
use crate::{Arm, ArmError};
use berth_domain::resource_id::check_part;
use serde_json::Value;

/// A model or an environment as listed, without its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Name.
    pub name: String,
    /// The latest version; `None` if Azure does not say.
    pub latest: Option<String>,
    /// Whether it is hidden in lists.
    pub archived: bool,
}

fn named(value: &Value) -> Option<Named> {
    Some(Named {
        name: name_of(value)?,
        latest: optional(value, "/properties/latestVersion").filter(|version| check_part(version).is_ok()),
        archived: flag(value, "/properties/isArchived"),
    })
}

/// The name of an asset or a version, if it can be part of an id.
fn name_of(value: &Value) -> Option<String> {
    let name = text(value, "/name");
    check_part(&name).is_ok().then_some(name)
}

/// Reads a list. Refuses one with an entry that has no usable name: what it is cannot be told.
async fn list<T>(
    arm: &Arm,
    path_and_query: &str,
    of: impl Fn(&Value) -> Option<T>,
) -> Result<Vec<T>, ArmError> {
    let all: Vec<Value> = arm.list(path_and_query).await?;
    let read: Option<Vec<T>> = all.iter().map(of).collect();
    read.ok_or_else(|| ArmError::BadAnswer {
        method: "GET".to_owned(),
        path: path_and_query.split('?').next().unwrap_or_default().to_owned(),
        source: BadJson::unidentified(),
    })
}
