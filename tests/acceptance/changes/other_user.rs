//! Another user who works in the same subscription.

use crate::harness::{World, outgoing};
use berth_app::accounts::RUNNING_SANDBOX;
use berth_arm::Arm;
use berth_domain::bodies::written_back::written_back;
use reqwest::Method;
use serde_json::Value;

pub struct OtherUser(Arm);

impl OtherUser {
    pub async fn of(world: &World) -> Self {
        Self(world.berth.session(RUNNING_SANDBOX).await.unwrap().arm)
    }

    /// Sends a request, and repeats it while another operation is in progress.
    async fn send(&self, method: Method, id: &str, version: &str, body: Option<Value>) {
        let outgoing = outgoing(method, format!("{id}?api-version={version}"), body);
        while let Err(error) = self.0.send(&outgoing).await {
            assert_eq!(error.status(), Some(409), "{error}");
        }
    }

    /// Reads a resource; `None` if it does not exist.
    pub async fn find(&self, id: &str, version: &str) -> Option<Value> {
        self.0
            .resource(&format!("{id}?api-version={version}"))
            .await
            .unwrap()
    }

    /// Creates a resource and waits until it has a final state, good or bad.
    pub async fn make(&self, id: &str, version: &str, body: Value) {
        self.send(Method::PUT, id, version, Some(body)).await;
        let settled = |found: &Value| {
            let state = &found["properties"]["provisioningState"];
            state == "Succeeded" || state == "Failed"
        };
        while !self.find(id, version).await.as_ref().is_some_and(settled) {}
    }

    /// Deletes a resource and waits until it is gone.
    pub async fn delete(&self, id: &str, version: &str) {
        // Azure ML asks what to do with the cluster below a compute.
        let detaching = if id.contains("/computes/") {
            format!("{version}&underlyingResourceAction=Detach")
        } else {
            version.to_owned()
        };
        self.send(Method::DELETE, id, &detaching, None).await;
        while self.find(id, version).await.is_some() {}
    }

    /// Deletes a resource and creates it again with the changed body.
    pub async fn recreate(&self, id: &str, version: &str, change: impl FnOnce(&mut Value)) {
        let found = self.find(id, version).await.unwrap();
        let mut body = written_back(id, &found, &[]);
        // Members of an extension that only the service sets:
        // learn.microsoft.com/rest/api/kubernetesconfiguration/extensions/extensions/create.
        if let Some(properties) = body["properties"].as_object_mut() {
            properties.retain(|name, _| {
                ![
                    "aksAssignedIdentity",
                    "currentVersion",
                    "isSystemExtension",
                    "provisioningState",
                ]
                .contains(&name.as_str())
            });
        }
        self.delete(id, version).await;
        change(&mut body);
        self.make(id, version, body).await;
    }

    /// Sets the tags of a resource that supports PATCH.
    pub async fn tag(&self, id: &str, version: &str, tags: Value) {
        let body = serde_json::json!({ "tags": tags });
        self.send(Method::PATCH, id, version, Some(body)).await;
        while self.find(id, version).await.unwrap()["properties"]["provisioningState"] != "Succeeded" {}
    }
}
