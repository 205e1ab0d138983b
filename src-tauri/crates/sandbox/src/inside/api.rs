//! One request to a cluster's own API, from path and body to status and body. No sockets.

use super::objects::{self, Kind};
use super::{Inside, discovery};
use http::{Method, StatusCode};
use serde_json::{Value, json};

/// One request, below the cluster's own path.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Method.
    pub method: &'a Method,
    /// Path, such as `/api/v1/namespaces`.
    pub path: &'a str,
    /// Query, decoded.
    pub query: &'a [(String, String)],
    /// Whether only the metadata is wanted (`as=PartialObjectMetadata`).
    pub metadata_only: bool,
    /// Body.
    pub body: &'a [u8],
}

/// A status and a JSON body.
pub type Reply = (StatusCode, Value);

/// Where in the API a path points.
struct Target<'a> {
    kind: &'static Kind,
    namespace: &'a str,
    name: Option<&'a str>,
}

/// Answers a request on a cluster that runs `version`.
pub fn answer(inside: &mut Inside, version: &str, request: Request<'_>) -> Reply {
    if let Some(found) = discovery::answer(version, request) {
        return (StatusCode::OK, found);
    }
    let Some(target) = target(request.path) else {
        return missing("the server could not find the requested resource");
    };
    let (status, mut body) = act(inside, &target, request);
    if request.metadata_only && status.is_success() {
        reduce(&mut body);
    }
    (status, body)
}

fn act(inside: &mut Inside, target: &Target<'_>, request: Request<'_>) -> Reply {
    match (request.method, target.name) {
        (&Method::GET, None) => (StatusCode::OK, list(inside, target, request.query)),
        (&Method::GET, Some(name)) => match inside.get(target.kind, target.namespace, name) {
            Some(found) => (StatusCode::OK, found.clone()),
            None => not_found(target.kind, name),
        },
        (&Method::POST, None) => create(inside, target, request.body),
        (&Method::PUT, Some(name)) => write(inside, target, name, request.body, |_, new| new),
        (&Method::PATCH, Some(name)) => write(inside, target, name, request.body, merged),
        (&Method::DELETE, Some(name)) => match inside.remove(target.kind, target.namespace, name) {
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
        // `namespaces/x` alone is the namespace itself; with more behind it is a place.
        ["namespaces", namespace, rest @ ..] if !rest.is_empty() => (*namespace, rest),
        _ => ("", rest),
    };
    let (plural, name) = match rest {
        [plural] => (plural, None),
        [plural, name] => (plural, Some(*name)),
        _ => return None,
    };
    let kind = objects::find(&group_version, plural)?;
    let placed = kind.namespaced || namespace.is_empty();
    let found = Target {
        kind,
        namespace,
        name,
    };
    (placed && (name.is_none() || !kind.namespaced || !namespace.is_empty())).then_some(found)
}

fn list(inside: &Inside, target: &Target<'_>, query: &[(String, String)]) -> Value {
    let wanted = |name: &str| {
        query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let fits = |object: &&Value| {
        let labelled = |term: &str| match term.split_once('=') {
            Some((label, value)) => {
                object["metadata"]["labels"][label.trim_end_matches('=')]
                    == json!(value.trim_start_matches('='))
            }
            None => !object["metadata"]["labels"][term].is_null(),
        };
        let named = |term: &str| {
            term.strip_prefix("metadata.name=")
                .is_none_or(|name| object["metadata"]["name"] == json!(name))
        };
        wanted("labelSelector")
            .is_none_or(|terms| terms.split(',').filter(|term| !term.is_empty()).all(labelled))
            && wanted("fieldSelector").is_none_or(|terms| terms.split(',').all(named))
    };
    let items: Vec<&Value> = inside.list(target.kind, target.namespace).filter(fits).collect();
    json!({
        "kind": format!("{}List", target.kind.kind),
        "apiVersion": target.kind.group_version,
        "metadata": { "resourceVersion": inside.version().to_string() },
        "items": items,
    })
}

fn create(inside: &mut Inside, target: &Target<'_>, body: &[u8]) -> Reply {
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
    if target.kind.namespaced && inside.get(objects::NAMESPACE, "", namespace).is_none() {
        return not_found(objects::NAMESPACE, namespace);
    }
    if inside.get(target.kind, namespace, &name).is_some() {
        let message = format!("{} \"{name}\" already exists", target.kind.plural);
        return status(StatusCode::CONFLICT, "AlreadyExists", &message);
    }
    (
        StatusCode::CREATED,
        inside.put(target.kind, namespace, &name, object).clone(),
    )
}

fn write(
    inside: &mut Inside,
    target: &Target<'_>,
    name: &str,
    body: &[u8],
    how: fn(Value, Value) -> Value,
) -> Reply {
    let Ok(sent) = serde_json::from_slice::<Value>(body) else {
        return unreadable();
    };
    let Some(old) = inside.get(target.kind, target.namespace, name).cloned() else {
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
        inside.put(target.kind, target.namespace, name, object).clone(),
    )
}

/// JSON merge patch (RFC 7386).
fn merged(mut old: Value, patch: Value) -> Value {
    let Value::Object(patch) = patch else { return patch };
    if !old.is_object() {
        old = json!({});
    }
    for (name, value) in patch {
        match value {
            Value::Null => {
                old.as_object_mut().map(|members| members.remove(&name));
            }
            value => old[name.as_str()] = merged(old[name.as_str()].take(), value),
        }
    }
    old
}

/// RFC 1123 label, or a subdomain with dots and colons as roles have them.
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
    missing(&format!("{} \"{name}\" not found", kind.plural))
}

/// An error as Kubernetes words it.
pub fn status(code: StatusCode, reason: &str, message: &str) -> Reply {
    let body = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code.as_u16(),
    });
    (code, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send(inside: &mut Inside, method: Method, path: &str, body: Value) -> Reply {
        let body = if body.is_null() {
            Vec::new()
        } else {
            body.to_string().into_bytes()
        };
        answer(
            inside,
            "1.35.4",
            Request {
                method: &method,
                path,
                query: &[],
                metadata_only: false,
                body: &body,
            },
        )
    }

    #[test]
    fn objects_live_as_in_a_cluster() {
        let mut inside = Inside::default();
        let secret = json!({ "metadata": { "name": "tls" }, "data": { "cert.pem": "YQ==" } });
        let (code, body) = send(
            &mut inside,
            Method::POST,
            "/api/v1/namespaces/azureml/secrets",
            secret.clone(),
        );
        assert_eq!(
            (code.as_u16(), body["message"].as_str()),
            (404, Some("namespaces \"azureml\" not found"))
        );
        let namespace = json!({ "metadata": { "name": "azureml" } });
        assert_eq!(
            send(&mut inside, Method::POST, "/api/v1/namespaces", namespace.clone())
                .0
                .as_u16(),
            201
        );
        assert_eq!(
            send(&mut inside, Method::POST, "/api/v1/namespaces", namespace).1["reason"],
            "AlreadyExists"
        );
        assert_eq!(
            send(
                &mut inside,
                Method::POST,
                "/api/v1/namespaces/azureml/secrets",
                secret
            )
            .0
            .as_u16(),
            201
        );
        let at = "/api/v1/namespaces/azureml/secrets/tls";
        let (_, patched) = send(
            &mut inside,
            Method::PATCH,
            at,
            json!({ "data": { "cert.pem": null, "key.pem": "Yg==" } }),
        );
        assert_eq!(patched["data"], json!({ "key.pem": "Yg==" }));
        let stale = json!({ "metadata": { "resourceVersion": "1" } });
        assert_eq!(send(&mut inside, Method::PUT, at, stale).0.as_u16(), 409);
        let (_, list) = send(&mut inside, Method::GET, "/api/v1/secrets", Value::Null);
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(send(&mut inside, Method::DELETE, at, Value::Null).0.as_u16(), 200);
        assert_eq!(send(&mut inside, Method::GET, at, Value::Null).0.as_u16(), 404);
    }

    #[test]
    fn bad_names_and_unknown_places_are_refused() {
        let mut inside = Inside::default();
        let (code, body) = send(
            &mut inside,
            Method::POST,
            "/api/v1/namespaces",
            json!({ "metadata": { "name": "Not_ok" } }),
        );
        assert_eq!((code.as_u16(), body["reason"].as_str()), (422, Some("Invalid")));
        for path in [
            "/apis/batch/v1/jobs",
            "/api/v2/namespaces",
            "/",
            "/api/v1/namespaces/default/namespaces",
        ] {
            let code = send(&mut inside, Method::GET, path, Value::Null).0.as_u16();
            assert_eq!(code, 404, "{path}");
        }
    }
}
