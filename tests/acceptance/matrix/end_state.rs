//! The comparable state after a run: without ids, times and ports that differ between runs.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as STANDARD;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The state by resource id.
#[derive(Debug, Clone, PartialEq)]
pub struct EndState(BTreeMap<String, Value>);

impl EndState {
    /// Extracts it from a sandbox's state.
    pub fn of(state: &Value, plan_id: &str) -> Self {
        let members = |name: &str| state[name].as_object().unwrap().iter();
        let mut all = BTreeMap::new();
        for (id, resource) in members("resources") {
            all.insert(normalize(id, plan_id), comparable(&resource["body"], plan_id));
        }
        for (cluster, inside) in members("cluster_objects") {
            let mut inside = inside.clone();
            // Counts all writes, whoever made them.
            inside.as_object_mut().unwrap().remove("version");
            let inside = without_generated_certificates(&inside, &state["front_ends"]);
            all.insert(format!("inside {cluster}"), comparable(&inside, plan_id));
        }
        for (place, front) in members("front_ends") {
            let certificate = match &front["label"] {
                Value::Null => front["tls"]["cert"].clone(),
                _ => json!("Microsoft's"),
            };
            let front = json!({
                "internal": front["internal"],
                "label": front["label"],
                "certificate": certificate,
            });
            all.insert(format!("front end {place}"), comparable(&front, plan_id));
        }
        for subscription in state["subscriptions"].as_array().unwrap() {
            let name = subscription["name"].as_str().unwrap();
            all.insert(
                format!("registrations of {name}"),
                subscription["registrations"].clone(),
            );
        }
        Self(all)
    }

    /// Describes the differences; empty if there are none.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for (id, value) in &self.0 {
            match other.0.get(id) {
                None => found.push(format!("{id} is missing")),
                Some(there) => collect_differences(id, value, there, &mut found),
            }
        }
        let more = other.0.keys().filter(|id| !self.0.contains_key(*id));
        found.extend(more.map(|id| format!("{id} is unexpected")));
        found
    }
}

/// The objects of a cluster without the certificates that the service generates, which differ each time.
fn without_generated_certificates(inside: &Value, fronts: &Value) -> Value {
    let mut text = inside.to_string();
    for front in fronts.as_object().unwrap().values() {
        if front["label"].is_null() || front["tls"].is_null() {
            continue;
        }
        for (part, placeholder) in [("cert", "CERTIFICATE"), ("key", "KEY")] {
            let pem = front["tls"][part].as_str().unwrap();
            text = text.replace(&STANDARD.encode(pem), placeholder);
        }
    }
    serde_json::from_str(&text).unwrap()
}

fn collect_differences(at: &str, wanted: &Value, there: &Value, found: &mut Vec<String>) {
    match (wanted, there) {
        (Value::Object(wanted), Value::Object(there)) => {
            let names: BTreeSet<&String> = wanted.keys().chain(there.keys()).collect();
            for name in names {
                let of = |members: &Map<String, Value>| members.get(name).cloned().unwrap_or_default();
                collect_differences(&format!("{at} > {name}"), &of(wanted), &of(there), found);
            }
        }
        _ if wanted != there => found.push(format!("{at} is {there}, not {wanted}")),
        _ => {}
    }
}

fn comparable(value: &Value, plan_id: &str) -> Value {
    match value {
        Value::Object(members) => {
            let fields = members.iter().filter(|(name, _)| !varies(name));
            let fields: Map<String, Value> = fields
                .map(|(name, value)| (normalize(name, plan_id), comparable(value, plan_id)))
                .collect();
            Value::Object(fields)
        }
        Value::Array(items) => items.iter().map(|item| comparable(item, plan_id)).collect(),
        Value::String(text) => normalize(text, plan_id).into(),
        other => other.clone(),
    }
}

/// Members that differ in every run.
fn varies(name: &str) -> bool {
    ["etag", "resourceversion", "nodeport", "port"].contains(&name.to_lowercase().as_str())
}

fn normalize(text: &str, plan_id: &str) -> String {
    if text.parse::<jiff::Timestamp>().is_ok() {
        return "TIME".to_owned();
    }
    without_guids(&text.replace(plan_id, "PLAN"))
}

/// Replaces each GUID with `*`, and each random one without hyphens.
pub fn without_guids(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(length) = guid_at_start(rest) {
            out.push('*');
            rest = &rest[length..];
        } else {
            let next = rest.chars().next().map_or(1, char::len_utf8);
            out.push_str(&rest[..next]);
            rest = &rest[next..];
        }
    }
    out
}

fn guid_at_start(text: &str) -> Option<usize> {
    let read = |length: usize| uuid::Uuid::parse_str(text.get(..length)?).ok();
    if read(36).is_some() {
        return Some(36);
    }
    read(32).filter(|id| id.get_version_num() == 4).map(|_| 32)
}
