//! What is inside a cluster, and its own API: Kubernetes' REST interface over HTTPS with client certificates
//! (kubernetes.io/docs/reference/using-api/api-concepts). One listener serves every cluster, each under a path of
//! its own, so that an estate of a thousand needs one socket.
//!
//! Not here: what answers for models, see `front`.

pub(crate) mod api;
pub(crate) mod discovery;
mod fates;
pub(crate) mod machines;
pub(crate) mod objects;
pub(crate) mod server;

use crate::front;
use crate::resource_id::key;
use crate::world::{Resource, World};
use objects::Kind;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Namespaces every cluster has.
const BORN_WITH: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/// What is inside one cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Inside {
    objects: BTreeMap<String, Value>,
    version: u64,
}

impl Default for Inside {
    /// A cluster as it is born.
    fn default() -> Self {
        let mut inside = Self {
            objects: BTreeMap::new(),
            version: 0,
        };
        for name in BORN_WITH {
            inside.put(
                objects::NAMESPACE,
                "",
                name,
                json!({ "status": { "phase": "Active" } }),
            );
        }
        inside
    }
}

impl Inside {
    /// Version of everything: raised by each write.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// One object.
    pub(crate) fn get(&self, kind: &Kind, namespace: &str, name: &str) -> Option<&Value> {
        self.objects.get(&place(kind, namespace, name))
    }

    /// Objects of a kind, of one namespace or (`""`) of all, by name.
    pub(crate) fn list<'a>(
        &'a self,
        kind: &Kind,
        namespace: &str,
    ) -> impl Iterator<Item = &'a Value> + use<'a> {
        let mut prefix = format!("{}/{}/", kind.group_version, kind.plural);
        if !namespace.is_empty() {
            prefix = format!("{prefix}{namespace}/");
        }
        let range = self.objects.range(prefix.clone()..);
        range
            .take_while(move |(at, _)| at.starts_with(&prefix))
            .map(|(_, object)| object)
    }

    /// Writes an object, new or over an old one; what identifies it is filled in.
    pub(crate) fn put(&mut self, kind: &Kind, namespace: &str, name: &str, mut object: Value) -> &Value {
        self.version += 1;
        let at = place(kind, namespace, name);
        let old = self
            .objects
            .get(&at)
            .map(|old| old["metadata"].clone())
            .unwrap_or(Value::Null);
        let or_new = |member: &str, new: String| old[member].as_str().map_or(new, str::to_string);
        object["apiVersion"] = json!(kind.group_version);
        object["kind"] = json!(kind.kind);
        let metadata = &mut object["metadata"];
        metadata["name"] = json!(name);
        if !namespace.is_empty() {
            metadata["namespace"] = json!(namespace);
        }
        metadata["uid"] = json!(or_new("uid", uuid::Uuid::new_v4().to_string()));
        let created = || format!("{:.0}", jiff::Timestamp::now());
        metadata["creationTimestamp"] = json!(or_new("creationTimestamp", created()));
        metadata["resourceVersion"] = json!(self.version.to_string());
        self.objects.insert(at.clone(), object);
        &self.objects[&at]
    }

    /// Takes an object away; a namespace goes with everything in it.
    pub(crate) fn remove(&mut self, kind: &Kind, namespace: &str, name: &str) -> Option<Value> {
        self.version += 1;
        if kind.plural == objects::NAMESPACE.plural {
            let inside = |object: &Value| object["metadata"]["namespace"] == json!(name);
            self.objects.retain(|_, object| !inside(object));
        }
        self.objects.remove(&place(kind, namespace, name))
    }
}

fn place(kind: &Kind, namespace: &str, name: &str) -> String {
    format!("{}/{}/{namespace}/{name}", kind.group_version, kind.plural)
}

/// Name by which a cluster's API is addressed and its client certificates are issued.
pub(crate) fn uid_of(cluster: &Resource) -> &str {
    cluster.body["properties"]["resourceUID"]
        .as_str()
        .unwrap_or_default()
}

/// Whether a cluster's API answers: made, and not standing still.
pub(crate) fn answers(cluster: &Resource) -> bool {
    let properties = &cluster.body["properties"];
    properties["powerState"]["code"] == "Running" && properties["provisioningState"] != "Creating"
}

impl World {
    /// What is inside a cluster, to change.
    pub(crate) fn inside_mut(&mut self, cluster: &str) -> &mut Inside {
        self.touch();
        self.insides.entry(key(cluster)).or_default()
    }

    /// Asks a cluster's own API; what it changes is saved.
    pub(crate) fn ask_inside<R>(&mut self, cluster: &str, ask: impl FnOnce(&mut Inside) -> R) -> R {
        let inside = self.insides.entry(key(cluster)).or_default();
        let before = inside.version();
        let reply = ask(inside);
        if inside.version() != before {
            front::follow(self, cluster);
            self.touch();
        }
        reply
    }

    /// What is inside a cluster.
    pub(crate) fn inside(&self, cluster: &str) -> Option<&Inside> {
        self.insides.get(&key(cluster))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_takes_its_objects_along() {
        let mut inside = Inside::default();
        inside.put(objects::NAMESPACE, "", "azureml", json!({}));
        inside.put(objects::SECRET, "azureml", "tls", json!({}));
        let uid = inside.get(objects::SECRET, "azureml", "tls").unwrap()["metadata"]["uid"].clone();
        inside.put(objects::SECRET, "azureml", "tls", json!({ "data": {} }));
        let again = inside.get(objects::SECRET, "azureml", "tls").unwrap();
        assert_eq!(again["metadata"]["uid"], uid, "the same object, written again");
        inside.remove(objects::NAMESPACE, "", "azureml");
        assert_eq!(inside.list(objects::SECRET, "").count(), 0);
        assert_eq!(inside.list(objects::NAMESPACE, "").count(), BORN_WITH.len());
    }
}
