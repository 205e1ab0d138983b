//! Outlines of operations, read from Azure's client packages: method, path, query and statuses, no bodies. They replace
//! missing descriptions.

use crate::operations::{Operation, parse};
use crate::template::Template;
use serde_json::{Map, Value, json};
use std::path::Path;

/// Reads the outlines; empty if the file does not exist.
pub(crate) fn read(path: &Path) -> Result<Vec<Operation>, String> {
    let is_there = path
        .try_exists()
        .map_err(|error| format!("{}: {error}", path.display()))?;
    if !is_there {
        return Ok(Vec::new());
    }
    let document = parse(path)?;
    let groups = document["groups"].as_object().into_iter().flatten();
    let mut all: Vec<Operation> = groups
        .flat_map(|(group, content)| {
            let operations = content["operations"].as_object().into_iter().flatten();
            operations.map(move |(name, outline)| operation(path, &format!("{group}.{name}"), outline))
        })
        .collect();
    all.sort_by_key(|operation| operation.path.looseness());
    Ok(all)
}

fn operation(file: &Path, id: &str, outline: &Value) -> Operation {
    let statuses = outline["success"].as_array().into_iter().flatten();
    let responses: Map<String, Value> = statuses.map(|status| (status.to_string(), json!({}))).collect();
    let query = outline["query"].as_array().into_iter().flatten();
    let mut parameters: Vec<Value> = query.map(|name| json!({ "in": "query", "name": name })).collect();
    parameters.push(json!({ "in": "query", "name": "api-version", "required": true }));
    let method = outline["method"].as_str().unwrap_or_default().to_owned();
    if ["PUT", "POST", "PATCH"].contains(&method.as_str()) {
        parameters.push(json!({ "in": "body" }));
    }
    Operation {
        id: format!("{id} (outline)"),
        path: Template::parse(outline["path"].as_str().unwrap_or_default()),
        method,
        file: file.to_path_buf(),
        body: json!({ "responses": responses, "x-ms-long-running-operation": outline["lro"] }),
        parameters,
    }
}
