//! Compares JSON values regardless of the order of members and list items: services return them in any order.

use serde_json::{Map, Value};

/// Sorts members and list items, recursively.
pub(super) fn canonical(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(canonical).collect();
            items.sort_by_cached_key(Value::to_string);
            Value::Array(items)
        }
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            let ordered = names
                .into_iter()
                .map(|name| (name.clone(), canonical(&members[name])));
            Value::Object(ordered.collect::<Map<_, _>>())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// A list item: its name, and its value in each of two lists.
pub(super) type Named<'a> = (&'a str, Option<&'a Value>, Option<&'a Value>);

/// Pairs the items of two lists by name; `None` unless every item has a unique name or id.
pub(super) fn by_name<'a>(one: &'a [Value], other: &'a [Value]) -> Option<Vec<Named<'a>>> {
    let key = ["name", "id"].into_iter().find(|key| {
        let named = |item: &Value| item.get(key).is_some_and(Value::is_string);
        one.iter().chain(other).all(named) && distinct(one, key) && distinct(other, key)
    })?;
    let name = |item: &'a Value| item[key].as_str().unwrap_or_default();
    let find = |items: &'a [Value], wanted: &str| items.iter().find(|item| name(item) == wanted);
    let before = one
        .iter()
        .map(|item| (name(item), Some(item), find(other, name(item))));
    let added = other.iter().filter(|item| find(one, name(item)).is_none());
    Some(
        before
            .chain(added.map(|item| (name(item), None, Some(item))))
            .collect(),
    )
}

fn distinct(items: &[Value], key: &str) -> bool {
    let mut names: Vec<&str> = items.iter().filter_map(|item| item[key].as_str()).collect();
    names.sort_unstable();
    names.windows(2).all(|pair| pair[0] != pair[1])
}
