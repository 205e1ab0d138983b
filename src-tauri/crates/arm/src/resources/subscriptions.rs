//! Subscriptions, tenants and locations (resources, subscriptions.json).

use super::{optional, text};
use crate::{Arm, ArmError};
use berth_domain::facts::{LocationFacts, SubscriptionFacts};
use serde_json::Value;

/// Lists the subscriptions that the account can see.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_subscriptions(arm: &Arm) -> Result<Vec<SubscriptionFacts>, ArmError> {
    let all: Vec<Value> = arm.list(&all(arm)).await?;
    Ok(all.iter().map(subscription).collect())
}

/// Path and query of the subscription list.
pub fn all(arm: &Arm) -> String {
    arm.path("/subscriptions")
}

/// Reads one subscription.
///
/// # Errors
/// See [`ArmError`].
pub async fn get_subscription(arm: &Arm, id: &str) -> Result<SubscriptionFacts, ArmError> {
    let path = arm.path(&format!("/subscriptions/{id}"));
    Ok(subscription(&arm.get(&path).await?))
}

/// Returns the id of the first tenant of the account; `None` if it cannot list tenants.
pub async fn home_tenant(arm: &Arm) -> Option<String> {
    let all: Vec<Value> = arm.list(&arm.path("/tenants")).await.ok()?;
    all.first().and_then(|tenant| optional(tenant, "/tenantId"))
}

/// Lists the physical locations of a subscription. Leaves `offers_aks` unset.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_locations(arm: &Arm, subscription: &str) -> Result<Vec<LocationFacts>, ArmError> {
    let path = arm.path(&format!("/subscriptions/{subscription}/locations"));
    let all: Vec<Value> = arm.list(&path).await?;
    let physical = all
        .iter()
        .filter(|location| text(location, "/metadata/regionType") != "Logical");
    Ok(physical
        .map(|location| LocationFacts {
            name: text(location, "/name"),
            display_name: text(location, "/displayName"),
            offers_aks: None,
        })
        .collect())
}

/// Converts Azure's representation of a subscription.
pub fn subscription(value: &Value) -> SubscriptionFacts {
    SubscriptionFacts {
        subscription_id: text(value, "/subscriptionId"),
        display_name: text(value, "/displayName"),
        state: text(value, "/state"),
        tenant_id: text(value, "/tenantId"),
    }
}
