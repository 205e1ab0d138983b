//! The described operations (OpenAPI 2), found by method and path.

use crate::outlines;
use crate::template::Template;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use url::Url;

#[derive(Debug)]
pub(crate) struct Operation {
    /// The operation id.
    pub(crate) id: String,
    pub(crate) path: Template,
    /// The method, in upper case.
    pub(crate) method: String,
    /// The file that describes it.
    pub(crate) file: PathBuf,
    /// The operation object, with absolute references in its responses and their schemas.
    pub(crate) body: Value,
    /// The parameters, with absolute references too.
    pub(crate) parameters: Vec<Value>,
}

#[derive(Debug)]
pub(crate) struct Operations {
    specs: PathBuf,
    all: Vec<Operation>,
}

impl Operations {
    /// Reads every description below the folder `specs`, and the outlines beside it, if present.
    pub(crate) fn read(azure: &Path) -> Result<Self, String> {
        let specs = azure.join("specs");
        let specs = specs
            .canonicalize()
            .map_err(|error| format!("{}: {error}", specs.display()))?;
        let mut all = described(&specs)?;
        if all.is_empty() {
            return Err(format!("{}: nothing is described", specs.display()));
        }
        all.sort_by_key(|operation| operation.path.looseness());
        // Last, because a description says more than an outline.
        all.extend(outlines::read(&azure.join("operations.json"))?);
        Ok(Self { specs, all })
    }

    /// The operation that matches a request.
    pub(crate) fn find(&self, method: &str, path: &str) -> Option<&Operation> {
        self.all
            .iter()
            .find(|operation| operation.method == method && operation.path.fits(path))
    }

    /// A schema that refers to a definition, named by its file below `specs`.
    pub(crate) fn definition(&self, name: &str) -> Value {
        let file = Url::from_directory_path(&self.specs).ok();
        let reference = file.and_then(|folder| folder.join(name).ok());
        json!({ "$ref": reference })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Operation> {
        self.all.iter()
    }
}

impl Operation {
    /// The parameters in `path`, `query` or `body`.
    pub(crate) fn parameters<'a>(&'a self, place: &'a str) -> impl Iterator<Item = &'a Value> {
        self.parameters
            .iter()
            .filter(move |parameter| parameter["in"] == place)
    }

    /// The official examples, each with its name.
    pub(crate) fn examples(&self) -> Result<Vec<(&str, Value)>, String> {
        let all = self.body["x-ms-examples"].as_object().into_iter().flatten();
        let read = all.map(|(name, example)| {
            let path = self
                .file
                .with_file_name(example["$ref"].as_str().unwrap_or_default());
            Ok((name.as_str(), parse(&path)?))
        });
        read.collect()
    }
}

fn described(specs: &Path) -> Result<Vec<Operation>, String> {
    let mut files = Files::default();
    let mut all = Vec::new();
    let mut open = vec![specs.to_path_buf()];
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() && path.file_name().is_none_or(|name| name != "examples") {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                of_file(&mut files, &path, &mut all)?;
            }
        }
    }
    Ok(all)
}

/// Reads a JSON file; the error names the file.
pub(crate) fn parse(path: &Path) -> Result<Value, String> {
    let describe = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| describe(&error))?;
    serde_json::from_str(&text).map_err(|error| describe(&error))
}

#[derive(Default)]
struct Files(BTreeMap<PathBuf, Value>);

impl Files {
    fn get(&mut self, path: &Path) -> Result<&Value, String> {
        if !self.0.contains_key(path) {
            self.0.insert(path.to_path_buf(), parse(path)?);
        }
        self.0.get(path).ok_or_else(|| path.display().to_string())
    }

    /// Follows the references of a parameter or response, and makes those in its schema absolute.
    fn follow(&mut self, file: &Path, value: &Value) -> Result<Value, String> {
        let (mut file, mut value) = (file.to_path_buf(), value.clone());
        while let Some(reference) = value["$ref"].as_str().map(str::to_owned) {
            let (other, pointer) = reference.split_once('#').unwrap_or((&reference, ""));
            if !other.is_empty() {
                let joined = file.parent().unwrap_or(Path::new("")).join(other);
                file = joined
                    .canonicalize()
                    .map_err(|error| format!("{}: {error}", joined.display()))?;
            }
            let found = self.get(&file)?.pointer(pointer).cloned();
            value = found.ok_or_else(|| format!("{}: nothing at {reference}", file.display()))?;
        }
        if let (Some(schema), Ok(base)) = (value.get_mut("schema"), Url::from_file_path(&file)) {
            make_absolute(schema, &base);
        }
        Ok(value)
    }
}

/// Makes the references of a schema absolute, so that they are valid anywhere.
fn make_absolute(schema: &mut Value, base: &Url) {
    match schema {
        Value::Object(members) => {
            for (name, member) in members {
                match member
                    .as_str()
                    .filter(|_| name == "$ref")
                    .map(|reference| base.join(reference))
                {
                    Some(Ok(joined)) => *member = joined.to_string().into(),
                    _ => make_absolute(member, base),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| make_absolute(item, base)),
        _ => {}
    }
}

fn of_file(files: &mut Files, path: &Path, all: &mut Vec<Operation>) -> Result<(), String> {
    let document = files.get(path)?.clone();
    for (template, item) in document["paths"].as_object().into_iter().flatten() {
        let shared = item["parameters"].as_array().into_iter().flatten();
        let methods = item.as_object().into_iter().flatten();
        for (method, body) in methods.filter(|(method, _)| *method != "parameters") {
            let own = body["parameters"].as_array().into_iter().flatten();
            let parameters = shared
                .clone()
                .chain(own)
                .map(|parameter| files.follow(path, parameter));
            let parameters = parameters.collect::<Result<_, _>>()?;
            let mut body = body.clone();
            let responses = body["responses"].as_object_mut().into_iter().flatten();
            for (_, response) in responses {
                *response = files.follow(path, response)?;
            }
            all.push(Operation {
                id: body["operationId"].as_str().unwrap_or_default().to_owned(),
                path: Template::parse(template),
                method: method.to_uppercase(),
                file: path.to_path_buf(),
                body,
                parameters,
            });
        }
    }
    Ok(())
}
