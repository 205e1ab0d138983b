//! The artifact service of the classic route (package azureml-core 1.61, `_restclient/artifacts_client.py`): names for
//! uploads, with the address where each is to be written. Artifacts are blobs of the workspace's artifact store.

use super::datastores::{self, ARTIFACTS};
use super::workspaces;
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::world::World;
use serde_json::{Map, Value, json};

/// Path prefix of the API.
pub(crate) const PREFIX: &str = "/artifact/v2.0";
/// Paths in one request.
const MOST: usize = 50;
/// Hours for which an address can be written to.
const HOURS: i64 = 12;

/// Handles `/artifact/v2.0/…/workspaces/{w}/artifacts/…`.
pub(crate) fn handle(world: &World, call: &Call, now: Now) -> Handled {
    let workspace = workspaces::find(world, call)?.id.clone();
    let rest: Vec<&str> = call.arm.rest.iter().skip(2).map(String::as_str).collect();
    let store = Store {
        world,
        call,
        workspace: &workspace,
        now,
    };
    match (call.method.as_str(), rest.as_slice()) {
        ("POST", ["artifacts", "batch", "metadata", origin, container]) => store.create(origin, container),
        ("GET", ["artifacts", "contentinfo", origin, container, path @ ..]) => {
            let information = store.information(origin, container, &path.join("/"), "r")?;
            Ok(Answer::ok(information))
        }
        ("GET", ["artifacts", "prefix", "contentinfo", origin, container, path @ ..]) => {
            store.below(origin, container, &path.join("/"))
        }
        _ => Err(Refusal::resource_not_found(call)),
    }
}

/// The blob of an artifact, by the id `{origin}/{container}/{path}`.
pub(super) fn blob_of(id: &str) -> String {
    id.trim_matches('/').to_string()
}

struct Store<'a> {
    world: &'a World,
    call: &'a Call,
    workspace: &'a str,
    now: Now,
}

impl Store<'_> {
    fn create(&self, origin: &str, container: &str) -> Handled {
        let paths = self.call.body["paths"].as_array().cloned().unwrap_or_default();
        if paths.is_empty() || paths.len() > MOST {
            let message = format!(
                "A request creates 1 to {MOST} artifacts; {} were given.",
                paths.len()
            );
            return Err(Refusal::bad_request("UserError", message));
        }
        let (mut artifacts, mut contents) = (Map::new(), Map::new());
        for path in paths.iter().filter_map(|path| path["path"].as_str()) {
            let steps_out = path.split('/').any(|part| part == "..");
            if path.is_empty() || path.starts_with('/') || steps_out {
                return Err(Refusal::bad_request(
                    "UserError",
                    format!("The path '{path}' is invalid."),
                ));
            }
            artifacts.insert(path.to_string(), self.artifact(origin, container, path));
            contents.insert(
                path.to_string(),
                self.information(origin, container, path, "rcw")?,
            );
        }
        Ok(Answer::ok(
            json!({ "artifacts": artifacts, "artifactContentInformation": contents, "errors": {} }),
        ))
    }

    fn artifact(&self, origin: &str, container: &str, path: &str) -> Value {
        let id = format!("{origin}/{container}/{path}");
        json!({ "artifactId": id, "origin": origin, "container": container, "path": path, "etag": null,
            "createdTime": self.now.rfc3339(),
            "dataPath": { "dataStoreName": "workspaceartifactstore", "relativePath": id } })
    }

    /// An artifact with an address that allows what is needed.
    fn information(
        &self,
        origin: &str,
        container: &str,
        path: &str,
        permissions: &'static str,
    ) -> Result<Value, Refusal> {
        let missing = || Refusal::resource_not_found(self.call);
        let (name, account) = datastores::account(self.world, self.workspace).ok_or_else(missing)?;
        let blob = blob_of(&format!("{origin}/{container}/{path}"));
        let place = (name.as_str(), account);
        let uri = datastores::artifact_address(self.call, place, &blob, permissions, HOURS, self.now)?;
        Ok(json!({ "contentUri": uri, "origin": origin, "container": container, "path": path }))
    }

    /// Every artifact whose path starts with a prefix.
    fn below(&self, origin: &str, container: &str, path: &str) -> Handled {
        let missing = || Refusal::resource_not_found(self.call);
        let (name, _) = datastores::account(self.world, self.workspace).ok_or_else(missing)?;
        let folder = format!("{origin}/{container}/");
        let found = self.world.storage.container(&name, ARTIFACTS);
        let below = found
            .into_iter()
            .flat_map(|found| found.below(&format!("{folder}{path}")));
        let paths: Vec<String> = below
            .filter_map(|(blob, _)| blob.strip_prefix(&folder).map(str::to_string))
            .collect();
        let all: Result<Vec<Value>, Refusal> = paths
            .iter()
            .map(|path| self.information(origin, container, path, "r"))
            .collect();
        Ok(Answer::list(self.call, all?))
    }
}
