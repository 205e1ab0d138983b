//! One module a kind of resource: the request, the wire form as far as Berth reads it, and the domain's fact.
//!
//! Wire forms are tolerant: unknown members are ignored, absent ones are empty, enums stay text.

pub mod clusters;
pub mod computes;
pub mod dependents;
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
pub mod sizes;
pub mod subscriptions;
pub mod versions;
pub mod workspaces;

use berth_domain::diagnosis::ReportedError;
use serde_json::Value;

/// Errors reported at a JSON pointer: one, or a list, each bare or as `{"error":{…}}`, with their details after them.
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

/// Text at a JSON pointer, empty when there is none.
pub(crate) fn text(value: &Value, pointer: &str) -> String {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// Text at a JSON pointer, where there is any.
pub(crate) fn optional(value: &Value, pointer: &str) -> Option<String> {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// A truth value at a JSON pointer; absent is false.
pub(crate) fn flag(value: &Value, pointer: &str) -> bool {
    value
        .pointer(pointer)
        .and_then(Value::as_bool)
        .unwrap_or_default()
}

/// A whole number at a JSON pointer.
pub(crate) fn number(value: &Value, pointer: &str) -> Option<u32> {
    value
        .pointer(pointer)
        .and_then(Value::as_u64)
        .and_then(|number| u32::try_from(number).ok())
}

/// Texts of a list at a JSON pointer.
pub(crate) fn texts(value: &Value, pointer: &str) -> Vec<String> {
    items(value, pointer)
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

/// Items of a list at a JSON pointer.
pub(crate) fn items<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// Pairs of text at a JSON pointer, as tags and settings are.
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
