//! Resource groups (resources 2024-03-01, resources.json).

use super::text;
use crate::{Arm, ArmError};
use berth_domain::facts::ResourceGroupFacts;
use serde_json::Value;

const API: &str = "api-version=2024-03-01";

/// Resource groups of a subscription.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_groups(arm: &Arm, subscription: &str) -> Result<Vec<ResourceGroupFacts>, ArmError> {
    let all: Vec<Value> = arm
        .list(&format!("/subscriptions/{subscription}/resourcegroups?{API}"))
        .await?;
    Ok(all.iter().map(group).collect())
}

/// One resource group; `None` when there is none of that name.
///
/// # Errors
/// See [`ArmError`].
pub async fn get_group(
    arm: &Arm,
    subscription: &str,
    name: &str,
) -> Result<Option<ResourceGroupFacts>, ArmError> {
    let path = format!("/subscriptions/{subscription}/resourcegroups/{name}?{API}");
    Ok(arm.get_optional::<Value>(&path).await?.as_ref().map(group))
}

fn group(value: &Value) -> ResourceGroupFacts {
    ResourceGroupFacts {
        name: text(value, "/name"),
        location: text(value, "/location"),
    }
}
