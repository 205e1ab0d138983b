//! Facts that only a version to deploy needs.

use super::Fact;
use crate::fit::{InstanceType, Node};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Facts read for a version to deploy. The endpoint and its versions are in [`ChangeFacts`](super::ChangeFacts).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeployFacts {
    /// The version as Azure returns it; `None` if it does not exist (extension route).
    pub version: Fact<Option<Value>>,
    /// The folder with the scoring script, or why it cannot be uploaded.
    pub code: Fact<Result<LocalFiles, String>>,
    /// The model on this computer, or why it cannot be uploaded.
    pub model_files: Fact<Result<LocalFiles, String>>,
    /// Whether the sample is usable; otherwise why not.
    pub sample: Fact<Result<(), String>>,
    /// Id of code in the workspace that has the same content; `None` if there is none.
    pub same_code: Fact<Option<String>>,
    /// The version of the model that was registered with the same files; `None` if there is none.
    pub same_model: Fact<Option<String>>,
    /// Whether each registered model exists, by `name:version`.
    pub models: BTreeMap<String, Fact<bool>>,
    /// The version that a model registered now gets.
    pub next_model: Fact<String>,
    /// Whether the environment exists in this version.
    pub environment: Fact<bool>,
    /// Instance types of the compute; `None` if Azure does not return any.
    pub instance_types: Fact<Option<Vec<InstanceType>>>,
    /// The compute's cluster in Azure's JSON; `None` if it does not exist.
    pub cluster: Fact<Option<Value>>,
    /// Its nodes, with what is free on them.
    pub nodes: Fact<Vec<Node>>,
    /// Other endpoints on the compute with a version of the same name.
    pub namesakes: Fact<Namesakes>,
}

impl DeployFacts {
    /// The version on the extension route, if there is one with exactly this name.
    pub fn existing(&self, name: &str) -> Option<&Value> {
        let found = self.version.known()?.as_ref()?;
        (found["name"] == name).then_some(found)
    }
}

/// Endpoints on the compute, other than the version's own, that have a version of its name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Namesakes {
    pub found: Vec<Namesake>,
    /// Why there may be more; `None` if all endpoints were read.
    pub unread: Option<String>,
}

/// An endpoint with a version of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Namesake {
    pub endpoint_id: String,
    pub endpoint: String,
    /// Share of the endpoint's traffic that its version gets; `None` if unknown.
    pub share: Option<u32>,
}

/// Files on this computer, as they were read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LocalFiles {
    /// azure-ai-ml's hash of the content.
    pub hash: String,
    /// Their path in the container they are uploaded to.
    pub location: String,
    /// Links that lead out of the folder. What they point to is uploaded.
    pub outside: Vec<String>,
}
