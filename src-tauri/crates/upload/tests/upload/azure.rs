//! A sandbox, a connection to it, and folders to upload.

use berth_arm::cloud::Cloud;
use berth_arm::resources::assets::codes::start_pending_upload;
use berth_arm::resources::assets::stores::{BLOB_STORE, BlobStore, get_store};
use berth_arm::{Arm, ArmOptions, Outgoing};
use berth_sandbox::{Fault, LoggedRequest, Options, Sandbox};
use berth_upload::{Container, Content, Kind, Listing, Mark, Outcome, Progress, UploadError, upload};
use serde_json::{Value, json};
use std::path::Path;
use tokio::sync::mpsc::UnboundedReceiver;

pub(crate) const MIB: usize = 1 << 20;

pub(crate) struct Azure {
    pub(crate) sandbox: Sandbox,
    pub(crate) arm: Arm,
    pub(crate) workspace: String,
}

impl Azure {
    pub(crate) async fn start() -> Self {
        let options = Options {
            time_scale: 1200.0,
            ..Options::default()
        };
        let sandbox = Sandbox::start(options).await.unwrap();
        let ready = sandbox.ready();
        let ca = std::fs::read(&ready.ca_file).unwrap();
        let cloud = Cloud::custom("Sandbox", &ready.arm, &ready.authority, ca).unwrap();
        let secret = ready.client_secret.clone().into();
        let credential =
            berth_signin::client_secret(&cloud, &ready.tenant_id, &ready.client_id, secret).unwrap();
        let workspace = format!(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.MachineLearningServices/workspaces/{}",
            ready.subscription_ids[0], ready.resource_group, ready.workspace
        );
        let arm = Arm::new(cloud, credential, ArmOptions::default()).unwrap();
        Self {
            sandbox,
            arm,
            workspace,
        }
    }

    /// The id of a version of code that does not exist yet.
    pub(crate) fn new_code(&self) -> String {
        format!("{}/codes/{}/versions/1", self.workspace, uuid::Uuid::new_v4())
    }

    /// A new container for code.
    pub(crate) async fn container(&self) -> Container {
        let pending = start_pending_upload(&self.arm, &self.new_code()).await.unwrap();
        let container = Container::signed(self.arm.cloud(), &pending.sas_uri).unwrap();
        assert_eq!(container.address(), pending.blob_uri);
        container
    }

    pub(crate) async fn store(&self) -> BlobStore {
        get_store(&self.arm, &self.workspace, BLOB_STORE)
            .await
            .unwrap()
            .unwrap()
    }

    pub(crate) async fn put(&self, id: &str, body: Value) -> u16 {
        let outgoing = Outgoing {
            method: "PUT".parse().unwrap(),
            path_and_query: self.arm.path(id),
            body: Some(body),
            client_request_id: uuid::Uuid::new_v4(),
            if_match: None,
            if_none_match: None,
        };
        self.arm.send(&outgoing).await.unwrap().status
    }

    pub(crate) fn fault(&self, fault: Value) {
        let fault: Fault = serde_json::from_value(fault).unwrap();
        self.sandbox.add_faults(vec![fault]);
    }
}

/// Writes files below a folder.
pub(crate) fn write(folder: &Path, files: &[(&str, &[u8])]) {
    for (path, content) in files {
        let at = folder.join(path);
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        std::fs::write(at, content).unwrap();
    }
}

/// Content without repetition, so that blocks differ.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let words = std::iter::repeat_with(|| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed.to_le_bytes()
    });
    words.flatten().take(length).collect()
}

pub(crate) async fn hashed(path: &Path, kind: Kind) -> Content {
    let listing = Listing::of(path, kind).await.unwrap();
    listing.hashed(&|_| {}).await.unwrap()
}

pub(crate) fn mark() -> Mark {
    Mark {
        name: "churn".to_owned(),
        version: "3".to_owned(),
    }
}

pub(crate) async fn send(content: &Content, to: &Container) -> Result<Outcome, UploadError> {
    upload(content, to, &mark(), &|_: Progress| {}).await
}

/// The writes since the last call, as method and query without values.
pub(crate) fn writes(requests: &mut UnboundedReceiver<LoggedRequest>) -> Vec<String> {
    let mut found = Vec::new();
    while let Ok(request) = requests.try_recv() {
        if request.method == "PUT" {
            let comp = request
                .path
                .split(['?', '&'])
                .find_map(|pair| pair.strip_prefix("comp="));
            found.push(comp.unwrap_or("blob").to_owned());
        }
    }
    found
}

pub(crate) fn count(writes: &[String], kind: &str) -> usize {
    writes.iter().filter(|write| *write == kind).count()
}

/// The fault of a path: refuses it with a status and a code.
pub(crate) fn refusal(method: &str, path: &str, status: u16, code: &str) -> Value {
    json!({ "match": { "method": method, "path": path }, "do": { "status": status, "code": code }, "times": 1000 })
}
