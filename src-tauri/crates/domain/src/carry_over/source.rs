//! Model, environment and code of a service (package azureml-core 1.61, core/model.py, `InferenceConfig`).

use super::{CodeAsset, Notes, text};
use crate::deployment_spec::{DeploySpec, EnvironmentSource, ModelSource, Serving};
use crate::resource_id::check_part;
use serde_json::Value;
use std::collections::BTreeMap;

/// Names the script, below the folder of the driver.
const ENTRY_SCRIPT: &str = "AZUREML_ENTRY_SCRIPT";
/// Names the folder with the script.
const SOURCE_DIRECTORY: &str = "AZUREML_SOURCE_DIRECTORY";
/// Start of the names of variables that Azure ML sets itself.
const OF_AZURE: &str = "AZUREML_";
/// Start of the names of Microsoft's environments.
const CURATED: &str = "azureml-";
const ARTIFACT: &str = "aml://artifact/";

/// Reads what the version is made of into the specification, and returns the uploaded files of its code.
pub(super) fn read(part: &Value, folder: &str, spec: &mut DeploySpec, notes: &mut Notes) -> Vec<CodeAsset> {
    let request = &part["environmentImageRequest"];
    if !request.is_object() {
        match text(part, "imageId") {
            image if image.is_empty() => notes.stop("script", &[]),
            image => notes.stop("image", &[("image", &image)]),
        }
        return Vec::new();
    }
    spec.models = models(part, notes);
    let environment = &request["environment"];
    if request["driverProgram"].is_null() {
        notes.stop("no_code", &[]);
        return Vec::new();
    }
    let named = environment_source(environment);
    if named.is_none() {
        notes.stop("environment", &[]);
    }
    let variables = variables(environment);
    let entry = variables.get(ENTRY_SCRIPT).cloned().unwrap_or_default();
    let source = variables.get(SOURCE_DIRECTORY).cloned().unwrap_or_default();
    if entry.is_empty() {
        notes.stop("script", &[]);
    }
    let inside = format!("{source}/");
    spec.serving = Serving::Script {
        environment: named,
        folder: folder.to_owned(),
        script: entry.strip_prefix(&inside).unwrap_or(&entry).to_owned(),
    };
    let own = variables
        .into_iter()
        .filter(|(name, _)| !name.starts_with(OF_AZURE));
    spec.environment_variables = own.collect();
    code(request, &source, notes)
}

/// `name:version` of a model.
pub(super) fn label(model: &ModelSource) -> String {
    match model {
        ModelSource::Registered { name, version } => format!("{name}:{version}"),
        ModelSource::Local { name, .. } => name.clone(),
    }
}

/// The model, registered in the workspace. A deployment has exactly one.
fn models(part: &Value, notes: &mut Notes) -> Vec<ModelSource> {
    let ids = part["environmentImageRequest"]["modelIds"].as_array();
    let ids: Vec<&str> = ids.into_iter().flatten().filter_map(Value::as_str).collect();
    let model = |id: &&str| {
        let (name, version) = id.rsplit_once(':')?;
        (!name.is_empty() && !version.is_empty()).then(|| ModelSource::Registered {
            name: name.to_owned(),
            version: version.to_owned(),
        })
    };
    let found: Vec<ModelSource> = ids.iter().filter_map(model).collect();
    if found.len() != 1 || ids.len() != 1 {
        notes.stop("models", &[("models", &ids.len())]);
    }
    found
}

fn environment_source(environment: &Value) -> Option<EnvironmentSource> {
    let (name, version) = (text(environment, "name"), text(environment, "version"));
    if !name.is_empty() && !version.is_empty() {
        return Some(match name.to_ascii_lowercase().starts_with(CURATED) {
            true => EnvironmentSource::Curated { name, version },
            false => EnvironmentSource::Registered { name, version },
        });
    }
    // Without packages of its own, the image is the whole environment.
    let image = text(&environment["docker"], "baseImage");
    let whole = environment["python"]["userManagedDependencies"] == true && !image.is_empty();
    whole.then_some(EnvironmentSource::Image { image, routes: None })
}

fn variables(environment: &Value) -> BTreeMap<String, String> {
    let all = environment["environmentVariables"]
        .as_object()
        .into_iter()
        .flatten();
    all.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

/// The files besides the driver, which azureml-core generates.
fn code(request: &Value, source: &str, notes: &mut Notes) -> Vec<CodeAsset> {
    let assets = request["assets"].as_array().into_iter().flatten();
    let own = assets.filter(|asset| asset["id"] != request["driverProgram"]);
    let found: Vec<Result<CodeAsset, String>> = own
        .map(|asset| {
            let url = text(asset, "url");
            let is_archive = asset["unpack"] == true;
            let artifact = artifact(&url).ok_or(url.clone())?;
            Ok(CodeAsset {
                artifact,
                is_archive,
                folder: source.to_owned(),
            })
        })
        .collect();
    if found.is_empty() {
        notes.stop("code", &[("url", &"")]);
    }
    let mut files = Vec::new();
    for file in found {
        match file {
            Ok(file) => files.push(file),
            Err(url) => notes.stop("code", &[("url", &url)]),
        }
    }
    files
}

/// The id in the address of an artifact, unless it could lead elsewhere.
fn artifact(url: &str) -> Option<String> {
    let id = url.strip_prefix(ARTIFACT)?;
    let parts: Vec<&str> = id.split('/').collect();
    let usable = parts.len() > 2 && parts.iter().all(|part| check_part(part).is_ok());
    usable.then(|| id.to_owned())
}
