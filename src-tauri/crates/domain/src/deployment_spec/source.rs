//! Where the model, the environment and the code of a version come from.

use crate::strict::no_members;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum ModelSource {
    /// A model of the workspace.
    Registered { name: String, version: String },
    /// A file or folder on this computer, which Berth registers under this name.
    Local {
        path: String,
        name: String,
        #[serde(default)]
        format: ModelFormat,
        /// What made it (classic route); needed to serve it without code.
        #[serde(default)]
        framework: Option<Framework>,
    },
}

/// How a model is stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ModelFormat {
    #[default]
    Custom,
    Mlflow,
    Triton,
}

impl ModelFormat {
    /// `modelType` of a model version (machinelearningservices 2025-12-01, ModelVersion).
    pub const fn model_type(self) -> &'static str {
        match self {
            Self::Custom => "custom_model",
            Self::Mlflow => "mlflow_model",
            Self::Triton => "triton_model",
        }
    }
}

/// Frameworks that the classic route serves without code (package azureml-core 1.61, core/model.py, `Model.Framework`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Framework {
    ScikitLearn,
    Onnx,
    Tensorflow,
}

impl Framework {
    /// Its name in requests.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ScikitLearn => "ScikitLearn",
            Self::Onnx => "Onnx",
            Self::Tensorflow => "TensorFlow",
        }
    }
}

/// How the model is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Serving {
    /// By a scoring script in a folder on this computer.
    Script {
        #[serde(default)]
        environment: Option<EnvironmentSource>,
        #[serde(default)]
        folder: String,
        /// The script's path in the folder.
        #[serde(default)]
        script: String,
    },
    /// By an image that has its own server.
    Container {
        #[serde(default)]
        environment: Option<EnvironmentSource>,
    },
    /// By what Azure ML has for its format or framework.
    #[serde(deserialize_with = "no_members")]
    NoCode,
}

impl Default for Serving {
    fn default() -> Self {
        Self::Script {
            environment: None,
            folder: String::new(),
            script: String::new(),
        }
    }
}

impl Serving {
    pub fn environment(&self) -> Option<&EnvironmentSource> {
        match self {
            Self::Script { environment, .. } | Self::Container { environment } => environment.as_ref(),
            Self::NoCode => None,
        }
    }
}

/// An environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum EnvironmentSource {
    /// An environment of the workspace.
    Registered { name: String, version: String },
    /// One of Microsoft's environments, as the workspace lists it.
    Curated { name: String, version: String },
    /// An image. On the extension route Berth registers an environment for it; on the classic route it is the id of an
    /// image that Azure ML built.
    Image {
        image: String,
        /// Where its own server answers (extension route).
        #[serde(default)]
        routes: Option<Routes>,
    },
}

/// Where the server in an image answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Routes {
    pub liveness: WebRoute,
    pub readiness: WebRoute,
    pub scoring: WebRoute,
}

/// A path and a port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebRoute {
    pub path: String,
    pub port: u16,
}
