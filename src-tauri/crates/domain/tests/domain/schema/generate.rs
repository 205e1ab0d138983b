//! Generates values that fit a schema, and spoils them.

use proptest::prelude::*;
use proptest::strategy::Union;
use serde_json::{Map, Value, json};

/// Values that fit.
pub(super) fn fitting(root: &Value, schema: &Value) -> BoxedStrategy<Value> {
    let schema = resolved(root, schema);
    let options = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    if let Some(options) = options {
        return Union::new(options.iter().map(|option| fitting(root, option))).boxed();
    }
    if let Some(constant) = schema.get("const") {
        return Just(constant.clone()).boxed();
    }
    if let Some(listed) = schema["enum"].as_array() {
        return prop::sample::select(listed.clone()).boxed();
    }
    match &schema["type"] {
        Value::Array(types) => {
            let one = |name: &Value| {
                let mut alone = schema.clone();
                alone["type"] = name.clone();
                fitting(root, &alone)
            };
            Union::new(types.iter().map(one)).boxed()
        }
        name => of_type(root, schema, name.as_str().expect("a type")),
    }
}

fn of_type(root: &Value, schema: &Value, name: &str) -> BoxedStrategy<Value> {
    // Only the schemas of files state the limit of 32 bits.
    let most = schema["maximum"].as_u64().unwrap_or(u64::from(u32::MAX));
    match name {
        "null" => Just(Value::Null).boxed(),
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "integer" | "number" => (0..=most).prop_map(Value::from).boxed(),
        "string" => "[a-z/]{0,4}".prop_map(Value::from).boxed(),
        "array" => prop::collection::vec(fitting(root, &schema["items"]), 0..3)
            .prop_map(Value::from)
            .boxed(),
        "object" => object(root, schema),
        other => panic!("the type {other} is new here"),
    }
}

fn object(root: &Value, schema: &Value) -> BoxedStrategy<Value> {
    let Some(properties) = schema["properties"].as_object() else {
        let members = fitting(root, &schema["additionalProperties"]);
        return prop::collection::btree_map("[a-z]{1,4}", members, 0..3)
            .prop_map(|members| json!(members))
            .boxed();
    };
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let members: Vec<_> = properties
        .iter()
        .map(|(name, property)| {
            let needed = required.contains(&name.as_str());
            let name = name.clone();
            let member = fitting(root, property).prop_map(move |value| (name.clone(), value));
            if needed {
                member.prop_map(Some).boxed()
            } else {
                prop::option::of(member).boxed()
            }
        })
        .collect();
    members
        .prop_map(|members| Value::Object(members.into_iter().flatten().collect::<Map<_, _>>()))
        .boxed()
}

/// Follows references.
pub(super) fn resolved<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let target = schema["$ref"].as_str().or(schema["allOf"][0]["$ref"].as_str());
    match target.and_then(|target| target.strip_prefix('#')) {
        Some(pointer) => resolved(root, root.pointer(pointer).expect("a definition")),
        None => schema,
    }
}

/// JSON pointers to a value and all its parts.
pub(super) fn places(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| (name.replace('~', "~0").replace('/', "~1"), member))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, item)| (at.to_string(), item))
            .collect(),
        _ => Vec::new(),
    };
    for (name, part) in parts {
        found.extend(places(part).iter().map(|below| format!("/{name}{below}")));
    }
    found
}

/// Replaces a part, adds a member to it, or removes one.
pub(super) fn spoil(value: &mut Value, at: &prop::sample::Index, how: usize) {
    let places = places(value);
    let part = value
        .pointer_mut(&places[at.index(places.len())])
        .expect("a part");
    let replacements = [
        json!(null),
        json!("strange"),
        json!(-1),
        json!(1.5),
        json!(101),
        json!(4_294_967_296_u64),
        json!(true),
        json!([]),
        json!({}),
    ];
    match (replacements.get(how), part) {
        (Some(other), part) => *part = other.clone(),
        (None, Value::Object(members)) if how == replacements.len() => {
            members.insert("strange".to_owned(), json!(1));
        }
        (None, Value::Object(members)) => {
            let name = members.keys().next().cloned();
            name.map(|name| members.shift_remove(&name));
        }
        (None, _) => {}
    }
}

/// Ways to spoil a value.
pub(super) const WAYS: usize = 11;
