//! Resource providers (resources, resources.json).

use super::{items, text, texts};
use crate::error::BadJson;
use crate::{Arm, ArmError};
use berth_domain::facts::{ProviderFacts, ProviderResourceType};
use serde_json::Value;

/// Reads a resource provider of a subscription. Afterwards the connection uses api-versions that the provider supports.
///
/// # Errors
/// See [`ArmError`].
pub async fn get_provider(arm: &Arm, subscription: &str, namespace: &str) -> Result<ProviderFacts, ArmError> {
    let path = arm.path(&format!("/subscriptions/{subscription}/providers/{namespace}"));
    let value: Value = arm.get(&path).await?;
    let provider = ProviderFacts {
        namespace: text(&value, "/namespace"),
        registration_state: text(&value, "/registrationState"),
        resource_types: items(&value, "/resourceTypes")
            .map(|kind| ProviderResourceType {
                resource_type: text(kind, "/resourceType"),
                locations: texts(kind, "/locations"),
                api_versions: texts(kind, "/apiVersions"),
            })
            .collect(),
    };
    if provider.namespace.is_empty() || provider.registration_state.is_empty() {
        return Err(ArmError::BadAnswer {
            method: "GET".to_owned(),
            path,
            source: BadJson::lacks("it does not say whether the provider is registered"),
        });
    }
    arm.learn(&provider);
    Ok(provider)
}
