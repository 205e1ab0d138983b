//! The API discovery documents, which kubectl reads first: version and kinds.

use super::api::Request;
use super::kinds::KINDS;
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Answers a discovery request; `None` for any other.
pub(super) fn answer(version: &str, request: Request<'_>) -> Option<Value> {
    if request.method != Method::GET {
        return None;
    }
    let parts: Vec<&str> = request.path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["version"] => Some(of_server(version)),
        ["livez" | "readyz" | "healthz"] => Some(json!("ok")),
        ["api"] => Some(json!({ "kind": "APIVersions", "versions": ["v1"] })),
        ["apis"] => Some(groups()),
        ["api", "v1"] => resources("v1"),
        ["apis", group, version] => resources(&format!("{group}/{version}")),
        _ => None,
    }
}

fn of_server(version: &str) -> Value {
    let mut parts = version.split('.');
    json!({
        "major": parts.next(), "minor": parts.next(), "gitVersion": format!("v{version}"),
        "gitTreeState": "clean", "platform": "linux/amd64",
    })
}

fn groups() -> Value {
    let names: BTreeSet<&str> = KINDS
        .iter()
        .map(|kind| kind.group_version)
        .filter(|name| name.contains('/'))
        .collect();
    let groups: Vec<Value> = names
        .into_iter()
        .filter_map(|name| {
            let (group, version) = name.split_once('/')?;
            let version = json!({ "groupVersion": name, "version": version });
            Some(json!({ "name": group, "versions": [version], "preferredVersion": version }))
        })
        .collect();
    json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": groups })
}

fn resources(group_version: &str) -> Option<Value> {
    let of_group = KINDS.iter().filter(|kind| kind.group_version == group_version);
    let resources: Vec<Value> = of_group
        .map(|kind| {
            json!({
                "name": kind.plural, "singularName": kind.kind.to_ascii_lowercase(), "namespaced": kind.namespaced,
                "shortNames": if kind.short.is_empty() { json!([]) } else { json!([kind.short]) },
                "kind": kind.kind, "verbs": ["create", "delete", "get", "list", "patch", "update"],
            })
        })
        .collect();
    let found = json!({ "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": resources });
    (!resources.is_empty()).then_some(found)
}
