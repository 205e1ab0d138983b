//! Resource groups (resources, resources.json).

use super::text;
use crate::{Arm, ArmError};
use berth_domain::facts::ResourceGroupFacts;
use berth_domain::provenance::Marks;
use serde_json::Value;

/// Lists the resource groups of a subscription.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_groups(arm: &Arm, subscription: &str) -> Result<Vec<ResourceGroupFacts>, ArmError> {
    let path = arm.path(&format!("/subscriptions/{subscription}/resourcegroups"));
    let all: Vec<Value> = arm.list(&path).await?;
    Ok(all.iter().map(group).collect())
}

/// Reads a resource group; `None` if it does not exist.
///
/// # Errors
/// See [`ArmError`].
pub async fn get_group(
    arm: &Arm,
    subscription: &str,
    name: &str,
) -> Result<Option<ResourceGroupFacts>, ArmError> {
    let path = arm.path(&format!("/subscriptions/{subscription}/resourcegroups/{name}"));
    Ok(arm.resource(&path).await?.as_ref().map(group))
}

/// Lists the top-level resources in a resource group, of all types.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_contents(arm: &Arm, group_id: &str) -> Result<Vec<Marks>, ArmError> {
    let all: Vec<Value> = arm.list(&arm.path(&format!("{group_id}/resources"))).await?;
    Ok(all.iter().map(Marks::of).collect())
}

fn group(value: &Value) -> ResourceGroupFacts {
    ResourceGroupFacts {
        name: text(value, "/name"),
        location: text(value, "/location"),
        managed_by: Some(text(value, "/managedBy")).filter(|id| !id.is_empty()),
    }
}
