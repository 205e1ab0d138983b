//! One module per resource type: sends the request and converts the parts of the response that Berth uses to domain facts.
//!
//! Parsing is tolerant: unknown members are ignored, missing ones become empty values, enums stay strings.

pub mod assets;
pub mod clusters;
pub mod computes;
pub mod endpoints;
pub mod extensions;
pub mod groups;
pub mod identities;
pub mod key_vaults;
pub mod locks;
pub mod networks;
pub mod permissions;
pub mod policy;
pub mod providers;
pub mod roles;
pub mod run_command;
pub mod serving;
pub mod sizes;
pub mod subscriptions;
pub mod versions;
pub mod workspaces;

use berth_domain::diagnosis::ReportedError;
use serde_json::Value;

/// Reads the errors at a JSON pointer: one or a list, each bare or wrapped in `{"error":{…}}`. Flattens their `details`.
pub(crate) fn errors(value: &Value, pointer: &str) -> Vec<ReportedError> {
    fn add(error: &Value, to: &mut Vec<ReportedError>) {
        let error = if error["error"].is_object() {
            &error["error"]
        } else {
            error
        };
        let one = ReportedError {
            code: text(error, "/code"),
            message: text(error, "/message"),
        };
        if one != ReportedError::default() && !to.contains(&one) {
            to.push(one);
        }
        error["details"]
            .as_array()
            .into_iter()
            .flatten()
            .for_each(|detail| add(detail, to));
    }
    let mut found = Vec::new();
    match value.pointer(pointer) {
        Some(Value::Array(all)) => all.iter().for_each(|error| add(error, &mut found)),
        Some(error @ Value::Object(_)) => add(error, &mut found),
        _ => {}
    }
    found
}

/// String at a JSON pointer; empty if absent.
pub(crate) fn text(value: &Value, pointer: &str) -> String {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// Non-empty string at a JSON pointer.
pub(crate) fn optional(value: &Value, pointer: &str) -> Option<String> {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// Boolean at a JSON pointer; false if absent.
pub(crate) fn flag(value: &Value, pointer: &str) -> bool {
    value
        .pointer(pointer)
        .and_then(Value::as_bool)
        .unwrap_or_default()
}

/// Non-negative integer at a JSON pointer.
pub(crate) fn number(value: &Value, pointer: &str) -> Option<u32> {
    value
        .pointer(pointer)
        .and_then(Value::as_u64)
        .and_then(|number| u32::try_from(number).ok())
}

/// Strings of the list at a JSON pointer.
pub(crate) fn texts(value: &Value, pointer: &str) -> Vec<String> {
    items(value, pointer)
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

/// Items of the list at a JSON pointer; none if absent.
pub(crate) fn items<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// String members of the object at a JSON pointer, such as tags or settings.
pub(crate) fn pairs(value: &Value, pointer: &str) -> std::collections::BTreeMap<String, String> {
    let members = value
        .pointer(pointer)
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    members
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}
