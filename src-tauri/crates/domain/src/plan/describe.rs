//! Bodies for people: markers of secrets become dots.

use crate::secrets::SecretPart;
use serde_json::Value;

/// What is shown in place of a secret.
pub const DOTS: &str = "•••";

/// A body with its secrets as dots.
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
