//! A request to a cluster's API, from path and body to status and body, independent of sockets.

use super::kinds::{self, Kind};
use super::{ClusterObjects, budgets, derived, discovery};
use crate::world::Resource;
use http::{Method, StatusCode};
use serde_json::{Value, json};

/// A request, relative to the cluster's path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a Method,
    /// Path, such as `/api/v1/namespaces`.
    pub(crate) path: &'a str,
    pub(crate) query: &'a [(String, String)],
    /// Whether only the metadata is wanted (`as=PartialObjectMetadata`).
    pub(crate) metadata_only: bool,
    pub(crate) body: &'a [u8],
}

pub(crate) type Reply = (StatusCode, Value);

/// The kind and object that a path names.
struct Target<'a> {
    kind: &'static Kind,
    namespace: &'a str,
    name: Option<&'a str>,
}

/// Answers a request to a cluster's API.
pub(crate) fn answer(objects: &mut ClusterObjects, cluster: &Resource, request: Request<'_>) -> Reply {
    let version = cluster.body["properties"]["currentKubernetesVersion"]
        .as_str()
        .unwrap_or_default();
    if let Some(found) = discovery::answer(version, request) {
        return (StatusCode::OK, found);
    }
    if let Some((namespace, pod)) = log_of(request) {
        let text = derived::log(objects, cluster, namespace, pod);
        return text.map_or_else(
            || not_found(kinds::POD, pod),
            |text| (StatusCode::OK, Value::String(text)),
        );
    }
    let Some(target) = target(request.path) else {
        return missing("the server could not find the requested resource");
    };
    let (status, mut body) = if target.kind.kept {
        answer_stored(objects, &target, request)
    } else {
        answer_derived(objects, cluster, &target, request)
    };
    if target.kind == kinds::POD_DISRUPTION_BUDGET && status.is_success() && *request.method != Method::DELETE
    {
        budgets::complete(objects, cluster, &mut body);
    }
    if request.metadata_only && status.is_success() {
        reduce(&mut body);
    }
    (status, body)
}

fn log_of<'a>(request: Request<'a>) -> Option<(&'a str, &'a str)> {
    let parts: Vec<&str> = request.path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["api", "v1", "namespaces", namespace, "pods", pod, "log"] if request.method == Method::GET => {
            Some((namespace, pod))
        }
        _ => None,
    }
}

/// Nodes, pods and endpoint slices are read-only; a deleted pod is replaced at once.
fn answer_derived(
    objects: &ClusterObjects,
    cluster: &Resource,
    target: &Target<'_>,
    request: Request<'_>,
) -> Reply {
    let all = derived::list(objects, cluster, target.kind, target.namespace);
    let named = |name: &str| {
        all.iter()
            .find(|object| object["metadata"]["name"] == json!(name))
    };
    match (request.method, target.name) {
        (&Method::GET, None) => (
            StatusCode::OK,
            list_body(objects, target.kind, all.iter(), request.query),
        ),
        (&Method::GET, Some(name)) => match named(name) {
            Some(found) => (StatusCode::OK, found.clone()),
            None => not_found(target.kind, name),
        },
        (&Method::DELETE, Some(name)) if target.kind == kinds::POD => match named(name) {
            Some(found) => (StatusCode::OK, found.clone()),
            None => not_found(target.kind, name),
        },
        _ => status(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
        ),
    }
}

fn answer_stored(objects: &mut ClusterObjects, target: &Target<'_>, request: Request<'_>) -> Reply {
    match (request.method, target.name) {
        (&Method::GET, None) => (StatusCode::OK, list(objects, target, request.query)),
        (&Method::GET, Some(name)) => match objects.get(target.kind, target.namespace, name) {
            Some(found) => (StatusCode::OK, found.clone()),
            None => not_found(target.kind, name),
        },
        (&Method::POST, None) => create(objects, target, request.body),
        (&Method::PUT, Some(name)) => write(objects, target, name, request.body, |_, new| new),
        (&Method::PATCH, Some(name)) => write(objects, target, name, request.body, merge_patch),
        (&Method::DELETE, Some(name)) => match objects.remove(target.kind, target.namespace, name) {
            Some(_) => (
                StatusCode::OK,
                json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success" }),
            ),
            None => not_found(target.kind, name),
        },
        _ => status(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
        ),
    }
}

fn target(path: &str) -> Option<Target<'_>> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let (group_version, rest) = match parts.as_slice() {
        ["api", "v1", rest @ ..] => ("v1".to_string(), rest),
        ["apis", group, version, rest @ ..] => (format!("{group}/{version}"), rest),
        _ => return None,
    };
    let (namespace, rest) = match rest {
        // `namespaces/x` alone is the namespace itself; with more behind it, it is a scope.
        ["namespaces", namespace, rest @ ..] if !rest.is_empty() => (*namespace, rest),
        _ => ("", rest),
    };
    let (plural, name) = match rest {
        [plural] => (plural, None),
        [plural, name] => (plural, Some(*name)),
        _ => return None,
    };
    let kind = kinds::find(&group_version, plural)?;
    let placed = kind.namespaced || namespace.is_empty();
    let found = Target {
        kind,
        namespace,
        name,
    };
    (placed && (name.is_none() || !kind.namespaced || !namespace.is_empty())).then_some(found)
}

fn list(objects: &ClusterObjects, target: &Target<'_>, query: &[(String, String)]) -> Value {
    list_body(
        objects,
        target.kind,
        objects.list(target.kind, target.namespace),
        query,
    )
}

/// A list, filtered by the query's selectors and paged on request
/// (kubernetes.io/docs/reference/using-api/api-concepts, "Retrieving large results sets in chunks").
fn list_body<'a>(
    objects: &ClusterObjects,
    kind: &Kind,
    found: impl Iterator<Item = &'a Value>,
    query: &[(String, String)],
) -> Value {
    let wanted = |name: &str| {
        query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let labelled = |object: &Value, term: &str| match term.split_once('=') {
        Some((label, value)) => {
            object["metadata"]["labels"][label.trim_end_matches('=')] == json!(value.trim_start_matches('='))
        }
        None => !object["metadata"]["labels"][term].is_null(),
    };
    let placed = |object: &Value, term: &str| match term.split_once('=') {
        Some(("metadata.name", name)) => object["metadata"]["name"] == json!(name),
        Some(("metadata.namespace", name)) => object["metadata"]["namespace"] == json!(name),
        Some(("spec.nodeName", name)) => object["spec"]["nodeName"] == json!(name),
        Some(("type", kind)) => object["type"] == json!(kind),
        Some(("involvedObject.name", name)) => object["involvedObject"]["name"] == json!(name),
        _ => true,
    };
    let fits = |object: &&Value| {
        let labels = wanted("labelSelector").unwrap_or_default();
        let fields = wanted("fieldSelector").unwrap_or_default();
        labels
            .split(',')
            .filter(|term| !term.is_empty())
            .all(|term| labelled(object, term))
            && fields
                .split(',')
                .filter(|term| !term.is_empty())
                .all(|term| placed(object, term))
    };
    let items: Vec<&Value> = found.filter(fits).collect();
    let number = |name: &str| wanted(name).and_then(|text| text.parse::<usize>().ok());
    let from = number("continue").unwrap_or_default().min(items.len());
    let rest = items.len() - from;
    let count = number("limit")
        .filter(|limit| *limit > 0)
        .unwrap_or(rest)
        .min(rest);
    let mut metadata = json!({ "resourceVersion": objects.version().to_string() });
    if count < rest {
        metadata["continue"] = json!((from + count).to_string());
        metadata["remainingItemCount"] = json!(rest - count);
    }
    json!({
        "kind": format!("{}List", kind.kind),
        "apiVersion": kind.group_version,
        "metadata": metadata,
        "items": items[from..from + count],
    })
}

fn create(objects: &mut ClusterObjects, target: &Target<'_>, body: &[u8]) -> Reply {
    let Ok(object) = serde_json::from_slice::<Value>(body) else {
        return unreadable();
    };
    let name = object["metadata"]["name"]
        .as_str()
        .unwrap_or_default()
        .to_string();
    if !valid_name(&name) {
        let message = format!(
            "{} \"{name}\" is invalid: metadata.name: Invalid value: \"{name}\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
            target.kind.kind
        );
        return status(StatusCode::UNPROCESSABLE_ENTITY, "Invalid", &message);
    }
    let namespace = if target.kind.namespaced {
        target.namespace
    } else {
        ""
    };
    if target.kind.namespaced && objects.get(kinds::NAMESPACE, "", namespace).is_none() {
        return not_found(kinds::NAMESPACE, namespace);
    }
    if objects.get(target.kind, namespace, &name).is_some() {
        let message = format!("{} \"{name}\" already exists", target.kind.plural);
        return status(StatusCode::CONFLICT, "AlreadyExists", &message);
    }
    (
        StatusCode::CREATED,
        objects.put(target.kind, namespace, &name, object).clone(),
    )
}

fn write(
    objects: &mut ClusterObjects,
    target: &Target<'_>,
    name: &str,
    body: &[u8],
    how: fn(Value, Value) -> Value,
) -> Reply {
    let Ok(sent) = serde_json::from_slice::<Value>(body) else {
        return unreadable();
    };
    let Some(old) = objects.get(target.kind, target.namespace, name).cloned() else {
        return not_found(target.kind, name);
    };
    let expected = sent["metadata"]["resourceVersion"]
        .as_str()
        .filter(|version| !version.is_empty());
    if expected.is_some_and(|expected| old["metadata"]["resourceVersion"] != json!(expected)) {
        let message = format!(
            "Operation cannot be fulfilled on {} \"{name}\": the object has been modified; please apply your changes to the latest version and try again",
            target.kind.plural
        );
        return status(StatusCode::CONFLICT, "Conflict", &message);
    }
    let object = how(old, sent);
    (
        StatusCode::OK,
        objects.put(target.kind, target.namespace, name, object).clone(),
    )
}

fn merge_patch(mut old: Value, patch: Value) -> Value {
    let Value::Object(patch) = patch else { return patch };
    if !old.is_object() {
        old = json!({});
    }
    for (name, value) in patch {
        match value {
            Value::Null => {
                old.as_object_mut().map(|members| members.remove(&name));
            }
            value => old[name.as_str()] = merge_patch(old[name.as_str()].take(), value),
        }
    }
    old
}

/// An RFC 1123 label, or a subdomain with dots and colons as roles have them.
fn valid_name(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let ends = name.chars().next().is_some_and(letter) && name.chars().last().is_some_and(letter);
    ends && name.len() <= 253 && name.chars().all(|c| letter(c) || matches!(c, '-' | '.' | ':'))
}

fn reduce(body: &mut Value) {
    let only = |object: &Value| json!({ "apiVersion": "meta.k8s.io/v1", "kind": "PartialObjectMetadata", "metadata": object["metadata"] });
    match body["items"].as_array() {
        Some(items) => body["items"] = items.iter().map(only).collect(),
        None => *body = only(body),
    }
}

fn unreadable() -> Reply {
    status(
        StatusCode::BAD_REQUEST,
        "BadRequest",
        "the object provided is unrecognized (must be of type JSON)",
    )
}

fn missing(message: &str) -> Reply {
    status(StatusCode::NOT_FOUND, "NotFound", message)
}

fn not_found(kind: &Kind, name: &str) -> Reply {
    let (code, mut body) = missing(&format!("{} \"{name}\" not found", kind.plural));
    body["details"] = json!({ "name": name, "kind": kind.plural });
    (code, body)
}

/// A Kubernetes `Status` object.
pub(crate) fn status(code: StatusCode, reason: &str, message: &str) -> Reply {
    let body = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code.as_u16(),
    });
    (code, body)
}

#[cfg(test)]
mod tests;
