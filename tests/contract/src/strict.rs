//! Closed schemas of newer api-versions, generated from Bicep's types: a written body may not contain unknown or
//! read-only members, or values of the wrong type.

use crate::operations::parse;
use crate::schema::errors;
use crate::template::parts;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The schemas by resource type, in lower case.
#[derive(Debug)]
pub(crate) struct Strict {
    by_type: BTreeMap<String, Schema>,
}

#[derive(Debug)]
struct Schema {
    version: String,
    validator: jsonschema::Validator,
}

impl Strict {
    /// Reads every schema below a folder and keeps the newest version of each type; fails if there is none.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let mut by_type = BTreeMap::<String, Schema>::new();
        for path in schema_files(folder)? {
            let describe = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
            let mut schema = parse(&path)?;
            let title = schema["title"].as_str().and_then(|title| title.split_once('@'));
            let (kind, version) = title.ok_or_else(|| describe(&"its title is not `type@version`"))?;
            let (kind, version) = (kind.to_ascii_lowercase(), version.to_owned());
            if by_type.get(&kind).is_some_and(|known| known.version > version) {
                continue;
            }
            forbid_read_only(&mut schema);
            let validator = jsonschema::validator_for(&schema).map_err(|error| describe(&error))?;
            by_type.insert(kind, Schema { version, validator });
        }
        if by_type.is_empty() {
            return Err(format!("{}: no schemas", folder.display()));
        }
        Ok(Self { by_type })
    }

    /// Describes how a written body does not match.
    pub(crate) fn request(&self, method: &str, path: &str, body: &Value) -> Vec<String> {
        let schema = resource_type(path).and_then(|kind| self.by_type.get(&kind));
        match schema {
            Some(schema) if method == "PUT" => {
                errors(&schema.validator, body, &format!("request at {}", schema.version))
            }
            _ => Vec::new(),
        }
    }
}

/// Forbids each read-only member.
fn forbid_read_only(schema: &mut Value) {
    match schema {
        Value::Object(members) if members.get("readOnly") == Some(&Value::Bool(true)) => {
            *schema = false.into()
        }
        Value::Object(members) => {
            members.values_mut().for_each(forbid_read_only);
            let forbidden = |name: &Value| {
                members.get("properties").and_then(|all| all.get(name.as_str()?)) == Some(&Value::Bool(false))
            };
            let required = members.get("required").and_then(Value::as_array);
            let required: Option<Vec<Value>> =
                required.map(|names| names.iter().filter(|name| !forbidden(name)).cloned().collect());
            if let Some(required) = required {
                members.insert("required".to_owned(), required.into());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(forbid_read_only),
        _ => {}
    }
}

/// The type of the resource in a path, in lower case: the part after its last provider.
fn resource_type(path: &str) -> Option<String> {
    let all: Vec<&str> = parts(path).collect();
    let provider = all
        .iter()
        .rposition(|part| part.eq_ignore_ascii_case("providers"))?;
    let (namespace, rest) = all[provider + 1..].split_first()?;
    let is_named = !rest.is_empty() && rest.len() % 2 == 0;
    let kinds = rest.iter().step_by(2).copied();
    let whole: Vec<&str> = std::iter::once(*namespace).chain(kinds).collect();
    is_named.then(|| whole.join("/").to_ascii_lowercase())
}

fn schema_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut open = vec![folder.to_path_buf()];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(".schema.json") {
                files.push(path);
            }
        }
    }
    Ok(files)
}
