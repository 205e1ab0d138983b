//! Request bodies for display: secret markers become dots.

use crate::secrets::SecretPart;
use serde_json::Value;

/// Shown in place of a secret.
pub const DOTS: &str = "•••";

/// Replaces every secret marker in a body with [`DOTS`].
pub fn masked(body: &Value) -> Value {
    match body {
        Value::String(text) if SecretPart::ALL.iter().any(|part| part.marker() == text) => Value::from(DOTS),
        Value::Array(items) => items.iter().map(masked).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), masked(value)))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => body.clone(),
    }
}
