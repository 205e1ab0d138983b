//! What a deployment is made of, read from the workspace's storage: entry script, environment, model files.

use super::conda::Conda;
use super::script::Script;
use super::{assets, curated, datastores};
use crate::resource_id::name_of;
use crate::storage::Container;
use crate::storage::address::Target;
use crate::world::World;
use serde_json::Value;
use std::collections::BTreeSet;

/// The files below an address in a workspace's storage.
pub(super) struct Files<'a> {
    container: &'a Container,
    /// Ends with a slash unless it is empty.
    folder: String,
    at: Target,
}

impl<'a> Files<'a> {
    /// `None` if the address is elsewhere.
    pub(super) fn at(world: &'a World, workspace: &str, uri: &str) -> Option<Self> {
        let (account, _) = datastores::account(world, workspace)?;
        let at = datastores::located(workspace, &account, uri)?;
        let container = world.storage.container(&at.account, &at.container)?;
        let folder = match at.blob.trim_end_matches('/') {
            "" => String::new(),
            folder => format!("{folder}/"),
        };
        Some(Self {
            container,
            folder,
            at,
        })
    }

    /// Names and sizes, relative to the folder; the address may also be that of one file.
    pub(super) fn list(&self) -> Vec<(String, u64)> {
        let below = self.container.below(&self.folder);
        let mut all: Vec<(String, u64)> = below
            .filter_map(|(name, blob)| Some((name.strip_prefix(&self.folder)?.to_string(), blob.size())))
            .collect();
        if let Some(one) = self.container.blob(&self.at.blob) {
            all.push((name_of(&self.at.blob).to_string(), one.size()));
        }
        all
    }

    pub(super) fn read(&self, name: &str) -> Option<bytes::Bytes> {
        let below = self.container.blob(&format!("{}{name}", self.folder));
        let itself = || {
            self.container
                .blob(&self.at.blob)
                .filter(|_| name_of(&self.at.blob) == name)
        };
        below.or_else(itself).map(crate::storage::Blob::bytes)
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        let bytes = self.read(name)?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn size(&self) -> u64 {
        self.list().iter().map(|(_, size)| size).sum()
    }
}

/// An entry script with its folder's own modules.
pub(super) struct Code {
    pub(super) name: String,
    /// `None` if the folder does not hold it.
    pub(super) script: Option<Script>,
    /// Modules beside it.
    siblings: BTreeSet<String>,
}

/// Modules that files of a folder are.
pub(super) fn modules_of<'a>(files: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    files
        .filter_map(|file| {
            let first = file.split('/').next().unwrap_or_default();
            let module = first.strip_suffix(".py").unwrap_or(first);
            (file.ends_with(".py") && !module.is_empty()).then(|| module.to_string())
        })
        .collect()
}

impl Code {
    pub(super) fn new(name: &str, text: Option<String>, siblings: BTreeSet<String>) -> Self {
        Self {
            name: name.to_string(),
            script: text.as_deref().map(Script::parse),
            siblings,
        }
    }

    /// The code of a deployment; `None` if it has none.
    pub(super) fn of(world: &World, workspace: &str, properties: &Value) -> Option<Self> {
        let configuration = &properties["codeConfiguration"];
        let id = configuration["codeId"].as_str()?;
        let name = configuration["scoringScript"].as_str().unwrap_or_default();
        let uri = assets::version(world, id)
            .and_then(|found| found["properties"]["codeUri"].as_str().map(str::to_string));
        let files = uri.and_then(|uri| Files::at(world, workspace, &uri));
        let text = files.as_ref().and_then(|files| files.text(name));
        let listed = files.map(|files| files.list()).unwrap_or_default();
        let siblings = modules_of(listed.iter().map(|(name, _)| name.as_str()));
        Some(Self::new(name, text, siblings))
    }

    /// All modules that it can import, or `None` if those of the environment are unknown.
    pub(super) fn modules(&self, environment: &Environment) -> Option<BTreeSet<String>> {
        let mut all = environment.modules.clone()?;
        all.extend(self.siblings.iter().cloned());
        Some(all)
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Environment {
    /// `None` if it is not one of the workspace.
    pub(super) id: Option<String>,
    pub(super) image: String,
    /// The modules in its image; `None` if they are unknown.
    pub(super) modules: Option<BTreeSet<String>>,
    /// What its build collects, or why it fails; `None` if it is an image already.
    pub(super) build: Option<Result<Vec<String>, String>>,
}

impl Environment {
    pub(super) fn of(world: &World, id: &str) -> Self {
        let Some(found) = assets::version(world, id) else {
            return Self::default();
        };
        let properties = &found["properties"];
        let image = properties["image"].as_str().unwrap_or_default().to_string();
        let name = id
            .split("/environments/")
            .nth(1)
            .and_then(|rest| rest.split('/').next());
        if let Some(packages) = name.and_then(curated::packages) {
            return Self {
                id: Some(id.to_string()),
                image,
                modules: Some(packages.iter().map(ToString::to_string).collect()),
                build: None,
            };
        }
        let conda = properties["condaFile"].as_str().map(Conda::parse);
        Self {
            id: Some(id.to_string()),
            image,
            ..Self::built(conda)
        }
    }

    /// An environment that is built from a conda file.
    pub(super) fn built(conda: Option<Result<Conda, String>>) -> Self {
        let modules = match &conda {
            Some(Ok(conda)) => Some(conda.modules()),
            _ => None,
        };
        Self {
            modules,
            build: conda.map(|conda| conda.map(|conda| conda.collected().collect())),
            ..Self::default()
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Model {
    pub(super) name: String,
    /// `mlflow_model`, `custom_model`, `triton_model`; empty if unknown.
    pub(super) kind: String,
    /// Bytes of its files.
    pub(super) size: u64,
    /// Whether its address is in the workspace's storage, and nothing is there.
    pub(super) missing: bool,
    /// The coefficients in its file, if it is linear.
    pub(super) linear: Option<Linear>,
}

/// `y = a·x + b`.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Linear {
    pub(crate) a: Vec<f64>,
    pub(crate) b: f64,
}

impl Linear {
    /// Reads `{"a": 2, "b": 1}`, where `a` can also be a list.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(bytes).ok()?;
        let a = match &value["a"] {
            Value::Array(all) => all.iter().map(Value::as_f64).collect::<Option<Vec<f64>>>()?,
            one => vec![one.as_f64()?],
        };
        let b = value["b"].as_f64()?;
        Some(Self { a, b })
    }
}

impl Model {
    /// The model of a deployment, by its full id or as `azureml:name:version`.
    pub(super) fn of(world: &World, workspace: &str, id: &str) -> Self {
        let full = match id
            .strip_prefix("azureml:")
            .and_then(|short| short.split_once(':'))
        {
            Some((name, version)) => format!("{workspace}/models/{name}/versions/{version}"),
            None => id.to_string(),
        };
        let name = full
            .split("/models/")
            .nth(1)
            .and_then(|rest| rest.split('/').next());
        let name = name.unwrap_or(id).to_string();
        let Some(found) = assets::version(world, &full) else {
            return Self {
                name,
                ..Self::default()
            };
        };
        let text = |member: &str| {
            found["properties"][member]
                .as_str()
                .unwrap_or_default()
                .to_string()
        };
        Self {
            kind: text("modelType"),
            ..Self::read(world, workspace, &name, &text("modelUri"))
        }
    }

    /// Reads a model's files.
    pub(super) fn read(world: &World, workspace: &str, name: &str, uri: &str) -> Self {
        let files = Files::at(world, workspace, uri);
        let listed = files.as_ref().map(Files::list);
        let json = listed
            .iter()
            .flatten()
            .map(|(name, _)| name)
            .filter(|name| name.ends_with(".json"));
        let linear = files.as_ref().and_then(|files| {
            let mut read = json.filter_map(|name| files.read(name));
            read.find_map(|bytes| Linear::parse(&bytes))
        });
        Self {
            name: name.to_string(),
            kind: String::new(),
            size: files.as_ref().map_or(0, Files::size),
            missing: listed.is_some_and(|listed| listed.is_empty()),
            linear,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_in_a_folder_of_the_same_name_is_kept() {
        let mut world = World::default();
        let now = jiff::Timestamp::UNIX_EPOCH;
        world
            .storage
            .ensure_account("/subscriptions/s/storageAccounts/sta", "westeurope");
        world.storage.ensure_container("sta", "c", now);
        world
            .storage
            .write("sta", "c", "src/src/score.py", bytes::Bytes::new(), now);
        let files = Files {
            container: world.storage.container("sta", "c").unwrap(),
            folder: "src/".to_string(),
            at: Target::parse("https://localhost/sta/c/src").unwrap(),
        };
        assert_eq!(files.list(), [("src/score.py".to_string(), 0)]);
    }

    #[test]
    fn coefficients_are_read_in_both_forms() {
        let one = Linear::parse(br#"{"a": 2, "b": 1}"#).unwrap();
        assert_eq!(one, Linear { a: vec![2.0], b: 1.0 });
        let many = Linear::parse(br#"{"a": [1, 2.5], "b": 0}"#).unwrap();
        assert_eq!(many.a, [1.0, 2.5]);
        for other in ["", "{}", r#"{"a":"x","b":1}"#, r#"{"a":[1,"x"],"b":1}"#, "[1]"] {
            assert_eq!(Linear::parse(other.as_bytes()), None, "{other}");
        }
    }
}
