//! Validates bodies against the schemas of the descriptions.

use crate::inheritance::Descriptions;
use jsonschema::{Draft, Validator};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The schemas, each built only once, because building reads the files it refers to.
#[derive(Debug, Default)]
pub(crate) struct Schemas(RefCell<HashMap<String, Built>>);

type Built = Rc<Result<Validator, String>>;

impl Schemas {
    /// Describes how a body does not match a schema.
    pub(crate) fn validate(&self, schema: &Value, body: &Value, what: &str) -> Vec<String> {
        if schema.is_null() {
            return Vec::new();
        }
        match &*self.built(schema) {
            Ok(validator) => errors(validator, body, what),
            Err(error) => vec![error.clone()],
        }
    }

    fn built(&self, schema: &Value) -> Built {
        let mut all = self.0.borrow_mut();
        let built = all.entry(schema.to_string()).or_insert_with(|| {
            let options = jsonschema::options()
                .with_draft(Draft::Draft201909)
                .should_validate_formats(true)
                .with_retriever(Descriptions);
            let built = options.build(schema);
            Rc::new(built.map_err(|error| format!("the schema cannot be used: {error}")))
        });
        Rc::clone(built)
    }
}

/// Describes how a body does not match. Nulls count as absent, because the descriptions do not preserve nullability.
pub(crate) fn errors(validator: &Validator, body: &Value, what: &str) -> Vec<String> {
    let body = without_nulls(body);
    let errors = validator.iter_errors(&body).map(|error| {
        let place = place(&error.instance_path().to_string());
        format!("{what} {place}: {}", end_of(&error.to_string()))
    });
    errors.collect()
}

/// The path of a member in a body, without list indexes.
fn place(path: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| if part.parse::<u32>().is_ok() { "*" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// The last 160 characters: a message begins with the whole value, which may be long.
fn end_of(text: &str) -> String {
    let start = text.char_indices().rev().nth(159).map_or(0, |(at, _)| at);
    text[start..].to_owned()
}

/// A copy of a body without null members.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_nulls(value)))
            .collect(),
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}
