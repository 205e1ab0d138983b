//! One exchange against its operation.

use crate::operations::Operation;
use crate::strict::Strict;
use crate::{Operations, Report, exceptions};
use serde_json::Value;
use std::path::Path;
use url::Url;

/// Checks a recorded exchange.
pub(crate) fn exchange(operations: &Operations, strict: &Strict, exchange: &Value, report: &mut Report) {
    let method = exchange["method"].as_str().unwrap_or_default();
    let Ok(url) = Url::parse(exchange["url"].as_str().unwrap_or_default()) else {
        return report.wrong(format!("no URL: {}", exchange["url"]));
    };
    let path = percent_encoding::percent_decode_str(url.path())
        .decode_utf8_lossy()
        .into_owned();
    if let Some(reason) = exceptions::of_path(&path) {
        return report.except(reason);
    }
    let Some(operation) = operations.find(method, &path) else {
        return report.wrong(format!("{method} {} is described nowhere", shape(&path)));
    };
    let mut wrongs = query(operation, &url);
    wrongs.extend(request(operation, &exchange["request_body"]));
    wrongs.extend(strict.request(method, &path, &exchange["request_body"]));
    wrongs.extend(response(operation, exchange));
    if wrongs.is_empty() {
        return report.good();
    }
    for wrong in wrongs {
        match exceptions::of_finding(&operation.id, &wrong) {
            Some(reason) => report.except(reason),
            None => report.wrong(format!("{}: {wrong}", operation.id)),
        }
    }
}

/// A path without its names.
fn shape(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty());
    parts
        .enumerate()
        .map(|(at, part)| if at % 2 == 0 { part } else { "*" })
        .collect::<Vec<_>>()
        .join("/")
}

fn parameters<'a>(operation: &'a Operation, place: &str) -> Vec<&'a Value> {
    operation
        .parameters
        .iter()
        .map(|(_, parameter)| parameter)
        .filter(|parameter| parameter["in"] == place)
        .collect()
}

fn query(operation: &Operation, url: &Url) -> Vec<String> {
    let known = parameters(operation, "query");
    let name = |parameter: &&Value| parameter["name"].as_str().unwrap_or_default().to_string();
    let sent: Vec<String> = url.query_pairs().map(|(key, _)| key.into_owned()).collect();
    let missing = known
        .iter()
        .filter(|parameter| parameter["required"] == true)
        .filter(|parameter| !sent.contains(&name(parameter)));
    let mut wrongs: Vec<String> = missing
        .map(|parameter| format!("the query lacks {}", parameter["name"]))
        .collect();
    let unknown = sent
        .iter()
        .filter(|sent| !known.iter().any(|parameter| parameter["name"] == sent.as_str()));
    wrongs.extend(
        unknown
            .filter(|sent| *sent != "$skiptoken")
            .map(|sent| format!("the query has {sent}, which is not described")),
    );
    wrongs
}

fn request(operation: &Operation, body: &Value) -> Vec<String> {
    let Some((file, parameter)) = operation
        .parameters
        .iter()
        .find(|(_, parameter)| parameter["in"] == "body")
    else {
        let empty = body.is_null() || body == "" || *body == serde_json::json!({});
        return if empty {
            Vec::new()
        } else {
            vec!["a body was sent, and none is described".to_string()]
        };
    };
    if body.is_null() || body == "" {
        let needed = parameter["required"] == true;
        return if needed {
            vec!["the body is missing".to_string()]
        } else {
            Vec::new()
        };
    }
    validate(&operation.schema(&parameter["schema"], file), body, "request")
}

fn response(operation: &Operation, exchange: &Value) -> Vec<String> {
    let status = exchange["status"].as_u64().unwrap_or_default();
    let responses = &operation.body["responses"];
    let described = &responses[status.to_string()];
    let body = &exchange["response_body"];
    if described.is_null() {
        let fallback = &responses["default"];
        return match status {
            400.. if !fallback.is_null() => validate(
                &operation.schema(&fallback["schema"], &operation.file),
                body,
                "error",
            ),
            // Azure's general rules: any operation can be refused in the common form.
            400.. => {
                if body["error"]["code"].is_string() {
                    Vec::new()
                } else {
                    vec![format!("{status} without an error")]
                }
            }
            _ => vec![format!("status {status} is not described")],
        };
    }
    let mut wrongs = Vec::new();
    let long = operation.body["x-ms-long-running-operation"] == true && [201, 202].contains(&status);
    let header = |name: &str| {
        exchange["response_headers"]
            .as_object()
            .is_some_and(|all| all.keys().any(|key| key.eq_ignore_ascii_case(name)))
    };
    if long && !header("azure-asyncoperation") && !header("location") {
        wrongs.push("a long operation without a header to follow".to_string());
    }
    if !described["schema"].is_null() {
        wrongs.extend(validate(
            &operation.schema(&described["schema"], &operation.file),
            body,
            "response",
        ));
    }
    wrongs
}

/// What does not fit a schema. Nulls are taken as absent, as the descriptions lose nullability.
pub(crate) fn validate(schema: &Value, body: &Value, what: &str) -> Vec<String> {
    if schema.is_null() {
        return Vec::new();
    }
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft4);
    let validator = match options.build(schema) {
        Ok(validator) => validator,
        Err(error) => return vec![format!("the schema cannot be used: {error}")],
    };
    let body = without_nulls(body);
    let errors = validator.iter_errors(&body);
    errors
        .map(|error| {
            format!(
                "{what} {}: {}",
                place(&error.instance_path().to_string()),
                short(&error.to_string())
            )
        })
        .collect()
}

/// A path in a body, without positions in lists.
fn place(path: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| if part.parse::<u32>().is_ok() { "*" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

fn short(text: &str) -> String {
    let cut: String = text.chars().rev().take(160).collect();
    cut.chars().rev().collect()
}

/// A body without members that are null.
pub(crate) fn without_nulls(value: &Value) -> Value {
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

/// Name of a file, for messages.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
