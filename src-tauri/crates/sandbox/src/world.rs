//! The whole state: resources, operations, subscriptions. One value, saved as one file.
//!
//! Handlers read and change it only through these methods: each change increases the generation, which tells
//! the server to save and to update the listeners.

use crate::clock::Now;
pub(crate) use crate::directory::{Client, Directory};
use crate::entra::grants::StoredGrant;
use crate::kubernetes::ClusterObjects;
use crate::ml::behaviour::Counted;
use crate::operation::{Operation, OperationState, Start};
use crate::pki::PemPair;
use crate::resource_id::key;
use crate::scoring::FrontEnd;
use crate::storage::Storage;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Azure milliseconds for which a completed operation can be polled.
const OPERATION_RETENTION_MS: u64 = 7 * 24 * 3600 * 1000;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Resource {
    /// As first written.
    pub(crate) id: String,
    /// The full type, such as `Microsoft.ContainerService/managedClusters`.
    pub(crate) kind: String,
    /// As GET returns it.
    pub(crate) body: Value,
    /// What is never returned: keys, protected settings.
    #[serde(default)]
    pub(crate) secrets: Value,
    /// Changes with each write; quoted as in the `etag` header.
    pub(crate) etag: String,
}

impl Resource {
    pub(crate) fn new(id: impl Into<String>, kind: &str, body: Value) -> Self {
        Self {
            id: id.into(),
            kind: kind.to_string(),
            body,
            secrets: Value::Null,
            etag: new_etag(),
        }
    }

    /// Whether it has a type, ignoring case.
    pub(crate) fn is(&self, kind: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind)
    }

    /// `properties.provisioningState`; empty if missing.
    pub(crate) fn provisioning_state(&self) -> &str {
        self.body["properties"]["provisioningState"]
            .as_str()
            .unwrap_or_default()
    }

    /// `location` in the short form (`westeurope`); empty if missing.
    pub(crate) fn location(&self) -> String {
        crate::resources::locations::normal(self.body["location"].as_str().unwrap_or_default())
    }
}

pub(crate) fn new_etag() -> String {
    format!("\"{}\"", uuid::Uuid::new_v4())
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Subscription {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Registration state by provider namespace in lower case.
    pub(crate) registrations: BTreeMap<String, String>,
    /// Quota limits that differ from the default, by `location/family` in lower case, in vCPU.
    #[serde(default)]
    pub(crate) limits: BTreeMap<String, u64>,
    /// vCPU used by machines that the sandbox does not show, by `location/family` in lower case.
    #[serde(default)]
    pub(crate) used_elsewhere: BTreeMap<String, u64>,
}

/// The CAs of a world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Authorities {
    /// Issues the certificates of the clusters' APIs and their administrators.
    pub(crate) clusters: PemPair,
    /// Stands in for Microsoft's CA: issues the certificates of leaf domain labels.
    pub(crate) public: PemPair,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct World {
    pub(crate) directory: Directory,
    /// Codes and tokens, by their secret.
    #[serde(default)]
    pub(crate) grants: BTreeMap<String, StoredGrant>,
    /// `None` only in unit tests.
    #[serde(default)]
    pub(crate) authorities: Option<Authorities>,
    /// Kubernetes objects, by key of the cluster's id.
    #[serde(default, alias = "insides")]
    pub(crate) cluster_objects: BTreeMap<String, ClusterObjects>,
    /// See `scoring`.
    #[serde(default, alias = "fronts")]
    pub(crate) front_ends: BTreeMap<String, FrontEnd>,
    /// Storage accounts with their blobs.
    #[serde(default)]
    pub(crate) storage: Storage,
    #[serde(skip)]
    pub(crate) counted: Arc<Counted>,
    /// Base URL of the clusters' APIs, such as `https://127.0.0.1:4444`.
    #[serde(skip)]
    pub(crate) kubernetes_base: String,
    subscriptions: Vec<Subscription>,
    resources: BTreeMap<String, Resource>,
    operations: BTreeMap<String, Operation>,
    /// How often a resource was deleted, by its key: a re-created one differs from its predecessor.
    #[serde(default, alias = "ended")]
    times_deleted: BTreeMap<String, u32>,
    /// Keys of resources by type in lower case: an index, because lists are frequent and the world can be
    /// large.
    #[serde(skip)]
    kinds: BTreeMap<String, BTreeSet<String>>,
    #[serde(skip)]
    generation: u64,
    /// Operations started by the current call, for the fault that makes them fail.
    #[serde(skip)]
    started: Vec<String>,
}

impl World {
    /// A world with only a directory.
    pub(crate) fn of(directory: Directory) -> Self {
        Self {
            directory,
            ..Self::default()
        }
    }

    /// Increased by each change.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// Records a change that bypassed these methods.
    pub(crate) fn touch(&mut self) {
        self.generation += 1;
    }

    /// Marks a restored world as newer than `other`, so that followers of the generation notice it.
    #[must_use]
    pub(crate) fn newer_than(mut self, other: &Self) -> Self {
        self.generation = other.generation + 1;
        self
    }

    /// Finds a resource by id, ignoring case.
    pub(crate) fn resource(&self, id: &str) -> Option<&Resource> {
        self.resources.get(&key(id))
    }

    /// Returns a resource to change, and renews its etag.
    pub(crate) fn resource_mut(&mut self, id: &str) -> Option<&mut Resource> {
        let resource = self.resources.get_mut(&key(id))?;
        self.generation += 1;
        resource.etag = new_etag();
        Some(resource)
    }

    /// Creates or replaces a resource.
    pub(crate) fn put(&mut self, resource: Resource) {
        self.generation += 1;
        let key = key(&resource.id);
        self.index(&key, &resource.kind);
        self.resources.insert(key, resource);
    }

    fn index(&mut self, key: &str, kind: &str) {
        self.kinds
            .entry(kind.to_ascii_lowercase())
            .or_default()
            .insert(key.to_string());
    }

    /// Rebuilds the index after reading a saved world.
    #[must_use]
    pub(crate) fn restored(mut self) -> Self {
        let kinds: Vec<(String, String)> = self
            .resources
            .iter()
            .map(|(key, resource)| (key.clone(), resource.kind.clone()))
            .collect();
        kinds.iter().for_each(|(key, kind)| self.index(key, kind));
        crate::ml::datastores::ensure_all(&mut self, jiff::Timestamp::now());
        self
    }

    /// Removes a resource with everything below it, and ends their operations.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Resource> {
        self.generation += 1;
        let key = key(id);
        self.end_operations(&key);
        let below: Vec<String> = self.keys_below(&key).map(|(key, _)| key.clone()).collect();
        for key in below {
            self.take(&key);
        }
        self.take(&key)
    }

    /// How often a resource with this id was deleted.
    pub(crate) fn times_deleted(&self, id: &str) -> u32 {
        self.times_deleted.get(&key(id)).copied().unwrap_or_default()
    }

    /// Ends the operations on removed resources: a deletion has succeeded, any other operation is canceled.
    fn end_operations(&mut self, gone: &str) {
        let below = format!("{gone}/");
        for operation in self.operations.values_mut().filter(|found| found.running()) {
            let at = key(&operation.resource);
            if at != gone && !at.starts_with(&below) {
                continue;
            }
            let deleting = self
                .resources
                .get(&at)
                .is_some_and(|found| found.provisioning_state() == "Deleting");
            operation.error = None;
            operation.state = if deleting {
                OperationState::Succeeded
            } else {
                OperationState::Canceled
            };
        }
    }

    fn take(&mut self, key: &str) -> Option<Resource> {
        let resource = self.resources.remove(key)?;
        *self.times_deleted.entry(key.to_string()).or_default() += 1;
        if let Some(keys) = self.kinds.get_mut(&resource.kind.to_ascii_lowercase()) {
            keys.remove(key);
        }
        Some(resource)
    }

    /// All resources, ordered by id.
    pub(crate) fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.resources.values()
    }

    /// Resources of a type below a scope (`""` is everywhere), ordered by id.
    pub(crate) fn list<'a>(
        &'a self,
        scope: &str,
        kind: &str,
    ) -> impl Iterator<Item = &'a Resource> + use<'a> {
        let prefix = format!("{}/", key(scope));
        let keys = self.kinds.get(&kind.to_ascii_lowercase()).into_iter();
        let from = prefix.clone();
        let keys = keys.flat_map(move |keys| keys.range(from.clone()..));
        keys.take_while(move |key| key.starts_with(&prefix))
            .filter_map(|key| self.resources.get(key))
    }

    /// Everything below a scope, ordered by id.
    pub(crate) fn below<'a>(&'a self, scope: &str) -> impl Iterator<Item = &'a Resource> + use<'a> {
        self.keys_below(scope).map(|(_, resource)| resource)
    }

    fn keys_below<'a>(&'a self, scope: &str) -> impl Iterator<Item = (&'a String, &'a Resource)> + use<'a> {
        let prefix = format!("{}/", key(scope));
        let from = prefix.clone();
        self.resources
            .range(from..)
            .take_while(move |(id, _)| id.starts_with(&prefix))
    }

    pub(crate) fn subscriptions(&self) -> &[Subscription] {
        &self.subscriptions
    }

    pub(crate) fn subscription(&self, id: &str) -> Option<&Subscription> {
        self.subscriptions
            .iter()
            .find(|subscription| subscription.id.eq_ignore_ascii_case(id))
    }

    pub(crate) fn subscription_mut(&mut self, id: &str) -> Option<&mut Subscription> {
        self.generation += 1;
        self.subscriptions
            .iter_mut()
            .find(|subscription| subscription.id.eq_ignore_ascii_case(id))
    }

    pub(crate) fn add_subscription(&mut self, subscription: Subscription) {
        self.generation += 1;
        self.subscriptions.push(subscription);
    }

    /// Starts an operation and returns its id.
    pub(crate) fn start(&mut self, start: Start, now: Now) -> String {
        let id = uuid::Uuid::new_v4().to_string();
        self.generation += 1;
        self.forget_old_operations(now);
        self.started.push(id.clone());
        let operation = Operation {
            id: id.clone(),
            resource: start.resource,
            started: now.at,
            lasts: start.seconds * 1000,
            state: OperationState::InProgress,
            error: start.fails,
            effect: start.effect,
            properties: Value::Null,
            tells_percent: start.tells_percent,
            forgotten: false,
            started_wall: now.wall,
            ended_wall: None,
        };
        self.operations.insert(id.clone(), operation);
        id
    }

    fn forget_old_operations(&mut self, now: Now) {
        let kept =
            |operation: &Operation| operation.running() || operation.ends() + OPERATION_RETENTION_MS > now.at;
        self.operations.retain(|_, operation| kept(operation));
    }

    pub(crate) fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.get(&id.to_ascii_lowercase())
    }

    /// An operation that can still be polled.
    pub(crate) fn pollable_operation(&self, id: &str) -> Option<&Operation> {
        self.operation(id).filter(|operation| !operation.forgotten)
    }

    pub(crate) fn operation_mut(&mut self, id: &str) -> Option<&mut Operation> {
        self.generation += 1;
        self.operations.get_mut(&id.to_ascii_lowercase())
    }

    pub(crate) fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.values()
    }

    pub(crate) fn running_on(&self, resource: &str) -> Option<&Operation> {
        self.operations
            .values()
            .find(|operation| operation.running() && key(&operation.resource) == key(resource))
    }

    /// The due operation that ends first.
    pub(crate) fn next_due(&self, at: u64) -> Option<String> {
        let due = self
            .operations
            .values()
            .filter(|operation| operation.running() && operation.ends() <= at);
        due.min_by_key(|operation| operation.ends())
            .map(|operation| operation.id.clone())
    }

    /// Returns and clears the ids of the operations started since the last call.
    pub(crate) fn take_started(&mut self) -> Vec<String> {
        std::mem::take(&mut self.started)
    }
}

#[cfg(test)]
mod tests;
