//! The objects inside clusters and their API: Kubernetes' REST interface over HTTPS with client certificates
//! (kubernetes.io/docs/reference/using-api/api-concepts). One listener serves every cluster under its own
//! path, so that a thousand clusters need one socket.
//!
//! The front ends that serve models are in `scoring`.

pub(crate) mod api;
pub(crate) mod budgets;
pub(crate) mod derived;
pub(crate) mod discovery;
pub(crate) mod kinds;
mod pod_failures;
pub(crate) mod room;
pub(crate) mod server;

use crate::resource_id::key;
use crate::scoring;
use crate::world::{Resource, World};
use kinds::Kind;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Namespaces that every cluster has.
const INITIAL_NAMESPACES: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/// The objects inside one cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ClusterObjects {
    objects: BTreeMap<String, Value>,
    version: u64,
}

impl Default for ClusterObjects {
    /// A new cluster's objects.
    fn default() -> Self {
        let mut objects = Self {
            objects: BTreeMap::new(),
            version: 0,
        };
        for name in INITIAL_NAMESPACES {
            objects.put(
                kinds::NAMESPACE,
                "",
                name,
                json!({ "status": { "phase": "Active" } }),
            );
        }
        objects
    }
}

impl ClusterObjects {
    /// Resource version of the whole cluster, increased by each write.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn get(&self, kind: &Kind, namespace: &str, name: &str) -> Option<&Value> {
        self.objects.get(&object_key(kind, namespace, name))
    }

    /// Objects of a kind, in one namespace or (`""`) in all, ordered by name.
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

    /// Creates or replaces an object and fills in its metadata.
    pub(crate) fn put(&mut self, kind: &Kind, namespace: &str, name: &str, mut object: Value) -> &Value {
        self.version += 1;
        let at = object_key(kind, namespace, name);
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

    /// Deletes an object; a namespace is deleted with its contents.
    pub(crate) fn remove(&mut self, kind: &Kind, namespace: &str, name: &str) -> Option<Value> {
        self.version += 1;
        if kind.plural == kinds::NAMESPACE.plural {
            let in_namespace = |object: &Value| object["metadata"]["namespace"] == json!(name);
            self.objects.retain(|_, object| !in_namespace(object));
        }
        self.objects.remove(&object_key(kind, namespace, name))
    }
}

fn object_key(kind: &Kind, namespace: &str, name: &str) -> String {
    format!("{}/{}/{namespace}/{name}", kind.group_version, kind.plural)
}

/// The name in a cluster's API path, and the common name of its client certificates.
pub(crate) fn uid_of(cluster: &Resource) -> &str {
    cluster.body["properties"]["resourceUID"]
        .as_str()
        .unwrap_or_default()
}

/// Whether a cluster's API is available: created and not stopped.
pub(crate) fn api_available(cluster: &Resource) -> bool {
    let properties = &cluster.body["properties"];
    properties["powerState"]["code"] != "Stopped" && properties["provisioningState"] != "Creating"
}

impl World {
    pub(crate) fn objects_mut(&mut self, cluster: &str) -> &mut ClusterObjects {
        self.touch();
        self.cluster_objects.entry(key(cluster)).or_default()
    }

    /// Runs a request on a cluster's objects; saves what it changes.
    pub(crate) fn with_objects<R>(&mut self, cluster: &str, ask: impl FnOnce(&mut ClusterObjects) -> R) -> R {
        let objects = self.cluster_objects.entry(key(cluster)).or_default();
        let before = objects.version();
        let reply = ask(objects);
        if objects.version() != before {
            scoring::remove_without_service(self, cluster);
            self.touch();
        }
        reply
    }

    pub(crate) fn objects(&self, cluster: &str) -> Option<&ClusterObjects> {
        self.cluster_objects.get(&key(cluster))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deleting_a_namespace_deletes_its_objects() {
        let mut objects = ClusterObjects::default();
        objects.put(kinds::NAMESPACE, "", "azureml", json!({}));
        objects.put(kinds::SECRET, "azureml", "tls", json!({}));
        let uid = objects.get(kinds::SECRET, "azureml", "tls").unwrap()["metadata"]["uid"].clone();
        objects.put(kinds::SECRET, "azureml", "tls", json!({ "data": {} }));
        let again = objects.get(kinds::SECRET, "azureml", "tls").unwrap();
        assert_eq!(again["metadata"]["uid"], uid, "the same object, written again");
        objects.remove(kinds::NAMESPACE, "", "azureml");
        assert_eq!(objects.list(kinds::SECRET, "").count(), 0);
        assert_eq!(
            objects.list(kinds::NAMESPACE, "").count(),
            INITIAL_NAMESPACES.len()
        );
    }
}
