//! The specification of a version to deploy: what the wizard edits and a file for `berth deploy` holds, on both routes.
//! It never contains a secret.
//!
//! As in [`crate::spec`], every field has a default, so a half-finished wizard is a valid `DeploySpec`. What is left
//! out gets the service's default, which [`defaults`] lists with its source. Requests carry all values, so that a
//! person sees them.

mod defaults;
mod settings;
mod source;

pub use defaults::{DefaultValue, defaults};
pub(crate) use settings::read_quantity;
pub use settings::{Probe, RequestSettings, Resources, Scale};
pub use source::{EnvironmentSource, Framework, ModelFormat, ModelSource, Routes, Serving, WebRoute};

use crate::resource_id::check_part;
use crate::spec::{Route, WorkspaceRef};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Version of the file format. Files with a higher version are refused.
pub const DEPLOY_SCHEMA: u32 = 1;

/// One version of an endpoint, and the endpoint if it is new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct DeploySpec {
    /// Version of the file format.
    pub schema: u32,
    pub route: Route,
    pub workspace: WorkspaceRef,
    /// Name of the compute.
    pub compute: String,
    pub endpoint: EndpointChoice,
    /// Name of the version. Empty for a service without versions.
    pub version: String,
    pub description: String,
    pub models: Vec<ModelSource>,
    pub serving: Serving,
    /// Instance type of the compute (extension route). Empty means the default one.
    pub instance_type: String,
    pub resources: Resources,
    pub scale: Scale,
    pub requests: RequestSettings,
    /// Liveness probe; `None` means the default.
    pub liveness: Option<Probe>,
    /// Readiness probe (extension route); `None` means the default.
    pub readiness: Option<Probe>,
    /// Whether the version writes to the workspace's Application Insights.
    pub app_insights: bool,
    /// Whether inputs and outputs are collected in the workspace's storage.
    pub data_collection: bool,
    pub environment_variables: BTreeMap<String, String>,
    /// Tags of the version.
    pub tags: BTreeMap<String, String>,
    /// What the update of a version takes away from it.
    pub remove: Removals,
    /// Share of the traffic once the version is ready, in percent. `None` gives it all on a new endpoint, and none on
    /// an existing one.
    pub traffic: Option<u8>,
    /// Its part among the versions (classic route).
    pub role: RoleChoice,
    /// File with a request in JSON, which the proof sends to the version. Empty means that the proof sends none.
    pub sample: String,
    /// Blocking findings the person has accepted, as `RULE` or `RULE:RESOURCE`.
    pub waived: Vec<String>,
}

impl Default for DeploySpec {
    fn default() -> Self {
        Self {
            schema: DEPLOY_SCHEMA,
            route: Route::Extension,
            workspace: WorkspaceRef::default(),
            compute: String::new(),
            endpoint: EndpointChoice::default(),
            version: String::new(),
            description: String::new(),
            models: Vec::new(),
            serving: Serving::default(),
            instance_type: String::new(),
            resources: Resources::default(),
            scale: Scale::default(),
            requests: RequestSettings::default(),
            liveness: None,
            readiness: None,
            app_insights: false,
            data_collection: false,
            environment_variables: BTreeMap::new(),
            tags: BTreeMap::new(),
            remove: Removals::default(),
            traffic: None,
            role: RoleChoice::default(),
            sample: String::new(),
            waived: Vec::new(),
        }
    }
}

/// The endpoint that gets the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum EndpointChoice {
    /// Berth creates it.
    New {
        #[serde(default)]
        name: String,
        #[serde(default)]
        description: String,
        #[serde(default)]
        auth: Auth,
        #[serde(default)]
        tags: BTreeMap<String, String>,
        /// Kubernetes namespace (classic route). Empty means `azureml-{workspace}`.
        #[serde(default)]
        namespace: String,
        /// Whether it is a web service without versions (classic route).
        #[serde(default)]
        single: bool,
    },
    Existing {
        #[serde(default)]
        name: String,
    },
}

impl Default for EndpointChoice {
    fn default() -> Self {
        Self::New {
            name: String::new(),
            description: String::new(),
            auth: Auth::default(),
            tags: BTreeMap::new(),
            namespace: String::new(),
            single: false,
        }
    }
}

impl EndpointChoice {
    pub fn name(&self) -> &str {
        match self {
            Self::New { name, .. } | Self::Existing { name } => name,
        }
    }

    pub fn is_new(&self) -> bool {
        matches!(self, Self::New { .. })
    }

    /// How callers of a new endpoint prove who they are; `None` for an existing one, which keeps its way.
    pub fn auth(&self) -> Option<Auth> {
        match self {
            Self::New { auth, .. } => Some(*auth),
            Self::Existing { .. } => None,
        }
    }

    /// Whether it is a web service without versions.
    pub fn is_single(&self) -> bool {
        matches!(self, Self::New { single: true, .. })
    }
}

/// Names of what an existing version has and is not to keep. Everything else that a specification leaves out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Removals {
    pub environment_variables: Vec<String>,
    pub tags: Vec<String>,
}

impl Removals {
    pub fn is_empty(&self) -> bool {
        self.environment_variables.is_empty() && self.tags.is_empty()
    }

    /// The tag that a name stands for: Azure compares names of tags without case
    /// (learn.microsoft.com/azure/azure-resource-manager/management/tag-resources).
    pub(crate) fn has_tag(&self, name: &str) -> bool {
        self.tags.iter().any(|removed| removed.eq_ignore_ascii_case(name))
    }
}

/// How callers prove who they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// With one of two keys.
    #[default]
    Key,
    /// With a token of Azure ML, which expires.
    Token,
    /// Not at all (classic route).
    None,
}

/// The part of a version among the others on the classic route.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RoleChoice {
    /// Whether it gets the traffic that no version has.
    pub default: bool,
    /// Whether it becomes the version of type `Control`, and all others `Treatment`.
    pub control: bool,
}

impl DeploySpec {
    /// Resource id of an asset in the workspace, such as a model; `None` while a part is missing or not allowed in a
    /// resource id.
    pub fn asset_id(&self, kind: &str, name: &str, version: &str) -> Option<String> {
        check_part(version).ok()?;
        let asset = self.workspace.child_id(kind, name)?;
        Some(format!("{asset}/versions/{version}"))
    }

    /// Resource id of the compute; `None` while a part is missing or not allowed in a resource id.
    pub fn compute_id(&self) -> Option<String> {
        self.workspace.child_id("computes", &self.compute)
    }

    /// Resource id of the endpoint; on the classic route Berth's own, because Azure Resource Manager knows none.
    pub fn endpoint_id(&self) -> Option<String> {
        let kind = match self.route {
            Route::Extension => "onlineEndpoints",
            Route::Classic => "services",
        };
        self.workspace.child_id(kind, self.endpoint.name())
    }

    /// Resource id of the version on the extension route; `None` while a part is missing or not allowed in a resource id.
    pub fn version_id(&self) -> Option<String> {
        check_part(&self.version).ok()?;
        Some(format!("{}/deployments/{}", self.endpoint_id()?, self.version))
    }

    /// The share of the traffic that the version gets.
    pub fn share(&self) -> u8 {
        let default = if self.endpoint.is_new() {
            crate::traffic::ALL
        } else {
            0
        };
        self.traffic.unwrap_or(default)
    }
}
