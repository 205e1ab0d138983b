//! Adapts descriptions so that `allOf` means to JSON Schema what it means to OpenAPI 2.
//!
//! In OpenAPI 2 a definition with `allOf` inherits, and `additionalProperties: false` closes the combined schema. In
//! JSON Schema each schema below `allOf` is closed separately, so no body could match a closed definition with a closed
//! base.

use jsonschema::{Retrieve, Uri};
use serde_json::{Map, Value, json};
use std::error::Error;
use url::Url;

/// Suffix of the definitions used as bases: same requirements, but open.
const OPEN: &str = ".open";

/// Reads the files that schemas refer to.
pub(crate) struct Descriptions;

impl Retrieve for Descriptions {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn Error + Send + Sync>> {
        let path = Url::parse(uri.as_str())?
            .to_file_path()
            .map_err(|()| format!("{uri} is not a file"))?;
        let mut document = serde_json::from_slice(&std::fs::read(path)?)?;
        inherit(&mut document);
        Ok(document)
    }
}

/// Closes each derived definition as a whole, and adds each definition as an open base.
fn inherit(document: &mut Value) {
    let definitions = document.get_mut("definitions").and_then(Value::as_object_mut);
    let Some(definitions) = definitions else { return };
    let mut bases = Vec::new();
    for (name, definition) in definitions.iter_mut() {
        let Some(members) = definition.as_object_mut() else {
            continue;
        };
        let is_heir = name_bases(members);
        let is_closed = members.get("additionalProperties") == Some(&json!(false));
        let mut base = members.clone();
        if is_closed {
            base.remove("additionalProperties");
        }
        bases.push((format!("{name}{OPEN}"), Value::Object(base)));
        if is_closed && is_heir {
            members.remove("additionalProperties");
            members.insert("unevaluatedProperties".to_owned(), json!(false));
        }
    }
    definitions.extend(bases);
}

/// Makes a definition inherit from open bases. Returns whether it inherits at all.
fn name_bases(members: &mut Map<String, Value>) -> bool {
    let Some(bases) = members.get_mut("allOf").and_then(Value::as_array_mut) else {
        return false;
    };
    for reference in bases.iter_mut().filter_map(|base| base.get_mut("$ref")) {
        if let Some(text) = reference.as_str() {
            *reference = format!("{text}{OPEN}").into();
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(definition: &str, body: &Value) -> bool {
        let closed = json!(false);
        let mut document = json!({ "definitions": {
            "Base": { "properties": { "id": {} }, "required": ["id"], "additionalProperties": closed },
            "Middle": { "allOf": [{ "$ref": "#/definitions/Base" }], "properties": { "size": { "type": "integer" } },
                "additionalProperties": closed },
            "Heir": { "allOf": [{ "$ref": "#/definitions/Middle" }], "properties": { "own": {} },
                "additionalProperties": closed },
            "OpenHeir": { "allOf": [{ "$ref": "#/definitions/Base" }] },
        } });
        inherit(&mut document);
        document["$ref"] = format!("#/definitions/{definition}").into();
        let options = jsonschema::options().with_draft(jsonschema::Draft::Draft201909);
        options.build(&document).unwrap().is_valid(body)
    }

    #[test]
    fn a_derived_schema_accepts_only_its_own_and_inherited_members() {
        assert!(fits("Heir", &json!({ "id": 1, "size": 1, "own": 1 })));
        assert!(!fits("Heir", &json!({ "id": 1, "unknown": 1 })));
        assert!(!fits("Heir", &json!({ "own": 1 })), "the base requires its id");
        assert!(!fits("Heir", &json!({ "id": 1, "size": "1" })));
        assert!(!fits("Middle", &json!({ "id": 1, "own": 1 })));
        assert!(
            !fits("Base", &json!({ "id": 1, "size": 1 })),
            "closed when used directly"
        );
        assert!(fits("OpenHeir", &json!({ "id": 1, "unknown": 1 })));
    }
}
